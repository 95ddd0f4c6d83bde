"""How much memory the header of one file may take, where the system can limit that.

Libraries ask for as much as a damaged length says (4 GB for a text of HDF5); under the limit they fail at once instead.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

MOST = 2**30
"""Bytes above what the process has before."""

_STATE = "/proc/self/statm"
_FRESH = 0.2
"""Seconds for which it stays true what the process has: the next small file comes within a thousandth."""
_lock = threading.Lock()
_before: list[tuple[int, int]] = []  # the limits outside; once for each reader at work
_had = (float("-inf"), 0)  # when it was looked at, pages


def _pages() -> int:
    """The pages of memory that the process has, or had just before; OSError where no system tells."""
    global _had
    now = time.monotonic()
    if now - _had[0] > _FRESH:
        _had = now, _counted()
    return _had[1]


def _counted() -> int:
    opened = os.open(_STATE, os.O_RDONLY)
    try:
        return int(os.read(opened, 64).split(maxsplit=1)[0])
    finally:
        os.close(opened)


@contextmanager
def limited(more: int = 0) -> Iterator[None]:
    """Within this, what would go beyond the limit is a MemoryError. `more`: bytes besides (a file that is mapped).

    The limit is that of the process: of readers at work side by side (threads) the first sets it.
    """
    try:
        import resource

        pages = _pages()
    except (ImportError, OSError, ValueError):
        yield
        return
    with _lock:
        outside = resource.getrlimit(resource.RLIMIT_AS)
        if not _before:
            wanted = pages * resource.getpagesize() + MOST + more
            soft, hard = outside
            if soft == resource.RLIM_INFINITY or wanted < soft:
                with suppress(ValueError, OSError):
                    resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
        _before.append(_before[0] if _before else outside)
    try:
        yield
    finally:
        with _lock:
            outside = _before.pop()
            if not _before:
                with suppress(ValueError, OSError):
                    resource.setrlimit(resource.RLIMIT_AS, outside)
