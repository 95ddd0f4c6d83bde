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
from dataclasses import dataclass, field, replace
from typing import Any

from rembi_sheets.cells import Place
from rembi_sheets.fill.compare import Measures, distinct, in_unit_of_row, measures, same
from rembi_sheets.fill.identity import Rows, alike, identity
from rembi_sheets.fill.model import Confidence, Entry, Key, Merged, Proposal, Said, State, Unplaced, each
from rembi_sheets.fill.refuse import Referee
from rembi_sheets.findings import find
from rembi_sheets.paths import fault, form_of, held
from rembi_sheets.schema import Column, Kind, Layout, SheetSpec
from rembi_sheets.tables import OWN, Table, Tables, frame
from rembi_sheets.values import UNREADABLE, Value, convert, fold, to_cell

_FORM_ROW = 0
_ELSEWHERE = "another source says something else"


@dataclass
class _Row:
    """A row that proposals are about; `new`: the key of one that the sheet has not yet."""

    number: int
    new: Key | None = None
    proposals: list[Proposal] = field(default_factory=list)


def merge(tables: Tables, proposals: Iterable[Said], *, accept_guesses: bool = False) -> Merged:
    """Fill what is empty with what sources know. `accept_guesses`: guesses count as if they stood in their source."""
    by_sheet: dict[str, list[Proposal]] = {}
    for p in each(proposals):
        by_sheet.setdefault(p.sheet, []).append(p)
    drafts: list[_Draft] = []
    unplaced: list[Unplaced] = []
    for name in tables.schema.by_name:
        if name not in by_sheet:
            continue
        if tables[name].source is not None:
            table = tables[name].title
            unplaced += [_unplaced(p, f"the table {table} beside the workbook is not filled") for p in by_sheet[name]]
        else:
            drafts.append(_Draft(tables[name], accept_guesses))
            drafts[-1].take(by_sheet[name], unplaced)
    for name in by_sheet.keys() - tables.schema.by_name.keys():
        unplaced += [_unplaced(p, "no sheet is for it") for p in by_sheet[name]]
    known = _names(tables, drafts)
    entries = [e for draft in drafts for e in draft.entries(known)]
    made = _with(tables, entries)
    referee = Referee(tables)
    while more := referee.refused(made, entries):
        entries = [replace(e, state=State.NOT_UNDERSTOOD, why=more[id(e)]) if id(e) in more else e for e in entries]
        made = _with(tables, entries)
    return Merged(made, tuple(_placed(e, made[e.proposal.sheet]) for e in entries), tuple(unplaced))


def _placed(e: Entry, table: Table) -> Entry:
    """An entry with its cell in an own column that the table has got."""
    name = e.proposal.column
    return replace(e, place=table.place(e.row, name)) if not e.place.column and e.row and name in table.columns else e


def _unplaced(p: Proposal, why: str) -> Unplaced:
    return Unplaced(p.source, p.where, "" if p.value is None else str(p.value), why)


