"""A column to write: its heading, and a function from a part of a component's rows to that many cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from rembi_sheets.archives.idr.document import Row, Table
from rembi_sheets.archives.idr.facts import text, wells
from rembi_sheets.archives.idr.facts.columns import Band
from rembi_sheets.archives.idr.facts.rows import Joins, Part, Sample
from rembi_sheets.archives.idr.facts.survey import Survey
from rembi_sheets.archives.shared.blocks import Block, Blocks, blocks

Cells = Callable[[Part], Sequence[str]]
T = TypeVar("T")


@dataclass(frozen=True)
class Column:
    """A column to write: heading, band, cells, and the ontology and accession columns that follow it."""

    heading: str
    band: Band
    cells: Cells
    group: str = ""
    ref: Cells | None = None
    accession: Cells | None = None
    searchable: bool = True


def once(make: Callable[[Part], Sequence[T]]) -> Callable[[Part], Sequence[T]]:
    """The same, made once for a part that several columns ask for one after the other."""
    last: list[tuple[Part, Sequence[T]]] = []

    def cells(part: Part) -> Sequence[T]:
        if not last or last[0][0] is not part:
            last[:] = [(part, make(part))]
        return last[0][1]

    return cells


def of_sample(make: Callable[[Sample], str]) -> Cells:
    """Cells that follow from the Sample alone; made once for each."""

    return lambda part: part.of_samples(lambda sample: text.cell(make(sample)))


def first(*choices: Cells) -> Cells:
    """The first filled cell of several columns, row by row."""
    if len(choices) == 1:
        return choices[0]

    def cells(part: Part) -> list[str]:
        made = [c(part) for c in choices]
        return [next((v for v in row if v), "") for row in zip(*made, strict=True)]

    return cells


def joined(before: Column, own: Column) -> Column:
    """A heading that both the records and the user's own column give: the row's own value goes first."""
    return replace(
        before,
        cells=first(own.cells, before.cells),
        group=before.group or own.group,
        ref=_either(own.ref, before.ref),
        accession=_either(own.accession, before.accession),
    )


def _either(own: Cells | None, before: Cells | None) -> Cells | None:
    return first(own, before) if own and before else own or before


def joined_text(values: Iterable[object]) -> str:
    """Different values joined by '; ', empty ones left out."""
    return "; ".join(dict.fromkeys(str(v) for v in values if v))


@dataclass(frozen=True)
class Rows:
    """The rows of some columns over all parts of a component; wells of several files are one row."""

    joins: Joins
    seen: Survey
    cells: tuple[Cells, ...]

    def blocks(self) -> Iterator[Block]:
        """As `Blocks` make them."""
        if self.seen.merged:
            yield from blocks(self._wells())
            return
        for part in self.joins.parts(self.seen.component):
            yield [c(part) for c in self.cells]

    def _wells(self) -> Iterator[Row]:
        rows: dict[tuple[str, str], list[list[str]]] = {}
        for part in self.joins.parts(self.seen.component):
            names = zip(part.texts("plate"), map(wells.key, part.texts("well")), strict=True)
            for key, row in zip(names, zip(*(c(part) for c in self.cells), strict=True), strict=True):
                known = rows.get(key)
                if known is None:
                    rows[key] = [[v] if v else [] for v in row]
                    continue
                for values, v in zip(known, row, strict=True):
                    if v and v not in values:
                        values.append(v)
        for (plate, _), cells in rows.items():
            yield (plate, cells[1][0] if cells[1] else "", *("; ".join(c) for c in cells[2:]))


def table(joins: Joins, seen: Survey, columns: Sequence[Column]) -> Table:
    """The columns as a table, ontology columns numbered from left to right."""
    header: list[str] = []
    cells: list[Cells] = []
    number = 0
    for column in columns:
        header.append(column.heading)
        cells.append(column.cells)
        if column.ref and column.accession:
            number += 1
            header += [f"Term Source {number} REF", f"Term Source {number} Accession"]
            cells += [column.ref, column.accession]
    return Table(tuple(header), Blocks(Rows(joins, seen, tuple(cells)).blocks))
