"""Files that describe images beside them: joined by the names that they give, else by their stem.

An mdoc gives the names of its stack and of its movies; OME-XML those of its TIFFs; EPU and TIA call the XML (EMI) as
the image, with an ending of their own. What a companion knows and the image does not is given to the image.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from rembi_sheets.harvest.model import Header, Image, Item, Length, Status

_ENDINGS = re.compile(r"(?:_fractions|_eer|_frames?|_\d{1,3})$", re.IGNORECASE)
_PREVIEWS = ("JPEG", "PNG")
_BY_STEM = ("EPU XML", "EMI")
_DESCRIBING = (".xml", ".emi", ".jpg", ".png")


def join(items: Iterable[Item]) -> list[Item]:
    """The items with what their companions say. Pictures beside an image of the same stem are previews of it."""
    listed = list(items)
    by_name: dict[str, list[Item]] = {}
    by_stem: dict[str, list[Item]] = {}
    for item in listed:
        if item.header is None or not item.header.companion:
            continue
        if item.header.format in _BY_STEM:
            by_stem.setdefault(_stem(item.path), []).append(item)
        for link in item.header.links:
            by_name.setdefault(link.casefold(), []).append(item)
    images = {_stem(i.path) for i in listed if i.status is Status.READ and i.format not in _PREVIEWS} | set(by_stem)
    return [_joined(item, by_name, by_stem, images) for item in listed]


def _joined(item: Item, by_name: dict[str, list[Item]], by_stem: dict[str, list[Item]], images: set[str]) -> Item:
    if item.status is not Status.READ or item.header is None:
        return item
    if item.format in _PREVIEWS:
        if _stem(item.path) in images:
            return replace(item, status=Status.COMPANION, notes=(*item.notes, "a preview of the image of this name"))
        return item
    name = item.path.rpartition("/")[2].casefold()
    found = [*_nearest(item, by_name.get(name, [])), *by_stem.get(_stem(item.path), [])]
    header = item.header
    for companion in found:
        assert companion.header is not None
        header = _told(header, companion.header, name)
    return replace(item, header=header)


def _nearest(item: Item, companions: list[Item]) -> list[Item]:
    """Those in the same folder where there are any; else all, when they are few enough to be meant."""
    folder = item.path.rpartition("/")[0]
    same = [c for c in companions if c.path.rpartition("/")[0] == folder]
    return same or (companions if len(companions) == 1 else [])


def _stem(path: str) -> str:
    """Folder and name in small letters, without what images add to the name of the file that describes them."""
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    if not name.casefold().endswith(_DESCRIBING):
        stem = _ENDINGS.sub("", stem)
    return f"{folder}/{stem}".casefold()


def _told(header: Header, other: Header, name: str) -> Header:
    """The image's own header with what the companion adds; what the image says itself stays."""
    known = {v.column for v in header.values}
    values = (*header.values, *(v for v in other.values if v.column not in known))
    images = header.images
    if len(images) == 1 and len(other.images) == 1 and other.format != "OME-XML":
        images = (_image(images[0], other.images[0], movie=not _is_stack(other, name)),)
    elif other.format == "OME-XML" and len(other.images) >= 1 and not any(i.pixel_size for i in images):
        same = [i for i in other.images if _same(i, images[0])]
        images = (replace(images[0], pixel_size=same[0].pixel_size, channels=same[0].channels),) if same else images
    return replace(
        header,
        images=images,
        values=values,
        instrument=header.instrument or other.instrument,
        acquired=header.acquired or other.acquired,
        warnings=header.warnings,
    )


def _is_stack(other: Header, name: str) -> bool:
    """Is the file the stack that the mdoc is about (its first name), and not one of the movies?"""
    return bool(other.links) and other.links[0].casefold() == name and len(other.links) > 1


def _same(one: Image, other: Image) -> bool:
    return all(one.sizes.get(a) == other.sizes.get(a) for a in "XY")


def _image(image: Image, said: Image, movie: bool) -> Image:
    """Frames and pixel size from a companion. A movie of more pixels than the companion's image has smaller ones."""
    pixels: dict[str, Length] = dict(image.pixel_size)
    for axis in "XY":
        length, wide, told = said.pixel_size.get(axis), image.sizes.get(axis), said.sizes.get(axis)
        if axis in pixels or length is None or wide is None:
            continue
        if told is None or told == wide:
            pixels[axis] = length
        elif wide % told == 0:
            pixels[axis] = Length(length.value / (wide // told), length.unit)
    axes, sizes, frames = image.axes, dict(image.sizes), image.frames
    stack = next((a for a in "NZT" if a in sizes), "")
    if movie and frames is None and stack and said.frames == sizes[stack]:
        axes, frames = axes.replace(stack, ""), sizes.pop(stack)
        pixels.pop(stack, None)
    elif not movie and stack == "Z" and said.sizes.get("N") == sizes["Z"]:  # a stack of images, kept as if a volume
        axes, sizes = axes.replace("Z", "N"), {"N" if a == "Z" else a: n for a, n in sizes.items()}
        pixels.pop("Z", None)
    return replace(image, axes=axes, sizes=sizes, pixel_size=pixels, frames=frames)
