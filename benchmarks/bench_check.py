"""`check` on a workbook with 100,000 rows in Files, beside readers alone: `python -m benchmarks check`.

Each figure comes from a process of its own. Times are processor time without the imports; memory is what the
process took at most. Others on the same file: calamine into lists, pandas with openpyxl, frictionless if installed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

Row = tuple[str, str, str]
ROWS = 100_000
MANY = 1_000_000

_MEASURE = """
import json, resource, sys, time
from pathlib import Path
path = Path(sys.argv[1])
{imports}
memory = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
before, start = memory(), time.process_time()
{work}
print(json.dumps({{"time": time.process_time() - start, "memory": memory() - before, "total": memory()}}))
"""
_CALAMINE = (
    "import python_calamine",
    "book = python_calamine.load_workbook(str(path))\n"
    "rows = [book.get_sheet_by_name(n).to_python() for n in book.sheet_names]",
)
_PANDAS = (
    "import pandas, openpyxl",
    "frames = pandas.read_excel(path, sheet_name=None, engine='openpyxl', header=None)",
)
_FRICTIONLESS = (
    "import frictionless",
    "from frictionless import Dialect, formats\n"
    "report = frictionless.validate(path.name, basepath=str(path.parent), "
    "control=formats.ExcelControl(sheet='Files'), limit_memory=8000)",
)
_OURS = (
    "import pandas, pandera.pandas, rapidfuzz, lxml.etree\n"
    "from rembi_sheets import pipeline, checks\n"
    "from rembi_sheets.archives import package\n"
    "[package(a) for a in pipeline.load().archive_names]",
    "checked = pipeline.check(pipeline.read(path))\nassert checked.workbook.readable",
)


def measure() -> Iterator[Row]:
    """Ours beside the others, then our growth from few rows to many."""
    with tempfile.TemporaryDirectory() as name:
        path = _workbook(Path(name), ROWS)
        alone = _run(path, *_CALAMINE)
        ours = _run(path, *_OURS)
        yield f"check, {ROWS:,} rows in Files, beside calamine alone", _times(ours, alone, "time"), "2.5 x"
        yield "the same, memory", _times(ours, alone, "memory"), "4 x"
        yield "the same, in seconds: ours, calamine", f"{ours['time']:.2f}, {alone['time']:.2f}", ""
        pandas = _run(path, *_PANDAS)
        yield "pandas with openpyxl, only reading, beside calamine", _times(pandas, alone, "time"), ""
        try:
            frictionless = _run(path, *_FRICTIONLESS)
            yield "frictionless validate, beside calamine", _times(frictionless, alone, "time"), ""
        except RuntimeError:
            yield "frictionless validate, beside calamine", "not installed", ""
        few = _run(_workbook(Path(name), ROWS // 10), *_OURS)
        yield f"time a row at {ROWS:,} beside {ROWS // 10:,}", f"{ours['time'] / few['time'] / 10:.2f} x", "1 x or less"
        sides = [_run(_workbook(Path(name), n, side=True), *_OURS) for n in (ROWS, MANY)]
        growth = sides[1]["time"] / sides[0]["time"] / (MANY / ROWS)
        yield f"side table, time a row at {MANY:,} beside {ROWS:,}", f"{growth:.2f} x", "about 1 x"
        flat = sides[1]["total"] / sides[0]["total"]
        yield f"side table, memory at {MANY:,} beside {ROWS:,}", f"{flat:.2f} x", "about 1 x"


def _times(a: dict[str, float], b: dict[str, float], what: str) -> str:
    return f"{a[what] / b[what]:.2f} x"


def _run(path: Path, imports: str, work: str) -> dict[str, float]:
    script = _MEASURE.format(imports=imports, work=work)
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _workbook(folder: Path, rows: int, side: bool = False) -> Path:
    """A workbook of an example with so many rows in Files, or in the table beside it."""
    from openpyxl import Workbook

    path = folder / f"check-{rows}{'-side' if side else ''}.xlsx"
    heads = ("Path", "Image data", "Image name", "Compound Name", "Dose", "Quality Control", "Replicate", "Comments")
    lines = (
        (
            f"images/plate_{n // 384}/image_{n:07}.tif",
            "DIC images",
            f"image {n}",
            f"compound {n % 384}",
            str(n % 10 * 0.5),
            "pass",
            str(n % 3),
            f"field {n % 9}",
        )
        for n in range(rows)
    )
    title, sheets = _sheets()
    made = Workbook(write_only=True)
    for name, content in sheets.items():
        sheet = made.create_sheet(name)
        for row in content:
            sheet.append(row)
    files = made.create_sheet(title)
    files.append(heads)
    if not side:
        for line in lines:
            files.append(line)
    made.save(path)
    if side:
        with path.with_suffix(".files.tsv").open("w", encoding="utf-8") as table:
            table.writelines("\t".join(line) + "\n" for line in (heads, *lines))
    return path


def _sheets() -> tuple[str, dict[str, list[list[object]]]]:
    """The title of the sheet for files, and all other sheets of a small example as rows."""
    from rembi_sheets.schema import load
    from rembi_sheets.workbook.read import read

    home = Path(__file__).parents[1] / "examples" / "red-blood-cells" / "red-blood-cells.xlsx"
    book, _ = read(home)
    assert book is not None
    title = load()["files"].title
    sheets = {s.title: [list(r) for r in s.rows] for s in book.sheets if s.title != title and s.rows}
    return title, sheets


if __name__ == "__main__":
    for what, result, aim in measure():
        print(f"{what:62} {result:>16}   {aim}")
