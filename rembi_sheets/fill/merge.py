"""Tables and proposals -> tables with what is known, and what came of each proposal. Pure; the rules stand here.

    the cell             read or derived                                 guess
    empty                filled                                          a question
    equal                confirmed                                       left
    different            left, listed with both values                   left
    two sources differ   neither is filled, both are listed              -

Nothing that stands in a cell is ever changed. Rows are matched by what tells them apart, new ones go below the last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from rembi_sheets.fill.drafts import Draft
from rembi_sheets.fill.gaps import lacking
from rembi_sheets.fill.identity import identity
from rembi_sheets.fill.model import Entry, Merged, Proposal, Said, State, Unplaced, each
from rembi_sheets.fill.refuse import Referee
from rembi_sheets.fill.rows import astray
from rembi_sheets.tables import OWN, Columns, Table, Tables
from rembi_sheets.values import Value, convert, fold


def merge(tables: Tables, proposals: Iterable[Said], *, accept_guesses: bool = False) -> Merged:
    """Fill what is empty with what sources know. `accept_guesses`: guesses count as if they stood in their source."""
    by_sheet: dict[str, list[Proposal]] = {}
    for p in each(proposals):
        by_sheet.setdefault(p.sheet, []).append(p)
    drafts: list[Draft] = []
    unplaced: list[Unplaced] = []
    for name in tables.schema.by_name:
        if name not in by_sheet:
            continue
        if tables[name].source is not None:
            table = tables[name].title
            unplaced += [astray(p, f"the table {table} beside the workbook is not filled") for p in by_sheet[name]]
        else:
            drafts.append(Draft(tables[name], accept_guesses))
            unplaced += drafts[-1].take(by_sheet[name])
    for name in by_sheet.keys() - tables.schema.by_name.keys():
        unplaced += [astray(p, "no sheet is for it") for p in by_sheet[name]]
    known = _names(tables, drafts)
    entries = [e for draft in drafts for e in draft.entries(known)]
    made = _with(tables, entries)
    referee = Referee(tables)
    while more := referee.refused(made, entries):
        entries = [replace(e, state=State.NOT_UNDERSTOOD, why=more[id(e)]) if id(e) in more else e for e in entries]
        made = _with(tables, entries)
    asked = {} if accept_guesses else lacking(tables, made, entries)
    if asked:
        entries = [_asked(e, asked[id(e)]) if id(e) in asked else e for e in entries]
        made = _with(tables, entries)
    return Merged(made, tuple(_placed(e, made[e.proposal.sheet]) for e in entries), tuple(unplaced))


def _asked(e: Entry, why: str) -> Entry:
    """An entry of a new row as a question; the row is not made."""
    return replace(e, state=State.QUESTIONS, why=why, row=None, place=replace(e.place, row=0))


def _placed(e: Entry, table: Table) -> Entry:
    """An entry with its cell in an own column that the table has got."""
    name = e.proposal.column
    return replace(e, place=table.place(e.row, name)) if not e.place.column and e.row and name in table.columns else e


def _names(tables: Tables, drafts: Sequence[Draft]) -> Mapping[str, Mapping[str, str]]:
    """Folded name -> name of the rows of each sheet that others refer to, new ones included."""
    out: dict[str, dict[str, str]] = {}
    for table in tables:
        if not identity(table.sheet):
            continue
        first = identity(table.sheet)[0]
        names = [v for v in table.frame[first] if isinstance(v, str)] if first in table.frame.columns else []
        more = [n for d in drafts if d.sheet == table.sheet.name for n in d.names()]
        for name in (*names, *more):
            out.setdefault(table.sheet.name, {}).setdefault(fold(name), name)
    return out


def _with(tables: Tables, entries: Sequence[Entry]) -> Tables:
    """The tables with what is filled."""
    by_sheet: dict[str, list[Entry]] = {}
    for e in entries:
        if e.state is State.FILLED:
            by_sheet.setdefault(e.proposal.sheet, []).append(e)
    made = {name: _filled(tables[name], found, tables) for name, found in by_sheet.items()}
    return replace(tables, tables={**tables.tables, **made}) if made else tables


def _filled(table: Table, entries: Sequence[Entry], tables: Tables) -> Table:
    """One table with what is filled; own columns that it has not yet come behind the others."""
    columns = dict(table.columns)
    index = list(table.rows)
    index += sorted({e.row for e in entries if e.row is not None} - set(index))
    at = {row: n for n, row in enumerate(index)}
    more = len(index) - len(table.rows)
    values: dict[str, list[Value]] = {n: [*table.values(n), *[None] * more] for n in table.names}
    for name in _own_in_order(entries):
        columns.setdefault(name, max(columns.values(), default=0) + 1)
    for e in entries:
        name = e.proposal.column
        column = table.sheet.own if name.startswith(OWN) else table.sheet[name]
        assert column is not None and e.row is not None
        value, _ = convert(e.value, column, tables.rows_of(column))
        values.setdefault(name, [None] * len(index))[at[e.row]] = value
    return replace(table, cells=Columns(values, index), columns=columns)


def _own_in_order(entries: Iterable[Entry]) -> list[str]:
    """Own columns as their source has them: what a row has before another column stands before it."""
    rows: dict[int | None, dict[str, None]] = {}
    for e in entries:
        if e.proposal.column.startswith(OWN):
            rows.setdefault(e.row, {})[e.proposal.column] = None
    out: list[str] = []
    for names in dict.fromkeys(map(tuple, rows.values())):
        for n, name in enumerate(names):
            if name not in out:
                out.insert(min((out.index(m) for m in names[n + 1 :] if m in out), default=len(out)), name)
    return out
