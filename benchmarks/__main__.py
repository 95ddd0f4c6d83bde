"""Every benchmark, one table: `python -m benchmarks [NAME...]` (`make bench`). Figures are of this machine, today.

Those that docs/performance.md shows are written there as well.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from benchmarks import page

HOME = Path(__file__).parent


def main() -> None:
    named = sys.argv[1:]
    for path in sorted(HOME.glob("bench_*.py")):
        name = path.stem.removeprefix("bench_")
        if named and name not in named:
            continue
        print(f"{name.replace('_', ' ')}")
        rows = []
        for what, result, aim in import_module(f"benchmarks.{path.stem}").measure():
            print(f"  {what:<62} {result:>16}   {aim}", flush=True)
            rows.append((what, result, aim))
        page.put(name, rows)
        print()


if __name__ == "__main__":
    main()
