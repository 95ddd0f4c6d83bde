"""Like files together: same folder, format, pixel type, axes, sizes, pixel size, channels and instrument.

Folders whose names differ in numbers only (grid squares, tilt series, plates) are one series.

Values of a group are one value, or a range where they are numbers that differ; never a mean. Where words differ, the
group has none, and the files keep theirs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal

from rembi_sheets.harvest.facts import ACQUISITION
from rembi_sheets.harvest.model import Confidence, Group, Image, Item, Status, Value
from rembi_sheets.harvest.quantities import in_angstrom
from rembi_sheets.values import ranges

Key = tuple[str, ...]
_NUMBER = re.compile(r"\d+")


def series(path: str) -> str:
    """The folder of a file without its numbers."""
    return _NUMBER.sub("#", path.rpartition("/")[0])


def anywhere(_: str) -> str:
    """For files that are known to belong together, wherever they lie."""
    return ""


def grouped(items: Iterable[Item], place: Callable[[str], str] = series) -> list[Group]:
    """The groups of all files that were read, in the order of their first file.

    `place`: what the path of a file adds to what its group has alike.
    """
    found: dict[Key, list[Item]] = {}
    for item in items:
        if item.status is Status.READ and item.header is not None and item.header.images:
            found.setdefault(_key(item, place), []).append(item)
    names = _names(list(found.values()))
    return [_group(name, members) for name, members in zip(names, found.values(), strict=True)]


def _key(item: Item, place: Callable[[str], str]) -> Key:
    header = item.header
    assert header is not None
    tilted = any(v.column == f"{ACQUISITION}.tilt_angles" for v in header.values)
    parts = [
        place(item.path),
        str(_stack(header.images)) if tilted else "",
        item.format,
        header.instrument,
        header.compression,
    ]
    for image in header.images[:1] if _alike(header.images) else header.images:
        parts += _image(image)
    return tuple(parts)


def _stack(images: tuple[Image, ...]) -> int:
    """How many images there are: a stack (N) holds many."""
    return sum(i.sizes.get("N", 1) for i in images)


def _alike(images: tuple[Image, ...]) -> bool:
    return len({_image(i) for i in images}) == 1


def _image(image: Image) -> Key:
    pixels = [f"{a}{_rounded(s.value, s.unit)}" for a, s in sorted(image.pixel_size.items())]
    sizes = [a if a == "N" else f"{a}{n}" for a, n in image.sizes.items()]  # how many a stack holds is no size
    return (image.pixel_type, str(image.frames), *sizes, *pixels, *(c.name for c in image.channels))


def _rounded(value: Decimal, unit: str) -> str:
    """Pixel sizes that agree in four digits are the same."""
    size = in_angstrom(value, unit)
    return f"{size:.3e}" if size is not None else ""


def _names(groups: list[list[Item]]) -> list[str]:
    """The folder and the format; a number behind those that are alike."""
    plain_names = []
    for members in groups:
        folder = _folder(members)
        plain_names.append(f"{folder}, {members[0].format}" if folder else members[0].format)
    made, counts = [], dict.fromkeys(plain_names, 0)
    for name in plain_names:
        counts[name] += 1
        made.append(name if plain_names.count(name) == 1 else f"{name} {counts[name]}")
    return made


def _folder(members: list[Item]) -> str:
    """The name of the innermost folder; of a series of folders without its numbers."""
    folders = {i.path.rpartition("/")[0].rpartition("/")[2] for i in members}
    name = folders.pop()
    return _NUMBER.sub("", name).strip("_- ") if folders else name


def _group(name: str, members: list[Item]) -> Group:
    headers = [i.header for i in members if i.header is not None]
    columns: dict[str, list[Value]] = {}
    for header in headers:
        for value in header.values:
            columns.setdefault(value.column, []).append(value)
    values = [v for c in columns.values() if (v := _together(c)) is not None]
    image = _shared([i for h in headers for i in h.images])
    channels = tuple(
        replace(c, values=tuple(v for v in c.values if _everywhere(v, place, [i for h in headers for i in h.images])))
        for place, c in enumerate(image.channels)
    )
    return Group(
        name=name,
        files=tuple(i.path for i in members),
        bytes=sum(i.size for i in members),
        format=members[0].format,
        compression=headers[0].compression,
        instrument=headers[0].instrument,
        image=replace(image, name="", channels=channels),
        images=sum(_stack(h.images) for h in headers),
        stacks=sum(len(h.images) for h in headers),
        values=tuple(values),
    )


def _shared(images: list[Image]) -> Image:
    """What all images of a group have alike: a file may hold images of several sizes, which have then none."""
    first = images[0]
    if all(_image(i) == _image(first) and i.sizes.get("N") == first.sizes.get("N") for i in images[1:]):
        return first
    sizes = {a: n for a, n in first.sizes.items() if all(i.sizes.get(a) == n for i in images)}
    pixels = {a: s for a, s in first.pixel_size.items() if all(i.pixel_size.get(a) == s for i in images)}
    return replace(
        first,
        axes="".join(sizes),
        sizes=sizes,
        pixel_size=pixels,
        pixel_type=first.pixel_type if len({i.pixel_type for i in images}) == 1 else "",
        frames=first.frames if len({i.frames for i in images}) == 1 else None,
        channels=first.channels if len({tuple(c.name for c in i.channels) for i in images}) == 1 else (),
    )


def _everywhere(value: Value, place: int, images: list[Image]) -> bool:
    """Has this channel the same value in all files?"""
    return all(
        any(v.column == value.column and v.value == value.value for v in i.channels[place].values)
        for i in images
        if place < len(i.channels)
    )


def _together(values: list[Value]) -> Value | None:
    """One value for all, or the range; None where words differ. A guess among them makes it a guess."""
    texts = {v.value for v in values}
    if len(texts) == 1:
        return values[0]
    read = [ranges.read(v.value) for v in values]
    ends = [end for r in read if r is not None for end in (r.low, r.high)]
    if len(ends) < 2 * len(read):
        return None
    sure = Confidence.GUESS if any(v.confidence is Confidence.GUESS for v in values) else Confidence.DERIVED
    return replace(values[0], value=ranges.Range(min(ends), max(ends)).text, confidence=sure)
