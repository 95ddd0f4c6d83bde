"""The store of a harvest: one SQLite file that is cache, journal and result.

    files      key (keys.py), bytes, time of change             what the walk found
    headers    key, reader, what was read (coding.py), stem     what became of each file
    links      name, folder, key of the companion               which companions name a file
    checksums  key, 'sha256:...'
    teams      group, files before, files, first and last key   which files a group has, by runs of them
    readers    name, stamp                                      with what the headers were read
    doing      key                                              files that this process itself is reading
    about      name, value                                      the folder; what the walk passed over; the result, as
                                                                long as nothing changes

Every change is one transaction of a batch, so that a process can end at any moment. One process at a time has it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from rembi_sheets.harvest.database import Unfit
from rembi_sheets.harvest.engines import Batch, Job, Row
from rembi_sheets.harvest.keys import path_of
from rembi_sheets.harvest.results import Results

__all__ = ["Changes", "Store", "Unfit"]

_KIND = {"headers": "", "checksums": " AND o.checksum GLOB :kind || ':*'"}
Changes = list[tuple[bytes, int, int]]


class Store(Results):
    """The side of a store that is written: what each pass finds, and what still waits for it."""

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

    def known(self) -> Iterator[Changes]:
        """Key, size, time of every file in order, page by page."""
        return self._pages("SELECT key, size, changed FROM files WHERE key > :last ORDER BY key LIMIT :page")

    def walked(self, found: Changes, old: list[bytes], gone: list[bytes]) -> None:
        """Files that are new or have changed, those among them that were known, and those that are there no more."""
        with self:
            self._stale()
            self._forget([(k,) for k in (*gone, *old)], "headers", "links", "checksums")
            self._forget([(k,) for k in gone], "files")
            self._many("INSERT OR REPLACE INTO files VALUES (?, ?, ?)", found)

    def passed_over(self, seen: Mapping[str, tuple[int, list[str]]]) -> None:
        """What the walk could not go into (walk.Passed)."""
        told = json.dumps(seen, ensure_ascii=True) if seen else ""
        if told != self.about("passed"):
            with self:
                self._stale()
                self.keep("passed", told)

    # Headers and checksums

    def jobs(self, table: str, kind: str = "") -> Iterator[tuple[Job, bool]]:
        """All files in order, and whether each has its row in `headers` (a checksum of the kind in `checksums`)."""
        question = (
            f"SELECT f.key, f.size, o.key IS NOT NULL FROM files f LEFT JOIN {table} o ON o.key = f.key{_KIND[table]} "
            "WHERE f.key > :last ORDER BY f.key LIMIT :page"
        )
        yield from (((key, path_of(key), size), bool(done)) for key, size, done in self._paged(question, kind))

    def waiting(self, table: str, kind: str = "", walking: Iterable[int] = ()) -> Iterator[Job]:
        """The files that have no such row yet, in order. `walking`: with each step more of them come, behind these."""
        steps = iter(walking)
        if not self.left(table, kind) and next(steps, None) is None:
            return
        question = (
            f"SELECT f.key, f.size FROM files f WHERE f.key > :last AND NOT EXISTS "
            f"(SELECT 1 FROM {table} o WHERE o.key = f.key{_KIND[table]}) ORDER BY f.key LIMIT :page"
        )
        yield from ((key, path_of(key), size) for key, size in self._paged(question, kind, steps))

    def left(self, table: str, kind: str = "") -> int:
        """How many those are: each row is one of a file."""
        question = f"SELECT count(*) FROM {table} o WHERE TRUE{_KIND[table]}"
        return self.count - int(self._base.execute(question, {"kind": kind}).fetchone()[0])

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
            self._many("INSERT OR REPLACE INTO headers VALUES (?, ?, ?, ?, ?)", [r[:5] for r in rows])
            linked = [(*aim, r[0]) for r in rows if r[5] for aim in r[5]]
            self._many("INSERT OR REPLACE INTO links VALUES (?, ?, ?)", linked)
            self._base.execute("DELETE FROM doing")

    def summed(self, rows: list[Row]) -> None:
        """Keep checksums: rows of tasks.Checksums."""
        with self:
            self._stale()
            self._many("INSERT OR REPLACE INTO checksums VALUES (?, ?)", rows)

    # Parts of one harvest

    def take(self, part: Path) -> None:
        """Add the files of another store. Raises Unfit when it is none, or is of another folder.

        Of a file that changed between the two walks only what was read of its later state is kept.
        """
        other = Store(part)
        mine, theirs, passed = self.about("folder"), other.about("folder"), other.about("passed")
        other.close()
        if mine and mine != theirs:
            raise Unfit(f"{part} is of the folder {theirs or 'of no name'}, the parts before it of {mine}")
        self._base.execute("ATTACH ? AS part", (str(part),))
        try:
            with self:
                self._stale()
                self.keep("folder", theirs)
                if passed:
                    self.keep("passed", passed)
                later = self._base.execute(
                    "SELECT f.key FROM files f JOIN part.files p USING (key) "
                    "WHERE p.changed >= f.changed AND (p.size, p.changed) != (f.size, f.changed)"
                ).fetchall()
                self._forget(later, "headers", "links", "checksums", "files")
                self._base.execute("INSERT OR IGNORE INTO files SELECT * FROM part.files")
                for table in ("headers", "links", "checksums"):
                    self._base.execute(
                        f"INSERT OR REPLACE INTO {table} SELECT o.* FROM part.{table} o JOIN part.files p USING (key) "
                        "JOIN files f USING (key) WHERE (p.size, p.changed) = (f.size, f.changed)"
                    )
                self._base.execute("INSERT OR REPLACE INTO readers SELECT * FROM part.readers")
        finally:
            self._base.execute("DETACH part")

    def dump(self) -> Iterator[str]:
        """All that it holds, line by line: two stores of the same harvest are the same."""
        for table in ("about", "files", "headers", "links", "checksums", "teams", "readers", "doing"):
            for row in self._base.execute(
                f"SELECT * FROM {table} ORDER BY 1, 2" if table != "doing" else "SELECT * FROM doing"
            ):
                yield json.dumps([table, *(v.hex() if isinstance(v, bytes) else v for v in row)])
