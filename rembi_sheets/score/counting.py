"""Of what a score counts: in how many of the rows it applies to it is filled, each table walked once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from rembi_sheets.schema import Column
from rembi_sheets.tables import Table
from rembi_sheets.tables.conditions import holds
from rembi_sheets.values import UNREADABLE

Key = tuple[str, tuple[str, ...]]  # a sheet and some of its columns
Shares = Mapping[Key, float | None]


@dataclass(frozen=True)
class Item:
    """What is counted once: a column, or the columns of one attribute of REMBI taken together."""

    name: str
    table: Table
    columns: tuple[Column, ...]
    weight: float

    @cached_property
    def key(self) -> Key:
        """What is counted, whatever its weight."""
        return self.table.sheet.name, tuple(c.name for c in self.columns)


class Rows:
    """The rows of a part of a table: in which of them is a column filled, and to which does it apply?

    The answers are numbers with a byte for each row, 1 where it is so: or-ed at once however many rows there are.
    """

    def __init__(self, part: Table) -> None:
        self.part = part
        self._filled: dict[str, int] = {}

    def filled(self, columns: Iterable[Column]) -> int:
        """The rows in which any of the columns is filled."""
        rows = 0
        for c in columns:
            if c.name in self.part.names:
                rows |= self._one(c.name)
        return rows

    def _one(self, name: str) -> int:
        known = self._filled.get(name)
        if known is None:
            seen = self.part.distinct(name)
            gaps = (None in seen) + (UNREADABLE in seen)
            if gaps in (0, len(seen)):  # all are filled, or none
                known = 0 if gaps else self._all
            else:
                known = _mask(v is not None and v is not UNREADABLE for v in self.part.values(name))
            self._filled[name] = known
        return known

    def applies(self, columns: Iterable[Column]) -> int:
        """The rows in which one of the columns can have a value. Where it cannot be known yet, it can."""
        rows = 0
        for c in columns:
            if c.asked:
                rows |= _mask(holds(self.part, c.applies, unknown=True)) if c.applies else self._all
        return rows

    @cached_property
    def _all(self) -> int:
        return int.from_bytes(b"\1" * len(self.part.rows), "little")

    def which(self, mask: int) -> list[int]:
        """The sheet rows of such a number."""
        return [
            row for row, is_ in zip(self.part.rows, mask.to_bytes(len(self.part.rows), "little"), strict=True) if is_
        ]


def _mask(rows: Iterable[bool]) -> int:
    return int.from_bytes(bytes(rows), "little")


def shares(items: Iterable[Item]) -> Shares:
    """Of each item the rows in which any of its columns is filled, of those it applies to; each table is walked once.

    0 for a table without a row, None for an item that applies to no row.
    """
    of_table: dict[str, dict[Key, Item]] = {}
    for item in items:
        of_table.setdefault(item.table.sheet.name, {})[item.key] = item
    out: dict[Key, float | None] = {}
    for counted in of_table.values():
        rows = 0
        sums = dict.fromkeys(counted, (0, 0))
        for part in next(iter(counted.values())).table.parts():
            rows += len(part.rows)
            there = Rows(part)
            for key, item in counted.items():
                full = there.filled(item.columns)
                filled, asked = sums[key]
                sums[key] = filled + full.bit_count(), asked + (full | there.applies(item.columns)).bit_count()
        for key, (filled, asked) in sums.items():
            out[key] = filled / asked if asked else None if rows else 0.0
    return out
