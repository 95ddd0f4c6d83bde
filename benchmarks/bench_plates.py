"""How the IDR conversion grows with plates and images: `python benchmarks/bench_plates.py [ROWS ...]`.

Prints one line a measurement: what, result, aim. Times are processor time, each in a process of its own; what counts
is the time for a row at one size beside that at the size before (1 x is linear), and the peak of memory.
A workbook of 10, then 100 plates with 384 wells each, and files beside a workbook with up to a million images.

Figures of November 2026, two processors, Python 3.11 (check, build and render, without reading):

    38,400 wells (100 plates)     0.7 s    293 MB    0.3 x the time for a row at 10 plates
    10,000 images                 0.7 s    111 MB
    100,000 images                6.3 s    132 MB    0.9 x
    1,000,000 images               64 s    239 MB    1.0 x
"""

from __future__ import annotations

import datetime as dt
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
Row = tuple[str, str, str]
LINEAR = "at most 1.3 x"
WELLS = 384
PLATES = (10, 100)
IMAGES = (10_000, 100_000, 1_000_000)
TODAY = dt.date(2026, 11, 22)


def main() -> None:
    images = tuple(int(a) for a in sys.argv[1:]) or IMAGES
    for what, result, aim in measure(images):
        print(f"{what:62} {result:>12}   {aim}")


def measure(images: tuple[int, ...] = IMAGES) -> Iterator[Row]:
    """Time for a row beside that of the smaller size, and memory; plates in the workbook, images beside it."""
    for kind, sizes in (("plates", tuple(p * WELLS for p in PLATES)), ("images", images)):
        before: dict[str, float] = {}
        for size in sizes:
            got = _alone(kind, size)
            each = got["seconds"] / size
            yield f"IDR, {size:,} rows of {kind}: seconds", f"{got['seconds']:.1f}", ""
            yield f"IDR, {size:,} rows of {kind}: peak of memory, MB", f"{got['peak']:.0f}", ""
            if before:
                yield f"IDR, time for a row beside {before['size']:,.0f} rows", f"{each / before['each']:.2f} x", LINEAR
            before = {"each": each, "size": size}


def _alone(kind: str, size: int) -> dict[str, float]:
    """One conversion in a process of its own: processor seconds and peak of memory in megabytes."""
    done = subprocess.run(
        [sys.executable, __file__, "--one", kind, str(size)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def one(kind: str, size: int) -> dict[str, float]:
    """Check, build and render for IDR, every file made but none kept."""
    sys.path.insert(0, str(ROOT))
    from rembi_sheets import archives, pipeline
    from rembi_sheets.submission import from_tables

    with tempfile.TemporaryDirectory() as folder:
        path = _screen(Path(folder), size) if kind == "plates" else _experiment(Path(folder), size)
        workbook = pipeline.read(path)
        assert workbook.tables is not None
        submission = from_tables(workbook.tables)
        idr = archives.package("idr")
        start = time.process_time()
        stops = [f for f in idr.check(submission, TODAY) if f.severity == "error"]
        assert not stops, stops[:3]
        rendered = idr.render(idr.build(submission, TODAY).document)
        written = {n: len(c) if isinstance(c, bytes) else sum(map(len, c())) for n, c in rendered.files.items()}
        seconds = time.process_time() - start
    assert any(n.endswith("-annotation.csv") and w > size for n, w in written.items())
    return {"seconds": seconds, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


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
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(one(sys.argv[2], int(sys.argv[3]))))
    else:
        main()
