"""One vocabulary in one SQLite file, which writing.py makes and nobody changes after: questions to it.

Tables: `meta(key, value)`, with the `sieve` of all names and the `common` begins of their words; `term(number, id,
label, word, obsolete, replaced_by, synonyms, parent, parents)`, where `word` is the squeezed label, `parent` the first
parent and `parents` the others, lists joined by a sign that no name holds; `synonym(word, term)`; `further(parent,
child)`, the parents behind the first; `words`, the full-text index over all names of a term.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from rembi_sheets.vocabularies import sieve
from rembi_sheets.vocabularies.model import Entry
from rembi_sheets.vocabularies.words import squeeze

FORMAT = "4"
JOIN = "\x1f"
_COLUMNS = "term.id, term.label, term.obsolete, term.replaced_by, term.synonyms, term.parent, term.parents"
_BY_LABEL = f"SELECT {_COLUMNS}, word FROM term WHERE word {{}} ORDER BY word, number"
_BY_SYNONYM = (
    f"SELECT {_COLUMNS}, synonym.word FROM synonym JOIN term ON term.number = synonym.term"
    " WHERE synonym.word {} ORDER BY synonym.word, synonym.term"
)
_AT_ONCE = 250
_BEGUN_MOST, _BESIDE_MOST, _FEW = 250, 200, 5
_LABEL, _SYNONYM = _BY_LABEL.format("= ?"), _BY_SYNONYM.format("= ?")
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
    def sieve(self) -> bytes:
        """What its names are sieved by."""
        return bytes(self.execute("SELECT value FROM meta WHERE key = 'sieve'").fetchone()[0])

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
    return dict(base.execute("SELECT key, value FROM meta WHERE key NOT IN ('sieve', 'common')"))


def by_id(base: Base, curie: str) -> Entry | None:
    """The term with this identifier."""
    row = base.execute(f"SELECT {_COLUMNS} FROM term WHERE id = ?", (curie,)).fetchone()
    return _entry(row) if row else None


def by_word(base: Base, word: str) -> Named:
    """The terms that have this squeezed name, and whether it is their label; labels count before synonyms."""
    if not sieve.holds(base.sieve, sieve.mark(word)):
        return NONE
    for query, is_label in ((_LABEL, True), (_SYNONYM, False)):
        rows = base.execute(query, (word,)).fetchall()
        if rows:
            return _named(rows, is_label)
    return NONE


def by_words(base: Base, marks: Mapping[str, int]) -> dict[str, Named]:
    """`by_word` of many words, given with their marks in the sieve; those that name no term are left out."""
    asked = sorted(sieve.held(base.sieve, marks))
    found: dict[str, Named] = {}
    for query, is_label in ((_BY_LABEL, True), (_BY_SYNONYM, False)):
        left = [word for word in asked if word not in found] if found else asked
        for start in range(0, len(left), _AT_ONCE):
            part = left[start : start + _AT_ONCE]
            shared: dict[str, list[Row]] = {}
            first: dict[str, Row] = {}
            for row in base.execute(query.format(f"IN ({', '.join('?' * len(part))})"), part):
                one = first.setdefault(row[-1], row)
                if one is not row:
                    shared.setdefault(row[-1], [one]).append(row)
            found |= {word: ((_entry(row),), is_label) for word, row in first.items()}
            found |= {word: _named(rows, is_label) for word, rows in shared.items()}
    return found


def _named(rows: list[Row], is_label: bool) -> Named:
    """The terms of one name, each once: the obsolete ones only where there is no other."""
    if len(rows) == 1:
        return (_entry(rows[0]),), is_label
    live = [row for row in rows if not row[2]] or rows
    return tuple(map(_entry, {row[0]: row for row in live}.values())), is_label


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
