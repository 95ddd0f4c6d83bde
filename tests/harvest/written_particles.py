"""Files as EM, SPIDER, IMAGIC and Amira have them."""

from __future__ import annotations

import struct
from collections.abc import Sequence


def em(sizes: Sequence[int] = (30, 26, 24), kind: int = 5, machine: int = 6) -> bytes:
    width = {1: 1, 2: 2, 5: 4}[kind]
    head = bytes((machine, 0, 0, kind)) + struct.pack((">" if machine == 5 else "<") + "3i", *sizes)
    return (head + b"ada".ljust(80) + bytes(160)).ljust(512, b"A") + bytes(sizes[0] * sizes[1] * sizes[2] * width)


def spider(
    sizes: Sequence[int] = (30, 26, 1), stack: int = 0, pixel: float = 1.5, order: str = "<", planes: int = 1
) -> bytes:
    wide, high, deep = sizes
    line = wide * 4
    records = -(-1024 // line)

    def head(several: float) -> bytes:
        words = [0.0] * 64
        told = {1: deep * planes, 2: high, 5: 3 if deep > 1 else 1, 12: wide, 13: records, 22: records * line, 23: line}
        for number, value in (told | {24: several, 26: stack, 38: pixel}).items():
            words[number - 1] = value
        return struct.pack(f"{order}64f", *words).ljust(records * line, b"\0")

    one = bytes(line * high * deep)
    return head(2) + (head(0) + one) * stack if stack else head(0) + one


def imagic(
    sizes: Sequence[int] = (30, 26), count: int = 3, kind: bytes = b"REAL", planes: int = 1, order: str = "<"
) -> tuple[bytes, bytes]:
    """The header and the pixels."""
    wide, high = sizes
    made = b""
    for number in range(count):
        head = bytearray(1024)
        for word, value in ((1, number + 1), (2, count - 1 - number), (13, high), (14, wide), (61, planes)):
            struct.pack_into(order + "i", head, 4 * (word - 1), value)
        head[56:60] = kind
        made += head
    return made, bytes(wide * high * count * {b"REAL": 4, b"INTG": 2, b"PACK": 1}[kind])


def amira(unit: str = "µm", data: str = "Lattice { ushort Data } @1(HxZip,99)", coordinates: str = "uniform") -> bytes:
    units = f'Units {{\n        Coordinates "{unit}"\n    }}\n' if unit else ""
    return (
        "# AmiraMesh BINARY-LITTLE-ENDIAN 2.1\n\n\ndefine Lattice 9 7 5\n\nParameters {\n"
        f'    {units}    Content "9x7x5 ushort, {coordinates} coordinates",\n    BoundingBox 0 4 1 13 -2 0,\n'
        f'    CoordType "{coordinates}"\n}}\n\n{data}\n\n# Data section follows\n@1\n'
    ).encode() + bytes(99)


def formats() -> dict[str, bytes]:
    """One of each, by name."""
    return {"a.em": em(), "a.spi": spider(stack=2), "a.am": amira()}
