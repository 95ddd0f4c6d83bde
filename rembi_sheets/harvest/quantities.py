"""Numbers of headers: read exactly, brought to another unit exactly, written with all their digits."""

from __future__ import annotations

import math
import re
import struct
from decimal import Context, Decimal, InvalidOperation
from functools import lru_cache

from rembi_sheets import units

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")
_MEASURED = re.compile(r"([-+]?[\d.]+(?:[eE][-+]?\d+)?)\s*(.*)", re.DOTALL)
_FIFTEEN = Context(prec=15)
_PREFIXES = {"k": 3, "M": 6, "m": -3, "µ": -6, "u": -6, "n": -9, "p": -12}
_MILLIMETRE_IN_ANGSTROM = Decimal(10) ** 7
_METRE_IN_ANGSTROM = Decimal(10) ** 10
LEAST_PIXEL, GREATEST_PIXEL = Decimal("0.001"), _MILLIMETRE_IN_ANGSTROM
"""Å: no pixel is smaller than what the finest electron microscope can place, or larger than a millimetre."""


def number(text: object) -> Decimal | None:
    """The number that a text or a number of a library is; None for anything else, and for what is not finite.

    At most 15 digits, which is what a 64-bit number is sure of and what a spreadsheet keeps.
    """
    if isinstance(text, bool) or text is None:
        return None
    if isinstance(text, str):
        return _read(text)
    if isinstance(text, float):
        text = repr(float(text))
    if isinstance(text, bytes):
        text = text.decode("ascii", "replace")
    return _read(str(text))


@lru_cache(4096)  # headers of a folder say the same numbers over and over
def _read(text: str) -> Decimal | None:
    plain = text.strip().strip("\0").strip()
    if not _NUMBER.fullmatch(plain):
        return None
    try:
        return _sure(Decimal(plain))
    except InvalidOperation:
        return None


def measured(text: str) -> tuple[Decimal | None, str]:
    """A number and the unit behind it: '8100 um' is (8100, 'um'); (None, '') for another text."""
    found = _MEASURED.fullmatch(text.strip())
    value = number(found[1]) if found else None
    return (value, found[2]) if found and value is not None else (None, "")


def magnified(text: str) -> Decimal | None:
    """A magnification as Zeiss writes it: '105 X', '50.00 K X'."""
    value, unit = measured(text)
    return None if value is None or unit not in ("", "X", "K X") else value * 1000 if unit == "K X" else value


def _sure(value: Decimal) -> Decimal:
    """Without the digits behind the fifteenth: a program that writes 1.2000000000000002 means 1.2."""
    return value if len(value.as_tuple().digits) <= _FIFTEEN.prec else _FIFTEEN.plus(value)


def single(value: float) -> Decimal | None:
    """A 32-bit number with the fewest digits that mean it; None for what is not finite."""
    if not math.isfinite(value):
        return None
    for digits in range(6, 10):
        text = f"{value:.{digits}g}"
        if struct.pack("<f", float(text)) == struct.pack("<f", value):
            return Decimal(text)
    return Decimal(repr(value))


def quotient(whole: Decimal, parts: Decimal | int) -> Decimal:
    """A number divided; where the result has no end, to the 15 digits that spreadsheets keep."""
    exact = whole / parts
    return (
        exact
        if exact * parts == whole and len(exact.as_tuple().digits) < 16
        else _FIFTEEN.divide(whole, Decimal(parts))
    )


def scaled(value: Decimal, unit: str, to: str) -> Decimal | None:
    """A number in another unit, exactly; None where the two do not measure the same."""
    if unit == to or not unit:
        return value
    if (unit, to) in _SPECIAL:
        factor, offset = _SPECIAL[unit, to]
        return value * factor + offset
    if (known := units.convert(value, unit, to)) is not None:
        return known
    one, other = _split(unit), _split(to)
    if one is None or other is None or one[1] != other[1]:
        return None
    return value.scaleb(one[0] - other[0])


_SPECIAL = {
    ("1/m²", "e/Å²"): (Decimal(1).scaleb(-20), Decimal(0)),
    ("rad", "°"): (Decimal(180) / Decimal("3.14159265358979323846"), Decimal(0)),
    ("K", "°C"): (Decimal(1), Decimal("-273.15")),
    ("fraction", "%"): (Decimal(100), Decimal(0)),
    ("min", "s"): (Decimal(60), Decimal(0)),
    ("h", "s"): (Decimal(3600), Decimal(0)),
    ("d", "s"): (Decimal(86400), Decimal(0)),
    ("°F", "°C"): (Decimal(5) / Decimal(9), Decimal(-160) / Decimal(9)),
}


def _split(unit: str) -> tuple[int, str] | None:
    """(power of ten, base unit) of a unit with a prefix."""
    for base in ("eV", "V", "A", "s", "m", "Hz"):
        if unit == base:
            return 0, base
        if unit.endswith(base) and unit.removesuffix(base) in _PREFIXES:
            return _PREFIXES[unit.removesuffix(base)], base
    return None


def in_angstrom(value: Decimal, unit: str) -> Decimal | None:
    """A length in Å, also from metres and their parts; None for what is no length."""
    if (size := units.angstrom(value, unit)) is not None:
        return size
    split = _split(unit)
    more = {"cm": Decimal(10) ** 8, "pm": Decimal("0.01"), "inch": Decimal(254) * 10**6}.get(unit)
    if more is None and split and split[1] == "m":
        more = _METRE_IN_ANGSTROM.scaleb(split[0])
    return None if more is None else value * more
