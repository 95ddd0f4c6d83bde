"""Tables -> Book."""

from __future__ import annotations

from rembi_sheets.cells import Book, Raw, Sheet
from rembi_sheets.schema import Layout
from rembi_sheets.tables.model import OWN, Tables, by_row
from rembi_sheets.values import to_cell


def to_book(tables: Tables, name: str = "") -> Book:
    """Tables -> sheets with the labels in row 1 (tables) or column A (forms) and what is filled in."""
    sheets = []
    for table in tables:
        if not len(table.frame):
            continue
        if table.sheet.layout is Layout.FORM:
            row = table.frame.iloc[0]
            rows: list[list[Raw]] = [[c.label, to_cell(row[c.name])] for c in table.sheet.columns]
        else:
            names = list(table.frame.columns)
            heads = [table.sheet.by_name[n].label if n in table.sheet.by_name else n.removeprefix(OWN) for n in names]
            rows = [[*heads], *([to_cell(v) for v in record] for _, record in by_row(table.frame))]
        sheets.append(Sheet(table.title, rows))
    return Book(name, "", tuple(sheets), tables.meta)
