"""How headings are read: their words without dressing, the unit behind them, and what other standards call them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from rembi_sheets import toml
from rembi_sheets.values import clean

WELL_ROW, WELL_COLUMN = "well_row", "well_column"
# the headings that no standard gave a name: the usual ones, and those that count where no other names the column
_USUAL, _ELSE = "usual", "else"
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BETWEEN = re.compile(r"[\W_]+")
# a unit in brackets, or behind a slash with blanks around it (SI: t / s)
_UNIT = re.compile(
    r"\A(?P<name>.*?\S)\s*(?:\[(?P<square>[^\[\]]*)\]|\((?P<round>[^()]*)\)|\s/\s(?P<slash>\S+))\s*\Z", re.DOTALL
)
_IS_UNIT = re.compile(
    r"(?:[fpnuµμmkMG]?(?:M|g|m|l|L|s|V|A|W|J|Hz|Pa|mol|molar|eV)|°C|K|%|°|min|h|hr|hrs|d|days?|hours?|sec|Å|px|pixels?|"
    r"v/v|w/v|x|a\.?u\.?)(?:\s*[/·*]\s*(?:[fpnuµμmk]?(?:M|g|m|l|L|s|mol|Å)|ml|min|h|well|cell)[²³23]?)?[²³23]?\Z"
)


@dataclass(frozen=True, slots=True)
class Called:
    """A column by another name: of which standard ("" for a usual heading); `last`: only where no other names it."""

    sheet: str
    column: str
    standard: str
    last: bool = False


@cache
def _data() -> Mapping[str, Any]:
    return toml.loads((files(__package__) / "synonyms.toml").read_text("utf-8"))


@cache
def listed(kind: str) -> tuple[str, ...]:
    """The words of one kind ("totals", "plates", "sheets", "images")."""
    return tuple(_data()["words"][kind])


@cache
def synonyms() -> Mapping[str, tuple[Called, ...]]:
    """Squeezed heading -> the columns that are called so; those of a named standard first."""
    out: dict[str, list[Called]] = {}
    for called, heading in _synonyms():
        out.setdefault(squeezed(heading), []).append(called)
    return {key: tuple(sorted(found, key=lambda c: not c.standard)) for key, found in out.items()}


def _synonyms() -> Iterator[tuple[Called, str]]:
    for standard, sheets in _data().items():
        if standard == "words":
            continue
        for sheet, columns in sheets.items():
            for column, headings in columns.items():
                for heading in headings:
                    named = "" if standard in (_USUAL, _ELSE) else standard
                    yield Called(sheet, column, named, standard == _ELSE), heading


def squeezed(text: str) -> str:
    """A heading as compared: its letters and digits alone, in small letters."""
    plain = unicodedata.normalize("NFKC", clean(text))
    return " ".join(_BETWEEN.sub(" ", _CAMEL.sub(" ", plain)).casefold().split()).replace(" ", "")


def parted(heading: str) -> tuple[str, str]:
    """A heading and the unit that stands in it: `Concentration [µM]` -> ("Concentration", "µM"); "" without one."""
    found = _UNIT.match(clean(heading))
    if found:
        unit = (found["square"] or found["round"] or found["slash"] or "").strip()
        if is_unit(unit):
            return found["name"].strip(), unit
    return clean(heading), ""


def is_unit(text: str) -> bool:
    """Is a text a unit of measurement and nothing else?"""
    return _IS_UNIT.match(clean(text)) is not None
