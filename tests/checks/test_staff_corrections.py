"""The faults that archive staff mended by hand in published pages, put into a workbook: each is found at its cell.

The values are made up after the faults of 26 places; a test that uses the list itself counts them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cases.harness import Editor, findings, place, where

TABLE = Path(__file__).parents[3] / "shared" / "reference" / "bia-corrections.tsv"
BIA = ("bioimage-archive",)
DOI, MAIL = "Publications/DOI/1", "People/E-mail/2"
NO_PAPER = {"Publications/Title/1": "", "Publications/DOI/1": ""}
NO_SAMPLE = {"Image data/Specimen/1": "", "Image data/Image acquisition/1": ""}

# study, fault class, edit, code and cell, and the repair that is offered ('' where only the depositor knows)
FAULTS: list[tuple[str, str, dict[str, Any], str, str, str]] = [
    (
        "S-BIAD1043",
        "D1",
        {DOI: "https://www.nature.com/articles/s41598-021-1#Abs1"},
        "FORMAT-BAD",
        DOI,
        "10.1038/s41598-021-1",
    ),
    ("S-BIAD1500", "D1", {DOI: "DOI: https://doi.org/10.7554/eLife.93764."}, "FORMAT-BAD", DOI, "10.7554/eLife.93764"),
    ("S-BIAD1752", "D1", {DOI: "https://doi.org/DOI: 10.26508/lsa.1"}, "", DOI, ""),
    ("S-BIAD1763", "D1", {DOI: "0.1101/2025.01.02.123456"}, "FORMAT-BAD", DOI, "10.1101/2025.01.02.123456"),
    ("S-BIAD1879", "D1", {DOI: "https:// dx.doi.org/10.17504/p.1"}, "", DOI, ""),
    ("S-BIAD1926", "D1", {DOI: "https://doi.org/10.1101/2024.01 Funding"}, "FORMAT-BAD", DOI, "10.1101/2024.01"),
    ("S-BIAD1982", "D1", {DOI: "2024.09.23.614351"}, "FORMAT-BAD", DOI, "10.1101/2024.09.23.614351"),
    ("S-BIAD2235", "D1", {DOI: "TBD"}, "PLACEHOLDER", DOI, ""),
    ("S-BIAD2324", "D1", {DOI: "arXiv:2504.18737v1"}, "FORMAT-BAD", DOI, "10.48550/arXiv.2504.18737"),
    (
        "S-BIAD661",
        "D2",
        {**NO_PAPER, "Publications/PubMed ID/1": "pending"},
        "REQUIRED-EMPTY",
        "Publications/Title/1",
        "",
    ),
    (
        "S-BIAD662",
        "D2",
        {**NO_PAPER, "Publications/PubMed ID/1": "in revision"},
        "REQUIRED-EMPTY",
        "Publications/Title/1",
        "",
    ),
    (
        "S-BIAD1388",
        "D2",
        {**NO_PAPER, "Publications/PubMed ID/1": "BIO "},
        "REQUIRED-EMPTY",
        "Publications/Title/1",
        "",
    ),
    ("S-BIAD1500", "D3", {"Publications/Year/1": ""}, "BIA-YEAR-MISSING", "Publications/Year/1", ""),
    ("S-BIAD954", "E1", {MAIL: "B. Muster <bo@inst.example>"}, "", MAIL, ""),
    ("S-BIAD1136", "E1", {MAIL: "i.name@un"}, "FORMAT-BAD", MAIL, ""),
    ("S-BIAD1223", "E1", {MAIL: "a.name@dept..u.example"}, "FORMAT-BAD", MAIL, ""),
    ("S-BIAD1344", "E1", {MAIL: "bo@uni.examplebo@uni.example"}, "FORMAT-BAD", MAIL, "bo@uni.example"),
    ("S-BSST651", "E1", {MAIL: "a.name@name@uni.example"}, "FORMAT-BAD", MAIL, "a.name@uni.example"),
    ("S-BSST744", "E1", {MAIL: "\u202bbo@uni.example"}, "", MAIL, ""),
    (
        "S-BIAD1261",
        "P1",
        {"People/First name(s)/2": "", "People/Last name/2": ""},
        "REQUIRED-EMPTY",
        "People/Last name/2",
        "",
    ),
    ("S-BSST592", "L2", {"Links/Link/3": "LC3 and p62 "}, "FORMAT-BAD", "Links/Link/3", ""),
    ("S-BIAD590", "S3", NO_SAMPLE, "REQUIRED-EMPTY", "Image data/Specimen/1", ""),
    ("S-BIAD599", "S3", NO_SAMPLE, "REQUIRED-EMPTY", "Image data/Image acquisition/1", ""),
    ("S-BIAD628", "S3", {"Image data/Specimen/2": ""}, "REQUIRED-EMPTY", "Image data/Specimen/2", ""),
    (
        "S-BIAD677",
        "S3",
        {"Image data/Study component/1": "Electron part"},
        "COMPONENT-EMPTY",
        "Study components/Name/1",
        "",
    ),
    ("S-BIAD978", "U1", {"Analysed data/Image data/1": ""}, "REQUIRED-EMPTY", "Analysed data/Image data/1", ""),
]


def test_all_of_them_are_here() -> None:
    assert len(FAULTS) == 26
    if not TABLE.exists():
        pytest.skip("the list of corrections is not beside the repository")
    lines = [line.split("\t") for line in TABLE.read_text("utf-8").splitlines()[1:]]
    listed = sorted((line[0], line[5][:2]) for line in lines if line[6] == "b")
    assert listed == sorted((study, kind) for study, kind, *_ in FAULTS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f"{f[0]}-{f[1]}")
def test_a_fault_is_found_at_its_cell(fault: tuple[str, str, dict[str, Any], str, str, str]) -> None:
    _, _, edit, code, at, repair = fault
    editor = Editor("good")
    editor.apply({"set": edit})
    found = findings(editor, BIA)
    if not code:  # read as what is meant: the archive gets the bare value, and `fix` writes it into the cell
        assert not [f for f in found if f.severity == "error"]
        assert _mended(editor, at)
        return
    assert (code, place(editor, at)) in where(found)
    if repair:
        offered = [f.suggestions for f in found if (f.code, place(editor, at)) in where([f])]
        assert any(repair in suggestions for suggestions in offered)


def _mended(editor: Editor, at: str) -> str:
    from rembi_sheets.repair import repairs

    address = place(editor, at)
    return next(c.new for c, _ in repairs(editor.made()) if (c.place.sheet, c.place.a1) == address)
