"""One vocabulary written into one file, from a stream of terms; store.py tells what is in it, and reads it.

Memory does not grow with the terms while they come (gathering.py); to put them in order at the end takes some ten
megabytes a million.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rembi_sheets import collector
from rembi_sheets.vocabularies import circles, marks, ordering, parts, records
from rembi_sheets.vocabularies.formats import Term
from rembi_sheets.vocabularies.gathering import Gathered
from rembi_sheets.vocabularies.store import BEGINS, FORMAT, PAIRS, label, synonym

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BATCH = 2_000
# begins of words, so many letters long, that more than so many names share, as one label in so many tells
_SHORTEST, _LONGEST, _COMMON, _SAMPLE = 3, 12, 10_000, 256
_WORD = re.compile(r"\w+")
_TABLES = """
    PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8000; PRAGMA locking_mode = EXCLUSIVE;
    CREATE TABLE meta (key TEXT PRIMARY KEY, value NOT NULL);
    CREATE VIRTUAL TABLE words USING fts5(text, content = '', detail = 'none', columnsize = 0, prefix = '3');
"""
_INTO_WORDS = "INSERT INTO words (rowid, text) VALUES (?, ?)"
_OUT_OF_WORDS = "INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)"


@dataclass(frozen=True, slots=True)
class Written:
    """How many terms a file holds, the identifiers that came `again` (the first term is kept), some on `circles`."""

    terms: int
    again: tuple[str, ...]
    circles: tuple[str, ...]


def write(path: Path, terms: Iterable[Term], facts: Callable[[], Mapping[str, str]] = dict) -> Written:
    """Make the file at `path` from `terms`, and keep with it the `facts`, asked for when all terms have come.

    Counted are the `terms` and the `names`; the `prefixes` of the identifiers are told, and the `format` of the file.
    Raises `OSError` and `sqlite3.Error` where it cannot be written.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(collector.resting())
        base = stack.enter_context(contextlib.closing(sqlite3.connect(path, isolation_level=None)))
        base.executescript(_TABLES)
        base.execute("BEGIN")
        held, begins, prefixes = Gathered(path.parent, stack), Counter[str](), set[str]()
        stream = iter(terms)
        while batch := list(islice(stream, _BATCH)):
            names = [_names(term[1], term[2]) if term[2] else term[1] for term in batch]
            base.executemany(_INTO_WORDS, enumerate(names, held.count + 1))
            _count(begins, batch, held.add(batch))
            known = tuple(f"{prefix}:" for prefix in prefixes)
            fresh = [term[0].partition(":") for term in batch if not term[0].startswith(known)]
            prefixes.update([prefix for prefix, colon, _ in fresh if prefix and colon])
        made = _Parts(held)
        base.executemany(_OUT_OF_WORDS, made.twice.items())
        counted = {"format": FORMAT, "prefixes": " ".join(sorted(prefixes)), "common": _common(begins)}
        counted |= made.counted()
        base.executemany("INSERT INTO meta VALUES (?, ?)", sorted((counted | dict(facts())).items()))
        base.execute("COMMIT")
        base.close()
        parts.append(path, made)
        again, on_circles = ([held.fields(n)[records.ID] for n in some] for some in (made.twice, made.circles()))
        return Written(int(counted["terms"]), tuple(again), tuple(sorted(on_circles)))


def _names(label: str, synonyms: Sequence[str]) -> str:
    """What the full-text index gets of a term."""
    return " ".join((label, *synonyms))


def _count(begins: Counter[str], batch: Sequence[Term], marked: Sequence[int]) -> None:
    """Add the begins of the words in the labels of a part of the terms, which their marks choose."""
    for term, mark in zip(batch, marked, strict=True):
        if not mark % _SAMPLE:
            for word in _WORD.findall(term.label.casefold()):
                begins.update([word[:length] for length in range(_SHORTEST, min(len(word), _LONGEST) + 1)])


def _common(begins: Counter[str]) -> str:
    return " ".join(sorted(begin for begin, number in begins.items() if number * _SAMPLE > _COMMON))


class _Parts:
    """The parts behind the pages of SQLite, each made when it is written: of all terms but those in `twice`.

    These have the identifier of an earlier one: their numbers, and their names as the full-text index has them.
    """

    def __init__(self, held: Gathered) -> None:
        import numpy as np

        self._held = held
        again = ordering.again(held.id_hashes.all(), lambda number: held.fields(number)[records.ID])
        found = ((number, held.fields(number)) for number in again)
        self.twice = {number: _names(one[records.LABEL], records.synonyms(one)) for number, one in found}
        self._once = np.ones(held.count + 1, dtype=bool)
        self._once[list(self.twice)] = False
        self._terms = np.arange(1, held.count + 1, dtype=np.uint32)

    def counted(self) -> dict[str, str]:
        """How many terms and names there are."""
        synonyms = int(self._once[marks.terms(self._held.told.all())].sum())
        terms = self._held.count - len(self.twice)
        return {"terms": str(terms), "names": str(terms + synonyms)}

    def __iter__(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        import numpy as np

        held, fields, terms = self._held, self._held.fields, self._terms
        yield "records", held.pieces()
        yield "places", [_stored(held.places())]
        told = held.told.all()
        bearers = np.concatenate((terms, marks.terms(told).astype(terms.dtype)))
        yield from _marked("names", self._paired(np.concatenate((held.labels.marks(), held.synonyms.marks())), bearers))
        yield from _marked("ids", self._paired(held.ids.all(), terms))
        yield from _marked("below", self._paired(held.above.all(), held.children.all()))
        yield "labels", [_stored(ordering.of_words(*self._kept(terms, held.labels.keys()), fields, label))]
        yield "synonyms", [_stored(ordering.of_words(*self._kept(told, held.synonyms.keys()), fields, synonym))]

    def circles(self) -> list[int]:
        """The numbers of some terms that are their own ancestors."""
        held = self._held
        children = held.children.all()
        once = self._once[children]
        pairs = ordering.parents(held.id_hashes.all(), children[once], held.above_hashes.all()[once])
        return circles.found(*pairs, most=held.count)

    def _paired(self, marked: NDArray[Any], terms: NDArray[Any]) -> NDArray[Any]:
        pairs: NDArray[Any] = marks.paired(marked, terms)[self._once[terms]]
        return pairs

    def _kept(self, told: NDArray[Any], keys: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        once = self._once[marks.terms(told)]
        return (told, keys) if once.all() else (told[once], keys[once])


def _marked(name: str, pairs: NDArray[Any]) -> Iterator[tuple[str, Iterable[bytes]]]:
    begins, ordered = marks.ordered(pairs)
    yield name + BEGINS, [_stored(begins)]
    yield name + PAIRS, [_stored(ordered)]


def _stored(numbers: NDArray[Any]) -> bytes:
    """Numbers as parts.py reads them."""
    return numbers.astype(numbers.dtype.newbyteorder("<"), copy=False).tobytes()
