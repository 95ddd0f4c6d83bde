"""The cells of a table by columns say the same whether they are kept as lists, by different values, or not at all."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from rembi_sheets.coded import Coded, by_values, shortened
from rembi_sheets.tables import Columns
from rembi_sheets.values import UNREADABLE, Term

TEXTS = ["b", "a", None, "b", "b", "", "a", "b"]
ODD = [("x", "y"), 1, True, 1.0, UNREADABLE, Term("mouse", "NCBITaxon:10090"), ("x", "y"), None]
ROWS = [6, 7, 9, 10, 12, 13, 14, 20]


def coded(cells: list[Any]) -> Coded[Any]:
    """A column by its different values, some of them equal to each other."""
    codes = {id(v): n for n, v in reversed(list(enumerate(cells)))}
    pool = np.empty(len(cells), object)
    for n, value in enumerate(cells):
        pool[n] = value
    return Coded(pool, np.array([codes[id(v)] for v in cells], np.int32))


def said(columns: Columns) -> Any:
    """All that columns say, with the types of the values."""
    cells = {n: [(type(v), v) for v in columns.values(n)] for n in columns.names}
    distinct = {n: [(type(v), v) for v in columns.distinct(n)] for n in columns.names}
    return columns.rows, cells, distinct, list(columns.records()), columns.frame.to_numpy().tolist(), len(columns)


@pytest.fixture
def pair() -> tuple[Columns, Columns]:
    plain = Columns({"texts": TEXTS, "odd": ODD, "nothing": [None] * 8}, ROWS)
    return plain, Columns({"texts": coded(TEXTS), "odd": coded(ODD), "nothing": None}, np.array(ROWS))


def test_every_way_says_the_same(pair: tuple[Columns, Columns]) -> None:
    plain, other = pair
    assert said(other) == said(plain)
    assert plain.frame.index.tolist() == ROWS and list(plain.frame.columns) == ["texts", "odd", "nothing"]
    for made in (pickle.loads(pickle.dumps(other)), pickle.loads(pickle.dumps(plain))):
        assert said(made) == said(plain)
    assert pickle.loads(pickle.dumps(other)).values("odd")[4] is UNREADABLE


@pytest.mark.parametrize(
    "chosen", [slice(2, 6), np.array([True, False] * 4), np.array([7, 0, 0]), slice(0), np.array([], np.int64)]
)
def test_some_of_the_rows(pair: tuple[Columns, Columns], chosen: Any) -> None:
    plain, other = pair
    assert said(other.of_rows(chosen)) == said(plain.of_rows(chosen))
    assert plain.of_rows(chosen).values("texts") == np.array(TEXTS, object)[chosen].tolist()
    assert said(other.without([7, 20])) == said(plain.without([7, 20]))
    assert plain.without([7, 20]).rows == [6, 9, 10, 12, 13, 14]


def test_other_cells(pair: tuple[Columns, Columns]) -> None:
    plain, other = pair
    for columns in pair:
        shown = columns.changed({"texts": columns.mapped("texts", repr), "more": None})
        assert shown.values("texts") == list(map(repr, TEXTS)) and shown.distinct("more") == {None}
        assert list(shown.names) == ["texts", "odd", "nothing", "more"] and columns.values("texts") == TEXTS
    assert said(other.changed({"odd": None})) == said(plain.changed({"odd": [None] * 8}))


def test_columns_that_repeat_are_kept_by_their_values() -> None:
    for cells, often in ((["a", "b", ""] * 4, True), (list("abcdefghijkl"), False), (["a", None] * 6, False)):
        held = by_values(shortened(cells), lambda values: [(v,) for v in values])
        assert list(held) == [(v,) for v in cells] and isinstance(held, Coded) is often
