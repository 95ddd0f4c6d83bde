"""The collector of circles (`gc`), which rests while much is made that holds none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def seldom() -> None:
    """Let it look seldom: what a command or a job builds mostly stays to its end, and looking through it takes long."""
    gc.set_threshold(50_000, 20, 50)


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
