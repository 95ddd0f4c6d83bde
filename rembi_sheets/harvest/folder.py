"""A folder, harvested: walk, read, join companions, group. The engines for large folders stand beside this way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rembi_sheets.harvest.companions import join
from rembi_sheets.harvest.groups import grouped
from rembi_sheets.harvest.model import Group, Item, Status
from rembi_sheets.harvest.sniff import look
from rembi_sheets.harvest.walk import walk


@dataclass(frozen=True)
class Harvest:
    """All files of a folder in the order of their paths, the groups, and what to install to read more."""

    folder: str
    items: tuple[Item, ...]
    groups: tuple[Group, ...]

    @property
    def counts(self) -> Counter[Status]:
        """How many files have which state."""
        return Counter(i.status for i in self.items)

    @property
    def lacking(self) -> dict[str, int]:
        """What is not read for want of a library: 'formats: command' -> number of files."""
        return dict(Counter(note for i in self.items if i.status is Status.UNREAD for note in i.notes))


def harvest(folder: Path, seen: Callable[[int], None] = lambda _: None) -> Harvest:
    """What the headers below a folder say. `seen` is told the number of files after each.

    Raises OSError when the folder cannot be read.
    """
    items = []
    for found in walk(folder):
        items.append(look(folder / found.path, found.path, found.size))
        seen(len(items))
    joined = join(items)
    return Harvest(folder.absolute().name, tuple(joined), tuple(grouped(joined)))
