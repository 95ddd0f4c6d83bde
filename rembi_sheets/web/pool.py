"""Processes that do the work: each with a limit of memory and of time, killed and replaced when it passes one.

A job is a function of `jobs`, named as an object, with arguments and a result that can be pickled. The page's own
process never opens a visitor's file; whatever happens in a worker, the page stays up.
"""

from __future__ import annotations

import errno
import gc
import logging
import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from enum import Enum
from multiprocessing.connection import Connection
from pathlib import PurePath
from typing import Any, ParamSpec, TypeVar

from rembi_sheets import collector, interrupts

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger("rembi_sheets.web")
_FULL = {getattr(errno, name, None) for name in ("ENOSPC", "EDQUOT", "EFBIG")}
_JOBS_A_WORKER = 200  # then a fresh one takes its place, so that no leak grows


class WorkError(Exception):
    """A job without a result; the message says why in words for the visitor. `ours`: it is a fault of the program."""

    ours = False


class TookTooLongError(WorkError):
    """A job that passed the limit of time."""


class BrokeOffError(WorkError):
    """A worker that ended in the middle, as it does when the memory does not suffice."""


class ClosedError(WorkError):
    """The page is being closed."""

    def __init__(self) -> None:
        super().__init__("This page is about to be closed. Try it again in a minute.")


class BusyError(WorkError):
    """The line is full."""


class NoRoomError(WorkError):
    """A job that could not write: the disk is full."""


class DefectError(WorkError):
    """An exception in a job: a fault of the program."""

    ours = True


class _Broken(Enum):
    """Why a job has no result and no fault of ours."""

    MEMORY = "memory"
    DISK = "disk"


def _work(pipe: Connection, memory: int, prepare: Callable[[], None] | None) -> None:
    """The life of a worker: a job, its result, the next job."""
    import signal

    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the page ends its workers itself
    with suppress(ImportError, ValueError, OSError):  # not on Windows; where the system sets a lower one
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    collector.seldom()
    if prepare is not None:
        prepare()
    gc.freeze()  # what every job needs is never garbage
    pipe.send((True, None))
    while True:
        try:
            function, args = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            answer: tuple[bool, Any] = (True, function(*args))
        except MemoryError:
            answer = (False, _Broken.MEMORY)
        except Exception as error:  # told as a defect of ours; its text may hold a visitor's words and stays here
            answer = (False, _Broken.DISK if disk_full(error) else _where(error))
        try:
            pipe.send(answer)
        except (OSError, ValueError, MemoryError):
            return


def disk_full(error: BaseException | None) -> bool:
    """Is it, or does it come from, a write for which there was no room?"""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _FULL:
            return True
        error = error.__cause__ or error.__context__
    return False


def _where(error: Exception) -> str:
    import traceback

    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {PurePath(where.filename).name}:{where.lineno}"


def _nothing() -> None:
    """No work; it shows that a worker has started."""


class _Worker:
    """One process and the pipe to it."""

    def __init__(self, memory: int, prepare: Callable[[], None] | None) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, memory, prepare), daemon=True)
        with interrupts.unheard(context.get_start_method()):  # also while it begins: until it says so itself in `_work`
            self._process.start()
        theirs.close()
        self._ready = False
        self.jobs = 0

    def run(self, function: Callable[..., T], args: tuple[Any, ...], seconds: float) -> T:
        """The result of a job. Raises WorkError; but for DefectError and NoRoomError the worker is of no use then."""
        try:
            if not self._ready:
                if not self._pipe.poll(max(seconds, 60.0)):
                    raise TookTooLongError("The program did not start in time. Try it again in a minute.")
                self._pipe.recv()
                self._ready = True
            self.jobs += 1
            self._pipe.send((function, args))
            if not self._pipe.poll(seconds):
                raise TookTooLongError(f"It took longer than {_seconds(seconds)} and was stopped.")
            good, result = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise BrokeOffError(
                "It needed more memory than this page gives to one workbook, and was stopped."
            ) from error
        if good:
            return result  # type: ignore[no-any-return]
        if result is _Broken.MEMORY:
            raise BrokeOffError("It needed more memory than this page gives to one workbook, and was stopped.")
        if result is _Broken.DISK:
            raise NoRoomError("The disk of this page is full. Try it again later.")
        raise DefectError(result)

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid or 0

    def kill(self) -> None:
        """Kill the process, from any thread. The one that waits for it is told by the pipe, which stays open for that:
        the system may give the number of a closed one to another file, on which that thread would wait in vain.
        """
        self._process.kill()

    def end(self) -> None:
        """Kill the process and leave nothing of it; nobody waits for it."""
        self._process.kill()
        self._process.join(5)
        with suppress(OSError, ValueError):
            self._pipe.close()


