"""What does not apply is said with its reason, in every text that an archive requires, and written as typed."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from rembi_sheets import checks
from rembi_sheets.archives import package
from rembi_sheets.findings import Finding, group
from rembi_sheets.schema import Need, load
from rembi_sheets.submission import from_tables
from tests.support import STUDY, TODAY, tables

bioimage_archive, idr = package("bioimage-archive"), package("idr")
REASON = "not applicable: the images were simulated"
WORD = "N/A"
NEEDED = [
    (sheet.title, column.label, archive)
    for sheet in load().sheets
    for column in sheet.columns
    for archive in load().archive_names
    if column.free and not column.own and column.need(archive) is Need.REQUIRED and STUDY.get(sheet.title)
]


def with_cell(sheet: str, label: str, value: str) -> dict[str, Any]:
    data = copy.deepcopy(STUDY)
    if isinstance(data[sheet], dict):
        data[sheet][label] = value
    else:
        data[sheet][0][label] = value
    return data


def findings(data: dict[str, Any], archive: str, label: str) -> list[Finding]:
    made, found = tables(data)
    return [f for f in group([*found, *checks.check(made, (archive,))]) if f.column == label]


def test_there_are_such_texts() -> None:
    assert {t for t, _, a in NEEDED if a == "bioimage-archive"} >= {"Specimens", "Image acquisition"}
    assert "idr" in {a for _, _, a in NEEDED}


@pytest.mark.parametrize(("sheet", "label", "archive"), NEEDED)
def test_the_remedy_says_how_and_that_is_taken(sheet: str, label: str, archive: str) -> None:
    (refused,) = findings(with_cell(sheet, label, WORD), archive, label)
    assert (refused.code, refused.severity) == ("REQUIRED-EMPTY", "error")
    assert "not applicable: " in refused.fix
    assert findings(with_cell(sheet, label, REASON), archive, label) == []


@pytest.mark.parametrize(
    ("sheet", "label"),
    [("People", "E-mail"), ("People", "Last name"), ("Biosamples", "Organism"), ("Study", "License")],
)
def test_it_is_not_offered_for_names_lists_and_identifiers(sheet: str, label: str) -> None:
    for refused in findings(with_cell(sheet, label, WORD), "bioimage-archive", label):
        assert "not applicable" not in refused.fix


def test_it_is_written_as_typed() -> None:
    data = with_cell("Image acquisition", "Instrument attributes", REASON)
    data["Specimens"][0]["Preparation method"] = REASON
    sub = from_tables(tables(data)[0])
    page = bioimage_archive.render(bioimage_archive.build(sub, TODAY).document).files
    text = next(c for n, c in page.items() if n.endswith(".tsv") and "file-lists" not in n)
    assert isinstance(text, bytes) and text.decode().count(REASON) == 2
    assert [f.code for f in bioimage_archive.check(sub, TODAY) if f.severity == "error"] == []
    assert [f.code for f in idr.check(sub, TODAY) if f.severity == "error"] == []
