"""Files that describe images beside them: joined by the names that they give, else by their stem.

An mdoc gives the names of its stack and of its movies; OME-XML and the lists of screens those of their TIFFs; EPU and
TIA call the XML (EMI) as the image, with an ending of their own. What a companion knows and the image does not is given
to the image.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Protocol

from rembi_sheets.harvest.model import Header, Image, Item, Length, Plane, Status
from rembi_sheets.vocabularies import file_names

_ENDINGS = re.compile(r"(?:_fractions|_eer|_frames?)$", re.IGNORECASE)
_OF_SER = re.compile(r"_\d{1,3}$")  # TIA numbers the images that one EMI is about
_PREVIEWS = ("JPEG", "PNG")
_OF_PICTURES = "jpeg"  # the folder in which ThorImage keeps smaller pictures of its TIFFs
_THUMB = re.compile(r"_thumb(?:nail)?(?:(?![a-z])|(?=[\da-f]{8}-))[^/]*$", re.IGNORECASE)
_SMALLER = re.compile(r"(?:^|/)Downsampled_x\d+/[^/]*_NDTiffStack[^/]*$")  # levels of a pyramid of Micro-Manager
_THUMB_PART, _SMALLER_PART = "_thumb", "Downsampled_x"  # what stands in all of them
_BY_STEM = ("EPU XML", "EMI", "SEM text")
_DESCRIBING = (".xml", ".emi", ".txt", ".hdr", ".jpg", ".png")
_BESIDE = re.compile(r"-(?:tif|png|jpg|bmp)$", re.IGNORECASE)  # image-tif.hdr tells of image.tif


class Beside(Protocol):
    """Where companions are looked up."""

    @property
    def silent(self) -> bool:
        """Are there no companions at all?"""

    def naming(self, name: str, folder: str) -> list[Item]:
        """Companions that name a file (in small letters): those in its folder, else the one that there is elsewhere."""

    def telling(self, stem: str) -> list[Item]:
        """Companions of a stem that are joined by it."""

    def shown(self, stem: str) -> bool:
        """Is there an image of this stem, or a companion joined by it?"""


def is_preview(item: Item) -> bool:
    """May it be a smaller picture of an image: by its format, beside that image, or by its name or folder?"""
    if item.format in _PREVIEWS:
        return True
    path = item.path
    return bool(
        (_SMALLER_PART in path and _SMALLER.search(path)) or (_THUMB_PART in path.casefold() and _THUMB.search(path))
    )


def plainly_named(paths: list[str]) -> bool:
    """Does no name among these tell of a preview or of a reference? One look at all of them together says that."""
    text = "\n".join(paths)
    named = _SMALLER_PART in text or _THUMB_PART in text.casefold()
    return not named and not file_names.may_name_reference(paths)


def is_reference(item: Item) -> bool:
    """Is it a gain, dark or shading image of the camera, by its name?"""
    return file_names.is_reference(item.path.rpartition("/")[2])


def place_of(item: Item) -> tuple[str | None, bool]:
    """The stem by which others find an item (None: they do not), and whether it is a companion that is joined by it."""
    if item.header is not None and item.header.companion:
        tells = item.header.format in _BY_STEM
        return (_stem(item) if tells else None), tells
    seen = item.status is Status.READ and not is_preview(item)
    return (_stem(item) if seen else None), False


def join(items: Iterable[Item], beside: Beside) -> Iterator[Item]:
    """The items with what their companions say. Pictures beside an image of the same stem are previews of it."""
    return (joined(item, beside) for item in items)


def joined(item: Item, beside: Beside) -> Item:
    """One of them."""
    if item.status is not Status.READ or item.header is None:
        return item
    if is_preview(item):
        if item.format not in _PREVIEWS or any(map(beside.shown, _stems(item))):
            return replace(item, status=Status.COMPANION, notes=(*item.notes, "a preview of the image of this name"))
        return item
    if beside.silent:
        return item
    folder, _, name = item.path.rpartition("/")
    name = name.casefold()
    header = item.header
    for companion in (*beside.naming(name, folder), *beside.telling(_stem(item))):
        assert companion.header is not None
        header = _told(header, companion, name)
    return item if header is item.header else replace(item, header=header)


def _stem(item: Item) -> str:
    """Folder and name in small letters, without what images add to the name of the file that describes them."""
    folder, _, name = item.path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    if name.casefold().endswith(".hdr"):
        stem = _BESIDE.sub("", stem)
    elif not name.casefold().endswith(_DESCRIBING):
        stem = (_OF_SER if item.format == "SER" else _ENDINGS).sub("", stem)
    return f"{folder}/{stem}".casefold()


def _stems(preview: Item) -> tuple[str, ...]:
    """The stems that the image of a picture may have: its own, and that of the folder above a folder of pictures."""
    folder, _, name = (stem := _stem(preview)).rpartition("/")
    above, _, own = folder.rpartition("/")
    return (stem, f"{above}/{name}") if own == _OF_PICTURES else (stem,)


def _told(header: Header, companion: Item, name: str) -> Header:
    """The image's own header with what the companion adds; what the image says itself stays."""
    other = companion.header
    assert other is not None
    known = {v.column for v in header.values}
    values = (*header.values, *(v for v in other.values if v.column not in known))
    images = header.images
    if (place := other.linked_places.get(name)) is not None:
        if len(images) != 1 or (differs := _differs(images[0], other)):
            return replace(header, warnings=(*header.warnings, differs)) if len(images) == 1 else header
        if header.plane is None:
            images, plane = _plane(images[0], companion.path, other.images[0], place)
            header = replace(header, images=images, plane=plane)
    if header.format == "TIFF" and len(images) == 1 and (place is not None or len(other.images) == 1):
        images = (_weaker(images[0], other.images[0]),)
    if len(images) == 1 and len(other.images) == 1 and other.format != "OME-XML":
        images = (_image(images[0], other.images[0], movie=not _is_stack(other, name)),)
    elif other.format == "OME-XML" and len(other.images) >= 1 and not any(i.pixel_size for i in images):
        same = next((i for i in other.images if _same(i, images[0])), None)
        if same is not None:
            images = (replace(images[0], pixel_size=same.pixel_size, channels=same.channels),)
        if same is not None and header.plane is not None:
            images = (_alone(images[0], header.plane),)
    shown = other.linked_channels.get(name)
    blank = len(images) == 1 and not any(c.name or c.values for c in images[0].channels) and len(images[0].channels) < 2
    if shown is not None and blank and "C" not in images[0].sizes:
        images = (replace(images[0], channels=(shown,)),)
    wells = header.wells or other.linked_wells.get(name, ())
    return replace(
        header,
        images=images,
        values=values,
        plate=header.plate or (other.plate if wells else ""),
        wells=wells,
        instrument=header.instrument or other.instrument,
        acquired=header.acquired or other.acquired,
        warnings=header.warnings,
    )


