"""What a workbook says, cell by cell: places, A1 addresses, sheets and books. No meaning yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, overload

from rembi_sheets.coded import of_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_LETTERS = 32_767
"""So many a cell can hold, as spreadsheet programs count them (`length`)."""

Raw: TypeAlias = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None


def length(text: str) -> int:
    """How many letters spreadsheet programs count in a text: UTF-16 units."""
    return len(text) + sum(c > "\uffff" for c in text)


class Mark(StrEnum):
    """What a cell is when it holds no plain value."""

    ERROR = "error"
    FORMULA = "formula"


@dataclass(frozen=True, slots=True)
class Place:
    """One cell: sheet title, row and column from 1 (row 0: no cell), and the label of its column or line."""

    sheet: str
    row: int
    column: int
    label: str = ""

    @property
    def a1(self) -> str:
        """The address within the sheet, such as C5."""
        return a1(self.row, self.column)


@dataclass(frozen=True, slots=True)
class Look:
    """What the looks of a cell's text say: words that are struck out, and the signs that stood raised or lowered.

    In `Sheet.rows` the latter are signs of their own already (10⁶, H₂O); `scripts` are those.
    """

    struck: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()


class ByColumns(Sequence[Sequence[Raw]]):
    """The rows of a sheet that are kept by columns, all equally long: a row is made when it is asked for."""

    def __init__(self, columns: Sequence[Sequence[Raw]]) -> None:
        self.columns = columns

    def of_rows(self, rows: NDArray[Any] | slice) -> ByColumns:
        """Some of the rows, by their places."""
        return ByColumns([of_rows(c, rows) for c in self.columns])

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    @overload
    def __getitem__(self, at: int) -> list[Raw]: ...
    @overload
    def __getitem__(self, at: slice) -> ByColumns: ...
    def __getitem__(self, at: int | slice) -> list[Raw] | ByColumns:
        return self.of_rows(at) if isinstance(at, slice) else [c[at] for c in self.columns]

    def __iter__(self) -> Iterator[list[Raw]]:
        return map(list, zip(*self.columns, strict=True))


def down(rows: Sequence[Sequence[Raw]], column: int) -> Sequence[Raw]:
    """The cells of a column (from 1) in all rows, None where a row ends before it."""
    if isinstance(rows, ByColumns):
        return rows.columns[column - 1] if column <= len(rows.columns) else [None] * len(rows)
    if min(map(len, rows), default=0) >= column:
        return list(map(itemgetter(column - 1), rows))
    return [r[column - 1] if column <= len(r) else None for r in rows]


def widest(rows: Sequence[Sequence[Raw]]) -> int:
    """The length of the longest row."""
    return len(rows.columns) if isinstance(rows, ByColumns) else max(map(len, rows), default=0)


@dataclass(frozen=True, slots=True)
class Unseen:
    """Columns and rows of a sheet that are hidden, by their numbers from 1."""

    columns: frozenset[int] = frozenset()
    rows: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Sheet:
    """One sheet: `rows[0]` is sheet row 1, whatever is empty; `marks` names cells without a plain value.

    `merged`: ranges joined into one cell, as (first row, first column, last row, last column).
    `looks`: cells whose looks say something. `formats`: the number formats of cells, but for those of which the
    value is all; it may be read from the file at the first question. `unseen`: what of it is hidden, where that
    was asked for.
    """

    title: str
    rows: Sequence[Sequence[Raw]]
    hidden: bool = False
    marks: Mapping[tuple[int, int], tuple[Mark, str]] = field(default_factory=dict)
    merged: tuple[tuple[int, int, int, int], ...] = ()
    looks: Mapping[tuple[int, int], Look] = field(default_factory=dict)
    formats: Mapping[tuple[int, int], str] = field(default_factory=dict)
    unseen: Unseen = Unseen()


class TableError(Exception):
    """A table of text that cannot be read: a code of the catalogue of findings, and what is wrong in words."""

    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.what = what


class SideTable(Protocol):
    """A long table beside a workbook, read a row at a time. Both methods raise TableError."""

    @property
    def name(self) -> str:
        """The name of its file."""
        ...

    def top(self) -> list[list[Raw]]:
        """Its first rows, among which the headings are."""
        ...

    def rows(self, above: int) -> Iterator[list[Raw]]:
        """Its rows but the first `above`, from the file anew with each call."""
        ...


@dataclass(frozen=True)
class Book:
    """A workbook as read: file name, SHA-256 of its bytes, sheets in order, the pairs of its `_meta` sheet.

    `side` is the table of files beside the workbook (`<workbook>.files.tsv`), where there is one.
    """

    name: str
    sha256: str
    sheets: tuple[Sheet, ...]
    meta: Mapping[str, str] = field(default_factory=dict)
    side: SideTable | None = None


@lru_cache(maxsize=1 << 14)  # as many as a sheet has; asked for every cell that is written or named
def letters(column: int) -> str:
    """Column number from 1 -> letters: 1 is A, 27 is AA."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def a1(row: int, column: int) -> str:
    """Row and column from 1 -> address such as C5."""
    return f"{letters(column)}{row}"


def ranges(cells: Iterable[tuple[int, int]]) -> tuple[str, ...]:
    """Cells as (row, column) -> addresses, runs down a column joined: C5, C7:C9."""
    out: list[str] = []
    start: tuple[int, int] | None = None
    last: tuple[int, int] | None = None
    for row, column in [*sorted(set(cells), key=lambda c: (c[1], c[0])), (0, 0)]:
        if last and start and (column, row) == (last[1], last[0] + 1):
            last = (row, column)
            continue
        if start and last:
            out.append(a1(*start) if start == last else f"{a1(*start)}:{a1(*last)}")
        start = last = (row, column)
    return tuple(out)
