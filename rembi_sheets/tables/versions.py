"""Book -> Tables of today's dictionary, whatever the version of the workbook.

A workbook of an older version is read by the headings of its own, then the steps of the migrations are taken, table by
table. Rows and columns stay those of the workbook in hand, so that a finding leads to the cell that a person has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from rembi_sheets.cells import Book, Place
from rembi_sheets.findings import Finding, find
from rembi_sheets.schema import (
    Column,
    Dropped,
    Kind,
    Layout,
    Merged,
    Renamed,
    Schema,
    Split,
    Way,
    Words,
    versions,
    way,
)
from rembi_sheets.tables.columns import Columns
from rembi_sheets.tables.model import OWN, Former, Moved, Source, Table, Tables, empty_table
from rembi_sheets.tables.reading import as_written
from rembi_sheets.values import UNREADABLE, Term, Value, convert, fold, to_cell


def from_book(book: Book, schema: Schema) -> tuple[Tables, list[Finding]]:
    """Read every sheet that the book's own version knows, as Tables of `schema`; and what was not understood.

    A book that says no version, or one that is not shipped, is read as one of `schema`.
    """
    version = book.meta.get("schema version", "").strip()
    if version == schema.version or version not in versions():
        return as_written(book, schema)
    return brought(book, way(version, schema))


def brought(book: Book, along: Way) -> tuple[Tables, list[Finding]]:
    """The tables of a book of an older version, brought along a way to today's form."""
    read, findings = as_written(book, along.reading)
    made = {}
    for table in read:
        now = _table(table, along, findings)
        made[now.sheet.name] = now
    tables = {s.name: made.get(s.name) or empty_table(s) for s in along.new.sheets}

    then = {along.sheet_today(s.name): s.name for s in along.old.sheets}

    def rows_of(column: Column) -> Collection[str]:
        reference = then.get(column.reference, "")
        return read.rows_of(replace(column, reference=reference)) if reference else ()

    return Tables(along.new, tables, read.meta, rows_of, along), findings


def _table(table: Table, along: Way, findings: list[Finding]) -> Table:
    """A table of the old version as one of today's; a streamed one is brought along part by part."""
    work = _Work(table, along, findings)
    made = work.finished()
    if table.source is None:
        return made
    return replace(made, source=_streamed(table, along, table.source))


def _streamed(table: Table, along: Way, source: Source) -> Source:
    def parts(findings: list[Finding] | None) -> Iterator[Columns]:
        found: list[Finding] = [] if findings is None else findings
        for part in source(found):
            yield _Work(replace(table, cells=part, source=None), along, found).finished().cells

    return parts


