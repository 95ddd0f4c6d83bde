"""Publications: journal and other citations, published or not, and the forms EMPIAR takes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rembi_sheets.archives import package
from rembi_sheets.archives.empiar.document import Citation
from tests.archives.empiar.judges import deposition, errors, rendered, schema_errors, xsd_errors
from tests.archives.empiar.studies import FIB_SEM
from tests.support import TODAY, found, submission

empiar = package("empiar")

PAPER = {
    "Title": "A paper on cells",
    "Authors": "Beispiel A; Muster AB",
    "Year": 2024,
    "Journal or book": "Journal of Examples",
    "DOI": "10.1234/abcd.5678",
}


def papers(*rows: dict[str, Any]) -> dict[str, Any]:
    return {**FIB_SEM, "Publications": [{**PAPER, **row} for row in rows]}


def citation(**cells: Any) -> Citation:
    made = deposition(papers({k.replace("_", " "): v for k, v in cells.items()}))
    return made.citations[0]


def written(row: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The citation in JSON, and the entry; both valid."""
    files = rendered(deposition(papers(row)))
    assert schema_errors(files["deposition.json"]) == []
    assert xsd_errors(files["entry.xml"]) == []
    data: dict[str, Any] = json.loads(files["deposition.json"])["citation"][0]
    return data, files["entry.xml"].decode()


def test_without_publications_the_study_is_an_unpublished_paper() -> None:
    (paper,) = deposition(FIB_SEM).citations
    assert (paper.title, paper.published, paper.journal_citation) == (FIB_SEM["Study"]["Study title"], False, True)
    assert [a.last_name for a in paper.authors] == ["Beispiel"]
    assert "EMPIAR-CITATION-PROPOSED" in {f.code for f in empiar.check(submission(FIB_SEM), TODAY)}
    assert "EMPIAR-CITATION-PROPOSED" not in {f.code for f in empiar.check(submission(papers({})), TODAY)}


@pytest.mark.parametrize(
    ("kind", "journal", "preprint"),
    [
        (None, True, False),
        ("journal article", True, False),
        ("preprint", True, True),
        ("book", False, False),
        ("book chapter", False, False),
        ("thesis", False, False),
        ("other", False, False),
    ],
)
def test_kinds(kind: str | None, journal: bool, preprint: bool) -> None:
    data, xml = written({"Publication type": kind, "Issue": "3", "Journal abbreviation": "J Ex"})
    assert (data["j_or_nj_citation"], data["preprint"]) == (journal, preprint)
    only_journal = {k: data[k] for k in ("journal", "journal_abbreviation", "issue")}
    other = {k: data[k] for k in ("book_chapter_title", "publisher")}
    if journal:
        assert only_journal == {"journal": "Journal of Examples", "journal_abbreviation": "J Ex", "issue": "3"}
        assert set(other.values()) == {None}
        assert f'<journalCitation published="true" preprint="{"true" if preprint else "false"}">' in xml
        assert "<bookTitle>" not in xml
    else:
        assert set(only_journal.values()) == {None}
        assert any(other.values())
        assert '<nonJournalCitation published="true">' in xml and "<bookTitle>" in xml


def test_the_title_of_a_chapter_is_the_one_that_the_archive_reads() -> None:
    data, xml = written({"Publication type": "book chapter", "Title": "On cells", "Journal or book": "Big book"})
    assert (data["title"], data["book_chapter_title"], data["publisher"]) == ("On cells", None, "Big book")
    assert "<bookTitle>On cells</bookTitle>" in xml and "<publisher>Big book</publisher>" in xml


def test_a_thesis_has_its_university_as_publisher() -> None:
    data, _ = written({"Publication type": "thesis", "Journal or book": "University of Examples"})
    assert (data["title"], data["publisher"], data["journal"]) == (PAPER["Title"], "University of Examples", None)


@pytest.mark.parametrize(
    ("cells", "published"),
    [
        ({"Published": "yes"}, True),
        ({"Published": "no"}, False),
        ({}, True),
        ({"DOI": None, "PubMed ID": "31527839"}, True),
        ({"DOI": None}, False),
        ({"Year": None}, False),
    ],
)
def test_published_as_said_or_when_year_and_doi_or_pubmed_are_there(cells: dict[str, Any], published: bool) -> None:
    assert deposition(papers(cells)).citations[0].published is published


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        ({"Published": "yes", "Year": None}, True),
        ({"Published": "no", "Pages": "1-2"}, True),
        ({"Published": "yes"}, False),
        ({"Published": "no"}, False),
        ({"Published": "yes", "Pages": "1-2"}, False),
    ],
)
def test_state_and_year_or_pages_must_agree(cells: dict[str, Any], wrong: bool) -> None:
    assert ("EMPIAR-PUBLISHED" in {f.code for f in empiar.check(submission(papers(cells)), TODAY)}) is wrong


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2235-2247", "2235", "2247"),
        ("2235 – 2247", "2235", "2247"),
        ("e14", "e14", None),
        ("2235.e16", "2235.e16", None),
        (16269, "16269", None),
        ("R1-R9", "R1", "R9"),
        (None, None, None),
    ],
)
def test_pages_are_texts(typed: Any, first: str | None, last: str | None) -> None:
    data, _ = written({"Pages": typed})
    assert (data["first_page"], data["last_page"]) == (first, last)


