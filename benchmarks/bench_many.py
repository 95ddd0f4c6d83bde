"""`check` of 40 workbooks side by side: `python -m benchmarks many`.

The rate of a command is what it gets through once it has started: further workbooks by the time they take more. Beside
it the whole command by the clock, as a person runs it, with the loading of the program, which no second process
shortens: of the examples, which hold few files, that is half of the time; as many workbooks with a thousand and ten
thousand files each show what a facility's steward meets. The median of three runs, which take turns. On a machine with
one processor, or a busy one, two processes gain nothing, and the figure says so; what both need in processor time says
also there what is done twice.
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
FILES = (1_000, 10_000)
RUNS = sized(3, 5)


def measure() -> Iterator[Row]:
    """The rate of two processes beside that of one."""
    examples = sorted((ROOT / "examples").glob("*/*.xlsx"))
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        folders = [_laid(home / str(n), n, examples) for n in (WORKBOOKS, WORKBOOKS + FURTHER)]
        folders += [_laid(home / f"files{n}", WORKBOOKS, [workbook(home, n)]) for n in FILES]
        jobs = [(folder, workers) for folder in folders for workers in (1, 2)]
        runs = [[_cost(*job) for job in jobs] for _ in range(RUNS)]
    clock, processor = ([median(costs[by] for costs in of_job) for of_job in zip(*runs, strict=True)] for by in (0, 1))
    one, two, more, more_by_two, *larger = clock
    rate = (more - one) / (more_by_two - two)
    yield f"check of {WORKBOOKS} workbooks and {FURTHER} further ones: rate of two beside one", f"{rate:.2f} x", "1.7 x"
    pairs = list(zip(FILES, larger[::2], larger[1::2], strict=True))
    for files, by_one, by_two in reversed(pairs):
        yield f"  {WORKBOOKS} with {files:,} files each, from start to end", f"{by_one / by_two:.2f} x", ""
    yield f"  {WORKBOOKS} of the examples, from start to end", f"{one / two:.2f} x", ""
    yield "  processor time of two beside one", f"{processor[1] / processor[0]:.2f} x", "about 1 x"
    yield "  what two processes of sums alone gain here", f"{two_at_once():.2f} x", ""
    seconds = "; ".join(f"{by_one:.1f}, {by_two:.1f}" for _, by_one, by_two in (("", one, two), *pairs))
    yield "  seconds of one and two: examples, then more files", seconds, ""


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
