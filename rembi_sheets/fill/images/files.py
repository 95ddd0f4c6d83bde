"""Rows of Files for a set of images, and the folder or pattern that names many of them at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from rembi_sheets.fill.model import Confidence, Proposal
from rembi_sheets.harvest.screens import Spot
from rembi_sheets.values import clean

FILES = "files"
MOST_FILES = 10_000  # that are listed one by one; more are named by their folder or pattern
MOST_ROWS = 200_000  # of files among more than these that no pattern can tell, as those with wells
TOO_MANY = (
    "its files are too many to be listed, and no folder or pattern is theirs alone; move them into a folder of their"
    " own, or list all files in a table beside the workbook, whose name ends in .files.tsv instead of .xlsx"
)


def of_set(
    name: str, paths: Sequence[str], places: Mapping[str, Sequence[Spot]], source: str, where: str, sure: Confidence
) -> Iterator[Proposal]:
    """A row for each path (for each of its `places` on plates), with the name of its Image data.

    `where` and `sure`: what says that the files belong to it, and how surely; of a guess all is one.
    """
    for path in paths:
        for spot in places.get(path, (None,)):
            key = (path, spot.plate, spot.well, "") if spot else (path, "", "", "")
            yield Proposal(FILES, key, "image_data", name, source, where, sure)
            for column, value in (("plate", spot.plate), ("well", spot.well)) if spot else ():
                says, surely = _why(spot)
                yield Proposal(FILES, key, column, value, source, says, sure if sure is Confidence.GUESS else surely)


def of_component(component: str, path: str, source: str, where: str) -> Proposal:
    """A row for a file that is no image of the study and belongs to its component."""
    key = (path, "", "", "")
    return Proposal(FILES, key, "study_component", component, source, where, Confidence.DERIVED)


def _why(spot: Spot | None) -> tuple[str, Confidence]:
    """Where a plate and well were read, and how sure they are."""
    if spot is None or not spot.system:
        return "its header", Confidence.READ
    return f"its name, as {spot.system} has it", Confidence.DERIVED


def free(name: str, taken: set[str]) -> str:
    """A name that is not taken yet: with a number behind it where it is."""
    number, made = 2, name
    while made in taken:
        made, number = f"{name} {number}", number + 1
    return made


class Endings:
    """How many files lie below each folder ('' is the data folder), of each ending and of all.

    What is kept of the files are the folders and their endings.
    """

    def __init__(self, paths: Iterable[str] = ()) -> None:
        """`paths`: of files; more of them may be added, all before the first question."""
        self._direct = Counter[tuple[str, str]]()
        for path in paths:
            self.add(path)

    def add(self, path: str) -> None:
        """One file more."""
        folder, _, name = clean(path).rpartition("/")
        self._direct[folder, _ending(name)] += 1

    @cached_property
    def _below(self) -> Counter[tuple[str, str | None]]:
        """(folder, ending) -> files below it; ending None for all."""
        out = Counter[tuple[str, str | None]]()
        for (folder, ending), number in self._direct.items():
            for above in _upwards(folder):
                out[above, ending] += number
                out[above, None] += number
        return out

    def pattern(self, paths: Sequence[str]) -> str:
        """The folder that holds these files and no others, else the files of one ending in it; '' where neither is."""
        folder, endings = _common(paths), {_ending(p.rpartition("/")[2]) for p in paths}
        ending = endings.pop() if len(endings) == 1 else ""
        if "*" in folder + ending:  # which would stand for any text
            return ""
        at, number = clean(folder), len(set(paths))
        if folder and self._below[at, None] == number:
            return f"{folder}/"
        if ending and self._below[at, clean(ending)] == number:
            return f"{folder}/*.{ending}" if folder else f"*.{ending}"
        return ""


def _ending(name: str) -> str:
    """What stands behind the last point of a name; '' without one."""
    return name.rpartition(".")[2] if "." in name else ""


def _upwards(folder: str) -> Iterator[str]:
    """A folder and those that it lies in, to the data folder."""
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]
    yield ""


def _common(paths: Sequence[str]) -> str:
    parts = [p.split("/")[:-1] for p in (min(paths), max(paths))]
    out = []
    for one, other in zip(*parts, strict=False):
        if one != other:
            break
        out.append(one)
    return "/".join(out)


class Way(NamedTuple):
    """How the files of a set are named where there are many: listed, by a pattern, as they are, or `why` not at all."""

    listed: bool = False
    pattern: str = ""
    why: str = ""


class Rows:
    """The rows of Files that are left for files which no folder or pattern names."""

    def __init__(self) -> None:
        self._left = MOST_ROWS

    def way(self, paths: Sequence[str], places: Mapping[str, Sequence[Spot]], endings: Endings, named: str) -> Way:
        """How the files of a set are named, with `places` on plates of some; `named`: the pattern it has already."""
        if places and self._take(paths, places):
            return Way(listed=True)
        if pattern := endings.pattern(paths):
            return Way(pattern=pattern)
        if named:
            return Way()
        return Way(listed=True) if self._take(paths, places) else Way(why=TOO_MANY)

    def _take(self, paths: Sequence[str], places: Mapping[str, Sequence[Spot]]) -> bool:
        """Take a row for each path, or for each of its places, if there is room for all."""
        number = len(paths) - len(places) + sum(map(len, places.values()))
        if number > self._left:
            return False
        self._left -= number
        return True
