"""docs/performance.md: what was measured last, with the machine and the versions, between marks of its own."""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from benchmarks.measuring import Row

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
_LIBRARIES = ("numpy", "pandas", "pandera", "openpyxl", "python-calamine", "lxml")
_MARKED = r"<!-- measured: {} -->\n.*?<!-- measured end -->"


def put(name: str, rows: Sequence[Row]) -> bool:
    """Take up the rows of one benchmark; False where the page has no place for it."""
    text = PAGE.read_text(encoding="utf-8")
    mark = re.compile(_MARKED.format(re.escape(name)), re.DOTALL)
    if not mark.search(text):
        return False
    table = "\n".join(f"| {' | '.join(cell.strip() or ' ' for cell in row)} |" for row in rows)
    made = f"{_machine()}\n\n| What | Result | Aim |\n| --- | --- | --- |\n{table}\n"
    whole = f"<!-- measured: {name} -->\n\n{made}\n<!-- measured end -->"
    PAGE.write_text(mark.sub(lambda _: whole, text), encoding="utf-8")
    return True


def _machine() -> str:
    """The machine, the day and the versions, in a sentence."""
    model = ""
    if Path("/proc/cpuinfo").exists():
        found = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
        model = f" ({found[1]})" if found else ""
    versions = ", ".join(f"{name} {_version(name)}" for name in _LIBRARIES)
    load = f", load {os.getloadavg()[0]:.0f}" if hasattr(os, "getloadavg") else ""
    cores = f"{os.cpu_count()} cores{model}{load}"
    return f"{dt.date.today()}, {platform.system()}, {cores}; Python {platform.python_version()}, {versions}."


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"
