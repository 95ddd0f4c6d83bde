"""Lines of a study file that no column is for, kept in Comments of a component: `Key: value`, a line each.

Some of them stand in their own line again when the study is written; all the others stay in the line of comments.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from rembi_sheets.archives.idr.document import Block, Kind, Line

Kept: TypeAlias = tuple[str, str]
"""Key of a line, and one value of it."""
COPYRIGHT = "Study Copyright"
OF_STUDY = (COPYRIGHT, "Study Version History", "Study Data Publisher")
_BETWEEN = ": "


def size_key(kind: Kind) -> str:
    """The key of the numbers of images and plates of a component."""
    return f"{kind.value} Size"


def line(key: str, value: str) -> str:
    """A line of Comments."""
    return f"{key}{_BETWEEN}{value}"


def apart(comments: str, keys: Sequence[str]) -> tuple[list[str], list[Kept]]:
    """The lines of Comments that are just that, and those that are values of the lines with these keys."""
    free: list[str] = []
    found: list[Kept] = []
    for text in filter(None, map(str.strip, comments.splitlines())):
        key, between, value = text.partition(_BETWEEN)
        if between and key in keys:
            found.append((key, value))
        else:
            free.append(text)
    return free, found


def placed(blocks: Iterable[Block], kept: Sequence[Kept]) -> Iterator[Block]:
    """Blocks with what was kept in its lines; in the first one also lines that no block has."""
    blocks = list(blocks)
    there = {found.key for block in blocks for found in block.lines}
    more = [Line(key) for key in dict.fromkeys(k for k, _ in kept) if key not in there]
    for n, block in enumerate(blocks):
        lines = (*block.lines, *(more if n == 0 else ()))
        yield replace(block, lines=tuple(_with(found, [v for k, v in kept if k == found.key]) for found in lines))


def _with(found: Line, values: Sequence[str]) -> Line:
    """A line with more values; one with a label, as in `Plates: 4`, is there instead of that of the same label."""
    labels = {_label(v) for v in values}
    return replace(found, values=(*(v for v in found.values if _label(v) not in labels), *values)) if values else found


def _label(value: str) -> str:
    return value.partition(":")[0].strip().casefold() if ":" in value else ""
