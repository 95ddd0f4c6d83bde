"""PNG, JPEG: sizes alone. They know no pixel size: dots per inch are for printers."""

from __future__ import annotations

import struct

from rembi_sheets.harvest.model import Header, Image, Unusable
from rembi_sheets.harvest.source import Source, take

_PNG = b"\x89PNG\r\n\x1a\n"
_COLOURS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_SEGMENTS = 2000


def sniff(head: bytes, name: str) -> int:
    """By the first bytes."""
    return 90 if head.startswith(_PNG) or head[:3] == b"\xff\xd8\xff" else 0


def read(source: Source) -> Header:
    """The size, the depth, and the number of colours."""
    if source.head.startswith(_PNG):
        if len(source.head) < 33 or source.head[12:16] != b"IHDR":
            raise Unusable("it ends in the middle of its header")
        wide, high, bits, colour = struct.unpack(">IIBB", source.head[16:26])
        if colour not in _COLOURS:
            raise Unusable("its header says a kind of colour that does not exist")
        kind = {1: "bit", 4: "uint4", 8: "uint8", 16: "uint16"}.get(bits, "")
        return Header("PNG", (_image(wide, high, kind, _COLOURS[colour]),), compression="deflate")
    wide, high, bits, colours = _jpeg(source)
    return Header(
        "JPEG", (_image(wide, high, "uint8" if bits == 8 else "uint16", colours),), compression="JPEG (lossy)"
    )


def _image(wide: int, high: int, kind: str, colours: int) -> Image:
    if not (0 < wide < 2**31 and 0 < high < 2**31 and 0 < colours <= 4):
        raise Unusable("its header says a size that cannot be")
    sizes = {"Y": high, "X": wide} | ({"S": colours} if colours > 1 else {})
    return Image("".join(sizes), sizes, kind)


def _jpeg(source: Source) -> tuple[int, int, int, int]:
    with source.open() as file:
        place = 2
        for _ in range(_SEGMENTS):
            mark, length = struct.unpack(">HH", take(file, place, 4))
            if mark >> 8 != 0xFF or length < 2:
                break
            if mark & 0xFF in _FRAMES:
                bits, high, wide, colours = struct.unpack(">BHHB", take(file, place + 4, 6))
                return wide, high, bits, colours
            place += 2 + length
    raise Unusable("it is a JPEG without a size")
