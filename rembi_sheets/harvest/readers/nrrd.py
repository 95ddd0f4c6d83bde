"""NRRD: a text of `key: value` lines before the pixels, or beside them (.nhdr). A length counts where its unit stands.

Source: teem.sourceforge.net/nrrd/format.html.
"""

from __future__ import annotations

import re
from decimal import Decimal

from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Header, Image, Length, Unusable
from rembi_sheets.harvest.quantities import number
from rembi_sheets.harvest.source import Source

_MARK = b"NRRD000"
_LIMIT = 2**20
_TYPES = {
    "signed char": "int8", "uchar": "uint8", "unsigned char": "uint8", "short": "int16", "signed short": "int16",
    "ushort": "uint16", "unsigned short": "uint16", "int": "int32", "signed int": "int32", "uint": "uint32",
    "unsigned int": "uint32", "float": "float32", "double": "float64",
    **{f"{s}int{b}{t}": f"{s}int{b}" for s in ("", "u") for b in (8, 16, 32, 64) for t in ("", "_t")},
}  # fmt: skip
_COMPRESSION = {"raw": "none", "gzip": "gzip", "gz": "gzip", "bzip2": "bzip2", "bz2": "bzip2"}
_COLOURS = ("rgb-color", "rgba-color")
_CHANNELS = ("vector", "list", "scalar", *_COLOURS)


def sniff(head: bytes, name: str) -> int:
    """By the first line."""
    return 95 if head.startswith(_MARK) else 0


def read(source: Source) -> Header:
    """Sizes, pixel type, and pixel sizes with a unit."""
    with source.open() as file:
        text = re.split(rb"\r?\n\r?\n", file.read(_LIMIT), maxsplit=1)[0].decode("utf-8", "replace")
    lines = (line for line in text.splitlines()[1:] if not line.startswith("#") and ":=" not in line)
    said = {k.strip().casefold(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
    counts = [int(n) for n in said.get("sizes", "").split() if n.isdigit() and 0 < int(n) < 2**31]
    if not 1 < len(counts) <= 6 or said.get("dimension") != str(len(counts)):
        raise Unusable("its header says sizes that cannot be")
    axes = _axes(said, len(counts))
    order = {a: n for a, n in zip(axes, counts, strict=True) if n > 1 or a in "XY"}
    sizes = {a: order[a] for a in (*(a for a in reversed(axes) if a not in "S"), "S") if a in order}
    pixels: dict[str, Length] = {}
    for axis, (step, unit) in zip(axes, _steps(said, len(counts)), strict=True):
        if axis in "XYZ" and axis in order and step is not None and (size := pixel_size(abs(step), unit)):
            pixels[axis] = size
    kind = _TYPES.get(said.get("type", "").casefold(), "")
    form = "NRRD"
    image = Image("".join(sizes), sizes, kind, pixels)
    return Header(form, (image,), compression=_COMPRESSION.get(said.get("encoding", "").casefold(), ""))


def _axes(said: dict[str, str], count: int) -> list[str]:
    """Letters, fastest axis first: what is no space is a colour, a channel, or a time."""
    kinds = said.get("kinds", "").casefold().split()
    kinds = kinds if len(kinds) == count else ["domain"] * count
    free, found = list("XYZTNR"), []
    for kind in kinds:
        if kind in _COLOURS:
            found.append("S")
        elif kind in _CHANNELS or "-" in kind:
            found.append("C" if "C" not in found else "Q")
        elif kind == "time":
            found.append("T")
            free = [a for a in free if a != "T"]
        else:
            found.append(free.pop(0))
    return found


def _steps(said: dict[str, str], count: int) -> list[tuple[Decimal | None, str]]:
    """(step, unit) of each axis: spacings with units, or the lengths of the axes' directions in their space."""
    units = re.findall(r'"([^"]*)"', said.get("units", "") or said.get("space units", ""))
    if (spacings := said.get("spacings", "").split()) and len(spacings) == count:
        own = units if len(units) == count else [""] * count
        return [(number(s), u) for s, u in zip(spacings, own, strict=True)]
    directions = re.findall(r"none|\(([^)]*)\)", said.get("space directions", ""))
    if len(directions) != count:
        return [(None, "")] * count
    found: list[tuple[Decimal | None, str]] = []
    for direction in directions:
        parts = [n for p in direction.split(",") if (n := number(p)) is not None and n]
        unit = units[0] if units and len(set(units)) == 1 else ""
        found.append((parts[0] if len(parts) == 1 else None, unit))  # an oblique one has no plain step
    return found