def _seconds(seconds: float) -> str:
    return f"{seconds:.0f} seconds" if seconds >= 2 else "a second"


class Pool:
    """Workers and the line before them. Each thread of the line owns one worker."""

    def __init__(
        self,
        workers: int,
        memory: int,
        seconds: float,
        waiting: int,
        prepare: Callable[[], None] | None = None,
    ) -> None:
        """`prepare` is what a worker does once, before its first job."""
        self._memory, self._seconds, self._waiting, self._prepare = memory, seconds, waiting, prepare
        self._own = threading.local()
        self._all: set[_Worker] = set()
        self._lock = threading.Lock()
        self._line, self._closed = 0, False
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="work", initializer=self._begin)
        self._workers = workers

    def warm(self) -> None:
        """Start every worker before the first visitor comes."""
        for _ in range(self._workers):
            self._threads.submit(self._run, _nothing, ())

    def submit(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """A job for the line. Raises BusyError when it is full; `Future.result` raises WorkError."""
        assert not kwargs
        with self._lock:
            if self._line >= self._waiting:
                raise BusyError("Too many people are using this page just now. Try it again in a minute.")
            self._line += 1
        try:
            future = self._threads.submit(self._run, function, args)
        except RuntimeError as error:
            self._left()
            raise ClosedError from error
        future.add_done_callback(lambda _: self._left())
        return future

    def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of a job. Raises WorkError."""
        return self.submit(function, *args, **kwargs).result()

    def close(self) -> None:
        """End all workers; jobs in the line are given up."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            self._closed = True
            workers = list(self._all)
        for worker in workers:
            worker.kill()
        self._threads.shutdown(wait=True)
        for worker in workers:
            worker.end()

    def pids(self) -> list[int]:
        """The processes, for measurements and tests."""
        with self._lock:
            return [w.pid for w in self._all]

    def _left(self) -> None:
        with self._lock:
            self._line -= 1

    def _begin(self) -> None:
        """A worker for this thread, unless the page is being closed."""
        self._own.worker = None
        if self._closed:
            return
        worker = _Worker(self._memory, self._prepare)
        with self._lock:
            if not self._closed:
                self._own.worker = worker
                self._all.add(worker)
                return
        worker.end()

    def _replace(self) -> None:
        worker: _Worker = self._own.worker
        with self._lock:
            self._all.discard(worker)
        worker.end()
        self._begin()

    def _run(self, function: Callable[..., T], args: tuple[Any, ...]) -> T:
        worker: _Worker | None = self._own.worker
        begun = time.monotonic()
        if worker is None:
            raise ClosedError
        try:
            return worker.run(function, args, self._seconds)
        except (DefectError, NoRoomError):
            raise
        except WorkError as error:
            if self._closed:
                raise ClosedError from error
            log.warning("worker replaced after %.1f s: %s", time.monotonic() - begun, type(error).__name__)
            self._replace()
            raise
        finally:
            if self._own.worker is worker and worker.jobs >= _JOBS_A_WORKER and not self._closed:
                self._replace()
