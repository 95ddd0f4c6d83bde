"""Up to five faults at once, planted into each example: each is reported at its cell, and nothing beyond them.

What a fault entails elsewhere (a name that other sheets refer to) is what it brings about when planted alone. The first
test makes faults for any cell of an example; the second takes those of the cases of the catalogue.
"""

from __future__ import annotations

import dataclasses
import os
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
from tests.cases.harness import BASES, At, Case, cases, where
from tests.cases.planting import Ground, apart, touched, unexplained
from tests.support import TODAY

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*/*.xlsx"))
MOST_ROWS = 3  # rows of a sheet into which faults are planted
MOST = 5
SPARSE = 8  # one case in so many is tried where all would take a minute
RUNS = int(os.environ.get("REMBI_SHEETS_PLANTED", "1"))  # combinations in each workbook


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
        Kind.RANGE: ("RANGE-BAD", "3.5-1.5"),
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
    max_examples=RUNS, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(data=st.data())
def test_faults_in_an_example(path: Path, data: st.DataObject) -> None:
    faults = tuple(
        data.draw(st.lists(st.sampled_from(faults_of(path)), min_size=1, max_size=5, unique_by=lambda f: f.at[1]))
    )
    found = found_in(path, faults)
    for fault in faults:
        needed = ("REQUIRED-EMPTY", fault.at[1])  # says of a placeholder too that it is none
        assert fault.at in found or (fault.code == "PLACEHOLDER" and needed in found), fault
    entailed = found_in(path, ()).union(*(found_in(path, (f,)) for f in faults))
    assert found <= entailed, sorted(found - entailed)


ALL = [c for c in cases() if not c.convert]
BASE_ONLY = {"side", "disk", "attach", "headers"}  # what speaks of the files of the base


@cache
def ground(name: str) -> Ground:
    """An example, or a base with its own cases."""
    if name in BASES:
        return Ground(None, (), name)
    path = next(p for p in EXAMPLES if p.stem == name)
    return Ground(book_of(path), from_book(book_of(path), load())[0].archives)


def candidates(name: str) -> list[Case]:
    if name in BASES:
        return [c for c in ALL if c.base == name]
    return [c for c in ALL if not BASE_ONLY & set(c.edits)]


@pytest.mark.parametrize("name", [*BASES, *(p.stem for p in EXAMPLES)])
@settings(
    max_examples=RUNS, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(data=st.data())
def test_cases_of_the_catalogue_in_a_workbook(name: str, data: st.DataObject) -> None:
    """Of those drawn the first five that take in the workbook and change different rows."""
    here = ground(name)
    among = candidates(name)
    drawn = data.draw(st.lists(st.sampled_from(among), min_size=min(10, len(among)), max_size=14, unique_by=str))
    chosen: list[Case] = []
    for case in drawn:
        if len(chosen) < MOST and here.entailed(case) is not None:
            rows = touched(case, here)
            if all(apart(rows, touched(other, here)) for other in chosen):
                chosen.append(case)
    assert not unexplained(chosen, here)


def test_many_cases_take_in_an_example() -> None:
    """Or else the test above would be an easy one."""
    name = "t-cell-clem"
    tried = candidates(name)[::SPARSE]
    taking = [c for c in tried if ground(name).entailed(c) is not None]
    assert len(taking) > len(tried) / 2
