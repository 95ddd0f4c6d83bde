"""`add`: a copy with more sheets and columns that keeps all that is filled in."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment

from rembi_sheets.cells import Mark
from rembi_sheets.schema import load, select
from rembi_sheets.tables import Tables, from_book
from rembi_sheets.workbook.add import UnknownColumnError, add
from rembi_sheets.workbook.read import read
from rembi_sheets.workbook.write import filled
from tests import workbooks
from tests.support import study, tables
from tests.workbook.xlsx import Xlsx

SCHEMA = load()


SHOWN = ("light", ("bioimage-archive", "idr"), "essential")


def _made(sheets: dict[str, Any] | None = None) -> bytes:
    if sheets is None:
        return workbooks.filled(*SHOWN)
    return filled(SCHEMA, select(SCHEMA, *SHOWN), tables(sheets)[0])


def _tables(data: bytes, folder: Path) -> Tables:
    path = folder / "book.xlsx"
    path.write_bytes(data)
    book, findings = read(path)
    assert book is not None and not findings
    return from_book(book, SCHEMA)[0]


def _changed(data: bytes, change: Any) -> bytes:
    book = load_workbook(io.BytesIO(data))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("profile", [p.name for p in SCHEMA.profiles])
def test_everything_that_was_filled_in_is_kept(profile: str, tmp_path: Path) -> None:
    old = _tables(_made(), tmp_path)
    made = add(_made(), SCHEMA, profile=profile, level="full")
    new = _tables(made.content, tmp_path)
    assert made.columns
    for table in old:
        names = [n for n in table.frame.columns if table.frame[n].notna().any()]
        again = new[table.sheet.name].frame.reindex(columns=names)
        assert [tuple(r) for r in again.itertuples(index=False)] == [
            tuple(r) for r in table.frame[names].itertuples(index=False)
        ], table.title
    shown = {
        f"{s.title}: {c.label}"
        for s, cs in select(SCHEMA, profile, ("bioimage-archive", "idr"), "full").sheets
        for c in cs
        if not c.own
    }
    have = {f"{t.title}: {t.sheet[n].label}" for t in new for n in t.columns if n in t.sheet.by_name}
    assert shown <= have


def test_one_column_alone() -> None:
    before = _made()
    made = add(before, SCHEMA, columns=["Specimens: location within biosample"])
    assert made.columns == ("Specimens: Location within Biosample",)
    heads = [c.value for c in load_workbook(io.BytesIO(made.content))["Specimens"][5]]
    assert "Location within Biosample" in heads


def test_a_column_of_a_new_sheet_brings_its_key_and_what_it_refers_to() -> None:
    empty = workbooks.blank("light", (), "essential")
    made = add(empty, SCHEMA, columns=["Phenotypes: Score type"])
    assert {"Phenotypes: Name", "Phenotypes: Analysed data", "Analysed data: Name"} <= set(made.columns)
    xlsx = Xlsx(made.content)
    formulas = {v.findtext("{*}formula1") for v in xlsx.validations("Phenotypes")}
    assert "names_analysed_data" in formulas and "names_analysed_data" in xlsx.names


def test_a_column_nobody_knows() -> None:
    with pytest.raises(UnknownColumnError) as caught:
        add(_made(), SCHEMA, columns=["Specimens: Preparation metod"])
    assert caught.value.near[0] == "Specimens: Preparation method"
    with pytest.raises(UnknownColumnError):
        add(_made(), SCHEMA, columns=["nonsense"])


def test_an_archive_is_put_into_the_study_sheet(tmp_path: Path) -> None:
    data = filled(SCHEMA, select(SCHEMA, "volume", ("bioimage-archive",)), tables(study(Study={"Archives": "BIA"}))[0])
    made = _tables(add(data, SCHEMA, archives=["empiar"]).content, tmp_path)
    assert made.archives == ("bioimage-archive", "empiar")
    assert made.meta["archives"] == "bioimage-archive; empiar"


def test_gaps_unknown_columns_lines_sheets_and_notes_are_kept() -> None:
    def scribble(book: Any) -> None:
        people = book["People"]
        last = people.max_column + 1
        people.cell(5, last).value, people.cell(6, last).value = "Shoe size", 43
        people.cell(7, last + 1).value = "left over"
        people["B9"] = "Nachname"
        people["B9"].comment = Comment("ask her", "Ada")
        people["B6"].comment = Comment("a finding", "rembi-sheets")
        book["Study"]["A60"], book["Study"]["B60"] = "Colour of the door", "blue"
        book["Study"]["F4"] = "beside"
        book.create_sheet("Notes")["B2"] = "hello"

    made = load_workbook(io.BytesIO(add(_changed(_made(), scribble), SCHEMA, level="full").content))
    people = made["People"]
    heads = {c.value: c.column for c in people[5]}
    assert people.cell(6, heads["Shoe size"]).value == 43
    assert people.cell(7, heads["Shoe size"] + 1).value == "left over"
    cell = people.cell(9, heads["Last name"])
    assert cell.value == "Nachname" and cell.comment.text == "ask her"
    assert people.cell(6, heads["Last name"]).comment is None
    lines = {r[0].value: r[1].value for r in made["Study"].iter_rows(max_col=2)}
    assert lines["Colour of the door"] == "blue"
    assert made["Study"]["F4"].value == "beside"
    assert made["Notes"]["B2"].value == "hello"
    assert made.sheetnames[-2:] == ["_lists", "_meta"]


def test_own_columns_and_long_tables_keep_their_place(tmp_path: Path) -> None:
    files = [{"Path": f"a/{n}.tif", "Image data": "Organoid stacks", "Dose": str(n)} for n in range(30)]
    old = _made(study(Files=files))
    new = _tables(add(old, SCHEMA, profile="screen").content, tmp_path)["files"]
    assert new.own[0] == "Dose"
    assert list(new.frame["own:Dose"]) == [str(n) for n in range(30)]


def test_names_that_look_like_an_escape_stay(tmp_path: Path) -> None:
    name = "tile_x0012_y0034_.tif"
    old = _made(study(Files=[{"Path": name, "Image data": "Organoid stacks"}]))
    assert list(_tables(old, tmp_path)["files"].frame["path"]) == [name]
    assert list(_tables(add(old, SCHEMA, level="full").content, tmp_path)["files"].frame["path"]) == [name]


def test_a_copy_of_a_copy_is_the_copy() -> None:
    once = add(_made(), SCHEMA, level="full").content
    again = add(once, SCHEMA, level="full")
    assert again.columns == ()
    assert again.content == once


def test_a_formula_without_a_value_stays_one(tmp_path: Path) -> None:
    def formula(book: Any) -> None:
        book["People"]["A6"] = '="A"&"da"'

    made = add(_changed(_made(), formula), SCHEMA, level="full")
    cell = load_workbook(io.BytesIO(made.content))["People"]["A6"]
    assert cell.value == '="A"&"da"' and cell.data_type == "f" and not made.valued
    (tmp_path / "a.xlsx").write_bytes(made.content)
    book, _ = read(tmp_path / "a.xlsx")
    assert book is not None
    assert next(s for s in book.sheets if s.title == "People").marks == {(6, 1): (Mark.FORMULA, '="A"&"da"')}


def test_what_has_no_place_is_named() -> None:
    def above(book: Any) -> None:
        book["People"].insert_rows(1, 2)
        book["People"]["A1"] = "our laboratory"

    made = add(_changed(_made(), above), SCHEMA, columns=["Biosamples: Description"])
    assert made.left == ("People A1: “our laboratory”",) and not made.valued


def test_a_formula_that_cannot_be_moved_is_its_value() -> None:
    def edit(book: Any) -> None:
        book["People"]["A6"] = '=INDIRECT("B6")'

    made = add(_changed(_made(), edit), SCHEMA, columns=["Biosamples: Description"])
    cell = load_workbook(io.BytesIO(made.content))["People"]["A6"]
    assert made.valued == ("People A6",) and (cell.value, cell.data_type) == ("#REF!", "e")
