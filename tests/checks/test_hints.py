"""Remedies that name what a person looks for: the words of a short list, the sheet for own columns; no fuss."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from rembi_sheets import checks
from rembi_sheets.checks import rules
from rembi_sheets.findings import Finding
from rembi_sheets.submission import from_tables
from tests.archives.idr.studies import SCREEN, files
from tests.support import STUDY, submission, tables


def check(sheets: dict[str, Any]) -> list[Finding]:
    made, findings = tables(sheets)
    sub = from_tables(made)
    return [*findings, *checks.check(made, ("idr",)), *rules.check(sub, ("idr",))]


@pytest.mark.parametrize("value", ["Kinase screen in HeLa", "HeLa pilot", "screenB"])
def test_a_screen_type_that_is_the_name_of_the_screen_names_the_list(value: str) -> None:
    data = copy.deepcopy(SCREEN)
    data["Study components"][0]["Screen type"] = value
    (found,) = [f for f in check(data) if f.column == "Screen type"]
    assert (found.code, found.severity) == ("LIST-OTHER", "warning")
    assert "screen type" in found.message
    assert all(w in found.fix for w in ("primary screen", "secondary screen", "validation screen"))


@pytest.mark.parametrize("sheet", ["Specimens", "Image acquisition", "Biosamples", "People"])
def test_an_own_column_outside_files_is_told_where_it_belongs(sheet: str) -> None:
    data = copy.deepcopy(STUDY)
    data[sheet][0]["Objective lens"] = "20x"
    (found,) = [f for f in check(data) if f.code == "HEADING-UNKNOWN"]
    assert "Files" in found.fix and found.severity == "warning"


def test_instruments_of_a_template_that_are_not_used_are_one_note() -> None:
    data = copy.deepcopy(STUDY)
    data["Image acquisition"] += [
        {"Name": f"Microscope {n}", "Instrument attributes": "Stand", "Image acquisition parameters": "As usual"}
        for n in range(4)
    ]
    data["Organisations"].append({"Name": "Facility", "Town or city": "Oslo", "Postcode": "0150", "Country": "Norway"})
    about = [f for f in check(data) if f.sheet in ("Image acquisition", "Organisations") and f.code != "EXAMPLE-ROW"]
    notes = [("ACQUISITION-UNUSED", "note", 4), ("ORGANISATION-UNUSED", "note", 1)]
    assert sorted((f.code, f.severity, len(f.cells)) for f in about) == notes


@pytest.mark.parametrize(
    ("link", "kind", "line"),
    [
        ("S-BSST144", "BioStudies", "Study BioStudies Accession\tS-BSST144"),
        ("S-BIAD634", "BioStudies", "Study BioStudies Accession\tS-BIAD634"),
        ("S-BIAD634", None, "Study BioImage Archive Accession\tS-BIAD634"),
        ("S-BIAD634", "BIA", "Study BioImage Archive Accession\tS-BIAD634"),
        (
            "https://www.ebi.ac.uk/biostudies/studies/S-BSMS9",
            "BioStudies",
            "Study BioStudies Accession\tS-BSMS9",
        ),
        ("EMPIAR-10310", "EMPIAR", "Study EMPIAR Accession\tEMPIAR-10310"),
    ],
)
def test_a_link_of_a_type_has_its_line(link: str, kind: str | None, line: str) -> None:
    data = copy.deepcopy(SCREEN)
    data["Links"] = [{"Link": link, "Link type": kind}]
    sub = submission(data)
    assert line in files(sub)["idr0000-study.txt"].splitlines()
