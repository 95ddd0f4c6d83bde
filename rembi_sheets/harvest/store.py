"""The store of a harvest: one SQLite file that is cache, journal and result.

    files      key (keys.py), bytes, time of change             what the walk found
    headers    key, reader, what was read (coding.py), stem     what became of each file
    links      name, folder, key of the companion               which companions name a file
    checksums  key, 'sha256:...'
    teams      group, key                                       which files a group has
    readers    name, stamp                                      with what the headers were read
    doing      key                                              files that this process itself is reading
    about      name, value                                      the folder; the result, as long as nothing changes

Every change is one transaction of a batch, so that a process can end at any moment. One process at a time has it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, overload

from rembi_sheets.harvest.coding import pack, unpack
from rembi_sheets.harvest.engines import Batch, Job, Row
from rembi_sheets.harvest.keys import below, path_of, raw
from rembi_sheets.harvest.model import Item, Status

FORM = 1
_MARK = 0x52454D42  # of our own files among those of SQLite
_PAGE = 1_000
_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (key BLOB PRIMARY KEY, size INTEGER NOT NULL, changed INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE headers (
  key BLOB PRIMARY KEY, reader TEXT NOT NULL, said TEXT NOT NULL, stem BLOB, tells INTEGER NOT NULL
);
CREATE INDEX stems ON headers (stem) WHERE stem IS NOT NULL;
CREATE INDEX read_by ON headers (reader);
CREATE TABLE links (name BLOB, folder BLOB, key BLOB, PRIMARY KEY (name, folder, key)) WITHOUT ROWID;
CREATE INDEX linking ON links (key);
CREATE TABLE checksums (key BLOB PRIMARY KEY, checksum TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE teams (team INTEGER, key BLOB, PRIMARY KEY (team, key)) WITHOUT ROWID;
CREATE TABLE readers (name TEXT PRIMARY KEY, stamp TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE doing (key BLOB PRIMARY KEY) WITHOUT ROWID;
"""
_ITEM = (
    "f.key, f.size, h.said, c.checksum FROM files f LEFT JOIN headers h USING (key) LEFT JOIN checksums c USING (key)"
)
_KIND = {"headers": "", "checksums": " AND o.checksum GLOB :kind || ':*'"}
_WAITING = pack(Item("", 0, Status.WAITING))
Changes = list[tuple[bytes, int, int]]


class Unfit(Exception):  # noqa: N818 - it is the file that is
    """A file that cannot be the store of this harvest; the text is for the user."""


