"""Names of a record that are longer than a name can be: shortened, wherever they are referred to, and told.

A row whose name no cell can hold would be left out with all that refers to it; a name that ends earlier keeps both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from rembi_sheets.schema import Column
from rembi_sheets.tables import Table, Tables
from rembi_sheets.values import Value, fold

_NUMBER = 4  # letters for a number behind a name, where two begin alike


def shortened(tables: Tables) -> tuple[Tables, dict[tuple[str, str, str], str]]:
    """Tables without names that are too long; (sheet, cell, name) -> what it is called now."""
    short: dict[str, dict[str, str]] = {}
    told: dict[tuple[str, str, str], str] = {}
    for table in tables:
        column = next((c for c in table.sheet.columns if c.names and c.name in table.frame.columns), None)
        known = dict(_too_long(table, column)) if column is not None else {}
        if column is None or not known:
            continue
        short[table.sheet.name] = known
        for row, name in zip(table.frame.index, table.frame[column.name], strict=True):
            if name in known:
                told[table.title, table.place(int(row), column.name).a1, name] = known[name]
    if not short:
        return tables, told
    return replace(tables, tables={t.sheet.name: _renamed(t, short) for t in tables}), told


def _too_long(table: Table, column: Column) -> Iterator[tuple[str, str]]:
    """Names that have not the form of the column, with others that begin alike and have."""
    if column.format is None:
        return
    form = re.compile(column.format.pattern)
    taken = {fold(v) for v in table.frame[column.name] if isinstance(v, str)}
    for name in dict.fromkeys(v for v in table.frame[column.name] if isinstance(v, str) and not form.fullmatch(v)):
        begun = _begun(name, form)
        number, tried = 1, begun
        while begun and fold(tried) in taken:
            number += 1
            tried = f"{begun} {number}"
        if begun:
            taken.add(fold(tried))
            yield name, tried


def _begun(name: str, form: re.Pattern[str]) -> str:
    """How a name begins, up to the end of a word, with room for a number; '' where that is no name either."""
    words = name.split(" ")
    while words and not form.fullmatch(" ".join(words) + "9" * _NUMBER):
        words.pop()
    return " ".join(words).rstrip(" ,") if words else ""


def _renamed(table: Table, short: Mapping[str, Mapping[str, str]]) -> Table:
    """A table that calls rows as they are called now."""
    changed: dict[str, list[Value]] = {}
    for column in table.sheet.columns:
        known = short.get(table.sheet.name if column.names else column.reference, {})
        if known and column.name in table.frame.columns:
            changed[column.name] = [_called(v, known) for v in table.frame[column.name]]
    if not changed:
        return table
    return replace(table, cells=table.cells.changed(changed))


def _called(value: Value, known: Mapping[str, str]) -> Value:
    if isinstance(value, tuple):
        return tuple(known.get(v, v) if isinstance(v, str) else v for v in value)
    return known.get(value, value) if isinstance(value, str) else value
