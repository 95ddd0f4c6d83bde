"""The user's own vocabularies: files added once, then used after the bundled lists.

They lie in the user's cache folder (REMBI_SHEETS_CACHE, or the one of the platform: XDG_CACHE_HOME on Linux), one
SQLite file a vocabulary, as adding.py puts them there. Nothing is ever fetched.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rembi_sheets import homes
from rembi_sheets.vocabularies import bundled, phrases, sieve, store
from rembi_sheets.vocabularies.model import Entry, Match, Resolution
from rembi_sheets.vocabularies.words import squeeze

_SYMBOL = 3  # names of up to so many letters are symbols: their case counts


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
    return tuple(describe(path) for path in _files())


def _files() -> list[Path]:
    try:
        return sorted(path for path in folder().iterdir() if path.suffix == ".sqlite" and path.name[0] != ".")
    except OSError:
        return []


def describe(path: Path) -> Cached:
    """The vocabulary in a file, or what is wrong with it."""
    try:
        with contextlib.closing(store.opened(path)) as base:
            facts = store.facts(base)
    except sqlite3.Error as error:
        return Cached(path.stem, path, problem=f"the file is damaged ({error}); add it again")
    if facts.get("format") != store.FORMAT:
        return Cached(
            path.stem, path, problem="made by another version of rembi-sheets; add it again (or: terms install)"
        )
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


Usable = tuple[Cached, store.Base]
# vocabularies that are open, by file, with the time of the file when it was opened
_open: dict[Path, tuple[int, Cached, store.Base | None]] = {}
# what can be asked, by list ("" for all), as of the folder and its time when it was looked at
_listed: dict[str, tuple[Usable, ...]] = {}
# what was answered last, for a workbook asks for the same words again and again
_answers: dict[tuple[str, str, str], Resolution | None] = {}
_MOST_ANSWERS = 20_000
_looked: tuple[str | None, float, Path, int] | None = None
_LOOK_AGAIN = 0.1  # seconds in which the folder is taken to be as it was


def _usable(name: str = "") -> tuple[Usable, ...]:
    """The vocabularies that can be asked, those for list `name` in the order of its prefixes, one's own first.

    A change in the folder is seen by the time of the folder; a file that was replaced is opened anew.
    """
    _look()
    if name not in _listed:
        _listed[name] = tuple(_asked(name))
    return _listed[name]


def _look() -> None:
    """Forget what was listed when the folder is another one, or has changed."""
    global _looked
    chosen, now = os.environ.get("REMBI_SHEETS_CACHE"), time.monotonic()
    if _looked and _looked[0] == chosen and now - _looked[1] < _LOOK_AGAIN:
        return
    place = folder()
    try:
        changed = place.stat().st_mtime_ns
    except OSError:
        changed = 0
    if _looked is None or _looked[2:] != (place, changed):
        _listed.clear()
        _answers.clear()
    _looked = (chosen, now, place, changed)


def forget() -> None:
    """Look again at the next question, and look it up anew: the folder was changed here."""
    global _looked
    _looked = None
    _listed.clear()
    _answers.clear()


def _asked(name: str) -> list[Usable]:
    found = list(_opened())
    if not name:
        return found
    prefixes = bundled.source(name).prefixes
    taken = [one for one in found if one[0].name == name or one[0].prefixes.intersection(prefixes)]
    ranks = {prefix: rank for rank, prefix in enumerate(prefixes)}
    return sorted(
        taken,
        key=lambda one: (one[0].installed, min((ranks[p] for p in one[0].prefixes if p in ranks), default=0)),
    )


def _opened() -> Iterator[Usable]:
    for path in _files():
        with contextlib.suppress(OSError):
            changed = path.stat().st_mtime_ns
            if path not in _open or _open[path][0] != changed:
                close(path)
                described = describe(path)
                _open[path] = (changed, described, None if described.problem else store.opened(path, mapped=True))
            _, described, base = _open[path]
            if base:
                yield described, base


def close(path: Path) -> None:
    """Let go of a file that will be replaced."""
    forget()
    base = _open.pop(path, (0, None, None))[2]
    if base:
        base.close()


def resolve(text: str, curie: str, name: str) -> Resolution | None:
    """What `text`, or the identifier read from it, means in the user's vocabularies for list `name`; None if nothing.

    A vocabulary counts for a list when it bears the list's name; else its terms with a prefix of the list do. Among
    several, a label comes before a synonym, and then the order of the list's prefixes holds.
    """
    usable, asked = _usable(name), (text, curie, name)
    try:
        return _answers[asked]
    except KeyError:
        word = "" if curie else squeeze(text)
        found = ((one, _found(one[1], curie, word, one[0])) for one in usable)
        return _kept(asked, _best(text, curie, name, found))


def foresee(texts: Collection[str], name: str) -> None:
    """Look many texts up at once, so that `resolve` has their answers; more than are kept are not looked up."""
    usable = _usable(name)
    fresh = {text: squeeze(text) for text in texts if (text, "", name) not in _answers} if usable else {}
    if len(fresh) > _MOST_ANSWERS:
        return
    words = {word: sieve.mark(word) for word in fresh.values()}
    told = []
    for one in usable:
        with contextlib.suppress(sqlite3.Error):
            told.append((one, store.by_words(one[1], words) if one[0].by_name else {}))
    for text, word in fresh.items():
        _kept((text, "", name), _best(text, "", name, [(one, d[word]) for one, d in told if word in d]))


def _kept(asked: tuple[str, str, str], answer: Resolution | None) -> Resolution | None:
    if len(_answers) >= _MOST_ANSWERS:
        _answers.clear()
    _answers[asked] = answer
    return answer


def _best(text: str, curie: str, name: str, found: Iterable[tuple[Usable, store.Named]]) -> Resolution | None:
    """The first answer by label or identifier, or else the first one, of what was found in one vocabulary each."""
    best: Resolution | None = None
    for (described, base), (entries, is_label) in found:
        try:
            fitting = tuple([e for e in entries if _counts(e, text, curie, name, described, base)])
        except sqlite3.Error:
            continue
        if fitting:
            answer = _answer(text, curie, fitting, is_label, described)
            if is_label or curie:
                return answer
            best = best or answer
    return best


def _found(base: store.Base, curie: str, word: str, described: Cached) -> store.Named:
    with contextlib.suppress(sqlite3.Error):
        if curie:
            found = store.by_id(base, curie)
            return ((found,), False) if found else store.NONE
        return store.by_word(base, word) if described.by_name else store.NONE
    return store.NONE


def _counts(entry: Entry, text: str, curie: str, name: str, described: Cached, base: store.Base) -> bool:
    """Whether a term that was found is one of the list, and its name is not a symbol that only looks alike."""
    if described.name == name:
        return True
    prefix, source = entry.id.partition(":")[0], bundled.source(name)
    if prefix not in source.prefixes:
        return False
    if curie or not described.installed:
        return True
    if len(text) <= _SYMBOL and text not in (entry.label, *entry.synonyms):
        return False
    within = source.within.get(prefix, ())
    if within and store.ancestors(base, entry.id).isdisjoint(within):
        return False
    return not phrases.unsure(text, entry, name)


def _answer(text: str, curie: str, fitting: tuple[Entry, ...], is_label: bool, described: Cached) -> Resolution:
    date = described.version or described.date
    if len(fitting) > 1:
        return Resolution(text, None, Match.NONE, described.name, date, fitting)
    spelled = Match.LABEL if fitting[0].label == text else Match.NORMALISED if is_label else Match.SYNONYM
    return Resolution(text, fitting[0], Match.ID if curie else spelled, described.name, date)


def _fits(entry: Entry, name: str) -> bool:
    return entry.id.partition(":")[0] in bundled.source(name).prefixes


def spellings(text: str, name: str) -> Iterator[tuple[str, str]]:
    """Names from the user's vocabularies that `text` may have meant, as (spelling, label), for list `name`."""
    for described, base in _usable(name):
        with contextlib.suppress(sqlite3.Error):
            for spelling, entry in store.spellings(base, text):
                if described.name == name or _fits(entry, name):
                    yield spelling, entry.label if described.by_name else f"{entry.label} [{entry.id}]"


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
