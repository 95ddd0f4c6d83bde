"""One function over many workbooks, in processes side by side; a bad workbook never stops the rest."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

_MOST = 60  # processes; Windows waits for no more
_BROKE_OFF = "the program broke off at it, as it does when the memory does not suffice; try it alone"


@dataclass(frozen=True, slots=True)
class Failed:
    """Why there is no result for a workbook."""

    reason: str


def side_by_side(
    function: Callable[[Path], T], workbooks: Sequence[Path], workers: int = 0
) -> Iterator[tuple[Path, T | Failed]]:
    """What `function` gives for each workbook, in their order.

    `function` and its results must be picklable. `workers`: processes; 0 for as many as there are processors.
    """
    n = min(workers or _processors(), len(workbooks), _MOST)
    if n <= 1:
        yield from ((path, _guarded(function, path)) for path in workbooks)
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    rest = list(workbooks)
    while rest:
        done = 0
        with ProcessPoolExecutor(n) as pool:
            futures = [pool.submit(_guarded, function, path) for path in rest]
            try:
                for path, future in zip(rest, futures, strict=True):
                    yield path, future.result()
                    done += 1
            except BrokenProcessPool:  # the system ended a process; which workbook it had is not told
                pass
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
        rest = rest[done:]
        if rest:
            yield rest[0], _alone(function, rest[0])
            rest = rest[1:]


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _alone(function: Callable[[Path], T], path: Path) -> T | Failed:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    with ProcessPoolExecutor(1) as pool:
        try:
            return pool.submit(_guarded, function, path).result()
        except BrokenProcessPool:
            return Failed(_BROKE_OFF)


def _guarded(function: Callable[[Path], T], path: Path) -> T | Failed:
    try:
        return function(path)
    except Exception as error:
        return Failed(f"rembi-sheets met a defect of its own ({type(error).__name__}: {error})")
