"""Workbooks of real depositions against the originals, field by field; every difference has its reason here.

The workbooks are `examples/`: the depositor's own working example and two released entries.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rembi_sheets import examples, pipeline
from rembi_sheets.archives.empiar.render import verify
from rembi_sheets.submission import from_tables
from tests.archives.empiar.judges import deposition, lint, rendered, schema_errors, shared, xsd_errors
from tests.archives.empiar.leaves import differences, of_json, of_xml

WORKING = "pilus-machine-tilt-series"
ENTRIES = {"EMPIAR-10934": "polymerase-kappa-cryo-em", "EMPIAR-11987": "arnc-glycosyltransferase"}
NAMES = [n for n in examples.names() if "empiar" in examples.info(n).archives]

MASKED = "the e-mail addresses of the examples end in example.org; a released header shows none"
NO_COLUMN = "the workbook has no column for it"
NOT_TYPED = "the example leaves this cell empty"
LINES = "our details are labelled lines made of REMBI's columns"
ARCHIVE = "the archive adds it"
ROWS = "people stand in the order of their rows, which is that of the authors"
FIXED_PART = "our directory is the fixed part of the file pattern, a folder deeper"


def files(name: str, tmp_path: Path) -> dict[str, bytes]:
    """EMPIAR's files of an example."""
    workbook = tmp_path / f"{name}.xlsx"
    workbook.write_bytes(examples.workbook_bytes(name))
    tables = pipeline.read(workbook).tables
    assert tables is not None
    return rendered(deposition(from_tables(tables)))


def explained(found: dict[str, tuple[Any, Any]], reasons: dict[str, str]) -> None:
    """Every difference has a reason, and every reason a difference."""
    assert set(found) == set(reasons), (set(found) ^ set(reasons), found)


def test_the_working_example_of_the_depositor(tmp_path: Path) -> None:
    theirs = json.loads(shared("samples/empiar/depositor_working_example.json").read_text("utf-8"))
    ours = json.loads(files(WORKING, tmp_path)["deposition.json"])
    found = differences(of_json(theirs), of_json(ours))
    reasons = {
        "corresponding_author/email": MASKED,
        "principal_investigator[0]/email": MASKED,
        "citation[0]/country": NOT_TYPED,
        "citation[0]/details": NO_COLUMN,
        "citation[0]/preprint": "the example lacks the key, the archive wants it",
        "imagesets[0]/details": LINES,
    }
    explained(found, reasons)
    assert found["citation[0]/preprint"] == (None, False)
    assert found["imagesets[0]/details"][0] is None


def _entry_reasons(accession: str) -> dict[str, str]:
    paper = "crossReferences/citationList/universalCitation/journalCitation"
    common = {
        "@accessionCode": ARCHIVE,
        "@public": ARCHIVE,
        "admin/currentStatus": ARCHIVE,
        "admin/keyDates/depositionDate": ARCHIVE,
        "admin/keyDates/releaseDate": ARCHIVE,
        "admin/keyDates/updateDate": ARCHIVE,
        "admin/datasetSize": ARCHIVE,
        "admin/datasetSize/@units": ARCHIVE,
        "admin/entryDOI": ARCHIVE,
        "admin/correspondingAuthor/email": MASKED,
        "admin/correspondingAuthor/email/@private": MASKED,
        f"{paper}/details": NO_COLUMN,
    }
    if accession == "EMPIAR-10934":
        investigators = {
            f"admin/principalInvestigator[{i}]/{field}": ROWS
            for i in (0, 1)
            for field in ("authorORCID", "firstName", "lastName")
        }
        mails = {
            f"admin/principalInvestigator[{i}]/{field}": MASKED for i in (0, 1) for field in ("email", "email/@private")
        }
        private = {
            f"admin/{who}/@private": "written out from schema 0.65 on, the default before"
            for who in ("correspondingAuthor", "principalInvestigator[0]", "principalInvestigator[1]")
        }
        special = {
            "admin/correspondingAuthor/organization": "the header has the & escaped twice",
            "imageSet/details": LINES,
            "imageSet/directory": FIXED_PART,
        }
        return common | investigators | mails | private | special
    return common | {
        "@schemaVersion": ARCHIVE,
        "admin/principalInvestigator/email": MASKED,
        "admin/principalInvestigator/email/@private": MASKED,
        f"{paper}/country": NOT_TYPED,
        **{f"{paper}/author[{i}]/@authorORCID": "no row in People, hence no ORCID" for i in (1, 4, 5, 7)},
        **{f"imageSet[{i}]/details": LINES for i in (0, 1, 2)},
        "imageSet[2]/directory": FIXED_PART,
    }


@pytest.mark.parametrize("accession", ENTRIES)
def test_a_released_entry(accession: str, tmp_path: Path) -> None:
    theirs = of_xml(shared(f"samples/empiar/{accession}.xml").read_bytes())
    ours = of_xml(files(ENTRIES[accession], tmp_path)["entry.xml"])
    found = differences(theirs, ours)
    explained(found, _entry_reasons(accession))
    for path, (before, after) in found.items():
        if path.endswith("directory"):
            assert after.startswith(before + "/")
        if path.endswith("@private"):
            assert (before, after) == (None, "true")
    assert len(theirs) - len(found) > 60


@pytest.mark.parametrize("name", NAMES)
def test_files_of_every_example_are_taken(name: str, tmp_path: Path) -> None:
    made = files(name, tmp_path)
    assert schema_errors(made["deposition.json"]) == []
    assert lint(made["deposition.json"], tmp_path) == ""
    assert verify.xml_faults(made["entry.xml"]) == []
    assert xsd_errors(made["entry.xml"]) == []
