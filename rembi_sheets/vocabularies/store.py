"""One vocabulary in one file, which writing.py makes and nobody changes after: questions to it.

The file is one of SQLite, with the parts behind its pages that are read in place (parts.py). SQLite has `meta(key,
value)`, with the `common` begins of the words, and `words`, the full-text index over all names of a term. The parts:
`records`, one a term (records.py), and `places`, where each begins, with its sum; `names`, `ids` and `below`, by which
terms are found of a name, an identifier, a parent (marks.py; two parts each); `labels` and `synonyms`, the names in
their order. Terms are numbered from 1, as they came.
"""

from __future__ import annotations

import re
import sqlite3
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from heapq import nsmallest
from itertools import islice
from pathlib import Path
from zlib import crc32

from rembi_sheets.vocabularies.marks import BITS, Marked, mark
from rembi_sheets.vocabularies.model import Entry
from rembi_sheets.vocabularies.parts import Damaged, Parts
from rembi_sheets.vocabularies.records import FIELD, ID, LABEL, WORD, Fields, entry, is_obsolete, parents, synonyms
from rembi_sheets.vocabularies.words import squeeze

FORMAT = "6"
BEGINS, PAIRS = ".begins", ".pairs"  # the two parts behind a name of `Base.marked`
_LOWER = (1 << BITS) - 1  # the bits of `places` that hold a place, and those of `synonyms` that hold a term
_BEGUN_MOST, _BESIDE_MOST, _FEW = 250, 200, 5
_HIT_MOST = 5000
_FTS_WORD = re.compile(r"[^\W_]+")
Named = tuple[tuple[Entry, ...], bool]
Spelled = tuple[Sequence[int], Callable[[int], str]]
NONE: Named = ((), False)


class Base:
    """A vocabulary that is open."""

    def __init__(self, path: Path) -> None:
        """Raises `sqlite3.Error` where the file is no vocabulary."""
        self._path = path
        # a file is replaced, never changed, so that no question asks the system for a lock
        address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self.words = sqlite3.connect(address, uri=True, check_same_thread=False)
        self._parts: Parts | None = None

    def facts(self) -> dict[str, str]:
        """What `writing.write` was told to keep with the terms, and what it counted."""
        return dict(self.words.execute("SELECT key, value FROM meta WHERE key != 'common'"))

    @cached_property
    def common(self) -> frozenset[str]:
        """What so many of its words begin with that no question may be asked for all of them."""
        return frozenset(self.words.execute("SELECT value FROM meta WHERE key = 'common'").fetchone()[0].split())

    @property
    def parts(self) -> Parts:
        """What is read in place. Raises `Damaged` where that is not whole."""
        if self._parts is None:
            self._parts = Parts(self._path)
        return self._parts

    @cached_property
    def names(self) -> Marked:
        """Terms by the words of their names."""
        return self._marked("names")

    @cached_property
    def ids(self) -> Marked:
        """Terms by their identifiers."""
        return self._marked("ids")

    @cached_property
    def below(self) -> Marked:
        """Terms by the identifiers of their parents."""
        return self._marked("below")

    def _marked(self, name: str) -> Marked:
        return Marked(self.parts.numbers(name + BEGINS, "I"), self.parts.numbers(name + PAIRS, "Q"))

    @cached_property
    def fields(self) -> Fields:
        """The records by the numbers of their terms; raises `Damaged` for one that has changed."""
        # each record has its own sum beside its place: none needs to be trusted, and none read before it is asked for
        places, held = self.parts.numbers("places", "Q", sure=False), self.parts.raw("records")

        def fields(number: int) -> list[str]:
            told = places[number - 1]
            data = bytes(held[told & _LOWER : places[number] & _LOWER])
            if crc32(data) != told >> BITS:
                raise Damaged("a term in the file has changed")
            return data.decode().split(FIELD)

        return fields

    @cached_property
    def in_order(self) -> tuple[Spelled, Spelled]:
        """All labels, and all synonyms, by their squeezed words: what tells each, and the function to the word."""
        labels, synonyms = self.parts.numbers("labels", "I"), self.parts.numbers("synonyms", "Q")
        return (labels, lambda told: label(self.fields, told)), (synonyms, lambda told: synonym(self.fields, told))

    @cached_property
    def count(self) -> int:
        """How many terms came, and so the highest number."""
        return len(self.parts.numbers("places", "Q", sure=False)) - 1

    def close(self) -> None:
        """Let go of the file."""
        self.words.close()
        if self._parts is not None:
            self._parts.close()


def label(fields: Fields, told: int) -> str:
    """The squeezed label of the term with a number."""
    return fields(told)[WORD]


def synonym(fields: Fields, told: int) -> str:
    """The squeezed synonym that is told by its place among those of a term, before the number of the term."""
    return squeeze(synonyms(fields(told & _LOWER))[told >> BITS])


def opened(path: Path) -> Base:
    """A vocabulary, to be asked; `close` it."""
    return Base(path)


def by_id(base: Base, curie: str) -> Entry | None:
    """The term with this identifier."""
    found = _with_id(base, curie)
    return entry(found) if found else None


def _with_id(base: Base, curie: str) -> list[str] | None:
    found = map(base.fields, base.ids.terms(mark(curie)))
    return next((fields for fields in found if fields[ID] == curie), None)


