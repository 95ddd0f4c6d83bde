"""Zeiss CZI: the XML of the metadata segment, and the sizes of the sub-block directory, which count where they differ.

Source: "ZISRAW (CZI) File Format" of Carl Zeiss Microscopy. Lengths in m, exposure in ns.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import replace
from xml.etree import ElementTree as ET

from rembi_sheets.harvest import czixml, xml
from rembi_sheets.harvest.facts import CHANNELS, Facts, words
from rembi_sheets.harvest.lengths import pixel_size, refused
from rembi_sheets.harvest.model import Channel, Confidence, Header, Image, Length, Unusable
from rembi_sheets.harvest.quantities import number
from rembi_sheets.harvest.source import Source, take

_TYPES = {
    0: "uint8", 1: "uint16", 2: "float32", 3: "uint8", 4: "uint16", 8: "float32", 9: "uint8", 10: "complex64",
    11: "complex64", 12: "int32", 13: "float64",
}  # fmt: skip
_COLOURS = {3: 3, 4: 3, 8: 3, 9: 4}
_COMPRESSION = {0: "none", 1: "JPEG (lossy)", 2: "LZW", 4: "JPEG XR", 5: "zstd", 6: "zstd"}
_ORDER = "VHIRBMTCZYX"
_ENTRIES, _SCENES = 2_000_000, 10_000


def sniff(head: bytes, name: str) -> int:
    """By the name of the first segment."""
    return 100 if head[:10] == b"ZISRAWFILE" else 0


def read(source: Source) -> Header:
    """Sizes by the directory, the rest by the XML."""
    with source.open() as file:
        head = take(file, 32, 80)
        part, directory, metadata = struct.unpack("<iqq", head[48:68])
        scenes: list[Scene] = []
        pixel = compression = -1
        if directory > 0:
            segment = take(file, directory, 32 + 128)
            if segment[:15] != b"ZISRAWDIRECTORY":
                raise Unusable("the directory of its images is not where its header says")
            length = struct.unpack("<q", segment[24:32])[0]
            count = struct.unpack("<i", segment[32:36])[0]
            if not 0 < count <= _ENTRIES or length > source.size or count * 32 > length:
                raise Unusable(f"its directory names {count} images, which cannot be")
            scenes, pixel, compression = _directory(take(file, directory + 160, length - 128), count)
        root = None
        if metadata > 0:
            segment = take(file, metadata, 32 + 8)
            if segment[:14] != b"ZISRAWMETADATA":
                raise Unusable("its metadata are not where its header says")
            size = struct.unpack("<i", segment[32:36])[0]
            if not 0 <= size <= xml.LIMIT:
                raise Unusable("its XML is larger than 64 MB, which no header is")
            root = xml.parse(take(file, metadata + 32 + 256, size)) if size else None
    if not scenes:
        raise Unusable("it names no images" + (f" (it is part {part} of several files)" if part else ""))
    return _header(source, root, scenes, pixel, compression)


Scene = dict[str, int]


def _directory(data: bytes, count: int) -> tuple[list[Scene], int, int]:
    """Sizes along all dimensions of the full-size images, scene by scene, with pixel type and compression of the first.

    Tiles that lie beside each other make one image, whose X and Y are those of all tiles.
    """
    found: dict[int, tuple[Scene, Scene, Scene]] = {}
    pixel = compression = -1
    place = 0
    for _ in range(count):
        if place + 32 > len(data) or data[place : place + 2] != b"DV":
            raise Unusable("the directory of its images is cut off")
        kind = struct.unpack_from("<i", data, place + 2)[0]
        pressed = struct.unpack_from("<i", data, place + 18)[0]
        dimensions = struct.unpack_from("<i", data, place + 28)[0]
        if not 0 < dimensions <= 32 or place + 32 + 20 * dimensions > len(data):
            raise Unusable("the directory of its images is cut off")
        entries = [struct.unpack_from("<4sii4si", data, place + 32 + 20 * d) for d in range(dimensions)]
        place += 32 + 20 * dimensions
        if any(stored not in (0, size) for _, _, size, _, stored in entries):
            continue  # a smaller image of the pyramid
        if pixel < 0:
            pixel, compression = kind, pressed
        named = [(e[0].rstrip(b"\0").decode("latin-1"), e[1], e[2]) for e in entries]
        scene = next((start for axis, start, _ in named if axis == "S"), 0)
        low, high, one = found.setdefault(scene, ({}, {}, {}))
        for axis, start, size in named:
            low[axis] = min(low.get(axis, start), start)
            high[axis] = max(high.get(axis, start + size), start + size)
            one[axis] = max(one.get(axis, size), size)
    scenes = [_extent(*found[scene]) for scene in sorted(found)]
    if len(scenes) > _SCENES:
        raise Unusable(f"its directory names {len(scenes)} scenes, which cannot be")
    return scenes, pixel, compression


def _extent(low: Scene, high: Scene, one: Scene) -> Scene:
    sizes = {a: high[a] - low[a] for a in low if a != "S"}
    if any(not 0 < n < 2**31 for n in sizes.values()) or not {"X", "Y"} <= sizes.keys():
        raise Unusable("the directory of its images says sizes that cannot be")
    if any(sizes[a] > one[a] for a in "XY"):  # tiles are no axis of their own when they lie beside each other
        sizes["tiles"] = sizes.pop("M", 1)
    return sizes


def _header(source: Source, root: ET.Element | None, scenes: list[Scene], pixel: int, compression: int) -> Header:
    sizes = scenes[0]
    facts = Facts(source.path, "czi")
    information = xml.child(root, "Metadata", "Information")
    image = xml.child(information, "Image")
    warnings = _differences(image, sizes)
    scaling = _scaling(root, sizes, warnings)
    channels: tuple[Channel, ...] = ()
    instrument = ""
    if information is not None and image is not None:
        parts, names = xml.child(information, "Instrument"), czixml.shown(root)
        channels = tuple(
            czixml.channel(facts.on(CHANNELS), c, parts, names)
            for c in xml.children(image, "Dimensions", "Channels", "Channel")
        )
        instrument = czixml.microscope(facts, information, image)
        if sizes.get("T", 1) > 1:
            czixml.times(facts, image)
    czixml.beside(facts, root)
    tiles = sizes.get("M", sizes.get("tiles", 1))
    if tiles > 1:
        facts.text("tiles", str(tiles), "SizeM", Confidence.DERIVED)
    images = [_image(scene, pixel, scaling, channels) for scene in scenes]
    if len(images) > 1:
        images = [replace(image, name=f"scene {number + 1}") for number, image in enumerate(images)]
    return Header(
        "CZI",
        tuple(images),
        (*facts.values,),
        (*warnings, *facts.warnings),
        compression=_COMPRESSION.get(compression, ""),
        instrument=instrument,
        acquired=words(xml.text(image, "AcquisitionDateAndTime")),
    )


def _image(sizes: Scene, pixel: int, scaling: dict[str, Length], channels: tuple[Channel, ...]) -> Image:
    kept = [a for a in _ORDER if a in sizes and (a in "YX" or sizes[a] > 1)]
    shape = {a: sizes[a] for a in kept}
    if pixel in _COLOURS:
        shape["S"] = _COLOURS[pixel]
    pixels = {a: s for a, s in scaling.items() if sizes.get(a, 1) > 1}
    return Image("".join(shape), shape, _TYPES.get(pixel, ""), pixels, channels=channels)


def _differences(image: ET.Element | None, sizes: Mapping[str, int]) -> list[str]:
    said = {a: number(xml.text(image, f"Size{a}")) for a in sizes}
    return [
        f"its XML says {n} along {a}, but {sizes[a]} are stored"
        for a, n in said.items()
        if n is not None and n > 0 and n != sizes[a] and a not in "XYMB"
    ]


def _scaling(root: ET.Element | None, sizes: Mapping[str, int], warnings: list[str]) -> dict[str, Length]:
    found = {}
    for distance in xml.children(root, "Metadata", "Scaling", "Items", "Distance"):
        axis, value = distance.get("Id", ""), xml.text(distance, "Value")
        if axis not in ("X", "Y", "Z") or sizes.get(axis, 1) < 2:
            continue
        if size := pixel_size(value, "m", xml.text(distance, "DefaultUnitFormat") or "µm"):
            found[axis] = size
        elif note := refused(value, "m"):
            warnings.append(note)
    return found
