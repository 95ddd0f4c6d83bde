"""Zeiss AxioVision ZVI: a compound file; each plane has its pixels and a list of numbered tags, and so has the image.

A value is a type of OLE ([MS-OAUT], VARENUM) and its bytes, a list its version, their number, and value, number of the
tag and an attribute for each. Scales have the number of a unit, of which 76 (µm) is known; 0 is none. Wavelengths are
those of a dye, not of the light, and are left. Authors, users and folders stand in tags that are never looked at.
Source: what openreadout found in files of many rooms (docs/formats/zvi.md), and the numbers that Bio-Formats has.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterator, Mapping, Sequence

from rembi_sheets.harvest.compound import MAGIC, Compound
from rembi_sheets.harvest.facts import CHANNELS, Facts, words
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Channel, Header, Image, Length, Unusable
from rembi_sheets.harvest.moments import TABLES, moment
from rembi_sheets.harvest.quantities import number
from rembi_sheets.harvest.source import Source

Tags = Mapping[int, object]
_ITEM = re.compile(r"Image/Item\((\d{1,9})\)/Tags/Contents")
_MARK = struct.pack("<I", 0x10002000)
_HEAD, _LIST = 65_536, 2**24  # bytes in which the pixels begin; of a list of tags
_MOST = 2**17  # planes
_CHANNEL = 2820
_INDICES = {2819: "Z", _CHANNEL: "C", 2821: "T"}
_SPOTS = (2822, 2823, 2827)  # position, scene, tile
_WIDE, _HIGH, _NAME, _EXPOSURE, _TAKEN = 515, 516, 1284, 2564, 1025
_SCALES = {"X": (769, 770), "Y": (772, 773), "Z": (775, 776)}
_NO_UNIT, _MICROMETRE = 0, 76
_PIXELS = {1: ("uint8", 1), 2: ("uint16", 1), 3: ("uint8", 3), 6: ("uint16", 3)}
_PLAIN = {2: "h", 3: "i", 4: "f", 5: "d", 7: "d", 11: "h", 16: "b", 17: "B", 18: "H", 19: "I", 20: "q", 21: "Q",
          22: "i", 23: "I"}  # fmt: skip
_EMPTY, _TEXT, _BYTES, _SIXTEEN = (0, 1), 8, (63, 65, 69), (9, 13)
_DAY = 86_400


def sniff(head: bytes, name: str) -> int:
    """A compound file of this name."""
    return 80 if head.startswith(MAGIC) and name.endswith(".zvi") else 0


def read(source: Source) -> Header:
    """All images: those that were taken at several places are one each."""
    facts = Facts(source.path, "zvi")
    with source.open() as file:
        compound = Compound(file, source.size)
        about = _tags(compound.head("Image/Tags/Contents", _LIST))
        numbered = sorted((int(m[1]), path) for path in compound.streams if (m := _ITEM.fullmatch(path)))[:_MOST]
        planes = [_tags(compound.head(path, _LIST)) for _, path in numbered]
        first = numbered[0][1].replace("/Tags/", "/") if numbered else "Image/Contents"
        wide, high, kind, samples, compression = _pixels(compound.head(first, _HEAD), compound, first)
    wide, high = wide or _size(_first(planes, about, _WIDE)), high or _size(_first(planes, about, _HIGH))
    if not wide or not high:
        raise Unusable("its tags say no sizes")
    plain = {"Y": high, "X": wide} | ({"S": samples} if samples > 1 else {})
    pixels = _scales(about, planes, facts)
    images = tuple(_image(those, about, plain, kind, pixels, facts) for those in _by(_SPOTS, planes).values() or [[]])
    for name, tag in (("objective", 2049), ("microscope", 2075), ("detector", 1042)):
        facts.text(name, _alike(planes, about, tag), f"tag {tag}")
    for name, tag in (("magnification", 2076), ("numerical_aperture", 2077)):
        facts.number(name, number(_alike(planes, about, tag)), "", f"tag {tag}")
    taken = _first(planes, about, _TAKEN)
    return Header(
        "ZVI",
        images,
        tuple(facts.values),
        tuple(dict.fromkeys(facts.warnings)),
        compression,
        acquired=moment(number(taken), _DAY, TABLES) if isinstance(taken, float) else "",
    )


def _tags(data: bytes) -> Tags:
    """Number -> value; as far as the list can be read."""
    found: dict[int, object] = {}
    try:
        _, at = _value(data, 0)
        count, at = _value(data, at)
        for _ in range(count if isinstance(count, int) and count > 0 else 0):
            value, at = _value(data, at)
            tag, at = _value(data, at)
            _, at = _value(data, at)
            if isinstance(tag, int):
                found.setdefault(tag, value)
    except (struct.error, KeyError):  # cut off, or a type that is not known
        pass
    return found


def _value(data: bytes, at: int) -> tuple[object, int]:
    """A value and where the next begins. Raises struct.error and KeyError."""
    (kind,) = struct.unpack_from("<H", data, at)
    at += 2
    if kind in _EMPTY:
        return None, at
    if kind in _SIXTEEN:
        return None, at + 16
    if kind == _TEXT or kind in _BYTES:
        (length,) = struct.unpack_from("<I", data, at)
        text = data[at + 4 : at + 4 + length].decode("utf-16-le", "replace").strip("\0") if kind == _TEXT else None
        return text, at + 4 + length
    form = f"<{_PLAIN[kind]}"
    return struct.unpack_from(form, data, at)[0], at + struct.calcsize(form)


def _pixels(head: bytes, compound: Compound, path: str) -> tuple[int, int, str, int, str]:
    """Width, height, pixel type, samples and compression, as they stand before the pixels; 0 and '' for unknown."""
    at = head.find(_MARK)
    if at < 0 or at + 28 > len(head):
        return 0, 0, "", 1, ""
    wide, high, _, depth, _, _ = struct.unpack_from("<6I", head, at + 4)
    kind, samples = _PIXELS.get(depth, ("", 1))
    if not (0 < wide < 2**24 and 0 < high < 2**24 and kind):
        return 0, 0, "", 1, ""
    begun = head[at + 28 : at + 32]
    packed = "deflate" if begun.startswith(b"WZL") else "JPEG (lossy)" if begun.startswith(b"\xff\xd8") else ""
    whole = compound.streams[path].size - at - 28
    if packed:
        return wide, high, kind, samples, packed
    if whole < wide * high * depth:
        raise Unusable("it is shorter than its header says")
    return wide, high, kind, samples, "none"


def _first(planes: Sequence[Tags], about: Tags, tag: int) -> object:
    """What the first plane says, else the image."""
    return next((t[tag] for t in (*planes[:1], about) if t.get(tag) is not None), None)


def _alike(planes: Sequence[Tags], about: Tags, tag: int) -> object:
    """What all planes that say it, and the image, say alike."""
    said = {t[tag] for t in (about, *planes) if t.get(tag) not in (None, "")}
    return said.pop() if len(said) == 1 else None


def _size(value: object) -> int:
    return value if isinstance(value, int) and 0 < value < 2**24 else 0


def _index(plane: Tags, tag: int) -> int:
    value = plane.get(tag, 0)
    return value if isinstance(value, int) else 0


def _by(tags: Sequence[int], planes: Sequence[Tags]) -> dict[tuple[int, ...], list[Tags]]:
    """The planes with the same numbers together."""
    found: dict[tuple[int, ...], list[Tags]] = {}
    for plane in planes:
        found.setdefault(tuple(_index(plane, tag) for tag in tags), []).append(plane)
    return found


def _scales(about: Tags, planes: Sequence[Tags], facts: Facts) -> dict[str, Length]:
    """Pixel sizes in µm."""
    found: dict[str, Length] = {}
    for axis, (factor, unit) in _SCALES.items():
        code = _first(planes, about, unit) if about.get(unit) is None else about[unit]
        value = _first(planes, about, factor) if about.get(factor) is None else about[factor]
        if code == _MICROMETRE and isinstance(value, float) and (size := pixel_size(value, "µm")):
            found[axis] = size
        elif code not in (None, _NO_UNIT, _MICROMETRE):
            facts.warnings.append(f"its scale is told in unit {code}, which is not known; it is left out")
    return found


def _image(
    planes: Sequence[Tags], about: Tags, plain: dict[str, int], kind: str, pixels: dict[str, Length], facts: Facts
) -> Image:
    """One image: how many planes along each axis, the fastest last."""
    places = [tuple(_index(p, tag) for tag in _INDICES) for p in planes]
    counts = {a: len({p[at] for p in places}) or 1 for at, a in enumerate(_INDICES.values())}
    axes = [a for a in _slowest_first(places) if counts[a] > 1]
    if len(set(places)) < len(places) or math.prod(counts.values()) != max(len(places), 1):
        facts.warnings.append("its planes are not as many as their numbers say; Z, channels and times are not told")
        axes = []
    sizes = {a: counts[a] for a in axes} | plain
    known = {a: s for a, s in pixels.items() if a in sizes}
    channels = tuple(_channels(planes or [about], about, facts)) if "C" in sizes or counts["C"] == 1 else ()
    return Image("".join(sizes), sizes, kind, known, channels=channels)


def _slowest_first(places: Sequence[tuple[int, ...]]) -> list[str]:
    """The axes by which changes last from plane to plane."""
    changed = {
        axis: next((n for n, place in enumerate(places) if place[at] != places[0][at]), len(places))
        for at, axis in enumerate(_INDICES.values())
    }
    return sorted(changed, key=lambda axis: -changed[axis])


def _channels(planes: Sequence[Tags], about: Tags, facts: Facts) -> Iterator[Channel]:
    several = _by((_CHANNEL,), planes)
    for at in sorted(several):
        own, these = facts.on(CHANNELS), several[at]
        more = about if len(several) == 1 else {}
        times = {p[_EXPOSURE] for p in these if p.get(_EXPOSURE)} or {more.get(_EXPOSURE)}
        if len(times) == 1:
            own.number("exposure_time", number(times.pop()), "ms", f"tag {_EXPOSURE}")
        names = {words(p.get(_NAME)) for p in these} - {""} or {words(more.get(_NAME))}
        facts.warnings += own.warnings
        yield Channel(names.pop() if len(names) == 1 else "", tuple(own.values))
