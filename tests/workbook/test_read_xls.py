"""What an old workbook holds beside its values: errors, number formats, raised, lowered and struck-out text."""

from pathlib import Path

import pytest
import xlwt

from rembi_sheets import pipeline
from rembi_sheets.cells import Mark
from rembi_sheets.workbook.read import read

CODES = {
    "#NULL!": 0x00, "#DIV/0!": 0x07, "#VALUE!": 0x0F, "#REF!": 0x17, "#NAME?": 0x1D, "#NUM!": 0x24, "#N/A": 0x2A,
}  # fmt: skip
ERRORS = tuple(CODES)


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with an error, formats and fonts that say something, in cells away from the first row and column."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Biosamples")
    plain = xlwt.easyfont("")
    for column, heading in enumerate(("Identity", "Biological entity", "Organism", "Dose", "Number", "Taken on")):
        sheet.write(4, column, heading)
    for row, error in enumerate(ERRORS, start=5):
        sheet.write(row, 0, f"S{row}")
        sheet.row(row).set_cell_error(2, CODES[error])
    last = 5 + len(ERRORS)
    sheet.write_rich_text(last, 0, [("Ca", plain), ("2+", xlwt.easyfont("escapement superscript")), (" pulse", plain)])
    sheet.write_rich_text(last, 1, [("H", plain), ("2", xlwt.easyfont("escapement subscript")), ("O", plain)])
    sheet.write(last, 2, "Mus musculus", xlwt.easyxf("font: struck_out on"))
    sheet.write(last, 3, 0.25, xlwt.easyxf(num_format_str="0%"))
    sheet.write(last, 4, 42, xlwt.easyxf(num_format_str="00000"))
    sheet.write_merge(last + 1, last + 2, 0, 1, "over two rows")
    path = tmp_path_factory.mktemp("old") / "study.xls"
    book.save(str(path))
    return path


def test_everything_beside_the_values_is_seen(old: Path) -> None:
    book, findings = read(old)
    assert book is not None and {f.code for f in findings} == {"FILE-OLD-FORMAT"}
    sheet, last = book.sheets[0], 6 + len(ERRORS)
    assert sheet.marks == {(row, 3): (Mark.ERROR, error) for row, error in enumerate(ERRORS, start=6)}
    assert sheet.rows[last - 1][:2] == ["Ca²⁺ pulse", "H₂O"]
    assert sheet.looks[last, 3].struck == ("Mus musculus",)
    assert dict(sheet.formats) == {(last, 4): "0%", (last, 5): "00000"}
    assert sheet.merged == ((last + 1, 1, last + 2, 2),)


def test_its_errors_are_found_in_their_cells(old: Path) -> None:
    found = [f for f in pipeline.check(pipeline.read(old)).findings if f.code == "CELL-ERROR"]
    assert {cell for f in found for cell in f.cells} == {(row, 3) for row in range(6, 6 + len(ERRORS))}


def test_a_damaged_one_is_refused(old: Path, tmp_path: Path) -> None:
    whole = old.read_bytes()
    for number, data in enumerate(
        (whole[:1600] + b"\xff" * 700 + whole[2300:], whole[:600] + bytes(200) + whole[800:])
    ):
        path = tmp_path / f"{number}.xls"
        path.write_bytes(data)
        book, findings = read(path)
        assert book is None and [f.code for f in findings] == ["FILE-DAMAGED"]
