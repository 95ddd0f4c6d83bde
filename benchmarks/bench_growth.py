"""How `check` grows from a thousand rows of Files to a million: `python -m benchmarks growth`.

Up to 100,000 rows stand in the sheet, from there on in a table beside the workbook, as one would have them. Processor
time without the imports, memory as the highest of the process; each in a process of its own.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.bench_check import ALL, CHECK, workbook
from benchmarks.measuring import OURS, Row, alone

IN_SHEET = (1_000, 10_000, 100_000)
BESIDE = (100_000, 1_000_000)


def measure() -> Iterator[Row]:
    """Seconds and memory at each size, and the time of a row beside that of the size before."""
    with tempfile.TemporaryDirectory() as name:
        for where, sizes in (("in the sheet", IN_SHEET), ("in a table beside it", BESIDE)):
            before = 0.0
            for rows in sizes:
                path = workbook(Path(name), rows, side=sizes is BESIDE)
                found = alone(OURS, CHECK, path, *ALL)
                told = f"{found['time']:.2f} s, {found['peak'] / 1e6:.0f} MB"
                a_row = found["time"] / rows
                growth = f"time a row {a_row / before:.2f} x that of the size before" if before else ""
                yield f"check for all archives, {rows:,} rows {where}", told, growth or "about 1 x a row or less"
                before = a_row
