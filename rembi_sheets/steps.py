"""How far long work is, told to whoever listens: a terminal, a test. Nobody does unless the edge asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """So many of the `things` are done, of how many; 0 where that is not known. None done of none: what goes on."""

    things: str
    done: int = 0
    total: int = 0


Listener = Callable[[Step], None]

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


def tell(things: str, done: int = 0, total: int = 0) -> None:
    """Say how far it is; for small things once in a while."""
    listener = _listener.get()
    if listener is not None:
        listener(Step(things, done, total))


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Within this `listener` is told the steps that are made here; it is to be quick."""
    before = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(before)


def unheard() -> None:
    """From here on nobody listens: a process that began as a copy of another one is not to write on its terminal."""
    _listener.set(None)
