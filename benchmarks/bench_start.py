"""Starting up: `--help` beside click, a small check beside pandas, and a check of 1,000 rows beside its imports."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.measuring import ROOT, Row, sized

RUNS = sized(9, 15)
SMALL = ROOT / "examples/red-blood-cells/red-blood-cells.xlsx"
CLICK = "import click"
HELP = "from rembi_sheets.cli import main; main(['--help'])"
CHECK = "from rembi_sheets.cli import main; main(['check', {path!r}, '--quiet'])"
LOADED = """
import sys
before = list(sys.modules)
try:
    {check}
except SystemExit:
    pass
print([name for name in sys.modules if name not in before])
"""
IMPORTS = """
import importlib
for name in {names}:
    try:
        importlib.import_module(name)
    except ImportError:  # what a package puts there under a name of its own
        pass
"""


def measure() -> Iterator[Row]:
    """Processor time of whole processes, the median of several runs."""
    helped, click = _usual(HELP, CLICK)
    yield "--help beside `import click`", f"{helped / click:.2f} x", "at most 2.5 x"
    small, pandas = _usual(CHECK.format(path=str(SMALL)), "import pandas")
    yield "check of a small example beside `import pandas`", f"{small / pandas:.2f} x", "at most 2.2 x"
    with tempfile.TemporaryDirectory() as folder:
        path = _workbook(Path(folder), 1_000)
        check = CHECK.format(path=str(path))
        listed = subprocess.run([sys.executable, "-c", LOADED.format(check=check)], capture_output=True, text=True)
        names = listed.stdout.splitlines()[-1]
        whole, imports = _usual(check, IMPORTS.format(names=names))
    yield "check, 1,000 rows of Files, beside the sum of its imports", f"{whole / imports:.2f} x", "under 1.5 x"


def _workbook(folder: Path, rows: int) -> Path:
    """An example with so many files."""
    import io

    import openpyxl

    from rembi_sheets import examples

    book = openpyxl.load_workbook(io.BytesIO(examples.workbook_bytes("red-blood-cells")))
    sheet = book["Files"]
    head = next(r for r in range(1, 12) if any(c.value == "Path" for c in sheet[r]))
    column = {c.value: c.column for c in sheet[head] if c.value}
    name = next(sheet.cell(r, column["Image data"]).value for r in range(head + 1, head + 50))
    first = sheet.max_row + 1
    for i in range(rows):
        sheet.cell(first + i, column["Path"], f"more/image_{i:06}.tif")
        sheet.cell(first + i, column["Image data"], name)
    path = folder / "study.xlsx"
    book.save(path)
    return path


def _usual(*programs: str) -> list[float]:
    """Processor seconds of a fresh interpreter that runs each program, the median of RUNS.

    They take turns: a machine that is slower for a while is so for each of them.
    """
    return [median(times) for times in zip(*([_seconds(one) for one in programs] for _ in range(RUNS)), strict=True)]


def _seconds(program: str) -> float:
    wrapped = (
        "import json, resource, subprocess, sys\n"
        f"subprocess.run([sys.executable, '-c', {program!r}], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(json.dumps(used.ru_utime + used.ru_stime))"
    )
    done = subprocess.run([sys.executable, "-c", wrapped], capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout))
