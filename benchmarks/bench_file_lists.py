"""How BioImage Archive's file lists grow with the number of files: `python -m benchmarks file_lists`.

A workbook with its files in a table beside it, 10 thousand rows and ten times as many (with REMBI_SHEETS_LONG=1 a
million as well), each size in a process of its own.
Prints one line a measurement: what, result, aim. Times are processor time; memory is the highest of the process.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measuring import OURS, Row, alone, sized, times
from rembi_sheets import examples

SIZES = (10_000, 100_000, 1_000_000)[: sized(2, 3)]
EXAMPLE = "red-blood-cells"
IMAGE_DATA = "DIC images"
ARCHIVE = "bioimage-archive"
IMPORTS = (
    OURS
    + """
import datetime as dt
from rembi_sheets.archives import package
from rembi_sheets.submission import from_tables

submission = from_tables(pipeline.read(Path(sys.argv[1])).tables)
"""
)
WORK = """
begun = time.process_time()
rows = sum(len(part.rows) for part in submission.file_parts())
read = time.process_time() - begun
begun = time.process_time()
archive = package(sys.argv[2])
files = archive.render(archive.build(submission, dt.date.today()).document).files
size = sum(len(part) for content in files.values() if callable(content) for part in content())
told = {"rows": rows, "read": read, "made": time.process_time() - begun, "size": size}
"""


def main() -> None:
    for what, result, aim in measure():
        print(f"{what:55} {result:>16}   {aim}")


def measure() -> Iterator[Row]:
    """Time a row at each size beside that at the size before, memory at the largest beside that at the smallest."""
    with tempfile.TemporaryDirectory() as name:
        runs = [_run(Path(name), size) for size in SIZES]
    for size, run in zip(SIZES, runs, strict=True):
        yield f"file lists of {size:,} files beside reading them", f"{run['made'] / run['read']:.2f} x", "at most 2 x"
    for (few, before), (many, after) in zip(
        zip(SIZES, runs, strict=True), list(zip(SIZES, runs, strict=True))[1:], strict=False
    ):
        ratio = (after["made"] / many) / (before["made"] / few)
        yield f"time a file at {many:,} beside {few:,}", f"{ratio:.2f} x", "about 1 x (linear)"
    yield f"memory at {SIZES[-1]:,} beside {SIZES[0]:,}", times(runs[-1], runs[0], "peak"), "about 1 x (flat)"


def _run(folder: Path, size: int) -> dict[str, float]:
    """One size, in a process of its own."""
    workbook = folder / f"files{size}.xlsx"
    workbook.write_bytes(_without_files())
    with workbook.with_suffix(".files.tsv").open("w", encoding="utf-8") as table:
        table.write("Path\tImage data\tdose\n")
        table.writelines(f"images/plate_{n // 384}/image_{n:07}.tif\t{IMAGE_DATA}\t{n % 7}\n" for n in range(size))
    found = alone(IMPORTS, WORK, workbook, ARCHIVE)
    assert found["rows"] == size and found["size"] > size
    return found


def _without_files() -> bytes:
    """The workbook of an example with an empty sheet Files."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(examples.workbook_bytes(EXAMPLE)))
    sheet = book["Files"]
    heading = next(r for r in range(1, 40) if sheet.cell(r, 1).value and str(sheet.cell(r, 1).value).startswith("Path"))
    for row in sheet.iter_rows(min_row=heading + 1):
        for cell in row:
            if cell.value is not None:
                cell.value = None
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


if __name__ == "__main__":
    main()
