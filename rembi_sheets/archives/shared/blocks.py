"""Tables of text that are made by columns, many rows at a time, and their lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, islice, repeat
from typing import TypeAlias

from rembi_sheets.coded import Coded, by_values

Block: TypeAlias = Sequence[Sequence[str]]
"""Columns, all equally long, lists of their cells or kept by their values."""

_ROWS = 5_000


@dataclass(frozen=True)
class Blocks:
    """Rows that are made by columns; `make` gives them in their order, many at a time, as often as it is called."""

    make: Callable[[], Iterator[Block]]

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        return chain.from_iterable(zip(*block, strict=True) for block in self.make())


def blocks(rows: Iterable[Sequence[str]]) -> Iterator[Block]:
    """Rows as blocks, however they are made."""
    if isinstance(rows, Blocks):
        yield from rows.make()
        return
    left = iter(rows)
    while batch := list(islice(left, _ROWS)):
        yield list(zip(*batch, strict=True))


def lines(block: Block, between: str, cells: Callable[[Sequence[str]], Sequence[str]] | None = None) -> Iterator[str]:
    """The rows of a block as text; `cells` writes the cells of a column, where they are not written as they are.

    Neighbours that are the same all the way down are written and joined once, not in every row.
    """
    columns: list[Iterable[str]] = []
    for alike, neighbours in groupby(block, _alike):
        found = [c[:1] if alike else c for c in neighbours]
        written = [by_values(c, cells) for c in found] if cells else found
        columns += [repeat(between.join(c[0] for c in written), len(block[0]))] if alike else written
    return map(between.join, zip(*columns, strict=True))


def _alike(column: Sequence[str]) -> bool:
    """Has a column the same text in all its rows?"""
    if isinstance(column, Coded):
        return len(column.values) == 1
    return len(column) > 0 and column[0] == column[-1] and column.count(column[0]) == len(column)


def batches(texts: Iterable[str]) -> Iterator[list[str]]:
    """Lines, some thousands at a time."""
    left = iter(texts)
    while batch := list(islice(left, _ROWS)):
        yield batch
