"""The user's own vocabularies: files added once, then used after the bundled lists.

They lie in the user's cache folder (REMBI_SHEETS_CACHE, or the one of the platform: XDG_CACHE_HOME on Linux), one
SQLite file a vocabulary, as adding.py puts them there. Nothing is ever fetched.
"""

from __future__ import annotations

import contextlib
import math
import sqlite3
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rembi_sheets import homes
from rembi_sheets.vocabularies import bundled, phrases, store
from rembi_sheets.vocabularies.model import Entry, Found, Resolution


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
    prefixes: frozenset[str] = frozenset()
    installed: bool = False
    by_name: bool = True
    licence: str = ""
    credit: str = ""


def folder() -> Path:
    """Where the cache is, whether it is there yet or not."""
    return homes.cache() / "vocabularies"


def known() -> tuple[Cached, ...]:
    """All vocabularies of the cache by name, those that cannot be used with their problem."""
    return tuple(_damaged.get(path) or describe(path) for path in _files())


def _files() -> list[Path]:
    try:
        return sorted(path for path in folder().iterdir() if path.suffix == ".sqlite" and path.name[0] != ".")
    except OSError:
        return []


def describe(path: Path) -> Cached:
    """The vocabulary in a file, or what is wrong with it."""
    facts: dict[str, str] = {}
    try:
        with contextlib.closing(store.opened(path)) as base:
            facts = base.facts()
            whole = facts.get("format") == store.FORMAT and base.parts
    except (OSError, sqlite3.Error) as error:
        return _unusable(path, f"the file is damaged ({error})", facts)
    if not whole:
        return _unusable(path, "made by another version of rembi-sheets", facts)
    name = facts["name"] if path.suffix == ".part" else path.stem
    terms, names = int(facts["terms"]), int(facts["names"])
    return Cached(
        name,
        path,
        facts["source"],
        facts["version"],
        facts["loaded"],
        terms,
        names,
        prefixes=frozenset(facts["prefixes"].split()),
        installed=facts.get("installed") == "yes",
        by_name=facts.get("by_name") != "no",
        licence=facts.get("licence", ""),
        credit=facts.get("credit", ""),
    )


def _unusable(path: Path, why: str, facts: Mapping[str, str]) -> Cached:
    """A vocabulary that cannot be asked, with what renews it."""
    again = f"add {facts.get('source', 'FILE')} --name {path.stem}"
    if facts.get("installed") == "yes":
        again = f"install {path.stem}"
    return Cached(path.stem, path, problem=f"{why}; renew it: rembi-sheets terms {again}")


@dataclass(frozen=True, slots=True)
class Usable:
    """A vocabulary that is open, as it is asked for one list ("" for all).

    `whole`: all its terms count, for it bears the name of the list; else those with one of the list's `prefixes` do,
    `within` certain branches where the list says so. `sure`: no name of the list is one that many things may have.
    """

    described: Cached
    base: store.Base
    name: str = ""
    whole: bool = False
    prefixes: frozenset[str] = frozenset()
    within: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sure: bool = True
    # of what is `described`, for it is asked at every answer
    vocabulary: str = field(init=False)
    date: str = field(init=False)
    installed: bool = field(init=False)

    def __post_init__(self) -> None:
        """Take over what is described."""
        described = self.described
        object.__setattr__(self, "vocabulary", described.name)
        object.__setattr__(self, "date", described.version or described.date)
        object.__setattr__(self, "installed", described.installed)

    def holds(self, curie: str) -> bool:
        """Whether the term with this identifier is one that the list may have; one's own vocabularies have no branches.

        Raises `sqlite3.Error` where the file is damaged.
        """
        prefix = curie.partition(":")[0]
        if self.whole or prefix not in self.prefixes:
            return self.whole
        within = self.within.get(prefix) if self.within and self.installed else None
        return not within or not store.ancestors(self.base, curie).isdisjoint(within)


@dataclass(frozen=True, slots=True)
class Asked:
    """What one list ("" for all) is asked: `usable` vocabularies in the order of its prefixes, one's own first; and
    what was answered, by text, and by text and the identifier read from it, for a workbook asks for the same words
    again and again; `phrases`: what a text with words that add nothing was found to be. It is put in another's place
    when the folder changes. `by_name` are those of them whose names alone mean terms."""

    usable: tuple[Usable, ...]
    by_name: tuple[Usable, ...]
    named: dict[str, Resolution | None] = field(default_factory=dict)
    identified: dict[tuple[str, str], Resolution | None] = field(default_factory=dict)
    phrases: dict[str, Found | None] = field(default_factory=dict)


# vocabularies that are open, by file, with the time of the file when it was opened
_open: dict[Path, tuple[int, Cached, store.Base | None]] = {}
# vocabularies of which an answer told that the file is damaged; they are asked no more
_damaged: dict[Path, Cached] = {}
# what is asked, by list, as of the folder and its time when it was looked at
_listed: dict[str, Asked] = {}
_NOT_LOOKED = (-math.inf, Path(), 0)
_looked: tuple[float, Path, int] = _NOT_LOOKED
_LOOK_AGAIN = 0.1  # seconds in which the folder is taken to be as, and where, it was


