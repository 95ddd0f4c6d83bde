"""What becomes of each cell of a sheet: the rules of `merge`, one column of one row after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rembi_sheets.cells import Place
from rembi_sheets.fill.compare import Measures, distinct, in_unit_of_row, measures, same
from rembi_sheets.fill.identity import identity, told_by_any
from rembi_sheets.fill.model import Confidence, Entry, Key, Proposal, State, Unplaced
from rembi_sheets.fill.rows import Finder
from rembi_sheets.findings import find
from rembi_sheets.paths import fault, form_of, held
from rembi_sheets.schema import Column, Kind, Layout
from rembi_sheets.tables import OWN, Table
from rembi_sheets.values import UNREADABLE, Value, convert, fold, to_cell

_ELSEWHERE = "another source says something else"
_SEVERAL = (
    "its row stands for several wells, and not all of them have this value; "
    "give each well a row of its own in Files, or write the values onto a plate map"
)


class Draft:
    """One sheet: which row each proposal is about, and what becomes of each cell."""

    def __init__(self, table: Table, accept_guesses: bool) -> None:
        self._table, self._accept = table, accept_guesses
        self._form = table.sheet.layout is Layout.FORM
        self._measures = measures(table.sheet)
        self._cells = {str(n): dict(zip(table.frame.index, table.frame[n], strict=True)) for n in table.frame.columns}
        self._finder = Finder(table)

    @property
    def sheet(self) -> str:
        """The machine name of the sheet."""
        return self._table.sheet.name

    def take(self, proposals: Sequence[Proposal]) -> list[Unplaced]:
        """Find the row of each proposal; those that no row is for."""
        return self._finder.take(proposals)

    def names(self) -> Iterable[str]:
        """Names of the rows that come on top."""
        for row in self._finder.rows.values():
            if row.new is not None and row.new[0] and self._sure(row.proposals):
                yield row.new[0]

    def _sure(self, proposals: Sequence[Proposal]) -> list[Proposal]:
        return [p for p in proposals if self._accept or p.confidence is not Confidence.GUESS]

    def entries(self, known: Mapping[str, Mapping[str, str]]) -> Iterable[Entry]:
        """What becomes of each proposal, row by row."""
        sheet = self._table.sheet
        for number in sorted(self._finder.rows):
            row = self._finder.rows[number]
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
        """Do enough parts of the key of a new row come to stand in it? Else it would be another row: a part that cannot
        be written would be missed when the same is filled in again.
        """
        names = identity(self._table.sheet)
        if any({e.state for e in made.get(name, ())} == {State.NOT_UNDERSTOOD} for name in names):
            return False
        stands = [any(e.state is State.FILLED for e in made.get(name, ())) for name in names]
        left = [part if there else "" for part, there in zip(key, stands, strict=True)]
        return left == list(key) or (told_by_any(self._table.sheet) and any(left))

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
        elif sure and not self._of_all_wells(row, column, sure):
            yield from (Entry(State.NOT_UNDERSTOOD, p, place, p.value, row, why=_SEVERAL) for p, _ in sure)
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

    def _of_all_wells(self, row: int, column: Column, sure: Sequence[tuple[Proposal, Value]]) -> bool:
        """Of a row that stands for several wells: is one value said of each? Of any other row: yes."""
        if self._finder.whole(row, ()):
            return True
        return self._finder.whole(row, (p for p, _ in sure)) and len(distinct(column, (v for _, v in sure))) == 1

    def _column(self, name: str) -> Column | None:
        sheet = self._table.sheet
        return sheet.own if name.startswith(OWN) and len(name) > len(OWN) else sheet.by_name.get(name)

    def _place(self, row: int, name: str) -> Place:
        table = self._table
        if name in table.columns:
            return table.place(row, name)
        label = table.label(name)
        return Place(table.title, 0 if self._form else row, 0, label)


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
