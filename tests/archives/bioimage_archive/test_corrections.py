"""The faults that the archive's staff had to mend by hand in published submissions: none could come from a workbook.

Each is mended by the reader, or reported at its cell. Names and addresses are not those of the people concerned.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.archives.bioimage_archive import made


def published(**cells: Any) -> dict[str, Any]:
    return made.edited("Publications", 0, **cells)


def written(sheets: dict[str, Any], kind: str, name: str) -> list[str]:
    """Values of an attribute in the page of a workbook."""
    return [v for s in made.sections(made.page(made.submission(sheets)), kind) for v in made.values(s, name)]


@pytest.mark.parametrize(
    ("typed", "doi"),
    [
        ("DOI: https://doi.org/10.7554/eLife.93764", "10.7554/eLife.93764"),
        ("https://doi.org/DOI: 10.26508/lsa.202402", "10.26508/lsa.202402"),
        ("https:// dx.doi.org/10.17504/protocols.io.x", "10.17504/protocols.io.x"),
        ("https://doi.org/10.1038/s41598-023-1", "10.1038/s41598-023-1"),
        ("doi:10.1101/2024.09.23.614351", "10.1101/2024.09.23.614351"),
    ],
)
def test_dois_pasted_with_their_address_are_mended(typed: str, doi: str) -> None:
    assert written(published(DOI=typed), "Publication", "DOI") == [doi]


@pytest.mark.parametrize(
    "typed",
    [
        "https://www.nature.com/articles/s41598-023-1#Abs1",
        "0.1101/2025.01.01.123456",
        "2024.09.23.614351",
        "https://doi.org/10.1101/2024.01.01.123 Funding",
        "arXiv:2504.18737v1",
        "10.7554/eLife.93764.",
    ],
)
def test_what_is_no_doi_is_an_error_at_its_cell(typed: str) -> None:
    found = [f for f in made.all_findings(published(DOI=typed)) if f.sheet == "Publications" and f.column == "DOI"]
    assert [f.severity.value for f in found] == ["error"]


@pytest.mark.parametrize("typed", ["TBD", "pending", "in revision", "-", "N/A"])
def test_words_for_nothing_are_left_out(typed: str) -> None:
    assert written(published(DOI=typed), "Publication", "DOI") == []
    assert "PLACEHOLDER" in {f.code for f in made.all_findings(published(DOI=typed))}


def test_a_publication_of_nothing_is_an_error_and_never_written() -> None:
    sheets = published(Title=None, DOI=None, **{"PubMed ID": "BIO "})
    assert made.sections(made.page(made.submission(sheets)), "Publication") == []
    assert {"REQUIRED-EMPTY", "FORMAT-BAD"} <= {f.code for f in made.all_findings(sheets) if f.sheet == "Publications"}


def test_a_publication_without_year_is_a_warning() -> None:
    found = [f for f in made.all_findings(published(Year=None)) if f.sheet == "Publications"]
    assert [(f.code, f.severity.value) for f in found] == [("BIA-YEAR-MISSING", "warning")]


@pytest.mark.parametrize(
    "typed",
    [
        "<a.name@inst.example>",
        "A. Name <a.name@inst.example>",
        "\u202ba.name@inst.example",
        "mailto:a.name@inst.example",
    ],
)
def test_addresses_with_wrapping_are_mended(typed: str) -> None:
    assert written(made.edited("People", 0, **{"E-mail": typed}), "Author", "E-mail")[0] == "a.name@inst.example"


@pytest.mark.parametrize(
    "typed",
    [
        "i.name@un",
        "a.name@dept..u.example",
        "a.name@uni.examplea.name@uni.example",
        "a.name@name@uni.example",
        "a.name @uni.example",
        "a.name@uni.example; b@uni.example",
    ],
)
def test_what_is_no_address_is_an_error_at_its_cell(typed: str) -> None:
    found = made.all_findings(made.edited("People", 0, **{"E-mail": typed}))
    assert [f.severity.value for f in found if f.sheet == "People" and f.column == "E-mail"] == ["error"]


@pytest.mark.parametrize("typed", ["doi.org/10.17632/x.1", "10.3389/x.1", "10.5281/zenodo.1"])
def test_links_to_a_doi_are_completed(typed: str) -> None:
    page = made.page(made.submission(made.rich(Links=[{"Link": typed}])))
    assert page["section"]["links"][0]["url"] == "https://doi.org/10." + typed.partition("10.")[2]


def test_a_variable_with_commas_stays_one() -> None:
    sheets = made.edited("Biosamples", 0, **{"Experimental variables": "time, dose, and temperature"})
    assert written(sheets, "Biosample", "Experimental variable") == ["time, dose, and temperature"]


def test_a_renamed_row_cannot_leave_an_old_title_behind() -> None:
    sheets = made.edited("Image acquisition", 0, Name="SPIM of today")
    found = made.all_findings(sheets)
    assert ("REF-UNKNOWN", "Image data") in {(f.code, f.sheet) for f in found}
    assert not [f for f in found if f.code.startswith("BIA-") and f.severity.value == "error"], "one cause, one error"
