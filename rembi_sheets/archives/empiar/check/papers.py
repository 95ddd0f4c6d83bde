"""What EMPIAR needs of publications: a citation, authors in its form, states that agree, and its lengths."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from rembi_sheets.archives.empiar.document import ONLY
from rembi_sheets.archives.empiar.facts import citations, limits, people
from rembi_sheets.findings import Finding, find
from rembi_sheets.records import Publication
from rembi_sheets.submission import Submission


def check(sub: Submission, today: dt.date) -> Iterator[Finding]:
    """All findings on publications."""
    if not sub.publications and sub.people:
        yield find("EMPIAR-CITATION-PROPOSED", sub.tables["publications"].title, archives=ONLY)
    for paper in sub.publications:
        yield from _authors(sub, paper)
        yield from _state(sub, paper)
        yield from _limits(sub, paper, today)


def _authors(sub: Submission, paper: Publication) -> Iterator[Finding]:
    for text in paper.authors:
        if people.read_author(text) is None:
            yield find("EMPIAR-PAPER-AUTHOR", sub.place(paper, "authors"), value=text, archives=ONLY)


def _state(sub: Submission, paper: Publication) -> Iterator[Finding]:
    state = "yes" if paper.published else "no"
    labels = {name: sub.schema[paper.SHEET][name].label for name in ("year", "pages")}
    wrong = [("year", "empty")] if paper.published and paper.year is None else []
    wrong += [("pages", "filled")] if paper.published is False and paper.pages else []
    for name, is_now in wrong:
        at = sub.place(paper, "published")
        yield find("EMPIAR-PUBLISHED", at, value=state, other=labels[name], state=is_now, archives=ONLY)


def _limits(sub: Submission, paper: Publication, today: dt.date) -> Iterator[Finding]:
    first, last = citations.pages(paper.pages)
    made = citations.citation(paper, sub.people)
    wrong = (
        ("title", len(paper.title) > limits.MAX_TITLE, f"EMPIAR takes at most {limits.MAX_TITLE} characters"),
        (
            "pages",
            any(p and not limits.PAGE.fullmatch(p) for p in (first, last)),
            "EMPIAR takes letters, digits and dots in page numbers, at most 8 of them",
        ),
        ("language", bool(paper.language) and not limits.LANGUAGE.fullmatch(paper.language),
         "EMPIAR takes words of at most 8 letters; write the code of the language, such as pt"),
        ("year", paper.year is not None and not 1900 <= paper.year <= today.year + 1, "this year cannot be"),
        ("journal", len(made.publisher) > limits.MAX_PUBLISHER,
         f"EMPIAR takes at most {limits.MAX_PUBLISHER} characters for a publisher or book"),
        ("volume", len(made.volume) > limits.MAX_VOLUME,
         f"EMPIAR takes at most {limits.MAX_VOLUME} characters"),
    )  # fmt: skip
    for field, is_wrong, reason in wrong:
        if is_wrong:
            value = getattr(paper, field)
            yield find("EMPIAR-CITATION-LIMIT", sub.place(paper, field), value=value, reason=reason, archives=ONLY)
    if paper.doi and not citations.takes_doi(paper.doi):
        yield find("EMPIAR-DOI", sub.place(paper, "doi"), value=paper.doi, archives=ONLY)
    if citations.volume_issue(paper)[0] != paper.volume:
        volume, issue = citations.volume_issue(paper)
        yield find(
            "EMPIAR-VOLUME-ISSUE", sub.place(paper, "volume"), value=paper.volume, volume=volume, issue=issue,
            archives=ONLY,
        )  # fmt: skip
