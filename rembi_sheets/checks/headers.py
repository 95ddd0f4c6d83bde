"""What was typed against what the headers of the files say: Image data, and the numbers of Image acquisition.

The files of a row are those that Files, or its folder, gives to it. Where some of them are of another size, the row is
compared with the most. A number that says the same as the header's, rounded or in another unit, is confirmed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from rembi_sheets import units, vocabularies
from rembi_sheets.belonging import Belonging
from rembi_sheets.findings import Finding, find
from rembi_sheets.harvest import columns
from rembi_sheets.harvest.facts import ACQUISITION
from rembi_sheets.harvest.groups import anywhere, grouped
from rembi_sheets.harvest.model import Group, Item, Status
from rembi_sheets.records import ImageData
from rembi_sheets.schema import Column, Kind
from rembi_sheets.submission import Submission, fold
from rembi_sheets.values import ranges, to_cell
from rembi_sheets.values.ranges import plain

_SIZES = {"X": "size_x", "Y": "size_y", "Z": "size_z", "C": "size_c", "T": "size_t"}
_CLOSE = Decimal("0.005")  # so much of a number may be lost where somebody rounds it
_FACTORS = (2, 4, 8)  # of binning, and of super-resolution
_WORDS = ("file_format", "compression", "pixel_type")


@dataclass
class Compared:
    """What contradicts, and how many cells agree with the headers."""

    findings: list[Finding] = field(default_factory=list)
    confirmed: int = 0


def check(sub: Submission, items: Collection[Item]) -> Compared:
    """Compare each row of Image data, and the acquisition it names, with the headers of its files."""
    made = Compared()
    owners = Belonging(sub.tables).owners(i.path for i in items)
    by_owner: dict[str, list[Item]] = {}
    for item in items:
        if name := owners.get(item.path, ""):
            by_owner.setdefault(fold(name), []).append(item)
    told: set[tuple[object, str]] = set()
    for image in sub.image_data:
        mine = by_owner.get(fold(image.name), [])
        made.findings += _unread(sub, image, mine)
        groups = sorted(grouped(mine, anywhere), key=lambda g: -len(g.files))
        if not groups:
            continue
        one = _Row(sub, image, groups[0])
        made.findings += [*_other_sizes(sub, image, groups), *_other_pixels(sub, image, groups), *one.findings()]
        if len(groups) == 1 and not any(i.status is Status.UNREAD for i in mine):
            made.findings += one.count()
        made.findings += one.acquisition(told)
        made.confirmed += one.confirmed
    return made


def _unread(sub: Submission, image: ImageData, items: Sequence[Item]) -> Iterator[Finding]:
    """Files of a row that are not compared: a library is not installed, or they are damaged."""
    place = sub.place(image, "name")
    for what, n in Counter(i.lacking for i in items if i.lacking).items():
        formats, _, command = what.partition(": ")
        yield find("HEADER-UNREAD", place, value=image.name, n=n, formats=formats, command=command)
    damaged = [i for i in items if i.status is Status.FAILED]
    if damaged:
        why = damaged[0].notes[0] if damaged[0].notes else ""
        yield find("HEADER-DAMAGED", place, value=image.name, n=len(damaged), file=damaged[0].path, why=why)


def _other_sizes(sub: Submission, image: ImageData, groups: Sequence[Group]) -> Iterator[Finding]:
    """Files whose images are larger or smaller than those of most files of the row."""
    sizes = [tuple(g.image.sizes.get(a) for a in "XY") for g in groups]
    odd = [g for g, size in zip(groups, sizes, strict=True) if size != sizes[0] and None not in size]
    if odd and None not in sizes[0]:
        n = sum(len(g.files) for g in odd)
        size = " × ".join(str(odd[0].image.sizes[a]) for a in "XY")
        usual = " × ".join(str(groups[0].image.sizes[a]) for a in "XY")
        place = sub.place(image, "name")
        yield find("HEADER-OTHER-SIZE", place, value=image.name, n=n, file=odd[0].files[0], size=size, usual=usual)


def _other_pixels(sub: Submission, image: ImageData, groups: Sequence[Group]) -> Iterator[Finding]:
    """Files whose pixels are larger or smaller than those of most files of the row, at the first cell that says it."""
    first = groups[0].image
    for axis, usual in first.pixel_size.items():
        name = f"pixel_size_{axis.lower()}"
        if getattr(image, name, None) is None:
            continue
        told = [(g, units.convert(s.value, s.unit, usual.unit)) for g in groups if (s := g.image.pixel_size.get(axis))]
        odd = [(g, size) for g, size in told if size is not None and not _close(size, usual.value)]
        if odd:
            n = sum(len(g.files) for g, _ in odd)
            size, most = (f"{plain(value)} {usual.unit}" for value in (odd[0][1], usual.value))
            shown: dict[str, Any] = {"image": image.name, "n": n, "size": size, "usual": most}
            yield find("HEADER-OTHER-PIXEL", sub.place(image, name), file=odd[0][0].files[0], **shown)
            return


class _Row:
    """One row of Image data beside the group of its files."""

    def __init__(self, sub: Submission, image: ImageData, group: Group) -> None:
        self.sub, self.image, self.group = sub, image, group
        self.said = columns.image_data(group)
        self.confirmed = 0

    def _find(self, code: str, name: str, **fields: Any) -> Finding:
        shown = {"image": self.image.name, "file": self.group.files[0]} | fields
        return find(code, self.sub.place(self.image, name), **shown)

    def findings(self) -> Iterator[Finding]:
        """Sizes, frames, pixel sizes and words."""
        yield from self._extents()
        yield from self._pixels()
        for name in _WORDS:
            typed, told = getattr(self.image, name), self.said.get(name, "")
            words = self.sub.tables[self.image.SHEET].sheet[name].list
            if typed and told and (word := vocabularies.listed(typed, words)):
                if fold(word) == fold(vocabularies.listed(told, words) or told):
                    self.confirmed += 1
                else:
                    yield self._find("HEADER-DIFFERS", name, value=typed, told=told)

    def count(self) -> Iterator[Finding]:
        """The number of images, where every file of the row was read."""
        typed, told = self.image.image_count, int(self.said["image_count"])
        if typed == told:
            self.confirmed += 1
        elif typed is not None:
            yield self._find("HEADER-DIFFERS", "image_count", value=typed, told=told)

    def _extents(self) -> Iterator[Finding]:
        image, sizes = self.image, self.group.image.sizes
        typed = {axis: getattr(image, name) for axis, name in _SIZES.items() if getattr(image, name) is not None}
        wide, high = sizes.get("X"), sizes.get("Y")
        swapped = wide != high and (typed.get("X"), typed.get("Y")) == (high, wide) and wide is not None
        if swapped:
            table = self.sub.tables[image.SHEET]
            places = [table.place(image.row or 0, _SIZES[a]) for a in "XY"]
            size = f"{wide} × {high}"
            yield find("HEADER-SWAPPED", places, image=image.name, file=self.group.files[0], size=size)
        for axis, value in typed.items():
            told = sizes.get(axis, 1 if axis in "ZCT" else None)
            if told is None or (swapped and axis in "XY"):
                continue
            if value == told:
                self.confirmed += 1
                continue
            yield self._extent(axis, value, told)
        yield from self._frames()

    def _extent(self, axis: str, value: int, told: int) -> Finding:
        """A size that is none of the image: what was counted in its place decides the remedy."""
        image = self.group.image
        name, channels = _SIZES[axis], image.sizes.get("C", 1)
        if axis in "ZT" and (image.frames or 1) > 1 and value == image.frames:
            return self._find("HEADER-FRAMES", name, value=value, told=told)
        if axis == "Z" and channels > 1 and value in (channels, channels * told):
            return self._find("HEADER-CHANNELS", name, value=value, told=told, channels=channels)
        return self._find("HEADER-DIFFERS", name, value=value, told=told)

    def _frames(self) -> Iterator[Finding]:
        for name in ("frames_per_image", "tilts_views"):
            typed, told = getattr(self.image, name), int(self.said.get(name, 0))
            if typed is None or not told:
                continue
            if typed == told:
                self.confirmed += 1
            else:
                yield self._find("HEADER-DIFFERS", name, value=typed, told=told)

    def _pixels(self) -> Iterator[Finding]:
        unit = self.image.pixel_size_unit
        for axis, stored in self.group.image.pixel_size.items():
            name = f"pixel_size_{axis.lower()}"
            typed: Decimal | None = getattr(self.image, name, None)
            told = units.convert(stored.value, stored.unit, unit) if unit else None
            if typed is None or told is None or not typed or not told:
                continue
            if _close(typed, told):
                self.confirmed += 1
                continue
            right = f"{plain(stored.value)} {stored.unit}"
            given = f"{plain(typed)} {unit}"
            yield self._find(_kind(typed, told), name, value=given, told=right)

    def acquisition(self, told: set[tuple[object, str]]) -> Iterator[Finding]:
        """Numbers and words of lists of the acquisition that the row names. `told`: cells that were compared."""
        record = self.image.image_acquisition
        if record is None or record.row is None:
            return
        table = self.sub.tables[ACQUISITION]
        for name, said in columns.image_acquisition(self.group).items():
            column = table.sheet[name]
            if name not in table.names or (record.row, name) in told:
                continue
            both = _both(column, str(to_cell(table.value(record.row, name)) or ""), said)
            if both is None:
                continue
            told.add((record.row, name))
            if both.agree:
                self.confirmed += 1
            else:
                shown: dict[str, Any] = {"value": both.typed, "told": both.told, "image": record.name}
                yield find("HEADER-DIFFERS", self.sub.place(record, name), file=self.group.files[0], **shown)


@dataclass(frozen=True, slots=True)
class _Both:
    """What was typed and what a header says, each as it is shown."""

    typed: str
    told: str
    agree: bool


def _both(column: Column, typed: str, said: str) -> _Both | None:
    """A number or a word of a list beside the header's; None for what cannot be compared (own words)."""
    if column.kind in (Kind.RANGE, Kind.NUMBER, Kind.INTEGER):
        mine, theirs = ranges.read(typed, column.unit), ranges.read(said, column.unit)
        if mine is None or theirs is None:
            return None
        return _Both(mine.text, f"{theirs.text} {column.unit}".rstrip(), _within(mine, theirs))
    if column.kind is not Kind.CHOICE or column.many:
        return None
    word, other = (vocabularies.listed(text, column.list) for text in (typed, said))
    # oil and silicone oil, two names of a microscope: a word in common is enough
    return _Both(word, other, not set(word.split()).isdisjoint(other.split())) if word and other else None


def _kind(typed: Decimal, told: Decimal) -> str:
    """Why a pixel size may differ: its unit, binning, or something else."""
    ratio = typed / told
    for power in range(-10, 11):
        if power and _close(ratio, Decimal(10) ** power):
            return "HEADER-UNIT"
    if any(_close(ratio, Decimal(f)) or _close(ratio * f, Decimal(1)) for f in _FACTORS):
        return "HEADER-BINNED"
    return "HEADER-DIFFERS"


def _close(one: Decimal, other: Decimal) -> bool:
    """Do two numbers say the same, the first perhaps rounded by a person?"""
    if abs(one - other) <= abs(other) * _CLOSE:
        return True
    exponent = one.normalize().as_tuple().exponent
    digits = len(one.normalize().as_tuple().digits)
    return isinstance(exponent, int) and digits > 1 and abs(one - other) <= Decimal(5).scaleb(exponent - 1)


def _within(typed: ranges.Range, stored: ranges.Range) -> bool:
    """Does a range that was typed hold what the headers say?"""
    low, high = typed.low, typed.high
    return all(low <= end <= high or _close(low, end) or _close(high, end) for end in (stored.low, stored.high))
