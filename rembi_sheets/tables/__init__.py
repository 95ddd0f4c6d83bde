"""Book <-> Tables: headings found by their labels, every cell converted once, true sheet rows kept.

`Tables` holds the `Columns` of each sheet: by machine name (own columns under `own:<heading>`), and of each record the
row in the sheet; `Table.frame` is a pandas DataFrame of them, dtype object, with that row as its index.
A form (Study) is one record of row 0; the row of each field is in `Table.columns`.
A table of files beside the workbook is streamed: it then has no rows, and `Table.parts` gives a table for each part.
A workbook of an older version is read by its own headings and then brought to today's form (`versions`).
"""

from rembi_sheets.tables.back import to_book
from rembi_sheets.tables.columns import Columns
from rembi_sheets.tables.headings import heading_row, is_plate_map, sheet_key
from rembi_sheets.tables.model import (
    FILLED_IN,
    LEFT_OVER,
    OWN,
    REPEAT,
    Former,
    Moved,
    Table,
    Tables,
    archive_labels,
    empty_table,
    made,
)
from rembi_sheets.tables.repeats import Repeats
from rembi_sheets.tables.versions import from_book

__all__ = [
    "FILLED_IN",
    "LEFT_OVER",
    "OWN",
    "REPEAT",
    "Columns",
    "Former",
    "Moved",
    "Repeats",
    "Table",
    "Tables",
    "archive_labels",
    "empty_table",
    "from_book",
    "heading_row",
    "is_plate_map",
    "made",
    "sheet_key",
    "to_book",
]
