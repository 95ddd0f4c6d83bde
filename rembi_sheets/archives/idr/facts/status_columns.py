"""What the rows of a component are: controls, or wells that are said to be empty."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from rembi_sheets.archives.idr.facts import headings, samples
from rembi_sheets.archives.idr.facts.cells import Cells, Column, joined_text, of_sample, once
from rembi_sheets.archives.idr.facts.columns import Band
from rembi_sheets.archives.idr.facts.rows import Part
from rembi_sheets.archives.idr.facts.survey import Survey


class StatusColumns:
    """Makes the column of controls, and takes the values of samples out of empty wells."""

    def __init__(self, seen: Survey) -> None:
        self.seen = seen

    @property
    def empty_wells(self) -> bool:
        """Whether wells are said to be empty: they have no organism and no cells."""
        return samples.EMPTY_WELL in self.seen.statuses

    def where_cells_are(self, column: Column) -> Column:
        """The column, without value in empty wells."""

        def filled(cells: Cells) -> Cells:
            return lambda p: [
                "" if s == samples.EMPTY_WELL else v for v, s in zip(cells(p), self.status(p), strict=True)
            ]

        return replace(
            column,
            cells=filled(column.cells),
            ref=filled(column.ref) if column.ref else None,
            accession=filled(column.accession) if column.accession else None,
        )

    @cached_property
    def status(self) -> Cells:
        """The type of control of each row: its own, else that of its specimens."""

        def status(part: Part) -> list[str]:
            own = part.texts("experimental_status")
            of_specimen = of_sample(lambda s: joined_text(x.experimental_status for x in s.specimens))(part)
            return [samples.control_type(a or b) for a, b in zip(own, of_specimen, strict=True)]

        return once(status)

    def control(self) -> list[Column]:
        """Control Type, where some row is a control."""
        values = {*self.seen.statuses, *(x.experimental_status for s in self.seen.used for x in s.specimens)}
        if not any(samples.control_type(v) for v in values):
            return []
        return [Column(headings.CONTROL, Band.CONTROL, self.status)]
