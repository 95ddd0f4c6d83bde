"""The look of a workbook as data: `look.toml` as frozen objects, and how wide a text is in its font."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from rembi_sheets import toml
from rembi_sheets.schema import Column, Kind, SheetSpec

# Advance widths of Carlito, which has those of Calibri, in thousandths of the size: characters 32 to 126.
_REGULAR = (
    226, 326, 401, 498, 507, 715, 682, 221, 303, 303, 498, 498, 250, 306, 252, 386, 507, 507, 507, 507, 507, 507, 507,
    507, 507, 507, 268, 268, 498, 498, 498, 463, 894, 579, 544, 533, 615, 488, 459, 631, 623, 252, 319, 520, 420, 855,
    646, 662, 517, 673, 543, 459, 487, 642, 567, 890, 519, 487, 468, 307, 386, 307, 498, 498, 291, 479, 525, 423, 525,
    498, 305, 471, 525, 229, 239, 455, 229, 799, 525, 527, 525, 525, 349, 391, 335, 525, 452, 715, 433, 453, 395, 314,
    460, 314, 498,
)  # fmt: skip
_BOLD = (
    226, 326, 438, 498, 507, 729, 705, 233, 312, 312, 498, 498, 258, 306, 267, 430, 507, 507, 507, 507, 507, 507, 507,
    507, 507, 507, 276, 276, 498, 498, 498, 463, 898, 606, 561, 529, 630, 488, 459, 637, 631, 267, 331, 547, 423, 874,
    659, 676, 532, 686, 563, 473, 495, 653, 591, 906, 551, 520, 478, 325, 430, 325, 498, 498, 300, 494, 537, 418, 537,
    503, 316, 474, 537, 246, 255, 480, 246, 813, 537, 538, 537, 537, 355, 399, 347, 537, 473, 745, 459, 474, 397, 344,
    475, 344, 498,
)  # fmt: skip
_OTHER = 560  # any other letter or sign: about the widest of those that occur often
_PIXELS = 7  # pixels of one character of column width
_INDENT = 9
_BUTTON = 18  # a filter button
_SPARE = 1.03  # programs that place letters on whole pixels need more room than the metrics say


@dataclass(frozen=True, slots=True)
class Group:
    """A group of sheets: its name in Read me, the colour of its tabs and headings, and the pale one."""

    title: str
    accent: str
    tint: str


@dataclass(frozen=True, slots=True)
class Look:
    """Everything `look.toml` says, one mapping a table of it."""

    colour: Mapping[str, str]
    group: Mapping[str, Group]
    font: Mapping[str, Any]
    mark: Mapping[str, str]
    width: Mapping[str, Any]
    height: Mapping[str, float]
    files: Mapping[str, int]
    plates: Mapping[str, Any]
    limit: Mapping[str, int]
    words: Mapping[str, str]


@cache
def look() -> Look:
    """The look of this release."""
    raw = toml.loads((files(__package__) / "look.toml").read_text(encoding="utf-8"))
    raw["group"] = {name: Group(**g) for name, g in raw["group"].items()}
    return Look(**raw)


def is_chosen(c: Column) -> bool:
    """Is a cell of the column chosen from a dropdown?"""
    return bool(c.list) or c.kind in (Kind.REFERENCE, Kind.YESNO)


def shown_example(text: str, c: Column) -> str:
    """An example with the sign that its number format puts before it: typed, or chosen."""
    return f"{look().mark['example_list' if is_chosen(c) else 'example'].split(chr(34))[1]}{text}"


def base_width(c: Column, key: bool) -> float:
    """Where the width of a column starts, in characters, by what it holds."""
    width = look().width
    if c.own:
        return float(width["own"])
    path = c.format is not None and c.format.path != ""
    if key and c.kind is Kind.TEXT:
        return float(width["path_key"] if path else width["key"])
    if c.kind is Kind.REFERENCE:
        return float(width["many"] if c.many else width["reference"])
    if c.kind in (Kind.CHOICE, Kind.YESNO):
        if c.list == "length_unit":
            return float(width["unit"])
        return float(width["many"] if c.many else width["choice"])
    if c.kind is Kind.TERM:
        return float(width["term"])
    if c.kind in (Kind.INTEGER, Kind.NUMBER, Kind.RANGE):
        return float(width["number"])
    if c.kind is Kind.DATE:
        return float(width["date"])
    if c.kind is Kind.LONGTEXT:
        return float(width["longtext"])
    if path:
        return float(width["path"])
    return float(width["identifier" if c.ids_of else "text"])


def needed_width(c: Column, sheet: SheetSpec) -> float:
    """Characters a column needs: help in four lines, examples and heading in two (a number in a band: one), title in A.

    The widths in the schema are this, computed once by tools/widths.py.
    """
    number = c.kind in (Kind.INTEGER, Kind.NUMBER)
    text = f"{look().mark['required']}  {c.short or c.label}"
    button = _BUTTON if sheet.own else 0
    font = look().font
    examples = {c.example, *c.examples.values()}
    width = base_width(c, c.name in sheet.key[:1])
    while (
        lines(c.help, width, font["help"], indent=not number) > look().height["help_lines"]
        or max(lines(shown_example(e, c), width, font["help"]) for e in examples) > look().height["example_lines"]
        or lines(text, width - button / _PIXELS, font["text"], bold=True) > (1 if number and c.band else 2)
        or any(pixels(w, font["text"], bold=True) > width * _PIXELS - _INDENT - button for w in text.split())
        or (c is sheet.columns[0] and lines(sheet.title, width, font["title"], bold=True) > 1)
    ):
        width += 0.5
    return width


@lru_cache(maxsize=4096)
def pixels(text: str, size: float, bold: bool = False) -> float:
    """Width of a text in pixels at 96 dots an inch, for a size in points."""
    table = _BOLD if bold else _REGULAR
    total = sum(table[ord(ch) - 32] if 32 <= ord(ch) < 127 else _OTHER for ch in text)
    return total * size / 750 * _SPARE  # thousandths of a point at 72 an inch -> pixels at 96


def lines(text: str, width: float, size: float, bold: bool = False, indent: bool = True) -> int:
    """Lines a text takes in a column of `width` characters, broken between words, as spreadsheet programs do."""
    room = width * _PIXELS - (_INDENT if indent else 0)
    blank = pixels(" ", size, bold)
    count = 0
    for paragraph in text.split("\n"):
        used = 0.0
        count += 1
        for word in paragraph.split(" "):
            need = pixels(word, size, bold)
            if used and used + blank + need > room:
                count += 1
                used = 0.0
            if need > room:  # a word longer than the column is cut anywhere
                count += int(need // room)
                need %= room
            used += need + (blank if used else 0)
    return count
