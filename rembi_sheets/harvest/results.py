"""What a store holds, read back: files, companions beside them, the files of groups."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import overload

from rembi_sheets.harvest.coding import pack, unpack
from rembi_sheets.harvest.database import Database
from rembi_sheets.harvest.keys import below, path_of, raw
from rembi_sheets.harvest.model import Item, Status

_ITEM = (
    "f.key, f.size, h.said, c.checksum FROM files f LEFT JOIN headers h USING (key) LEFT JOIN checksums c USING (key)"
)
_LATELY = 16  # companions that are kept as they were looked up
_WAITING = pack(Item("", 0, Status.WAITING))
Told = tuple[bytes, int, str]
"""Key, bytes, and what was read (coding.py)."""
Run = tuple[int, int, int, bytes, bytes]
"""Files of a group that follow on each other with none between: its number, how many of it there are before, how many
these are, and the keys of the first and the last of them."""


class Results(Database):
    """The side of a store that is read. It is where companions are looked up, too (companions.Beside)."""

    def __init__(self, file: Path | None = None) -> None:
        """As a Database."""
        self._lately: dict[bytes, Item] = {}
        self._joining: tuple[bool, bool] | None = None
        super().__init__(file)

    def _stale(self) -> None:
        self._lately.clear()
        self._joining = None
        super()._stale()

    @property
    def count(self) -> int:
        """How many files there are."""
        return int(self._one("SELECT count(*) FROM files"))

    def items(self) -> Iterator[Item]:
        """All files in order, as they are by themselves."""
        return map(self._item, self._paged(f"SELECT {_ITEM} WHERE f.key > :last ORDER BY f.key LIMIT :page"))

    def paths(self) -> Iterator[str]:
        """The paths of all files in order."""
        rows = self._paged("SELECT key FROM files WHERE key > :last ORDER BY key LIMIT :page")
        return (path_of(key) for (key,) in rows)

    def told(self) -> Iterator[list[Told]]:
        """What was read of all files in order, page by page, as `item` takes it."""
        return self._pages(
            f"SELECT f.key, f.size, coalesce(h.said, '{_WAITING}') FROM files f LEFT JOIN headers h USING (key) "
            "WHERE f.key > :last ORDER BY f.key LIMIT :page"
        )

    @staticmethod
    def item(key: bytes, size: int, said: str, checksum: str = "") -> Item:
        """A file, as it is by itself."""
        return unpack(path_of(key), size, said, checksum)

    @classmethod
    def _item(cls, row: tuple[bytes, int, str | None, str | None]) -> Item:
        key, size, said, checksum = row
        return cls.item(key, size, said or _WAITING, checksum or "")

    def _of(self, keys: Iterable[bytes]) -> list[Item]:
        """Companions: few, each looked up for all the files that it is about, and often large."""
        found = []
        for key in keys:
            if (item := self._lately.pop(key, None)) is None:
                item = self._item(self._base.execute(f"SELECT {_ITEM} WHERE f.key = ?", (key,)).fetchone())
            self._lately[key] = item
            found.append(item)
        while len(self._lately) > _LATELY:
            del self._lately[next(iter(self._lately))]
        return found

    @property
    def _joined(self) -> tuple[bool, bool]:
        """Are there companions that name files, and such as are joined by their stem? Most folders have neither."""
        if self._joining is None:
            questions = ("SELECT 1 FROM links LIMIT 1", "SELECT 1 FROM headers WHERE tells LIMIT 1")
            named, told = (self._one(q) is not None for q in questions)
            self._joining = named, told
        return self._joining

    @property
    def silent(self) -> bool:
        """Are there no companions at all?"""
        return not any(self._joined)

    def naming(self, name: str, folder: str) -> list[Item]:
        """Companions that name a file: those in its folder, else the one that there is elsewhere."""
        if not self._joined[0]:
            return []
        question = "SELECT key FROM links WHERE name = ?"
        same = self._base.execute(f"{question} AND folder = ? ORDER BY key", (raw(name), below(folder))).fetchall()
        if not same:
            same = self._base.execute(f"{question} ORDER BY key LIMIT 2", (raw(name),)).fetchall()
            same = same if len(same) == 1 else []
        return self._of(k for (k,) in same)

    def telling(self, stem: str) -> list[Item]:
        """Companions of a stem that are joined by it."""
        if not self._joined[1]:
            return []
        found = self._base.execute("SELECT key FROM headers WHERE stem = ? AND tells ORDER BY key", (raw(stem),))
        return self._of(k for (k,) in found.fetchall())

    def shown(self, stem: str) -> bool:
        """Is there an image of this stem, or a companion joined by it?"""
        return self._one("SELECT 1 FROM headers WHERE stem = ? LIMIT 1", raw(stem)) is not None

    def no_teams(self) -> None:
        """Forget which files the groups had."""
        self._base.execute("DELETE FROM teams")

    def team(self, runs: list[Run]) -> None:
        """Keep which files groups have."""
        self._many("INSERT INTO teams VALUES (?, ?, ?, ?, ?)", runs)

    def members(self, team: int) -> Sequence[str]:
        """The paths of a group."""
        return Members(self._base, team)


class Members(Sequence[str]):
    """The paths of a group, read from the store when they are asked for."""

    def __init__(self, base: sqlite3.Connection, team: int) -> None:
        """`team`: the number of the group."""
        self._base, self._team = base, team
        question = "SELECT coalesce(max(before + files), 0) FROM teams WHERE team = ?"
        self._count = int(base.execute(question, (team,)).fetchone()[0])

    def __len__(self) -> int:
        """How many there are."""
        return self._count

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        """The path at a place, or those of a slice."""
        if isinstance(place, slice):
            return [self[p] for p in range(*place.indices(len(self)))]
        at = place + len(self) if place < 0 else place
        if not 0 <= at < len(self):
            raise IndexError(place)
        before, first = self._base.execute(
            "SELECT before, first FROM teams WHERE team = ? AND before <= ? ORDER BY before DESC LIMIT 1",
            (self._team, at),
        ).fetchone()
        question = "SELECT key FROM files WHERE key >= ? ORDER BY key LIMIT 1 OFFSET ?"
        return path_of(self._base.execute(question, (first, at - before)).fetchone()[0])

    def __iter__(self) -> Iterator[str]:
        """All of them in order."""
        question = (
            "SELECT f.key FROM teams t JOIN files f ON f.key BETWEEN t.first AND t.last "
            "WHERE t.team = ? ORDER BY t.before, f.key"
        )
        for (key,) in self._base.execute(question, (self._team,)):
            yield path_of(key)
