"""How a person set up our sheets (widths, hidden, frozen, page, where texts stand) comes along, or the copy says so."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter as letters
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.protection import WorkbookProtection

from rembi_sheets.schema import load
from rembi_sheets.workbook import ownsetup
from rembi_sheets.workbook.add import Added, add
from rembi_sheets.workbook.annotate import annotate
from rembi_sheets.workbook.contents import Contents
from rembi_sheets.workbook.retype import retyped
from tests.workbook.test_copies_own import book, column, saved

ALIGNED = {
    ("Biosamples", "Organism", 7): Alignment(horizontal="center", vertical="center"),
    ("Biosamples", "Biological entity", 8): Alignment(horizontal="right", vertical="center"),
    ("Files", "Path", 9): Alignment(horizontal="justify", vertical="top", wrap_text=True),
    ("Files", "Image data", 30): Alignment(horizontal="left", text_rotation=45),
    ("Image data", "Dimension extents - X", 6): Alignment(horizontal="left", vertical="center", indent=1),
}
SHEETS = ("Biosamples", "Files", "Image data", "Study")


@pytest.fixture(scope="module")
def made() -> Any:
    """A template in which five kinds of setup are a person's own."""
    workbook = book()
    for (title, label, row), align in ALIGNED.items():
        cell = workbook[title].cell(row, column(workbook[title], label))
        cell.value = cell.value or ("7" if label != "Dimension extents - X" else 7)
        cell.alignment = align
    for n, title in enumerate(SHEETS):
        sheet = workbook[title]
        sheet.column_dimensions["B"].width = 61.5 + n
        sheet.row_dimensions[8].height = 77 + n
        sheet.row_dimensions[10].hidden = True
        sheet.sheet_view.zoomScale = 85 + n
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "portrait", 8
        sheet.oddHeader.center.text = f"Lab of A. Beispiel {n}"
        sheet.page_margins.left = 1.25
        sheet.sheet_properties.tabColor = "FFAB12CD"
    files = workbook["Files"]
    files.column_dimensions[letters(column(files, "Image data"))].hidden = True
    workbook["Biosamples"].freeze_panes = "C6"
    files.protection.sheet = True
    files.auto_filter.add_filter_column(0, ["a"])
    return workbook


@pytest.fixture(scope="module")
def copy(made: Any) -> Added:
    return add(saved(made), load(), archives=["idr", "empiar"], level="full")


@pytest.fixture(scope="module")
def drawn(copy: Added) -> Any:
    return openpyxl.load_workbook(io.BytesIO(copy.content))


@pytest.mark.parametrize("title", SHEETS)
def test_the_setup_of_a_sheet_comes_along(title: str, drawn: Any, made: Any) -> None:
    was, sheet = made[title], drawn[title]
    label = was["B5"].value
    at = "B" if title == "Study" else letters(column(sheet, label))
    assert sheet.column_dimensions[at].width == was.column_dimensions["B"].width
    assert sheet.sheet_view.zoomScale == was.sheet_view.zoomScale
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("portrait", 8)
    assert sheet.oddHeader.center.text == was.oddHeader.center.text and sheet.page_margins.left == 1.25
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.sheet_properties.tabColor.rgb == "FFAB12CD"
    if title != "Study":
        assert sheet.row_dimensions[8].height == was.row_dimensions[8].height
        assert sheet.row_dimensions[10].hidden is (title != "Files")  # which had a filter


def test_what_is_hidden_and_frozen_stays_so(drawn: Any) -> None:
    files, samples = drawn["Files"], drawn["Biosamples"]
    hidden = {c.value for c in files[5] if files.column_dimensions[c.column_letter].hidden}
    assert hidden == {"Image data"}
    assert samples.freeze_panes == "C6" and files.freeze_panes == "B6"


@pytest.mark.parametrize("place", ALIGNED, ids=str)
def test_texts_stand_where_they_were_put(place: tuple[str, str, int], drawn: Any) -> None:
    title, label, row = place
    now, was = drawn[title].cell(row, column(drawn[title], label)).alignment, ALIGNED[place]
    assert now.horizontal == was.horizontal and now.text_rotation == was.text_rotation
    assert now.vertical == ("top" if was.vertical == "top" else "center")


def test_what_cannot_come_along_is_said_once(copy: Added) -> None:
    said = [text for text in copy.left if "protection" in text or "filter" in text]
    assert [text.partition(" (")[0] for text in said] == ["Files: its protection", "Files: its filter"]


def test_what_is_drawn_is_nobodys_setup() -> None:
    plain = add(saved(book()), load(), archives=["idr"])
    assert plain.left == ()
    again = add(plain.content, load(), archives=["idr"])
    assert again.content == plain.content


def test_a_copy_that_lacks_some_of_it_is_found_out(made: Any) -> None:
    old = ownsetup.read(Contents(saved(made)), "Biosamples")
    bare = ownsetup.read(Contents(saved(book())), "Biosamples")
    assert old.widths[2] == 61.5 and old.frozen == (2, 5) and bare.frozen == (1, 5)
    assert (old.hidden_rows, bare.hidden_rows) == ({10}, set())


def test_copies_in_place_keep_all_of_it(made: Any) -> None:
    data = saved(made)
    copies = [retyped(data, {("Biosamples", 7, 1): "other"})[0], annotate(data, [])]
    for title in SHEETS:
        was = ownsetup.read(Contents(data), title)
        for copied in copies:
            now = ownsetup.read(Contents(copied), title)
            assert (now.widths, now.heights, now.hidden_rows, now.hidden_columns, now.frozen, now.zoom, now.words) == (
                was.widths,
                was.heights,
                was.hidden_rows,
                was.hidden_columns,
                was.frozen,
                was.zoom,
                was.words,
            )


@pytest.fixture(scope="module")
def named() -> Added:
    """A copy of a workbook that says something as a whole, and has names of one sheet."""
    workbook = book()
    workbook.properties.creator, workbook.properties.description = "Ada Beispiel", "Third try, of May"
    workbook.properties.title, workbook.properties.keywords = "Organoids", "kidney; BIA"
    workbook.custom_doc_props.append(StringProperty(name="Lab book", value="A-17"))
    workbook.security = WorkbookProtection(lockStructure=True)
    biosamples = workbook["Biosamples"]
    biosamples.print_area = "A1:D9"
    biosamples.defined_names["mine"] = DefinedName("mine", attr_text="Biosamples!$A$7")
    biosamples.defined_names["gone"] = DefinedName("gone", attr_text="OFFSET(Biosamples!$A$7,1,1)")
    return add(saved(workbook), load(), archives=["idr"], level="full")


def test_what_a_workbook_says_as_a_whole_comes_along(named: Added) -> None:
    drawn = openpyxl.load_workbook(io.BytesIO(named.content))
    said = drawn.properties
    assert (said.creator, said.description, said.title) == ("Ada Beispiel", "Third try, of May", "Organoids")
    assert said.keywords == "kidney; BIA"
    assert {p.name: p.value for p in drawn.custom_doc_props.props}["Lab book"] == "A-17"
    assert any("protection of the workbook" in text for text in named.left)


def test_names_and_the_printed_area_of_a_sheet_come_along(named: Added) -> None:
    drawn = openpyxl.load_workbook(io.BytesIO(named.content))["Biosamples"]
    assert drawn.print_area.replace("$", "").startswith("'Biosamples'!A1:")
    assert drawn.defined_names["mine"].attr_text.replace("'", "") == "Biosamples!$A$7"
    assert "gone" not in drawn.defined_names and any("the name gone" in text for text in named.left)
