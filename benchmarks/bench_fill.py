"""How long a table of one's own takes to be understood and joined: `python -m benchmarks fill`.

100,000 rows of six columns. Processor time, in a process of its own; the time to
map the columns and to name the rows is beside that of reading the same table, as text and as a workbook. Filling in
comes on top: every value is converted and judged as a typed one.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measuring import OURS, Row, alone

ROWS = 100_000
HEADINGS = ("Path", "Gene", "Score", "Batch", "Plate", "Well")
IMPORTS = (
    OURS
    + """
from rembi_sheets.workbook.read import foreign

path = Path(sys.argv[1])
"""
)
READ = "assert sum(len(s.rows) for s in foreign(path)) > 100"
KNOWN = """
from rembi_sheets.fill.joins import resolved
from rembi_sheets.fill.sources import recognised
from rembi_sheets.schema import load
from rembi_sheets.submission import of_records, to_tables

known = recognised(path)
assert resolved(to_tables(of_records(load(), {})), known.proposals, known.joins)[0]
"""


def main() -> None:
    for what, result, aim in measure():
        print(f"{what:62} {result:>12}   {aim}")


def measure(rows: int = ROWS) -> Iterator[Row]:
    """Reading, and reading with what the table says of its rows; seconds, and the one beside the other."""
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("csv", "xlsx"):
            path = _table(Path(folder) / f"table.{kind}", rows)
            read, known = (alone(IMPORTS, work, path)["time"] for work in (READ, KNOWN))
            yield f"a table of {rows:,} rows (.{kind}), read: seconds", f"{read:.2f}", ""
            yield f"mapped and joined beside reading (.{kind})", f"{(known - read) / read:.1f} x", "at most 3 x"


def _table(path: Path, rows: int) -> Path:
    lines = (
        (
            f"d{i % 97}/{i:06d}.tif",
            f"GENE{i % 2000}",
            f"{i % 977 / 7:.3f}",
            f"b{i % 9}",
            f"P{i // 384}",
            f"A{i % 24 + 1}",
        )
        for i in range(rows)
    )
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([HEADINGS, *lines])
        return path
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in (HEADINGS, *lines):
        sheet.append(line)
    book.save(path)
    return path


if __name__ == "__main__":
    main()
