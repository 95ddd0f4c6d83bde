"""One vocabulary in one SQLite file, which writing.py makes and nobody changes after: questions to it.

Tables: `meta(key, value)`, with the `begins` and `entries` by which names are found (marks.py), and the `common` begins
of their words; `term(number, id,
label, word, obsolete, replaced_by, synonyms, parent, parents)`, where `word` is the squeezed label, `parent` the first
parent and `parents` the others, lists joined by a sign that no name holds; `synonym(word, term)`; `further(parent,
child)`, the parents behind the first; `words`, the full-text index over all names of a term.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

from rembi_sheets.vocabularies.marks import Marked
from rembi_sheets.vocabularies.model import Entry
from rembi_sheets.vocabularies.words import squeeze

FORMAT = "5"
JOIN = "\x1f"
_COLUMNS = "term.id, term.label, term.obsolete, term.replaced_by, term.synonyms, term.parent, term.parents"
_BY_NUMBER = f"SELECT {_COLUMNS}, word, number FROM term WHERE number"
_ONE = f"{_BY_NUMBER} = ?"
_AT_ONCE = 250
_BEGUN_MOST, _BESIDE_MOST, _FEW = 250, 200, 5
# the names nearest to one in the order of names, on both sides of it
_BESIDE = tuple(
    f"SELECT {number}, word FROM {table} WHERE word {side} ORDER BY word {order} LIMIT ?3"
    for table, number in (("term", "number"), ("synonym", "term"))
    for side, order in ((">= ?1 AND word < ?2 || '\U0010ffff'", ""), ("< ?1 AND word >= ?2", "DESC"))
)
_BELOW = (
    f"SELECT {_COLUMNS} FROM term WHERE term.parent = ?1 OR term.number IN"
    " (SELECT child FROM further WHERE further.parent = ?1) ORDER BY term.label, term.number"
)
_FTS_WORD = re.compile(r"\w+")
Row = tuple[Any, ...]
Named = tuple[tuple[Entry, ...], bool]
NONE: Named = ((), False)


class Base(sqlite3.Connection):
    """A vocabulary that is open."""

    @cached_property
    def marked(self) -> Marked:
        """Its names by their marks."""
        held = dict(self.execute("SELECT key, value FROM meta WHERE key IN ('begins', 'entries')"))
        return Marked(held["begins"], held["entries"])

    @cached_property
    def common(self) -> frozenset[str]:
        """What so many of its words begin with that no question may be asked for all of them."""
        return frozenset(self.execute("SELECT value FROM meta WHERE key = 'common'").fetchone()[0].split())


def opened(path: Path, mapped: bool = False) -> Base:
    """A connection that can only read; `mapped` for many questions: pages are then read in place, not copied.

    A file is replaced, never changed, so that no question asks the system for a lock.
    """
    base = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False, factory=Base
    )
    if mapped:
        base.execute("PRAGMA mmap_size = 1073741824")
    return base


def facts(base: Base) -> dict[str, str]:
    """What `describe` wrote."""
    return dict(base.execute("SELECT key, value FROM meta WHERE key NOT IN ('begins', 'entries', 'common')"))


def by_id(base: Base, curie: str) -> Entry | None:
    """The term with this identifier."""
    row = base.execute(f"SELECT {_COLUMNS} FROM term WHERE id = ?", (curie,)).fetchone()
    return _entry(row) if row else None


def by_word(base: Base, word: str, mark: int) -> Named:
    """The terms that have this squeezed name with its mark, and whether it is their label; labels come before synonyms.

    Of several, the obsolete ones count only where there is no other.
    """
    numbers = base.marked.terms(mark)
    if not numbers:
        return NONE
    if len(numbers) > 1:
        return _borne(word, _numbered(base, numbers))
    row = base.execute(_ONE, numbers).fetchone()
    return ((_entry(row),), True) if row and row[7] == word else _borne(word, [row] if row else [])


def by_words(base: Base, marks: Mapping[str, int]) -> dict[str, Named]:
    """`by_word` of many words, given with their marks; those that name no term are left out."""
    terms = base.marked.terms
    held = {word: numbers for word, mark in marks.items() if (numbers := terms(mark))}
    rows = {row[8]: row for row in _numbered(base, chain.from_iterable(held.values()))}
    found: dict[str, Named] = {}
    for word, numbers in held.items():
        row = rows.get(numbers[0])
        if row and row[7] == word and len(numbers) == 1:
            found[word] = (_entry(row),), True
        else:
            named = _borne(word, [rows[number] for number in sorted(set(numbers)) if number in rows])
            if named[0]:
                found[word] = named
    return found


def _numbered(base: Base, numbers: Iterable[int]) -> list[Row]:
    """The rows of the terms with these numbers, in their order."""
    asked = sorted(set(numbers))
    rows = list[Row]()
    for start in range(0, len(asked), _AT_ONCE):
        part = asked[start : start + _AT_ONCE]
        rows += base.execute(f"{_BY_NUMBER} IN ({', '.join('?' * len(part))}) ORDER BY number", part)
    return rows


def _borne(word: str, rows: list[Row]) -> Named:
    """Of terms with a name of the word's mark, those that bear the word itself."""
    labelled = [row for row in rows if row[7] == word]
    borne = labelled or [row for row in rows if row[4] and word in map(squeeze, row[4].split(JOIN))]
    live = [row for row in borne if not row[2]] or borne
    return (tuple(map(_entry, live)), bool(labelled)) if live else NONE


