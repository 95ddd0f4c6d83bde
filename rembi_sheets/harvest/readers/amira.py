"""Amira and Avizo meshes (.am) that hold a lattice: a text before the pixels. A length counts where its unit stands.

The bounding box reaches from the middle of the first voxel to that of the last. Source: the reference of Amira, chapter
"AmiraMesh format".
"""

from __future__ import annotations

import re
from itertools import pairwise

from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Header, Image, Length, Unusable
from rembi_sheets.harvest.quantities import number, quotient
from rembi_sheets.harvest.source import Source

_MARKS = (b"# AmiraMesh", b"# Avizo")
_LIMIT = 2**20
_SIZES = re.compile(r"^\s*define\s+Lattice\s+(\d+)\s+(\d+)\s+(\d+)\s*$", re.MULTILINE)
_DATA = re.compile(r"^\s*Lattice\s*\{\s*(\w+)(?:\[(\d+)\])?\s+\w+\s*\}.*@\d+(?:\(([^,)]+))?", re.MULTILINE)
_BOX = re.compile(r"\bBoundingBox((?:\s+[-+.\deE]+){6})")
_UNIT = re.compile(r'\bCoordinates\s+"([^"]*)"')
_TYPES = {
    "byte": "uint8", "short": "int16", "ushort": "uint16", "int": "int32", "int32": "int32", "float": "float32",
    "double": "float64", "complex": "complex64",
}  # fmt: skip
_COMPRESSION = {"HxByteRLE": "run-length", "HxZip": "deflate"}
_EVEN = re.compile(r'\bCoordType\s+"uniform"')


def sniff(head: bytes, name: str) -> int:
    """By the first line."""
    return 95 if head.startswith(_MARKS) else 0


def read(source: Source) -> Header:
    """Sizes, pixel type, and pixel sizes with a unit. A mesh without a lattice is no image."""
    with source.open() as file:
        text = re.split(rb"\n@1\s", file.read(_LIMIT), maxsplit=1)[0].decode("utf-8", "replace")
    if (lattice := _SIZES.search(text)) is None:
        return Header("Amira mesh", warnings=("it holds no lattice, and no image",))
    counts = dict(zip("XYZ", map(int, lattice.groups()), strict=True))
    if not all(0 < n < 2**24 for n in counts.values()):
        raise Unusable("its header says sizes that cannot be")
    data = _DATA.search(text)
    if data is None:
        raise Unusable("it does not say what its lattice holds")
    sizes = {a: counts[a] for a in "ZYX" if counts[a] > 1 or a in "XY"}
    if data[2] and int(data[2]) > 1:
        sizes |= {"S": int(data[2])} if int(data[2]) in (3, 4) and data[1] == "byte" else {"C": int(data[2])}
    image = Image("".join(sizes), sizes, _TYPES.get(data[1], ""), _pixels(text, sizes))
    return Header("Amira mesh", (image,), compression=_COMPRESSION.get(data[3] or "", "" if data[3] else "none"))


def _pixels(text: str, sizes: dict[str, int]) -> dict[str, Length]:
    box, unit = _BOX.search(text), _UNIT.search(text)
    if box is None or unit is None or not _EVEN.search(text):
        return {}
    ends = list(pairwise(map(number, box[1].split())))[::2]
    found = {}
    for axis, (low, high) in zip("XYZ", ends, strict=True):
        if low is None or high is None or high <= low or sizes.get(axis, 1) < 2:
            continue
        if size := pixel_size(quotient(high - low, sizes[axis] - 1), unit[1]):
            found[axis] = size
    return found
