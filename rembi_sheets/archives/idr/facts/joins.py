"""How a heading of a table of results is found among other headings: as IDR's join does, and by its known equivalents.

A linking column may be named a little differently in the two tables (image_name, Image Name), and it may be several
columns joined by _ (Plate_Well), whose values are then joined by _ too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeVar

from rembi_sheets.archives.idr.facts import text, wells
from rembi_sheets.archives.idr.facts.columns import client_name, known
from rembi_sheets.coded import Coded, together
from rembi_sheets.submission import fold

T = TypeVar("T")
# what rows have besides their own columns, by the names that tables of results give it
KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "dataset": ("dataset", "dataset name"),
    "name": ("image", "image name"),
    "file": ("image file", "image file name", "file name", "filename", "file"),
    "path": ("path", "file path", "image file path"),
    "plate": ("plate", "plate name"),
    "well": ("well", "well name"),
}


def plain(heading: str) -> str:
    """A heading as compared: case, blanks and _ do not matter."""
    return fold(heading.replace("_", " "))


def key_of(heading: str) -> str:
    """Which of KEYS a heading names, '' for none."""
    bare = plain(client_name(heading)).replace(" ", "")
    return next((key for key, names in KEYS.items() if bare in (n.replace(" ", "") for n in names)), "")


def best(heading: str, among: Sequence[str]) -> int | None:
    """The place of the heading that is meant: the same, else one of the same meaning; None when there is none.

    One meaning have headings that differ in case and _, that stand in brackets (Comment [Gene Symbol]), and that are
    names of one well-known column (Gene ID, Gene Identifier) or key.
    """
    tests: tuple[Callable[[str], str], ...] = (str, plain, lambda h: plain(client_name(h)), _meaning)
    for form in tests:
        wanted = form(heading)
        for place, other in enumerate(among):
            if other and form(other) == wanted:
                return place
    return None


def _meaning(heading: str) -> str:
    return key_of(heading) or plain(known(client_name(heading))[0])


def taken_apart(heading: str, look: Callable[[str], T | None]) -> tuple[T, ...]:
    """What `look` finds for a heading, else for each of the headings that it joins by _; () when one is not found."""
    found = look(heading)
    if found is not None:
        return (found,)
    pieces = heading.split("_")
    for n in range(len(pieces) - 1, 0, -1):
        first = look("_".join(pieces[:n]).strip())
        rest = taken_apart("_".join(pieces[n:]).strip(), look) if first is not None else ()
        if first is not None and rest:
            return (first, *rest)
    return ()


def spelled(heading: str, value: str) -> str:
    """A value that links, the well in it in one spelling."""
    if key_of(heading) == "well":
        return wells.key(value)
    before, joined, last = heading.rpartition("_")
    if joined and before and key_of(last) == "well":
        rest, _, well = value.rpartition("_")
        return f"{rest}_{wells.key(well)}" if rest else value
    return value


def linked(headings: Sequence[str], columns: Sequence[Sequence[Coded[str]]], rows: int) -> Coded[tuple[str, ...]]:
    """What links each of so many rows to another table: under each heading the cells of its columns, joined by _."""

    def under(heading: str, of: Sequence[Coded[str]]) -> Coded[str]:
        return together(rows, *of).mapped(lambda cells: spelled(heading, "_".join(map(text.cell, cells))))

    return together(rows, *(under(h, of) for h, of in zip(headings, columns, strict=True)))
