"""What the measurements share: a piece of Python in a process of its own, its processor time and its memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

Row = tuple[str, str, str]
"""What, result, aim."""

ROOT = Path(__file__).parents[1]

# What is installed has been compiled, so that a start is not measured with the compiling of its modules.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def sized(usual: int, whole: int) -> int:
    """How many of something are measured: as many as the aims speak of only with REMBI_SHEETS_LONG=1."""
    return whole if os.environ.get("REMBI_SHEETS_LONG") else usual


# The peak of a process on Linux is taken from its own memory: that of `resource` begins with the parent's.
_PROGRAM = """
import json, sys, time
from pathlib import Path

def peak():
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        import resource
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << (0 if sys.platform == "darwin" else 10)

{imports}
before, start = peak(), time.process_time()
{work}
time_ = time.process_time() - start
print(json.dumps({{"time": time_, "memory": peak() - before, "peak": peak(), **globals().get("told", {{}})}}))
"""

# Everything of ours and what it loads at its first use, so that no import is counted as work; not what talks with dask,
# which no command loads itself, and among whose objects the collector would look for long.
OURS = """
import importlib, pkgutil
import jinja2, lxml.etree, openpyxl, pandas, pandera.pandas, python_calamine, rapidfuzz
import rembi_sheets
for module in pkgutil.walk_packages(rembi_sheets.__path__, "rembi_sheets."):
    if not module.name.endswith(("__main__", "engines.cluster")):
        importlib.import_module(module.name)
pandera.pandas.DataFrameSchema({}).validate(pandas.DataFrame())
from rembi_sheets import pipeline
"""


def middle(runs: Sequence[dict[str, float]], what: str = "time") -> dict[str, float]:
    """The median of several runs: the quickest may have met a moment in which the processor was quicker."""
    return sorted(runs, key=lambda run: run[what])[len(runs) // 2]


def alone(
    imports: str, work: str, *arguments: object, runs: int = 1, python: Path | str = sys.executable
) -> dict[str, float]:
    """`work` after `imports` in a new interpreter (arguments in sys.argv); the median of `runs`.

    Gives `time` (processor seconds of the work), `memory` (bytes the peak grew by), `peak` (bytes), and what the work
    put into a dict `told`. Raises RuntimeError with its last words when it fails.
    """
    script = _PROGRAM.format(imports=textwrap.dedent(imports), work=textwrap.dedent(work))
    command = [str(python), "-c", script, *map(str, arguments)]
    found: list[dict[str, float]] = []
    for _ in range(runs):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        found.append(json.loads(done.stdout.splitlines()[-1]))
    return middle(found)


def beside(jobs: Mapping[str, tuple[object, ...]], runs: int) -> dict[str, dict[str, float]]:
    """`alone` of several jobs by name (imports, work, arguments), one after the other and all of it `runs` times.

    A machine that is slower for a while is so for each of them. Gives the median of each.
    """
    found: dict[str, list[dict[str, float]]] = {name: [] for name in jobs}
    for _ in range(runs):
        for name, (imports, work, *arguments) in jobs.items():
            found[name].append(alone(str(imports), str(work), *arguments))
    return {name: middle(runs) for name, runs in found.items()}


def two_at_once() -> float:
    """How many times the work of one process two do side by side on this machine now: 2 with two idle processors.

    The work is sums alone, no disk and no memory: more than this no two processes gain. The best of three.
    """
    command = [sys.executable, "-c", "sum(i * i for i in range(6_000_000))"]

    def seconds(together: int) -> float:
        start = time.perf_counter()
        running = [subprocess.Popen(command) for _ in range(together)]
        for one in running:
            one.wait()
        return time.perf_counter() - start

    return max(2 * seconds(1) / seconds(2) for _ in range(3))


def times(a: dict[str, float], b: dict[str, float], what: str = "time") -> str:
    """The ratio of two runs in words."""
    return f"{a[what] / b[what]:.2f} x"
