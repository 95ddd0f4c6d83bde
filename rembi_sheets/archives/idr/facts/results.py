"""Columns of results: those of the processed table, joined by its linking columns, and the phenotypes of Files."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from rembi_sheets.archives.idr.document import Row
from rembi_sheets.archives.idr.facts import joins, phenotypes, text
from rembi_sheets.archives.idr.facts.annotation import Planner
from rembi_sheets.archives.idr.facts.cells import Cells, Column, first, once
from rembi_sheets.archives.idr.facts.columns import Band
from rembi_sheets.archives.idr.facts.processed import Processed, phenotype_heading, unfit
from rembi_sheets.archives.idr.facts.rows import Part
from rembi_sheets.records import Phenotype


class Results:
    """Makes the columns of results of one component; `processed` is its table of results, where there is one."""

    def __init__(self, planner: Planner, processed: Processed | None) -> None:
        self.planner, self.processed = planner, processed

    @cached_property
    def columns(self) -> list[Column]:
        """Columns joined from the table of results, then the phenotypes named in Files."""
        return [*self._joined, *self._phenotypes()]

    def link(self, heading: str) -> Cells | None:
        """The column of the rows that a linking column of the table means; None when there is none."""
        found = joins.taken_apart(heading, self._column)
        if not found:
            return None
        return lambda p: [joins.spelled(heading, "_".join(v)) for v in zip(*(cells(p) for cells in found), strict=True)]

    def _column(self, heading: str) -> Cells | None:
        """The column of the rows of this heading: one of the user's own, a key, or one that follows from records."""
        own = self.planner.own
        place = joins.best(heading, [o.heading for o in own])
        if place is None:
            place = joins.best(heading, [o.idr for o in own])
        if place is not None:
            name = own[place].name
            return lambda p: p.texts(name)
        keys: dict[str, Cells] = {
            "dataset": lambda p: p.datasets,
            "name": lambda p: p.names,
            "file": lambda p: [x.rpartition("/")[2] for x in p.texts("path")],
            "path": lambda p: p.texts("path"),
            "plate": lambda p: p.texts("plate"),
            "well": lambda p: p.texts("well"),
        }
        key = joins.key_of(heading)
        if key:
            return keys[key]
        columns = self.planner.columns
        place = joins.best(heading, [c.heading for c in columns])
        return columns[place].cells if place is not None else None

    @cached_property
    def linked(self) -> Sequence[Cells] | None:
        """The columns that link rows and table; None when one of them is on neither side, or none is named."""
        found = [self.link(heading) for heading in self.processed.links] if self.processed else []
        made = [f for f in found if f is not None]
        return made if made and len(made) == len(found) else None

    @cached_property
    def rows(self) -> dict[tuple[str, ...], Row]:
        """Rows of the table by the values that link them."""
        return self.processed.rows if self.processed else {}

    def keys(self, part: Part) -> list[tuple[str, ...]]:
        """What links each row of a part."""
        return list(zip(*(link(part) for link in self.linked or ()), strict=True))

    @cached_property
    def _named(self) -> list[Phenotype]:
        """The phenotypes that Files names, in sheet order."""
        return [p for p in self.planner.sub.phenotypes if p.name in self.planner.seen.phenotypes]

    @property
    def taken(self) -> set[str]:
        """Headings, in folded case, that the rows have already, so that the table's column is left out."""
        found = self.processed
        named = found.links if found else ()
        linking = [found.table.header[p] for h in named for p in found.places(h)] if found and found.table else []
        own = (o.heading for o in self.planner.own)
        return {h.casefold() for h in (*(c.heading for c in self.planner.columns), *own, *named, *linking)}

    @cached_property
    def _joined(self) -> list[Column]:
        found = self.processed
        if found is None or found.table is None or self.linked is None or not self.rows:
            return []
        taken = {*self.taken, *map(str.casefold, unfit(found.table.header, self.taken, self.planner.sub))}
        types = {text.cell(c.column_name): c.column_type for c in found.columns}
        keys, known = once(self.keys), self.planner.joins.phenotypes
        out: list[Column] = []
        for place, heading in enumerate(found.table.header):
            values = self._values(heading)
            if heading.casefold() in taken or not heading or not any(values):
                continue

            def cells(part: Part, place: int = place) -> list[str]:
                joined = (self.rows.get(key) for key in keys(part))
                return [row[place] if row else "" for row in joined]

            if phenotype_heading(heading):

                def named(part: Part, cells: Cells = cells) -> list[str]:
                    return [phenotypes.named(v, known) for v in cells(part)]

                here = [p for p in self._named if text.cell(p.name) in values]
                either = first(named, *(phenotypes.has(p) for p in here)) if here else named
                out += phenotypes.columns(phenotype_heading(heading), either, values, known)
            elif heading == phenotypes.HAS and self._named:
                out.append(Column(phenotypes.HAS, Band.PHENOTYPE, first(cells, phenotypes.any_of)))
            elif heading == phenotypes.LEVEL and self._leveled:
                out.append(Column(phenotypes.LEVEL, Band.PHENOTYPE, first(self._levels, cells)))
            else:
                data = types.get(heading, "data") == "data"
                out.append(Column(heading, Band.RESULT, cells, searchable=not data))
        return out

    @property
    def _leveled(self) -> bool:
        """Has a phenotype that Files names its own level? It then goes before that of the table of results."""
        return any(p.annotation_level for p in self._named)

    @property
    def _phenotype_headings(self) -> list[str]:
        made = {c.heading for c in self._joined}
        table = self.processed.table if self.processed else None
        return [h for h in table.header if phenotype_heading(h) in made] if table else []

    def _values(self, heading: str) -> set[str]:
        """What a column of the table holds, phenotypes by the names that the workbook gives them."""
        assert self.processed is not None and self.processed.table is not None
        place = self.processed.table.header.index(heading)
        values, known = {row[place] for row in self.rows.values()}, self.planner.joins.phenotypes
        return {phenotypes.named(v, known) for v in values} if phenotype_heading(heading) else values

    def _phenotypes(self) -> list[Column]:
        """Phenotypes named in Files: whether, at which level, and each in a column of its own."""
        shown = {v for h in self._phenotype_headings for v in self._values(h)}
        used = [p for p in self._named if text.cell(p.name) not in shown]
        taken = {c.heading for c in self._joined}
        known = self.planner.joins.phenotypes
        out: list[Column] = []
        if phenotypes.HAS not in taken and self._named:
            out.append(Column(phenotypes.HAS, Band.PHENOTYPE, phenotypes.any_of))
        if phenotypes.LEVEL not in taken and self._leveled:
            out.append(Column(phenotypes.LEVEL, Band.PHENOTYPE, self._levels))
        number = 0
        for phenotype in used:
            number += 1
            while f"Phenotype {number}" in taken:
                number += 1
            out += phenotypes.columns(
                f"Phenotype {number}", phenotypes.has(phenotype), {text.cell(phenotype.name)}, known
            )
        return out

    def _levels(self, part: Part) -> list[str]:
        return phenotypes.levels(part.values("phenotypes"), self.planner.joins.phenotypes)
