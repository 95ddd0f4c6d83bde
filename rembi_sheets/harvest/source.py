"""A file to be read: its name, size and first bytes. Opened for reading only; what is asked for in vain is Unusable."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from rembi_sheets.harvest.model import Unusable

HEAD = 1024
_READING = os.O_RDONLY | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True)
class Source:
    """A file (or a folder that is one thing): `place` on disk, `path` below the harvested folder, `size` in bytes."""

    place: str
    path: str
    size: int
    head: bytes = field(repr=False)

    @classmethod
    def of(cls, place: str | Path, path: str = "") -> Source:
        """The source of a path on disk. Raises OSError when it cannot be read."""
        place = str(place)
        path = path or Path(place).name
        try:
            opened = os.open(place, _READING)
        except OSError:
            if Path(place).is_dir():  # which some systems do not open at all
                return cls(place, path, 0, b"")
            raise
        try:
            state = os.fstat(opened)
            if stat.S_ISDIR(state.st_mode):
                return cls(place, path, 0, b"")
            return cls(place, path, state.st_size, os.read(opened, HEAD))
        finally:
            os.close(opened)

    @cached_property
    def file(self) -> Path:
        """The file on disk."""
        return Path(self.place)

    @property
    def empty(self) -> bool:
        """Is it a file in which nothing stands?"""
        return not self.head and not self.file.is_dir()

    @property
    def name(self) -> str:
        """The name of the file, in small letters."""
        return self.called.casefold()

    @property
    def called(self) -> str:
        """The name of the file as it is spelled."""
        return self.path.rpartition("/")[2]

    def open(self) -> BinaryIO:
        """The file, opened for reading."""
        return open(self.place, "rb")  # noqa: PTH123 - a Path of each file costs more than its opening

    def text_bytes(self, limit: int) -> bytes:
        """All of the file. Raises Unusable above `limit` bytes."""
        if self.size > limit:
            raise Unusable(f"it is larger than {limit // 2**20} MB, which no file of this kind is")
        return self.file.read_bytes()


def take(file: BinaryIO, offset: int, count: int) -> bytes:
    """`count` bytes from `offset`. Raises Unusable when the file ends before."""
    if offset < 0 or count < 0 or offset > 2**62:
        raise Unusable("its header points outside the file")
    file.seek(offset)
    found = file.read(count)
    if len(found) < count:
        raise Unusable("it ends in the middle of its header")
    return found
