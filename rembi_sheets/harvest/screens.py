"""Plate, well and field of the images of a screen: as the header of the file says, else from the names and folders of
the common systems (screens.toml)."""

from __future__ import annotations

import re
import string
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rembi_sheets import toml
from rembi_sheets.harvest.model import Header

_ABOVE = "?"  # a folder above the one that was harvested, whose name is not known
_FEWEST = 2  # images whose names fit before they are taken for a screen


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an image was taken: name of the plate, well as A1, field as named ('' for none), and the system whose
    names say so ('': the header does)."""

    plate: str
    well: str
    field: str
    system: str


@dataclass(frozen=True, slots=True)
class System:
    """A system and how it calls its files. `certain`: nobody else does."""

    name: str
    pattern: re.Pattern[str]
    certain: bool = False


@cache
def systems() -> tuple[System, ...]:
    """All that are known, in the order in which they are tried."""
    entries = toml.loads((files(__package__) / "screens.toml").read_text("utf-8"))["system"]
    return tuple(System(e["name"], re.compile(e["pattern"], re.IGNORECASE), e.get("certain", False)) for e in entries)


def told(path: str, header: Header) -> tuple[Spot, ...]:
    """The places that a header tells; a plate without a name is called as the file."""
    plate = header.plate or path.rpartition("/")[2].partition(".")[0]
    return tuple(Spot(plate, well, "", "") for well in header.wells)


def fields(places: Mapping[str, tuple[Spot, ...]]) -> int | None:
    """How many fields every well has, where names tell it and all wells have as many."""
    seen: dict[tuple[str, str], set[str]] = {}
    for spot in (s for several in places.values() for s in several if s.field):
        seen.setdefault((spot.plate, spot.well), set()).add(spot.field)
    numbers = {len(f) for f in seen.values()}
    return numbers.pop() if len(numbers) == 1 else None


def well(row: int, column: int) -> str:
    """The well at a row and a column, both from 0."""
    return f"{_row(str(row + 1))}{column + 1}"


def spots(paths: Iterable[str], home: str = "") -> Mapping[str, Spot]:
    """Path -> place on its plate, for the folders whose files are named as one system does.

    `home`: the name of the folder that was harvested, which may be that of the plate, or of the folder of its images
    (Images, data, TimePoint_1); the plate is then called as it.
    """
    by_folder: dict[str, list[str]] = {}
    for path in paths:
        by_folder.setdefault(path.rpartition("/")[0], []).append(path)
    out: dict[str, tuple[re.Match[str], str]] = {}
    for members in by_folder.values():
        for system in systems():
            if not system.certain and _found(system, members[0], home) is None:  # most folders are no screen's
                continue
            found = {p: m for p in members if (m := _found(system, p, home))}
            if len(found) == len(members) or (system.certain and 2 * len(found) >= len(members)):
                out |= {p: (m, system.name) for p, m in found.items()}
                break
    if len(out) < _FEWEST:
        return {}
    numbers: dict[str, set[str]] = {}
    for match, _ in out.values():
        numbers.setdefault(_plate(match, home), set()).add(_number(match))
    several = {plate for plate, known in numbers.items() if len(known) > 1}
    return {path: _spot(match, system, home, several) for path, (match, system) in out.items()}


def _found(system: System, path: str, home: str) -> re.Match[str] | None:
    """The parts of a path that is named as a system does, in the folder harvested or in one that lies above it."""
    if not home:
        return system.pattern.fullmatch(path)
    return system.pattern.fullmatch(f"{home}/{path}") or system.pattern.fullmatch(f"{_ABOVE}/{home}/{path}")


def _plate(found: re.Match[str], home: str) -> str:
    return home if found["plate"] == _ABOVE else str(found["plate"])


def _number(found: re.Match[str]) -> str:
    return found.groupdict().get("number") or ""


def _spot(found: re.Match[str], system: str, home: str, several: Container[str]) -> Spot:
    """`several`: plates by the names of which there are more than one, told apart by their numbers."""
    said, plate = found.groupdict(), _plate(found, home)
    if plate in several:
        plate = f"{plate} {_number(found)}".rstrip()
    place = said.get("well") or f"{_row(said['row'])}{said['column']}"
    letters, number = place.rstrip("0123456789").upper(), place.lstrip(string.ascii_letters)
    return Spot(plate, f"{letters}{int(number)}", said.get("field") or "", system)


def _row(row: str) -> str:
    """The letters of a row that is given by its number: 1 is A, 27 AA."""
    if not row.isdigit():
        return row
    number, letters = int(row), ""
    while number > 0:
        number, rest = divmod(number - 1, len(string.ascii_uppercase))
        letters = string.ascii_uppercase[rest] + letters
    return letters or "A"
