"""Olympus and Evident OIR: blocks, of which the last documents say how the image was taken. Lengths in µm.

Layout: a header of 96 bytes with the place of an index, the index with the place of each block, each block with its
length and kind. Source: what others found (oirfile by C. Gohlke, OpenReadout), for the maker tells nothing. An image
that goes on in files beside it (a_00001) is one; how many planes there are is told by the last plane that is stored.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree as ET

from rembi_sheets.harvest import xml
from rembi_sheets.harvest.facts import CHANNELS, Facts, words
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Channel, Header, Image, Length, Unusable
from rembi_sheets.harvest.quantities import number
from rembi_sheets.harvest.source import Source, take

_MAGIC = b"OLYMPUSRAWFORMAT"
_MARK = 0xFFFFFFFF
_DOCUMENTS, _FRAME, _PLANE = 0, 1, 3
_BLOCKS = 2**22  # of a file
_LOOKED = 2**18  # blocks that are looked at from either end: a frame has one for each 11 kB
_DOCUMENT = re.compile(rb"<\?xml.*?(?=<\?xml|\Z)", re.DOTALL)
_NAME = re.compile(r"((?:[tlz]\d+)*)(?:_\d+_\d+)?_([0-9a-f-]{8,})_\d+")
_NEXT = re.compile(r"_\d{5}")
_AXES = {"TIMELAPSE": ("T", "t"), "LAMBDA": ("λ", "l"), "ZSTACK": ("Z", "z")}  # slowest first
_UNITS = {"": "µm", "MICRO_METER": "µm", "NANO_METER": "nm", "MILLI_METER": "mm"}
_TYPES = {1: "uint8", 2: "uint16", 4: "float32"}
_SIDE = 2**20


def sniff(head: bytes, name: str) -> int:
    """By the first bytes."""
    return 95 if head.startswith(_MAGIC) else 0


def read(source: Source) -> Header:
    """The image, its channels, and the objective. Raises Unusable where index or documents are damaged."""
    if _NEXT.fullmatch(source.name[-6:]):
        return Header("OIR", companion=True)  # it has the planes that the .oir has not
    with source.open() as file:
        blocks = _blocks(file, source.size)
        said = _said(file, blocks, source.size)
        frame, shown = _first(file, blocks, source.size)
        last = _last(file, blocks)
    if not last:
        return Header("OIR", warnings=("it holds no pixels",))
    info = xml.child(said, "imageInfo")
    if said is None or info is None or frame is None:
        raise Unusable("it does not say what its image is like")
    facts = Facts(source.path, "oir")
    stored = _places(_continued(source.file) or last)
    image = _image(facts, info, frame, stored, _channels(facts, said, info, shown))
    _microscope(facts, said)
    taken = xml.text(said, "general", "creationDateTime")
    return Header("OIR", (image,), tuple(facts.values), tuple(facts.warnings), "none", acquired=words(taken))


def _blocks(file: BinaryIO, size: int) -> list[int]:
    """Where each block begins. Raises Unusable for an index that is not there."""
    declared, index = struct.unpack("<2Q", take(file, 32, 16))
    if declared > size or not 96 <= index <= declared - 4:
        raise Unusable("it is shorter than its header says")
    count = min((declared - index - 4) // 8, _BLOCKS)
    data = take(file, index, 4 + count * 8)
    if struct.unpack_from("<I", data)[0] != _MARK:
        raise Unusable("its index is damaged")
    places = struct.unpack_from(f"<{count}Q", data, 4)
    return [place for place in places if 96 <= place <= size - 8]


def _of(file: BinaryIO, blocks: list[int], *kinds: int) -> Iterator[tuple[int, int, int]]:
    """(kind, place, length) of the blocks of some kinds; place is behind the head of a block."""
    for place in blocks[:_LOOKED]:
        length, kind = struct.unpack("<2I", take(file, place, 8))
        if kind in kinds:
            yield kind, place + 8, length


def _documents(file: BinaryIO, place: int, length: int) -> Iterator[ET.Element]:
    if length > xml.LIMIT:
        raise Unusable("its index is damaged")
    for found in _DOCUMENT.finditer(take(file, place, length)):
        text = found[0][: found[0].rfind(b">") + 1]
        if b"LUT" in text[:200]:  # tables of colours: long, and nothing of the image
            continue
        try:
            yield xml.parse(text)
        except xml.Illegible:
            continue


def _said(file: BinaryIO, blocks: list[int], size: int) -> ET.Element | None:
    """How the image was taken: written after the first frame, and again at the end, which is complete."""
    for _, place, length in _of(file, blocks[::-1], _DOCUMENTS):
        for root in _documents(file, place, min(length, size - place)):
            if root.tag == "imageProperties":
                return root
    return None


def _first(file: BinaryIO, blocks: list[int], size: int) -> tuple[ET.Element | None, set[str]]:
    """What the first frame is like, and the ids of the channels whose planes stand before it."""
    shown: set[str] = set()
    for kind, place, length in _of(file, blocks, _FRAME, _PLANE):
        if kind == _PLANE:
            if found := _name(file, place, length):
                shown.add(found[2])
            continue
        frames = _documents(file, place, min(length, size - place))
        return next((f for f in frames if f.tag == "frameProperties"), None), shown
    return None, shown


def _name(file: BinaryIO, place: int, length: int) -> re.Match[str] | None:
    """The name of the plane (a part of one) whose pixels follow; None for another picture."""
    if not 12 <= length <= 1024:
        return None
    return _NAME.fullmatch(take(file, place + 12, length - 12).decode("latin-1"))


def _last(file: BinaryIO, blocks: list[int]) -> str:
    """The indices of the last plane, as t003z002; '-' where it has none, '' where there is no plane."""
    for _, place, length in _of(file, blocks[::-1], _PLANE):
        if found := _name(file, place, length):
            return found[1] or "-"
    return ""


def _continued(file: Path) -> str:
    """The indices of the last plane in the last of the files that go on with this one; '' where there is none."""
    number = 0
    while (beside := file.with_name(f"{file.stem}_{number + 1:05}")).is_file() and not beside.is_symlink():
        number += 1
    if not number:
        return ""
    source = Source.of(file.with_name(f"{file.stem}_{number:05}"))
    if not source.head.startswith(_MAGIC):
        return ""
    with source.open() as opened:
        return _last(opened, _blocks(opened, source.size))


def _places(indices: str) -> dict[str, int]:
    return {letter: int(count) for letter, count in re.findall(r"([tlz])(\d+)", indices)}


def _image(
    facts: Facts, info: ET.Element, frame: ET.Element, stored: dict[str, int], channels: tuple[Channel, ...]
) -> Image:
    shape = xml.child(frame, "imageDefinition")
    wide, high, depth = (number(xml.text(shape, n)) for n in ("width", "height", "depth"))
    if not wide or not high or not (0 < wide < _SIDE and 0 < high < _SIDE):
        raise Unusable("its header says sizes that cannot be")
    declared = {xml.text(a, "axis"): a for a in info.findall("axis") if a.get("enable") != "false"}
    counts, pixels = {"Y": int(high), "X": int(wide)}, _pixels(info)
    slowest = next((letter for _, letter in _AXES.values() if letter in stored), "")
    for name, (axis, letter) in _AXES.items():
        said, there = number(xml.text(declared.get(name), "maxSize")) or 0, stored.get(letter, 0)
        if axis == "T" and not there and said == high and said > 1:  # one line, scanned again and again
            counts["T"] = counts.pop("Y")
        if letter == slowest and said and there != said:
            facts.warnings.append(f"it says {said} along {axis}, but {there} are stored")
        elif there:  # a last stack that was stopped has less
            there = max(there, int(said))
        if there > 1:
            counts[axis] = there
    if xml.text(shape, "colorType").upper() == "RGB":
        counts |= {"S": 3}
    elif len(channels) > 1:
        counts["C"] = len(channels)
    step = number(xml.text(declared.get("ZSTACK"), "step"))
    if step is not None and (size := pixel_size(abs(step), "µm")):
        pixels["Z"] = size
    axes = [a for a in "TλCZYXS" if a in counts]
    return Image(
        "".join(axes),
        {a: counts[a] for a in axes},
        _TYPES.get(int(depth), "") if depth else "",
        {a: size for a, size in pixels.items() if a in counts},
        channels=channels if "S" not in counts else (),
    )


def _pixels(info: ET.Element) -> dict[str, Length]:
    """The sizes of a pixel, where all channels say the same."""
    said = set()
    for channel in xml.every(info, "channel"):
        length = next(xml.every(channel, "length"), None)
        units = next(xml.every(channel, "pixelUnit"), None)
        said.add(tuple((xml.text(length, a), xml.text(units, a)) for a in "xy"))
    if len(said) != 1:
        return {}
    found = {}
    for axis, (value, unit) in zip("XY", said.pop(), strict=True):
        if unit in _UNITS and (size := pixel_size(value, _UNITS[unit])):
            found[axis] = size
    return found


def _channels(facts: Facts, said: ET.Element, info: ET.Element, shown: set[str]) -> tuple[Channel, ...]:
    """The channels whose planes are stored, in their order."""
    described = {c.get("id", ""): c for c in xml.every(info, "channel") if c.get("id", "") in shown}
    if described.keys() != shown:
        return tuple(Channel() for _ in shown)
    lasers = {
        laser.get("id", ""): next((e.text or "" for e in xml.every(laser, "wavelength")), "")
        for laser in xml.every(said, "imagingMainLaser")
        if laser.get("enable") == "true"
    }
    settings: dict[str, list[ET.Element]] = {}
    for channel in xml.every(said, "channel"):
        settings.setdefault(channel.get("id", ""), []).append(channel)
    order = sorted(described, key=lambda c: number(described[c].get("order")) or 0)
    return tuple(_channel(facts, described[c], settings[c], lasers) for c in order)


def _channel(facts: Facts, described: ET.Element, settings: list[ET.Element], lasers: dict[str, str]) -> Channel:
    own = facts.on(CHANNELS)
    texts: dict[str, set[str]] = {
        "dyeName": set(),
        "laserDataId": set(),
        "startWavelength": set(),
        "endWavelength": set(),
    }
    for element in (e for setting in settings for e in setting.iter()):
        if element.tag in texts and (element.text or "").strip():
            texts[element.tag].add((element.text or "").strip())
    if len(texts["dyeName"]) == 1:
        own.text("fluorophore", texts["dyeName"].pop(), "dyeName")
    waves = {lasers[name] for name in texts["laserDataId"] if name in lasers}
    if len(waves) == 1:
        own.number("excitation_wavelength", waves.pop(), "nm", "imagingMainLaser/wavelength")
    ends = [number(texts[n].pop()) if len(texts[n]) == 1 else None for n in ("startWavelength", "endWavelength")]
    if all(ends):
        own.span("detection_wavelength", ends[0], ends[1], "nm", "startWavelength, endWavelength", sure=True)
    facts.warnings += own.warnings
    return Channel(words(next((n.text for n in xml.every(described, "name")), "")), tuple(own.values))


def _microscope(facts: Facts, said: ET.Element) -> None:
    facts.text("microscope", xml.text(said, "system", "systemName"), "systemName")
    lenses = list(xml.every(said, "objectiveLens"))
    if len(lenses) != 1:
        return
    facts.text("objective", xml.text(lenses[0], "name"), "objectiveLens/name")
    facts.number("magnification", xml.text(lenses[0], "magnification"), "", "objectiveLens/magnification")
    facts.number("numerical_aperture", xml.text(lenses[0], "naValue"), "", "objectiveLens/naValue")
    facts.text("immersion", xml.text(lenses[0], "immersion").replace("_", " ").casefold(), "objectiveLens/immersion")
