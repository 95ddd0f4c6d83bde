"""Values typed into cells that a file has, and into such that it does not have yet."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from rembi_sheets.cells import Raw
from rembi_sheets.workbook.insert import typed


@pytest.fixture(scope="module")
def book() -> bytes:
    """Cells with words, a number, a formula; B2 empty but there, D4 and row 3 not there at all."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "One"
    sheet["A1"], sheet["C1"], sheet["A2"], sheet["B2"], sheet["A4"] = "words", 7, "=C1*2", None, "last"
    sheet["B2"].number_format = "0.00"
    made.create_sheet("Two")
    content = BytesIO()
    made.save(content)
    return content.getvalue()


def values(content: bytes) -> dict[tuple[str, str], object]:
    return {(s.title, c.coordinate): c.value for s in load_workbook(BytesIO(content)) for r in s for c in r if c.value}


@pytest.mark.parametrize("value", ["Ärmel & <b>", 3, 0.25, "2027-06-01", "'", "=1+1"])
@pytest.mark.parametrize("at", [(1, 1), (1, 2), (1, 3), (1, 40), (2, 2), (2, 9), (3, 1), (4, 4), (90, 5)])
def test_it_stands_where_it_was_typed(book: bytes, at: tuple[int, int], value: Raw) -> None:
    content, done = typed(book, {("One", *at): value})
    assert done == {("One", *at)}
    read = load_workbook(BytesIO(content))["One"].cell(*at).value
    assert read == value
    there = {k: v for k, v in values(content).items() if load_workbook(BytesIO(content))[k[0]][k[1]].value != value}
    assert there.items() <= values(book).items()


def test_several_at_once_in_any_order_and_sheet(book: bytes) -> None:
    wanted = {("Two", 5, 2): "b", ("One", 4, 2): "y", ("One", 3, 3): "z", ("One", 1, 1): None, ("Two", 5, 1): "a"}
    content, done = typed(book, wanted)
    assert done == set(wanted)
    old = {k: v for k, v in values(book).items() if k != ("One", "A1")}
    new = {("Two", "B5"): "b", ("Two", "A5"): "a", ("One", "B4"): "y", ("One", "C3"): "z"}
    assert values(content) == old | new


@pytest.mark.parametrize("cell", [("One", 2, 1), ("Three", 1, 1)])
def test_a_formula_and_another_sheet_are_left_alone(book: bytes, cell: tuple[str, int, int]) -> None:
    content, done = typed(book, {cell: "x", ("One", 6, 6): "y"})
    assert done == {("One", 6, 6)}
    assert values(content) == values(book) | {("One", "F6"): "y"}


def test_nothing_into_a_cell_that_is_not_there_changes_nothing(book: bytes) -> None:
    assert typed(book, {("One", 50, 50): None, ("One", 3, 1): ""})[1] == frozenset()
