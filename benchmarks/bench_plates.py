"""How the IDR conversion grows with plates and images: `python -m benchmarks.bench_plates [ROWS ...]`.

Prints one line a measurement: what, result, aim. Times are processor time, each in a process of its own; what counts
is the time for a row at one size beside that at the size before (1 x is linear), and the peak of memory.
A workbook of 10, then 100 plates with 384 wells each, and files beside a workbook with up to a million images.

Figures of November 2026, two processors, Python 3.11 (check, build and render, without reading):

    38,400 wells (100 plates)     0.5 s    166 MB    0.7 x the time for a row at 10 plates
    10,000 images                 0.4 s    135 MB
    100,000 images                3.7 s    153 MB    1.0 x
    1,000,000 images               37 s    157 MB    1.0 x
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measuring import OURS, Row, alone

LINEAR = "at most 1.3 x"
WELLS = 384
PLATES = (10, 100)
IMAGES = (10_000, 100_000, 1_000_000)
IMPORTS = (
    OURS
    + """
import datetime as dt
from rembi_sheets import archives
from rembi_sheets.submission import from_tables

today = dt.date(2026, 11, 22)
submission = from_tables(pipeline.read(Path(sys.argv[1])).tables)
"""
)
WORK = """
idr = archives.package("idr")
stops = [f for f in idr.check(submission, today) if f.severity == "error"]
assert not stops, stops[:3]
rendered = idr.render(idr.build(submission, today).document)
written = {n: len(c) if isinstance(c, bytes) else sum(map(len, c())) for n, c in rendered.files.items()}
assert any(n.endswith("-annotation.csv") and w > int(sys.argv[2]) for n, w in written.items())
"""


def main() -> None:
    images = tuple(int(a) for a in sys.argv[1:]) or IMAGES
    for what, result, aim in measure(images):
        print(f"{what:62} {result:>12}   {aim}")


def measure(images: tuple[int, ...] = IMAGES) -> Iterator[Row]:
    """Time for a row beside that of the smaller size, and memory; plates in the workbook, images beside it."""
    for kind, sizes in (("plates", tuple(p * WELLS for p in PLATES)), ("images", images)):
        before: dict[str, float] = {}
        for size in sizes:
            got = _converted(kind, size)
            each = got["time"] / size
            yield f"IDR, {size:,} rows of {kind}: seconds", f"{got['time']:.1f}", ""
            yield f"IDR, {size:,} rows of {kind}: peak of memory, MB", f"{got['peak'] / (1 << 20):.0f}", ""
            if before:
                yield f"IDR, time for a row beside {before['size']:,.0f} rows", f"{each / before['each']:.2f} x", LINEAR
            before = {"each": each, "size": size}


def _converted(kind: str, size: int) -> dict[str, float]:
    """Check, build and render for IDR in a process of its own, every file made but none kept."""
    with tempfile.TemporaryDirectory() as folder:
        path = _screen(Path(folder), size) if kind == "plates" else _experiment(Path(folder), size)
        return alone(IMPORTS, WORK, path, size)


def _screen(folder: Path, size: int) -> Path:
    """A workbook with that many wells in its sheet Files."""
    from tests.archives.idr.studies import SCREEN, well

    files = []
    for n in range(size):
        plate, place = divmod(n, WELLS)
        name = f"{chr(65 + place // 24)}{place % 24 + 1}"
        status = "negative control" if place % 24 == 0 else None
        cells = {"Gene Identifier": f"ENSG{n % 20_000:011d}", "Experimental status": status}
        files.append(well(f"plate{plate + 1:03d}", name, f"compound {n % 5_000}", **cells))
    without = ("Analysed data", "Processed data columns", "Phenotypes")
    return _workbook(folder, {k: v for k, v in SCREEN.items() if k not in without} | {"Files": files}, "screen")


def _experiment(folder: Path, size: int) -> Path:
    """A workbook with that many images in the table beside it."""
    from tests.support import study

    data = {k: v for k, v in study(Study={"Archives": "IDR"}).items() if k != "Files"}
    with (folder / "study.files.tsv").open("w", encoding="utf-8") as out:
        out.write("Path\tImage data\tDataset\tTime\tGene Identifier\n")
        for n in range(size):
            day, gene = n // 50_000, n % 20_000
            out.write(f"{n // 1000:04d}/{n:07d}.tiff\tOrganoid stacks\tday {day}\t{n % 97} min\tENSG{gene:011d}\n")
    return _workbook(folder, data, "light")


def _workbook(folder: Path, data: dict[str, object], profile: str) -> Path:
    from rembi_sheets.schema import load, select
    from rembi_sheets.tables import from_book
    from rembi_sheets.workbook.write import filled
    from tests.support import book

    schema = load()
    tables, _ = from_book(book(data), schema)
    path = folder / "study.xlsx"
    path.write_bytes(filled(schema, select(schema, profile, ("idr",), "recommended"), tables))
    return path


if __name__ == "__main__":
    main()
