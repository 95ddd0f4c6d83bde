"""Ctrl-C goes to every process of a terminal at once: which of ours hear it, and from when on."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def unheard(method: str) -> Iterator[None]:
    """Processes that begin in this block do not hear Ctrl-C, from their first moment on: one that is loading its
    modules would tell it with a traceback. This thread hears it when the block ends. (Windows has nothing of the kind.)

    `method`: how they begin, as multiprocessing calls it.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    if method != "fork":  # begun in the block, the process that watches the others would let this thread hear again
        from multiprocessing import resource_tracker

        resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def ends_at_once() -> None:
    """From now on this process ends at Ctrl-C without a word; also at one that came before and was not heard."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
