"""Wells as programs write them, as the workbook calls them: A1, A01, A-1, r01c01, and numbers that count row by row."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from rembi_sheets.cells import Raw
from rembi_sheets.plates import PLATES, position
from rembi_sheets.plates.wells import column_of, name, row_of
from rembi_sheets.values import clean

_ROW_COLUMN = re.compile(r"(?:row|r)\s*0*(\d{1,2})\s*[-_, ]?\s*(?:column|col|c)\s*0*(\d{1,2})\Z", re.IGNORECASE)
_APART = re.compile(r"([A-Za-z]{1,2})\s*[-_:/ ]\s*0*(\d{1,2})\Z")
_MOST = PLATES[-1][0] * PLATES[-1][1]


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


def joined(row: Raw, column: Raw) -> str:
    """The well of a row (a letter or a number) and a column that stand apart; "" where they name none."""
    number = column_of(column)
    place = row_of(row) or column_of(row)
    return name((place, number)) if number and place and place <= PLATES[-1][0] else ""


def columns_of(values: Collection[Raw]) -> int:
    """The columns of the smallest usual plate that holds wells with these numbers; 0 where they are no numbers."""
    numbers = [_number(v) for v in values]
    if not numbers or not all(numbers):
        return 0
    most = max(n for n in numbers if n)
    return next((columns for rows, columns in PLATES if rows * columns >= most), 0)


def share(values: Sequence[Raw]) -> float:
    """How many of some values are wells by their letters and number, from 0 to 1."""
    return sum(bool(well(v)) for v in values) / len(values) if values else 0.0


def certain(values: Sequence[Raw], most: float) -> bool:
    """Are values wells whatever stands above them? S1, S2 may be samples; A01, r1c1, several rows and columns not."""
    if share(values) < most:
        return False
    found = {well(v) for v in values} - {""}
    rows, columns = {w.rstrip("0123456789") for w in found}, {w.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for w in found}
    padded = any(re.match(r"[A-Za-z]{1,2}0\d\Z", str(v)) or _ROW_COLUMN.match(str(v)) for v in values)
    return padded or (len(rows) > 1 and len(columns) > 1)


def _number(raw: Raw) -> int:
    """A number of a well; 0 for anything else."""
    if isinstance(raw, bool) or raw is None:
        return 0
    text = clean(str(raw)).removesuffix(".0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 and 0 < int(text) <= _MOST else 0
