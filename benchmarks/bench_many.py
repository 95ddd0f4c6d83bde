"""`check` of 40 workbooks side by side: `python -m benchmarks many`.

Wall-clock time of the command as a person runs it, start and imports included; and what further ones take, which is the
rate without the start. The examples hold few files, so that the start is half of it; as many workbooks with a
thousand files each show what a facility's steward meets. The median of three runs, which take turns. On a machine
with one processor, or a busy one, two processes gain nothing, and the figure says so; what both need in processor time
says also there what is done twice.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from benchmarks.bench_check import workbook
from benchmarks.measuring import ROOT, Row, sized, two_at_once

WORKBOOKS = 40
FURTHER = 80
FILES = 1_000
RUNS = sized(3, 5)


def measure() -> Iterator[Row]:
    """The rate of two processes beside that of one."""
    examples = sorted((ROOT / "examples").glob("*/*.xlsx"))
    with tempfile.TemporaryDirectory() as name:
        few, many = (_laid(Path(name) / str(n), n, examples) for n in (WORKBOOKS, WORKBOOKS + FURTHER))
        larger = _laid(Path(name) / "larger", WORKBOOKS, [workbook(Path(name), FILES)])
        jobs = [(folder, workers) for folder in (few, many, larger) for workers in (1, 2)]
        runs = [[_cost(*job) for job in jobs] for _ in range(RUNS)]
    clock, processor = ([median(costs[by] for costs in of_job) for of_job in zip(*runs, strict=True)] for by in (0, 1))
    one, two, more, more_by_two, large, large_by_two = clock
    yield f"check of {WORKBOOKS} workbooks, two processes beside one", f"{one / two:.2f} x", "1.7 x"
    yield f"check of {WORKBOOKS} with {FILES:,} files each", f"{large / large_by_two:.2f} x", "1.7 x"
    yield f"  {FURTHER} further ones, without the start", f"{(more - one) / (more_by_two - two):.2f} x", "1.7 x"
    yield "  processor time of two beside one", f"{processor[1] / processor[0]:.2f} x", "about 1 x"
    yield "  what two processes of sums alone gain here", f"{two_at_once():.2f} x", ""
    yield "  seconds: one, two", f"{one:.1f}, {two:.1f}; with {FILES:,} files {large:.1f}, {large_by_two:.1f}", ""


def _laid(folder: Path, number: int, examples: Sequence[Path]) -> Path:
    """A folder with so many workbooks."""
    folder.mkdir()
    for n in range(number):
        (folder / f"{n:03}.xlsx").write_bytes(examples[n % len(examples)].read_bytes())
    return folder


def _cost(folder: Path, workers: int) -> tuple[float, float]:
    """Seconds by the clock, and of processors by the command and its processes."""
    command = [sys.executable, "-m", "rembi_sheets", "check", str(folder), "--workers", str(workers), "--quiet"]
    start, worked = time.perf_counter(), _worked()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.decode()[-2000:])
    return time.perf_counter() - start, _worked() - worked


def _worked() -> float:
    """Processor seconds of all processes begun here that have ended."""
    times = os.times()
    return times.children_user + times.children_system
