"""Book <-> Tables: headings found by their labels, every cell converted once, true sheet rows kept.

`Tables` holds one pandas DataFrame per sheet: columns by machine name (own columns under `own:<heading>`),
dtype object, index = row number in the sheet, so that a failure case of pandera is already an address.
A form (Study) is a frame of one row with index 0; the row of each field is in `Table.columns`.
A table of files beside the workbook is streamed: `Table.frame` is then empty, `Table.chunks` gives its parts.
A workbook of an older version is read by its own headings and then brought to today's form (`versions`).
"""

from rembi_sheets.tables.back import to_book
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
    frame,
    made,
)
from rembi_sheets.tables.repeats import Repeats
from rembi_sheets.tables.versions import from_book

__all__ = [
    "FILLED_IN",
    "LEFT_OVER",
    "OWN",
    "REPEAT",
    "Former",
    "Moved",
    "Repeats",
    "Table",
    "Tables",
    "archive_labels",
    "empty_table",
    "frame",
    "from_book",
    "heading_row",
    "is_plate_map",
    "made",
    "sheet_key",
    "to_book",
]
