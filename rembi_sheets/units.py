"""Lengths: exact Decimal conversion between the units of the list `length_unit`, and sizes in words.

Units are read with their aliases (um, micron, Angstrom); symbols that mean several things (A, m, M) are refused.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from rembi_sheets import vocabularies

_SIZE = re.compile(r"\s*[x×*,]\s*", re.IGNORECASE)
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*([^\d\s.][^\d\s]*)?\Z")


@cache
def factor(unit: str) -> Decimal | None:
    """How many Å a unit is, exactly; None for a symbol that is no length or means several things."""
    entry = vocabularies.resolve(unit, "length_unit").entry
    return Decimal(entry.extra["angstrom"]) if entry else None


def angstrom(value: Decimal, unit: str) -> Decimal | None:
    """A length in Å; None for an unknown unit."""
    known = factor(unit)
    return None if known is None else value * known


def convert(value: Decimal, unit: str, to: str) -> Decimal | None:
    """A length in another unit, exactly where the quotient is finite; None for an unknown unit."""
    length, whole = angstrom(value, unit), factor(to)
    return None if length is None or whole is None else length / whole


def readable(length: Decimal, unit: str) -> str:
    """The unit of the list in which a length is 1 or more and shortest to read; `unit` itself when it is unknown."""
    size = angstrom(length, unit)
    if size is None:
        return unit
    labels = [e.label for e in vocabularies.entries("length_unit")]
    fitting = [u for u in labels if size >= (factor(u) or 0)]
    return max(fitting, key=lambda u: factor(u) or Decimal(0), default=unit)


def lengths(text: str) -> tuple[Decimal, ...] | None:
    """The lengths of a size in words in Å: '15 x 12 x 8.7 µm' or '15 µm x 12 µm'; None when it says anything else.

    A length without a unit has that of the next one that has.
    """
    parts = [_LENGTH.fullmatch(p.strip()) for p in _SIZE.split(text.strip())]
    unit, found = "", []
    for part in reversed(parts):
        if part is None:
            return None
        unit = part[2] or unit
        length = angstrom(Decimal(part[1]), unit) if unit else None
        if length is None:
            return None
        found.append(length)
    return tuple(reversed(found))
