"""Tables as text: CSV with standard quoting, and tab-separated lines without any."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from rembi_sheets.archives import Stream
from rembi_sheets.archives.idr.document import Row, Table
from rembi_sheets.archives.shared.blocks import batches, blocks, lines

_QUOTED = ',"\r\n'  # of which a cell holds one where it is quoted


def csv_stream(table: Table) -> Stream:
    """The annotation CSV, of several columns: UTF-8 without mark, LF, quotes only where a cell needs them."""

    def parts() -> Iterator[bytes]:
        yield _csv(table.header).encode("utf-8")
        for block in blocks(table.rows):
            for some in batches(lines(block, ",", _quoted)):
                yield ("\n".join(some) + "\n").encode("utf-8")

    return parts


def _csv(row: Row) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(row)
    return out.getvalue()


def _quoted(cells: Sequence[str]) -> Sequence[str]:
    """The cells of a column as CSV has them."""
    together = "".join(cells)
    if not any(sign in together for sign in _QUOTED):
        return cells
    known = {cell: _csv((cell, "")).removesuffix(",\n") for cell in set(cells)}
    return [known[cell] for cell in cells]


def tsv_stream(table: Table, heading: bool = True) -> Stream:
    """Cells between tabs, UTF-8, LF; cells hold neither tab nor line break (see `text.cell`)."""

    def parts() -> Iterator[bytes]:
        if heading:
            yield ("\t".join(table.header) + "\n").encode("utf-8")
        for block in blocks(table.rows):
            for some in batches(lines(block, "\t")):
                yield ("\n".join(some) + "\n").encode("utf-8")

    return parts
