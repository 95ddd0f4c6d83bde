"""Tables -> Book."""

from __future__ import annotations

from rembi_sheets.cells import Book, Raw, Sheet
from rembi_sheets.schema import Layout
from rembi_sheets.tables.model import OWN, Tables
from rembi_sheets.values import to_cell


def to_book(tables: Tables, name: str = "") -> Book:
    """Tables -> sheets with the labels in row 1 (tables) or column A (forms) and what is filled in."""
    sheets = []
    for table in tables:
        if not table.rows:
            continue
        if table.sheet.layout is Layout.FORM:
            rows: list[list[Raw]] = [[c.label, to_cell(table.values(c.name)[0])] for c in table.sheet.columns]
        else:
            known = table.sheet.by_name
            heads = [known[n].label if n in known else n.removeprefix(OWN) for n in table.names]
            rows = [[*heads], *([to_cell(v) for v in record] for _, record in table.records())]
        sheets.append(Sheet(table.title, rows))
    return Book(name, "", tuple(sheets), tables.meta)
