"""Workers of dask: those of a scheduler that is there already, else two or more on this machine.

Workers return rows; the folder has to be mounted at the same place for them, and rembi-sheets installed. A process of
its own talks with dask (desk): its libraries load and its workers start beside what this one has to do.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from tempfile import TemporaryDirectory
from typing import Any

from rembi_sheets.harvest.engines import Away, Batch, Crew, Rows, Task, Work
from rembi_sheets.harvest.engines.alone import alone
from rembi_sheets.harvest.engines.desk import serve

_ANSWER = 10.0  # seconds in which a scheduler has to answer
_LONG = 0.4  # seconds of computing in a piece of work: what dask itself does for one takes 10 to 20 ms, short or long
_MOST = 10  # batches of one
_LEAVE = 10.0  # seconds in which the desk has to end


@contextmanager
def hired(crew: Crew) -> Iterator[Work]:
    """The desk gets ready from now on. When this is left, however it is, none of its processes is left."""
    with TemporaryDirectory(prefix="rembi-sheets-", ignore_cleanup_errors=True) as place:
        ours, theirs = Pipe()
        desk = _context().Process(target=serve, args=(theirs, crew, place, _ANSWER))
        desk.start()
        theirs.close()
        try:
            yield partial(_run, ours)
        finally:
            desk.terminate()
            desk.join(_LEAVE)
            desk.kill()
            desk.join()
            ours.close()


def _context() -> Any:
    """A copy of a process in which dask was used already would wait for threads that only the first one has."""
    return get_context("spawn" if sys.modules.get("distributed") else None)


def _run(desk: Connection, task: Task, batches: Iterable[Batch]) -> Rows:
    """The rows of each batch, as they come. What ends workers is done again here, one by one.

    Raises Away when the library is not installed, or the scheduler does not answer (any more).
    """
    rest = iter(batches)
    given: dict[int, list[Batch]] = {}
    number, together, more = 0, 1, True
    while more or given:
        some = list(islice(rest, together))
        told = _traded(desk, (number, pickle.dumps((task, some))) if some else None)
        if some:
            given[number] = some
            number += 1
        more = bool(some)
        if told is None:
            continue
        which, answer = told
        batches_done = given.pop(which)
        if answer is None:
            yield from (alone(task, batch) for batch in batches_done)
        else:
            seconds, rows = pickle.loads(answer)
            together = max(1, min(_MOST, int(_LONG * len(rows) / max(seconds, 0.001))))
            yield from rows


def _traded(desk: Connection, work: tuple[int, bytes] | None) -> tuple[int, bytes | None] | None:
    try:
        told: tuple[int, bytes | None] | str | None = desk.recv()
        if not isinstance(told, str):
            desk.send(work)
            return told
    except (EOFError, OSError):
        told = "The process that talks with dask has ended; run the command again"
    raise Away(told)
