"""Numbers as people type them: what is read, and what a number in another form may mean."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

# digits, or groups of three behind one to three digits, parted by blanks or by the apostrophes of Switzerland
_GROUPED = r"[1-9]\d{0,2}(?:(?P<gap>[ '\u2019])\d{3})(?:(?P=gap)\d{3})*"
_NUMBER = re.compile(rf"[+-]?(?:(?:\d+|{_GROUPED})(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)")
_GAPS = re.compile("[ '\u2019]")
_TWO = re.compile(r"[+-]?\d{3} \d{3}")
_SIGN = re.compile(r"\A[\u2212\u2013](?=[\d.])")
_POINTED = re.compile(r"[+-]?[1-9]\d{0,2}(?P<sign>[.,])\d{3}(?:(?P=sign)\d{3})*")
_MARKED = re.compile(r"[+-]?[1-9]\d{0,2}(?:(?P<sign>[.,' \u2019])\d{3})+(?P<point>[.,])\d+")
_COMMA = re.compile(r"[+-]?\d+,\d+")
_SPELLINGS = (("\u00b5", "u"), ("\u03bc", "u"), ("\u00d7", "x"), ("\u212b", "\u00e5"), ("^", ""), ("\u00b2", "2"))
_SIGNS = {
    "u": "[u\u00b5\u03bc]",
    "x": "[x\u00d7]",
    "\u00e5": "[\u00e5\u212b]",
    "2": r"\^?[2\u00b2]",
    "-": r"\^?[-\u207b\u2212]",
}
_WORDS = {
    "°": ("deg", "degree", "degrees"),
    "°c": ("c", "deg c", "degrees c"),
    "%": ("percent",),
    "s": ("sec",),
    "pixel": ("px", "pix", "pixels"),
}


def read(text: str, whole: bool) -> Decimal | None:
    """The number that a text is; None when it is none, or may be another (1.000 where only whole numbers stand)."""
    if not _NUMBER.fullmatch(text) or (whole and _POINTED.fullmatch(text)):
        return None
    number = Decimal(_GAPS.sub("", text))
    return number if not whole or number == number.to_integral_value() else None


def may_be_two(text: str) -> bool:
    """Can a number with a blank in it be two numbers (512 512)?"""
    return _TWO.fullmatch(text) is not None


def readings(text: str, whole: bool, unit: str = "") -> tuple[str, ...]:
    """What a number in another form may mean, as numbers to type; one where it leaves no doubt.

    A comma is a decimal point (0,57), or parts thousands (12,345,678); 1,300 may be either. `unit` is that of the
    column, which may stand behind the number.
    """
    text = without_unit(_SIGN.sub("-", text), unit)
    found: list[str] = [text]
    pointed, marked = _POINTED.fullmatch(text), _MARKED.fullmatch(text)
    if _NUMBER.fullmatch(text) and not may_be_two(text):
        found.append(_GAPS.sub("", text))
    if pointed:
        found.append(text.replace(pointed["sign"], ""))
    elif marked and marked["sign"] != marked["point"]:
        found.append(text.replace(marked["sign"], "").replace(marked["point"], "."))
    if _COMMA.fullmatch(text) or (pointed and text.count(pointed["sign"]) == 1):
        found.append(text.replace(",", "."))
    return tuple(dict.fromkeys(filter(None, (_simple(t, whole) for t in found))))


def in_doubt(text: str, unit: str = "") -> bool:
    """Has the number one sign before three digits, which may part thousands or decimals (2.048)?

    Also where only whole numbers stand: what has decimals may have been meant for another column.
    """
    pointed = _POINTED.fullmatch(without_unit(_SIGN.sub("-", text), unit))
    return pointed is not None and text.count(pointed["sign"]) == 1


def _simple(text: str, whole: bool) -> str:
    """The number as digits and a point, without the fraction of a whole one; '' when it is none that fits."""
    if not re.fullmatch(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", text):
        return ""
    number = Decimal(text)
    if not whole:
        return text
    return str(int(number)) if number == number.to_integral_value() else ""


def without_unit(text: str, unit: str) -> str:
    """The text without the unit of its column behind its numbers, whichever of its usual spellings stands there.

    Nothing else of it changes: the 2 of 10\u00b2 and the sign of 10^2 are no part of a unit, and a number behind the
    unit is another one (488 nm 561 nm).
    """
    return _unit(unit).sub("", text) if unit else text


@cache
def _unit(unit: str) -> re.Pattern[str]:
    """The unit behind a number, in its usual spellings."""
    own = _spelled(unit)
    letters = (own, own.replace("\u00e5", "a"))
    words = (*letters, *(w.replace("e/", "e-/") for w in letters), *_WORDS.get(own, ()))
    every = "|".join("".join(_SIGNS.get(c, re.escape(c)) for c in w) for w in sorted(set(words), key=len, reverse=True))
    return re.compile(rf"(?<=[\d.])\s*(?:{every})(?!\s*\.?\d|\^|[^\W_])", re.IGNORECASE)


def _spelled(text: str) -> str:
    text = text.casefold()
    for sign, letter in _SPELLINGS:
        text = text.replace(sign, letter)
    return text
