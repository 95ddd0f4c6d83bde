"""Where the cells of an old workbook stand in the new one, sheet by sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from rembi_sheets.cells import Raw, Sheet, down
from rembi_sheets.tables import OWN, Table
from rembi_sheets.workbook.formulas import Move
from rembi_sheets.workbook.layout import HEAD_ROWS, SheetPlan

VALUE, _BESIDE = 2, 5  # columns of a form: the value, and the first that is nobody's
_EMPTY = (None, "")


@dataclass(frozen=True)
class Places:
    """One sheet: which of its cells are carried over, and where to. What is drawn anew is not among them."""

    old: Sheet
    table: Table
    plan: SheetPlan
    columns: dict[int, int]  # of a table: old -> new; those of nobody at the right of all others
    rows: dict[int, int]  # of a form: old -> new; those of nobody below all others

    @property
    def move(self) -> Move:
        """The same for references, which may lead to empty cells and to headings too."""
        if self.plan.form:
            return Move(lambda n: n, self.rows.get)
        return Move(self.columns.get, self._row)

    def _row(self, row: int) -> int | None:
        return row - self.table.heading_row + HEAD_ROWS if row >= self.table.heading_row else None

    def to(self, row: int, column: int) -> tuple[int, int] | None:
        """The new place of a cell; None for what is drawn anew."""
        if self.plan.form:
            if row not in self.rows or (row in self._ours and column < _BESIDE and column != VALUE):
                return None
            return self.rows[row], column
        head = self.table.heading_row
        if column not in self.columns or row < head or (row == head and column in self._ours):
            return None
        return row - self.table.heading_row + HEAD_ROWS, self.columns[column]

    def head(self, row: int, column: int) -> tuple[int, int] | None:
        """The new place of a heading, or of the label of a line, that is ours; None for other cells."""
        if self.plan.form:
            return (self.rows[row], 1) if column == 1 and row in self._ours and row in self.rows else None
        if row != self.table.heading_row or column not in self._ours or column not in self.columns:
            return None
        return HEAD_ROWS, self.columns[column]

    def heading_gone(self, row: int, column: int) -> str:
        """The heading of a column or line that today's form has no place for; '' for all others, and for its head."""
        former = self.table.former
        number = row if self.plan.form else column
        if row < self.table.heading_row or (column != VALUE if self.plan.form else row == self.table.heading_row):
            return ""
        return former.dropped.get(number, "") or former.spent.get(number, "")

    def dropped(self, row: int, column: int) -> bool:
        """Stands the cell in a column or line that is asked for no more?"""
        number = row if self.plan.form else column
        return bool(self.heading_gone(row, column)) and number in self.table.former.dropped

    @cached_property
    def _ours(self) -> set[int]:
        return set(self.table.columns.values())

    def further(self) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """Cells that belong to no column or line that is known: old and new place."""
        known, form = self._ours, self.plan.form
        columns = [n for n in self.columns if n not in known]
        for row, cells in enumerate(self.old.rows, start=1):
            for column in range(1, len(cells) + 1) if form else columns:
                to = self.to(row, column)
                if to is not None and not (form and row in known and column == VALUE):
                    yield (row, column), to


def cell_at(sheet: Sheet, row: int, number: int) -> Raw:
    """The cell of a sheet row and column from 1; None beyond what is filled."""
    cells = sheet.rows[row - 1] if row <= len(sheet.rows) else ()
    value = cells[number - 1] if number <= len(cells) else None
    return None if value == "" else value


def places(sheet: SheetPlan, table: Table, old: Sheet, special: set[tuple[int, int]]) -> Places:
    """Where the cells of a sheet go. `special`: cells that hold something although they have no plain value."""
    gone = {*table.former.spent, *table.former.dropped}
    if sheet.form:
        rows = {row: sheet.by_name[n].number for n, row in table.columns.items() if n in sheet.by_name}
        to = sheet.last_row + 1
        for row in range(3, len(old.rows) + 1):
            numbers = range(VALUE, len(old.rows[row - 1]) + 1)
            filled = (n for n in numbers if cell_at(old, row, n) is not None or (row, n) in special)
            if row not in rows and row not in gone and any(n == VALUE or n >= _BESIDE for n in filled):
                to += 1
                rows[row] = to
        return Places(old, table, sheet, {}, rows)
    columns = {}
    for name, number in table.columns.items():
        f = sheet.by_name.get(name)
        own = sheet.own.index(name.removeprefix(OWN)) if name.startswith(OWN) else 0
        columns[number] = f.number if f else sheet.own_start + own
    to = sheet.last_column
    width = max((len(r) for r in old.rows), default=0)
    head = max(table.heading_row, 1)
    below = old.rows[head - 1 :]
    specially = {number for row, number in special if head <= row <= len(old.rows)}
    for number in range(1, width + 1):
        if number in columns or number in gone:
            continue
        if number in specially or any(cell not in _EMPTY for cell in down(below, number)):
            to += 1
            columns[number] = to
    return Places(old, table, sheet, columns, {})
