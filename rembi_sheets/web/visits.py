"""Visits: each has a folder of its own, known by an unguessable id, deleted some time after the last visit.

    <root>/<visit>/<book>/      the files of a workbook (`books`)

The root lies in the user's cache folder and is theirs alone. Roots of servers that were killed are removed by the next
one, at its start and as long as it runs.
"""

from __future__ import annotations

import os
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from rembi_sheets.web.books import Book, FullError, safe_name

_OLD_ROOT = 600.0  # seconds after which a root that nobody touches belongs to a server that ended


@dataclass
class Visit:
    """One visitor's stay: `id` is the value of the cookie."""

    id: str
    folder: Path
    last: float
    books: dict[str, Book] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return _size(str(self.folder))

    def newest_first(self) -> list[Book]:
        """The workbooks, that which was dropped last before all others."""
        return sorted(self.books.values(), key=lambda b: b.at, reverse=True)


def _size(folder: str) -> int:
    """Bytes of all files below a folder; asked before every change, so without an object for each."""
    found = 0
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError):
                found += _size(entry.path) if entry.is_dir(follow_symlinks=False) else entry.stat().st_size
    return found


class Visits:
    """All visits of a server."""

    def __init__(
        self, home: Path, keep: float, most: int, books: int, ended: Callable[[Visit], None] = lambda _: None
    ) -> None:
        """`ended` is told of each visit whose files are about to be deleted."""
        self._keep, self._most, self._books, self._told = keep, most, books, ended
        self._home = home
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._left = _remove_left(home, None)
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
                raise FullError.disk() from error
            visit = self._visits[visit_id] = Visit(visit_id, folder, time.time())
        return visit

    def forget(self, visit: Visit) -> None:
        """Delete all files of a visit."""
        with self._lock:
            self._visits.pop(visit.id, None)
        self._told(visit)
        shutil.rmtree(visit.folder, ignore_errors=True)

    def add(
        self,
        visit: Visit,
        name: str,
        content: IO[bytes],
        beside: Mapping[str, IO[bytes]] | None = None,
        batch: str = "",
    ) -> Book:
        """Keep a workbook, with the files that lie beside it by their names. Raises FullError."""

        def lay(own: Path, workbook: str) -> None:
            own.mkdir(mode=0o700)
            for file, stream in {workbook: content, **(beside or {})}.items():
                with (own / file).open("wb") as out:
                    shutil.copyfileobj(stream, out, 1 << 20)

        return self._kept(visit, safe_name(name), lay, batch)

    def go_on(self, visit: Visit, made: Path, name: str) -> Book:
        """Keep a workbook that was `made` on the page, and all that lies in its folder, as if dropped under `name`.

        Raises FullError.
        """

        def lay(own: Path, workbook: str) -> None:
            shutil.copytree(made.parent, own)
            (own / made.name).rename(own / workbook)

        return self._kept(visit, safe_name(name), lay)

    def _kept(self, visit: Visit, name: str, lay: Callable[[Path, str], None], batch: str = "") -> Book:
        """A new workbook of a visit; `lay` puts its files into a folder that is not there yet, itself under `name`."""
        with visit.lock:
            if len(visit.books) >= self._books:
                raise FullError(
                    f"A visit holds up to {self._books} workbooks. Forget your files, then drop these again."
                )
            folder = visit.folder / secrets.token_hex(16)
            book = Book(secrets.token_urlsafe(16), folder, name, time.time(), batch=batch)
            try:
                book.folder.mkdir(mode=0o700)
                lay(book.original.parent, name)
            except OSError as error:
                shutil.rmtree(book.folder, ignore_errors=True)
                raise FullError.disk() from error
            visit.books[book.id] = book
            return book

    @contextmanager
    def aside(self) -> Iterator[Path]:
        """A folder of no visit, for as long as something is done in it. Raises FullError."""
        folder = self.root / secrets.token_hex(16)
        try:
            folder.mkdir(mode=0o700)
            yield folder
        except OSError as error:
            raise FullError.disk() from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)

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
        self._left = _remove_left(self._home, self._left)

    def _sweep_always(self) -> None:
        while not self._ended.wait(min(30.0, max(0.2, self._keep / 4))):
            self.sweep()


def _remove_left(home: Path, before: Mapping[Path, float] | None) -> Mapping[Path, float]:
    """Delete what servers left that were killed; when each folder was touched last, for the next look.

    A living server touches its folder all the time. After a computer slept all of them look old at once, so that
    only one goes that did not change since the look `before`, where there was one.
    """
    touched: dict[Path, float] = {}
    for root in _folders(home):
        with suppress(OSError):
            at = root.stat().st_mtime
            touched[root] = at
            if time.time() - at > _OLD_ROOT and (before is None or before.get(root) == at):
                shutil.rmtree(root, ignore_errors=True)
    return touched


def _folders(home: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from (p for p in home.iterdir() if p.is_dir() and not p.is_symlink())
