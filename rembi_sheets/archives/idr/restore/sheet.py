"""The rows of a component: its annotation, and what its library or assays file tells beside it, column by column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rembi_sheets.archives.idr.document import Component, Kind, Table
from rembi_sheets.archives.idr.facts import headings, text, wells
from rembi_sheets.archives.idr.facts.columns import BRACKETED, TERM_SOURCE
from rembi_sheets.archives.idr.restore.lines import Notes

_KEYS = (headings.PLATE, headings.WELL, headings.WELL_NUMBER, headings.DATASET, headings.IMAGE, headings.IMAGE_FILE)
_HINT = re.compile(r'"?#\s')


@dataclass
class Column:
    """A column: its cells, and the ontology and accession of each where columns of these follow it.

    `added`: it stands in the library or assays file alone.
    """

    heading: str
    values: list[str]
    refs: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    added: bool = False

    @property
    def cells(self) -> list[tuple[str, str, str]]:
        """Value, ontology and accession of each row."""
        empty = [""] * len(self.values)
        return list(zip(self.values, self.refs or empty, self.codes or empty, strict=True))

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

    def values(self, heading: str) -> list[str]:
        """The cells of the first column of this heading, '' where there is none."""
        return next((c.values for c in self.columns if c.heading == heading), [""] * self.rows)

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
    rows = [r for r in ([_cell(c) for c in row] for row in table) if any(r)]
    out: list[Column] = []
    for heading, cells in zip(table.header, zip(*rows, strict=True) if rows else [()] * len(table.header), strict=True):
        of_term = TERM_SOURCE.match(heading)
        values = list(cells)
        if of_term and out and out[-1].heading not in _KEYS:
            kept = out[-1].refs if of_term[1].casefold() == "ref" else out[-1].codes
            if not kept:
                kept += values or [""] * len(rows)
                continue
        out.append(Column(_spelled(heading), values))
    return out, len(rows)


def _cell(value: str) -> str:
    value = text.cell(value)
    return "" if _HINT.match(value) else value


def _spelled(heading: str) -> str:
    """A heading in one form: a blank before the bracket, none inside it."""
    found = BRACKETED.match(heading)
    return f"{found[1]} [{found[2].strip()}]" if found else heading


def _keys(made: Sheet, names: Sequence[str]) -> list[tuple[str, ...]]:
    """What names each row, wells in one spelling."""
    columns = [[wells.key(w) for w in made.values(n)] if n == headings.WELL else made.values(n) for n in names]
    return list(zip(*columns, strict=True))


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


def _places(made: Sheet, other: Sheet) -> list[int | None]:
    """The row of the other sheet that each row is, by the columns that tell the most; None where there is none."""
    best: list[int | None] = [None] * made.rows
    for mine, theirs in _PAIRS[made.kind]:
        known: dict[tuple[str, ...], int | None] = {}
        for n, key in enumerate(_keys(other, theirs)):
            known[key] = None if key in known and len(mine) == 1 else known.get(key, n)
        at = [known.get(key) if all(key) else None for key in _keys(made, mine)]
        if sum(n is not None for n in at) > sum(n is not None for n in best):
            best = at
    return best


def _add(made: Sheet, table: Table, notes: Notes, folder: str) -> None:
    """What the second table tells of the same rows; of what both tell, the annotation counts."""
    columns, rows = _columns(table)
    if not rows:
        return
    at = _places(made, Sheet(made.kind, rows, columns))
    found = sum(n is not None for n in at)
    if not found:
        notes.add(folder, f"none of the {rows} rows of its library or assays file is one of its annotation")
        return
    if found < made.rows:
        notes.add(folder, f"{made.rows - found} rows of the annotation are not in its library or assays file")

    def placed(cells: Sequence[str]) -> list[str]:
        return ["" if n is None or not cells else cells[n] for n in at]

    for column in columns:
        same = made.named(column.heading)
        cells = placed(column.values)
        if not same or column.heading == headings.PROTOCOL_REF:
            if any(cells):
                made.columns.append(Column(column.heading, cells, placed(column.refs), placed(column.codes), True))
            continue
        differ = [n for n, (a, b) in enumerate(zip(same[0].values, cells, strict=True)) if b and a != b]
        if differ:
            n = differ[0]
            told = f"{same[0].values[n] or 'nothing'} in the annotation, {cells[n]} in the library or assays file"
            notes.add(f"{folder}, {column.heading}", f"{len(differ)} rows differ, the first: {told}")
