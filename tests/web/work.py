"""Jobs that misbehave; they stand alone, since a worker imports what it is given."""

from __future__ import annotations

import errno
import time


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def hoard(size: int) -> int:
    return len(bytearray(size))


def full_disk(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def fail(words: str) -> None:
    raise KeyError(words)