@pytest.mark.parametrize(
    ("cells", "volume", "issue"),
    [
        ({"Volume": 12}, "12", None),
        ({"Volume": "7(12)"}, "7", "12"),
        ({"Volume": "7 (12)"}, "7", "12"),
        ({"Volume": "7(12)", "Issue": "3"}, "7(12)", "3"),
        ({"Volume": "Suppl A", "Issue": 2}, "Suppl A", "2"),
    ],
)
def test_volume_and_issue_are_texts(cells: dict[str, Any], volume: str, issue: str | None) -> None:
    data, _ = written(cells)
    assert (data["volume"], data["issue"]) == (volume, issue)
    assert isinstance(data["year"], int)


def test_a_volume_with_issue_is_a_note() -> None:
    codes = {f.code for f in empiar.check(submission(papers({"Volume": "7(12)"})), TODAY)}
    assert "EMPIAR-VOLUME-ISSUE" in codes
    assert "EMPIAR-VOLUME-ISSUE" not in {f.code for f in empiar.check(submission(papers({"Volume": "7"})), TODAY)}


def test_doi_and_pubmed_are_spelt_as_the_loader_wants() -> None:
    data, xml = written({"DOI": "https://doi.org/10.1234/abcd.5678", "PubMed ID": 31527839})
    assert (data["doi"], data["pubmedid"]) == ("10.1234/abcd.5678", "31527839")
    assert '<externalReferences type="doi">10.1234/abcd.5678</externalReferences>' in xml
    assert '<externalReferences type="pubmed">31527839</externalReferences>' in xml


def test_an_empty_language_is_english() -> None:
    assert citation().language == "English"
    assert citation(Language="German").language == "German"


@pytest.mark.parametrize(
    ("label", "value", "good"),
    [
        ("Title", "x" * 255, True),
        ("Title", "x" * 256, False),
        ("Pages", "12/3", False),
        ("Pages", "S1", True),
        ("Language", "Portuguese", False),
        ("Language", "pt", True),
        ("Language", "Deutsch", True),
        ("Year", 1899, False),
        ("Year", 1900, True),
        ("Year", TODAY.year + 1, True),
        ("Year", TODAY.year + 2, False),
        ("Volume", "12345678", True),
        ("Volume", "123456789", False),
    ],
)
def test_forms_and_lengths(label: str, value: Any, good: bool) -> None:
    sheets = papers({label: value})
    findings = [f for f in empiar.check(submission(sheets), TODAY) if f.code == "EMPIAR-CITATION-LIMIT"]
    assert [f.column for f in findings] == ([] if good else [label])
    if good:
        written({label: value})


@pytest.mark.parametrize(("n", "good"), [(80, True), (81, False)])
def test_length_of_a_publisher(n: int, good: bool) -> None:
    row = {"Publication type": "thesis", "Journal or book": "x" * n}
    assert (errors(submission(papers(row))) == []) is good


def test_authors_are_people_when_none_are_given() -> None:
    assert [a.last_name for a in citation(Authors=None).authors] == ["Beispiel"]


def test_orcid_of_a_paper_author_comes_from_people() -> None:
    paper = citation(Authors="Muster AB; Beispiel A")
    assert [a.orcid for a in paper.authors] == ["", "0000-0002-1825-0097"]


def test_authors_in_another_form_are_named_at_their_cell() -> None:
    sub = submission(papers({"Authors": "Jane Doe; Muster AB"}))
    assert ("EMPIAR-PAPER-AUTHOR", "Publications", "B6") in found(empiar.check(sub, TODAY))


def test_several_papers_keep_their_order() -> None:
    made = deposition(papers({"Title": "First"}, {"Title": "Second", "Publication type": "book"}))
    assert [c.title for c in made.citations] == ["First", "Second"]
    rendered(made)


@pytest.mark.parametrize(
    ("doi", "taken"),
    [
        ("10.1234/" + "x" * 72, True),
        ("10.1234/" + "x" * 73, False),
        ("10.1002/(SICI)1097-0185(199706)248:2<169::AID-AR3>3.0.CO", False),
    ],
)
def test_a_doi_that_empiar_does_not_take_is_left_out_and_told(doi: str, taken: bool) -> None:
    sub = submission(papers({"DOI": doi}))
    assert ("EMPIAR-DOI" in {f.code for f in empiar.check(sub, TODAY)}) is not taken
    assert written({"DOI": doi})[0]["doi"] == (doi if taken else None)
    lost = {loss.value for loss in empiar.build(sub, TODAY).losses if loss.went == "lost"}
    assert (doi in lost) is not taken
