"""What a header says, as plain frozen data. Numbers are texts or Decimal with all their digits, never float.

A value that no file states is absent: there are no defaults here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class Confidence(StrEnum):
    """How sure a value is: it stands there, it follows from what stands there, or a person has to say."""

    READ = "read"
    DERIVED = "derived"
    GUESS = "guess"


class Status(StrEnum):
    """What became of a file. A companion describes an image beside it and is none; waiting: not looked at yet."""

    READ = "read"
    UNREAD = "unread"
    FAILED = "failed"
    COMPANION = "companion"
    WAITING = "waiting"


class Unusable(Exception):  # noqa: N818 - it is the file that is, not the program that errs
    """A file that is not what it seems, is cut off, or says what cannot be; the text is for the user."""


@dataclass(frozen=True, slots=True)
class Length:
    """A length in one of the units of the list `length_unit`."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Value:
    """One value for a column: `column` is sheet.column by machine names, `value` is in the unit of that column.

    `key` is where it stands in the header, `file` the path below the folder, `reader` the module that read it.
    """

    column: str
    value: str
    unit: str
    key: str
    file: str
    reader: str
    confidence: Confidence = Confidence.READ


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel: its name as stored ('' for none), and what is known of it."""

    name: str = ""
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Image:
    """One image of a file. `axes`: letters, slowest first; `sizes`: number of pixels, planes ... along each.

    `frames`: frames of one movie, where the file is one. `pixel_type`: as in the list `pixel_type`, '' unknown.
    """

    axes: str
    sizes: Mapping[str, int]
    pixel_type: str = ""
    pixel_size: Mapping[str, Length] = field(default_factory=dict)
    name: str = ""
    frames: int | None = None
    channels: tuple[Channel, ...] = ()


class Plane(NamedTuple):
    """A file that holds one plane of an image: `image` is what the files of one image have alike (and others do not).

    `place`: axis and number (or name) along each; `whole`: the image, where something says what it is like.
    """

    image: str
    place: tuple[tuple[str, str], ...]
    whole: Image | None = None

    @property
    def axes(self) -> str:
        """The axes that tell the planes of an image apart."""
        return "".join(axis for axis, _ in self.place)


@dataclass(frozen=True, slots=True)
class Header:
    """What one file says of its images, or, as a companion, of those beside it.

    `format`: a label of the list `file_format`, or the plain name of what it is. `compression`: as the header calls it.
    `instrument`: serial number or id, by which a group finds its microscope. `links`: names of files that it is about.
    `plate`: the plate that the file holds, with the `wells` in which its images were taken, as A1; '' and () for none.
    `linked_wells`: the same of the files that it is about: name in small letters -> wells; `linked_channels`: which
    channel each of them shows; `linked_places`: for each plane of the one image that it describes the place of the file
    along the axes of that image other than X, Y and S, from 0 (() for a file that is no single plane of it). The first
    file of an OME-TIFF of many files has them, too, as if it were a companion of all of them.
    `links` may have the way to the file before its name (../a.tif). `plane`: the plane that this file is, by such a
    companion; that is found out when all files are read, and not kept with the header.
    """

    format: str
    images: tuple[Image, ...] = ()
    values: tuple[Value, ...] = ()
    warnings: tuple[str, ...] = ()
    compression: str = ""
    instrument: str = ""
    acquired: str = ""
    links: tuple[str, ...] = ()
    companion: bool = False
    plate: str = ""
    wells: tuple[str, ...] = ()
    linked_wells: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    linked_channels: Mapping[str, Channel] = field(default_factory=dict)
    linked_places: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    plane: Plane | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A file (or a folder that is one thing) of the harvested folder, and what became of it.

    `checksum`: 'sha256:...', where it was asked for. `reader`: the name of the reader that it is for, '' for none.
    """

    path: str
    size: int
    status: Status
    format: str = ""
    header: Header | None = None
    notes: tuple[str, ...] = ()
    checksum: str = ""
    reader: str = ""

    @property
    def lacking(self) -> str:
        """'formats: command that installs what reads them', where a library is not installed; else ''."""
        return self.notes[0] if self.status is Status.UNREAD and self.notes else ""


@dataclass(frozen=True, slots=True)
class Group:
    """Like files: every one has these sizes; where values differ, `values` hold the range.

    `images`: all of them; `stacks`: the same with a stack of single images (N) as one.
    `files`: their paths, which a large harvest leaves in its store.
    """

    name: str
    files: Sequence[str]
    bytes: int
    format: str
    compression: str
    instrument: str
    image: Image
    images: int
    stacks: int
    values: tuple[Value, ...]
