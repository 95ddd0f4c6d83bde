"""Lines that say of all rows below them to which plate they belong: `Plate,P1` above a table, or between its parts."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rembi_sheets.cells import Raw, Sheet
from rembi_sheets.fill.sources.table.words import squeezed, synonyms
from rembi_sheets.plates.grids import empty
from rembi_sheets.schema import load
from rembi_sheets.values import clean

_PLATE = "plate"
_ONE_CELL = re.compile(r"([^:=]+)[:=]\s*(\S.*)\Z")
_MOST = 60  # letters of a value


@dataclass(frozen=True, slots=True)
class Label:
    """A line: its row, its word as it is written, and the value that holds for the rows below."""

    row: int
    text: str
    value: str


@cache
def words() -> frozenset[str]:
    """What the column of plates is called, squeezed."""
    files = next(s for s in load().sheets if s.own)
    called = {k for k, found in synonyms().items() if any((c.sheet, c.column) == (files.name, _PLATE) for c in found)}
    return frozenset({squeezed(files[_PLATE].label), *called})


def has_column(headings: Iterable[str]) -> bool:
    """Has a table a column of plates?"""
    return any(squeezed(h) in words() for h in headings)


def label(row: int, line: Mapping[int, Raw]) -> Label | None:
    """The label that a line is, by its filled cells: a word and, in the next cell or behind a colon, its value."""
    if not 0 < len(line) <= 2 or max(line) - min(line) + 1 != len(line):
        return None
    cells = [clean(_text(line[n])) for n in sorted(line)]
    if len(cells) == 1:
        found = _ONE_CELL.match(cells[0])
        cells = [found[1].strip(), found[2]] if found else []
    if len(cells) != 2 or squeezed(cells[0]) not in words() or not 0 < len(cells[1]) <= _MOST:
        return None
    return None if squeezed(cells[1]) in _other() else Label(row, cells[0].rstrip(" :="), cells[1])


@cache
def _other() -> frozenset[str]:
    """Words of headings: behind a word for plates they are another heading, no value."""
    return frozenset((*synonyms(), *(squeezed(c.label) for s in load().sheets for c in s.columns if not c.own)))


def above(sheet: Sheet, head: int) -> Iterator[Label]:
    """The last label above the headings of a sheet."""
    for row in range(head - 1, 0, -1):
        line = {n: raw for n, raw in enumerate(sheet.rows[row - 1], start=1) if not empty(raw)}
        if found := label(row, line):
            yield found
            return


def spread(lines: Sequence[Label], rows: Sequence[int]) -> list[Raw]:
    """For each row the value of the label that it stands below; None above the first."""
    starts = [found.row for found in lines]
    return [lines[at - 1].value if (at := bisect_right(starts, row)) else None for row in rows]


def _text(raw: Raw) -> str:
    return str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw)
