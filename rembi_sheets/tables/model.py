"""The sheets as tables: one each, its cells by columns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from rembi_sheets.cells import Place
from rembi_sheets.findings import Finding
from rembi_sheets.schema import Column, Layout, Schema, SheetSpec, Way
from rembi_sheets.tables.columns import Columns
from rembi_sheets.values import Value

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

OWN = "own:"
LEFT_OVER = "Left over"  # the sheet on which `migrate` keeps what has no place any more
FILLED_IN = "Filled in"  # the sheet on which `fill` lists what it knows from elsewhere
# a sheet row that stands for several is in the frame as often: row, row + REPEAT, row + 2 * REPEAT ..
REPEAT = 1 << 32

Source = Callable[["list[Finding] | None"], Iterator[Columns]]


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a column of an older version: "Sheet: Heading" then, the same today (none: no place any more).

    `kind`: renamed, split, merged, words, unlisted (it holds words that its list has no more) or dropped; `cells`: how
    many filled cells it concerns.
    """

    kind: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    cells: int


@dataclass(frozen=True)
class Former:
    """What a table of a workbook of an older version was, where that is not what it is today.

    `labels`: headings in the workbook by today's machine name; `headings`: all that the sheet had, where today's are
    others, to today's machine name; `rewritten`: by machine name the rows whose value is not
    what the cell says; `sources`: the sheet columns (of a form: rows) from which such values come, where these are
    several; `spent`, `dropped`: sheet columns (rows) and headings that were put into another, or are asked for no more.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    headings: Mapping[str, str] = field(default_factory=dict)
    rewritten: Mapping[str, frozenset[int]] = field(default_factory=dict)
    sources: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    spent: Mapping[int, str] = field(default_factory=dict)
    dropped: Mapping[int, str] = field(default_factory=dict)
    moved: tuple[Moved, ...] = ()


@dataclass(frozen=True)
class Table:
    """One sheet as data. `columns`: machine name -> sheet column (table) or sheet row (form), from 1.

    `source` yields the parts of a table that is streamed, and then `cells` has no row. `former` tells what is otherwise
    in the workbook, where that is of an older version.
    """

    sheet: SheetSpec
    title: str
    cells: Columns
    columns: Mapping[str, int]
    heading_row: int
    source: Source | None = None
    former: Former = field(default_factory=Former)

    def label(self, name: str) -> str:
        """The heading of a column as it stands in the workbook."""
        there = self.former.labels.get(name, "")
        return there or (self.sheet[name].label if name in self.sheet.by_name else name.removeprefix(OWN))

    def rewritten(self, row: int, name: str) -> bool:
        """Is the value another than the cell says, since the workbook is of an older version?"""
        return (0 if self.sheet.layout is Layout.FORM else row) in self.former.rewritten.get(name, ())

    @property
    def own(self) -> tuple[str, ...]:
        """Headings of the user's own columns, in their order."""
        return tuple(c.removeprefix(OWN) for c in self.columns if c.startswith(OWN))

    @property
    def frame(self) -> pd.DataFrame:
        """The rows as a data frame."""
        return self.cells.frame

    @property
    def rows(self) -> Sequence[int]:
        """The sheet row of each record."""
        return self.cells.rows

    @property
    def names(self) -> Mapping[str, int]:
        """The machine names of the columns that hold values, own ones as `own:<heading>`, to their places."""
        return self.cells.names

    def column(self, name: str) -> Sequence[Any]:
        """The values of a column as they are kept: a list, or a `Coded` of the different ones."""
        return self.cells.column(name)

    def values(self, name: str) -> Sequence[Any]:
        """The values of a column, one a row; not to be changed."""
        return self.cells.values(name)

    def distinct(self, name: str) -> Set[Any]:
        """The different values of a column, None among them where a cell is empty, in the order of their first."""
        return self.cells.distinct(name)

    def filled(self, name: str) -> bool:
        """Is there such a column, and anything in it?"""
        return name in self.names and len(self.distinct(name)) > (None in self.distinct(name))

    def rows_with(self, name: str, wanted: Collection[Any]) -> list[int]:
        """The sheet rows in which one of these values of a column stands."""
        if not wanted:
            return []
        return [row for row, value in zip(self.rows, self.values(name), strict=True) if value in wanted]

    def value(self, row: int, name: str) -> Any:
        """The value of a column in a sheet row."""
        return self.values(name)[self._at[row]]

    def records(self) -> Iterator[tuple[int, list[Any]]]:
        """The rows: sheet row, values in the order of `names`."""
        return self.cells.records()

    def filled_beside(self, names: Collection[str]) -> bool:
        """Is anything filled in but in these columns?"""
        return any(self.filled(name) for name in self.names if name not in names)

    @cached_property
    def _at(self) -> Mapping[int, int]:
        return {row: n for n, row in enumerate(self.rows)}

    @cached_property
    def empty(self) -> bool:
        """Has the table no row at all?"""
        return not any(part.rows for part in self.parts())

    def parts(self, findings: list[Finding] | None = None) -> Iterator[Table]:
        """The table itself, or one table for each part of a streamed one.

        What a streamed part's cells hold that cannot be understood is added to `findings`.
        """
        if self.source is None:
            yield self
            return
        for part in self.source(findings):
            yield replace(self, cells=part, source=None)

    def of_rows(self, chosen: Sequence[bool] | NDArray[np.bool_]) -> Table:
        """The table of the rows that are chosen, by a truth for each."""
        import numpy as np

        truths = np.asarray(chosen, bool)
        return self if truths.all() else replace(self, cells=self.cells.of_rows(truths))

    def place(self, row: int, name: str) -> Place:
        """The cell of a column in a sheet row, column A where the column is missing; a form ignores the row.

        A form without that line has no such cell: its row is 0, and a finding then names the line alone.
        """
        label = self.label(name)
        if self.sheet.layout is Layout.FORM:
            return Place(self.title, self.columns.get(name, 0), 2, label)
        return Place(self.title, row % REPEAT, self.columns.get(name, 1), label)


