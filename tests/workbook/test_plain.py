"""An .ods or a folder laid into a plain .xlsx: cells and notes where they stood, and what is not in there is said."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from rembi_sheets.cells import Book
from rembi_sheets.workbook import plain
from rembi_sheets.workbook.editing import AnnotateError
from rembi_sheets.workbook.read import read
from tests.workbook.bad_files import ods, packed, parts

_NOTE = "<office:annotation><dc:creator>Bo</dc:creator><text:p>7 of</text:p><text:p>ten</text:p></office:annotation>"
_CELLS = {
    "note on a number": f'office:value-type="float" office:value="5">{_NOTE}<text:p>5</text:p>',
    "note on a text": f'office:value-type="string">{_NOTE}<text:p>a.tif</text:p>',
    "note on nothing": f">{_NOTE}",
    "formula": 'table:formula="of:=[.A1]+1" office:value-type="float" office:value="6"><text:p>6</text:p>',
    "number as shown": 'office:value-type="float" office:value="4"><text:p>004</text:p>',
    "error": f'table:formula="of:=1/0" calcext:value-type="error">{_NOTE}<text:p>#DIV/0!</text:p>',
    "joined": 'office:value-type="string" table:number-columns-spanned="2"><text:p>wide</text:p>',
    "below it": 'office:value-type="string"><text:p>kept</text:p>',
}


@pytest.fixture(scope="module")
def spreadsheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One row with each kind of cell, on a sheet of ours."""
    row = "".join(f"<table:table-cell {inner}</table:table-cell>" for inner in _CELLS.values())
    contents = parts(ods(f"<table:table-row>{row}</table:table-row>", "Files"))
    spaces = (
        b' xmlns:dc="http://purl.org/dc/elements/1.1/"'
        b' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" office:version'
    )
    contents["content.xml"] = contents["content.xml"].replace(b" office:version", spaces, 1)
    path = tmp_path_factory.mktemp("plain") / "a.ods"
    path.write_bytes(packed(contents))
    return path


def _book(path: Path) -> Book:
    book, findings = read(path)
    assert book is not None and not findings
    return book


def test_a_note_is_no_part_of_what_a_cell_shows(spreadsheet: Path) -> None:
    sheet = _book(spreadsheet).sheets[0]
    assert list(sheet.formats) == [(1, 1 + list(_CELLS).index("number as shown"))]
    assert [text for _, text in sheet.marks.values()] == ["#DIV/0!"]


def test_cells_and_notes_of_a_spreadsheet_stand_where_they_stood(spreadsheet: Path, tmp_path: Path) -> None:
    content, left = plain.as_xlsx(spreadsheet)
    (tmp_path / "a.xlsx").write_bytes(content)
    was, now = _book(spreadsheet).sheets[0], _book(tmp_path / "a.xlsx").sheets[0]
    assert list(was.rows[0])[:4] == [5, "a.tif", "", 6]
    assert list(now.rows[0]) == list(was.rows[0]) and now.merged == was.merged and now.marks == was.marks
    sheet = load_workbook(io.BytesIO(content))["Files"]
    noted = {name: sheet.cell(1, n).comment for n, name in enumerate(_CELLS, start=1)}
    assert {name for name, note in noted.items() if note} == {name for name, cell in _CELLS.items() if _NOTE in cell}
    assert all((note.text, note.author) == ("7 of\nten", "Bo") for note in noted.values() if note)
    formulas = [line for line in left if "formula" in line]
    assert [line.split(":")[0] for line in formulas] == ["Files D1", "Files F1"]


@pytest.mark.parametrize(
    ("table", "says"),
    [("x" * 32_768, "Files A2"), ("\t" * 16_384 + "x", "Files XFE2"), ("\n" * 1_048_575 + "x", "Files A1048577")],
    ids=["long", "wide", "deep"],
)
def test_a_table_that_no_xlsx_can_hold_is_refused(tmp_path: Path, table: str, says: str) -> None:
    (tmp_path / "Files.tsv").write_text(f"Path\n{table}\n", "utf-8")
    with pytest.raises(AnnotateError, match=f"^{says} "):
        plain.as_xlsx(tmp_path)


def test_signs_that_no_xlsx_can_hold_are_told(tmp_path: Path) -> None:
    (tmp_path / "Files.tsv").write_text("Path\ntile_x0012_.tif\nb\x07.tif\n", "utf-8")
    (tmp_path / "_meta.tsv").write_text("schema version\t1.0\n", "utf-8")
    content, left = plain.as_xlsx(tmp_path)
    assert [line.split(":")[0] for line in left] == ["Files A3"]
    (tmp_path / "a.xlsx").write_bytes(content)
    book = _book(tmp_path / "a.xlsx")
    assert [r[0] for r in book.sheets[0].rows] == ["Path", "tile_x0012_.tif", "b.tif"]
    assert book.meta == {"schema version": "1.0"}
