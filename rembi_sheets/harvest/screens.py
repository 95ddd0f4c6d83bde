"""Plate, well and field of the images of a screen, from the names and folders of the common systems (screens.toml)."""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_FEWEST = 2  # images whose names fit before they are taken for a screen


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an image was taken: name of the plate, well as A1, field as named ('' for none), and the system."""

    plate: str
    well: str
    field: str
    system: str


@cache
def _systems() -> tuple[tuple[str, re.Pattern[str]], ...]:
    entries = tomllib.loads((files(__package__) / "screens.toml").read_text("utf-8"))["system"]
    return tuple((e["name"], re.compile(e["pattern"], re.IGNORECASE)) for e in entries)


def spots(paths: Iterable[str]) -> Mapping[str, Spot]:
    """Path -> place on its plate, for the folders all of whose paths are named as one system does."""
    by_folder: dict[str, list[str]] = {}
    for path in paths:
        by_folder.setdefault(path.rpartition("/")[0], []).append(path)
    out: dict[str, Spot] = {}
    for members in by_folder.values():
        for name, pattern in _systems():
            found = [pattern.fullmatch(p) for p in members]
            if all(found):
                out |= {p: _spot(m, name) for p, m in zip(members, found, strict=True) if m is not None}
                break
    return out if len(out) >= _FEWEST else {}


def _spot(found: re.Match[str], system: str) -> Spot:
    said = found.groupdict()
    well = said.get("well") or f"{_row(said['row'])}{said['column']}"
    letters, number = well.rstrip("0123456789").upper(), well.lstrip(string.ascii_letters)
    return Spot(said["plate"], f"{letters}{int(number)}", said.get("field") or "", system)


def _row(row: str) -> str:
    """The letters of a row that is given by its number: 1 is A, 27 AA."""
    if not row.isdigit():
        return row
    number, letters = int(row), ""
    while number > 0:
        number, rest = divmod(number - 1, len(string.ascii_uppercase))
        letters = string.ascii_uppercase[rest] + letters
    return letters or "A"
