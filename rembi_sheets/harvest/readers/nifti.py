"""NIfTI-1 and NIfTI-2, plain and in gzip: a header of 348 or 540 bytes. Lengths in m, mm or µm, as the file states.

Source: nifti.nimh.nih.gov, nifti1.h and nifti2.h.
"""

from __future__ import annotations

import struct
import zlib

from rembi_sheets.harvest.facts import Facts
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Header, Image, Length, Unusable
from rembi_sheets.harvest.quantities import number, single
from rembi_sheets.harvest.source import Source

_TYPES = {
    1: "bit", 2: "uint8", 4: "int16", 8: "int32", 16: "float32", 32: "complex64", 64: "float64", 128: "uint8",
    256: "int8", 512: "uint16", 768: "uint32", 2304: "uint8",
}  # fmt: skip
_COLOURS = {128: 3, 2304: 4}
_SPACE, _TIME = {1: "m", 2: "mm", 3: "µm"}, {8: "s", 16: "ms", 24: "µs"}
_GZIP = b"\x1f\x8b"
_SIZES = (348, 540)


def _head(head: bytes) -> bytes:
    """The header itself, out of its gzip."""
    if not head.startswith(_GZIP):
        return head
    try:
        return zlib.decompressobj(31).decompress(head, 1024)
    except zlib.error:
        return b""


def sniff(head: bytes, name: str) -> int:
    """By the length of the header and its mark; what is in gzip is looked at by its name."""
    if head.startswith(_GZIP) and not name.endswith((".nii.gz", ".hdr.gz")):
        return 0
    plain = _head(head)
    return 95 if plain[344:348] in (b"n+1\0", b"ni1\0") or plain[4:8] in (b"n+2\0", b"ni2\0") else 0


def read(source: Source) -> Header:
    """Sizes along X, Y, Z, T and what lies behind them, pixel type, pixel size, time step."""
    head = _head(source.head)
    order = next((o for o in "<>" if len(head) >= 348 and struct.unpack(o + "i", head[:4])[0] in _SIZES), None)
    if order is None or (len(head) < 540 and struct.unpack(order + "i", head[:4])[0] == 540):
        raise Unusable("its header is cut off")
    if struct.unpack(order + "i", head[:4])[0] == 348:
        dims, kind = struct.unpack(order + "8h", head[40:56]), struct.unpack(order + "h", head[70:72])[0]
        steps = [single(s) for s in struct.unpack(order + "8f", head[76:108])]
        units = head[123]
    else:
        dims, kind = struct.unpack(order + "8q", head[16:80]), struct.unpack(order + "h", head[12:14])[0]
        steps = [number(s) for s in struct.unpack(order + "8d", head[104:168])]
        units = struct.unpack(order + "i", head[500:504])[0]
    if not 1 < dims[0] <= 7 or any(not 0 < n < 2**31 for n in dims[1 : dims[0] + 1]):
        raise Unusable("its header says sizes that cannot be")
    counts = dict(zip("XYZTCNR", dims[1 : dims[0] + 1], strict=False))
    sizes = {a: counts[a] for a in "RNCTZYX" if a in "YX" or counts.get(a, 1) > 1}
    pixels: dict[str, Length] = {}
    unit = _SPACE.get(units & 7, "")
    for axis, step in zip("XYZ", steps[1:], strict=False):
        if axis in sizes and step is not None and unit and (size := pixel_size(abs(step), unit)):
            pixels[axis] = size
    facts = Facts(source.path, "nifti")
    if "T" in sizes and (clock := _TIME.get(units & 56)):
        facts.number("time_interval", steps[4], clock, "pixdim[4]")
    if kind in _COLOURS:
        sizes["S"] = _COLOURS[kind]
    image = Image("".join(sizes), sizes, _TYPES.get(kind, ""), pixels)
    compression = "gzip" if source.head.startswith(_GZIP) else "none"
    return Header("NIfTI", (image,), tuple(facts.values), tuple(facts.warnings), compression)
