"""Numbers that may be a range or a series: 300, 1.5-3.5, -60 to 60 by 3 (OSC-EM's Range and Series), with their unit.

Read is what has one meaning: the ends parted by a hyphen, a dash, dots or "to", the step behind "by" or before
"steps", a sign of both (±60), each number with the column's own unit or without. All else is refused with what it may
mean: ends the other way round, a comma as decimal point, a tolerance.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import product

from rembi_sheets.values import numbers

_NUMBER = r"[+-]?(?:\d[\d '\u2019]*(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?"
_COMMAS = r"[+-]?\d[\d.,'\u2019]*"  # a number in another form, too
_TO = r"\s*(?:-|\.{2,3}|\bto\b)\s*"
_STEP = (
    r"(?:\s*,?\s*(?:\b(?:by|every|step)|\b(?:in\s+|with\s+)?steps\s+of)\s+(?P<by>{n})"
    r"|\s*,?\s*(?:\b(?:in|with)\s+)?(?P<steps>{n})\s*\b(?:steps?|increments?))?"
)
_BOTH = r"(?:±|\+/-|\+-)\s*(?P<both>{n})"
_TOLERANCE = re.compile(rf"(?P<middle>{_NUMBER})\s*(?:±|\+/-|\+-)\s*(?P<off>{_NUMBER})")
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe63\uff0d]")
_BETWEEN = re.compile(r",\s+|\s*[/&+]\s*|\s+and\s+")
_MOST = 4  # readings that a message can name


@dataclass(frozen=True, slots=True)
class Range:
    """One number (`low` = `high`), a range, or a series with a `step`; in the unit of its column."""

    low: Decimal
    high: Decimal
    step: Decimal | None = None

    @property
    def text(self) -> str:
        """As it is typed: a hyphen between ends of 0 and more, else "to", since -60--40 reads badly."""
        if self.low == self.high:
            return plain(self.low)
        ends = ("-" if self.low >= 0 else " to ").join((plain(self.low), plain(self.high)))
        return f"{ends} by {plain(self.step)}" if self.step is not None else ends


def plain(number: Decimal) -> str:
    """Digits and a point, without zeros that say nothing: 1000, not 1E+3; 1.5, not 1.50."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def read(text: str, unit: str = "") -> Range | None:
    """What a text means, its numbers in `unit`; None when it is no such thing, or not in this form."""
    found = _shape(_NUMBER).fullmatch(_bare(text, unit))
    if not found:
        return None
    parts = _numbers(found.groupdict())
    return _range(*parts) if parts else None


def readings(text: str, unit: str = "", many: bool = False) -> tuple[str, ...]:
    """What a text in another form may mean, each to type instead; none where it cannot be told.

    `many`: a cell may hold several, so that commas and strokes between them may stand for semicolons.
    """
    bare = _bare(text, unit)
    several = [read(p, unit) for p in _BETWEEN.split(text)] if many else []
    if len(several) > 1 and all(several):
        return ("; ".join(r.text for r in several if r),)
    swapped = _shape(_NUMBER).fullmatch(bare)
    if swapped:
        parts = _numbers(swapped.groupdict())
        other = _range(parts[1], parts[0], abs(parts[2]) if parts[2] is not None else None) if parts else None
        return (other.text,) if other else ()
    around = _TOLERANCE.fullmatch(bare)
    if around:
        middle, off = (numbers.read(around[n].strip(), False) for n in ("middle", "off"))
        return (Range(middle - off, middle + off).text,) if middle is not None and off is not None and off > 0 else ()
    typed = _shape(_COMMAS).fullmatch(bare)
    if not typed:
        return ()
    given = {name: part for name, part in typed.groupdict().items() if part}
    meant = [numbers.readings(part, False) for part in given.values()]
    alike = len({len(m) for m in meant}) == 1  # all with the comma in one sense, as one person types
    choices = zip(*meant, strict=True) if alike else product(*meant)
    made = (_range(*parts) for c in choices if (parts := _numbers(dict(zip(given, c, strict=True)))))
    return tuple(dict.fromkeys(r.text for r in made if r))[:_MOST]


def may_be_two(text: str, unit: str = "") -> bool:
    """Can a single number with a blank in it be two (488 561)?"""
    return numbers.may_be_two(_bare(text, unit))


def _range(low: Decimal, high: Decimal, step: Decimal | None) -> Range | None:
    """The range, where its ends stand in their order and the step fits between them."""
    if low > high or (step is not None and not 0 < step <= high - low):
        return None
    return Range(low, high, step)


def _numbers(parts: dict[str, str | None]) -> tuple[Decimal, Decimal, Decimal | None] | None:
    """Low, high and step of the parts of a text; None when one of them is no number."""
    given = {name: numbers.read(part.strip(), False) for name, part in parts.items() if part}
    given = {name.rstrip("_"): number for name, number in given.items()}
    read = {name: number for name, number in given.items() if number is not None}
    if len(read) < len(given):
        return None
    step = read.get("by", read.get("steps"))
    if "both" in read:
        return -read["both"], read["both"], step
    return read["low"], read.get("high", read["low"]), step


@cache
def _shape(number: str) -> re.Pattern[str]:
    """The form of a text whose numbers look like this."""
    step = _STEP.format(n=number)
    again = step.replace("<by>", "<by_>").replace("<steps>", "<steps_>")  # a name stands in a pattern once
    pattern = rf"(?P<low>{number})(?:{_TO}(?P<high>{number}){step})?|{_BOTH.format(n=number)}{again}"
    return re.compile(pattern, re.IGNORECASE)


def _bare(text: str, unit: str) -> str:
    """The text with plain hyphens and without the unit behind its numbers."""
    text = _DASHES.sub("-", text.strip()).replace("\u2026", "..")
    return numbers.without_unit(text, unit)
