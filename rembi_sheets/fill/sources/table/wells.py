"""Wells as programs write them, as the workbook calls them: A1, A01, A-1, r01c01, and numbers that count row by row.

A cell may name several: a list (B03,B04), a block between two corners (A1:P24, A1-A12), whole rows or columns.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from rembi_sheets.cells import Raw
from rembi_sheets.plates import PLATES, position
from rembi_sheets.plates.wells import column_of, name, row_of
from rembi_sheets.values import clean

_ROW_COLUMN = re.compile(r"(?:row|r)\s*0*(\d{1,2})\s*[-_, ]?\s*(?:column|col|c)\s*0*(\d{1,2})\Z", re.IGNORECASE)
_APART = re.compile(r"([A-Za-z]{1,2})\s*[-_:/ ]\s*0*(\d{1,2})\Z")
_BETWEEN = re.compile(r"\s*[;,\n]\s*|\s+(?:and|\+)\s+|\s*&\s*|(?<=\d)(?:\s*[/|]\s*|\s+)(?=[A-Za-z]{1,2}\d)")
_ENDS = re.compile(r"\s*(?::|\.\.+|[–—]|\bto\b|-(?=\s*[A-Za-z(])|(?<=\d)\s*-)\s*|\s+-\s+", re.IGNORECASE)
_ROW = re.compile(r"rows?\s*([A-Za-z]{1,2})\Z", re.IGNORECASE)
_COLUMN = re.compile(r"(?:columns?|cols?)\.?\s*0*(\d{1,2})\Z", re.IGNORECASE)
_MOST, _NUMBERED = PLATES[-1][0] * PLATES[-1][1], 96  # wells of the largest plate, of the least whose numbers are read


def well(raw: Raw, columns: int = 0) -> str:
    """A well by its letters and number; "" for what is none. `columns`: of the plate on which wells have numbers."""
    if columns:
        number = _number(raw)
        return name(((number - 1) // columns + 1, (number - 1) % columns + 1)) if number else ""
    if not isinstance(raw, str):
        return ""
    text = clean(raw)
    place = position(text)
    if place is None:
        found = _APART.match(text)
        place = position(found[1] + found[2]) if found else None
    if place is None:
        found = _ROW_COLUMN.match(text)
        if not found or not int(found[1]) or not int(found[2]):
            return ""
        place = (int(found[1]), int(found[2]))
    return name(place) if place[0] <= PLATES[-1][0] and place[1] <= PLATES[-1][1] else ""


def several(raw: Raw, plate: tuple[int, int] = (0, 0)) -> tuple[str, ...]:
    """The wells that a cell names, row by row; () for what is none. `plate`: its rows and columns, where known."""
    one = well(raw)
    if one or not isinstance(raw, str):
        return (one,) if one else ()
    out: list[str] = []
    for part in filter(None, _BETWEEN.split(clean(raw))):
        ends = _ends(part)
        corners = [(row or n * plate[0] or 1, column or n * plate[1] or 1) for n, (row, column) in enumerate(ends)]
        if not ends or (not all(plate) and not all(map(all, ends))):
            return ()
        (top, left), (bottom, right) = corners
        out += [
            name((r, c))
            for r in range(min(top, bottom), max(top, bottom) + 1)
            for c in range(min(left, right), max(left, right) + 1)
        ]
    return tuple(dict.fromkeys(out))


def _ends(part: str) -> list[tuple[int, int]]:
    """Two opposite corners as (row, column), of a whole row (row, 0), of a column (0, column); [] for none."""
    texts = [part] if well(part) else _ENDS.split(part)
    if len(texts) > 2:
        return []
    first, last = texts[0], texts[-1]
    begin = _end(first)
    end = _end(last) or _end(f"{first.rstrip('0123456789 ')} {last}") or _end(f"row {last}")
    return [begin, end] if begin and end and list(map(bool, begin)) == list(map(bool, end)) else []


def _end(text: str) -> tuple[int, int] | None:
    """Row and column of a well, of a line with 0 for the other; None for neither."""
    row, column = _ROW.match(text), _COLUMN.match(text)
    if row:
        return row_of(row[1]), 0
    return (0, column_of(column[1]) or 0) if column else position(well(text))


def plate_of(values: Collection[Raw]) -> tuple[int, int]:
    """Rows and columns of the plate whose last row or column is among the wells; (0, 0) where that is not sure."""
    texts = [clean(v) for v in values if isinstance(v, str)]
    ends = [end for text in texts for part in _BETWEEN.split(text) for end in _ends(part)]
    rows, columns = (max((end[n] for end in ends), default=0) for n in (0, 1))
    size = next((p for p in PLATES if p[0] >= rows and p[1] >= columns), (0, 0))
    return size if ends and (rows == size[0] or columns == size[1]) else (0, 0)


def joined(row: Raw, column: Raw) -> str:
    """The well of a row (a letter or a number) and a column that stand apart; "" where they name none."""
    number = column_of(column)
    place = row_of(row) or column_of(row)
    return name((place, number)) if number and place and place <= PLATES[-1][0] else ""


def numbered(values: Collection[Raw]) -> bool:
    """Are values numbers of wells, if of a plate of some usual size?"""
    numbers = [_number(v) for v in values]
    return bool(numbers) and all(numbers) and max(n for n in numbers if n) <= _MOST


def columns_of(values: Collection[Raw]) -> int:
    """The columns of the smallest usual plate, of 96 wells or more, that holds wells with these numbers; 0 for none.

    Fewer than reach the last row of 96 may be those of a plate of 12, of 24, or the first rows of a larger one, where
    they are other wells.
    """
    most = max((n for n in map(_number, values) if n), default=0) if numbered(values) else 0
    sizes = [size for size in PLATES if size[0] * size[1] >= _NUMBERED]
    least = (sizes[0][0] - 1) * sizes[0][1]
    return next((columns for rows, columns in sizes if least < most <= rows * columns), 0)


def share(values: Sequence[Raw]) -> float:
    """How many of some values are wells by their letters and number, or several of them, from 0 to 1."""
    plate = plate_of(values)
    return sum(bool(several(v, plate)) for v in values) / len(values) if values else 0.0


def certain(values: Sequence[Raw], most: float) -> bool:
    """Are values wells whatever stands above them? S1, S2 may be samples; A01, r1c1, several rows and columns not."""
    if share(values) < most:
        return False
    plate = plate_of(values)
    found = {w for v in values for w in several(v, plate)}
    rows, columns = {w.rstrip("0123456789") for w in found}, {w.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for w in found}
    padded = any(re.match(r"[A-Za-z]{1,2}0\d\Z", str(v)) or _ROW_COLUMN.match(str(v)) for v in values)
    return padded or (len(rows) > 1 and len(columns) > 1)


def _number(raw: Raw) -> int:
    """A number of a well; 0 for anything else."""
    if isinstance(raw, bool) or raw is None:
        return 0
    text = clean(str(raw)).removesuffix(".0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 and 0 < int(text) <= _MOST else 0
