"""What spreadsheets do to tables: a cell dragged down counts up (60), the example of the head stays as a row (62)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from rembi_sheets.findings import Finding, find
from rembi_sheets.schema import Column, Kind, Layout
from rembi_sheets.tables import Table
from rembi_sheets.values import convert, to_cell

_NUMBER = re.compile(r"\d{1,15}")
_TYPED = (Kind.TEXT, Kind.LONGTEXT, Kind.TERM, Kind.CHOICE, Kind.VARIABLE)
_RUN = 3  # rows that count up; two do beside an equal label


def check_cells(table: Table) -> list[Finding]:
    """Findings on the rows of a table, or of a part of one."""
    if table.sheet.layout is Layout.FORM or not table.rows:
        return []
    return [*_counting(table), *_examples(table)]


def _counting(table: Table) -> Iterator[Finding]:
    """Values whose last number grows by one from row to row although what stands beside stays the same."""
    naming = _naming(table)
    for column in table.sheet.columns:
        if column.name not in table.columns or column.kind not in _TYPED or column.name == naming:
            continue
        if table.sheet.own is not None and not column.ids_of:
            continue  # names of files, images and wells count up
        texts = [_text(v) for v in table.values(column.name)]
        for start, end in _runs(texts):
            beside = _beside(table, column, start, end)
            least = 2 if column.ids_of else _RUN
            if beside is None or end - start < least:
                continue
            rows = table.rows[start:end]
            yield find(
                "COUNTS-UP",
                [table.place(r, column.name) for r in rows[1:]],
                value=texts[start + 1],
                first=texts[start],
                last=texts[end - 1],
                beside=beside,
            )


def _naming(table: Table) -> str:
    """The column that names a row, whose values may count up: the first of the key that points to no other sheet."""
    columns = {c.name: c for c in table.sheet.columns}
    return next((name for name in table.sheet.key if columns[name].kind is not Kind.REFERENCE), "")


def _text(value: Any) -> str:
    shown = to_cell(value)
    return shown if isinstance(shown, str) else ""


def _runs(texts: list[str]) -> Iterator[tuple[int, int]]:
    """Spans of at least two neighbours of which each counts one up from the one before."""
    start = 0
    for i in range(1, len(texts) + 1):
        if i < len(texts) and _one_up(texts[i - 1], texts[i]):
            continue
        if i - start > 1:
            yield start, i
        start = i


def _one_up(before: str, after: str) -> bool:
    if before == after or not before or not after or before[:1] != after[:1]:
        return False
    a, b = _last_number(before), _last_number(after)
    return a is not None and b is not None and a[0] == b[0] and a[2] == b[2] and int(b[1]) == int(a[1]) + 1


def _last_number(text: str) -> tuple[str, str, str] | None:
    numbers = list(_NUMBER.finditer(text))
    if not numbers:
        return None
    last = numbers[-1]
    return text[: last.start()], last[0], text[last.end() :]


def _beside(table: Table, column: Column, start: int, end: int) -> str | None:
    """What stays the same over the rows: the label of an identifier, else a typed column beside; None when nothing."""
    if column.ids_of:
        names = [column.ids_of]
    else:
        typed = {c.name for c in table.sheet.columns if c.kind in _TYPED}
        names = [n for n in table.columns if n in typed and n != column.name]
    for name in names:
        if name not in table.names:
            continue
        values = {_text(v) for v in table.values(name)[start:end]}
        if len(values) == 1 and (value := values.pop()):
            return value
    return None


def _examples(table: Table) -> Iterator[Finding]:
    """Rows in which every filled cell repeats the example of its column: that of one profile, or the column's own."""
    if table.sheet.own is not None and len(table.rows) > 1:
        return
    columns = {c.name: c for c in table.sheet.columns if not c.own and c.example and c.name in table.columns}
    profiles = ("", *dict.fromkeys(p for c in columns.values() for p in c.examples))

    @cache  # most rows differ from every example in their first cell, so that few are ever read
    def example(profile: str, name: str) -> object:
        return convert(columns[name].example_for(profile), columns[name])[0]

    for row, values in table.records():
        filled = {n: v for n, v in zip(table.names, values, strict=True) if v is not None}
        if len(filled) > 1 and any(
            all(n in columns and example(p, n) == v for n, v in filled.items()) for p in profiles
        ):
            first = next(iter(filled))
            yield find("EXAMPLE-ROW", table.place(row, first), value=to_cell(filled[first]), row=row)
