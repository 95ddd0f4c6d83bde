"""Dates as people type them, and how many days one may mean."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import cache
from importlib.resources import files

from rembi_sheets.signs import narrow

_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_TIME = re.compile(r"(?<=\d)(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?)\Z")
_TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NUMBERS = re.compile(r"(\d{1,2})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})")
_EAST = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_DAY_FIRST = re.compile(
    r"(?:the )?(\d{1,2})(?:st|nd|rd|th|er|\.?[ºª°]|\.)?[\s/-]*(?:of |de |d[’'])?([^\W\d_]{3,})\.?[\s,/-]*(?:de |del )?"
    r"(\d{4}|\d{2})(?: ?г\.?| ?р\.?| ?r\.?)?"
)
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,})\.?[\s-]*(\d{1,2})(?:st|nd|rd|th)?(?:,\s*|\s+|-)(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[\s,-]+([^\W\d_]{3,})\.?[\s-]+(\d{1,2})(?:st|nd|rd|th)?")
_WEEKDAY = re.compile(r"([^\W\d_]{2,})(?:-feira)?(?:\.,?|,)?\s+(?=\S)")
_SHORT_YEAR = 1970  # of a year with two digits: this one and the 99 after it
# what stands for the stroke and the dash between the parts of a date
_STROKES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣", "-") | dict.fromkeys("∕⁄", "/"))


def read(text: str) -> dt.date | None:
    """The day of year-month-day, the one form that is taken as it is; None for any other text."""
    found = _ISO.fullmatch(text)
    return _day(found[1], found[3], found[4]) if found and found[2] == "-" else None


def readings(text: str) -> tuple[dt.date, ...]:
    """The days that a text in another form may mean; one where it leaves no doubt, two for 01/02/2027, none where
    it is no date or lacks a part. A time behind the day is left out, and so is a day of the week that it is; a year of
    two digits may as well be the day.
    """
    text = _TIME.sub("", " ".join(narrow(text).translate(_STROKES).split()))
    days, named = _readings(text), _WEEKDAY.match(text)
    if days or named is None:
        return days
    weekday = _number(named[1], "days")
    return tuple(day for day in _readings(text[named.end() :]) if day.isoweekday() == weekday)


def _readings(text: str) -> tuple[dt.date, ...]:
    for form in (_ISO, _EAST, _TOGETHER):
        found = form.fullmatch(text)
        if found:
            numbers = [n for n in found.groups() if n.isdigit()]
            return _all(_day(*numbers))
    found = _NUMBERS.fullmatch(text)
    if found:
        first, _, second, year = found.groups()
        turned = _day(first, second, year) if len(year) == 2 else None
        return _all(_day(year, second, first), _day(year, first, second), turned)
    for form, order in ((_DAY_FIRST, (3, 2, 1)), (_MONTH_FIRST, (3, 1, 2)), (_YEAR_FIRST, (1, 2, 3))):
        found = form.fullmatch(text)
        if found:
            year, word, day = (found[i] for i in order)
            month = str(_number(word, "months"))
            return _all(_day(year, month, day), _day(day, month, year) if len(year) == 2 else None)
    return ()


def _all(*days: dt.date | None) -> tuple[dt.date, ...]:
    return tuple(dict.fromkeys(d for d in days if d is not None))


def _day(year: str, month: str, day: str) -> dt.date | None:
    number = int(year)
    if len(year) < 4:
        number += _SHORT_YEAR - _SHORT_YEAR % 100 + (100 if number < _SHORT_YEAR % 100 else 0)
    try:
        return dt.date(number, int(month), int(day)) if number >= 1900 else None
    except ValueError:
        return None


def _number(word: str, kind: str) -> int:
    """The number of a month or a day of the week by its name or the beginning of it; 0 where it names none, or more
    than one.
    """
    plain = _plain(word)
    names = _names(kind)
    found = {i for name, i in names if name == plain} or {i for name, i in names if name.startswith(plain)}
    return found.pop() if len(found) == 1 else 0


@cache
def _names(kind: str) -> tuple[tuple[str, int], ...]:
    from rembi_sheets import toml

    listed = toml.loads(files("rembi_sheets.values").joinpath("months.toml").read_text("utf-8"))[kind]
    return tuple((_plain(name), i) for i, names in enumerate(listed, start=1) for name in names)


def _plain(word: str) -> str:
    parts = unicodedata.normalize("NFD", word.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))
