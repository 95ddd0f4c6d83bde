"""A streamed table is converted once: later passes give the same parts and findings, whatever the first one met."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from rembi_sheets import steps
from rembi_sheets.findings import Finding, find
from rembi_sheets.tables import Columns
from rembi_sheets.tables.kept import kept
from rembi_sheets.values import UNREADABLE, Term

_CELLS = [["a.tif", "µ", None], [UNREADABLE, 7, ("x", "y")], [Term("mouse", "NCBITaxon:10090"), True, "µ"]]


class _Table:
    """Three parts, with a finding before, between and behind them; counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, findings: list[Finding] | None) -> Iterator[Columns]:
        self.asked += 1
        for n, cells in enumerate(_CELLS):
            if findings is not None:
                findings.append(find("TABLE-BAD", f"part {n}", what="x"))
            yield Columns({"path": cells, "own:b": [n] * 3}, range(3 * n, 3 * n + 3))
        if findings is not None:
            findings.append(find("TABLE-BAD", "end", what="x"))


def _pass(source: Any, told: list[Finding] | None = None) -> list[Any]:
    return [(p.rows, [(n, list(p.values(n)), list(p.distinct(n))) for n in p.names]) for p in source(told)]


def test_the_same_again() -> None:
    table = _Table()
    source = kept(table, "rows")
    expected: list[Finding] = []
    parts = _pass(_Table(), expected)
    for told in ([], None, []):
        assert _pass(source, told) == parts
        assert told is None or told == expected
    assert table.asked == 1
    assert next(iter(source(None))).values("path")[0] == "a.tif"
    assert any(v is UNREADABLE for p in source(None) for v in p.values("path"))  # the sign itself, not its like


def test_each_pass_tells_how_many_rows_are_done_and_from_the_second_on_of_how_many() -> None:
    source = kept(_Table(), "rows of Files")
    for total in (0, 9, 9):
        told: list[steps.Step] = []
        with steps.heard_by(told.append):
            _pass(source)
        assert told == [steps.Step("rows of Files", done, total) for done in (3, 6, 9)]


def test_a_pass_that_ends_early_keeps_nothing() -> None:
    table = _Table()
    source = kept(table, "rows")
    told: list[Finding] = []
    next(iter(source(told)))
    assert [f.cells for f in told] == [f.cells for f in [find("TABLE-BAD", "part 0", what="x")]]
    assert _pass(source) == _pass(_Table())
    assert table.asked == 2


def test_passes_at_the_same_time() -> None:
    source = kept(_Table(), "rows")
    _pass(source)
    pairs = list(zip(source(None), source(None), strict=True))
    assert all([*a.records()] == [*b.records()] for a, b in pairs) and len(pairs) == len(_CELLS)


def test_without_room_every_pass_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise OSError("no space left")

    monkeypatch.setattr("tempfile.TemporaryFile", none)
    table = _Table()
    source = kept(table, "rows")
    assert _pass(source) == _pass(source) == _pass(_Table())
    assert table.asked == 2
