"""Engines: who does a task over batches of files. Each is a module with one function of the same three lines:

    def run(task, batches, crew):
        for batch in batches:
            yield [task(job) for job in batch]

in whatever order, on however many machines. Only the caller writes the store. A job that ends its process, or takes
longer than the task's limit, becomes the row that the task has for it (`lost`); the others go on.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

Job = tuple[bytes, str, int]
"""Key in the store, path below the folder, bytes."""

Row = tuple[Any, ...]
Batch = list[Job]

AUTO = "auto"
NAMES = ("serial", "processes", "dask")
BESIDE = ("processes",)
"""Those beside whose work the walk goes on; the workers of dask get ready for about as long as a walk takes."""
FEW = 2_000
"""Jobs below which processes of their own are not worth their start."""


class Away(Exception):  # noqa: N818 - it is who should work that is
    """The engine cannot work; the text is for the user."""


class Task(Protocol):
    """What is done with one file; picklable. `limit`: seconds that one may take, 0 for as long as it needs."""

    @property
    def limit(self) -> float:
        """Seconds that one file may take."""

    def __call__(self, job: Job) -> Row:
        """The row of a file; never raises for what is wrong with the file."""

    def lost(self, job: Job, why: str) -> Row:
        """The row of a file whose reading ended the process, or did not end."""


@dataclass(frozen=True, slots=True)
class Crew:
    """Who works: number of processes (0: one a processor), and the address of a scheduler ('' for none)."""

    workers: int = 0
    scheduler: str = ""

    @property
    def hands(self) -> int:
        """How many processes there are."""
        return self.workers or processors()


Rows = Generator[list[Row], None, None]
Work = Callable[[Task, Iterable[Batch]], Rows]


def processors() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def chosen(name: str, jobs: int, crew: Crew) -> str:
    """The engine that `auto` means for so many jobs; a scheduler's address means dask."""
    if name != AUTO:
        return name
    if crew.scheduler:
        return "dask"
    return "serial" if jobs < FEW or crew.hands < 2 else "processes"


def engine(name: str, crew: Crew) -> AbstractContextManager[Work]:
    """An engine, which is at work as long as this is entered. Its work raises Away when it cannot be done."""
    made: AbstractContextManager[Work] = import_module(f"{__name__}.{name}").hired(crew)
    return made


class Hired(ExitStack):
    """Engines by name, each entered once and left at the end of all."""

    def __init__(self, crew: Crew) -> None:
        """Nobody yet."""
        super().__init__()
        self._crew, self._at_work = crew, dict[str, Work]()

    def __getitem__(self, name: str) -> Work:
        """The work of an engine, which begins to get ready when it is asked for first."""
        if name not in self._at_work:
            self._at_work[name] = self.enter_context(engine(name, self._crew))
        return self._at_work[name]
