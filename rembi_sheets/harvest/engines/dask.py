"""Workers of dask: those of a scheduler that is there already, else two or more on this machine.

Workers return rows; the folder has to be mounted at the same place for them, and rembi-sheets installed.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from rembi_sheets.harvest.engines import Away, Batch, Crew, Row, Task
from rembi_sheets.harvest.engines.alone import alone
from rembi_sheets.harvest.engines.watch import guarded

_ANSWER = 10  # seconds in which a scheduler has to answer
_AHEAD = 3  # batches on their way for each thread of a worker


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
    with (
        LocalCluster(n_workers=crew.hands, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield from _spread(client, task, batches)


def _spread(client: Any, task: Task, batches: Iterable[Batch]) -> Iterator[list[Row]]:
    from distributed import as_completed

    client.wait_for_workers(1)
    rest = iter(batches)
    pending: dict[str, Batch] = {}
    coming = as_completed(loop=client.loop)

    def send() -> None:
        room = max(sum(client.nthreads().values()), 1) * _AHEAD - len(pending)
        for batch in islice(rest, max(room, 0)):
            future = client.submit(_packed, task, pickle.dumps(batch), pure=False)
            pending[future.key] = batch
            coming.add(future)

    send()
    while pending:
        future = next(coming)
        batch = pending.pop(future.key)
        rows = alone(task, batch) if future.status == "error" else pickle.loads(future.result())
        send()
        yield rows


def _packed(task: Task, batch: bytes) -> bytes:
    """`guarded`, with batch and rows as one piece each: dask looks into every list and tuple that passes through it."""
    return pickle.dumps(guarded(task, pickle.loads(batch)))
