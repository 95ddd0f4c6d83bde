"""Tables as text -> rows, kept by columns: CSV with standard quoting, and tab-separated lines."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING

from rembi_sheets.archives.idr.document import KeptRows, Table
from rembi_sheets.archives.idr.facts import text
from rembi_sheets.coded import Coded, objects, stacked

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LONGEST = 10 * 1024 * 1024  # letters in one cell
_ROWS = 5_000  # that are taken apart at once
_TOLD = 1_000  # lines that do not fit


def read(lines: Iterable[str], heading: bool = True) -> tuple[Table, list[str]]:
    """A table, and the lines that do not fit its headings. What parts its cells follows from its first line.

    Empty headings at the end are left out with their cells, unless these say something.
    """
    left = iter(lines)
    first = next((line for line in left if line.strip("\n")), "")
    csv.field_size_limit(_LONGEST)
    rows = (r for r in csv.reader(chain([first], left), delimiter=text.delimiter(first)) if any(map(str.strip, r)))
    try:
        return _table(rows) if heading else _bare(rows)
    except csv.Error as error:
        return Table(), [f"cannot be read as a table: {error}"]


def joined(first: Table, second: Table) -> Table:
    """Two tables of the same width, one below the other."""
    return Table(
        first.header, KeptRows([stacked(pair) for pair in zip(first.columns(), second.columns(), strict=True)])
    )


def _bare(rows: Iterable[list[str]]) -> tuple[Table, list[str]]:
    """A table without headings, as wide as its longest row."""
    found = list(rows)
    width = max(map(len, found), default=0)
    columns = _Growing(width)
    columns.take(_fitted(r, width) for r in found)
    return Table(tuple(f"column {n + 1}" for n in range(width)), KeptRows(columns.made())), []


def _table(rows: Iterator[list[str]]) -> tuple[Table, list[str]]:
    header = tuple(text.cell(h) for h in next(rows, ()))
    while header and not header[-1]:
        header = header[:-1]
    width = len(header)
    if not width:
        return Table(), []
    odd: list[str] = []

    def fitting() -> Iterator[Sequence[str]]:
        count = 0
        for n, r in enumerate(rows, start=2):
            if len(r) == width:
                yield r
                continue
            if len(r) < width or any(c.strip() for c in r[width:]):
                count += 1
                if count <= _TOLD:
                    odd.append(f"line {n}: {len(r)} cells, {width} headings")
            yield _fitted(r, width)
        if count > _TOLD:
            odd.append(f"{count - _TOLD} more lines have not as many cells as there are headings")

    columns = _Growing(width)
    columns.take(fitting())
    return Table(header, KeptRows(columns.made())), odd


def _fitted(row: Sequence[str], width: int) -> Sequence[str]:
    return [*row[:width], *[""] * (width - len(row))]


@dataclass
class _Growing:
    """Columns as they grow: the place of each different text, and the places of the cells, some rows at a time."""

    width: int
    places: list[dict[str, int]] = field(init=False)
    codes: list[list[NDArray[np.int32]]] = field(init=False)

    def __post_init__(self) -> None:
        """No row as yet."""
        self.places = [{} for _ in range(self.width)]
        self.codes = [[] for _ in range(self.width)]

    def take(self, rows: Iterable[Sequence[str]]) -> None:
        """More rows."""
        import numpy as np

        left = iter(rows)
        while batch := list(islice(left, _ROWS)):
            for cells, places, codes in zip(zip(*batch, strict=True), self.places, self.codes, strict=True):
                for cell in dict.fromkeys(cells):
                    places.setdefault(cell, len(places))
                codes.append(np.fromiter(map(places.__getitem__, cells), np.int32, len(cells)))

    def made(self) -> list[Coded[str]]:
        """The columns."""
        import numpy as np

        none = np.zeros(0, np.int32)
        return [
            Coded(objects(list(places)), np.concatenate(codes) if codes else none)
            for places, codes in zip(self.places, self.codes, strict=True)
        ]
