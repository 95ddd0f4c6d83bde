"""The rows of a component: its annotation, and what its library or assays file tells beside it, column by column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rembi_sheets.archives.idr.document import Component, Kind, Table
from rembi_sheets.archives.idr.facts import headings, text, wells
from rembi_sheets.archives.idr.facts.columns import BRACKETED, TERM_SOURCE
from rembi_sheets.archives.idr.restore.lines import Notes
from rembi_sheets.coded import Coded, throughout, together

_KEYS = (headings.PLATE, headings.WELL, headings.WELL_NUMBER, headings.DATASET, headings.IMAGE, headings.IMAGE_FILE)
_HINT = re.compile(r'"?#\s')


@dataclass
class Column:
    """A column: its cells, and the ontology and accession of each where columns of these follow it.

    `added`: it stands in the library or assays file alone.
    """

    heading: str
    values: Coded[str]
    refs: Coded[str] | None = None
    codes: Coded[str] | None = None
    added: bool = False

    @property
    def filled(self) -> bool:
        """Does any cell say something?"""
        return any(self.values.values)

    @property
    def cells(self) -> Coded[tuple[str, ...]]:
        """Value, ontology and accession of each row."""
        rows = len(self.values)
        empty = throughout("", rows)
        return together(rows, self.values, self.refs or empty, self.codes or empty)

    def cell(self, row: int) -> tuple[str, str, str]:
        """Value, ontology and accession of one row."""
        return self.values[row], self.refs[row] if self.refs else "", self.codes[row] if self.codes else ""


@dataclass
class Sheet:
    """The columns of a component's rows; `taken` are those whose cells have found their place.

    `listed`: it has rows. One that has none is given one without cells, for what the study file says of all.
    """

    kind: Kind
    rows: int
    columns: list[Column]
    taken: set[int] = field(default_factory=set)
    listed: bool = True

    def named(self, *names: str) -> list[Column]:
        """The columns of these headings."""
        return [c for c in self.columns if c.heading in names]

    def numbered(self, heading: str) -> list[Column]:
        """A heading's column, or its numbered ones: Characteristics [Organism], Characteristics [Organism 2]."""
        inner = re.escape(heading.removesuffix("]"))
        form = re.compile(rf"{inner}(?: ?\d+)?\]?\Z")
        return [c for c in self.columns if form.match(c.heading)]

    def values(self, heading: str) -> Coded[str]:
        """The cells of the first column of this heading, '' where there is none."""
        return next((c.values for c in self.columns if c.heading == heading), None) or throughout("", self.rows)

    def take(self, columns: Iterable[Column]) -> None:
        """Their cells have found their place."""
        self.taken.update(map(id, columns))

    @property
    def rest(self) -> list[Column]:
        """The columns that nobody took, in order."""
        return [c for c in self.columns if id(c) not in self.taken]


def sheet(component: Component, notes: Notes) -> Sheet:
    """The rows of a component."""
    first, second = component.annotation, component.layout
    if not first.header:
        first, second = second, Table()
    columns, rows = _columns(first)
    made = Sheet(component.kind, rows, columns)
    if component.kind is Kind.EXPERIMENT and not made.named(headings.IMAGE):
        for column in made.named(headings.IMAGE_FILE):
            column.heading = headings.IMAGE
    if second.header:
        _add(made, second, notes, component.folder)
    return made if rows else Sheet(component.kind, 1, [], listed=False)


