"""Pixel sizes: which lengths can be one, and in which unit they are told."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from rembi_sheets import units, vocabularies
from rembi_sheets.harvest.model import Length
from rembi_sheets.harvest.quantities import GREATEST_PIXEL, LEAST_PIXEL, in_angstrom, number
from rembi_sheets.values.ranges import plain

_MEANT = {"A": "Å", "n_m": "nm", "u_m": "µm", "meters": "m", "Âµm": "µm"}
"""Units as programs write them where only a length can stand, and what they mean (Âµm is µm, read as Latin-1)."""
DOTS = (1, 64, 72, 93, 96, 100, 150, 300, 600)
"""Dots per inch of screens, printers, and of programs that had to write something."""
_INCH = Decimal(254) * 10**6
_CUT = 2_000  # dots in a centimetre are often told with two digits behind the point: 28.34 for 72 an inch


def pixel_size(value: object, unit: str, told_in: str = "") -> Length | None:
    """A pixel size as stored; None for zero, negative, not a number, above 1 mm, or a unit that is no length.

    A unit of the list `length_unit` stays; A, [n_m] and their like are what they mean. Others (m, cm) become
    `told_in`, or what is shortest to read.
    """
    found = value if isinstance(value, Decimal) else number(value)
    return None if found is None else _sized(str(found), unit, told_in)


@lru_cache(4096)  # by the digits: 1.0 and 1.00 are equal numbers, and not the same text
def _sized(digits: str, unit: str, told_in: str) -> Length | None:
    found = Decimal(digits)
    if not found.is_finite() or found <= 0:
        return None
    unit = unit.strip("[] \0")
    unit = _MEANT.get(unit, unit)
    size = in_angstrom(found, unit)
    if size is None or not LEAST_PIXEL <= size <= GREATEST_PIXEL:
        return None
    if (entry := vocabularies.resolve(unit, "length_unit").entry) is not None:
        return Length(found, entry.label)
    target = vocabularies.resolve(told_in, "length_unit").entry
    label = target.label if target else units.readable(size, "Å")
    whole = units.factor(label)
    return Length((size / whole).normalize(), label) if whole else None


def refused(value: object, unit: str) -> str:
    """What is said of a stored number that is no pixel size; '' where nothing was stored (or zero)."""
    found = value if isinstance(value, Decimal) else number(value)
    if found is None or found == 0 or pixel_size(found, unit) is not None:
        return ""
    return f"{plain(found)} {unit} is stored as pixel size, which cannot be; it is left out"


@lru_cache(4096)  # the files of a folder have few sizes
def printed(size: Length) -> bool:
    """Is it the size of a dot of a printer or screen (72 dots per inch are 352.8 µm), which is no pixel size?"""
    length = in_angstrom(size.value, size.unit)
    return length is not None and any(abs(length * dots - _INCH) * _CUT < _INCH for dots in DOTS)
