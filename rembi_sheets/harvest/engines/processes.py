"""Processes side by side on this machine. Few batches are on their way at a time, so that memory stays flat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from itertools import islice
from multiprocessing import active_children, get_start_method

from rembi_sheets import interrupts
from rembi_sheets.harvest.engines import Batch, Crew, Row, Rows, Task, Work
from rembi_sheets.harvest.engines.alone import alone
from rembi_sheets.harvest.engines.watch import guarded, with_parent

_MOST = 60  # processes; Windows waits for no more
_AHEAD = 3  # batches on their way for each process


@contextmanager
def hired(crew: Crew) -> Iterator[Work]:
    """Processes start with the first batch of each task."""
    yield partial(_run, min(crew.hands, _MOST))


def _run(hands: int, task: Task, batches: Iterable[Batch]) -> Rows:
    """The rows of each batch, as they come. Batches whose process ended are done again one by one."""
    rest = iter(batches)
    lost: list[Batch] = [[]]
    while lost:
        lost = []
        others = set(active_children())
        with ProcessPoolExecutor(hands, initializer=with_parent) as pool:
            pending: dict[Future[list[Row]], Batch] = {}
            try:
                while True:
                    for batch in islice(rest, hands * _AHEAD - len(pending)):
                        with interrupts.unheard(get_start_method()):
                            future = pool.submit(guarded, task, batch)
                        pending[future] = batch
                    if not pending:
                        break
                    for future in wait(pending, return_when=FIRST_COMPLETED).done:
                        rows = future.result()
                        del pending[future]
                        yield rows
            except BrokenProcessPool:
                lost = list(pending.values())
            except BaseException:  # Ctrl-C, or nobody takes the rest: a batch may be gigabytes that are summed up
                for process in set(active_children()) - others:
                    process.terminate()
                raise
            finally:
                # waited for: the interpreter that ends in the same moment as the pool complains about its pipes
                pool.shutdown(cancel_futures=True)
        for batch in lost:
            yield alone(task, batch)
