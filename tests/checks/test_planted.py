"""Up to five faults at once, planted into each example: each is reported at its cell, and nothing beyond them.

What a fault entails elsewhere (a name that other sheets refer to) is what it brings about when planted alone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rembi_sheets import archives, checks
from rembi_sheets.cells import Book, Mark, Raw, a1
from rembi_sheets.findings import group
from rembi_sheets.schema import Column, Kind, Layout, load
from rembi_sheets.submission import from_tables
from rembi_sheets.tables import Table, Tables, from_book
from rembi_sheets.workbook.read import read
from tests.cases.harness import At, Case, Editor, cases, place, where
from tests.cases.harness import findings as of_case
from tests.support import TODAY

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*/*.xlsx"))
MOST_ROWS = 3  # rows of a sheet into which faults are planted


@dataclass(frozen=True)
class Fault:
    """A new value or a mark for one cell, and the code that must be found there."""

    sheet: str
    row: int
    column: int
    code: str
    value: Raw = None
    mark: Mark | None = None

    @property
    def at(self) -> tuple[str, At]:
        return self.code, (self.sheet, a1(self.row, self.column))


@cache
def book_of(path: Path) -> Book:
    book, _ = read(path)
    assert book is not None
    return book


@cache
def faults_of(path: Path) -> tuple[Fault, ...]:
    tables, _ = from_book(book_of(path), load())
    return tuple(f for table in tables if table.source is None for f in _faults(table, tables))


def _faults(table: Table, tables: Tables) -> Iterator[Fault]:
    form = table.sheet.layout is Layout.FORM
    for name, number in table.columns.items():
        if name not in table.sheet.by_name:
            continue
        column = table.sheet[name]
        values = table.frame[name]
        for row in [int(r) for r in table.frame.index if values.at[r] is not None][:MOST_ROWS]:
            where_ = (table.title, number, 2) if form else (table.title, row, number)
            yield from _of_cell(column, where_, tables)


def _of_cell(column: Column, at: tuple[str, int, int], tables: Tables) -> Iterator[Fault]:
    yield Fault(*at, "CELL-ERROR", mark=Mark.ERROR)
    yield Fault(*at, "CELL-FORMULA", mark=Mark.FORMULA)
    if column.name in load()[_sheet(column)].key or column.list == "archive":
        return
    bad: dict[Kind, tuple[str, str]] = {
        Kind.REFERENCE: ("REF-UNKNOWN", "No such name 5"),
        Kind.DATE: ("DATE-BAD", "03/04/2027"),
        Kind.NUMBER: ("NUMBER-BAD", "one and a half"),
        Kind.INTEGER: ("NUMBER-BAD", "1.5"),
        Kind.YESNO: ("LIST-UNKNOWN", "perhaps"),
    }
    if column.kind in bad:
        code, value = bad[column.kind]
        yield Fault(*at, code, value)
    if column.kind is Kind.CHOICE and load().lists[column.list].closed:
        yield Fault(*at, "LIST-UNKNOWN", "Xyzzy")
    if column.format is not None and column.format.name in ("email", "orcid", "doi", "ror", "curie"):
        yield Fault(*at, "FORMAT-BAD", "x y")
    if column.kind is Kind.LONGTEXT:
        yield Fault(*at, "TEXT-CONTROL", "From a PDF\u0007 file, longer than the shortest title that an archive takes.")
        yield Fault(*at, "EXCEL-CHANGED", TODAY)
    if column.needed_by(tables.archives):
        yield Fault(*at, "REQUIRED-EMPTY")
    else:
        yield Fault(*at, "PLACEHOLDER", "TBD")


def _sheet(column: Column) -> str:
    return next(s.name for s in load().sheets if column in s.columns)


def planted(book: Book, faults: tuple[Fault, ...]) -> Book:
    sheets = []
    for sheet in book.sheets:
        own = [f for f in faults if f.sheet == sheet.title]
        rows = [list(r) for r in sheet.rows] if own else sheet.rows
        marks = dict(sheet.marks)
        for f in own:
            rows[f.row - 1][f.column - 1] = f.value  # type: ignore[index]
            if f.mark:
                marks[f.row, f.column] = (f.mark, "#REF!" if f.mark is Mark.ERROR else "=A1")
        sheets.append(dataclasses.replace(sheet, rows=rows, marks=marks))
    return dataclasses.replace(book, sheets=tuple(sheets))


@cache
def found_in(path: Path, faults: tuple[Fault, ...]) -> frozenset[tuple[str, At]]:
    tables, found = from_book(planted(book_of(path), faults), load())
    names = from_book(book_of(path), load())[0].archives
    sub = from_tables(tables)
    found = [*found, *checks.check(tables, names), *checks.check_submission(sub, names)]
    for name in names:
        found += archives.package(name).check(sub, TODAY)
    return frozenset(where(group(found)))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
@settings(
    max_examples=3, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(data=st.data())
def test_faults_in_an_example(path: Path, data: st.DataObject) -> None:
    faults = tuple(
        data.draw(st.lists(st.sampled_from(faults_of(path)), min_size=1, max_size=5, unique_by=lambda f: f.at[1]))
    )
    found = found_in(path, faults)
    for fault in faults:
        assert fault.at in found, fault
    entailed = found_in(path, ()).union(*(found_in(path, (f,)) for f in faults))
    assert found <= entailed, sorted(found - entailed)


SINGLE = [c for c in cases() if set(c.edits) == {"set"} and c.base == "good" and not c.archives]


def cells(case: Case) -> set[At]:
    editor = Editor(case.base)
    editor.apply(case.edits)
    return {place(editor, name) for name in case.edits["set"]}


@cache
def alone(case_number: int) -> frozenset[tuple[str, At]]:
    editor = Editor("good")
    editor.apply(SINGLE[case_number].edits)
    return frozenset(where(of_case(editor)))


@settings(
    max_examples=15, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(numbers=st.lists(st.integers(0, len(SINGLE) - 1), min_size=2, max_size=5, unique=True))
def test_cases_together(numbers: list[int]) -> None:
    """Cases of the catalogue in one workbook, one a sheet: within a sheet one may undo the other."""
    chosen: list[int] = []
    sheets: set[str] = set()
    for n in numbers:
        own = {sheet for sheet, _ in cells(SINGLE[n])}
        if not own & sheets:
            chosen.append(n)
            sheets |= own
    editor = Editor("good")
    for n in chosen:
        editor.apply(SINGLE[n].edits)
    found = where(of_case(editor))
    for n in chosen:
        wanted = SINGLE[n].code, place(editor, SINGLE[n].at)
        others = [SINGLE[m].code for m in chosen if m != n]
        assert wanted in found or _hidden(n, [m for m in chosen if m != n]), f"{wanted} is lost beside {others}"


def _hidden(number: int, others: list[int]) -> bool:
    """A name that no row has hides what merely follows from it: the finding comes back when that is mended."""
    follows = SINGLE[number].code in ("ROW-UNUSED", "COMPONENT-EMPTY", "FILES-NONE", "REQUIRED-EMPTY")
    return follows and any(code == "REF-UNKNOWN" for m in others for code, _ in alone(m))
