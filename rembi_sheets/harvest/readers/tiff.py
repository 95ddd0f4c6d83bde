"""TIFF and its kin: the first page and its tags alone. Pages are counted only where nothing states their number.

A pixel size comes from the vendor's tag, else OME-XML, else ImageJ, else the resolution in centimetres; dots per inch
are for printers. Which tag says what stands in `tifftags`; OME-XML in `omexml`.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any

from rembi_sheets.harvest import omexml, tifftags, xml
from rembi_sheets.harvest.facts import Facts, file_name, words
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Channel, Header, Image, Length, Unusable
from rembi_sheets.harvest.quantities import number, quotient
from rembi_sheets.harvest.source import Source
from rembi_sheets.harvest.tifftags import Told

_MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_COMPRESSION = {
    1: "none", 5: "LZW", 7: "JPEG (lossy)", 6: "JPEG (lossy)", 8: "deflate", 32946: "deflate", 32773: "PackBits",
    33003: "JPEG 2000", 33004: "JPEG 2000", 33005: "JPEG 2000", 34712: "JPEG 2000", 50000: "zstd", 34925: "LZMA",
    22610: "JPEG XR",
}  # fmt: skip
_IMAGEJ_UNITS = {"micron": "µm", "\\u00B5m": "µm", "um": "µm", "pixel": "", "inch": "", "cm": "cm"}
_CHAIN = 2_000_000
_RESOLUTION_CM = 3


def sniff(head: bytes, name: str) -> int:
    """By the first four bytes."""
    return 90 if head[:4] in _MAGIC else 0


def read(source: Source) -> Header:
    """By what the first page says it is."""
    import logging

    import tifffile

    logging.getLogger("tifffile").setLevel(logging.CRITICAL)
    opened = source.open()
    try:
        file = tifffile.TiffFile(opened, name=source.file.name)
    except (tifffile.TiffFileError, ValueError, IndexError, KeyError, OverflowError, MemoryError):
        opened.close()
        raise Unusable("its TIFF is damaged or cut off") from None
    with opened, file:
        try:
            page = file.pages[0]
            return _read(source, file, page)
        except (tifffile.TiffFileError, ValueError, IndexError, KeyError, TypeError, ZeroDivisionError, OverflowError):
            raise Unusable("its TIFF is damaged or cut off") from None


def _read(source: Source, file: Any, page: Any) -> Header:
    wide, high, samples = int(page.imagewidth), int(page.imagelength), int(page.samplesperpixel)
    if not (0 < wide < 2**31 and 0 < high < 2**31 and 0 < samples < 2**16):
        raise Unusable("its header says sizes that cannot be")
    bits = page.bitspersample if isinstance(page.bitspersample, int) else page.bitspersample[0]
    if page.compression == 1 and wide * high * samples * bits // 8 > source.size:
        raise Unusable("it is shorter than its header says")
    facts = Facts(source.path, "tiff")
    description = page.description or ""
    compression = _COMPRESSION.get(int(page.compression), "")
    if _is_ome(description):
        return _ome(source, file, page, description, facts, compression)
    told = tifftags.told(file, page, facts) or _imagej(page, description) or Told("TIFF")
    sizes, axes = dict(told.sizes), told.axes
    if not sizes:
        pages = told.pages or _pages(file)
        if told.stacked and pages > 1:
            axes, sizes = told.stacked, {told.stacked: pages}
    sizes |= {"Y": told.high or high, "X": told.wide or wide}
    axes += "YX"
    if samples in (3, 4) and page.photometric in (2, 6):
        axes, sizes = axes + "S", sizes | {"S": samples}
    elif samples > 1 and "C" not in sizes:
        axes, sizes = "C" + axes, {"C": samples} | sizes
    pixels = told.pixels or _resolution(page)
    image = Image(
        axes,
        {a: sizes[a] for a in axes},
        _type(page),
        {a: s for a, s in pixels.items() if a in axes},
        frames=told.frames,
        channels=tuple(Channel(words(c)) for c in told.channels),
    )
    return Header(
        told.format,
        (image,),
        tuple(facts.values),
        (*told.warnings, *facts.warnings),
        compression=compression,
        instrument=told.instrument,
        acquired=told.acquired,
    )


def _is_ome(description: str) -> bool:
    return (description.rstrip().endswith("OME>") and "<OME" in description[:4096]) or description[
        -10:
    ].strip().endswith(":OME>")


def _type(page: Any) -> str:
    bits, form = page.bitspersample, int(page.sampleformat or 1)
    bits = bits if isinstance(bits, int) else bits[0]
    if bits == 1:
        return "bit"
    kind = {1: "uint", 2: "int", 3: "float", 5: "int", 6: "complex"}.get(form, "")
    return f"{kind}{bits}" if kind and bits in (4, 8, 16, 32, 64) else ""


def _pages(file: Any) -> int:
    """Pages along the chain; a chain in a circle or without end is one of a damaged file."""
    count = len(file.pages)
    if count > _CHAIN:
        raise Unusable(f"it says {count} pages, which cannot be")
    return int(count)


def _ratio(page: Any, name: str) -> Decimal | None:
    """Pixels in a unit of length, as the fraction that is stored."""
    tag = page.tags.get(name)
    value = tag.value if tag is not None else None
    if not isinstance(value, tuple) or len(value) != 2 or not value[0] or not value[1]:
        return None
    return Decimal(int(value[0])) / Decimal(int(value[1]))


def _resolution(page: Any) -> dict[str, Length]:
    """Pixel sizes by the resolution where it is stated in centimetres."""
    unit = page.tags.get("ResolutionUnit")
    if unit is None or int(unit.value) != _RESOLUTION_CM:
        return {}
    found = {}
    for axis in "XY":
        per = _ratio(page, f"{axis}Resolution")
        if per is not None and per > 0 and not _print(per) and (size := pixel_size(quotient(Decimal(1), per), "cm")):
            found[axis] = size
    return found


def _print(per_centimetre: Decimal) -> bool:
    """Is it a resolution of printers and screens, told in centimetres?"""
    inches = [float(per_centimetre), float(per_centimetre) * 2.54]
    return any(math.isclose(i, dots, rel_tol=1e-3) for i in inches for dots in (1, 64, 72, 93, 96, 100, 150, 300, 600))


def _imagej(page: Any, description: str) -> Told | None:
    """The lines `key=value` that ImageJ writes; the resolution is then in its unit."""
    if not description.startswith("ImageJ="):
        return None
    said = dict(line.partition("=")[::2] for line in description.splitlines())
    counts = {
        a: int(n) for a, k in (("T", "frames"), ("Z", "slices"), ("C", "channels")) if (n := said.get(k, "")).isdigit()
    }
    total = int(said["images"]) if said.get("images", "").isdigit() else 1
    product = math.prod(counts.values()) if counts else 1
    warnings: list[str] = []
    if any(not 0 < n < 10**8 for n in (*counts.values(), total)):
        raise Unusable("ImageJ's line says sizes that cannot be")
    if counts and product != total:
        counts, warnings = {}, [f"ImageJ's line says {total} images, but its axes make {product}"]
    kept = {a: n for a, n in counts.items() if n > 1}
    if not kept and total > 1:
        kept = {"Z" if not counts else "N": total}
    unit = said.get("unit", "")
    unit = _IMAGEJ_UNITS.get(unit, unit.replace("\\u00B5", "µ").replace("\\u00C5", "Å"))
    pixels: dict[str, Length] = {}
    for axis in "XY":
        own = said.get(f"{axis.lower()}unit", "") or unit
        per = _ratio(page, f"{axis}Resolution")
        if per is not None and per > 0 and own and (size := pixel_size(quotient(Decimal(1), per), own)):
            pixels[axis] = size
    spacing = number(said.get("spacing", ""))
    if (
        spacing is not None
        and "Z" in kept
        and pixels
        and (size := pixel_size(abs(spacing), said.get("zunit", "") or unit))
    ):
        pixels["Z"] = size
    return Told("TIFF", axes="".join(kept), sizes=kept, pages=total, pixels=pixels, warnings=tuple(warnings))


def _ome(source: Source, file: Any, page: Any, description: str, facts: Facts, compression: str) -> Header:
    root = xml.parse(re.sub(r"^<\?xml[^>]*\?>", "", description.strip()))
    ome = omexml.of(root, facts)
    images, warnings = [], list(dict.fromkeys(facts.warnings))
    others = [f for f in ome.files if f.casefold() != file_name(source.file.name).casefold()]
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
        links=tuple(others),
    )