def asked(name: str = "") -> Asked:
    """What can be asked for list `name`.

    A change in the folder is seen by the time of the folder; a file that was replaced is opened anew.
    """
    now = time.monotonic()
    if now - _looked[0] >= _LOOK_AGAIN:
        _look(now)
    if name not in _listed:
        usable = tuple(_usable(name))
        _listed[name] = Asked(usable, tuple(one for one in usable if one.described.by_name))
    return _listed[name]


def _look(now: float) -> None:
    """Forget what was listed when the folder is another one, or has changed."""
    global _looked
    place = folder()
    try:
        changed = place.stat().st_mtime_ns
    except OSError:
        changed = 0
    if _looked[1:] != (place, changed):
        _listed.clear()
    _looked = (now, place, changed)


def forget() -> None:
    """Look again at the next question, and look it up anew: the folder was changed here."""
    global _looked
    _looked = _NOT_LOOKED
    _listed.clear()


def _usable(name: str) -> list[Usable]:
    if not name:
        return [Usable(described, base) for described, base in _opened()]
    source = bundled.source(name)
    prefixes, sure = frozenset(source.prefixes), not phrases.any_unsure(name)
    taken = [
        Usable(described, base, name, described.name == name, prefixes, source.within, sure)
        for described, base in _opened()
        if described.name == name or described.prefixes.intersection(prefixes)
    ]
    ranks = {prefix: rank for rank, prefix in enumerate(source.prefixes)}

    def order(one: Usable) -> tuple[bool, int]:
        held = (ranks[prefix] for prefix in one.described.prefixes if prefix in ranks)
        return one.described.installed, min(held, default=0)

    return sorted(taken, key=order)


def _opened() -> Iterator[tuple[Cached, store.Base]]:
    for path in _files():
        with contextlib.suppress(OSError):
            changed = path.stat().st_mtime_ns
            if path not in _open or _open[path][0] != changed:
                close(path)
                described = describe(path)
                _open[path] = (changed, described, None if described.problem else store.opened(path))
            _, described, base = _open[path]
            if base:
                yield described, base


def close(path: Path) -> None:
    """Let go of a file that will be replaced."""
    forget()
    _damaged.pop(path, None)
    base = _open.pop(path, (0, None, None))[2]
    if base:
        base.close()


def release() -> None:
    """Let go of every file: a process that is copied must not share one. Each is opened anew when it is asked."""
    for path in list(_open):
        close(path)


def unanswered(one: Usable, error: sqlite3.Error) -> None:
    """A question could not be answered. Where the file is damaged, `known` tells so, and it is asked no more."""
    if isinstance(error, sqlite3.OperationalError):  # it is the question, or the disk
        return
    path, facts = one.described.path, {"source": one.described.source}
    if one.described.installed:
        facts["installed"] = "yes"
    _damaged[path] = _unusable(path, f"the file is damaged ({error})", facts)
    changed = _open[path][0] if path in _open else 0
    _open[path] = (changed, _damaged[path], None)
    forget()


@contextlib.contextmanager
def watched(one: Usable) -> Iterator[None]:
    """Questions to a vocabulary, which end where one stays `unanswered`."""
    try:
        yield
    except sqlite3.Error as error:
        unanswered(one, error)


def spellings(text: str, name: str) -> Iterator[tuple[str, str]]:
    """Names from the user's vocabularies that `text` may have meant, as (spelling, label), for list `name`."""
    for one in asked(name).usable:
        with watched(one):
            held = dict[str, bool]()
            for spelling, curie, label in store.spellings(one.base, text):
                if curie not in held:
                    held[curie] = one.holds(curie)
                if held[curie]:
                    yield spelling, label if one.described.by_name else f"{label} [{curie}]"


def search(text: str, limit: int = 20) -> tuple[tuple[Cached, Entry], ...]:
    """Terms of all the user's vocabularies whose names hold the words of `text`."""
    found = []
    for one in asked().usable:
        with watched(one):
            found += [(one.described, entry) for entry in store.search(one.base, text, limit)]
    return tuple(found)


def show(curie: str) -> tuple[tuple[Cached, Entry, tuple[Entry, ...]], ...]:
    """The term with this identifier in each of the user's vocabularies, with the terms directly below it."""
    found = []
    for one in asked().usable:
        with watched(one):
            entry = store.by_id(one.base, curie)
            if entry:
                found.append((one.described, entry, store.children(one.base, curie)))
    return tuple(found)


def entries(name: str, limit: int) -> tuple[Entry, ...]:
    """The first `limit` terms of the user's vocabulary `name`, by label: for a list in a workbook."""
    for one in asked().usable:
        if one.described.name == name:
            with watched(one):
                return store.all_entries(one.base, limit)
    raise KeyError(f"no vocabulary {name!r} in the cache that can be used")
