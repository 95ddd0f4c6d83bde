"""Every benchmark, one table: `python -m benchmarks [NAME...]` (`make bench`). Figures are of this machine, today.

Those that docs/performance.md shows are written there as well. All together take about twenty minutes; with
REMBI_SHEETS_LONG=1 as many files and visitors are measured as the aims speak of, which takes an hour.
"""

from __future__ import annotations

import sys
import time
from importlib import import_module
from pathlib import Path

from benchmarks import page

HOME = Path(__file__).parent


def main() -> None:
    named = sys.argv[1:]
    failed: list[str] = []
    for path in sorted(HOME.glob("bench_*.py")):
        name = path.stem.removeprefix("bench_")
        if named and name not in named:
            continue
        print(f"{name.replace('_', ' ')}")
        rows = []
        begun = time.perf_counter()
        try:
            for what, result, aim in import_module(f"benchmarks.{path.stem}").measure():
                print(f"  {what:<62} {result:>16}   {aim}", flush=True)
                rows.append((what, result, aim))
        except Exception as error:  # the others are measured all the same
            print(f"  failed: {error}", flush=True)
            failed.append(name)
        else:
            page.put(name, rows)
        print(f"  ({time.perf_counter() - begun:.0f} s)\n", flush=True)
    if failed:
        sys.exit(f"Not measured: {', '.join(failed)}.")


if __name__ == "__main__":
    main()
