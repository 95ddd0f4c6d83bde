"""The user's own vocabularies: files added once, then used after the bundled lists.

They lie in the user's cache folder (REMBI_SHEETS_CACHE, or the one of the platform: XDG_CACHE_HOME on Linux), one
SQLite file a vocabulary, as adding.py puts them there. Nothing is ever fetched.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rembi_sheets import homes
from rembi_sheets.vocabularies import bundled, phrases, sieve, store
from rembi_sheets.vocabularies.model import Entry, Match, Resolution

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
        again = f"add {facts.get('source', 'FILE')} --name {path.stem}"
        if facts.get("installed") == "yes":
            again = f"install {path.stem}"
        problem = f"made by another version of rembi-sheets; renew it: rembi-sheets terms {again}"
        return Cached(path.stem, path, problem=problem)
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
    if not name:
        return [Usable(described, base) for described, base in _opened()]
    source = bundled.source(name)
    prefixes, sure = frozenset(source.prefixes), not phrases.has_lines(name)
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


def resolve(text: str, word: str, curie: str, name: str) -> Resolution | None:
    """What `text`, squeezed to `word`, or else the identifier read from it, means in the user's vocabularies for list
    `name`; None if nothing.

    A vocabulary counts for a list when it bears the list's name; else its terms with a prefix of the list do. Among
    several, a label comes before a synonym, and then the order of the list's prefixes holds.
    """
    usable, asked = _usable(name), (text, curie, name)
    try:
        return _answers[asked]
    except KeyError:
        found = [(one, names) for one in usable if (names := _found(one, curie, word))[0]]
        return _kept(asked, _best(text, curie, found) if found else None)


def foresee(words: Mapping[str, str], name: str) -> dict[str, Resolution]:
    """The answers to many texts, given with their squeezed words, looked up at once; `resolve` has them then.

    More than are kept are not looked up.
    """
    usable = _usable(name)
    if not usable or len(words) > _MOST_ANSWERS:
        return {}
    known = {text: _answers[asked] for text in words if (asked := (text, "", name)) in _answers}
    fresh = {text: word for text, word in words.items() if text not in known} if known else words
    distinct = tuple(set(fresh.values()))
    marks = dict(zip(distinct, sieve.marks(distinct), strict=True))
    told = []
    for one in usable:
        if one.described.by_name:
            with contextlib.suppress(sqlite3.Error):
                told.append((one, store.by_words(one.base, marks)))
    for text, word in fresh.items():
        found = [(one, names[word]) for one, names in told if word in names]
        known[text] = _kept((text, "", name), _best(text, "", found) if found else None)
    return {text: answer for text, answer in known.items() if answer}


def _kept(asked: tuple[str, str, str], answer: Resolution | None) -> Resolution | None:
    if len(_answers) >= _MOST_ANSWERS:
        _answers.clear()
    _answers[asked] = answer
    return answer


def _best(text: str, curie: str, found: Iterable[tuple[Usable, store.Named]]) -> Resolution | None:
    """The first answer by label or identifier, or else the first one, of what was found in one vocabulary each."""
    best: Resolution | None = None
    for one, (entries, is_label) in found:
        try:
            fitting = tuple([entry for entry in entries if _counts(entry, text, curie, one)])
        except sqlite3.Error:
            continue
        if fitting:
            answer = _answer(text, curie, fitting, is_label, one.described)
            if is_label or curie:
                return answer
            best = best or answer
    return best


def _found(one: Usable, curie: str, word: str) -> store.Named:
    try:
        if curie:
            found = store.by_id(one.base, curie)
            return ((found,), False) if found else store.NONE
        return store.by_word(one.base, word) if one.described.by_name else store.NONE
    except sqlite3.Error:
        return store.NONE


def _counts(entry: Entry, text: str, curie: str, one: Usable) -> bool:
    """Whether a term that was found is one of the list, and its name is not a symbol that only looks alike."""
    if one.whole:
        return True
    prefix = entry.id.partition(":")[0]
    if prefix not in one.prefixes:
        return False
    if curie or not one.described.installed:
        return True
    if len(text) <= _SYMBOL and text not in (entry.label, *entry.synonyms):
        return False
    within = one.within.get(prefix)
    if within and store.ancestors(one.base, entry.id).isdisjoint(within):
        return False
    return one.sure or not phrases.unsure(text, entry, one.name)


def _answer(text: str, curie: str, fitting: tuple[Entry, ...], is_label: bool, described: Cached) -> Resolution:
    date = described.version or described.date
    if len(fitting) > 1:
        return Resolution(text, None, Match.NONE, described.name, date, fitting)
    entry = fitting[0]
    spelled = Match.LABEL if entry.label == text else Match.NORMALISED if is_label else Match.SYNONYM
    return Resolution(text, entry, Match.ID if curie else spelled, described.name, date)


def spellings(text: str, name: str) -> Iterator[tuple[str, str]]:
    """Names from the user's vocabularies that `text` may have meant, as (spelling, label), for list `name`."""
    for one in _usable(name):
        with contextlib.suppress(sqlite3.Error):
            for spelling, curie, label in store.spellings(one.base, text):
                if one.whole or curie.partition(":")[0] in one.prefixes:
                    yield spelling, label if one.described.by_name else f"{label} [{curie}]"


def search(text: str, limit: int = 20) -> tuple[tuple[Cached, Entry], ...]:
    """Terms of all the user's vocabularies whose names hold the words of `text`."""
    found = []
    for one in _usable():
        with contextlib.suppress(sqlite3.Error):
            found += [(one.described, entry) for entry in store.search(one.base, text, limit)]
    return tuple(found)


def show(curie: str) -> tuple[tuple[Cached, Entry, tuple[Entry, ...]], ...]:
    """The term with this identifier in each of the user's vocabularies, with the terms directly below it."""
    found = []
    for one in _usable():
        with contextlib.suppress(sqlite3.Error):
            entry = store.by_id(one.base, curie)
            if entry:
                found.append((one.described, entry, store.children(one.base, curie)))
    return tuple(found)


def entries(name: str, limit: int) -> tuple[Entry, ...]:
    """The first `limit` terms of the user's vocabulary `name`, by label: for a list in a workbook."""
    for one in _usable():
        if one.described.name == name:
            return store.all_entries(one.base, limit)
    raise KeyError(f"no vocabulary {name!r} in the cache")
