"""Rows of Files for a set of images, and the folder or pattern that names many of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rembi_sheets.fill.model import Confidence, Proposal
from rembi_sheets.harvest.screens import Spot
from rembi_sheets.inventory import covering

FILES = "files"
MOST_FILES = 10_000  # that are listed one by one; more are named by their folder or pattern
MOST_OF_SCREENS = 200_000  # the same of files with wells, which no pattern can tell


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


def pattern(paths: Sequence[str], every: Sequence[str]) -> str:
    """The folder that holds these files and no others, else the files of one ending in it; '' where neither is so."""
    wanted = set(paths)
    folder = _common(paths)
    ending = {p.rpartition(".")[2] for p in paths}
    tries = [f"{folder}/"] if folder else []
    if len(ending) == 1:
        tries.append(f"{folder}/*.{ending.pop()}" if folder else f"*.{next(iter(ending), '')}")
    for tried in tries:
        covers = covering(tried)
        if {p for p in every if covers(p)} == wanted:
            return tried
    return ""


def _common(paths: Sequence[str]) -> str:
    parts = [p.split("/")[:-1] for p in (min(paths), max(paths))]
    out = []
    for one, other in zip(*parts, strict=False):
        if one != other:
            break
        out.append(one)
    return "/".join(out)
