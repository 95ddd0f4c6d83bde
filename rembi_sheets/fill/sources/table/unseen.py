"""What of a sheet nobody sees is read like the rest, and said: hidden columns and rows that hold something."""

from __future__ import annotations

from collections.abc import Iterator

from rembi_sheets.cells import Sheet, letters
from rembi_sheets.fill.model import Unplaced
from rembi_sheets.fill.sources.table.rows import shown
from rembi_sheets.plates.grids import empty

_HIDDEN = "hidden in the workbook, and read like the rest; look at it, and take out what you do not mean"
_NAMED = 5


def told(sheet: Sheet, file: str) -> Iterator[Unplaced]:
    """What is hidden of a sheet with a table, or the sheet itself."""
    if sheet.hidden:
        yield Unplaced(file, f"sheet {sheet.title}", "", _HIDDEN)
    columns = [n for n in sorted(sheet.unseen.columns) if any(n <= len(r) and not empty(r[n - 1]) for r in sheet.rows)]
    if columns:
        more = f" and {len(columns) - _NAMED} more" if len(columns) > _NAMED else ""
        named = ", ".join(map(letters, columns[:_NAMED]))
        yield Unplaced(file, f"{sheet.title} column{'s' if len(columns) > 1 else ''} {named}{more}", "", _HIDDEN)
    there = (n for n in sorted(sheet.unseen.rows) if n <= len(sheet.rows))
    rows = [n for n in there if not all(map(empty, sheet.rows[n - 1]))]
    if rows:
        yield Unplaced(file, f"{sheet.title} {shown(rows)}", "", _HIDDEN)
