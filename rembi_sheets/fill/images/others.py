"""Files that are no images of the study: gain references, logs beside images, and what cannot be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from rembi_sheets.fill.model import Unplaced
from rembi_sheets.harvest.companions import is_preview, is_reference
from rembi_sheets.harvest.folder import Harvest
from rembi_sheets.harvest.model import Item, Status

REMEDY = "list it in Files with its study component"


@dataclass
class Left:
    """The files beside images: path and kind of the first of them, and how many there are of each kind."""

    files: list[tuple[str, str]] = field(default_factory=list)
    whys: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    shown: dict[str, str] = field(default_factory=dict)

    def add(self, item: Item, most: int) -> None:
        """One file more; of more than `most` one is kept beyond it, which tells that they are too many.

        What cannot be read may be an image: it is counted by the reason, and not listed. `shown`: the first of each.
        """
        if item.status is Status.FAILED:
            for note in item.notes:
                self.failed[note] += 1
                self.shown.setdefault(note, item.path)
            return
        why = reason(item)
        self.shown.setdefault(why, item.path)
        self.whys[why] += 1
        if len(self.files) <= most:
            self.files.append((item.path, why))


def is_other(item: Item) -> bool:
    """Does it belong to the study beside its images? Previews do not, nor images whose library is not installed."""
    if item.status is Status.READ:
        return is_reference(item)
    return not (item.lacking or (item.status is Status.COMPANION and is_preview(item)))


def reason(item: Item) -> str:
    """What kind of file it is, in words."""
    if is_reference(item):
        return "reference of the camera, by its name"
    return f"{item.format}, beside images" if item.status is Status.COMPANION else "not read as an image"


def counted(number: int) -> str:
    """1 file, 2 files."""
    return "1 file" if number == 1 else f"{number} files"


def unread(harvest: Harvest, left: Left) -> Iterator[Unplaced]:
    """Images that are lacking from all that is said: damaged, linked, or of a library that is not installed."""
    for what, number in harvest.lacking.items():
        formats, _, command = what.partition(": ")
        yield Unplaced(harvest.folder, "", counted(number), f"{formats} not read; to read them: {command}")
    for why, number in left.failed.items():
        yield Unplaced(harvest.folder, left.shown[why], counted(number), why)
    for why, (number, paths) in harvest.passed.items():
        yield Unplaced(harvest.folder, paths[0], counted(number), why)
