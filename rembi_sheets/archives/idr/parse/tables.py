"""Tables as text -> rows: CSV with standard quoting, and tab-separated lines."""

from __future__ import annotations

import csv
import io

from rembi_sheets.archives.idr.document import Table


def read_csv(content: bytes) -> tuple[Table, list[str]]:
    """An annotation CSV as OMERO reads it, and the lines whose width is not that of the header."""
    decoded = content.decode("utf-8-sig", errors="replace")
    rows = [r for r in csv.reader(io.StringIO(decoded, newline="")) if r]
    return _table(rows)


def read_tsv(content: bytes, heading: bool = True) -> tuple[Table, list[str]]:
    """A tab-separated table; cells that somebody's spreadsheet put between quotes are read without them."""
    decoded = content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    rows = [r for r in csv.reader(io.StringIO(decoded), delimiter="\t") if any(c.strip() for c in r)]
    if not heading:
        width = max((len(r) for r in rows), default=0)
        return Table(tuple(f"column {n + 1}" for n in range(width)), tuple(tuple(r) for r in rows)), []
    return _table(rows)


def _table(rows: list[list[str]]) -> tuple[Table, list[str]]:
    if not rows:
        return Table(), []
    header = tuple(rows[0])
    odd = [
        f"line {n}: {len(r)} cells, {len(header)} headings"
        for n, r in enumerate(rows, start=1)
        if len(r) != len(header)
    ]
    return Table(header, tuple(tuple(r) for r in rows[1:])), odd
