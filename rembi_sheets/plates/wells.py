"""Where wells are: names such as A1 and AF48, ranges and lists of them, the labels at the edges of a map."""

from __future__ import annotations

import re

from rembi_sheets.cells import Raw, letters
from rembi_sheets.values import clean

# rows x columns of the plates in use, from 6 to 1,536 wells
PLATES = ((2, 3), (3, 4), (4, 6), (6, 8), (8, 12), (16, 24), (32, 48))
MANY = re.compile(r"[;,:]|\s-\s")
_WELL = re.compile(r"([A-Za-z]{1,2})(0*)(\d{1,2})\Z")
_ROW = re.compile(r"(?:row\s*)?([A-Za-z]{1,2})[.:)]?\Z", re.IGNORECASE)
_COLUMN = re.compile(r"(?:col(?:umn)?\.?\s*)?0*(\d{1,2})(?:\.0+)?\Z", re.IGNORECASE)
_LAST_ROW, _LAST_COLUMN = PLATES[-1]


def position(well: str) -> tuple[int, int] | None:
    """Row and column of a well from 1: B02 -> (2, 2), AF48 -> (32, 48); None for anything else."""
    found = _WELL.match(well.strip())
    if not found or not int(found[3]):
        return None
    row = 0
    for letter in found[1].upper():
        row = row * 26 + ord(letter) - 64
    return (row, int(found[3])) if row <= _LAST_ROW and int(found[3]) <= _LAST_COLUMN else None


def wells(text: str) -> tuple[str, ...] | None:
    """The wells that a cell stands for, row by row; one well as it is written; None when it cannot be read."""
    if not MANY.search(text):
        return (text,) if position(text) else None
    out: list[str] = []
    for part in re.split(r"[;,]", text):
        ends = [e.strip() for e in re.split(r":|\s-\s", part)]
        places = [position(e) for e in ends]
        if len(ends) > 2 or not all(places):
            return None
        if len(ends) == 1:
            out.append(ends[0])
            continue
        (top, left), (bottom, right) = (p for p in places if p)
        width = 2 if re.search(r"[A-Za-z]0\d", ends[0]) else 1
        out += [
            f"{letters(row)}{column:0{width}d}"
            for row in range(min(top, bottom), max(top, bottom) + 1)
            for column in range(min(left, right), max(left, right) + 1)
        ]
    return tuple(dict.fromkeys(out))


def row_of(cell: Raw) -> int:
    """The row of a plate that a label names: A -> 1, row b -> 2, AF -> 32; 0 for anything else."""
    found = _ROW.match(clean(cell)) if isinstance(cell, str) else None
    place = position(f"{found[1]}1") if found else None
    return place[0] if place else 0


def column_of(cell: Raw) -> int | None:
    """The column of a plate that a label names: 1, 1.0, "01", "col 1" -> 1; 0 stays 0; None for anything else."""
    if isinstance(cell, bool) or not isinstance(cell, (str, int, float)):
        return None
    found = _COLUMN.match(clean(str(cell)))
    return int(found[1]) if found and int(found[1]) <= _LAST_COLUMN else None


def name(place: tuple[int, int]) -> str:
    """The name of a well: (2, 3) -> B3."""
    return f"{letters(place[0])}{place[1]}"
