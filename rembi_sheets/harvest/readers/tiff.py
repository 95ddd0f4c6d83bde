"""TIFF and its kin: the first page and its tags alone. Pages are counted only where nothing states their number.

A pixel size comes from the vendor's tag, else OME-XML, else ImageJ, else the resolution in centimetres; dots per inch
are for printers. Which tag says what stands in `tags`; OME-XML in `omexml`.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

from rembi_sheets.harvest import omexml, tags, xml
from rembi_sheets.harvest.facts import Facts, file_name, words
from rembi_sheets.harvest.lengths import DOTS, pixel_size
from rembi_sheets.harvest.model import Channel, Header, Image, Length, Unusable
from rembi_sheets.harvest.quantities import quotient
from rembi_sheets.harvest.source import Source
from rembi_sheets.harvest.tags import ndtiff
from rembi_sheets.harvest.tags.pages import bits_of, stacks
from rembi_sheets.harvest.tags.told import Told, per_unit

_MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_COMPRESSION = {
    1: "none", 5: "LZW", 7: "JPEG (lossy)", 6: "JPEG (lossy)", 8: "deflate", 32946: "deflate", 32773: "PackBits",
    33003: "JPEG 2000", 33004: "JPEG 2000", 33005: "JPEG 2000", 34712: "JPEG 2000", 50000: "zstd", 34925: "LZMA",
    22610: "JPEG XR",
}  # fmt: skip
_RESOLUTION_CM = 3
_NOBODYS = 10_000  # pixels in a centimetre: what some programs write for a size that nobody stated
_NOBODYS_WRITERS = ("SCIFIO", "OME Bio-Formats")


def sniff(head: bytes, name: str) -> int:
    """By the first four bytes."""
    return 90 if head[:4] in _MAGIC else 0


def read(source: Source) -> Header:
    """By what the first page says it is."""
    import tifffile

    _silence()
    opened = source.open()
    try:
        file = tifffile.TiffFile(opened, name=source.called)
    except (tifffile.TiffFileError, ValueError, IndexError, KeyError, OverflowError, MemoryError):
        opened.close()
        raise Unusable("its TIFF is damaged or cut off") from None
    with opened, file:
        try:
            page = file.pages[0]
            return _read(source, file, page)
        except (tifffile.TiffFileError, ValueError, IndexError, KeyError, TypeError, ZeroDivisionError, OverflowError):
            raise Unusable("its TIFF is damaged or cut off") from None


@cache
def _silence() -> None:
    """Once a process: what the library tells of damaged files, we tell ourselves."""
    import logging

    logging.getLogger("tifffile").setLevel(logging.CRITICAL)


def _read(source: Source, file: Any, page: Any) -> Header:
    wide, high, samples = int(page.imagewidth), int(page.imagelength), int(page.samplesperpixel)
    if not (0 < wide < 2**31 and 0 < high < 2**31 and 0 < samples < 2**16):
        raise Unusable("its header says sizes that cannot be")
    if page.compression == 1 and wide * high * samples * bits_of(page) // 8 > source.size:
        raise Unusable("it is shorter than its header says")
    facts = Facts(source.path, "tiff")
    description = page.description or ""
    compression = _COMPRESSION.get(int(page.compression), "")
    root = xml.parse(re.sub(r"^<\?xml[^>]*\?>", "", description.strip())) if _is_ome(description) else None
    if root is not None and xml.child(root, "BinaryOnly") is None:
        return _ome(source, file, page, root, facts, compression)
    told = tags.told(file, page, facts) or Told("TIFF")
    if ndtiff.is_stack(source.called):
        told = ndtiff.indexed(source.file, told)
    if root is not None:  # pixels alone: what they are is said by the OME-XML beside them, which names them
        told = replace(told, format="OME-TIFF", calibrated=False)
    page = next((p.page for p in (told, *told.parts) if p.page is not None), page)
    images = [_image(part, part.page or page, 1) for part in told.parts]
    if not images:
        runs = stacks(file, page) if told.stacked and not told.sizes and not told.pages else [(page, 1)]
        images = [_image(told if own is page else Told(told.format), own, count) for own, count in runs]
    if len(images) > 1:
        images = [replace(image, name=f"part {number}") for number, image in enumerate(images, start=1)]
    return Header(
        told.format,
        tuple(images),
        tuple(facts.values),
        (*told.warnings, *facts.warnings),
        compression=_COMPRESSION.get(int(page.compression), ""),
        instrument=told.instrument,
        acquired=told.acquired,
    )


def _image(told: Told, page: Any, count: int) -> Image:
    """The image that a page begins; `count`: pages like it, where nothing states axes."""
    sizes, axes = dict(told.sizes), told.axes
    if count > 1:
        axes, sizes = told.stacked, {told.stacked: count}
    sizes |= {"Y": int(page.imagelength), "X": int(page.imagewidth)}
    axes += "YX"
    samples = int(page.samplesperpixel)
    if samples in (3, 4) and page.photometric in (2, 6):
        if sizes.get("C") == samples:  # what a program counts as channels are the colours
            axes, sizes = axes.replace("C", ""), {a: n for a, n in sizes.items() if a != "C"}
        axes, sizes = axes + "S", sizes | {"S": samples}
    elif samples > 1 and "C" not in sizes:
        axes, sizes = "C" + axes, {"C": samples} | sizes
    pixels = told.pixels or (_resolution(page) if told.calibrated else {})
    return Image(
        axes,
        {a: sizes[a] for a in axes},
        _type(page),
        {a: s for a, s in pixels.items() if a in axes},
        frames=told.frames,
        channels=tuple(Channel(words(c)) for c in told.channels),
    )


def _is_ome(description: str) -> bool:
    return (description.rstrip().endswith("OME>") and "<OME" in description[:4096]) or description[
        -10:
    ].strip().endswith(":OME>")


def _type(page: Any) -> str:
    bits, form = bits_of(page), int(page.sampleformat or 1)
    if bits == 1:
        return "bit"
    kind = {1: "uint", 2: "int", 3: "float", 5: "int", 6: "complex"}.get(form, "")
    return f"{kind}{bits}" if kind and bits in (4, 8, 16, 32, 64) else ""


def _resolution(page: Any) -> dict[str, Length]:
    """Pixel sizes by the resolution where it is stated in centimetres."""
    unit = page.tags.get("ResolutionUnit")
    if unit is None or int(unit.value) != _RESOLUTION_CM:
        return {}
    found = {}
    unstated = _NOBODYS if str(page.software or "").startswith(_NOBODYS_WRITERS) else 0
    for axis in "XY":
        per = per_unit(page, axis)
        if (
            per is not None
            and per != unstated
            and not _print(per)
            and (size := pixel_size(quotient(Decimal(1), per), "cm"))
        ):
            found[axis] = size
    return found


def _print(per_centimetre: Decimal) -> bool:
    """Is it a resolution of printers and screens, told in centimetres?"""
    inches = [float(per_centimetre), float(per_centimetre) * 2.54]
    return any(math.isclose(i, dots, rel_tol=1e-3) for i in inches for dots in DOTS)


def _ome(source: Source, file: Any, page: Any, root: ET.Element, facts: Facts, compression: str) -> Header:
    ome = omexml.of(root, facts)
    images, warnings = [], list(dict.fromkeys(facts.warnings))
    own = file_name(source.called).casefold()
    first = bool(ome.places) and next(iter(ome.places)) == own  # which tells of all, whether the others do so or not
    named = [f for f in ome.files if first or f.casefold() != own]
    for place, image in enumerate(ome.images):
        if place == 0 and (image.sizes.get("X"), image.sizes.get("Y")) != (page.imagewidth, page.imagelength):
            said = f"{image.sizes.get('X')} × {image.sizes.get('Y')}"
            warnings.append(f"its OME-XML says {said}, but {page.imagewidth} × {page.imagelength} pixels are stored")
            sizes = dict(image.sizes) | {"X": int(page.imagewidth), "Y": int(page.imagelength)}
            image = Image(image.axes, sizes, image.pixel_type, {}, image.name, None, image.channels)
        if place == 0 and (kind := _type(page)) and image.pixel_type != kind:
            warnings.append(f"its OME-XML says {image.pixel_type}, but {kind} is stored")
            image = Image(image.axes, image.sizes, kind, image.pixel_size, image.name, None, image.channels)
        images.append(image)
    if not images:
        raise Unusable("its OME-XML describes no image")
    return Header(
        "OME-TIFF",
        tuple(images),
        tuple(facts.values),
        tuple(warnings),
        compression=compression,
        instrument=ome.instrument,
        acquired=ome.acquired,
        links=tuple(named),
        plate=ome.plate,
        wells=ome.wells,
        linked_places=ome.places if first else {},
    )