def by_word(base: Base, word: str, mark: int) -> Named:
    """The terms that have this squeezed name with its mark, and whether it is their label; labels come before synonyms.

    Of several, the obsolete ones count only where there is no other.
    """
    numbers = base.names.terms(mark)
    if not numbers:
        return NONE
    if len(numbers) == 1:
        fields = base.fields(numbers[0])
        return ((entry(fields),), True) if fields[WORD] == word else _borne(word, [fields])
    return _borne(word, list(map(base.fields, sorted(set(numbers)))))


def _borne(word: str, found: list[list[str]]) -> Named:
    """Of terms with a name of the word's mark, those that bear the word itself."""
    labelled = [fields for fields in found if fields[WORD] == word]
    borne = labelled or [fields for fields in found if word in map(squeeze, synonyms(fields))]
    live = [fields for fields in borne if not is_obsolete(fields)] or borne
    return (tuple(map(entry, live)), bool(labelled)) if live else NONE


def search(base: Base, text: str, limit: int) -> tuple[Entry, ...]:
    """Terms whose names hold all words of `text`, perhaps only begun; short names first, live before obsolete."""
    query = " AND ".join(f'"{word}"*' for word in _FTS_WORD.findall(text))
    found = map(base.fields, _matching(base, query, _HIT_MOST)) if query else ()
    best = nsmallest(limit, found, key=lambda fields: (is_obsolete(fields), len(fields[LABEL])))
    return tuple(map(entry, best))


def _matching(base: Base, query: str, limit: int) -> Iterator[int]:
    """The numbers of the first terms that answer a question to the full-text index."""
    for (number,) in base.words.execute("SELECT rowid FROM words WHERE words MATCH ? LIMIT ?", (query, limit)):
        yield number


def spellings(base: Base, text: str) -> Iterator[tuple[str, str, str]]:
    """Names that may be `text` with a slip of the hand, with identifier and label of the term: what a likeness is
    sought among.

    Looked at are terms whose words begin like all words of `text`, nearly to their end, then only with their first
    letters, and then like all but one; and the names that stand beside it in the order of names. Each question is
    bounded, so that a million names make no difference: a begin that too many words share is made longer.
    """
    words = [word.casefold() for word in _FTS_WORD.findall(text) if len(word) >= 3]
    if not words:
        return
    numbers = set[int]()
    but_one = (words[:n] + words[n + 1 :] for n in range(len(words) if 1 < len(words) <= _FEW else 0))
    queries = (_begun(base, words, 2), _begun(base, words, len(text)), *(_begun(base, some, 2) for some in but_one))
    for query in dict.fromkeys(queries):
        numbers.update(_matching(base, query, _BEGUN_MOST))
    numbers.update(_beside(base, squeeze(text)))
    most = 2 * len(text)
    for fields in map(base.fields, sorted(numbers)):
        if not is_obsolete(fields):
            for name in (fields[LABEL], *synonyms(fields)):
                if len(name) <= most:
                    yield name, fields[ID], fields[LABEL]


def _beside(base: Base, word: str) -> Iterator[int]:
    """The terms with the names nearest to a word in the order of names, on both sides, as long as these begin alike."""
    begin = word[: max(3, len(word) // 3)]
    for told, spelled in base.in_order:
        place = bisect_left(told, word, key=spelled)
        for side in (range(place, len(told)), range(place - 1, -1, -1)):
            for at in islice(side, _BESIDE_MOST):
                if not spelled(told[at]).startswith(begin):
                    break
                yield told[at] & _LOWER


def _begun(base: Base, words: Sequence[str], left: int) -> str:
    """The question for terms with words that begin like all of `words`, `left` letters before their end at most."""
    asked = []
    for word in words:
        length = max(3, len(word) - left)
        while length < len(word) and word[:length] in base.common:
            length += 1
        # a whole word that is common is found at once, what begins with it is not
        asked.append(f'"{word[:length]}"' + ("" if word[:length] in base.common else "*"))
    return " AND ".join(asked)


def ancestors(base: Base, curie: str) -> frozenset[str]:
    """The identifiers of a term and of all above it."""
    seen, waiting = {curie}, [curie]
    while waiting:
        found = _with_id(base, waiting.pop())
        fresh = [parent for parent in parents(found) if parent not in seen] if found else ()
        seen.update(fresh)
        waiting += fresh
    return frozenset(seen)


def children(base: Base, curie: str) -> tuple[Entry, ...]:
    """The terms directly below one, in the order of their labels."""
    found = map(base.fields, sorted(set(base.below.terms(mark(curie)))))
    below = [fields for fields in found if curie in parents(fields)]
    return tuple(map(entry, sorted(below, key=lambda fields: fields[LABEL])))


def all_entries(base: Base, limit: int) -> tuple[Entry, ...]:
    """The first `limit` live terms in the order of their labels."""
    live = (fields for fields in every(base) if not is_obsolete(fields))
    return tuple(map(entry, nsmallest(limit, live, key=lambda fields: fields[LABEL])))


def every(base: Base) -> Iterator[list[str]]:
    """The records of all terms as they came, but for such as came twice."""
    for number in range(1, base.count + 1):
        fields = base.fields(number)
        if number in base.ids.terms(mark(fields[ID])):
            yield fields
