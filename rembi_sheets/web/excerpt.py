"""A finding's row as a small piece of its sheet, with the cell marked. Pure: Book and Tables in, plain data out.

An excerpt is a mapping ready for JSON:

    heads   [{letter, label, band, weight, far, on, right}]  `letter` is "" for columns that are left out
    rows    [{no, cells: [{text, kind, far, right}]}] or [{fold: number of rows left out}]
    where   "Image data, row 6", cell "U6"
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from rembi_sheets.cells import Book, Raw, Sheet, a1, letters
from rembi_sheets.findings import Finding
from rembi_sheets.report.words import shown as harmless
from rembi_sheets.schema import Column, Kind, Layout
from rembi_sheets.shown import general, shown
from rembi_sheets.tables import OWN, Table, Tables
from rembi_sheets.workbook.layout import weight

_BESIDE = 2  # columns shown on each side of the marked one
_WIDE = 5  # columns shown in all, the first one (the row's name) among them
_NEIGHBOUR, _MARKED = 60, 400  # characters shown of a cell


class Excerpts:
    """Excerpts of one workbook."""

    def __init__(self, book: Book, tables: Tables, archives: tuple[str, ...]) -> None:
        self._sheets = {s.title: s for s in reversed(book.sheets)}
        self._tables = {t.title: t for t in tables}
        self._archives = archives

    def of(self, finding: Finding) -> dict[str, Any] | None:
        """The excerpt of a finding; None when it has no cell."""
        table = self._tables.get(finding.sheet)
        if not finding.cells or table is None:
            return None
        row, column = finding.cells[0]
        same = sorted({r for r, c in finding.cells if c == column})
        sheet = self._sheets.get(finding.sheet) if table.source is None else None
        if table.sheet.layout is Layout.FORM:
            made = self._line(table, sheet, row, column)
        else:
            made = self._row(table, sheet, same, column, finding.value)
        rows = f"row {same[0]}" if len(same) == 1 else f"rows {same[0]} to {same[-1]}"
        return made | {"where": f"{finding.sheet}, {rows}", "cell": a1(row, column)}

    def _line(self, table: Table, sheet: Sheet | None, row: int, column: int) -> dict[str, Any]:
        """A line of a form: its label, the value, and what stands behind it."""
        name = next((n for n, number in table.columns.items() if number == row), "")
        spec = table.sheet.by_name.get(name)
        heads = [_head(letters(n), on=n == column) | {"far": n == 3 != column} for n in (1, 2, 3)]
        cells: list[dict[str, Any]] = [
            {"text": table.label(name) if name else text(sheet, row, 1), "kind": "label"},
            {"text": text(sheet, row, 2, _MARKED), "kind": "cell" if column == 2 else ""},
            {"text": text(sheet, row, 3), "kind": "who", "far": True},
        ]
        if column != 2:
            cells[min(column, 3) - 1]["kind"] = "cell"
        sign = weight(table.sheet, spec, self._archives).value if spec else ""
        return {"form": True, "sign": sign, "heads": heads, "rows": [{"no": row, "cells": cells}]}

    def _row(self, table: Table, sheet: Sheet | None, rows: Sequence[int], column: int, value: str) -> dict[str, Any]:
        by_number = {number: name for name, number in table.columns.items()}
        key = table.columns.get(table.sheet.key[0]) if table.sheet.key else None
        numbers = _window(sorted({*by_number, column}), key, column)
        first, last = rows[0], rows[-1]
        if first <= table.heading_row:  # a heading itself: there is no row below it to show
            heads = [_head(letters(n) if n else "", on=n == column) for n in numbers]
        else:
            heads = [self._heading(table, by_number.get(n, ""), n, n == column) for n in numbers]
        for head, n in zip(heads, numbers, strict=True):
            head["far"] = n not in (key, column)
        shown_rows: list[dict[str, Any]] = [_cells(sheet, first, numbers, key, column, value, heads)]
        if last != first:
            if len(rows) > 2:
                shown_rows.append({"fold": len(rows) - 2})
            shown_rows.append(_cells(sheet, last, numbers, key, column, value, heads))
        return {"form": False, "heads": heads, "rows": shown_rows}

    def _heading(self, table: Table, name: str, number: int, on: bool) -> dict[str, Any]:
        if not number:
            return _head("")
        spec = table.sheet.by_name.get(name)
        if spec is None:
            label = table.label(name) if name.startswith(OWN) else ""
            return _head(letters(number), label, on=on, weight="optional")
        short = spec.short if spec.band else ""
        label = table.former.labels.get(name, "") or short or spec.label
        return _head(
            letters(number),
            label,
            band=spec.band if short else "",
            weight=weight(table.sheet, spec, self._archives).value,
            on=on,
            right=_right(spec),
        )


def _head(
    letter: str, label: str = "", band: str = "", weight: str = "", on: bool = False, right: bool = False
) -> dict[str, Any]:
    return {"letter": letter, "label": label, "band": band, "weight": weight, "on": on, "right": right, "far": False}


def _right(column: Column) -> bool:
    return column.kind in (Kind.INTEGER, Kind.NUMBER)


def _window(numbers: Sequence[int], key: int | None, column: int) -> list[int]:
    """The sheet columns shown: the row's name, then the marked one among its neighbours; 0 where some are left out."""
    others = [n for n in numbers if n != key]
    if column == key:
        near = others[: _WIDE - 1]
    else:
        at = others.index(column)
        start = max(0, min(at - _BESIDE, len(others) - (_WIDE - 1)))
        near = others[start : start + _WIDE - 1] if start or key is None else others[: _WIDE - 1]
        if column not in near:
            near = others[at - 1 : at + _WIDE - 2]
    shown_ = near if key is None else sorted([key, *near])
    out: list[int] = []
    for n in shown_:
        if out and any(out[-1] < other < n for other in numbers):
            out.append(0)
        out.append(n)
    return out


