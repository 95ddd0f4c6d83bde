"""The file of a store: SQLite, opened by one process at a time, changed a batch at a time or not at all.

What its tables hold is said in `store`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Self

FORM = 6
_MARK = 0x52454D42  # of our own files among those of SQLite
_PAGE = 1_000
_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (key BLOB PRIMARY KEY, size INTEGER NOT NULL, changed INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE headers (
  key BLOB PRIMARY KEY, reader TEXT NOT NULL, said TEXT NOT NULL, stem BLOB, tells INTEGER NOT NULL
);
CREATE INDEX stems ON headers (stem) WHERE stem IS NOT NULL;
CREATE TABLE links (name BLOB, folder BLOB, key BLOB, PRIMARY KEY (name, folder, key)) WITHOUT ROWID;
CREATE INDEX linking ON links (key);
CREATE TABLE checksums (key BLOB PRIMARY KEY, checksum TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE teams (
  team INTEGER, before INTEGER, files INTEGER, first BLOB, last BLOB, PRIMARY KEY (team, before)
) WITHOUT ROWID;
CREATE TABLE readers (name TEXT PRIMARY KEY, stamp TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE doing (key BLOB PRIMARY KEY) WITHOUT ROWID;
"""


class Unfit(Exception):  # noqa: N818 - it is the file that is
    """A file that cannot be the store of this harvest; the text is for the user."""


class Database:
    """An open file. Without a file it lies in memory and, when it grows, in a file of the system that nobody sees."""

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

    def __enter__(self) -> Self:
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

    def about(self, name: str) -> str:
        """A text kept under a name; '' for none."""
        return str(self._one("SELECT value FROM about WHERE name = ?", name) or "")

    def keep(self, name: str, value: str) -> None:
        """Keep a text under a name."""
        self._base.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (name, value))

    def _stale(self) -> None:
        self._base.execute("DELETE FROM about WHERE name = 'result'")

    def _forget(self, keys: list[Any], *tables: str) -> None:
        for table in tables:
            if keys and self._one(f"SELECT 1 FROM {table} LIMIT 1"):  # a first walk finds nothing to forget
                self._many(f"DELETE FROM {table} WHERE key = ?", keys)

    def _pages(self, question: str, kind: str = "", more: Iterable[object] = ()) -> Iterator[list[Any]]:
        """Rows by pages of their first column, a key: the store may change behind the place that was reached.

        `more`: brings rows behind that place with each of its steps.
        """
        last, steps = b"", iter(more)
        while True:
            if page := self._base.execute(question, {"last": last, "page": _PAGE, "kind": kind}).fetchall():
                yield page
                last = page[-1][0]
            elif next(steps, None) is None:
                return

    def _paged(self, question: str, kind: str = "", more: Iterable[object] = ()) -> Iterator[Any]:
        """The same, row by row."""
        for page in self._pages(question, kind, more):
            yield from page


def _may_be(file: Path) -> bool:
    """Is it a file of SQLite's, or empty?"""
    with file.open("rb") as opened:
        return opened.read(16) in (b"", b"SQLite format 3\0")
