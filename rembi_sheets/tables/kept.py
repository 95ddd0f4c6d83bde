"""Parts of a streamed table, kept in a file of their own after the first pass: the next read what is converted already.

The file is temporary and goes with the table. Memory holds one part at a time.
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator
from typing import IO

from rembi_sheets import steps
from rembi_sheets.findings import Finding
from rembi_sheets.tables.columns import Columns
from rembi_sheets.tables.model import Source


def kept(source: Source, things: str) -> Source:
    """The same parts and findings as those of a source, which is asked until one pass was whole.

    Where there is no room for the file, every pass asks the source. `things`: what its rows are, for whoever waits.
    """
    whole: list[_Kept] = []

    def parts(findings: list[Finding] | None) -> Iterator[Columns]:
        if whole:
            yield from _counted(whole[0].parts(findings), things, whole[0].rows)
            return
        told: list[Finding] = []
        made: _Kept | None = _Kept()
        for part in _counted(source(told), things):
            made = made if made is not None and made.add(part, told) else None
            if findings is not None:
                findings += told
            told.clear()
            yield part
        if findings is not None:
            findings += told
        if made is not None and made.end(told) and not whole:
            whole.append(made)

    return parts


def _counted(parts: Iterator[Columns], things: str, total: int = 0) -> Iterator[Columns]:
    """The parts; how many rows are done is told before each next one."""
    done = 0
    for part in parts:
        yield part
        done += len(part.rows)
        steps.tell(things, done, total)


class _Kept:
    """The parts of one pass, each with the findings that came with it."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._places: list[int] = []
        self.rows = 0
        self._last: tuple[Finding, ...] = ()

    def add(self, part: Columns, told: list[Finding]) -> bool:
        """Write down one more part; False where that cannot be done."""
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the table
            self._places.append(self._file.tell())
            pickle.dump((part, told), self._file, pickle.HIGHEST_PROTOCOL)
            self.rows += len(part.rows)
        except OSError:
            return False
        return True

    def end(self, told: list[Finding]) -> bool:
        """No part comes any more, though perhaps findings; False where what was written is not safely there."""
        self._last = tuple(told)
        try:
            if self._file is not None:
                self._file.flush()
        except OSError:
            return False
        return True

    def parts(self, findings: list[Finding] | None) -> Iterator[Columns]:
        """The parts again."""
        for place in self._places:
            assert self._file is not None
            self._file.seek(place)  # another pass may have read on meanwhile
            part, told = pickle.load(self._file)
            if findings is not None:
                findings += told
            yield part
        if findings is not None:
            findings += self._last
