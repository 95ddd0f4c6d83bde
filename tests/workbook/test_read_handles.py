"""What people and Excel do to a sheet: rows move, blanks hide, dates turn up. Every value is still at its row."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from rembi_sheets.cells import Mark
from rembi_sheets.findings import Finding
from rembi_sheets.schema import load
from rembi_sheets.tables import Tables, from_book
from rembi_sheets.values import UNREADABLE
from rembi_sheets.workbook.read import read
from tests.cases.base import GOOD
from tests.support import found
from tests.workbook.bad_files import good

Edit = Callable[[Any], None]


def walked(tmp_path: Path, edit: Edit) -> tuple[Tables, list[Finding]]:
    """The good workbook with an edit, through openpyxl and back."""
    made = openpyxl.load_workbook(io.BytesIO(good()))
    edit(made)
    path = tmp_path / "study.xlsx"
    made.save(path)
    book, findings = read(path)
    assert book is not None, findings
    tables, more = from_book(book, load())
    return tables, [*findings, *more]


def names(tables: Tables, sheet: str, column: str = "name") -> dict[int, Any]:
    return dict(zip(tables[sheet].frame.index, tables[sheet].frame[column], strict=True))


def test_rows_keep_their_numbers(tmp_path: Path) -> None:
    def edit(made: Any) -> None:
        made["Specimens"].insert_rows(7, 3)
        made["Specimens"].insert_rows(1, 2)

    tables, findings = walked(tmp_path, edit)
    assert names(tables, "specimens") == {8: "Cleared", 12: "Sliced"}
    assert not findings


def test_styled_blank_rows_are_no_rows(tmp_path: Path) -> None:
    def edit(made: Any) -> None:
        for row in range(8, 60):
            for column in range(1, 8):
                made["Specimens"].cell(row, column).fill = PatternFill("solid", fgColor="FFFF00")
        made["Specimens"]["A40"] = " \u00a0\u200b "

    tables, findings = walked(tmp_path, edit)
    assert names(tables, "specimens") == {6: "Cleared", 7: "Sliced"}
    assert not findings


def test_hidden_and_filtered_rows_are_read(tmp_path: Path) -> None:
    def edit(made: Any) -> None:
        made["Specimens"].row_dimensions[7].hidden = True
        made["Specimens"].auto_filter.ref = "A5:E7"
        made["Specimens"].auto_filter.add_filter_column(0, ["Cleared"])
        made["Specimens"].sheet_state = "hidden"

    tables, findings = walked(tmp_path, edit)
    assert names(tables, "specimens") == {6: "Cleared", 7: "Sliced"}
    assert not findings


def test_help_lines_moved_or_deleted(tmp_path: Path) -> None:
    spec = load()["specimens"]

    def edit(made: Any) -> None:
        sheet = made["Specimens"]
        sheet.delete_rows(1, 4)
        sheet.insert_rows(2)
        for n, cell in enumerate(sheet[1], start=1):
            sheet.cell(2, n).value = next(c.help for c in spec.columns if c.label == cell.value)

    tables, findings = walked(tmp_path, edit)
    assert tables["specimens"].heading_row == 1
    assert names(tables, "specimens") == {3: "Cleared", 4: "Sliced"}
    assert not findings


def test_headings_by_label_only(tmp_path: Path) -> None:
    def edit(made: Any) -> None:
        sheet = made["Specimens"]
        sheet["A5"], sheet["B5"], sheet["C5"] = "● name *", "BIOSAMPLE\u00a0:", " Preparation  method "
        sheet.move_range("A5:A7", cols=9)

    tables, findings = walked(tmp_path, edit)
    assert names(tables, "specimens") == {6: "Cleared", 7: "Sliced"}
    assert tables["specimens"].columns["name"] == 10
    assert not findings


def test_merged_cells_name_the_first_and_leave_the_rest_empty(tmp_path: Path) -> None:
    tables, findings = walked(tmp_path, lambda made: made["Specimens"].merge_cells("B6:B7"))
    assert names(tables, "specimens", "biosamples") == {6: ("Kidney cells",), 7: None}
    assert found(findings) == {("MERGED-CELLS", "Specimens", "B6")}


def test_a_merged_title_does_no_harm(tmp_path: Path) -> None:
    assert not walked(tmp_path, lambda made: made["Specimens"].merge_cells("A1:E1"))[1]


def test_extra_sheets_and_free_columns(tmp_path: Path) -> None:
    def edit(made: Any) -> None:
        made.create_sheet("My notes").append(["=1+1"])
        made["People"]["J6"] = "ask her"
        made["People"]["J9"] = "a remark below"

    _, findings = walked(tmp_path, edit)
    assert found(findings) == {("SHEET-UNKNOWN", "My notes", ""), ("HEADING-NONE", "People", "J6")}


def test_error_cells_and_formulas_without_a_value(tmp_path: Path) -> None:
    def edit(made: Any) -> None:
        made["Specimens"]["B7"] = "=A7&A6"
        made["Study"]["B5"] = "=NOW()"
        cell = made["Specimens"]["C6"]
        cell.value, cell.data_type = "#REF!", "e"
        made["Specimens"]["A30"] = "=1"

    tables, findings = walked(tmp_path, edit)
    assert names(tables, "specimens", "preparation")[6] is UNREADABLE
    assert found(findings) == {
        ("CELL-ERROR", "Specimens", "C6"),
        ("CELL-FORMULA", "Specimens", "B7"),
        ("CELL-FORMULA", "Specimens", "A30"),
        ("CELL-FORMULA", "Study", "B5"),
    }


def test_a_formula_with_a_value_is_its_value(tmp_path: Path) -> None:
    from tests.workbook.bad_files import cells

    path = tmp_path / "a.xlsx"
    content = cells(
        "People", b"</sheetData>", b'<row r="8"><c r="B8" t="str"><f>A6</f><v>Mxy</v></c></row></sheetData>'
    )
    path.write_bytes(content)
    book, _ = read(path)
    assert book is not None and not next(s for s in book.sheets if s.title == "People").marks
    tables, _ = from_book(book, load())
    assert names(tables, "people", "last_name")[8] == "Mxy"


def test_an_empty_text_is_the_value_of_a_formula(tmp_path: Path) -> None:
    from tests.workbook.bad_files import cells

    rows = (
        b'<row r="8"><c r="B8" t="str"><f>""</f><v></v></c><c r="C8"><f t="shared" si="0"/><v/></c>'
        b'<c r="D8" t="e"><f>1/0</f><v>#DIV/0!</v></c></row></sheetData>'
    )
    path = tmp_path / "a.xlsx"
    path.write_bytes(cells("People", b"</sheetData>", rows))
    book, _ = read(path)
    assert book is not None
    marks = next(s for s in book.sheets if s.title == "People").marks
    assert marks == {(8, 3): (Mark.FORMULA, "="), (8, 4): (Mark.ERROR, "#DIV/0!")}


def test_dates_and_numbers_in_text_cells_and_the_reverse(tmp_path: Path) -> None:
    def edit(made: Any) -> None:
        study, people = made["Study"], made["Publications"]
        heads = {c.value: c.column for c in people[5]}
        people.cell(6, heads["Year"]).value = "2026"
        people.cell(6, heads["PubMed ID"]).value = 123456
        people.cell(5, 12).value = "Pages"
        people.cell(6, 12).value = dt.datetime(2027, 1, 12)
        made["Funding"]["B6"] = 1e22
        made["Funding"]["B7"] = 12.0
        study["B4"] = 5
        for row in range(4, 30):
            if study.cell(row, 1).value == "Release date":
                study.cell(row, 2).value = "2027-01-15"

    tables, findings = walked(tmp_path, edit)
    publication = tables["publications"].frame.iloc[0]
    assert (publication["year"], publication["pubmed_id"], publication["pages"]) == (2026, "123456", UNREADABLE)
    assert names(tables, "funding", "grant_id") == {6: UNREADABLE, 7: "12", 8: "EF-12"}
    study = tables["study"].frame.iloc[0]
    assert study["release_date"] == dt.date(2027, 1, 15) and study["study_title"] == "5"
    assert found(findings) == {("EXCEL-CHANGED", "Publications", "L6"), ("EXCEL-CHANGED", "Funding", "B6")}


@pytest.mark.parametrize("value", [dt.datetime(2027, 3, 1), dt.date(2027, 3, 1)])
def test_dates_of_1904_workbooks(tmp_path: Path, value: dt.date) -> None:
    def edit(made: Any) -> None:
        made.epoch = CALENDAR_MAC_1904
        for row in made["Study"].iter_rows():
            if row[0].value == "Release date":
                row[1].value = value

    tables, findings = walked(tmp_path, edit)
    assert tables["study"].frame.iloc[0]["release_date"] == dt.date(2027, 3, 1)
    assert not findings


def test_blanks_marks_and_letters_that_cannot_be_seen(tmp_path: Path) -> None:
    def edit(made: Any) -> None:
        made["People"]["B7"] = "\u202bMu\u0308ster\u200b\u00a0"
        made["Specimens"]["B6"] = "\u00a0Kidney\u00a0cells "
        made["Image data"].cell(6, 14).value = "\u03bcm"  # the Greek letter
        made["Image data"].cell(7, 14).value = "\u212b"  # the sign for Ångström

    heads = list(GOOD["Image data"][0])
    assert heads.index("Pixel/voxel size unit") == 13
    tables, findings = walked(tmp_path, edit)
    assert names(tables, "people", "last_name")[7] == "M\u00fcster"
    assert names(tables, "specimens", "biosamples")[6] == ("Kidney cells",)
    assert names(tables, "image_data", "pixel_size_unit") == {6: "µm", 7: "Å", 8: None}
    assert not findings


@pytest.mark.parametrize("word", ["N/A", "n/a", "NA", "none", "-", "TBD", "?", "???", "…", "NaN", "null", "pending"])
def test_placeholders_are_no_values(tmp_path: Path, word: str) -> None:
    tables, findings = walked(tmp_path, lambda made: made["People"].__setitem__("C7", word))
    assert names(tables, "people", "orcid")[7] is None
    assert found(findings) == {("PLACEHOLDER", "People", "C7")}


def test_words_that_a_list_holds_are_values(tmp_path: Path) -> None:
    def edit(made: Any) -> None:
        sheet = made["Image data"]
        sheet.cell(5, 20).value, sheet.cell(6, 20).value = "Compression", "none"

    tables, findings = walked(tmp_path, edit)
    assert names(tables, "image_data", "compression")[6] == "none"
    assert not findings


def test_own_columns_keep_every_word(tmp_path: Path) -> None:
    def edit(made: Any) -> None:
        sheet = made["Files"]
        sheet["G5"] = "Genotype"
        sheet["G6"], sheet["G7"], sheet["G8"] = "NA", "-", True

    tables, findings = walked(tmp_path, edit)
    assert list(tables["files"].frame["own:Genotype"]) == ["NA", "-", "TRUE", None]
    assert not findings


def test_label_with_an_identifier_behind(tmp_path: Path) -> None:
    def edit(made: Any) -> None:
        made["Biosamples"]["B6"], made["Biosamples"]["C6"] = "kidney [uberon_0002113]", None

    tables, findings = walked(tmp_path, edit)
    (term,) = names(tables, "biosamples", "biological_entities")[6]
    assert (term.label, term.id) == ("kidney", "UBERON:0002113")
    assert not findings


def test_texts_to_the_limit_of_excel(tmp_path: Path) -> None:
    text = ("line of a protocol\n" * 1725)[:32_766] + "."
    assert len(text) == 32_767
    tables, findings = walked(tmp_path, lambda made: made["Specimens"].__setitem__("C6", text))
    assert names(tables, "specimens", "preparation")[6] == text
    assert not findings


def test_line_breaks_of_excel(tmp_path: Path) -> None:
    tables, _ = walked(tmp_path, lambda made: made["Specimens"].__setitem__("C6", "one_x000D_\ntwo\r\nthree"))
    assert names(tables, "specimens", "preparation")[6].split("\n")[-2:] == ["two", "three"]


def test_true_and_numbers_stay_apart(tmp_path: Path) -> None:
    def edit(made: Any) -> None:
        sheet = made["Image data"]
        column = next(c.column for c in sheet[5] if c.value == "Number of images")
        sheet.cell(6, column).value, sheet.cell(7, column).value, sheet.cell(8, column).value = 1, True, 1.0

    tables, findings = walked(tmp_path, edit)
    assert names(tables, "image_data", "image_count") == {6: 1, 7: UNREADABLE, 8: 1}
    assert [f.code for f in findings] == ["NUMBER-BAD"]
