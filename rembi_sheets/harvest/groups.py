"""Like files together: same folder, format, pixel type, axes, sizes, pixel size, channels and instrument.

Files that are planes of one image by their names count as one, with its channels (planes).

Folders whose names differ in numbers only (grid squares, tilt series, plates) are one series.

Values of a group are one value, or a range where they are numbers that differ; never a mean. Where words differ, the
group has none, and the files keep theirs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from itertools import chain

from rembi_sheets.harvest.companions import is_reference
from rembi_sheets.harvest.facts import ACQUISITION
from rembi_sheets.harvest.model import Channel, Confidence, Group, Header, Image, Item, Plane, Status, Value
from rembi_sheets.harvest.naming import Called, Home, names
from rembi_sheets.harvest.planes import Spread, plane_of, spread
from rembi_sheets.harvest.quantities import in_angstrom
from rembi_sheets.values import ranges

Key = tuple[str, ...]
_TILT = f"{ACQUISITION}.tilt_angles"
_REFERENCE = ", reference of the camera"
_LOOKS = 256  # kinds of images that are kept as they were looked at
_COUNTED = re.compile(r"(?<![^/])[a-p]{1,2}\d{1,2}(?=-Site_|/|$)|\d+", re.IGNORECASE)  # a folder a well is one, too


def series(path: str) -> str:
    """The folder of a file without its numbers and wells; letters are the same however a system writes them."""
    return _uncounted(path.rpartition("/")[0])


@lru_cache(4096)
def _uncounted(folder: str) -> str:
    return _COUNTED.sub("#", unicodedata.normalize("NFC", folder))


def anywhere(_: str) -> str:
    """For files that are known to belong together, wherever they lie."""
    return ""


def grouped(items: Iterable[Item], place: Callable[[str], str] = series) -> list[Group]:
    """The groups of some files with the paths of each, in the order of their first file. `place`: as in `Groups`."""
    gathered = Gathered(place)
    for item in items:
        gathered.add(item)
    return gathered.groups()


class Gathered:
    """Groups as they grow, with the paths of each: of the files themselves nothing else is kept."""

    def __init__(self, place: Callable[[str], str] = series) -> None:
        """`place`: as in `Groups`."""
        self._groups, self._paths = Groups(place), dict[int, list[str]]()

    def add(self, item: Item) -> None:
        """One file more."""
        if (number := self._groups.add(item)) is not None:
            self._paths.setdefault(number, []).append(item.path)

    def groups(self) -> list[Group]:
        """Those that there are so far."""
        return self._groups.made(self._paths.__getitem__)


class Groups:
    """Files put together one after the other; what is kept is one sum a group, whatever the number of its files."""

    def __init__(self, place: Callable[[str], str] = series) -> None:
        """`place`: what the path of a file adds to what its group has alike."""
        self._place = place
        self._sums: dict[Key, _Sum] = {}
        self._numbered: list[_Sum] = []
        self._looks: dict[tuple[int, bool], tuple[tuple[Image, ...], Key]] = {}

    def add(self, item: Item) -> int | None:
        """The number of the group that a file belongs to, from 0; None for one that holds no image."""
        if item.status is not Status.READ or item.header is None or not item.header.images:
            return None
        plane = item.header.plane
        if plane is None and len(item.header.images) == 1:
            plane = plane_of(item.path, item.header.images[0])
        key = self._key(item, item.header, plane)
        if (found := self._sums.get(key)) is None:
            found = self._sums[key] = _Sum(len(self._sums), item, item.header)
            self._numbered.append(found)
        found.add(item, item.header, plane)
        return found.number

    def again(self, number: int, item: Item, files: int, size: int) -> None:
        """As many files more, of so many bytes together, that say and are called as one that was added to a group."""
        assert item.header is not None
        self._numbered[number].again(item.header, files, size)

    def _key(self, item: Item, header: Header, plane: Plane | None) -> Key:
        tilted = any(v.column == _TILT for v in header.values)
        views = str(_stack(header.images)) if tilted else ""
        kind = item.format + _REFERENCE * is_reference(item)
        about = (self._place(item.path), views, kind, header.instrument, header.compression)
        part = _part(plane) if plane else ("",)
        return (*about, *part, *self._look(header.images, plane is None))

    def _look(self, images: tuple[Image, ...], named: bool) -> Key:
        """What images look like. Files that say the same share their images (coding.py), which are looked at once."""
        if (known := self._looks.get((id(images), named))) is not None:
            return known[1]
        keys = [_image(image, named) for image in images]
        key = keys[0] if len(set(keys)) == 1 else tuple(chain.from_iterable(keys))
        if len(self._looks) >= _LOOKS:
            self._looks.clear()
        self._looks[id(images), named] = images, key
        return key

    def made(self, files: Callable[[int], Sequence[str]]) -> list[Group]:
        """The groups in the order of their first file; `files` gives the paths of a group by its number."""
        sums = self._numbered
        return [s.group(name, files(s.number)) for s, name in zip(sums, names([_called(s) for s in sums]), strict=True)]


def _part(plane: Plane) -> Key:
    """The image that a plane is part of, as far as it is known beside its name."""
    return plane.axes, *(_image(plane.whole) if plane.whole else ())


def _stack(images: tuple[Image, ...]) -> int:
    """How many images there are: a stack (N) holds many."""
    return sum(i.sizes.get("N", 1) for i in images)


def _image(image: Image, named: bool = True) -> Key:
    """What an image looks like; `named`: with its channels (those of a plane differ from file to file)."""
    pixels = [f"{a}{_rounded(s.value, s.unit)}" for a, s in sorted(image.pixel_size.items())]
    sizes = [a if a == "N" else f"{a}{n}" for a, n in image.sizes.items()]  # how many a stack holds is no size
    return (image.pixel_type, str(image.frames), *sizes, *pixels, *(c.name for c in image.channels if named))


def _rounded(value: Decimal, unit: str) -> str:
    """Pixel sizes that agree in four digits are the same."""
    size = in_angstrom(value, unit)
    return f"{size:.3e}" if size is not None else ""


def _called(one: _Sum) -> Called:
    kind = one.first.format + _REFERENCE * is_reference(one.first)
    return Called(one.home.folders, kind, one.first.path.rpartition("/")[2] if one.files == 1 else "")


class _Sum:
    """One group as it grows: what all its images have alike so far, and each column's value or range so far."""

    def __init__(self, number: int, first: Item, header: Header) -> None:
        self.number, self.first, self.header = number, first, header
        self.bytes = self.files = self.images = self.stacks = 0
        self.image = header.images[0]
        self.key = _image(self.image)
        self.alike = True  # are all images so far those of one key?
        self.home = Home(first.path)
        self.seen: tuple[Image, ...] = ()  # the images that were looked at last
        self.shared = self.image
        self.kept = [list(c.values) for c in self.image.channels]
        self.columns: dict[str, _Column] = {}
        self.spread, self.colours = Spread(), dict[str, Channel]()
        self.whole: Image | None = None

    def add(self, item: Item, header: Header, plane: Plane | None) -> None:
        self.spread.add(plane)
        self.whole = plane.whole if plane else None
        if plane is not None and len(header.images[0].channels) == 1:
            self.colours.setdefault(dict(plane.place).get("C", ""), header.images[0].channels[0])
        self.bytes += item.size
        self.images += _stack(header.images)
        self.stacks += len(header.images)
        self.files += 1
        self.home.add(item.path)
        if header.images is not self.seen:
            self.seen = header.images
            self._compare(header.images)
        for value in header.values:
            if (column := self.columns.get(value.column)) is None:
                self.columns[value.column] = _Column(value)
            else:
                column.add(value)

    def again(self, header: Header, files: int, size: int) -> None:
        """All but numbers of files that say the same is as it was after the first of them, which told no plane."""
        self.bytes += size
        self.files += files
        self.images += files * _stack(header.images)
        self.stacks += files * len(header.images)

    def _compare(self, images: tuple[Image, ...]) -> None:
        for image in images:
            many = image.sizes.get("N") == self.image.sizes.get("N")
            self.alike = self.alike and many and _image(image) == self.key
            self.shared = _shared(self.shared, image)
            for channel, kept in zip(image.channels, self.kept, strict=False):
                said = {(v.column, v.value) for v in channel.values}
                kept[:] = [v for v in kept if (v.column, v.value) in said]

    def group(self, name: str, files: Sequence[str]) -> Group:
        image = self.image if self.alike else self.shared
        channels = tuple(replace(c, values=tuple(v)) for c, v in zip(image.channels, self.kept, strict=False))
        images = self.images
        if made := self.spread.images():
            images, image = made[0], spread(image, made[1], self.whole)
            several = [self.colours[place] for place in sorted(self.colours)]
            channels = tuple(several) if len(several) == made[1].get("C", 1) else ()
        return Group(
            name=name,
            files=files,
            bytes=self.bytes,
            format=self.first.format,
            compression=self.header.compression,
            instrument=self.header.instrument,
            image=replace(image, name="", channels=channels),
            images=images,
            stacks=self.stacks,
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
