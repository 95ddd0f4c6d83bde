"""Dates as people type them, and how many days one may mean."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import cache

_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_TIME = re.compile(r"(?<=\d)(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?)\Z")
_TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NUMBERS = re.compile(r"(\d{1,2})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{4})")
_EAST = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|\.)?[\s-]*(?:of |de )?([^\W\d_]{3,})\.?[\s,-]*(\d{4})")
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,})\.?[\s-]*(\d{1,2})(?:st|nd|rd|th)?(?:,\s*|\s+|-)(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[\s,-]+([^\W\d_]{3,})\.?[\s-]+(\d{1,2})(?:st|nd|rd|th)?")
# English, German and French; the first letters are enough where they name one month
_MONTHS = (
    ("january", "januar", "jänner", "janvier"),
    ("february", "februar", "feber", "février"),
    ("march", "märz", "maerz", "mars"),
    ("april", "avril"),
    ("may", "mai"),
    ("june", "juni", "juin"),
    ("july", "juli", "juillet"),
    ("august", "août"),
    ("september", "septembre"),
    ("october", "oktober", "octobre"),
    ("november", "novembre"),
    ("december", "dezember", "décembre"),
)


def read(text: str) -> dt.date | None:
    """The day of year-month-day, the one form that is taken as it is; None for any other text."""
    found = _ISO.fullmatch(text)
    return _day(found[1], found[3], found[4]) if found and found[2] == "-" else None


def readings(text: str) -> tuple[dt.date, ...]:
    """The days that a text in another form may mean; one where it leaves no doubt, two for 01/02/2027, none where
    it is no date or lacks a part. A time behind the day is left out; a year has four digits.
    """
    text = _TIME.sub("", " ".join(text.split()))
    for form in (_ISO, _EAST, _TOGETHER):
        found = form.fullmatch(text)
        if found:
            numbers = [n for n in found.groups() if n.isdigit()]
            return _all(_day(*numbers))
    found = _NUMBERS.fullmatch(text)
    if found:
        first, _, second, year = found.groups()
        return _all(_day(year, second, first), _day(year, first, second))
    for form, order in ((_DAY_FIRST, (3, 2, 1)), (_MONTH_FIRST, (3, 1, 2)), (_YEAR_FIRST, (1, 2, 3))):
        found = form.fullmatch(text)
        if found:
            year, month, day = (found[i] for i in order)
            return _all(_day(year, str(_month(month)), day))
    return ()


def _all(*days: dt.date | None) -> tuple[dt.date, ...]:
    return tuple(dict.fromkeys(d for d in days if d is not None))


def _day(year: str, month: str, day: str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day)) if int(year) >= 1900 else None
    except ValueError:
        return None


def _month(word: str) -> int:
    """The number of a month by its name or the beginning of it; 0 when it names none, or more than one."""
    found = {i for name, i in _names() if name.startswith(_plain(word))}
    return found.pop() if len(found) == 1 else 0


@cache
def _names() -> tuple[tuple[str, int], ...]:
    return tuple((_plain(name), i) for i, names in enumerate(_MONTHS, start=1) for name in names)


def _plain(word: str) -> str:
    parts = unicodedata.normalize("NFD", word.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))
