"""Visits: each has a folder of its own, known by an unguessable id, deleted some time after the last visit.

    <root>/<visit>/<book>/own/<the visitor's file name>     the workbook as dropped, and the table of files beside it
    <root>/<visit>/<book>/v<version>/<name>                 the same with the changes made on the page
    <root>/<visit>/<book>/*.json, *.zip                     what was made of it

The root lies in the user's cache folder and is theirs alone; the roots of servers that ended are removed at a start.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import threading
import time
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from rembi_sheets.workbook.side import ENDINGS

_OLD_ROOT = 600.0  # seconds after which a root that nobody touches belongs to a server that ended
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_NAME = 120  # bytes of a file name that are kept


class FullError(Exception):
    """No room for one more visit, workbook or byte; the message says so."""


def safe_name(name: str) -> str:
    """A visitor's file name that every system can hold: no folder, no control or direction mark, not too long."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = _UNSAFE.sub("_", last).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    stem, ending = (stem, dot + ending) if stem and len(ending) <= 8 else (plain, "")
    while len(f"{stem}{ending}".encode()) > _NAME:
        stem = stem[:-1]
    made = f"{stem.strip() or 'workbook'}{ending}"
    return f"_{made}" if _RESERVED.match(made) or made.startswith("~") else made


@dataclass(frozen=True, slots=True)
class Change:
    """What was written into cells (row, column) of a sheet; `old` is what one of them showed, `new` '' for nothing."""

    sheet: str
    at: str
    cells: tuple[tuple[int, int], ...]
    old: str
    new: str


@dataclass
class Book:
    """A workbook of a visit. `name` is that of its file; `at` when it was dropped (seconds since 1970).

    `batch` is the same for workbooks that were dropped together, '' for one alone. `folder_known`: a short name for
    what its data folder holds, '' where that is not known.
    What is kept of a workbook is kept for its `version`; the same changes are the same version again.
    """

    id: str
    folder: Path
    name: str
    at: float
    changes: tuple[Change, ...] = ()
    batch: str = ""
    folder_known: str = ""

    @property
    def version(self) -> str:
        """A short name for the workbook with the changes and the data folder that it has now."""
        return "-".join(filter(None, (_version(self.changes), self.folder_known)))

    @property
    def data(self) -> Path | None:
        """The file with the names and sizes of the data folder, where they were given."""
        return self.folder / f"data-{self.folder_known}.json" if self.folder_known else None

    def know(self, folder: str, files: Mapping[str, int]) -> None:
        """Keep the names and sizes of the data folder; none forgets them. Raises FullError."""
        if not files:
            self.folder_known = ""
            return
        kept = {"folder": safe_name(folder), "files": dict(files)}
        name = hashlib.sha256(repr(kept).encode("utf-8", "surrogatepass")).hexdigest()[:12]
        self.save(f"data-{name}", kept)
        self.folder_known = name

    @property
    def original(self) -> Path:
        """The workbook as it was dropped."""
        return self.folder / "own" / self.name

    @property
    def path(self) -> Path:
        """The workbook with the changes that were made on the page."""
        return self.with_changes(self.changes) if self.changes else self.original

    def with_changes(self, changes: tuple[Change, ...]) -> Path:
        """Where the workbook lies with these changes."""
        return self.folder / f"v{_version(changes)}" / self.name

    def made(self, changes: tuple[Change, ...]) -> bool:
        """Was the workbook with these changes written before?"""
        return self.with_changes(changes).exists()

    def save(self, name: str, content: Any) -> None:
        """Keep plain data of the workbook, whole or not at all. Raises FullError."""
        aside = self.folder / f".{name}.{secrets.token_hex(4)}"
        try:
            aside.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), "utf-8")
            aside.replace(self.folder / f"{name}.json")
        except OSError as error:
            with suppress(OSError):
                aside.unlink(missing_ok=True)
            raise FullError("The disk of this page is full. Try it again later.") from error

    def load(self, name: str) -> Any:
        """Plain data that was kept, or None."""
        try:
            return json.loads((self.folder / f"{name}.json").read_text("utf-8"))
        except (OSError, ValueError):
            return None


def _version(changes: tuple[Change, ...]) -> str:
    return hashlib.sha256(repr(changes).encode("utf-8", "surrogatepass")).hexdigest()[:12] if changes else "0"


