"""Publications -> citations; a study without any is cited as an unpublished paper of its own."""

from __future__ import annotations

import re

from rembi_sheets.archives.empiar.document import Citation
from rembi_sheets.archives.empiar.facts import limits
from rembi_sheets.archives.empiar.facts.details import one_line
from rembi_sheets.archives.empiar.facts.people import authors, paper_authors
from rembi_sheets.records import Person, Publication
from rembi_sheets.submission import Submission

LANGUAGE = "English"
_JOURNAL_TYPES = ("", "journal article", "preprint")
_VOLUME_ISSUE = re.compile(r"([\w.]+)\s*\(([^()]+)\)")


def citations(sub: Submission) -> tuple[Citation, ...]:
    """All publications, the main one first; EMPIAR takes no entry without a citation."""
    if not sub.publications:
        return (Citation(one_line(sub.study.study_title), authors(sub.people), language=LANGUAGE),)
    return tuple(citation(p, sub.people) for p in sub.publications)


def citation(paper: Publication, people: tuple[Person, ...]) -> Citation:
    """One publication; a book, chapter, thesis or other text has a publisher where a paper has a journal.

    The title of a chapter is the title of the citation: the archive's loader of XML (2021) reads no other.
    """
    journal = is_journal(paper)
    where = one_line(paper.journal)
    volume, issue = volume_issue(paper)
    first, last = pages(paper.pages)
    return Citation(
        title=one_line(paper.title),
        authors=paper_authors(paper, people),
        published=is_published(paper),
        journal_citation=journal,
        preprint=paper.publication_type == "preprint",
        journal=where if journal else "",
        journal_abbreviation=one_line(paper.journal_abbreviation) if journal else "",
        issue=issue if journal else "",
        volume=volume,
        first_page=first,
        last_page=last,
        year=paper.year,
        language=paper.language or LANGUAGE,
        country=paper.country,
        doi=paper.doi if takes_doi(paper.doi) else "",
        pubmed_id=paper.pubmed_id,
        publisher="" if journal else where,
    )


def takes_doi(doi: str) -> bool:
    """Whether EMPIAR's form takes a DOI; old ones may hold < and > or be longer."""
    return len(doi) <= limits.MAX_DOI and limits.DOI.fullmatch(doi) is not None


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
    return one_line(paper.volume), one_line(paper.issue)


def pages(text: str) -> tuple[str, str]:
    """'2235-2247' -> first and last page; an article number is a first page alone."""
    first, _, last = re.sub(r"\s*[-–]\s*", "-", text.strip()).partition("-")
    return first, last
