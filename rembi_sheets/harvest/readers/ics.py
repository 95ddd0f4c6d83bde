"""ICS, the Image Cytometry Standard: a text before the pixels (version 2), or beside them in a file .ids (version 1).

Source: Dean et al. 1990, and libics.sourceforge.net. A length counts where its unit stands. Who made a file and where
it lay is in it, and never looked at.
"""

from __future__ import annotations

import re
from decimal import Decimal

from rembi_sheets.harvest.facts import Facts
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Header, Image, Length, Unusable
from rembi_sheets.harvest.quantities import number
from rembi_sheets.harvest.source import Source

_LIMIT = 2**20
_PIXELS = ".ids"
_END = re.compile(rb"[\r\n]end\s*[\r\n]")
_AXES = {"x": "X", "y": "Y", "z": "Z", "t": "T", "time": "T", "ch": "C", "c": "C", "channel": "C", "probe": "C"}
_OTHERS = "QRNABD"
_ORDER = "TCZYX"
_SECONDS = {"s": "s", "sec": "s", "second": "s", "seconds": "s", "ms": "ms", "milliseconds": "ms"}
_COMPRESSION = {"uncompressed": "none", "gzip": "gzip", "compress": "LZW"}
_BITS = (8, 16, 32, 64)
_NOBODYS = Decimal(1)
_UNITS = {"X": "µm", "Y": "µm", "Z": "µm", "T": "s"}
"""Bio-Formats gives bits the unit `bits`, channels none, and a 1.0 of these units to what has no size that it knows."""


def sniff(head: bytes, name: str) -> int:
    """By the first word behind the two signs that separate; pixels alone by their name."""
    return 95 if b"ics_version" in head[:32] else 30 if name.endswith(_PIXELS) else 0


def read(source: Source) -> Header:
    """Sizes along each axis, pixel type, and steps with a unit."""
    if source.name.endswith(_PIXELS) and b"ics_version" not in source.head[:32]:
        return Header("ICS pixels", companion=True)
    with source.open() as file:
        text = _END.split(file.read(_LIMIT), maxsplit=1)[0].decode("utf-8", "replace")
    said = _said(text)
    order, sizes = said.get("layout order", []), said.get("layout sizes", [])
    counts = [int(n) for n in sizes if n.isdigit() and 0 < int(n) < 2**31]
    if not 1 < len(order) <= 8 or not len(order) == len(sizes) == len(counts) or order[0].casefold() != "bits":
        raise Unusable("its header says sizes that cannot be")
    letters = _letters(order[1:])
    there = {a: n for a, n in zip(letters, counts[1:], strict=True) if n > 1 or a in "XY"}
    facts = Facts(source.path, "ics")
    pixels: dict[str, Length] = {}
    for axis, (step, unit) in zip(letters, _steps(said, letters), strict=True):
        if axis not in there or step is None:
            continue
        if axis in "XYZ" and (size := pixel_size(abs(step), unit)):
            pixels[axis] = size
        elif axis == "T" and unit.casefold() in _SECONDS:
            facts.number("time_interval", step, _SECONDS[unit.casefold()], "parameter scale")
    axes = sorted(there, key=lambda a: _ORDER.find(a))
    image = Image("".join(axes), {a: there[a] for a in axes}, _type(said, counts[0]), pixels)
    compression = _COMPRESSION.get(" ".join(said.get("representation compression", [])).casefold(), "")
    return Header("ICS", (image,), tuple(facts.values), tuple(facts.warnings), compression)


def _said(text: str) -> dict[str, list[str]]:
    """Category and name -> words, of the lines that say how the image is laid out."""
    mark = text[:1]
    mark = "\t" if mark.isalnum() or not mark else mark
    said = {}
    for line in text.splitlines():
        parts = [p.strip() for p in line.split(mark) if p.strip()]
        if len(parts) > 2 and parts[0].casefold() in ("layout", "representation", "parameter"):
            said[f"{parts[0]} {parts[1]}".casefold()] = parts[2:]
    return said


def _letters(names: list[str]) -> list[str]:
    """The axes, fastest first; one that has no letter, or has it twice, gets another."""
    letters: list[str] = []
    for name in names:
        letter = _AXES.get(name.casefold(), "")
        letters.append(letter if letter and letter not in letters else next(a for a in _OTHERS if a not in letters))
    if not {"X", "Y"} <= set(letters):
        raise Unusable("its header names no plane")
    return letters


def _steps(said: dict[str, list[str]], letters: list[str]) -> list[tuple[Decimal | None, str]]:
    """(step, unit) of each axis, in their order. Bits, which stand before the axes, have both, too."""
    scale, units = said.get("parameter scale", []), said.get("parameter units", [])
    if len(scale) == len(letters) + 1 and units[:1] == ["bits"]:
        found = [number(s) for s in scale[1:]]
        return [(None if s == _NOBODYS else s, _UNITS.get(a, "")) for s, a in zip(found, letters, strict=True)]
    if len(scale) != len(letters) + 1 or len(units) != len(scale):
        return [(None, "")] * len(letters)
    return list(zip(map(number, scale[1:]), units[1:], strict=True))


def _type(said: dict[str, list[str]], bits: int) -> str:
    form = " ".join(said.get("representation format", [])).casefold()
    kind = {"integer": "int", "real": "float", "float": "float", "complex": "complex"}.get(form, "")
    if kind == "int" and "unsigned" in " ".join(said.get("representation sign", [])).casefold():
        kind = "uint"
    return f"{kind}{bits}" if kind and bits in _BITS else ""