def _weaker(image: Image, said: Image) -> Image:
    """A TIFF without its own pixel size, the resolution of a page, where a companion tells one that it can have."""
    told = [a for a in "XY" if a in said.pixel_size and (n := image.sizes.get(a)) and not n % said.sizes.get(a, n)]
    if len(told) < len("XY"):
        return image
    return replace(image, pixel_size={a: s for a, s in image.pixel_size.items() if a not in told})


def _differs(image: Image, other: Header) -> str:
    """What is said of an image that is larger or smaller than a companion says of it; '' where both agree."""
    said = other.images[0].sizes
    if all(image.sizes.get(a) == said[a] for a in "XY" if a in said):
        return ""
    told, kept = (" × ".join(str(s[a]) for a in "XY" if a in s) for s in (said, image.sizes))
    return f"the {other.format} that names it says {told}, but {kept} pixels are stored"


def _plane(image: Image, path: str, whole: Image, place: tuple[int, ...]) -> tuple[tuple[Image, ...], Plane | None]:
    """A file as a plane of a larger image, and which; as it is where it holds more, and for an image of one plane.

    A plane that repeats what is said of the whole image is one all the same.
    """
    axes = [a for a in whole.axes if a not in "XYS"]
    alone = image.sizes.keys() <= set("XYS")
    if not place or len(place) != len(axes) or image.frames is not None or not (alone or image.sizes == whole.sizes):
        return (image,), None
    plane = Plane(path, tuple((a, f"{n:06}") for a, n in zip(axes, place, strict=True)), whole)
    return (image if alone else _alone(image, plane),), plane


def _alone(image: Image, plane: Plane) -> Image:
    """What is said of an image, as far as it is said of one of its planes."""
    sizes = {a: n for a, n in image.sizes.items() if a in "XYS"}
    pixels = {a: s for a, s in image.pixel_size.items() if a in sizes}
    channels = image.channels
    if len(channels) > 1:
        place = int(dict(plane.place).get("C", len(channels)))
        channels = channels[place : place + 1]
    return replace(image, axes="".join(sizes), sizes=sizes, pixel_size=pixels, channels=channels)


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
    elif stack in ("Z", "N") and sizes[stack] == said.sizes.get("Z"):  # the planes of a stack, told beside it
        axes, sizes = axes.replace(stack, "Z"), {"Z" if a == stack else a: n for a, n in sizes.items()}
        if (step := said.pixel_size.get("Z")) is not None:
            pixels.setdefault("Z", step)
    elif not movie and stack == "Z" and said.sizes.get("N") == sizes["Z"]:  # a stack of images, kept as if a volume
        axes, sizes = axes.replace("Z", "N"), {"N" if a == "Z" else a: n for a, n in sizes.items()}
        pixels.pop("Z", None)
    return replace(image, axes=axes, sizes=sizes, pixel_size=pixels, frames=frames)