class _Draft:
    """One sheet: which row each proposal is about, and what becomes of each cell."""

    def __init__(self, table: Table, accept_guesses: bool) -> None:
        self._table, self._accept = table, accept_guesses
        self._form = table.sheet.layout is Layout.FORM
        self._measures = measures(table.sheet)
        self._cells = {str(n): dict(zip(table.frame.index, table.frame[n], strict=True)) for n in table.frame.columns}
        self._rows: dict[int, _Row] = {}

    def take(self, proposals: Sequence[Proposal], unplaced: list[Unplaced]) -> None:
        """Find the row of each proposal; a key that no row has, and of which something is sure, makes one."""
        if self._form:
            self._rows[_FORM_ROW] = _Row(_FORM_ROW, None, list(proposals))
            return
        sheet = self._table.sheet
        rows = Rows(self._table)
        by_key: dict[Key, list[Proposal]] = {}
        there = set(self._table.frame.index)
        for p in proposals:
            if p.row is not None and p.row in there:
                self._at(p.row).proposals.append(p)
            elif why := _unusable(sheet, p):
                unplaced.append(_unplaced(p, why))
            elif p.key is not None:
                by_key.setdefault(p.key, []).append(p)
        last = max((int(n) for n in self._table.frame.index), default=self._table.heading_row)
        open_to: dict[int, list[Key]] = {}
        waiting: list[Key] = []
        nameless = [key for key in by_key if not key[0]]
        for key in by_key:
            if not key[0]:
                continue
            found = rows.of(key)
            for row in found:
                self._at(row).proposals += by_key[key]
            if not found:
                waiting.append(key)
                for row in rows.open_to(key):
                    open_to.setdefault(row, []).append(key)
        sole = {keys[0]: row for row, keys in open_to.items() if len(keys) == 1}
        for key in waiting:
            if key in sole:
                self._at(sole[key]).proposals += [*_key_proposals(sheet, key, by_key[key]), *by_key[key]]
                continue
            found = rows.of(key)  # a row that another spelling of the key has made
            if not found:
                last += 1
                rows.add(last, key)
                self._at(last).new = key
                found = [last]
            for row in found:
                self._at(row).proposals += [*_key_proposals(sheet, key, by_key[key]), *by_key[key]]
        for key in nameless:  # they make no row, but may be about one that others have made
            found = rows.of(key)
            for row in found:
                self._at(row).proposals += by_key[key]
            if not found:
                unplaced += [_unplaced(p, "no row is like this") for p in by_key[key]]

    def _at(self, number: int) -> _Row:
        return self._rows.setdefault(number, _Row(number))

    def names(self) -> Iterable[str]:
        """Names of the rows that come on top."""
        for row in self._rows.values():
            if row.new is not None and self._sure(row.proposals):
                yield row.new[0]

    def _sure(self, proposals: Sequence[Proposal]) -> list[Proposal]:
        return [p for p in proposals if self._accept or p.confidence is not Confidence.GUESS]

    def entries(self, known: Mapping[str, Mapping[str, str]]) -> Iterable[Entry]:
        """What becomes of each proposal, row by row."""
        sheet = self._table.sheet
        for number in sorted(self._rows):
            row = self._rows[number]
            begun = row.new is None or bool(self._sure(row.proposals))
            typed = {name: cells.get(number) for name, cells in self._cells.items()}
            by_column: dict[str, list[Proposal]] = {}
            for p in in_unit_of_row(sheet, self._measures, typed, row.proposals):
                by_column.setdefault(p.column, []).append(p)
            made: dict[str, list[Entry]] = {}
            for name, proposals in by_column.items():
                made[name] = list(self._cell(row.number, name, proposals, typed.get(name), known))
            _with_their_units(self._measures, made, typed)
            nameless = row.new is not None and begun and not self._named(row.new, made)
            for entries in made.values():
                for e in entries:
                    if nameless and e.state is not State.NOT_UNDERSTOOD:
                        yield replace(e, state=State.NOT_UNDERSTOOD, why="its row would have no name that can be used")
                        continue
                    lone = not begun and e.state is State.QUESTIONS
                    yield replace(e, row=None, place=replace(e.place, row=0)) if lone else e

    def _named(self, key: Key, made: Mapping[str, Sequence[Entry]]) -> bool:
        """Does each part of the key of a new row come to stand in it?"""
        parts = zip(identity(self._table.sheet), key, strict=True)
        return all(any(e.state is State.FILLED for e in made.get(name, ())) for name, part in parts if part)

    def _cell(
        self,
        row: int,
        name: str,
        proposals: Sequence[Proposal],
        typed: Value,
        known: Mapping[str, Mapping[str, str]],
    ) -> Iterable[Entry]:
        column = self._column(name)
        place = self._place(row, name)
        if column is None:
            yield from (
                Entry(State.NOT_UNDERSTOOD, p, place, p.value, row, why="no column is for it") for p in proposals
            )
            return
        read: list[tuple[Proposal, Value]] = []
        for p in proposals:
            value, why = _converted(p, column, place, known)
            if why:
                yield Entry(State.NOT_UNDERSTOOD, p, place, p.value, row, why=why)
            else:
                read.append((p, value))
        sure = [(p, v) for p, v in read if self._accept or p.confidence is not Confidence.GUESS]
        if typed is not None:
            for p, value in sure:
                state = State.CONFIRMED if same(column, typed, value) else State.DIFFERS
                yield Entry(state, p, place, to_cell(value), row, to_cell(typed))
        elif sure:
            unlike = distinct(column, (v for _, v in sure))
            for n, (p, value) in enumerate(sure):
                if len(unlike) > 1:
                    other = next(v for v in unlike if not same(column, v, value))
                    yield Entry(State.DIFFERS, p, place, to_cell(value), row, to_cell(other), _ELSEWHERE)
                else:
                    state = State.CONFIRMED if n else State.FILLED
                    yield Entry(state, p, place, to_cell(unlike[0]), row, to_cell(value) if n else None)
        else:
            yield from (Entry(State.QUESTIONS, p, place, to_cell(v), row) for p, v in read)

    def _column(self, name: str) -> Column | None:
        sheet = self._table.sheet
        return sheet.own if name.startswith(OWN) and len(name) > len(OWN) else sheet.by_name.get(name)

    def _place(self, row: int, name: str) -> Place:
        table = self._table
        if name in table.columns:
            return table.place(row, name)
        label = table.label(name)
        return Place(table.title, 0 if self._form else row, 0, label)


