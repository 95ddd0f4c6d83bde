"""Workers of dask: those of a scheduler that is there already, else two or more on this machine.

Workers return rows; the folder has to be mounted at the same place for them, and rembi-sheets installed.
"""

from __future__ import annotations

import logging
import pickle
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from rembi_sheets.harvest.engines import Away, Batch, Crew, Row, Task
from rembi_sheets.harvest.engines.alone import alone
from rembi_sheets.harvest.engines.watch import guarded

_ANSWER = 10  # seconds in which a scheduler has to answer
_AHEAD = 3  # batches on their way for each thread of a worker
_TOGETHER = 2  # batches of one task: what dask does for a task takes as long as some dozens of files
_QUIET = {  # of workers of our own: nobody looks at what they would tell of themselves
    "distributed.worker.profile.enabled": False,
    "distributed.scheduler.active-memory-manager.start": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
}


def run(task: Task, batches: Iterable[Batch], crew: Crew) -> Iterator[list[Row]]:
    """The rows of each batch, as they come. What ends workers is done again here, one by one.

    Raises Away when the library is not installed, or the scheduler does not answer.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise Away("The engine dask needs its library: pip install 'rembi-sheets[cluster]'") from None
    if crew.scheduler:
        try:
            client = Client(crew.scheduler, set_as_default=False, timeout=_ANSWER)
        except (OSError, ValueError) as error:
            raise Away(f"No scheduler answers at {crew.scheduler} ({error})") from None
        with client:
            yield from _spread(client, task, batches)
        return
    from dask import config

    quiet = {"threads_per_worker": 1, "dashboard_address": None, "silence_logs": logging.CRITICAL}
    with config.set(_QUIET), LocalCluster(crew.hands, **quiet) as own, Client(own, set_as_default=False) as client:
        yield from _spread(client, task, batches)


def _spread(client: Any, task: Task, batches: Iterable[Batch]) -> Iterator[list[Row]]:
    from distributed import as_completed

    client.wait_for_workers(1)
    rest = iter(batches)
    pending: dict[str, list[Batch]] = {}
    coming = as_completed(loop=client.loop)

    def send() -> None:
        room = max(sum(client.nthreads().values()), 1) * _AHEAD - len(pending)
        while room > 0 and (some := list(islice(rest, _TOGETHER))):
            future = client.submit(_packed, task, pickle.dumps(some), pure=False)
            pending[future.key] = some
            coming.add(future)
            room -= 1

    send()
    while pending:
        future = next(coming)
        some = pending.pop(future.key)
        made = [alone(task, b) for b in some] if future.status == "error" else pickle.loads(future.result())
        send()
        yield from made


def _packed(task: Task, batches: bytes) -> bytes:
    """`guarded`, batches and rows in one piece: dask looks into every list and tuple that passes through it."""
    return pickle.dumps([guarded(task, batch) for batch in pickle.loads(batches)])
