"""The copy that is filled: the user's own workbook, with new values in empty cells and the list of them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from rembi_sheets.fill import Confidence, Proposal, State
from rembi_sheets.fill.copying import Filled, fill_copy
from rembi_sheets.schema import load
from rembi_sheets.tables import FILLED_IN, OWN, from_book
from rembi_sheets.workbook.editing import AnnotateError
from rembi_sheets.workbook.fill import HEADINGS, fill
from rembi_sheets.workbook.look import look
from rembi_sheets.workbook.read import read

SCHEMA = load()
EXAMPLE = Path(__file__).parents[2] / "examples/kidney-organoid-light-sheet/kidney-organoid-light-sheet.xlsx"
ROW = ("Organoid views",)
PROPOSALS = [
    Proposal("study", None, "acknowledgements", "=We thank Ada & <Eve>.", "lab.xlsx", "Study B11"),
    Proposal("study", None, "keywords", "yeast", "lab.xlsx", "Study B8"),
    Proposal("organisations", ("Second Institute",), "country", "France", "lab.xlsx", "Organisations F8"),
    Proposal("image_data", ROW, "pixel_size_x", "570", "a.czi", "Scaling/X"),
    Proposal("image_data", ROW, "pixel_size_unit", "nm", "a.czi", "Scaling/X"),
    Proposal("image_data", ROW, "frames_per_image", "1", "a.czi", "SizeF", Confidence.DERIVED),
    Proposal("image_data", ROW, "voxel_shape", "x", "a.czi", "Shape"),
    Proposal("people", ("Held", "Marie"), "initials", "MH", "a.czi", "User", Confidence.GUESS),
]


def own_workbook() -> bytes:
    """The example as somebody works in it: a note, a colour, a sheet of theirs."""
    book: Any = openpyxl.load_workbook(EXAMPLE)
    book["People"]["B6"].comment = openpyxl.comments.Comment("ask her", "Eve")
    book["People"]["B6"].fill = openpyxl.styles.PatternFill("solid", fgColor="FFFF00")
    book.create_sheet("Freezer").append(["box", 7])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


@pytest.fixture(scope="module")
def original() -> bytes:
    return own_workbook()


@pytest.fixture(scope="module")
def filled(original: bytes) -> Filled:
    return fill_copy(original, SCHEMA, PROPOSALS)


@pytest.fixture(scope="module")
def book(filled: Filled) -> Any:
    return openpyxl.load_workbook(io.BytesIO(filled.content))


def test_the_values_stand_in_their_cells_on_their_ground(filled: Filled, book: Any) -> None:
    for e in filled.merged.of(State.FILLED):
        cell = book[e.place.sheet][e.place.a1]
        assert cell.value == e.value
        assert cell.fill.fgColor.rgb == "FF" + look().colour["filled"]
    assert {e.place.label for e in filled.merged.of(State.FILLED)} == {
        "Acknowledgements",
        "Name",
        "Country",
        "Frames per image",
    }


def test_a_cell_keeps_the_number_format_and_font_it_had(book: Any) -> None:
    cell, above = book["Organisations"]["F7"], book["Organisations"]["F6"]
    assert (cell.number_format, cell.font.name, cell.font.size) == (above.number_format, "Calibri", above.font.size)


def test_all_else_is_kept(book: Any) -> None:
    assert book["People"]["B6"].comment.text == "ask her"
    assert [c.value for c in book["Freezer"][1]] == ["box", 7]
    assert len(book["People"].data_validations.dataValidation) > 3


def test_where_no_column_has_to_come_the_cells_of_the_user_look_as_they_did(original: bytes) -> None:
    made = fill_copy(original, SCHEMA, PROPOSALS[:3])
    copy: Any = openpyxl.load_workbook(io.BytesIO(made.content))
    assert not made.columns
    assert copy["People"]["B6"].fill.fgColor.rgb == "00FFFF00"


def test_the_list_says_what_came_of_each_with_a_link(book: Any) -> None:
    rows = list(book[FILLED_IN].iter_rows(min_row=3))
    assert tuple(c.value for c in rows[0]) == HEADINGS
    said = {(r[0].value, r[2].value): r for r in rows[1:]}
    assert said["Study", "Acknowledgements"][7].value == "filled"
    assert said["Study", "Keywords"][7].value == "differs"
    assert "organoid" in said["Study", "Keywords"][4].value
    assert said["Image data", "Pixel/voxel size - X"][7].value == "confirmed"
    assert said["Image data", "Frames per image"][6].value == "derived"
    assert said["People", "Initials"][7].value == "question"
    link = said["Organisations", "Name"][1]
    assert (link.value, link.hyperlink.location) == ("A7", "'Organisations'!A7")


def test_read_me_explains_the_colour_once(filled: Filled, book: Any) -> None:
    again: Any = openpyxl.load_workbook(io.BytesIO(fill_copy(filled.content, SCHEMA, PROPOSALS).content))
    for one in (book, again):
        lines = [c for row in one["Read me"] for c in row if FILLED_IN in str(c.value)]
        assert len(lines) == 1
        assert lines[0].fill.fgColor.rgb == "FF" + look().colour["filled"]


def test_filling_again_changes_no_byte(filled: Filled) -> None:
    assert fill_copy(filled.content, SCHEMA, PROPOSALS).content == filled.content


def test_what_was_filled_before_stays_in_the_list(filled: Filled) -> None:
    more = fill_copy(filled.content, SCHEMA, [Proposal("study", None, "funding_statement", "None.", "two.xlsx")])
    copy: Any = openpyxl.load_workbook(io.BytesIO(more.content))
    rows = list(copy[FILLED_IN].iter_rows(min_row=4, values_only=True))
    told = {r[2]: r[5] for r in rows if r[7] == "filled"}
    assert told["Acknowledgements"].startswith("lab.xlsx")
    assert told["Funding statement"].startswith("two.xlsx")


def test_the_copy_is_read_with_the_values(filled: Filled, tmp_path: Path) -> None:
    (tmp_path / "copy.xlsx").write_bytes(filled.content)
    made, findings = read(tmp_path / "copy.xlsx")
    assert made is not None
    tables, more = from_book(made, SCHEMA)
    assert not [f for f in (*findings, *more) if f.sheet != "Freezer"]
    assert tables["image_data"].frame["frames_per_image"].tolist() == [1]


def test_own_columns_come_with_their_heading() -> None:
    rows = from_book(_book(EXAMPLE), SCHEMA)[0]["files"].frame
    paths = [
        (p, pl or "", w or "", i or "") for p, pl, w, i in rows[["path", "plate", "well", "image_name"]].to_numpy()
    ]
    proposals = [Proposal("files", key, OWN + "Dose", n, "t.csv") for n, key in enumerate(paths)]
    made = fill_copy(EXAMPLE.read_bytes(), SCHEMA, proposals)
    sheet: Any = openpyxl.load_workbook(io.BytesIO(made.content))["Files"]
    column = next(c.column for c in sheet[5] if c.value == "Dose")
    assert [sheet.cell(6 + n, column).value for n in range(len(paths))] == [str(n) for n in range(len(paths))]


def _book(path: Path) -> Any:
    made, _ = read(path)
    return made


def test_a_cell_that_holds_something_is_never_written() -> None:
    with pytest.raises(AnnotateError):
        fill(EXAMPLE.read_bytes(), {("People", 6, 1): "Eve"}, [])


def test_rows_and_cells_are_made_where_there_are_none() -> None:
    bare: Any = openpyxl.Workbook()
    bare.active.title = "Any"
    bare.active["C2"] = "kept"
    raw = io.BytesIO()
    bare.save(raw)
    values: dict[Any, Any] = {("Any", 1, 2): "a", ("Any", 2, 1): 1, ("Any", 2, 28): 2.5, ("Any", 9, 3): "z"}
    copy: Any = openpyxl.load_workbook(io.BytesIO(fill(raw.getvalue(), values, [])))
    sheet = copy["Any"]
    assert {(c.row, c.column): c.value for r in sheet for c in r if c.value is not None} == {
        (2, 3): "kept",
        **{(row, column): v for (_, row, column), v in values.items()},
    }
