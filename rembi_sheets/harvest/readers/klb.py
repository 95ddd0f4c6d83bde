"""KLB, the blocks of the Keller lab: a header of 324 bytes before the places of the blocks.

Pixel sizes are in µm, time in s; a size of 1 along all axes is what programs write that were told none. Source:
klb_imageHeader.h of its makers (header versions up to 2).
"""

from __future__ import annotations

import math
import struct

from rembi_sheets.harvest.facts import Facts
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Header, Image, Unusable
from rembi_sheets.harvest.quantities import single
from rembi_sheets.harvest.source import Source

_LAYOUT = struct.Struct("<B5I5f2B256s5I")
_VERSIONS = (1, 2)
_TYPES = ("uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64", "float32", "float64")
_COMPRESSION = ("none", "bzip2", "deflate")
_MOST = 2**31


def sniff(head: bytes, name: str) -> int:
    """It has no stamp: by its name, borne out by a header that can be."""
    return 60 if name.endswith(".klb") and len(head) >= _LAYOUT.size and head[0] in _VERSIONS else 0


def read(source: Source) -> Header:
    """Sizes, pixel type, pixel sizes."""
    if len(source.head) < _LAYOUT.size:
        raise Unusable("it ends in the middle of its header")
    _, *said = _LAYOUT.unpack_from(source.head)
    counts, steps, kind, compression, blocks = said[:5], said[5:10], said[10], said[11], said[13:]
    if kind >= len(_TYPES) or compression >= len(_COMPRESSION) or any(not 0 < n < _MOST for n in (*counts, *blocks)):
        raise Unusable("its header says sizes that cannot be")
    pieces = math.prod(-(-n // b) for n, b in zip(counts, blocks, strict=True))
    if source.size < _LAYOUT.size + 8 * pieces:
        raise Unusable("it is shorter than its header says")
    sizes = {a: n for a, n in zip("TCZYX", reversed(counts), strict=True) if n > 1 or a in "YX"}
    told = dict(zip("XYZCT", steps, strict=True))
    known = {told[a] for a in "XYZ"} != {1.0}
    pixels = {a: s for a in "XYZ" if known and a in sizes and (s := pixel_size(single(told[a]), "µm"))}
    facts = Facts(source.path, "klb")
    if "T" in sizes and told["T"] != 1 and math.isfinite(told["T"]):
        facts.number("time_interval", single(told["T"]), "s", "pixelSize[4]")
    image = Image("".join(sizes), sizes, _TYPES[kind], pixels)
    return Header("KLB", (image,), tuple(facts.values), tuple(facts.warnings), _COMPRESSION[compression])
