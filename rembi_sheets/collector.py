"""The collector of circles (`gc`), which rests while much is made that holds none."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = (50_000, 20, 50)
_lock = threading.Lock()
_habits: list[tuple[int, int, int]] = []  # the one outside; once for each job at work


def seldom() -> None:
    """Let it look seldom: what a command or a job builds mostly stays to its end, and looking through it takes long."""
    gc.set_threshold(*_SELDOM)


@contextmanager
def seldom_within() -> Iterator[None]:
    """The same for a job in a process of somebody else's, whose own habit comes back after the last of them."""
    with _lock:
        _habits.append(_habits[0] if _habits else gc.get_threshold())
        seldom()
    try:
        yield
    finally:
        with _lock:
            habit = _habits.pop()
            if not _habits:
                gc.set_threshold(*habit)


@contextmanager
def resting() -> Iterator[None]:
    """Within this no circles are looked for, which among many objects without any only costs time."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()
