"""How long a table of one's own takes to be understood and joined, and a large record: `python -m benchmarks fill`.

100,000 rows of six columns. Processor time, in a process of its own; the time to
map the columns and to name the rows is beside that of reading the same table, as text and as a workbook. Filling in
comes on top: every value is converted and judged as a typed one.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measuring import OURS, Row, beside, sized

ROWS = 100_000
RUNS = sized(3, 5)
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


# a screen of IDR as it is published: what reading its annotation takes, and reading it as a study
LINES = """
import csv
path = Path(sys.argv[1]) / "screenA" / "idr0999-screenA-annotation.csv"
with path.open(encoding="utf-8", newline="") as text:
    assert len(list(csv.reader(text))) > 100
"""
RECORD = """
from rembi_sheets.fill.sources import recognised

assert recognised(Path(sys.argv[1])).files is not None
"""


def main() -> None:
    for what, result, aim in measure():
        print(f"{what:62} {result:>12}   {aim}")


def measure(rows: int = ROWS) -> Iterator[Row]:
    """Reading, and reading with what the table says of its rows; seconds, and the one beside the other."""
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("csv", "xlsx"):
            path = _table(Path(folder) / f"table.{kind}", rows)
            read, known = _in_turns(READ, KNOWN, path)
            yield f"a table of {rows:,} rows (.{kind}), read: seconds", f"{read:.2f}", ""
            yield f"mapped and joined beside reading (.{kind})", f"{(known - read) / read:.1f} x", "at most 3 x"
        path = _screen(Path(folder) / "idr0999-doe-screen", rows)
        read, known = _in_turns(LINES, RECORD, path)
        yield f"a screen of IDR of {rows:,} wells, its CSV read into rows: seconds", f"{read:.2f}", ""
        yield "read as a study beside reading the CSV", f"{known / read:.1f} x", "at most 3 x"


def _in_turns(read: str, known: str, path: Path) -> tuple[float, float]:
    """Seconds that reading takes, and what is measured beside it."""
    found = beside({"read": (IMPORTS, read, path), "known": (IMPORTS, known, path)}, RUNS)
    return found["read"]["time"], found["known"]["time"]


def _screen(folder: Path, rows: int) -> Path:
    """A study of one screen, its annotation as wide as that of a compound screen."""
    (folder / "screenA").mkdir(parents=True)
    name = "Comment[IDR Screen Name]\tidr0999-doe-screen/screenA"
    lines = ("Comment[IDR Study Accession]\tidr0999", "Study Title\tT", "Screen Number\t1", name)
    (folder / "idr0999-study.txt").write_text("".join(f"{line}\n" for line in lines), "utf-8")
    own = [f"Property {n}" for n in range(12)]
    with (folder / "screenA" / "idr0999-screenA-annotation.csv").open("w", encoding="utf-8", newline="") as text:
        out = csv.writer(text)
        out.writerow(["Plate", "Well", "Characteristics [Organism]", "Compound Name", *own])
        for n in range(rows):
            well = f"{'ABCDEFGHIJKLMNOP'[n % 384 // 24]}{n % 24 + 1}"
            values = [f"value {k} of compound {n % 1200}" for k in range(len(own))]
            out.writerow([f"P{n // 384}", well, "Homo sapiens", f"C{n % 1200}", *values])
    return folder


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
