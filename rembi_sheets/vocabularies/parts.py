"""Parts of a file that are read in place, behind the pages of SQLite, which leaves alone what follows them.

At the end of the file stands which parts there are, where, and the sum of each by which a damaged one is known; the
last bytes tell how long the file is, so that one that was cut off is known, too. Nothing is loaded: the system maps the
file into memory, and shares what was read among all programs that ask.
"""

from __future__ import annotations

import mmap
import os
import sqlite3
import struct
import sys
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal
from zlib import crc32

_PART = struct.Struct("<16sQQI")  # name, place, length, sum
_END = struct.Struct("<8sIIQ")  # sign, number of parts, sum of what is told of them, length of the file
_SIGN = b"rembi-w1"
_STEP = 8  # every part begins at a multiple of it
Kind = Literal["I", "Q"]
_AT_ONCE = 1 << 20


class Damaged(sqlite3.DatabaseError):
    """The file is not as it was written: met like any other fault of a vocabulary's file."""


def append(path: Path, parts: Iterable[tuple[str, Iterable[bytes]]]) -> None:
    """Write parts, each given as the pieces that it is made of, behind what stands in the file."""
    told, number = b"", 0
    with path.open("ab") as file:
        for name, pieces in parts:
            file.write(bytes(-file.tell() % _STEP))
            begin, known = file.tell(), 0
            for piece in pieces:
                file.write(piece)
                known = crc32(piece, known)
            number += 1
            told += _PART.pack(name.encode(), begin, file.tell() - begin, known)
        length = file.tell() + len(told) + _END.size
        file.write(told + _END.pack(_SIGN, number, crc32(told), length))


class Parts:
    """The parts of one file, which is mapped as long as this is open."""

    def __init__(self, path: Path) -> None:
        """Raises `Damaged` where the file is not whole, `OSError` where it cannot be read."""
        self._path, self._views = path, list[memoryview]()
        with path.open("rb") as file:
            self._told = _told(file.fileno())
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def raw(self, name: str) -> memoryview:
        """The bytes of a part, which may be damaged: whoever reads them has to know."""
        begin, length, _ = self._told[name]
        view = memoryview(self._map)[begin : begin + length]
        self._views.append(view)
        return view

    def numbers(self, name: str, kind: Kind, sure: bool = True) -> Sequence[int]:
        """A part as whole numbers of a kind of `array`.

        `sure`: raises `Damaged` where it is not as it was written. For this it is read through once, piece by piece, so
        that it takes no memory.
        """
        if sure:
            self._compare(name)
        view = self.raw(name)
        if sys.byteorder == "big":
            swapped = array(kind, view.tobytes())
            swapped.byteswap()
            return swapped
        numbers = view.cast(kind)
        self._views.append(numbers)
        return numbers

    def _compare(self, name: str) -> None:
        begin, length, known = self._told[name]
        found = 0
        with self._path.open("rb") as file:
            file.seek(begin)
            while length and (piece := file.read(min(_AT_ONCE, length))):
                found, length = crc32(piece, found), length - len(piece)
        if length or found != known:
            raise Damaged("a part of the file has changed")

    def close(self) -> None:
        """Let go of the file, so that another one may take its place."""
        while self._views:
            self._views.pop().release()
        self._map.close()


def _told(file: int) -> dict[str, tuple[int, int, int]]:
    """What the end of the file tells: part -> its place, length and sum."""
    size = os.fstat(file).st_size
    if size < _END.size:
        raise Damaged("the file is cut off")
    os.lseek(file, size - _END.size, os.SEEK_SET)
    sign, number, known, length = _END.unpack(os.read(file, _END.size))
    begin = size - _END.size - number * _PART.size
    if sign != _SIGN or length != size or begin < 0:
        raise Damaged("the file is cut off")
    os.lseek(file, begin, os.SEEK_SET)
    told = os.read(file, number * _PART.size)
    if crc32(told) != known:
        raise Damaged("the end of the file has changed")
    rows = (_PART.unpack_from(told, n * _PART.size) for n in range(number))
    return {name.rstrip(b"\0").decode(): (place, length, known) for name, place, length, known in rows}
