"""Wells and plates: A1 and A01 are one well, and a plate has 6 to 1536 of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rembi_sheets.plates import PLATES

_WELL = re.compile(r"([A-Za-z]{1,2})0*(\d{1,2})\Z")


@lru_cache(maxsize=65536)
def parts(name: str) -> tuple[int, int] | None:
    """Row and column from 1: B02 -> (2, 2), AF48 -> (32, 48); None for anything else."""
    found = _WELL.match(name.strip())
    if not found or not int(found[2]):
        return None
    row = 0
    for letter in found[1].upper():
        row = row * 26 + ord(letter) - 64
    return row, int(found[2])


def layout(wells: Iterable[tuple[str, str]]) -> int:
    """Columns of the plates of (plate, well), 0 when they cannot be told.

    They can when one plate holds every well of one of the formats, and no well lies outside it.
    """
    per_plate: dict[str, int] = {}
    last_row = last_column = 0
    for plate, name in wells:
        place = parts(name)
        if place is None:
            return 0
        per_plate[plate] = per_plate.get(plate, 0) + 1
        last_row, last_column = max(last_row, place[0]), max(last_column, place[1])
    full = last_row * last_column
    return last_column if (last_row, last_column) in PLATES and full in per_plate.values() else 0


def number(name: str, columns: int) -> str:
    """Well Number, row by row: B2 of a plate of 12 columns is 14."""
    place = parts(name)
    return str((place[0] - 1) * columns + place[1]) if place else ""


@lru_cache(maxsize=65536)
def key(name: str) -> str:
    """One spelling for a well: B02, b2 -> B2; other text as it is."""
    place = parts(name)
    return f"{name.strip()[: 2 if place[0] > 26 else 1].upper()}{place[1]}" if place else name.strip()


def common_folder(first: str, second: str) -> str:
    """The folder that holds both paths: plate1/a.tif, plate1/b.tif -> plate1; '' when they share none."""
    out = []
    for a, b in zip(first.split("/"), second.split("/"), strict=False):
        if a != b:
            break
        out.append(a)
    return "/".join(out)
