"""The user's own vocabularies: files added once, then used after the bundled lists.

They lie in the user's cache folder (REMBI_SHEETS_CACHE, or the one of the platform: XDG_CACHE_HOME on Linux), one
SQLite file a vocabulary. A file is made beside its place and moved there when it is whole, so an interrupted load
leaves what was there. Nothing is ever fetched.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rembi_sheets.vocabularies import bundled, formats, store
from rembi_sheets.vocabularies.formats import About, Problem, Progress, Term
from rembi_sheets.vocabularies.model import Entry, Match, Resolution

_MOST_PROBLEMS = 20
_A_DAY = 86_400
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]*")


@dataclass(frozen=True, slots=True)
class Cached:
    """A vocabulary in the cache. `problem` says why it cannot be used; all else is then empty but the path."""

    name: str
    path: Path
    source: str = ""
    version: str = ""
    date: str = ""
    terms: int = 0
    names: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """What adding a file came to: the vocabulary as it is now, None if the file was refused; and what was wrong."""

    vocabulary: Cached | None
    replaced: Cached | None = None
    problems: tuple[Problem, ...] = ()


def folder() -> Path:
    """Where the cache is, whether it is there yet or not."""
    chosen = os.environ.get("REMBI_SHEETS_CACHE")
    if chosen:
        return Path(chosen).expanduser() / "vocabularies"
    import platformdirs

    return Path(platformdirs.user_cache_dir("rembi-sheets", appauthor=False)) / "vocabularies"


def add(file: Path, name: str = "", progress: Progress | None = None) -> Added:
    """Read `file` (OBO, OWL in RDF/XML, TSV, names.dmp) into the cache as `name`, by default the name of the file.

    A vocabulary of that name is replaced, once the new one is whole.
    """
    name = name or re.sub(r"[^a-z0-9_.-]+", "-", file.stem.casefold()).strip("-._")
    if not _NAME.fullmatch(name):
        return Added(
            None, None, (Problem(f'"{name}" is no name for a vocabulary (small letters, digits, - _ .)', fatal=True),)
        )
    place = folder() / f"{name}.sqlite"
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _sweep(place.parent)
        handle, made = tempfile.mkstemp(dir=place.parent, prefix=f".{name}-", suffix=".part")
        os.close(handle)
        try:
            return _fill(file, name, Path(made), place, progress)
        finally:
            Path(made).unlink(missing_ok=True)
    except (OSError, sqlite3.Error) as error:
        return Added(None, None, (Problem(f"the cache in {place.parent} cannot be written: {error}", fatal=True),))


def _sweep(place: Path) -> None:
    """Take away what a load left that was killed a day ago or longer."""
    for left in place.glob(".*.part"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _A_DAY:
                left.unlink()


class _Problems:
    """What went wrong so far: the first ones and the fatal ones as they are, the others counted."""

    def __init__(self) -> None:
        self.kept: list[Problem] = []
        self.more = 0

    def add(self, problem: Problem) -> None:
        if problem.fatal or len(self.kept) < _MOST_PROBLEMS:
            self.kept.append(problem)
        else:
            self.more += 1

    def told(self) -> tuple[Problem, ...]:
        rest = (Problem(f"and {self.more} more"),) if self.more else ()
        return (*self.kept, *rest)


def _fill(file: Path, name: str, made: Path, place: Path, progress: Progress | None) -> Added:
    problems = _Problems()
    version: list[str] = []

    def terms() -> Iterator[Term]:
        for event in formats.read(file, progress):
            if isinstance(event, Term):
                yield event
            elif isinstance(event, About):
                version.append(event.version)
            else:
                problems.add(event)

    for curie in store.write(made, terms()):
        problems.add(Problem(f"{curie} is defined twice; the first is kept"))
    if any(problem.fatal for problem in problems.kept):
        return Added(None, None, problems.told())
    now = datetime.now(UTC)
    digest = _sha256(file)
    about = {"name": name, "source": file.name, "version": version[0] if version else "", "sha256": digest}
    store.describe(made, about | {"loaded": now.strftime("%Y-%m-%d")})
    described = _described(made)
    if not described.terms:
        problems.add(Problem("the file holds no term with identifier and label", fatal=True))
        return Added(None, None, problems.told())
    for curie in store.circles(made):
        problems.add(Problem(f"{curie} is among its own ancestors"))
    before = _described(place) if place.exists() else None
    _close(place)
    made.replace(place)
    return Added(_described(place), before, problems.told())


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def known() -> tuple[Cached, ...]:
    """All vocabularies of the cache by name, those that cannot be used with their problem."""
    return tuple(_described(path) for path in _files())


def _files() -> list[Path]:
    try:
        return sorted(path for path in folder().iterdir() if path.suffix == ".sqlite" and path.name[0] != ".")
    except OSError:
        return []


def _described(path: Path) -> Cached:
    try:
        with contextlib.closing(store.opened(path)) as base:
            facts = store.facts(base)
    except sqlite3.Error as error:
        return Cached(path.stem, path, problem=f"the file is damaged ({error}); add it again")
    if facts.get("format") != store.FORMAT:
        return Cached(path.stem, path, problem="made by another version of rembi-sheets; add it again")
    name = facts["name"] if path.suffix == ".part" else path.stem
    terms, names = int(facts["terms"]), int(facts["names"])
    return Cached(name, path, facts["source"], facts["version"], facts["loaded"], terms, names)


# vocabularies that are open, by file, with the time of the file when it was opened
_open: dict[Path, tuple[int, Cached, sqlite3.Connection | None]] = {}


def _usable() -> Iterator[tuple[Cached, sqlite3.Connection]]:
    """The vocabularies that can be asked; a file that was replaced since is opened anew."""
    for path in _files():
        with contextlib.suppress(OSError):
            changed = path.stat().st_mtime_ns
            if path not in _open or _open[path][0] != changed:
                _close(path)
                described = _described(path)
                _open[path] = (changed, described, None if described.problem else store.opened(path))
            _, described, base = _open[path]
            if base:
                yield described, base


def _close(path: Path) -> None:
    base = _open.pop(path, (0, None, None))[2]
    if base:
        base.close()


def resolve(text: str, curie: str, name: str) -> Resolution | None:
    """What `text`, or the identifier read from it, means in the user's vocabularies for list `name`; None if nothing.

    A vocabulary counts for a list when it bears the list's name; else its terms with a prefix of the list do.
    """
    for described, base in _usable():
        with contextlib.suppress(sqlite3.Error):
            found, is_label = _found(base, text, curie)
            fitting = tuple(e for e in found if described.name == name or _fits(e, name))
            date = described.version or described.date
            if len(fitting) == 1:
                spelled = Match.LABEL if fitting[0].label == text else Match.NORMALISED if is_label else Match.SYNONYM
                return Resolution(text, fitting[0], Match.ID if curie else spelled, described.name, date)
            if fitting:
                return Resolution(text, None, Match.NONE, described.name, date, fitting)
    return None


def _found(base: sqlite3.Connection, text: str, curie: str) -> tuple[tuple[Entry, ...], bool]:
    if not curie:
        return store.by_name(base, text)
    found = store.by_id(base, curie)
    return ((found,) if found else ()), False


def _fits(entry: Entry, name: str) -> bool:
    return entry.id.partition(":")[0] in bundled.source(name).prefixes


def spellings(text: str, name: str) -> Iterator[tuple[str, str]]:
    """Names from the user's vocabularies that `text` may have meant, as (spelling, label), for list `name`."""
    for described, base in _usable():
        with contextlib.suppress(sqlite3.Error):
            for spelling, entry in store.spellings(base, text):
                if described.name == name or _fits(entry, name):
                    yield spelling, entry.label


def search(text: str, limit: int = 20) -> tuple[tuple[Cached, Entry], ...]:
    """Terms of all the user's vocabularies whose names hold the words of `text`."""
    found = []
    for described, base in _usable():
        with contextlib.suppress(sqlite3.Error):
            found += [(described, entry) for entry in store.search(base, text, limit)]
    return tuple(found)


def show(curie: str) -> tuple[tuple[Cached, Entry, tuple[Entry, ...]], ...]:
    """The term with this identifier in each of the user's vocabularies, with the terms directly below it."""
    found = []
    for described, base in _usable():
        with contextlib.suppress(sqlite3.Error):
            entry = store.by_id(base, curie)
            if entry:
                found.append((described, entry, store.children(base, curie)))
    return tuple(found)


def entries(name: str, limit: int) -> tuple[Entry, ...]:
    """The first `limit` terms of the user's vocabulary `name`, by label: for a list in a workbook."""
    for described, base in _usable():
        if described.name == name:
            return store.all_entries(base, limit)
    raise KeyError(f"no vocabulary {name!r} in the cache")
