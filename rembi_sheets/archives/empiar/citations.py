"""Publications -> citations; a study without any is cited as an unpublished paper of its own."""

from __future__ import annotations

import re

from rembi_sheets.archives.empiar.document import Citation
from rembi_sheets.archives.empiar.people import authors, paper_authors
from rembi_sheets.records import Person, Publication
from rembi_sheets.submission import Submission

LANGUAGE = "English"
_JOURNAL_TYPES = ("", "journal article", "preprint")
_VOLUME_ISSUE = re.compile(r"([\w.]+)\s*\(([^()]+)\)")


def citations(sub: Submission) -> tuple[Citation, ...]:
    """All publications, the main one first; EMPIAR takes no entry without a citation."""
    if not sub.publications:
        return (Citation(sub.study.study_title, authors(sub.people), language=LANGUAGE),)
    return tuple(citation(p, sub.people, sub.study.study_title) for p in sub.publications)


def citation(paper: Publication, people: tuple[Person, ...], study_title: str) -> Citation:
    """One publication; a book, chapter, thesis or other text has a publisher where a paper has a journal."""
    journal = is_journal(paper)
    volume, issue = volume_issue(paper)
    first, last = pages(paper.pages)
    return Citation(
        title=paper.title or study_title,
        authors=paper_authors(paper, people),
        published=is_published(paper),
        journal_citation=journal,
        preprint=paper.publication_type == "preprint",
        journal=paper.journal if journal else "",
        journal_abbreviation=paper.journal_abbreviation if journal else "",
        issue=issue if journal else "",
        volume=volume,
        first_page=first,
        last_page=last,
        year=paper.year,
        language=paper.language or LANGUAGE,
        doi=paper.doi,
        pubmed_id=paper.pubmed_id,
        publisher="" if journal else paper.journal,
    )


def is_journal(paper: Publication) -> bool:
    """Whether EMPIAR calls it a journal citation; preprints are."""
    return paper.publication_type in _JOURNAL_TYPES


def is_published(paper: Publication) -> bool:
    """As said; else yes when a year and a DOI or PubMed ID are given."""
    if paper.published is not None:
        return paper.published
    return paper.year is not None and bool(paper.doi or paper.pubmed_id)


def volume_issue(paper: Publication) -> tuple[str, str]:
    """Volume and issue; '7(12)' in the cell of the volume of a paper holds both."""
    both = _VOLUME_ISSUE.fullmatch(paper.volume)
    if both and not paper.issue and is_journal(paper):
        return both[1], both[2].strip()
    return paper.volume, paper.issue


def pages(text: str) -> tuple[str, str]:
    """'2235-2247' -> first and last page; an article number is a first page alone."""
    first, _, last = re.sub(r"\s*[-–]\s*", "-", text.strip()).partition("-")
    return first, last
