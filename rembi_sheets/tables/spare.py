"""Rows that a template may bring and that a study does not use: another instrument, the address of nobody in it.

They are those of sheets whose rows serve as defaults and are named elsewhere, which nothing names. Nothing is written
of them, so that they may be filled in partly, and count nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from rembi_sheets.findings import Finding, Severity
from rembi_sheets.tables.model import Table, Tables
from rembi_sheets.values import fold


def spare(tables: Tables) -> Mapping[str, frozenset[int]]:
    """By sheet, the rows that nothing names; none while a name leads nowhere, since one of them may be meant by it."""
    out: dict[str, frozenset[int]] = {}
    for table in tables:
        if not table.sheet.defaults or not table.sheet.key or table.empty:
            continue
        columns = [(t, c.name) for t in tables for c in t.sheet.columns if c.reference == table.sheet.name]
        if not columns:
            continue
        named = {fold(n) for t, column in columns for n in _names(t, column)}
        names = zip(table.rows, table.values(table.sheet.key[0]), strict=True)
        rows = {int(row): fold(name) for row, name in names if isinstance(name, str)}
        if named <= set(rows.values()):
            out[table.sheet.name] = frozenset(r for r, name in rows.items() if name not in named)
    return {name: rows for name, rows in out.items() if rows}


def without(tables: Tables, rows: Mapping[str, frozenset[int]]) -> Tables:
    """The tables without these rows."""
    made = {n: replace(t, cells=t.cells.without(rows[n])) for n, t in tables.tables.items() if n in rows}
    return replace(tables, tables={**tables.tables, **made}) if made else tables


def unmuted(findings: Iterable[Finding], tables: Tables, rows: Mapping[str, frozenset[int]]) -> list[Finding]:
    """Findings but for errors and warnings that are about such rows alone."""
    by_title = {tables[name].title: numbers for name, numbers in rows.items()}
    return [
        f
        for f in findings
        if f.severity is Severity.NOTE
        or not f.cells
        or not {r for r, _ in f.cells} <= by_title.get(f.sheet, frozenset())
    ]


def _names(table: Table, column: str) -> Iterator[str]:
    for part in table.parts():
        for value in part.values(column) if column in part.names else ():
            yield from (n for n in (value if isinstance(value, tuple) else (value,)) if isinstance(n, str))
