"""The process that talks with dask: it takes work from the one that started it, and gives back what workers return.

It speaks first, and is answered with the next work (a number, bytes), or with None when there is none. It says: (number
of a work, its rows as bytes, or None where it ended its workers); None, to ask for work alone; or a text, why it cannot
go on.
"""

from __future__ import annotations

import logging
import pickle
import signal
import sys
import time
from functools import partial
from multiprocessing.connection import Connection
from shutil import rmtree
from typing import TYPE_CHECKING

from rembi_sheets import collector
from rembi_sheets.harvest.engines import Crew
from rembi_sheets.harvest.engines.watch import guarded, with_parent

if TYPE_CHECKING:
    from distributed import Client, Future

    from rembi_sheets.harvest.engines.cluster import Cluster

_AHEAD = 3  # pieces of work on their way for each thread of a worker
_COUNTED = 2.0  # seconds between two looks at how many threads there are


def serve(parent: Connection, crew: Crew, place: str, patience: float) -> None:
    """Serve the process at the other end until it ends this one.

    `place`: a folder for what workers keep; `patience`: seconds in which a scheduler has to answer.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with_parent(partial(rmtree, place, ignore_errors=True))
    logging.disable()
    try:
        from rembi_sheets.harvest.engines.cluster import Own, Theirs
    except ImportError:
        parent.send("The engine dask needs its library: pip install 'rembi-sheets[cluster]'")
        return
    where = crew.scheduler or "this machine"
    try:
        cluster = Theirs(crew.scheduler) if crew.scheduler else Own(crew.hands, place)
        client = cluster.client(patience)
    except (OSError, EOFError, ValueError) as error:
        parent.send(f"No scheduler answers at {where} ({error})")
        return
    try:
        _spread(parent, cluster, client)
    except (EOFError, ConnectionError):
        return  # the one that started this process is gone
    except Exception as error:  # dask has many kinds, for a scheduler that is gone as for workers that cannot read
        parent.send(f"The workers at {where} do not go on ({error})")


def _spread(parent: Connection, cluster: Cluster, client: Client) -> None:
    from distributed import as_completed

    coming = as_completed(loop=client.loop)
    pending: dict[str, int] = {}
    told: tuple[int, bytes | None] | None = None
    counted = room = 0.0
    while True:
        if time.monotonic() > counted:
            counted, room = time.monotonic() + _COUNTED, cluster.threads(client) * _AHEAD
        parent.send(told)
        told = None
        if work := parent.recv():
            number, content = work
            future = client.submit(_done, content, pure=False)
            pending[future.key] = number
            coming.add(future)
            if len(pending) < room:
                continue
        if pending:
            future = next(coming)
            told = pending.pop(future.key), _rows(future)


def _rows(future: Future) -> bytes | None:
    """What was returned; None where workers ended over it. Raises RuntimeError where nobody works."""
    from distributed import CancelledError, KilledWorker

    try:
        rows: bytes = future.result()
    except KilledWorker:
        return None
    except (Exception, CancelledError) as error:  # of dask, or of what is installed there: a task raises none
        raise RuntimeError(f"{type(error).__name__}: {error}".splitlines()[0]) from None
    return rows


def _done(work: bytes) -> bytes:
    """Seconds and rows of work, in one piece: dask looks into every list and tuple that passes through it."""
    task, batches = pickle.loads(work)
    began = time.thread_time()
    with collector.seldom_within():
        rows = [guarded(task, batch) for batch in batches]
    return pickle.dumps((time.thread_time() - began, rows))
