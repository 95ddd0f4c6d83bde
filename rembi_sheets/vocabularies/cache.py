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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rembi_sheets import homes
from rembi_sheets.vocabularies import bundled, formats, phrases, store
from rembi_sheets.vocabularies.formats import About, Problem, Progress, Term
from rembi_sheets.vocabularies.model import Entry, Match, Resolution
from rembi_sheets.vocabularies.words import squeeze

_MOST_PROBLEMS = 20
_A_DAY = 86_400
_SYMBOL = 3  # names of up to so many letters are symbols: their case counts
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
    prefixes: frozenset[str] = frozenset()
    installed: bool = False
    by_name: bool = True
    licence: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """What adding a file came to: the vocabulary as it is now, None if the file was refused; and what was wrong."""

    vocabulary: Cached | None
    replaced: Cached | None = None
    problems: tuple[Problem, ...] = ()


def folder() -> Path:
    """Where the cache is, whether it is there yet or not."""
    return homes.cache() / "vocabularies"


def add(
    file: Path, name: str = "", progress: Progress | None = None, further: Mapping[str, str] | None = None
) -> Added:
    """Read `file` (OBO, OWL in RDF/XML, TSV, names.dmp) into the cache as `name`, by default the name of the file.

    A vocabulary of that name is replaced, once the new one is whole. `further` facts are kept with it: `version`,
    `licence`, `credit`, `installed` and `by_name` ("no": its labels alone mean none of its terms).
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
            return _fill(file, name, Path(made), place, progress, further or {})
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


def _fill(
    file: Path, name: str, made: Path, place: Path, progress: Progress | None, further: Mapping[str, str]
) -> Added:
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
    store.describe(made, about | {"loaded": now.strftime("%Y-%m-%d"), **further})
    described = _described(made)
    if not described.terms:
        problems.add(Problem("the file holds no term with identifier and label", fatal=True))
        return Added(None, None, problems.told())
    for curie in store.circles(made):
        problems.add(Problem(f"{curie} is among its own ancestors"))
    before = _described(place) if place.exists() else None
    _close(place)
    made.replace(place)
    _forget()
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


Usable = tuple[Cached, sqlite3.Connection]
# vocabularies that are open, by file, with the time of the file when it was opened
_open: dict[Path, tuple[int, Cached, sqlite3.Connection | None]] = {}
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


def _forget() -> None:
    """Look again at the next question, for the folder was changed here."""
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
                _close(path)
                described = _described(path)
                _open[path] = (changed, described, None if described.problem else store.opened(path, mapped=True))
            _, described, base = _open[path]
            if base:
                yield described, base


def _close(path: Path) -> None:
    _forget()
    base = _open.pop(path, (0, None, None))[2]
    if base:
        base.close()


def resolve(text: str, curie: str, name: str) -> Resolution | None:
    """What `text`, or the identifier read from it, means in the user's vocabularies for list `name`; None if nothing.

    A vocabulary counts for a list when it bears the list's name; else its terms with a prefix of the list do. Among
    several, a label comes before a synonym, and then the order of the list's prefixes holds.
    """
    usable, asked = _usable(name), (text, curie, name)
    if asked not in _answers:
        if len(_answers) >= _MOST_ANSWERS:
            _answers.clear()
        _answers[asked] = _resolved(text, curie, name, usable)
    return _answers[asked]


def _resolved(text: str, curie: str, name: str, usable: tuple[Usable, ...]) -> Resolution | None:
    word = "" if curie else squeeze(text)
    best: Resolution | None = None
    for described, base in usable:
        try:
            found, is_label = _found(base, curie, word, described)
            fitting = tuple(e for e in found if _counts(e, text, curie, name, described, base)) if found else ()
        except sqlite3.Error:
            continue
        if fitting:
            answer = _answer(text, curie, fitting, is_label, described)
            if is_label or curie:
                return answer
            best = best or answer
    return best


def _found(base: sqlite3.Connection, curie: str, word: str, described: Cached) -> tuple[tuple[Entry, ...], bool]:
    if curie:
        found = store.by_id(base, curie)
        return ((found,) if found else ()), False
    return store.by_word(base, word) if described.by_name else ((), False)


def _counts(entry: Entry, text: str, curie: str, name: str, described: Cached, base: sqlite3.Connection) -> bool:
    """Whether a term that was found is one of the list, and its name is not a symbol that only looks alike."""
    if described.name == name:
        return True
    if not _fits(entry, name):
        return False
    if curie or not described.installed:
        return True
    if len(text) <= _SYMBOL and text not in (entry.label, *entry.synonyms):
        return False
    within = bundled.source(name).within.get(entry.id.partition(":")[0], ())
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
