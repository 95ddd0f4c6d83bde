"""Compound files, and ZVI in them, as AxioVision lays them out."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

SECTOR, SMALL, CUTOFF = 512, 64, 4096
END, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
Value = int | float | str


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of version 3: paths with / -> bytes. Siblings are a list, which is a tree, too."""
    names: list[tuple[str, bytes | None]] = [("", None)]
    for path, content in streams.items():
        parts = path.split("/")
        for end in range(1, len(parts)):
            if (above := "/".join(parts[:end])) not in dict(names):
                names.append((above, None))
        names.append((path, content))
    sectors: list[bytes] = []
    table: list[int] = []
    small, small_table = b"", list[int]()

    def put(content: bytes) -> int:
        count = max(1, -(-len(content) // SECTOR))
        start = len(sectors)
        sectors.extend(content[n * SECTOR : (n + 1) * SECTOR].ljust(SECTOR, b"\0") for n in range(count))
        table.extend([*range(start + 1, start + count), END])
        return start

    starts: dict[str, int] = {}
    for path, content in names:
        if content is not None and len(content) >= CUTOFF:
            starts[path] = put(content)
        elif content is not None:
            starts[path] = len(small) // SMALL
            count = max(1, -(-len(content) // SMALL))
            small_table.extend([*range(starts[path] + 1, starts[path] + count), END])
            small += content.ljust(count * SMALL, b"\0")
    root = put(small) if small else END
    lesser = put(struct.pack(f"<{len(small_table)}I", *small_table).ljust(SECTOR, b"\xff")) if small_table else END
    entries = b""
    for place, (path, content) in enumerate(names):
        beside = [
            n for n, (p, _) in enumerate(names) if n > place and n and p.rpartition("/")[0] == path.rpartition("/")[0]
        ]
        below = [n for n, (p, _) in enumerate(names) if n and p.rpartition("/")[0] == path and p != path]
        name = (path.rpartition("/")[2] or "Root Entry").encode("utf-16-le") + b"\0\0"
        kind = 5 if not place else 2 if content is not None else 1
        where, size = (root, len(small)) if not place else (starts.get(path, 0), len(content or b""))
        entries += name.ljust(64, b"\0") + struct.pack(
            "<HBB3I16sIQQIQ", len(name), kind, 1, FREE, beside[0] if beside and place else FREE,
            below[0] if below and content is None else FREE, bytes(16), 0, 0, 0, where, size,
        )  # fmt: skip
    directory = put(entries + b"".join(_nothing() for _ in range(-len(names) % 4)))
    tables = -(-(len(sectors) + 1) // (SECTOR // 4 - 1))
    first = len(sectors)
    table += [TABLE] * tables
    packed = struct.pack(f"<{len(table)}I", *table).ljust(tables * SECTOR, b"\xff")
    sectors += [packed[n * SECTOR : (n + 1) * SECTOR] for n in range(tables)]
    listed = [*range(first, first + tables)] + [FREE] * (109 - tables)
    head = MAGIC + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, tables, directory, 0, CUTOFF, lesser, int(bool(small_table)), END, 0)
    return head + struct.pack("<109I", *listed) + b"".join(sectors)


def _nothing() -> bytes:
    return bytes(64) + struct.pack("<HBB3I16sIQQIQ", 0, 0, 0, FREE, FREE, FREE, bytes(16), 0, 0, 0, 0, 0)


def value(what: Value) -> bytes:
    if isinstance(what, str):
        text = what.encode("utf-16-le") + b"\0\0"
        return struct.pack("<HI", 8, len(text)) + text
    return struct.pack("<Hd", 5, what) if isinstance(what, float) else struct.pack("<Hi", 3, what)


def tags(said: Mapping[int, Value]) -> bytes:
    listed = b"".join(value(v) + value(tag) + value(0) for tag, v in said.items())
    return value(0x20001000) + value(len(said)) + listed


ABOUT: Mapping[int, Value] = {
    515: 8, 516: 6, 769: 0.125, 770: 76, 772: 0.25, 773: 76, 775: 0.5, 776: 76, 1538: "Ada", 1801: "ada",
    1544: "C:\\Users\\ada", 2049: "Plan 63x/1.40 Oil", 2075: "Axioskop 2", 2076: 63.0, 2077: 1.4, 1042: "AxioCam HRm",
}  # fmt: skip
TAKEN = 45000.5  # 2023-03-15, noon


def item(
    place: Sequence[int], said: Mapping[int, Value], depth: int = 2, more: bytes = b"", high: int = 6
) -> dict[str, bytes]:
    """One plane: Z, channel and time; `more`: in place of its pixels."""
    header = struct.pack("<7I", 0x10002000, 8, high, 1, depth, 4, 16)
    pixels = more or bytes(8 * 6 * depth)
    indices = dict(zip((2819, 2820, 2821), place, strict=True))
    return {"Contents": bytes(296) + header + pixels, "Tags/Contents": tags({**indices, 1025: TAKEN, **said})}


def zvi(
    planes: Sequence[tuple[Sequence[int], Mapping[int, Value]]] | None = None,
    about: Mapping[int, Value] | None = None,
    **how: object,
) -> bytes:
    """Planes as `item` has them; the usual are two in Z of two channels, numbered as microscopes do."""
    usual = [((z, c, 0), {1284: name, 2564: 50.0 * c}) for c, name in ((2, "DAPI"), (4, "GFP")) for z in (13, 14)]
    streams = {"Image/Tags/Contents": tags({**ABOUT, **(about or {})}), "Image/Contents": value(1)}
    for number, (place, said) in enumerate(usual if planes is None else planes):
        for name, content in item(place, said, **how).items():  # type: ignore[arg-type]
            streams[f"Image/Item({number})/{name}"] = content
    return compound(streams | {"Thumbnail": bytes(5000)})


def formats() -> dict[str, bytes]:
    return {"a.zvi": zvi()}
