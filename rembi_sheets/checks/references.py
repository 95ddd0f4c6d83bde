"""References between sheets: every name a cell repeats must stand in the sheet it refers to (rule 5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rembi_sheets import vocabularies
from rembi_sheets.findings import Finding, find
from rembi_sheets.schema import Column, Kind
from rembi_sheets.submission import fold
from rembi_sheets.tables import Table, Tables


def targets(tables: Tables) -> Mapping[str, Mapping[str, str]]:
    """Folded name -> name for the rows of every sheet that others refer to."""
    wanted = {c.reference for t in tables for c in t.sheet.columns if c.kind is Kind.REFERENCE}
    return {name: _names(tables[name]) for name in sorted(wanted)}


def check_cells(table: Table, tables: Tables, known: Mapping[str, Mapping[str, str]]) -> list[Finding]:
    """A finding for each name that is not in the other sheet, with the nearest that is; `known` are `targets`."""
    out: list[Finding] = []
    for column in table.sheet.columns:
        if column.kind is Kind.REFERENCE and column.name in table.columns:
            out += _column(table, column, tables[column.reference].title, known[column.reference])
    return out


def _names(table: Table) -> Mapping[str, str]:
    """Folded name -> name, for every row of the sheet referred to; the first of two equal ones counts."""
    known: dict[str, str] = {}
    for value in table.values(table.sheet.key[0]):
        if isinstance(value, str):
            known.setdefault(fold(value), value)
    return known


def _column(table: Table, column: Column, target: str, known: Mapping[str, str]) -> Iterator[Finding]:
    exact = set(known.values())
    judged = {
        value: [(name, *_judge(name, known, _listed(value))) for name in others]
        for value in table.distinct(column.name)
        if (others := [name for name in _listed(value) if name not in exact])
    }
    if not judged:
        return
    for row, value in zip(table.rows, table.values(column.name), strict=True):
        for name, code, near in judged.get(value, ()):
            yield find(code, table.place(row, column.name), value=name, target=target, suggestions=near)


def _listed(value: Any) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, str) else ()


def _judge(name: str, known: Mapping[str, str], cell: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    spelled = known.get(fold(name))
    if spelled is not None:
        return "REF-SPELLING", (spelled,)
    return "REF-UNKNOWN", vocabularies.near(name, known.values(), 2, taken=[n for n in cell if n != name])
