"""Plates written shortly: ranges of wells in one row of Files, and plate maps on sheets of their own.

A `Well` such as A1:P24, or B2;B3, stands for that many wells: the row is repeated, each with its well;
all of them have the place of the row as written.

A plate map is a sheet whose title begins with “Plate map”. It holds one or more maps, anywhere:

    Compound Name | plate1; plate2 |      |         heading of a column of Files; plates (none: all of them)
                  | 1              | 2    | 3       numbers of the columns
    A             | DMSO           |      | taxol   letter of the row, then a value for each well
    B             | ...

Values go into that column of Files, into the rows of those plates and wells; a well-known heading that Files does not
have becomes a column. What a row of Files says itself goes before the map, and the first map before the next.
"""

from __future__ import annotations

from dataclasses import replace

from rembi_sheets.cells import Book
from rembi_sheets.findings import Finding
from rembi_sheets.plates.filling import filled, streamed
from rembi_sheets.plates.maps import maps
from rembi_sheets.plates.ranges import expanded
from rembi_sheets.plates.wells import PLATES, position, wells
from rembi_sheets.tables import Tables

__all__ = ["PLATES", "expand", "position", "wells"]
_FILES = "files"


def expand(tables: Tables, book: Book) -> tuple[Tables, list[Finding]]:
    """Tables with every row of Files for one well, plate maps filled in; and what could not be read or placed.

    Tables in which no row stands for several wells, of a book without plate maps, come back as they are.
    """
    findings: list[Finding] = []
    table = tables[_FILES]
    found = maps(book, table, findings)
    if table.source is not None:
        made = streamed(table, found, findings)
    else:
        made = filled(expanded(table, findings), found, findings)
    if made is table:
        return tables, findings
    return replace(tables, tables={**tables.tables, _FILES: made}), findings
