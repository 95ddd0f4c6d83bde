"""Schedulers of dask and their workers: one that is there already, or our own on this machine.

Our own are copies of the process that has loaded the libraries, where a system can that, without the watchers (nannies)
that dask would give them: others take the place of those that end.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import threading
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from multiprocessing.util import Finalize
from typing import Protocol

from dask import config
from distributed import Client, Scheduler, Worker

from rembi_sheets.harvest.engines.watch import with_parent

_HERE = "127.0.0.1"
_COPIED = "fork" if sys.platform == "linux" else "spawn"
_AFRESH = "spawn"
_OWN = {  # what ends a worker is not tried again; nobody looks at what they tell of themselves
    "distributed.scheduler.allowed-failures": 0,
    "distributed.scheduler.no-workers-timeout": "30s",
    "distributed.scheduler.worker-saturation": float("inf"),
    "distributed.scheduler.work-stealing": False,
    "distributed.scheduler.active-memory-manager.start": False,
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.comm.require-encryption": False,
}


class Cluster(Protocol):
    """A scheduler with workers."""

    def client(self, patience: float) -> Client:
        """Who speaks with it. Raises OSError or ValueError when it does not answer within so many seconds."""

    def threads(self, client: Client) -> int:
        """How many threads its workers have now; at least one."""


class Theirs:
    """One that is there already, and that others look after."""

    def __init__(self, address: str) -> None:
        """`address`: tcp://HOST:PORT."""
        self._address = address

    def client(self, patience: float) -> Client:
        """As above."""
        return Client(self._address, set_as_default=False, timeout=patience)

    def threads(self, client: Client) -> int:
        """As above; workers come and go."""
        here: dict[str, int] = client.nthreads()
        return max(sum(here.values()), 1)


class Own:
    """Our own. It ends with this process."""

    def __init__(self, hands: int, place: str) -> None:
        """So many workers; `place`: a folder for what they keep. Raises EOFError when the scheduler cannot start."""
        config.set(_OWN)
        self._hands, self._place = hands, place
        ours, theirs = get_context(_COPIED).Pipe(duplex=False)
        _started(_COPIED, _schedule, theirs)
        theirs.close()
        self._address = str(ours.recv())
        self._workers = [self._worker(_COPIED) for _ in range(hands)]
        self._lock, self._ended = threading.Lock(), False
        Finalize(None, self._end, exitpriority=1)  # before multiprocessing ends the workers, too
        threading.Thread(target=self._tend, daemon=True).start()

    def _worker(self, how: str) -> BaseProcess:
        return _started(how, _work, self._address, self._place)

    def _tend(self) -> None:
        """Those that end are replaced; not by copies of this process, which has threads by now."""
        while wait([worker.sentinel for worker in self._workers]):
            with self._lock:
                if self._ended:
                    return
                self._workers = [w if w.is_alive() else self._worker(_AFRESH) for w in self._workers]

    def _end(self) -> None:
        with self._lock:
            self._ended = True

    def client(self, patience: float) -> Client:
        """As above."""
        return Client(self._address, set_as_default=False, timeout=patience)

    def threads(self, client: Client) -> int:
        """One a worker, also while it starts."""
        return self._hands


def _started(how: str, work: Callable[..., None], *arguments: object) -> BaseProcess:
    process: BaseProcess = get_context(how).Process(target=work, args=arguments, daemon=True)  # type: ignore[attr-defined]
    process.start()
    return process


def _schedule(told: Connection) -> None:
    _begin()

    async def serve() -> None:
        async with Scheduler(host=_HERE, dashboard=False, dashboard_address=f"{_HERE}:0") as scheduler:
            told.send(scheduler.address)
            await scheduler.finished()

    asyncio.run(serve())


def _work(address: str, place: str) -> None:
    _begin()

    async def serve() -> None:
        async with Worker(
            address, nthreads=1, host=_HERE, local_directory=place, memory_limit=0, dashboard=False
        ) as worker:
            await worker.finished()

    asyncio.run(serve())


def _begin() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with_parent()
    logging.disable()
    config.set(_OWN)
