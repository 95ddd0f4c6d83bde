"""Like files together: same folder, format, pixel type, axes, sizes, pixel size, channels and instrument.

Values of a group are one value, or a range where they are numbers that differ; never a mean. Where words differ, the
group has none, and the files keep theirs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from rembi_sheets.harvest.model import Confidence, Group, Header, Image, Item, Status, Value
from rembi_sheets.harvest.quantities import in_angstrom
from rembi_sheets.values import ranges

Key = tuple[str, ...]


class Groups:
    """Files put together one after the other; what is kept is one sum a group, whatever the number of its files."""

    def __init__(self) -> None:
        self._sums: dict[Key, _Sum] = {}

    def add(self, item: Item) -> int | None:
        """The number of the group that a file belongs to, from 0; None for one that holds no image."""
        if item.status is not Status.READ or item.header is None or not item.header.images:
            return None
        key = _key(item, item.header)
        if (found := self._sums.get(key)) is None:
            found = self._sums[key] = _Sum(len(self._sums), item, item.header)
        found.add(item, item.header)
        return found.number

    def made(self, files: Callable[[int], Sequence[str]]) -> list[Group]:
        """The groups in the order of their first file; `files` gives the paths of a group by its number."""
        sums = list(self._sums.values())
        return [s.group(name, files(s.number)) for s, name in zip(sums, _names([s.first for s in sums]), strict=True)]


def _key(item: Item, header: Header) -> Key:
    parts = [item.path.rpartition("/")[0], item.format, header.instrument, header.compression]
    for image in header.images[:1] if _alike(header.images) else header.images:
        parts += _image(image)
    return tuple(parts)


def _alike(images: tuple[Image, ...]) -> bool:
    return len({_image(i) for i in images}) == 1


def _image(image: Image) -> Key:
    pixels = [f"{a}{_rounded(s.value, s.unit)}" for a, s in sorted(image.pixel_size.items())]
    sizes = [f"{a}{n}" for a, n in image.sizes.items()]
    return (image.pixel_type, str(image.frames), *sizes, *pixels, *(c.name for c in image.channels))


def _rounded(value: Decimal, unit: str) -> str:
    """Pixel sizes that agree in four digits are the same."""
    size = in_angstrom(value, unit)
    return f"{size:.3e}" if size is not None else ""


def _names(firsts: list[Item]) -> list[str]:
    """The folder and the format; a number behind those that are alike."""
    plain_names = []
    for first in firsts:
        folder = first.path.rpartition("/")[0].rpartition("/")[2]
        plain_names.append(f"{folder}, {first.format}" if folder else first.format)
    made, total, counts = [], Counter(plain_names), Counter[str]()
    for name in plain_names:
        counts[name] += 1
        made.append(name if total[name] == 1 else f"{name} {counts[name]}")
    return made


class _Sum:
    """One group as it grows: what all its images have alike so far, and each column's value or range so far."""

    def __init__(self, number: int, first: Item, header: Header) -> None:
        self.number, self.first, self.header = number, first, header
        self.bytes = self.images = 0
        self.image = header.images[0]
        self.key = _image(self.image)
        self.alike = True  # are all images so far those of one key?
        self.shared = self.image
        self.kept = [list(c.values) for c in self.image.channels]
        self.columns: dict[str, _Column] = {}

    def add(self, item: Item, header: Header) -> None:
        self.bytes += item.size
        self.images += len(header.images)
        for image in header.images:
            self.alike = self.alike and _image(image) == self.key
            self.shared = _shared(self.shared, image)
            for channel, kept in zip(image.channels, self.kept, strict=False):
                said = {(v.column, v.value) for v in channel.values}
                kept[:] = [v for v in kept if (v.column, v.value) in said]
        for value in header.values:
            if (column := self.columns.get(value.column)) is None:
                self.columns[value.column] = _Column(value)
            else:
                column.add(value)

    def group(self, name: str, files: Sequence[str]) -> Group:
        image = self.image if self.alike else self.shared
        channels = tuple(replace(c, values=tuple(v)) for c, v in zip(image.channels, self.kept, strict=False))
        return Group(
            name=name,
            files=files,
            bytes=self.bytes,
            format=self.first.format,
            compression=self.header.compression,
            instrument=self.header.instrument,
            image=replace(image, name="", channels=channels),
            images=self.images,
            values=tuple(v for c in self.columns.values() if (v := c.together) is not None),
        )


def _shared(one: Image, other: Image) -> Image:
    """What two images have alike: a file may hold images of several sizes, which have then none."""
    if one == other:
        return one
    sizes = {a: n for a, n in one.sizes.items() if other.sizes.get(a) == n}
    return replace(
        one,
        axes="".join(sizes),
        sizes=sizes,
        pixel_size={a: s for a, s in one.pixel_size.items() if other.pixel_size.get(a) == s},
        pixel_type=one.pixel_type if one.pixel_type == other.pixel_type else "",
        frames=one.frames if one.frames == other.frames else None,
        channels=one.channels if [c.name for c in one.channels] == [c.name for c in other.channels] else (),
    )


class _Column:
    """The values of one column as they come: one value for all, or the range; a guess among them makes it a guess."""

    def __init__(self, first: Value) -> None:
        self.first, self.guess = first, first.confidence is Confidence.GUESS
        self.differs = False
        self.range = ranges.read(first.value)

    def add(self, value: Value) -> None:
        self.guess = self.guess or value.confidence is Confidence.GUESS
        if value.value == self.first.value:
            return
        self.differs = True
        if self.range is not None:
            found = ranges.read(value.value)
            self.range = found and ranges.Range(min(self.range.low, found.low), max(self.range.high, found.high))

    @property
    def together(self) -> Value | None:
        """None where words differ."""
        if not self.differs:
            return self.first
        if self.range is None:
            return None
        sure = Confidence.GUESS if self.guess else Confidence.DERIVED
        return replace(self.first, value=self.range.text, confidence=sure)