@dataclass
class Visit:
    """One visitor's stay: `id` is the value of the cookie."""

    id: str
    folder: Path
    last: float
    books: dict[str, Book] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def newest(self) -> Book | None:
        """The workbook that was dropped last."""
        return max(self.books.values(), key=lambda b: b.at, default=None)


class Visits:
    """All visits of a server."""

    def __init__(self, home: Path, keep: float, most: int, books: int) -> None:
        self._keep, self._most, self._books = keep, most, books
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        _remove_left(home)
        self.root = home / f"{os.getpid()}-{secrets.token_hex(6)}"
        self.root.mkdir(mode=0o700)
        self._visits: dict[str, Visit] = {}
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._sweeper = threading.Thread(target=self._sweep_always, name="sweeper", daemon=True)
        self._sweeper.start()

    def of(self, id_: str) -> Visit | None:
        """The visit of this id, which it prolongs; None when there is none (any more)."""
        now = time.time()
        with self._lock:
            visit = self._visits.get(id_)
            if visit is None or now - visit.last > self._keep:
                return None
            visit.last = now
            return visit

    def begin(self) -> Visit:
        """A new visit with a new id. Raises FullError."""
        visit_id = secrets.token_urlsafe(32)
        with self._lock:
            if len(self._visits) >= self._most:
                raise FullError("Too many people are using this page just now. Try it again in a few minutes.")
            folder = self.root / secrets.token_hex(16)
            try:
                folder.mkdir(mode=0o700)
            except OSError as error:
                raise FullError("The disk of this page is full. Try it again later.") from error
            visit = self._visits[visit_id] = Visit(visit_id, folder, time.time())
        return visit

    def forget(self, visit: Visit) -> None:
        """Delete all files of a visit."""
        with self._lock:
            self._visits.pop(visit.id, None)
        shutil.rmtree(visit.folder, ignore_errors=True)

    def add(
        self, visit: Visit, name: str, content: IO[bytes], beside: tuple[str, IO[bytes]] | None = None, batch: str = ""
    ) -> Book:
        """Keep a workbook, with the table of files that was dropped beside it. Raises FullError."""
        with visit.lock:
            if len(visit.books) >= self._books:
                raise FullError(
                    f"A visit holds up to {self._books} workbooks. Forget your files, then drop these again."
                )
            book = Book(
                secrets.token_urlsafe(16),
                visit.folder / secrets.token_hex(16),
                safe_name(name),
                time.time(),
                batch=batch,
            )
            try:
                (book.folder / "own").mkdir(parents=True, mode=0o700)
                with book.original.open("wb") as out:
                    shutil.copyfileobj(content, out, 1 << 20)
                if beside is not None:
                    with (book.folder / "own" / table_name(book.name, beside[0])).open("wb") as out:
                        shutil.copyfileobj(beside[1], out, 1 << 20)
            except OSError as error:
                shutil.rmtree(book.folder, ignore_errors=True)
                raise FullError("The disk of this page is full. Try it again later.") from error
            visit.books[book.id] = book
            return book

    def drop(self, visit: Visit, book: Book) -> None:
        """Delete one workbook of a visit."""
        with visit.lock:
            visit.books.pop(book.id, None)
        shutil.rmtree(book.folder, ignore_errors=True)

    def close(self) -> None:
        """Delete everything."""
        self._ended.set()
        shutil.rmtree(self.root, ignore_errors=True)

    def sweep(self) -> None:
        """Delete the visits whose time is over."""
        now = time.time()
        with self._lock:
            over = [v for v in self._visits.values() if now - v.last > self._keep]
        for visit in over:
            self.forget(visit)
        with suppress(OSError):
            os.utime(self.root)

    def _sweep_always(self) -> None:
        while not self._ended.wait(min(30.0, max(0.2, self._keep / 4))):
            self.sweep()


def table_ending(name: str) -> str:
    """The ending by which a file is the table of files beside a workbook; '' for any other."""
    return next((e for e in ENDINGS if name.casefold().endswith(e)), "")


def table_name(workbook: str, table: str) -> str:
    """The name of the table of files as it has to be beside a workbook."""
    return f"{Path(workbook).stem}{table_ending(table)}"


def _remove_left(home: Path) -> None:
    """Delete what servers left that were killed."""
    for root in _folders(home):
        with suppress(OSError):
            if time.time() - root.stat().st_mtime > _OLD_ROOT:
                shutil.rmtree(root, ignore_errors=True)


def _folders(home: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from (p for p in home.iterdir() if p.is_dir() and not p.is_symlink())
