"""`check` of 40 workbooks side by side: `python -m benchmarks many`.

Wall-clock time of the command as a person runs it, start and imports included; the quicker of two runs. On a machine
with one processor, or a busy one, two processes gain nothing, and the figure says so.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measuring import ROOT, Row, sized, two_at_once

WORKBOOKS = 40
RUNS = sized(1, 2)


def measure() -> Iterator[Row]:
    """The rate of two processes beside that of one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        examples = sorted((ROOT / "examples").glob("*/*.xlsx"))
        for n in range(WORKBOOKS):
            (folder / f"{n:02}.xlsx").write_bytes(examples[n % len(examples)].read_bytes())
        one, two = (_seconds(folder, n) for n in (1, 2))
        yield f"check of {WORKBOOKS} workbooks, two processes beside one", f"{one / two:.2f} x", "1.7 x"
        yield "  what two processes of sums alone gain here", f"{two_at_once():.2f} x", ""
        yield "  seconds: one, two", f"{one:.1f}, {two:.1f}", ""


def _seconds(folder: Path, workers: int) -> float:
    command = [sys.executable, "-m", "rembi_sheets", "check", str(folder), "--workers", str(workers), "--quiet"]
    taken = []
    for _ in range(RUNS):
        start = time.perf_counter()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        taken.append(time.perf_counter() - start)
        if done.returncode:
            raise RuntimeError(done.stderr.decode()[-2000:])
    return min(taken)
