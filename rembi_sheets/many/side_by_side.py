"""One function over many workbooks, in processes side by side; a bad workbook never stops the rest."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from rembi_sheets import collector, interrupts, steps
from rembi_sheets.workbook.side import ENDINGS

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext

T = TypeVar("T")

_MOST = 60  # processes; Windows waits for no more
_BROKE_OFF = "the program broke off at it, as it does when the memory does not suffice; try it alone"


@dataclass(frozen=True, slots=True)
class Failed:
    """Why there is no result for a workbook."""

    reason: str


def each(
    function: Callable[[Path], T],
    workbooks: Sequence[Path],
    workers: int = 0,
    warm: Callable[[], object] | None = None,
) -> Iterator[tuple[Path, T | Failed]]:
    """What `function` gives for each workbook, in their order.

    `function` and its results must be picklable. `workers`: processes; 0 for as many as there are processors. `warm`
    loads what `function` needs, and opens nothing that two processes cannot share.
    """
    n = min(workers or _processors(), len(workbooks), _MOST)
    made: dict[Path, T | Failed] = {}
    order = iter(workbooks)
    due = next(order, None)
    for path, result in _in_pools(function, workbooks, n, warm) if n > 1 else _in_turn(function, workbooks):
        made[path] = result
        while due is not None and due in made:
            yield due, made.pop(due)
            due = next(order, None)


def _in_turn(function: Callable[[Path], T], workbooks: Sequence[Path]) -> Iterator[tuple[Path, T | Failed]]:
    """The results, made by this process alone."""
    for done, path in enumerate(workbooks):
        _tell(done, workbooks)
        yield path, _guarded(function, path)


def _in_pools(
    function: Callable[[Path], T], workbooks: Sequence[Path], n: int, warm: Callable[[], object] | None
) -> Iterator[tuple[Path, T | Failed]]:
    """The results as they come. The largest workbooks go first, so that none is waited for alone at the end."""
    done: set[Path] = set()

    def told() -> None:
        _tell(len(done), workbooks)

    left = sorted(workbooks, key=_size, reverse=True)
    while left:
        for path, result in _pooled(function, left, n, _context(warm), told):
            done.add(path)
            yield path, result
        # where the system ended a process, it is not told which workbook that had: one of the first that are not done
        left = [path for path in left if path not in done]
        for path in left[:n]:
            done.add(path)
            alone = _pooled(function, [path], 1, _context(warm), told)
            yield next(alone, (path, Failed(_BROKE_OFF)))
        left = left[n:]


def _pooled(
    function: Callable[[Path], T],
    workbooks: Sequence[Path],
    n: int,
    context: BaseContext,
    told: Callable[[], None],
) -> Iterator[tuple[Path, T | Failed]]:
    """The results as they come, as long as no process is ended from outside; `told` when they run, and of each."""
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from concurrent.futures.process import BrokenProcessPool

    with ProcessPoolExecutor(n, context, _begin, (function,)) as pool:
        try:
            with interrupts.unheard(context.get_start_method()):
                futures = {pool.submit(_job, path): path for path in workbooks}
            told()
            for future in as_completed(futures):
                if not isinstance(future.exception(), BrokenProcessPool):
                    yield futures[future], future.result()
                    told()
        except BrokenProcessPool:  # before all were handed over
            pass
        finally:
            # waited for: the interpreter that ends in the same moment as the pool complains about its pipes
            pool.shutdown(cancel_futures=True)


def _tell(done: int, workbooks: Sequence[Path]) -> None:
    steps.tell("workbooks", done, len(workbooks))


def _context(warm: Callable[[], object] | None) -> BaseContext:
    """How the processes begin. On Linux as copies of this one, after it has loaded what they need, if nothing else runs
    in it: of a thread, copies would have what it was in the middle of. Else as is usual on the platform.
    """
    import multiprocessing

    if sys.platform == "linux" and _single():
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy would begin threads that nothing here has a use for
        if warm is not None:
            with suppress(Exception):  # what fails here fails again, where it is told
                warm()
        if _single():
            return multiprocessing.get_context("fork")
    return multiprocessing.get_context()


def _single() -> bool:
    """Has this process no thread beside the one that asks, of whatever library?"""
    try:
        return len(list(Path("/proc/self/task").iterdir())) == 1
    except OSError:
        return False


def _size(workbook: Path) -> int:
    """Bytes to be read of a workbook, with those of the table beside it, or of a folder of tables."""
    beside = [workbook, *(workbook.with_name(f"{workbook.stem}{ending}") for ending in ENDINGS)]
    try:
        files = list(workbook.iterdir()) if workbook.is_dir() else [path for path in beside if path.is_file()]
        return sum(path.stat().st_size for path in files)
    except OSError:
        return 0


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_function: Callable[[Path], Any]
"""Of a process: what it does with each workbook."""


def _begin(function: Callable[[Path], Any]) -> None:
    """What a process does before its first job."""
    global _function
    _function = function
    interrupts.ends_at_once()
    steps.unheard()
    collector.seldom()
    gc.freeze()  # what was loaded before is never garbage


def _job(path: Path) -> Any:
    return _guarded(_function, path)


def _guarded(function: Callable[[Path], T], path: Path) -> T | Failed:
    try:
        return function(path)
    except Exception as error:
        return Failed(f"rembi-sheets met a defect of its own ({type(error).__name__}: {error})")
