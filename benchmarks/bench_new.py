"""How long a blank workbook takes beside openpyxl writing the same cells bare: `python benchmarks/bench_new.py`.

Prints one line a measurement: what, result, aim. Figures are ratios of processor time in one run.

Figures of November 2026, two busy processors, Python 3.11: light 1.44, screen 1.33, cryo 1.41, volume 1.40,
correlative 1.46; the command from start to end, with all imports, 1.57.
"""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.measuring import Row, sized
from rembi_sheets import pipeline
from rembi_sheets.schema import load

AIM = "at most 1.5 x"
RUNS = sized(15, 25)
BARE = """
import json, sys
from openpyxl import Workbook
book = Workbook()
book.remove(book.active)
for title, cells in json.load(open(sys.argv[1])).items():
    sheet = book.create_sheet(title)
    for row, column, value in cells:
        sheet.cell(row, column, value)
book.save(sys.argv[2])
"""


def main() -> None:
    for what, result, aim in measure():
        print(f"{what:55} {result:>16}   {aim}")


def measure() -> Iterator[Row]:
    """The five profiles inside one process, and the command from start to end."""
    for profile in load().profiles:
        cells = _cells(pipeline.blank(profile.name))
        ratio = _ratio(partial(pipeline.blank, profile.name), partial(_bare, cells))
        yield f"new --profile {profile.name}", f"{ratio:.2f} x", AIM
    yield from _command()


def _cells(data: bytes) -> dict[str, list[tuple[int, int, object]]]:
    """The values of a workbook, and None where a cell has a style only."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data))
    return {
        s.title: [
            (c.row, c.column, c.value) for row in s.iter_rows() for c in row if c.value is not None or c.has_style
        ]
        for s in book.worksheets
    }


def _bare(cells: dict[str, list[tuple[int, int, object]]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for title, values in cells.items():
        sheet = book.create_sheet(title)
        for row, column, value in values:
            sheet.cell(row, column, value)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _ratio(job: Callable[[], object], other: Callable[[], object]) -> float:
    """Processor time of a job beside that of another: the median of many, taken in turns, after one not counted.

    Not the best: a processor that is quicker for a moment favours one of the two.
    """
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(RUNS + 1):
        for taken, run in zip(times, (job, other), strict=True):
            start = time.process_time()
            run()
            taken.append(time.process_time() - start)
    return median(times[0][1:]) / median(times[1][1:])


def _command() -> Iterator[Row]:
    """The whole command, imports included, beside a bare script that does the same cells."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "cells.json").write_text(json.dumps(_cells(pipeline.blank("light"))))
        (folder / "bare.py").write_text(BARE)
        bare = [sys.executable, str(folder / "bare.py"), str(folder / "cells.json"), str(folder / "bare.xlsx")]
        new = [sys.executable, "-m", "rembi_sheets", "new", str(folder / "new.xlsx"), "--force"]
        costs = [(_child(new), _child(bare)) for _ in range(RUNS)]
        ratio = median(new for new, _ in costs) / median(bare for _, bare in costs)
        yield "rembi-sheets new, start to end, imports included", f"{ratio:.2f} x", ""


def _child(command: list[str]) -> float:
    """Processor seconds of a child process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
