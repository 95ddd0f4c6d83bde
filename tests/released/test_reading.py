"""Workbooks of an older version in every form in which they may come: read, checked at their own cells, noted once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rembi_sheets import pipeline
from rembi_sheets.pipeline import Workbook
from rembi_sheets.schema import load, select
from rembi_sheets.tables import from_book
from rembi_sheets.workbook import write
from tests import support
from tests.released import made_up
from tests.released.forms import FORMS, as_folder, saved_by_office
from tests.released.test_moves import FILLED


def _filled(path: Path) -> Path:
    """FILLED as a workbook of the version before the made-up one."""
    schema = load()
    read, _ = from_book(support.book(FILLED), schema)
    path.write_bytes(write.filled(schema, select(schema, "light", schema.archive_names, "full"), read))
    return path


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """The same workbook in several forms; while they are used, the made-up version is today's."""
    home = tmp_path_factory.mktemp("workbooks")
    made = {"xlsx": _filled(home / "study.xlsx")}
    made["folder"] = as_folder(home / "study", made["xlsx"])
    made |= saved_by_office(home, made["xlsx"])
    with made_up.released(made_up.folder(home / "schema")):
        yield made


def _read(workbooks: dict[str, Path], form: str) -> Workbook:
    if form not in workbooks:
        pytest.skip("needs LibreOffice")
    return pipeline.read(workbooks[form])


@pytest.mark.parametrize("form", FORMS)
def test_every_move_is_made_in_every_form(workbooks: dict[str, Path], form: str) -> None:
    read = _read(workbooks, form)
    assert read.tables is not None and not [f for f in read.findings if f.code.startswith(("SHEET-", "HEADING-"))]
    frames = {t.sheet.name: t.frame for t in read.tables}
    assert list(frames["biosamples"]["remarks"]) == ["From the bank", None]
    assert list(frames["image_acquisition"]["device"]) == ["Example 880"] * 3 + [None]
    assert list(frames["organisations"]["place"]) == ["Heidelberg, Baden", "Bavaria", None]
    assert list(frames["study_components"]["scale"]) == ["tissue", "tissue", "molecule"]
    assert list(frames["people"]["roles"]) == [("corresponding author", "project manager")]
    assert {m.kind for t in read.tables for m in t.former.moved} == {
        "renamed",
        "split",
        "merged",
        "words",
        "unlisted",
        "dropped",
    }


@pytest.mark.parametrize("form", FORMS)
def test_findings_lead_to_the_cells_of_the_workbook_in_hand(workbooks: dict[str, Path], form: str) -> None:
    read = _read(workbooks, form)
    assert read.book is not None
    for finding in read.findings if form != "folder" else ():
        sheet = next(s for s in read.book.sheets if s.title == finding.sheet)
        assert finding.cells and all(sheet.rows[row - 1][column - 1] for row, column in finding.cells)
    checked = pipeline.check(read, ("bioimage-archive",), today=support.TODAY)
    missing = [f for f in checked.findings if f.sheet == "Biosamples" and f.column == "Description"]
    assert [(f.code, len(f.cells)) for f in missing] == [("REQUIRED-EMPTY", 1)]
    titles = {s.title for s in read.book.sheets}
    assert {f.sheet for f in checked.findings if f.cells} <= titles


@pytest.mark.parametrize("form", FORMS)
def test_what_today_would_add_is_a_note_said_once(workbooks: dict[str, Path], form: str) -> None:
    checked = pipeline.check(_read(workbooks, form), today=support.TODAY)
    notes = [f for f in checked.findings if f.code == "FILE-EARLIER"]
    assert len(notes) == 1 and notes[0].severity == "note" and not notes[0].cells
    assert "rembi-sheets migrate" in notes[0].fix and made_up.VERSION in notes[0].fix