def _unusable(sheet: SheetSpec, p: Proposal) -> str:
    """Why a proposal for a row of a table cannot be placed; '' where it can."""
    if p.key is None or len(p.key) != len(identity(sheet)) or not any(p.key):
        return "it does not say which row it is about"
    return "" if _agrees(sheet, p.key, p) else "it calls its row otherwise than its key does"


def _agrees(sheet: SheetSpec, key: Key, p: Proposal) -> bool:
    """Does a proposal for a column of the key say what the key says?"""
    names = identity(sheet)
    if p.column not in names:
        return True
    place = names.index(p.column)
    other = tuple(str(p.value or "") if n == place else part for n, part in enumerate(key))
    return not key[place] or alike(sheet, other)[place] == alike(sheet, key)[place]


def _key_proposals(sheet: SheetSpec, key: Key, proposals: Sequence[Proposal]) -> Iterable[Proposal]:
    """What a key itself says, where no proposal says it: as sure as the surest of the row."""
    said = {p.column for p in proposals}
    best = min(proposals, key=lambda p: list(Confidence).index(p.confidence))
    for name, part in zip(identity(sheet), key, strict=True):
        if part and name not in said:
            yield replace(best, column=name, value=part)


def _names(tables: Tables, drafts: Sequence[_Draft]) -> Mapping[str, Mapping[str, str]]:
    """Folded name -> name of the rows of each sheet that others refer to, new ones included."""
    out: dict[str, dict[str, str]] = {}
    for table in tables:
        if not identity(table.sheet):
            continue
        first = identity(table.sheet)[0]
        names = [v for v in table.frame[first] if isinstance(v, str)] if first in table.frame.columns else []
        more = [n for d in drafts if d._table is table for n in d.names()]
        for name in (*names, *more):
            out.setdefault(table.sheet.name, {}).setdefault(fold(name), name)
    return out


def _converted(p: Proposal, column: Column, place: Place, known: Mapping[str, Mapping[str, str]]) -> tuple[Value, str]:
    """The value as a typed cell would be read, or why it is none."""
    names = known.get(column.reference, {})
    value, problems = convert(p.value, column, names)
    for problem in problems:
        fields: dict[str, Any] = dict(problem.fields)
        return None, find(problem.code, place, value=problem.value, suggestions=problem.suggestions, **fields).message
    if value is None or value is UNREADABLE:
        return None, "it says nothing"
    form = form_of(column)
    texts = held(value, column)
    if form is not None and any(fault(t, form) for t in (texts if isinstance(texts, tuple) else (texts,))):
        return None, f"“{p.value}” is no path that an archive takes"
    if column.kind is Kind.REFERENCE:
        named = value if isinstance(value, tuple) else (value,)
        spelled = tuple(names.get(fold(str(n)), str(n)) for n in named)
        value = spelled if column.many else spelled[0]
    return value, ""


def _with_their_units(lengths: Measures, made: dict[str, list[Entry]], typed: Mapping[str, Value]) -> None:
    """A number without its unit says nothing, nor a unit put to numbers of another: such are asked instead."""
    for unit, numbers in lengths.items():
        states = {n: {e.state for e in made.get(n, ())} for n in (unit, *numbers)}
        unlike = State.DIFFERS in states[unit] or State.NOT_UNDERSTOOD in states[unit]
        doubt = typed.get(unit) is None and any(
            State.DIFFERS in states[n] or (typed.get(n) is not None and not made.get(n)) for n in numbers
        )
        lone = typed.get(unit) is None and State.FILLED not in states[unit]
        for name in (unit, *numbers) if unlike or doubt or lone else ():
            made[name] = [
                replace(e, state=State.QUESTIONS, why="its unit is not sure") if e.state is State.FILLED else e
                for e in made.get(name, ())
            ]


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
    index = [int(n) for n in table.frame.index]
    index += sorted({e.row for e in entries if e.row is not None} - set(index))
    at = {row: n for n, row in enumerate(index)}
    more = len(index) - len(table.frame)
    values: dict[str, list[Value]] = {str(n): [*table.frame[n].tolist(), *[None] * more] for n in table.frame.columns}
    for name in _own_in_order(entries):
        columns.setdefault(name, max(columns.values(), default=0) + 1)
    for e in entries:
        name = e.proposal.column
        column = table.sheet.own if name.startswith(OWN) else table.sheet[name]
        assert column is not None and e.row is not None
        value, _ = convert(e.value, column, tables.rows_of(column))
        values.setdefault(name, [None] * len(index))[at[e.row]] = value
    return replace(table, frame=frame(values, index), columns=columns)


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
