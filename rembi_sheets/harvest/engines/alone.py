"""Jobs one by one in a process of their own: where a batch ended its process, this finds the file that did it."""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_start_method

from rembi_sheets import interrupts
from rembi_sheets.harvest.engines import Batch, Row, Task
from rembi_sheets.harvest.engines.watch import guarded, with_parent

ENDED, SLOW = (
    "reading it ends the program; it is set aside",
    "reading it takes longer than {limit:g} seconds; it is set aside",
)


def alone(task: Task, batch: Batch) -> list[Row]:
    """The rows of a batch, in its order; those of the jobs that end their process are what the task has for them."""
    rows: list[Row] = []
    while len(rows) < len(batch):
        with ProcessPoolExecutor(1, initializer=with_parent) as pool:
            for job in batch[len(rows) :]:
                began = time.monotonic()
                try:
                    with interrupts.unheard(get_start_method()):
                        future = pool.submit(guarded, task, [job])
                    rows += future.result()
                except BrokenProcessPool:
                    slow = task.limit and time.monotonic() - began > task.limit * 0.9
                    rows.append(task.lost(job, SLOW.format(limit=task.limit) if slow else ENDED))
                    break
    return rows
