"""EM, SPIDER and IMAGIC: what programs for single particles and tomograms keep, with headers of fixed places.

Source: Hegerl 1996 (EM), spider-em.github.io/SPIDER/docs/image_doc.html, and the header of IMAGIC-5 (Image Science).
Only SPIDER has a place for the size of a pixel, in Å. Each says how many bytes it has, which is held against the file.
"""

from __future__ import annotations

import struct

from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Header, Image, Length, Unusable
from rembi_sheets.harvest.quantities import single
from rembi_sheets.harvest.source import Source

_EM, _EM_HEAD = ".em", 512
_EM_TYPES = {
    1: ("uint8", 1),
    2: ("int16", 2),
    4: ("int32", 4),
    5: ("float32", 4),
    8: ("complex64", 8),
    9: ("float64", 8),
}
_BIG = (0, 3, 5)  # machines of EM that store the greatest byte first
_FEWEST = 24  # rows and columns of a picture; fewer are those of a list of particles (20 numbers each)
_IMAGIC, _IMAGIC_TOLD, _IMAGIC_HEAD = ".img", ".hed", 1024
_IMAGIC_TYPES = {b"REAL": ("float32", 4), b"INTG": ("int16", 2), b"PACK": ("uint8", 1), b"COMP": ("complex64", 8)}
_MOST = 2**27


def sniff(head: bytes, name: str) -> int:
    """SPIDER by the lengths that fit together, EM by its name and codes, IMAGIC by its name: it begins with pixels."""
    if _spider_order(head):
        return 85
    if name.endswith(_EM) and _em(head) is not None:
        return 60
    return 30 if name.endswith((_IMAGIC, _IMAGIC_TOLD)) else 0


def read(source: Source) -> Header:
    """Sizes, and how many images there are. Raises Unusable where the file is shorter than its header says."""
    if order := _spider_order(source.head):
        return _spider(source, order)
    if source.name.endswith(_IMAGIC_TOLD):
        return Header("IMAGIC header", companion=True)
    return _imagic(source) if source.name.endswith(_IMAGIC) else _of_em(source)


def _spider_order(head: bytes) -> str:
    """The order of bytes under which the lengths of a SPIDER header fit together; '' for none."""
    if len(head) < 256:
        return ""
    for order in "<>":
        words = struct.unpack(f"{order}64f", head[:256])
        planes, high, form, wide, records, all_bytes, line = (words[n - 1] for n in (1, 2, 5, 12, 13, 22, 23))
        if not (form in (1, 3) and 1 <= wide < 2**20 and 1 <= high < 2**20 and 1 <= abs(planes) < 2**20):
            continue
        whole = all(n.is_integer() for n in (planes, high, wide, records, all_bytes, line))
        if whole and line == wide * 4 and records == -(-1024 // line) and all_bytes == records * line:
            return order
    return ""


def _spider(source: Source, order: str) -> Header:
    words = struct.unpack(f"{order}64f", source.head[:256])
    planes, high, wide, before = int(abs(words[0])), int(words[1]), int(words[11]), int(words[21])
    several = words[23] > 0
    count = int(words[25]) if several and 0 < words[25] < _MOST else 1
    one = planes * high * wide * 4
    if source.size < before + (count * (before + one) if several else one):
        raise Unusable("it is shorter than its header says")
    pixels: dict[str, Length] = {}
    size = pixel_size(single(words[37]), "Å")
    axes = ("N" if several else "") + ("Z" if planes > 1 else "") + "YX"
    if size is not None:
        pixels = {a: size for a in "XYZ" if a in axes}
    sizes = {"N": count, "Z": planes, "Y": high, "X": wide}
    return Header("SPIDER", (Image(axes, {a: sizes[a] for a in axes}, "float32", pixels),), compression="none")


def _em(head: bytes) -> tuple[int, int, int, str, int] | None:
    """Sizes along X, Y and Z, pixel type and bytes of a pixel; None for what cannot be."""
    if len(head) < _EM_HEAD or head[0] > 6 or head[3] not in _EM_TYPES:
        return None
    x, y, z = struct.unpack((">" if head[0] in _BIG else "<") + "3i", head[4:16])
    return (x, y, z, *_EM_TYPES[head[3]]) if all(0 < n < 2**24 for n in (x, y, z)) else None


def _of_em(source: Source) -> Header:
    if (found := _em(source.head)) is None:
        raise Unusable("its header says sizes that cannot be")
    x, y, z, kind, width = found
    if source.size < _EM_HEAD + x * y * z * width:
        raise Unusable(f"its header says {x} × {y} × {z}, but the file is too short for that")
    if z == 1 and min(x, y) < _FEWEST:
        return Header("EM", warnings=("it holds a list, which is no image",))
    sizes = ({"Z": z} if z > 1 else {}) | {"Y": y, "X": x}
    return Header("EM", (Image("".join(sizes), sizes, kind),), compression="none")


def _imagic(source: Source) -> Header:
    """By the header beside it, which has 1,024 bytes an image."""
    beside = next((f for e in (_IMAGIC_TOLD, ".HED") if (f := source.file.with_suffix(e)).is_file()), None)
    if beside is None or beside.is_symlink():
        return Header("IMG", warnings=("no header of IMAGIC (.hed) is beside it; it is not read",))
    told = Source.of(beside)
    head = told.head
    found = _IMAGIC_TYPES.get(head[56:60])
    if len(head) < _IMAGIC_HEAD or found is None:
        raise Unusable("its header (.hed) is damaged")
    order = next((o for o in "<>" if 0 < struct.unpack_from(o + "i", head, 48)[0] < 2**16), "<")
    following, high, wide = (struct.unpack_from(order + "i", head, 4 * (n - 1))[0] for n in (2, 13, 14))
    planes = struct.unpack_from(order + "i", head, 4 * 60)[0]
    count, kind, width = following + 1, *found
    if not (0 < high < 2**20 and 0 < wide < 2**20 and 0 < count < _MOST) or told.size != count * _IMAGIC_HEAD:
        raise Unusable("its header (.hed) says sizes that cannot be")
    if source.size < count * high * wide * width:
        raise Unusable("it is shorter than its header (.hed) says")
    sizes = {"Y": high, "X": wide}
    if 1 < planes <= count and count % planes == 0:
        sizes, count = {"Z": planes} | sizes, count // planes
    if count > 1:
        sizes = {"N": count} | sizes
    return Header("IMAGIC", (Image("".join(sizes), sizes, kind),), compression="none")
