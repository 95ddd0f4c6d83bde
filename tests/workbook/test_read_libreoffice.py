"""A workbook that LibreOffice saved, as .xlsx or .ods, gives the same tables and the same findings, places included."""

from __future__ import annotations

import datetime as dt
import io
import os
import shutil
from pathlib import Path

import openpyxl
import pytest

from rembi_sheets import pipeline
from rembi_sheets.cells import Place
from rembi_sheets.findings import find
from rembi_sheets.workbook.annotate import annotate
from tests.cases.harness import At, where
from tests.support import TODAY
from tests.workbook import office as libreoffice
from tests.workbook.bad_files import good

EXAMPLES = Path(__file__).parents[2] / "examples"
CHOSEN = ["kidney-organoid-light-sheet", "toxoplasma-fib-sem"]


def faulty() -> bytes:
    """The good workbook with a fault of every kind that a program might treat in its own way."""
    made = openpyxl.load_workbook(io.BytesIO(good()))
    people, specimens, images = made["People"], made["Specimens"], made["Image data"]
    people["A7"], people["C7"], people["D7"] = "n/a", "0000-0002-1825-0098", dt.datetime(2027, 3, 4)
    people["J9"] = "a remark"
    specimens["B6"], specimens["C7"] = "=1/0", "two\nlines and \u00a0 blanks "
    specimens["B7"] = "No such name"
    specimens.merge_cells("D6:D7")
    images["F6"], images["F8"] = 2.5, "1,5"
    made["Study"]["A7"] = "Licence of it"
    made["Links"]["A9"] = "https://example.org/far-below"
    made.create_sheet("Remarks").append(["mine"])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with each workbook as it was made, and as LibreOffice saved it in other formats."""
    reason = libreoffice.missing()
    if reason and os.environ.get("CI") == "true":
        pytest.fail(f"CI must have LibreOffice: {reason}")
    if reason:
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("office")
    (folder / "faulty.xlsx").write_bytes(_calculated(faulty()))
    found = [find("PLACEHOLDER", [Place("People", r, 1, "x") for r in (7, 11)], value="TBD")]
    (folder / "marked.xlsx").write_bytes(annotate(good(), found))
    for name in CHOSEN:
        shutil.copy(EXAMPLES / name / f"{name}.xlsx", folder)
    forms = {path: ["xlsx", "ods"] for path in sorted(folder.glob("*.xlsx"))}
    forms[folder / f"{CHOSEN[0]}.xlsx"].append("xls")
    libreoffice.saved(forms, folder)
    return folder


def _calculated(data: bytes) -> bytes:
    """The error of the formula stored, as a program that calculates leaves it."""
    from tests.workbook.bad_files import packed, parts

    contents = parts(data)
    for name, content in contents.items():
        contents[name] = content.replace(
            b'<c r="B6"><f>1/0</f><v></v></c>', b'<c r="B6" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
        )
    return packed(contents)


def read(path: Path) -> tuple[dict[str, list[object]], set[tuple[str, At]]]:
    """Rows of every table with their numbers, and what is found where."""
    workbook = pipeline.read(path)
    assert workbook.tables is not None, workbook.findings
    tables = {}
    for table in workbook.tables:
        frame = table.frame[sorted(table.frame.columns)]
        tables[table.sheet.name] = [list(row) for row in frame.itertuples(name=None)]
    return tables, where(pipeline.check(workbook, today=TODAY).findings)


@pytest.mark.parametrize("form", ["xlsx", "ods"])
@pytest.mark.parametrize("name", ["faulty", *CHOSEN])
def test_the_same_tables_and_findings(office: Path, name: str, form: str) -> None:
    tables, found = read(office / f"{name}.xlsx")
    saved_tables, saved_found = read(office / form / f"{name}.{form}")
    for sheet, rows in tables.items():
        assert saved_tables[sheet] == rows, sheet
    assert saved_found == found
    if name == "faulty":
        assert {c for c, _ in found} >= {"CELL-ERROR", "MERGED-CELLS", "HEADING-NONE", "EXCEL-CHANGED", "REF-UNKNOWN"}


def test_the_old_format_is_read_and_said(office: Path) -> None:
    tables, found = read(office / f"{CHOSEN[0]}.xlsx")
    old_tables, old_found = read(office / "xls" / f"{CHOSEN[0]}.xls")
    assert old_tables == tables
    assert old_found - found == {("FILE-OLD-FORMAT", ("", ""))}


def test_libreoffice_keeps_the_marks_of_a_copy(office: Path) -> None:
    book = openpyxl.load_workbook(office / "xlsx" / "marked.xlsx")
    assert book.sheetnames[0] == "Problems"
    assert {c.coordinate for row in book["People"].iter_rows() for c in row if c.comment} == {"A7", "A11"}
    assert any("rembi-sheets" in str(r.formula) for b in book["People"].conditional_formatting for r in b.rules)
    links = [c.hyperlink.location for row in book["Problems"].iter_rows() for c in row if c.hyperlink]
    assert links == ["People!A7"] or links == ["'People'!A7"] or links[0].endswith("A7")


def test_marked_again_after_libreoffice(office: Path) -> None:
    again = annotate((office / "xlsx" / "marked.xlsx").read_bytes(), [])
    book = openpyxl.load_workbook(io.BytesIO(again))
    assert book.sheetnames.count("Problems") == 1
    assert not [c for row in book["People"].iter_rows() for c in row if c.comment]
    assert not [r for b in book["People"].conditional_formatting for r in b.rules if "rembi-sheets" in str(r.formula)]