def _cells(
    sheet: Sheet | None,
    row: int,
    numbers: Sequence[int],
    key: int | None,
    column: int,
    value: str,
    heads: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    cells = []
    for n, head in zip(numbers, heads, strict=True):
        kind = "cell" if n == column else "key" if n == key else "" if n else "gap"
        said = text(sheet, row, n, _MARKED if n == column else _NEIGHBOUR) if n else ""
        if sheet is None and n == column:
            said = _short(value, _MARKED)
        cells.append({"text": said, "kind": kind, "far": head["far"], "right": head["right"]})
    return {"no": row, "cells": cells}


def text(sheet: Sheet | None, row: int, column: int, most: int = _NEIGHBOUR) -> str:
    """What a cell shows, harmless and not too long; '' for an empty one."""
    if sheet is None or row > len(sheet.rows) or column > len(sheet.rows[row - 1]):
        return ""
    marked = sheet.marks.get((row, column))
    if marked:
        return _short(marked[1], most)
    raw = sheet.rows[row - 1][column - 1]
    # The formats of a sheet are read when the first is asked for; texts and what is empty need none.
    return _short(plain(raw, None if raw is None or isinstance(raw, str) else sheet.formats.get((row, column))), most)


def plain(raw: Raw, code: str | None = None) -> str:
    """A value as its cell shows it."""
    if raw is None:
        return ""
    if isinstance(raw, str):
        return raw
    seen = shown(raw, code) if code else None
    if seen is not None:
        return seen.text
    if isinstance(raw, bool):
        return str(raw).upper()
    if isinstance(raw, (int, float)):
        return general(raw)
    if isinstance(raw, dt.datetime) and raw.time() == dt.time():
        return raw.date().isoformat()
    return raw.isoformat(" ") if isinstance(raw, dt.datetime) else str(raw)


def _short(words: str, most: int) -> str:
    said = harmless(words)
    return said if len(said) <= most else f"{said[: most - 1]}…"
