"""What the check would refuse is not filled: the errors that filled cells bring are looked for before they are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from rembi_sheets import checks
from rembi_sheets.checks import columns, lists, references
from rembi_sheets.fill.identity import identity, told_by_any
from rembi_sheets.fill.model import Entry, State
from rembi_sheets.findings import Finding, Severity
from rembi_sheets.plates.ranges import expanded
from rembi_sheets.schema import Column, Layout
from rembi_sheets.submission import from_tables
from rembi_sheets.tables import Table, Tables

Fault = tuple[str, int, str]  # code, row of the frame, label of the column


class Referee:
    """Judges what is filled into the tables `before`."""

    def __init__(self, before: Tables) -> None:
        self._before = before
        self._had: dict[str, set[Fault]] = {}

    def refused(self, after: Tables, entries: Sequence[Entry]) -> Mapping[int, str]:
        """By `id` of an entry that is filled: why it cannot stay.

        An error at a filled cell refuses it. One elsewhere in a row that was there refuses what brought it. A workbook
        that had no error gets no row that lacks something; one that is being filled in does.
        """
        filled: dict[str, list[Entry]] = {}
        for e in entries:
            if e.state is State.FILLED:
                filled.setdefault(e.proposal.sheet, []).append(e)
        out: dict[int, str] = {}
        for name, those in filled.items():
            had = self._faults(name)
            fresh = [f for f in _errors(after[name], after) if _fault(f) not in had]
            if fresh:
                _judge(after[name], self._there(name), those, fresh, out)
        there = {name: self._there(name) for name in filled}
        new = [e for name, those in filled.items() for e in those if e.row not in there[name]]
        if not out and new and self._finished:
            for f in _all_errors(after):
                out |= {id(e): f.message for e in new if f.sheet == e.place.sheet and e.row in {r for r, _ in f.cells}}
        return out

    def _there(self, name: str) -> set[int]:
        return set(self._before[name].frame.index)

    def _faults(self, name: str) -> set[Fault]:
        if name not in self._had:
            self._had[name] = {_fault(f) for f in _errors(self._before[name], self._before)}
        return self._had[name]

    @cached_property
    def _finished(self) -> bool:
        """Has the workbook something in it, and no error?"""
        return not self._before.blank and next(_all_errors(self._before), None) is None


def _all_errors(tables: Tables) -> Iterator[Finding]:
    """The errors of a workbook that need no archive and no folder to be seen."""
    archives = tables.archives
    tables = replace(tables, tables={name: _well_by_well(t) for name, t in tables.tables.items()})
    for f in (*checks.check(tables, archives), *checks.check_submission(from_tables(tables), archives)):
        if f.severity is Severity.ERROR:
            yield f


def _errors(table: Table, tables: Tables) -> Iterator[Finding]:
    # columns that the sheet has not yet are judged like the others; they come before their cells are written
    table = replace(table, columns={**dict.fromkeys(map(str, table.frame.columns), 0), **table.columns})
    table = _well_by_well(table)
    found = [
        *columns.check_cells(table, tables.schema, tables.archives),
        *references.check_cells(table, tables, references.targets(tables)),
        *lists.check_cells(table),
    ]
    yield from (f for f in found if f.severity is Severity.ERROR)


def _well_by_well(table: Table) -> Table:
    """As a table is checked: a row that stands for several wells as one for each."""
    return expanded(table, []) if table.sheet.own and table.source is None and not table.empty else table


def _fault(f: Finding) -> Fault:
    return f.code, f.cells[0][0] if f.cells else 0, f.column


def _judge(
    table: Table, there: set[int], filled: Sequence[Entry], fresh: Sequence[Finding], out: dict[int, str]
) -> None:
    form = table.sheet.layout is Layout.FORM
    by_row: dict[int, list[Entry]] = {}
    for e in filled:
        if e.row is not None:
            by_row.setdefault(e.row, []).append(e)
    keys = set(identity(table.sheet))
    for f in fresh:
        for row in [0] if form else sorted({r for r, _ in f.cells}):
            mine = by_row.get(row, [])
            at = [e for e in mine if e.place.label == f.column]
            if not at and row in there:
                at = [e for e in mine if _brings(table, e.proposal.column, f.column)] or mine
            refused = keys & {e.proposal.column for e in at}
            left = keys & {e.proposal.column for e in mine} - refused
            if refused and row not in there and not (left and told_by_any(table.sheet)):
                at = mine  # a row without its name is none
            out.update({id(e): f.message for e in at})


def _brings(table: Table, name: str, label: str) -> bool:
    """Is a column one by which a cell under this heading is needed?"""
    column: Column | None = next((c for c in table.sheet.columns if c.label == label), None)
    if column is None:
        return False
    whens = [t.when for t in column.archives.values() if t.when]
    return name in (column.ids_of, column.parallel_to) or any(name in (*w.filled, *w.empty, w.column) for w in whens)