@dataclass
class _Work:
    """One table on its way: values by machine name, where they stand in the sheet, and what became of them."""

    table: Table
    along: Way
    findings: list[Finding]
    rewritten: dict[str, set[int]] = field(default_factory=dict)
    sources: dict[str, tuple[int, ...]] = field(default_factory=dict)
    spent: dict[int, str] = field(default_factory=dict)
    dropped: dict[int, str] = field(default_factory=dict)
    moved: list[Moved] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sheet = self.table.sheet.name
        self.rows: list[int] = list(self.table.rows)
        self.values: dict[str, list[Value]] = {n: list(self.table.values(n)) for n in self.table.names}
        self.columns = dict(self.table.columns)
        self.labels = {n: self.table.label(n) for n in self.columns}
        for at, step in enumerate(self.along.steps, start=1):
            if isinstance(step, Words):
                self._words(step, at)
            elif step.sheet == self.sheet:
                self._take(step, at)

    def _take(self, step: Renamed | Split | Merged | Dropped, at: int) -> None:
        if isinstance(step, Renamed):
            if not step.column:
                self.sheet = step.to
                return
            named: tuple[dict[str, Any], ...] = (self.values, self.columns, self.labels, self.rewritten, self.sources)
            for by_name in named:
                if step.column in by_name:
                    by_name[step.to] = by_name.pop(step.column)
        elif isinstance(step, Split):
            self._split(step, at)
        elif isinstance(step, Merged):
            self._merge(step, at)
        elif step.column in self.columns:
            values = self.values.pop(step.column)
            self._said("dropped", (step.column,), (), sum(v is not None for v in values))
            self.dropped[self.columns.pop(step.column)] = self.labels.pop(step.column)

    def _split(self, step: Split, at: int) -> None:
        number = self.columns.get(step.column)
        values = self.values.pop(step.column, [])
        if number is None:
            return
        made: dict[str, list[Value]] = {n: [None] * len(values) for n in step.to}
        for i, value in enumerate(values):
            if value is UNREADABLE:
                made[step.rest][i] = value
            elif value is not None:
                text = str(to_cell(value))
                fitting = step.pattern.fullmatch(text)
                for name, part in (fitting.groupdict() if fitting else {step.rest: text}).items():
                    made[name][i] = self._converted(part, step.column, name, i, at)
        self._said("split", (step.column,), self._today(step.to, at), sum(v is not None for v in values))
        label = self.labels.pop(step.column)
        del self.columns[step.column]
        for name in step.to:
            self._put(
                name, made[name], number, label, {r for r, v in zip(self.rows, values, strict=True) if v is not None}
            )

    def _merge(self, step: Merged, at: int) -> None:
        there = [n for n in step.columns if n in self.columns]
        values = [self.values.pop(n) for n in step.columns if n in self.values]
        if not there:
            return
        first = there[0]
        made: list[Value] = []
        for i, several in enumerate(zip(*values, strict=True)):
            filled = [v for v in several if v is not None]
            if UNREADABLE in filled:
                made.append(UNREADABLE)
            else:
                text = step.between.join(str(to_cell(v)) for v in filled)
                made.append(self._converted(text, first, step.to, i, at) if filled else None)
        self._said("merged", tuple(there), self._today((step.to,), at), sum(v is not None for v in made))
        number, label = self.columns[first], self.labels[first]
        self.spent |= {self.columns[n]: self.labels[n] for n in there[1:]}
        self.sources[step.to] = tuple(self.columns[n] for n in there)
        for n in there:
            del self.columns[n], self.labels[n]
        self._put(step.to, made, number, label, {r for r, v in zip(self.rows, made, strict=True) if v is not None})

    def _put(self, name: str, values: list[Value], number: int, label: str, rows: set[int]) -> None:
        self.values[name], self.columns[name], self.labels[name] = values, number, label
        self.rewritten[name] = rows

    def _converted(self, text: str | None, column: str, name: str, i: int, at: int) -> Value:
        """A text as today's column has it; its problems are those of the cell from which it comes."""
        to = self.along.today(self.sheet, name, at)
        if to is None or not text:
            return text or None
        value, problems = convert(text, to)
        for p in problems:
            fields: dict[str, Any] = dict(p.fields)
            place = _place(self.table, self.rows[i], self.columns[column], self.labels[column])
            self.findings.append(find(p.code, place, value=p.value, suggestions=p.suggestions, **fields))
        return value

    def _words(self, step: Words, at: int) -> None:
        replaced = {fold(old): new for old, new in step.replaced.items()}
        for name, values in self.values.items():
            to = self.along.today(self.sheet, name, at)
            if to is None or to.list != step.list or to.kind not in (Kind.CHOICE, Kind.TERM):
                continue
            now = [_worded(v, replaced) for v in values]
            rows = {r for r, was, is_ in zip(self.rows, values, now, strict=True) if was != is_}
            if rows:
                self.values[name] = now
                self.rewritten.setdefault(name, set()).update(rows)
                self._said("words", (name,), self._today((name,), at), len(rows))
            unlisted = _holding(values, step.dropped)
            if unlisted:
                self._said("unlisted", (name,), self._today((name,), at), unlisted)

    def _today(self, names: tuple[str, ...], at: int) -> tuple[str, ...]:
        found = (self.along.today(self.sheet, n, at) for n in names)
        return tuple(f"{self.along.new[c.sheet].title}: {c.label}" for c in found if c is not None)

    def _said(self, kind: str, old: tuple[str, ...], new: tuple[str, ...], cells: int) -> None:
        self.moved.append(Moved(kind, tuple(f"{self.table.title}: {self.labels[n]}" for n in old), new, cells))

    def finished(self) -> Table:
        spec = self.along.new[self.sheet]
        values: dict[str, list[Value] | None] = {c.name: self.values.get(c.name) for c in spec.columns if not c.own}
        values |= {n: v for n, v in self.values.items() if n.startswith(OWN)}
        for name, label in self.labels.items():
            if name in spec.by_name and name not in self.rewritten and label != spec[name].label:
                filled = sum(v is not None for v in self.values[name])
                self._said("renamed", (name,), (f"{spec.title}: {spec[name].label}",), filled)
        labels = {n: text for n, text in self.labels.items() if n in spec.by_name and text != spec[n].label}
        rewritten = {n: frozenset(r) for n, r in self.rewritten.items()}
        headings, moved = _headings(self.along, self.table.sheet.name), tuple(self.moved)
        former = Former(labels, headings, rewritten, self.sources, self.spent, self.dropped, moved)
        return replace(
            self.table,
            sheet=spec,
            title=self.table.title if self.table.columns else spec.title,
            cells=Columns(values, self.rows),
            columns=self.columns,
            former=former,
        )


def _place(table: Table, row: int, number: int, label: str) -> Place:
    """The cell of a column (of a form: line) by its number in the workbook."""
    return Place(table.title, *((number, 2) if table.sheet.layout is Layout.FORM else (row, number)), label)


def _headings(along: Way, sheet: str) -> dict[str, str]:
    """The headings of an old sheet's columns that live on under another one, to today's machine name."""
    named = ((c, along.today(c.sheet, c.name)) for c in along.old[sheet].columns)
    return {c.label: now.name for c, now in named if now is not None and now.label != c.label}


def _holding(values: Collection[Value], words: Collection[str]) -> int:
    """How many cells of a list hold one of some words."""
    sought = set(map(fold, words))
    return sum(bool(sought & set(map(fold, _said_in(v)))) for v in values)


def _said_in(value: Value) -> tuple[str, ...]:
    """The words in a cell of a list."""
    if isinstance(value, tuple):
        return tuple(word for v in value for word in _said_in(v))
    return (value.label if isinstance(value, Term) else str(value),) if value is not None else ()


def _worded(value: Value, replaced: dict[str, str]) -> Value:
    """A value with the words of the list that are others now; the identifier goes with the word it stood beside."""
    if isinstance(value, tuple):
        return tuple(_worded(v, replaced) for v in value)  # type: ignore[misc]
    if isinstance(value, Term):
        new = replaced.get(fold(value.label))
        return value if new is None else Term(new)
    return replaced.get(fold(value), value) if isinstance(value, str) else value