@dataclass(frozen=True)
class Tables:
    """Every sheet of the schema by machine name; a sheet the workbook lacks is an empty table without columns.

    `rows_of` gives the folded names of rows that cells of a column may refer to, as `convert` wants them. `way` leads
    from the version of the workbook to that of the schema, where it is an older one.
    """

    schema: Schema
    tables: Mapping[str, Table]
    meta: Mapping[str, str] = field(default_factory=dict)
    rows_of: Callable[[Column], Collection[str]] = field(default=lambda _: (), compare=False, repr=False)
    way: Way | None = field(default=None, compare=False, repr=False)

    def __getitem__(self, name: str) -> Table:
        return self.tables[name]

    def __iter__(self) -> Iterator[Table]:
        return iter(self.tables.values())

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """Sheet titles in the order of the schema."""
        return tuple(t.title for t in self)

    @cached_property
    def blank(self) -> bool:
        """Is nothing filled in but what a blank workbook comes with, the archives it was made for?"""
        for table in self:
            if table.sheet.layout is Layout.TABLE and not table.empty:
                return False
            given = (
                {c.name for c in table.sheet.columns if c.list == "archive"}
                if table.sheet.layout is Layout.FORM
                else ()
            )
            if table.filled_beside(given):
                return False
        return True

    @cached_property
    def defaults_alone(self) -> bool:
        """Is all that is filled in what serves as defaults of a lab, beside the archives?"""
        for table in self:
            given = {c.name for c in table.sheet.columns if c.list == "archive"} | table.sheet.defaults
            if table.sheet.layout is Layout.TABLE and not table.sheet.defaults and not table.empty:
                return False
            if table.filled_beside(given):
                return False
        return not self.blank

    @property
    def archives(self) -> tuple[str, ...]:
        """Archives named in the study sheet, by command-line name; BioImage Archive (the first) when none is."""
        named = archive_labels(self)
        return tuple(a.name for a in self.schema.archives if a.label in named) or self.schema.archive_names[:1]


def archive_labels(tables: Tables) -> tuple[str, ...]:
    """Labels of the archives in the study sheet (BIA, EMPIAR, IDR); empty when the cell is."""
    for column in tables.schema["study"].columns:
        if column.list == "archive" and column.name in tables["study"].names:
            values = tables["study"].values(column.name)
            return values[0] if values and isinstance(values[0], tuple) else ()
    return ()


def empty_table(spec: SheetSpec) -> Table:
    """The table of a sheet that is not in the workbook."""
    return Table(spec, spec.title, Columns({c.name: None for c in spec.columns if not c.own}, []), {}, 1)


def made(spec: SheetSpec, columns: Mapping[str, Sequence[Value]]) -> Table:
    """A table of values that no workbook holds yet, by machine name (own columns as `own:<heading>`), all equally long.

    Headings in row 1, the first record in row 2; a form has its lines from row 1 in column B. As `to_book` lays it out.
    """
    names = [*(c.name for c in spec.columns if not c.own), *(n for n in columns if n.startswith(OWN))]
    rows = max(map(len, columns.values()), default=0)
    first = 0 if spec.layout is Layout.FORM else 2
    data = Columns({n: columns.get(n) for n in names}, range(first, first + rows))
    return Table(spec, spec.title, data, {n: i for i, n in enumerate(names, 1)}, 1)