def _columns(table: Table) -> tuple[list[Column], int]:
    """The columns of a table; rows without a word and hints of the templates are left out.

    Columns of ontology and accession belong to the column before them, but not to one that names the row.
    """
    import numpy as np

    cells = [c.mapped(_cell) for c in table.columns()]
    said = np.flatnonzero(np.logical_or.reduce([c.where(bool) for c in cells])) if cells else np.zeros(0, np.intp)
    if cells and len(said) < len(cells[0]):
        cells = [c.of_rows(said) for c in cells]
    out: list[Column] = []
    for heading, values in zip(table.header, cells, strict=True):
        of_term = TERM_SOURCE.match(heading)
        if of_term and out and out[-1].heading not in _KEYS:
            part = "refs" if of_term[1].casefold() == "ref" else "codes"
            if getattr(out[-1], part) is None:
                setattr(out[-1], part, values)
                continue
        out.append(Column(_spelled(heading), values))
    return out, len(said)


def _cell(value: str) -> str:
    value = text.cell(value)
    return "" if _HINT.match(value) else value


def _spelled(heading: str) -> str:
    """A heading in one form: a blank before the bracket, none inside it."""
    found = BRACKETED.match(heading)
    return f"{found[1]} [{found[2].strip()}]" if found else heading


def _keys(made: Sheet, names: Sequence[str]) -> Coded[tuple[str, ...]]:
    """What names each row, wells in one spelling."""
    columns = [made.values(n).mapped(wells.key) if n == headings.WELL else made.values(n) for n in names]
    return together(made.rows, *columns)


# columns that name a row in the annotation, and in the library or assays file
_PAIRS = {
    Kind.SCREEN: (((headings.PLATE, headings.WELL),) * 2,),
    Kind.EXPERIMENT: (
        ((headings.DATASET, headings.IMAGE),) * 2,
        ((headings.DATASET, headings.IMAGE), (headings.DATASET, headings.IMAGE_FILE)),
        ((headings.PATH,),) * 2,
        ((headings.IMAGE,), (headings.IMAGE_FILE,)),
        ((headings.IMAGE,), (headings.IMAGE,)),
    ),
}


def _places(made: Sheet, other: Sheet) -> Coded[int | None]:
    """The row of the other sheet that each row is, by the columns that tell the most; None where there is none."""
    best: Coded[int | None] = throughout(None, made.rows)
    most = 0
    for mine, theirs in _PAIRS[made.kind]:
        keys = _keys(other, theirs)
        rows = zip(keys.values, keys.firsts, keys.counts, strict=True)
        known = {key: row for key, row, n in rows if all(key) and not (n > 1 and len(mine) == 1)}
        at = _keys(made, mine).mapped(known.get)
        found = _found(at)
        if found > most:
            best, most = at, found
    return best


def _found(at: Coded[int | None]) -> int:
    return int(at.where(lambda n: n is not None).sum())


def _add(made: Sheet, table: Table, notes: Notes, folder: str) -> None:
    """What the second table tells of the same rows; of what both tell, the annotation counts."""
    columns, rows = _columns(table)
    if not rows:
        return
    at = _places(made, Sheet(made.kind, rows, columns))
    found = _found(at)
    if not found:
        notes.add(folder, f"none of the {rows} rows of its library or assays file is one of its annotation")
        return
    if found < made.rows:
        notes.add(folder, f"{made.rows - found} rows of the annotation are not in its library or assays file")

    def placed(cells: Coded[str] | None) -> Coded[str] | None:
        return None if cells is None else at.mapped(lambda n: "" if n is None else cells[n])

    for column in columns:
        same = made.named(column.heading)
        cells = placed(column.values)
        assert cells is not None
        if not same or column.heading == headings.PROTOCOL_REF:
            if any(cells.values):
                made.columns.append(Column(column.heading, cells, placed(column.refs), placed(column.codes), True))
            continue
        pairs = together(made.rows, same[0].values, cells)
        differ = [
            (mine, its, n) for (mine, its), n in zip(pairs.values, pairs.counts, strict=True) if its not in ("", mine)
        ]
        for mine, its, _ in differ[:1]:
            told = f"{mine or 'nothing'} in the annotation, {its} in the library or assays file"
            notes.add(f"{folder}, {column.heading}", f"{sum(n for *_, n in differ)} rows differ, the first: {told}")
