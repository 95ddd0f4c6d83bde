"""The limit of time for one file, in a process that may end: also where a library does not come back to Python.

The interpreter's own watch (faulthandler) ends the process without asking it. It is set for the whole process, so that
threads share one: it goes off at the earliest of their times, or up to a second before: it is set anew seldom.
"""

from __future__ import annotations

import faulthandler
import gc
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from multiprocessing import parent_process
from multiprocessing.connection import wait
from pathlib import Path
from typing import TextIO

from rembi_sheets import collector
from rembi_sheets.harvest.engines import Batch, Job, Row, Task

_GRAIN = 0.5
_TRIED, _WAIT, _THREADS = 8, 0.002, 8  # files that show how slow a disk is, seconds of waiting for one, threads then
_TIMES = 2  # in a row: the first files of a process wait for its modules, too
_PARENT = 2.0  # seconds between two looks at the process that gives the work, should its end not be told
_lock = threading.Lock()
_ends: dict[int, float] = {}
_set_for: list[float] = []
_nowhere: list[TextIO] = []


def with_parent(last: Callable[[], object] = lambda: None) -> None:
    """At the start of a worker: it ends with the process that gives it work, however that was ended.

    `last`: what is done then.
    """
    collector.seldom()
    gc.freeze()  # what was loaded before is never garbage
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that waits, which then ends this one
    number, parent = os.getppid(), parent_process()
    assert parent is not None

    def look() -> None:
        while not wait([parent.sentinel], _PARENT) and os.getppid() == number:
            pass
        last()
        os._exit(1)

    threading.Thread(target=look, daemon=True).start()


def guarded(task: Task, batch: Batch) -> list[Row]:
    """The rows of a batch; the process ends when one job takes longer than the task's limit.

    Where the first files are waited for (a disk across a network), the others are read by several threads.
    """
    if not task.limit:
        return [task(job) for job in batch]
    try:
        rows: list[Row] = []
        for _ in range(_TIMES):
            began = _waited()
            tried = [_timed(task, job) for job in batch[len(rows) : len(rows) + _TRIED]]
            rows += tried
            if len(tried) < _TRIED or not _slow(began, _TRIED):
                return rows + [_timed(task, job) for job in batch[len(rows) :]]
    finally:
        _leave()
    with ThreadPoolExecutor(_THREADS) as pool:
        return rows + list(pool.map(partial(_alone, task), batch[len(rows) :]))


def _alone(task: Task, job: Job) -> Row:
    try:
        return _timed(task, job)
    finally:
        _leave()


def _waited() -> tuple[float, int]:
    """Time in which this thread did not compute, and how often it gave up the processor to wait, where a system counts.

    Time alone does not tell a slow disk from a busy machine.
    """
    try:
        import resource

        waits = resource.getrusage(resource.RUSAGE_THREAD).ru_nvcsw
    except (ImportError, AttributeError):
        waits = 0
    return time.perf_counter() - time.thread_time(), waits


def _slow(began: tuple[float, int], jobs: int) -> bool:
    ended = _waited()
    counted = ended[1] > 0
    return ended[0] - began[0] > _WAIT * jobs and (not counted or ended[1] - began[1] >= jobs)


def _timed(task: Task, job: Job) -> Row:
    end, own = time.monotonic() + task.limit, threading.get_ident()
    if end - _ends.get(own, 0.0) > _GRAIN:  # most files take less by far than that
        with _lock:
            _ends[own] = end
            _set()
    return task(job)


def _leave() -> None:
    with _lock:
        _ends.pop(threading.get_ident(), None)
        _set()


def _set() -> None:
    """Set the watch for the earliest end, unless it is set for about that."""
    earliest = min(_ends.values(), default=0.0)
    if not earliest:
        faulthandler.cancel_dump_traceback_later()
        _set_for.clear()
    elif not _set_for or not -_GRAIN < earliest - _set_for[0] < _GRAIN:
        if not _nowhere:
            _nowhere.append(Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - as long as the process
        faulthandler.dump_traceback_later(max(earliest - time.monotonic(), 0.01), exit=True, file=_nowhere[0])
        _set_for[:] = [earliest]
