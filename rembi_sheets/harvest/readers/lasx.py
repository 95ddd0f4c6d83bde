"""Projects of Leica LAS X whose images are files of their own: .xlif, and the lists of them (.xlef, .xlcf, .xllf).

An XLIF has the XML of one image of a LIF; in place of its pixels stand the names of files (TIFF, LOF), each with its
place (Offset) in the memory that the image would fill. By the distances in that memory (BytesInc) a file that holds one
plane is known to be of this channel, plane and time, whatever it is called. Names are relative, with \\ and %20.
Source: how the library liffile, and Bio-Formats (XlifDocument), find the files.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from rembi_sheets.harvest import leicaxml, xml
from rembi_sheets.harvest.facts import Facts, file_name
from rembi_sheets.harvest.model import Channel, Header, Unusable
from rembi_sheets.harvest.source import Source

_ROOT = b"<LMSDataContainerHeader"
_TYPES = {(0, 8): "uint8", (0, 16): "uint16", (0, 32): "uint32", (1, 16): "float16", (1, 32): "float32"}
_MOST = 256  # channels of an image


class _Layout(NamedTuple):
    """How an image would lie in memory: axis -> elements and bytes from one to the next, widest first; channels."""

    sizes: Mapping[str, int]
    steps: Mapping[str, int]
    channels: tuple[int, ...]
    samples: int
    kind: str


def sniff(head: bytes, name: str) -> int:
    """By the root element."""
    return 95 if _ROOT in xml.begins(head) else 0


def read(source: Source) -> Header:
    """What it says of the files that hold its image; a list of images says nothing more than their names."""
    root = xml.parse(source.text_bytes(xml.LIMIT))
    element = xml.child(root, "Element")
    if element is None or xml.child(element, "Data", "Image") is None:
        return Header("Leica project", companion=True)
    facts = Facts(source.path, "lasx")
    layout = _layout(element)
    image = leicaxml.image(element, element.get("Name"), _whole(layout), layout.kind, facts)
    leicaxml.intervals([element], facts)
    leicaxml.microscope(facts, element)
    axes = [a for a in image.axes if a not in "XYS"]
    links, places, shown = list[str](), dict[str, tuple[int, ...]](), dict[str, Channel]()
    for frame in xml.child(element, "Memory") or ():
        folder, name = _named(frame.get("File"))
        if not name:
            continue
        links.append(f"{folder}{name}")
        place = _place(layout, frame)
        key = name.casefold()
        if place is None or key in places:  # a file that is named more than once holds several planes
            places[key] = ()
            shown.pop(key, None)
            continue
        places[key] = tuple(place[a] for a in axes)
        if len(image.channels) == len(layout.channels):
            shown[key] = image.channels[place["C"]]
    return Header(
        "Leica XLIF",
        (image,),
        tuple(facts.values),
        tuple(dict.fromkeys(facts.warnings)),
        acquired=leicaxml.acquired(element),
        links=tuple(links),
        companion=True,
        linked_channels=shown,
        linked_places=places,
    )


def _named(text: str | None) -> tuple[str, str]:
    """The folder of a file ('' or '../' ...), and its name. Of a path that is of a machine only the name is kept."""
    path = unquote(text or "").replace("\\", "/").removeprefix("./")
    above, _, name = path.rpartition("/")
    parts = [p for p in above.split("/") if p not in ("", ".")]
    folder = "".join(f"{p}/" for p in parts) if not path.startswith("/") and ":" not in path else ""
    return folder, file_name(name)


def _layout(element: ET.Element) -> _Layout:
    """Raises Unusable for what cannot be."""
    found: dict[str, tuple[int, int]] = {}
    for axis, dimension in leicaxml.dimensions(element):
        count, step = (_whole_number(dimension, k) for k in ("NumberOfElements", "BytesInc"))
        if not axis or axis in found or not count:
            raise Unusable("its image has a dimension twice, or one that is not known")
        if count > 1 or axis in "XY":
            found[axis] = count, step
    described = leicaxml.channels(element)
    if not found or not described or len(described) > _MOST:
        raise Unusable("its image has no pixels, or more channels than can be")
    kinds = {(_whole_number(c, "DataType"), _stored(_whole_number(c, "Resolution"))) for c in described}
    form, bits = kinds.pop() if len(kinds) == 1 else (0, 0)
    starts = sorted(_whole_number(c, "BytesInc") for c in described)
    wide = found.get("X", (0, 0))[1] * 8 // bits if bits else 0
    samples = wide if wide > 1 and len(starts) % wide == 0 else 1
    starts = starts[::samples]
    if len(starts) > 1:
        found["C"] = len(starts), min(b - a for a, b in pairwise(starts))
    ordered = dict(sorted(found.items(), key=lambda item: item[1][1], reverse=True))
    return _Layout(
        {a: n for a, (n, _) in ordered.items()},
        {a: step for a, (_, step) in ordered.items()},
        tuple(starts),
        samples,
        _TYPES.get((form, bits), ""),
    )


def _stored(bits: int) -> int:
    """Bits that a sample of so many takes."""
    return next((n for n in (8, 16, 32) if bits <= n), 64)


def _whole_number(element: ET.Element, key: str) -> int:
    text = element.get(key, "")
    if not text.isdecimal() or len(text) > 18:
        raise Unusable(f"its image has no number for {key}")
    return int(text)


def _whole(layout: _Layout) -> dict[str, int]:
    """Sizes of the image, slowest first, as those of a LIF: without axes of one element."""
    sizes = {a: n for a, n in layout.sizes.items() if n > 1}
    return sizes | ({"S": layout.samples} if layout.samples > 1 else {})


def _place(layout: _Layout, frame: ET.Element) -> dict[str, int] | None:
    """The plane that a file holds: axis -> number from 0. None where it holds more, less, or none that begins there."""
    start, size = (frame.get(k, "") for k in ("Offset", "Size"))
    if not (start.isdecimal() and size.isdecimal() and len(start) < 19 and len(size) < 19):
        return None
    if {a for a, step in layout.steps.items() if step < int(size)} != {"X", "Y"}:
        return None
    found = []
    for channel, begin in enumerate(layout.channels):
        rest, place = int(start) - begin, {"C": channel}
        for axis, step in layout.steps.items():
            if axis != "C":
                place[axis], rest = divmod(rest, step) if step else (0, rest)
        within = all(0 <= n < layout.sizes.get(a, 1) for a, n in place.items())
        if within and (rest, place["X"], place["Y"]) == (0, 0, 0):
            found.append(place)
    return found[0] if len(found) == 1 else None
