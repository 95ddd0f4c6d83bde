"""The cells that may be mended: those with text in a known column, in the sheets and in the table beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rembi_sheets.cells import Book, Place, Raw, Sheet
from rembi_sheets.schema import Column, Layout
from rembi_sheets.tables import OWN, Table, Tables
from rembi_sheets.workbook.side import SideFile


def cells_of(book: Book, tables: Tables) -> Iterator[tuple[Place, Column, Raw]]:
    """Every cell with text in a known column, with what it holds."""
    by_title = {s.title: s for s in reversed(book.sheets)}
    for table in tables:
        sheet = by_title.get(table.title)
        if sheet is None or table.source is not None:
            continue
        yield from _cells_in(sheet, table)


def _cells_in(sheet: Sheet, table: Table) -> Iterator[tuple[Place, Column, Raw]]:
    for name, number in table.columns.items():
        column = _column(table, name)
        rows: Iterable[int] = (number,) if table.sheet.layout is Layout.FORM else table.frame.index
        for row in rows:
            place = table.place(int(row), name)
            cells = sheet.rows[place.row - 1]
            raw = cells[place.column - 1] if place.column <= len(cells) else None
            at = (place.row, place.column)
            struck = at in sheet.looks and sheet.looks[at].struck  # written anew, the words would stand there again
            plain = isinstance(raw, str) and raw and at not in sheet.marks and not struck
            if plain and not table.rewritten(int(row), name):
                yield place, column, raw


def cells_beside(side: SideFile, table: Table) -> Iterator[tuple[Place, Column, Raw]]:
    """Every such cell of the table beside the workbook. Raises TableError where it cannot be read."""
    wanted = [
        (n, name, _column(table, name)) for name, n in table.columns.items() if name not in table.former.rewritten
    ]
    for row, cells in enumerate(side.rows(table.heading_row), start=table.heading_row + 1):
        for number, name, column in wanted:
            raw = cells[number - 1] if number <= len(cells) else ""
            if isinstance(raw, str) and raw:
                yield table.place(row, name), column, raw


def _column(table: Table, name: str) -> Column:
    column = table.sheet.own if name.startswith(OWN) else table.sheet[name]
    assert column is not None
    return column