class Store:
    """An open store. Without a file it lies in memory and, when it grows, in a file of the system that nobody sees."""

    def __init__(self, file: Path | None = None) -> None:
        """Raises Unfit for a file that is none, is of another release, or is in use."""
        if file is not None and file.is_file() and not _may_be(file):
            raise Unfit(f"{file} is no store; give another name")
        try:
            self._base = sqlite3.connect(str(file) if file else "", isolation_level=None, timeout=1)
            self._base.execute("PRAGMA locking_mode = EXCLUSIVE")
            mark, form = (self._one(f"PRAGMA {p}") for p in ("application_id", "user_version"))
            if self._one("SELECT count(*) FROM sqlite_master") and (mark, form) != (_MARK, FORM):
                raise Unfit(f"{file} is not a store of this release of rembi-sheets; give another name")
            self._base.execute("PRAGMA journal_mode = WAL")
            self._base.execute("PRAGMA synchronous = NORMAL")
            with self:
                if not mark:
                    for step in _TABLES.split(";\n"):
                        self._base.execute(step)
                    self._base.execute(f"PRAGMA application_id = {_MARK}")
                    self._base.execute(f"PRAGMA user_version = {FORM}")
        except sqlite3.Error as error:
            used = "is in use by another run" if "locked" in str(error) else f"cannot be used ({error})"
            raise Unfit(f"{file} {used}; give another name") from None

    def __enter__(self) -> Store:
        """Begin a change."""
        self._base.execute("BEGIN IMMEDIATE")
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Keep the change, or none of it."""
        self._base.execute("ROLLBACK" if kind else "COMMIT")

    def close(self) -> None:
        """Nothing of it can be asked for after that."""
        self._base.close()

    def _one(self, question: str, *values: object) -> Any:
        found = self._base.execute(question, values).fetchone()
        return found[0] if found else None

    def _many(self, question: str, rows: Iterable[Sequence[object]]) -> None:
        self._base.executemany(question, rows)

    # What is known of the harvest as a whole

    def about(self, name: str) -> str:
        """A text kept under a name; '' for none."""
        return str(self._one("SELECT value FROM about WHERE name = ?", name) or "")

    def keep(self, name: str, value: str) -> None:
        """Keep a text under a name."""
        self._base.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (name, value))

    def _stale(self) -> None:
        self._base.execute("DELETE FROM about WHERE name = 'result'")

    def read_with(self, stamps: Mapping[str, str]) -> None:
        """Forget what was read by readers that have changed since; `stamps`: name of each reader -> its stamp."""
        known = dict(self._base.execute("SELECT name, stamp FROM readers"))
        if known == dict(stamps):
            return
        with self:
            self._stale()
            for name in {*known, *stamps}:
                if known.get(name) != stamps.get(name):
                    keys = self._base.execute("SELECT key FROM headers WHERE reader = ?", (name,)).fetchall()
                    self._forget(keys, "headers", "links")
            self._base.execute("DELETE FROM readers")
            self._many("INSERT INTO readers VALUES (?, ?)", stamps.items())

    # The walk

    def known(self) -> Iterator[tuple[bytes, int, int]]:
        """Key, size, time of every file in order."""
        return self._paged("SELECT key, size, changed FROM files WHERE key > :last ORDER BY key LIMIT :page")

    def walked(self, found: Changes, gone: list[bytes]) -> None:
        """Files that are new or have changed, and those that are there no more."""
        with self:
            self._stale()
            keys = [(k,) for k in gone] + [(f[0],) for f in found]
            self._forget(keys, "headers", "links", "checksums")
            self._forget([(k,) for k in gone], "files")
            self._many("INSERT OR REPLACE INTO files VALUES (?, ?, ?)", found)

    def _forget(self, keys: list[Any], *tables: str) -> None:
        for table in tables:
            self._many(f"DELETE FROM {table} WHERE key = ?", keys)

    # Headers and checksums

    def jobs(self, table: str, kind: str = "") -> Iterator[tuple[Job, bool]]:
        """All files in order, and whether each has its row in `headers` (a checksum of the kind in `checksums`)."""
        question = (
            f"SELECT f.key, f.size, o.key IS NOT NULL FROM files f LEFT JOIN {table} o ON o.key = f.key{_KIND[table]} "
            "WHERE f.key > :last ORDER BY f.key LIMIT :page"
        )
        yield from (((key, path_of(key), size), bool(done)) for key, size, done in self._paged(question, kind))

    def waiting(self, table: str, kind: str = "") -> Iterator[Job]:
        """The files that have no such row yet, in order."""
        question = (
            f"SELECT f.key, f.size FROM files f WHERE f.key > :last AND NOT EXISTS "
            f"(SELECT 1 FROM {table} o WHERE o.key = f.key{_KIND[table]}) ORDER BY f.key LIMIT :page"
        )
        yield from ((key, path_of(key), size) for key, size in self._paged(question, kind))

    def _paged(self, question: str, kind: str = "") -> Iterator[Any]:
        """Rows by pages of their first column, a key: the store may change behind the place that was reached."""
        last = b""
        page: list[Any] = [()]
        while page:
            page = self._base.execute(question, {"last": last, "page": _PAGE, "kind": kind}).fetchall()
            yield from page
            last = page[-1][0] if page else b""

    def doing(self) -> Batch:
        """The files that were being read by a process that ended over them."""
        rows = self._base.execute("SELECT key, size FROM doing JOIN files USING (key) ORDER BY key")
        return [(key, path_of(key), size) for key, size in rows]

    def begin(self, batch: Batch) -> None:
        """Note what this process is about to read."""
        with self:
            self._many("INSERT OR REPLACE INTO doing VALUES (?)", ((j[0],) for j in batch))

    def read(self, rows: list[Row]) -> None:
        """Keep what was read: rows of tasks.Headers."""
        with self:
            self._stale()
            self._many("INSERT OR REPLACE INTO headers VALUES (?, ?, ?, ?, ?)", (self._header(r) for r in rows))
            linked = ((raw(n), self._folder(r[0]), r[0]) for r in rows for n in r[5])
            self._many("INSERT OR REPLACE INTO links VALUES (?, ?, ?)", linked)
            self._base.execute("DELETE FROM doing")

    @staticmethod
    def _header(row: Row) -> Row:
        key, reader, said, stem, tells, _ = row
        return key, reader, said, None if stem is None else raw(stem), int(tells)

    @staticmethod
    def _folder(key: bytes) -> bytes:
        return below(path_of(key).rpartition("/")[0])

    def summed(self, rows: list[Row]) -> None:
        """Keep checksums: rows of tasks.Checksums."""
        with self:
            self._stale()
            self._many("INSERT OR REPLACE INTO checksums VALUES (?, ?)", rows)

    # The result

    @property
    def count(self) -> int:
        """How many files there are."""
        return int(self._one("SELECT count(*) FROM files"))

    def items(self) -> Iterator[Item]:
        """All files in order, as they are by themselves."""
        return map(self._item, self._paged(f"SELECT {_ITEM} WHERE f.key > :last ORDER BY f.key LIMIT :page"))

    @staticmethod
    def _item(row: tuple[bytes, int, str | None, str | None]) -> Item:
        key, size, said, checksum = row
        return unpack(path_of(key), size, said or _WAITING, checksum or "")

    def _of(self, keys: Iterable[bytes]) -> list[Item]:
        return [self._item(self._base.execute(f"SELECT {_ITEM} WHERE f.key = ?", (k,)).fetchone()) for k in keys]

    def naming(self, name: str, folder: str) -> list[Item]:
        """Companions that name a file: those in its folder, else the one that there is elsewhere."""
        question = "SELECT key FROM links WHERE name = ?"
        same = self._base.execute(f"{question} AND folder = ? ORDER BY key", (raw(name), below(folder))).fetchall()
        if not same:
            same = self._base.execute(f"{question} ORDER BY key LIMIT 2", (raw(name),)).fetchall()
            same = same if len(same) == 1 else []
        return self._of(k for (k,) in same)

    def telling(self, stem: str) -> list[Item]:
        """Companions of a stem that are joined by it."""
        found = self._base.execute("SELECT key FROM headers WHERE stem = ? AND tells ORDER BY key", (raw(stem),))
        return self._of(k for (k,) in found.fetchall())

    def shown(self, stem: str) -> bool:
        """Is there an image of this stem, or a companion joined by it?"""
        return self._one("SELECT 1 FROM headers WHERE stem = ? LIMIT 1", raw(stem)) is not None

    def no_teams(self) -> None:
        """Forget which files the groups had."""
        self._base.execute("DELETE FROM teams")

    def team(self, rows: list[tuple[int, bytes]]) -> None:
        """Keep which files a group has: its number, a key."""
        self._many("INSERT INTO teams VALUES (?, ?)", rows)

    def members(self, team: int) -> Sequence[str]:
        """The paths of a group."""
        return Members(self._base, team)

    # Parts of one harvest

    def take(self, part: Path) -> None:
        """Add the files of another store. Raises Unfit when it is none, or is of another folder."""
        other = Store(part)
        mine, theirs = self.about("folder"), other.about("folder")
        other.close()
        if mine and mine != theirs:
            raise Unfit(f"{part} is of the folder {theirs or 'of no name'}, the parts before it of {mine}")
        self._base.execute("ATTACH ? AS part", (str(part),))
        try:
            with self:
                self._stale()
                self.keep("folder", theirs)
                for table in ("files", "headers", "links", "checksums", "readers"):
                    self._base.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM part.{table}")
        finally:
            self._base.execute("DETACH part")

    def dump(self) -> Iterator[str]:
        """All that it holds, line by line: two stores of the same harvest are the same."""
        for table in ("about", "files", "headers", "links", "checksums", "teams", "readers", "doing"):
            for row in self._base.execute(
                f"SELECT * FROM {table} ORDER BY 1, 2" if table != "doing" else "SELECT * FROM doing"
            ):
                yield json.dumps([table, *(v.hex() if isinstance(v, bytes) else v for v in row)])


def _may_be(file: Path) -> bool:
    """Is it a file of SQLite's, or empty?"""
    with file.open("rb") as opened:
        return opened.read(16) in (b"", b"SQLite format 3\0")


class Members(Sequence[str]):
    """The paths of a group, read from the store when they are asked for."""

    def __init__(self, base: sqlite3.Connection, team: int) -> None:
        """`team`: the number of the group."""
        self._base, self._team = base, team
        self._count = int(base.execute("SELECT count(*) FROM teams WHERE team = ?", (team,)).fetchone()[0])

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
        backwards = at > len(self) // 2
        order, skip = ("DESC", len(self) - 1 - at) if backwards else ("ASC", at)
        question = f"SELECT key FROM teams WHERE team = ? ORDER BY key {order} LIMIT 1 OFFSET ?"
        return path_of(self._base.execute(question, (self._team, skip)).fetchone()[0])

    def __iter__(self) -> Iterator[str]:
        """All of them in order."""
        for (key,) in self._base.execute("SELECT key FROM teams WHERE team = ? ORDER BY key", (self._team,)):
            yield path_of(key)
