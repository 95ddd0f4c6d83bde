"""Tables as text -> rows: CSV with standard quoting, and tab-separated lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from rembi_sheets.archives.idr.document import Table
from rembi_sheets.archives.idr.facts import text

_LONGEST = 10 * 1024 * 1024  # letters in one cell


def read(content: str, heading: bool = True) -> tuple[Table, list[str]]:
    """A table, and the lines that do not fit its headings. What parts its cells follows from its first line.

    Empty headings at the end are left out with their cells, unless these say something.
    """
    delimiter = text.delimiter(content.lstrip("\n").partition("\n")[0])
    csv.field_size_limit(_LONGEST)
    try:
        rows = [r for r in csv.reader(io.StringIO(content, newline=""), delimiter=delimiter) if any(map(str.strip, r))]
    except csv.Error as error:
        return Table(), [f"cannot be read as a table: {error}"]
    if not heading:
        width = max(map(len, rows), default=0)
        return Table(tuple(f"column {n + 1}" for n in range(width)), tuple(tuple(r) for r in rows)), []
    return _table(rows)


def _table(rows: list[list[str]]) -> tuple[Table, list[str]]:
    if not rows:
        return Table(), []
    header = tuple(text.cell(h) for h in rows[0])
    while header and not header[-1]:
        header = header[:-1]
    width = len(header)
    odd = [
        f"line {n}: {len(r)} cells, {width} headings"
        for n, r in enumerate(rows[1:], start=2)
        if len(r) < width or any(c.strip() for c in r[width:])
    ]
    return Table(header, tuple(_fitted(r, width) for r in rows[1:])), odd


def _fitted(row: Sequence[str], width: int) -> tuple[str, ...]:
    return (*row[:width], *[""] * (width - len(row)))