def search(base: Base, text: str, limit: int) -> tuple[Entry, ...]:
    """Terms whose names hold all words of `text`, perhaps only begun; short names first, live before obsolete."""
    query = " AND ".join(f'"{word}"*' for word in _FTS_WORD.findall(text))
    if not query:
        return ()
    rows = base.execute(
        f"SELECT {_COLUMNS} FROM (SELECT rowid FROM words WHERE words MATCH ? LIMIT 5000) AS hit"
        " JOIN term ON term.number = hit.rowid ORDER BY term.obsolete, length(term.label) LIMIT ?",
        (query, limit),
    )
    return tuple(_entry(row) for row in rows)


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
    numbers: dict[int, None] = {}
    but_one = (words[:n] + words[n + 1 :] for n in range(len(words) if 1 < len(words) <= _FEW else 0))
    queries = (_begun(base, words, 2), _begun(base, words, len(text)), *(_begun(base, some, 2) for some in but_one))
    for query in dict.fromkeys(queries):
        found = base.execute("SELECT rowid FROM words WHERE words MATCH ? LIMIT ?", (query, _BEGUN_MOST))
        numbers.update((row[0], None) for row in found)
    word = squeeze(text)
    for question in _BESIDE:
        found = base.execute(question, (word, word[: max(3, len(word) // 3)], _BESIDE_MOST))
        numbers.update((row[0], None) for row in found)
    marks = ", ".join("?" * len(numbers))
    rows = base.execute(
        f"SELECT id, label, synonyms FROM term WHERE number IN ({marks}) AND NOT obsolete", tuple(numbers)
    )
    most = 2 * len(text)
    for curie, label, synonyms in rows:
        for name in (label, *synonyms.split(JOIN)) if synonyms else (label,):
            if len(name) <= most:
                yield name, curie, label


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
        row = base.execute("SELECT parent, parents FROM term WHERE id = ?", (waiting.pop(),)).fetchone()
        fresh = [parent for parent in _parents(*row) if parent not in seen] if row else ()
        seen.update(fresh)
        waiting += fresh
    return frozenset(seen)


def children(base: Base, curie: str) -> tuple[Entry, ...]:
    """The terms directly below one."""
    return tuple(_entry(row) for row in base.execute(_BELOW, (curie,)).fetchall())


def all_entries(base: Base, limit: int) -> tuple[Entry, ...]:
    """The first `limit` live terms in the order of their labels."""
    rows = base.execute(f"SELECT {_COLUMNS} FROM term WHERE NOT obsolete ORDER BY label LIMIT ?", (limit,))
    return tuple(_entry(row) for row in rows.fetchall())


def _entry(row: Row) -> Entry:
    curie, label, obsolete, replaced_by, synonyms, parent, others = row[:7]
    extra = {
        "parent_ids": "|".join(_parents(parent, others)) if others else parent,
        "obsolete": "true" if obsolete else "false",
        "replaced_by": replaced_by,
    }
    return Entry(label, curie, tuple(synonyms.split(JOIN)) if synonyms else (), extra)


def _parents(first: str, others: str) -> tuple[str, ...]:
    return (first, *others.split(JOIN)) if others else (first,) if first else ()
