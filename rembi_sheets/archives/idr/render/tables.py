"""Tables as text: CSV with standard quoting, and tab-separated lines without any."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from rembi_sheets.archives import Stream
from rembi_sheets.archives.idr.document import Row, Table

_CHUNK = 5000


def csv_stream(table: Table) -> Stream:
    """The annotation CSV: UTF-8 without mark, LF, quotes only where a cell needs them."""

    def parts() -> Iterator[bytes]:
        for rows in _batches([table.header], table.rows):
            out = io.StringIO()
            csv.writer(out, lineterminator="\n").writerows(rows)
            yield out.getvalue().encode("utf-8")

    return parts


def tsv_stream(table: Table, heading: bool = True) -> Stream:
    """Cells between tabs, UTF-8, LF; cells hold neither tab nor line break (see `text.cell`)."""

    def parts() -> Iterator[bytes]:
        for rows in _batches([table.header] if heading else [], table.rows):
            yield ("\n".join(map("\t".join, rows)) + "\n").encode("utf-8")

    return parts


def _batches(first: list[Row], rows: Iterable[Row]) -> Iterator[list[Row]]:
    remaining = chain(first, rows)
    while batch := list(islice(remaining, _CHUNK)):
        yield batch
