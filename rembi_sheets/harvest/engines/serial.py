"""One file after the other in this process. One that takes too long is left, where the system has an alarm for that."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import FrameType

from rembi_sheets.harvest.engines import Batch, Crew, Job, Row, Rows, Task, Work
from rembi_sheets.harvest.engines.alone import SLOW


class _Late(BaseException):
    """Not an Exception: no reader's own care for damaged files may swallow it."""


@contextmanager
def hired(crew: Crew) -> Iterator[Work]:
    """This process."""
    yield _run


def _run(task: Task, batches: Iterable[Batch]) -> Rows:
    """The rows of each batch, in order."""
    for batch in batches:
        yield _done(task, batch)


def _done(task: Task, batch: Batch) -> list[Row]:
    if not task.limit or not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        return [task(job) for job in batch]
    before = signal.signal(signal.SIGALRM, _ring)
    try:
        return [_timed(task, job) for job in batch]
    finally:
        signal.signal(signal.SIGALRM, before)


def _timed(task: Task, job: Job) -> Row:
    signal.setitimer(signal.ITIMER_REAL, task.limit)
    try:
        return task(job)
    except _Late:
        return task.lost(job, SLOW.format(limit=task.limit))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _ring(number: int, frame: FrameType | None) -> None:
    raise _Late
