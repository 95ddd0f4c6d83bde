"""Columns that no record says -> own columns of Files, under the shortest heading that IDR makes the same one of."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rembi_sheets import vocabularies
from rembi_sheets.archives.idr.document import Kind
from rembi_sheets.archives.idr.facts import headings, sources
from rembi_sheets.archives.idr.facts.columns import Band, client_name, known, names_identifiers, place_of, reserved
from rembi_sheets.archives.idr.restore.lines import Notes
from rembi_sheets.archives.idr.restore.sheet import Column, Sheet
from rembi_sheets.coded import Coded, stacked, throughout
from rembi_sheets.submission import fold


class Own:
    """The own columns of Files of a study: each component adds its rows."""

    def __init__(self, labels: Collection[str], notes: Notes) -> None:
        """`labels`: the headings that Files has already."""
        self.labels = {fold(x) for x in labels}
        self.notes = notes
        self._parts: dict[str, list[Coded[str | None]]] = {}
        self._rows = 0

    def columns(self, rows: int) -> dict[str, Coded[str | None]]:
        """The columns by their headings, so many rows long."""
        return {heading: stacked([*parts, *self._empty(parts, rows)]) for heading, parts in self._parts.items()}

    def add(self, sheet: Sheet, kind: Kind, variables: Collection[str], where: str) -> None:
        """The columns of a component that nobody took."""
        taken: set[str] = set()
        named = {fold(v) for v in variables} | {fold(known(v)[0]) for v in variables}
        rest = {id(c) for c in sheet.rest}
        of_records = {fold(c.heading) for c in sheet.columns if id(c) not in rest}
        shown = [c.heading for c in sheet.rest if c.filled]
        among = False  # behind comments that follow from records
        for column in sheet.columns:
            if id(column) not in rest:
                among = among or column.heading.startswith(headings.COMMENT)
            if id(column) not in rest or not column.filled:
                if id(column) in rest:
                    self._halves(column, taken)
                continue
            heading = self._heading(column.heading, kind, named, taken, among, shown, of_records)
            self._put(heading, column.values)
            if column.codes and any(column.codes.values):
                self._terms(heading, column, taken)
            else:
                self._halves(column, taken)
        self._rows += sheet.rows

    def _heading(
        self,
        heading: str,
        kind: Kind,
        named: Collection[str],
        taken: set[str],
        among: bool,
        shown: Sequence[str],
        of_records: Collection[str],
    ) -> str:
        """The heading in Files. `among`: the column stands among the comments, and so does one that is called so.

        `shown`: the headings of the component's own columns; `of_records`: of those that follow from records, so that
        a column of one's own that is called so would stand in their place.
        """
        bare = client_name(heading)
        wanted = place_of(heading, kind, named)[0] if bare == heading else heading
        choices = [bare, heading, wanted, f"{headings.COMMENT} [{bare}]"]
        if among and place_of(bare, kind, named)[1] is not Band.COMMENT:
            choices.insert(0, heading)
        for choice in choices:
            free = fold(choice) not in taken | self.labels and not self._reserved(choice)
            # what stands under X Identifier is no term of X: then it would have stood in columns of its source
            free = free and not any(names_identifiers(choice, h) for h in shown)
            if choice and free and place_of(choice, kind, named)[0] == wanted and fold(wanted) not in of_records:
                break
        else:
            number = 2
            while fold(f"{heading} {number}") in taken:
                number += 1
            choice = f"{heading} {number}".strip()
        taken.add(fold(choice))
        return choice

    @staticmethod
    def _reserved(heading: str) -> bool:
        entry = vocabularies.resolve(heading, "own_column_reserved").entry
        return reserved(heading) or bool(entry and entry.label == heading)

    def _put(self, heading: str, values: Coded[str]) -> None:
        parts = self._parts.setdefault(heading, [])
        parts += [*self._empty(parts, self._rows), values.mapped(lambda v: v or None)]

    @staticmethod
    def _empty(parts: Sequence[Coded[str | None]], rows: int) -> Sequence[Coded[str | None]]:
        """What parts lack to so many rows."""
        lacking = rows - sum(map(len, parts))
        return [throughout(None, lacking)] if lacking else []

    def _terms(self, heading: str, column: Column, taken: set[str]) -> None:
        """Identifiers in a column of their own right behind, those of cells without a value too."""
        name = f"{heading} ID"
        if fold(name) in taken or known(name)[1]:
            name = f"{client_name(heading)} term ID"
        self._put(self._beside(name, taken), column.cells.mapped(lambda cell: sources.join(*cell[1:])))

    def _halves(self, column: Column, taken: set[str]) -> None:
        """Ontologies without accessions, accessions without values: columns of their own."""
        for what, cells in (("REF", column.refs), ("Accession", column.codes)):
            if cells and any(cells.values):
                self._put(self._beside(f"{client_name(column.heading)} {what}", taken), cells)

    @staticmethod
    def _beside(name: str, taken: set[str]) -> str:
        """The heading of a column that goes with another."""
        taken.add(fold(name))
        return name
