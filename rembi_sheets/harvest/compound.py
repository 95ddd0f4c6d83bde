"""Compound files (OLE): streams by their paths, read as far as they are asked for.

Source: [MS-CFB], Compound File Binary File Format, Microsoft.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import BinaryIO, NamedTuple

from rembi_sheets.harvest.model import Unusable
from rembi_sheets.harvest.source import take

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST = 0xFFFFFFFA  # numbers from here on are no sectors
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_NOBODY = 0xFFFFFFFF
_ENTRY, _SMALL = 128, 64
_FEW = 2**18  # sectors of the directory, and of small streams
_DEEP = 32  # storages within storages; paths of many would fill the memory
_DAMAGED = "its compound file is damaged or cut off"


class Stream(NamedTuple):
    """Where a stream begins, and how many bytes it has."""

    start: int
    size: int


class Compound:
    """An open compound file. Raises Unusable for one that is damaged; what it reads is never more than the file."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        """`size`: bytes of the file."""
        head = take(file, 0, 512)
        if not head.startswith(MAGIC):
            raise Unusable("it is no compound file")
        shift, small_shift = struct.unpack_from("<2H", head, 30)
        if shift not in (9, 12) or 1 << small_shift != _SMALL:
            raise Unusable(_DAMAGED)
        self._file, self._sector = file, 1 << shift
        self._most = size // self._sector + 1
        (tables,) = struct.unpack_from("<I", head, 44)
        directory, _, self._cutoff, small, _, more, _ = struct.unpack_from("<7I", head, 48)
        self._next = array("I")
        for sector in islice(self._tables(head, more), min(tables, self._most)):
            self._next.frombytes(self._read(sector))
        self._small_next = array("I", b"".join(map(self._read, islice(self._chain(small), _FEW))))
        entries = b"".join(map(self._read, islice(self._chain(directory), _FEW)))
        self._small: list[int] = []
        self.streams: Mapping[str, Stream] = dict(self._walk(entries, shift == 9))

    def head(self, path: str, most: int) -> bytes:
        """The first bytes of a stream, at most so many; nothing for one that is not there."""
        stream = self.streams.get(path)
        if stream is None:
            return b""
        wanted = min(stream.size, most)
        if stream.size >= self._cutoff:
            sectors = islice(self._chain(stream.start), -(-wanted // self._sector))
            return b"".join(map(self._read, sectors))[:wanted]
        parts = islice(self._linked(stream.start, self._small_next), -(-wanted // _SMALL))
        return b"".join(map(self._read_small, parts))[:wanted]

    def _tables(self, head: bytes, more: int) -> Iterator[int]:
        """The sectors that hold the table of sectors: those named in the header, then those in a chain of lists."""
        yield from (n for n in struct.unpack_from("<109I", head, 76) if n < _LAST)
        for _ in range(self._most):
            if more >= _LAST:
                return
            *sectors, more = struct.unpack(f"<{self._sector // 4}I", self._read(more))
            yield from (n for n in sectors if n < _LAST)

    def _read(self, sector: int) -> bytes:
        """A sector; the last one of a file may be short."""
        if sector >= self._most:
            raise Unusable(_DAMAGED)
        self._file.seek((sector + 1) * self._sector)
        return self._file.read(self._sector).ljust(self._sector, b"\0")

    def _read_small(self, sector: int) -> bytes:
        whole, part = divmod(sector * _SMALL, self._sector)
        if whole >= len(self._small):
            raise Unusable(_DAMAGED)
        return self._read(self._small[whole])[part : part + _SMALL]

    def _chain(self, start: int) -> Iterator[int]:
        return self._linked(start, self._next)

    def _linked(self, start: int, table: array[int]) -> Iterator[int]:
        """The sectors of a chain; one that is longer than the file goes in circles."""
        for _ in range(max(self._most, len(table)) + 1):
            if start >= _LAST:
                return
            yield start
            if start >= len(table):
                raise Unusable(_DAMAGED)
            start = table[start]
        raise Unusable(_DAMAGED)

    def _walk(self, entries: bytes, short: bool) -> Iterator[tuple[str, Stream]]:
        """All streams by path. `short`: sizes have 32 bits."""
        count = len(entries) // _ENTRY
        seen, waiting = bytearray(count), [(0, 0, "")]
        while waiting:
            number, depth, above = waiting.pop()
            if number == _NOBODY:
                continue
            if number >= count or seen[number] or depth > _DEEP:
                raise Unusable(_DAMAGED)
            seen[number] = 1
            entry = entries[number * _ENTRY : (number + 1) * _ENTRY]
            length, kind = struct.unpack_from("<HB", entry, 64)
            left, right, child = struct.unpack_from("<3I", entry, 68)
            start, size = struct.unpack_from("<IQ", entry, 116)
            name = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            size = size & 0xFFFFFFFF if short else size
            if kind == _ROOT:
                self._small = list(islice(self._chain(start), _FEW))
            elif kind == _STREAM:
                yield f"{above}{name}", Stream(start, size)
            waiting += [(left, depth, above), (right, depth, above)]
            if kind in (_STORAGE, _ROOT):
                waiting.append((child, depth + 1, "" if kind == _ROOT else f"{above}{name}/"))
