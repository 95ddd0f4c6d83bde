"""Names of groups of files that people understand: the folder and the format, and more only where these are not enough.

Of a series of folders (plates, squares, days) what all have alike is its name: day_1 and day_2 are day, 2024-05-01 and
2024-05-02 are 2024-05. Of two groups that would be called alike, the folders above tell which is which.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_NUMBER = re.compile(r"(\d+)")
_GAPS = re.compile(r"([_\- ])[_\- ]+")


@dataclass(frozen=True, slots=True)
class Called:
    """What a group can be called by: the folders of its files, the format, and its file where it has only one."""

    folders: tuple[str, ...]
    kind: str
    file: str = ""


class Home:
    """The folders of some files, of which one part after the other is what all have alike."""

    __slots__ = ("_last", "_parts")

    def __init__(self, path: str) -> None:
        """`path`: of the first file, with / between folders."""
        self._last = folder(path)
        self._parts = [_Part(p) for p in self._last.split("/")]

    def add(self, path: str) -> None:
        """One file more."""
        if (other := folder(path)) != self._last:
            self._last = other
            parts = other.split("/")
            del self._parts[len(parts) :]
            for part, name in zip(self._parts, parts, strict=False):
                part.meet(name)

    @property
    def folders(self) -> tuple[str, ...]:
        """The names of those that have one, the innermost last."""
        return tuple(filter(None, (p.name for p in self._parts)))


class _Part:
    """The name of a folder of a series: words, and between them the numbers that are the same in all."""

    __slots__ = ("_first", "_pieces")

    def __init__(self, name: str) -> None:
        self._first, self._pieces = name, _NUMBER.split(name)

    def meet(self, name: str) -> None:
        if name == self._first:
            return
        others = _NUMBER.split(name)
        if others[::2] != self._pieces[::2]:  # wells, whose letters differ, too
            self._pieces = [""]
        else:
            self._pieces = [p if p == o else "" for p, o in zip(self._pieces, others, strict=True)]

    @property
    def name(self) -> str:
        made = "".join(self._pieces)
        return made if made == self._first else _GAPS.sub(r"\1", made).strip("_- ")


def called(paths: Sequence[str], kind: str) -> Called:
    """What some files, at least one, can be called by."""
    home = Home(paths[0])
    for path in paths:
        home.add(path)
    return Called(home.folders, kind, paths[0].rpartition("/")[2] if len(paths) == 1 else "")


def folder(path: str) -> str:
    """The folder of a file; letters are the same however a system writes them."""
    return unicodedata.normalize("NFC", path.rpartition("/")[0])


def names(groups: Sequence[Called]) -> list[str]:
    """A name for each group, no two alike: folder and format; the folders above; its one file; a number at last."""
    depths = _deep_enough(groups)
    made = [", ".join(filter(None, ("/".join(g.folders[-d:]), g.kind))) for g, d in zip(groups, depths, strict=True)]
    plain, files = Counter(map(str.casefold, made)), Counter(g.file.casefold() for g in groups)
    for n, group in enumerate(groups):
        own = group.file.casefold()
        if own and files[own] == 1 and own not in plain and (plain[made[n].casefold()] > 1 or not group.folders):
            made[n] = unicodedata.normalize("NFC", group.file)
    total, counts = Counter(map(str.casefold, made)), Counter[str]()
    for n, name in enumerate(made):
        while total[made[n].casefold()] > 1 or (made[n] != name and made[n].casefold() in total):
            counts[name.casefold()] += 1
            made[n] = f"{name} {counts[name.casefold()]}"
    return made


def _deep_enough(groups: Sequence[Called]) -> list[int]:
    """How many folders of each are told, so that groups of other folders are called otherwise."""
    depths = [1] * len(groups)
    while True:
        alike: dict[tuple[str, ...], list[int]] = {}
        for n, (group, depth) in enumerate(zip(groups, depths, strict=True)):
            alike.setdefault(tuple(p.casefold() for p in (*group.folders[-depth:], "", group.kind)), []).append(n)
        deeper = [
            n
            for those in alike.values()
            if len({groups[t].folders for t in those}) > 1
            for n in those
            if depths[n] < len(groups[n].folders)
        ]
        if not deeper:
            return depths
        for n in deeper:
            depths[n] += 1
