"""Values for columns: gathered by a reader as the header states them, told in the unit of their column.

A reader names the method column and the unit in which the header stores the number. What the check would refuse in
that column (a number outside its limits) is left out and said. Persons, addresses and paths never become a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache

from rembi_sheets.harvest.model import Confidence, Value
from rembi_sheets.harvest.quantities import number, scaled
from rembi_sheets.schema import Column, load
from rembi_sheets.values.ranges import Range, plain

ACQUISITION, CHANNELS, IMAGE_DATA = "image_acquisition", "channels", "image_data"

_LONGEST = 200
_SMALLEST = -15  # power of ten: no column has a unit that is so far from what is measured in it
_UNKNOWN = "\ufffd"  # what stands for bytes that are no text
_PRIVATE = re.compile(r"\S+@\S+\.\w+|(?<!\w)[A-Za-z]:[\\/]|\\\\\w|^/\w|file://|\b\d{1,3}(?:\.\d{1,3}){3}(?=[\\/])")


def words(text: object) -> str:
    """A stored text on one line; '' for an e-mail address, a path of a machine, and what has no letter or digit."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    given = str(text or "")
    if given.isalnum() or not given:  # one plain word, or none
        return given if len(given) <= _LONGEST else ""
    if not given.isprintable():
        given = "".join(c if c.isprintable() and c != _UNKNOWN else " " for c in given)
    line = " ".join(given.split())
    return "" if len(line) > _LONGEST or _PRIVATE.search(line) or not any(map(str.isalnum, line)) else line


def file_name(text: object) -> str:
    """The last part of a path of any system; a name stays as it is."""
    return words(re.split(r"[\\/]", str(text or "").strip())[-1])


@cache
def _column(sheet: str, name: str) -> Column:
    return load()[sheet][name]


class Facts:
    """Gathers the values of one file for one sheet."""

    def __init__(self, file: str, reader: str, sheet: str = ACQUISITION) -> None:
        """`file`: the path below the folder; `reader`: module; `sheet`: machine name."""
        self.file, self.reader, self.sheet = file, reader, sheet
        self.values: list[Value] = []
        self.warnings: list[str] = []

    def on(self, sheet: str) -> Facts:
        """Another gatherer of the same file, for another sheet."""
        return Facts(self.file, self.reader, sheet)

    def text(self, name: str, value: object, key: str, confidence: Confidence = Confidence.READ) -> None:
        """A text as it stands; nothing for an empty one."""
        if line := words(value):
            self._keep(name, line, "", key, confidence)

    def number(
        self,
        name: str,
        value: object,
        unit: str,
        key: str,
        confidence: Confidence = Confidence.READ,
        zero: bool = False,
    ) -> None:
        """A number in a unit of the header; 0 means unknown there unless `zero`."""
        found = value if isinstance(value, Decimal) else number(value)
        if found is None or not found.is_finite() or (found == 0 and not zero):
            return
        column = _column(self.sheet, name)
        told = scaled(found, unit, column.unit)
        if told is None or not _within(column, told):
            self.warnings.append(f"{key} is {plain(found)} {unit}".rstrip() + _refused(column))
            return
        self._keep(name, plain(told), column.unit, key, confidence)

    def span(
        self, name: str, low: object, high: object, unit: str, key: str, step: Decimal | None = None, sure: bool = False
    ) -> None:
        """A range of two numbers, in whichever order; one number where both are equal.

        It is derived (the least and the greatest of many), unless `sure` (both ends stand there).
        """
        column = _column(self.sheet, name)
        ends = [e if isinstance(e, Decimal) else number(e) for e in (low, high)]
        told = [scaled(e, unit, column.unit) for e in ends if e is not None]
        kept = sorted(t for t in told if t is not None)
        if len(kept) < 2:
            return
        if not all(_within(column, t) for t in kept):
            self.warnings.append(f"{key} is {plain(kept[0])} to {plain(kept[1])}" + _refused(column))
            return
        confidence = Confidence.READ if sure or kept[0] == kept[1] else Confidence.DERIVED
        self._keep(name, Range(kept[0], kept[1], step).text, column.unit, key, confidence)

    def alike(self, parts: Iterable[Facts]) -> None:
        """What the images of a file say, where all that say it agree; what they differ in is named, and not told."""
        found: dict[str, dict[tuple[str, Confidence], Value]] = {}
        for part in parts:
            for value in part.values:
                found.setdefault(value.column, {}).setdefault((value.value, value.confidence), value)
            self.warnings += [w for w in part.warnings if w not in self.warnings]
        differing = [c for c, told in found.items() if len({v for v, _ in told}) > 1]
        self.values += [next(iter(told.values())) for c, told in found.items() if c not in differing]
        if differing:
            labels = ", ".join(_column(*c.split(".")).label for c in differing)
            self.warnings.append(f"its images differ in {labels}, of which none is told")

    def has(self, name: str) -> bool:
        """Is there a value for this column?"""
        return any(v.column == f"{self.sheet}.{name}" for v in self.values)

    def _keep(self, name: str, text: str, unit: str, key: str, confidence: Confidence) -> None:
        _column(self.sheet, name)  # a column that is not in the schema is a defect of the reader
        self.values.append(Value(f"{self.sheet}.{name}", text, unit, key, self.file, self.reader, confidence))


def _refused(column: Column) -> str:
    """Why a number is not told: it is none that the column takes."""
    low = f"more than {column.above}" if column.above is not None else plain(Decimal(column.minimum or 0))
    takes = f"{low} to {plain(Decimal(column.maximum))}" if column.maximum is not None else f"{low} and more"
    return f"; it is left out, since {column.label} takes {takes} {column.unit}".rstrip()


def _within(column: Column, value: Decimal) -> bool:
    return not (value and value.adjusted() < _SMALLEST) and column.allows(value)
