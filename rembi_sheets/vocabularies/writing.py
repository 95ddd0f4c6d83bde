"""One vocabulary written into one SQLite file, from a stream of terms; store.py tells its tables, and reads them.

Rows go in as they come and are put in order at the end, in one go: no index is kept up while rows come. Memory does
not grow with the number of terms, but for some bytes a name: its mark, its place in the search for circles.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from rembi_sheets import collector
from rembi_sheets.vocabularies import marks
from rembi_sheets.vocabularies.formats import Term
from rembi_sheets.vocabularies.store import FORMAT, JOIN, opened
from rembi_sheets.vocabularies.words import squeeze

_BATCH = 2_000
# begins of words, so many letters long, that more than so many names share, as one label in so many tells
_SHORTEST, _LONGEST, _COMMON, _SAMPLE = 3, 12, 10_000, 256
_WORD = re.compile(r"\w+")
_TABLES = """
    PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000; PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA temp_store = FILE;
    CREATE TABLE meta (key TEXT PRIMARY KEY, value NOT NULL);
    CREATE TABLE term (number INTEGER PRIMARY KEY, id TEXT NOT NULL, label TEXT NOT NULL, word TEXT NOT NULL,
                       obsolete INTEGER NOT NULL, replaced_by TEXT NOT NULL, synonyms TEXT NOT NULL,
                       parent TEXT NOT NULL, parents TEXT NOT NULL);
    CREATE TABLE synonym (word TEXT NOT NULL, term INTEGER NOT NULL);
    CREATE TABLE further (parent TEXT NOT NULL, child INTEGER NOT NULL);
    CREATE VIRTUAL TABLE words USING fts5(text, content = '', detail = 'none', columnsize = 0, prefix = '3');
"""
_TWICE = """
    SELECT id FROM term WHERE id IN (SELECT id FROM term GROUP BY id HAVING count(*) > 1)
        AND number NOT IN (SELECT min(number) FROM term GROUP BY id) ORDER BY number
"""
_ONCE = """
    DELETE FROM term WHERE number NOT IN (SELECT min(number) FROM term GROUP BY id);
    DELETE FROM synonym WHERE term NOT IN (SELECT number FROM term);
    DELETE FROM further WHERE child NOT IN (SELECT number FROM term);
"""
_ORDER = f"""
    CREATE INDEX term_word ON term (word);
    CREATE INDEX term_parent ON term (parent);
    CREATE INDEX synonym_word ON synonym (word, term);
    CREATE INDEX further_parent ON further (parent, child);
    INSERT INTO words (rowid, text) SELECT number, label || ' ' || replace(synonyms, '{JOIN}', ' ') FROM term;
"""
# every term that is a parent itself with each of its parents that is a term of the vocabulary: the leaves, which are
# most, stand on no circle
_PAIRS = """
    WITH inner AS (SELECT parent AS id FROM term UNION SELECT parent FROM further)
    SELECT child.number, above.number
        FROM inner CROSS JOIN term AS child ON child.id = inner.id CROSS JOIN term AS above ON above.id = child.parent
    UNION ALL
    SELECT further.child, above.number
        FROM further CROSS JOIN term AS above ON above.id = further.parent
"""


def write(path: Path, terms: Iterable[Term]) -> Iterator[str]:
    """Make the file at `path` from `terms`; gives the identifiers that came twice (the first is kept)."""
    with collector.resting(), contextlib.closing(sqlite3.connect(path, isolation_level=None)) as base:
        base.executescript(_TABLES)
        base.execute("BEGIN")
        numbered, stream, begins = 0, iter(terms), Counter[str]()
        marked, bearers = array("I"), array("I")
        while batch := list(islice(stream, _BATCH)):
            _insert(base, batch, numbered + 1, marked, bearers)
            _count(begins, batch, marked[-len(batch) :])
            numbered += len(batch)
        base.execute("CREATE INDEX term_id ON term (id)")
        twice = False
        for (curie,) in base.execute(_TWICE):
            twice = True
            yield curie
        base.executescript(f"{_ONCE if twice else ''} {_ORDER}")
        common = " ".join(sorted(begin for begin, number in begins.items() if number * _SAMPLE > _COMMON))
        places = marks.ordered(marked, bearers)
        base.execute("INSERT INTO meta VALUES ('begins', ?), ('entries', ?), ('common', ?)", (*places, common))
        base.execute("COMMIT") if base.in_transaction else None


def _insert(base: sqlite3.Connection, batch: list[Term], first: int, marked: array[int], bearers: array[int]) -> None:
    """Store terms, numbered from `first`; `marked` gets the marks of their names, the labels last, `bearers` the
    numbers beside them."""
    words = [squeeze(term[1]) for term in batch]
    rows, synonyms, further = [], [], []
    for number, (curie, label, others, parents, obsolete, replaced_by) in enumerate(batch, first):
        parent, more, names = parents[0] if parents else "", "", ""
        if len(parents) > 1:
            more = JOIN.join(parents[1:])
            further += [(one, number) for one in parents[1:]]
        if others:
            names = JOIN.join(others)
            synonyms += [(squeeze(name), number) for name in others]
        rows.append((number, curie, label, words[number - first], obsolete, replaced_by, names, parent, more))
    marked.extend(marks.marks([word for word, _ in synonyms]))
    marked.extend(marks.marks(words))
    bearers.extend([number for _, number in synonyms])
    bearers.extend(range(first, first + len(batch)))
    base.executemany("INSERT INTO term VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    base.executemany("INSERT INTO synonym VALUES (?, ?)", synonyms)
    base.executemany("INSERT INTO further VALUES (?, ?)", further)


def _count(begins: Counter[str], batch: list[Term], marked: array[int]) -> None:
    """Add the begins of the words in the labels of a part of the terms, which their marks choose."""
    for term, mark in zip(batch, marked, strict=True):
        if not mark % _SAMPLE:
            for word in _WORD.findall(term.label.casefold()):
                begins.update([word[:length] for length in range(_SHORTEST, min(len(word), _LONGEST) + 1)])


def describe(path: Path, facts: dict[str, str]) -> None:
    """Add facts about the vocabulary (name, version, ...) to a file just written; with them it is complete."""
    with contextlib.closing(sqlite3.connect(path)) as base, base:
        terms = base.execute("SELECT count(*) FROM term").fetchone()[0]
        synonyms = base.execute("SELECT count(*) FROM synonym").fetchone()[0]
        facts = facts | {"format": FORMAT, "terms": str(terms), "names": str(terms + synonyms)}
        facts["prefixes"] = " ".join(_prefixes(base))
        base.executemany("INSERT INTO meta VALUES (?, ?)", sorted(facts.items()))


def _prefixes(base: sqlite3.Connection) -> Iterator[str]:
    """The prefixes of all identifiers, in order: each is where the index goes on behind the last one."""
    after = ""
    while found := base.execute("SELECT min(id) FROM term WHERE id >= ?", (after,)).fetchone()[0]:
        prefix, colon, _ = found.partition(":")
        if prefix and colon:
            yield prefix
            after = f"{prefix};"  # the sign behind the colon
        else:
            after = f"{found}\0"


def circles(path: Path, limit: int = 5) -> list[str]:
    """Terms that are their own ancestors, at most `limit`: what is left when leaves are taken away again and again.

    Terms are numbers in arrays, so that a million of them take some ten megabytes.
    """
    with contextlib.closing(opened(path)) as base:
        most = base.execute("SELECT coalesce(max(number), 0) FROM term").fetchone()[0]
        # the parents of a term are a chain: `first` of them, and after each the `following` one (0 ends it)
        first, following, parents = array("i", [0]) * (most + 1), array("i", [0]), array("i", [0])
        below = array("i", [0]) * (most + 1)
        for child, parent in base.execute(_PAIRS):
            following.append(first[child])
            first[child] = len(parents)
            parents.append(parent)
            below[parent] += 1
        ready = array("i", (number for number in range(1, most + 1) if not below[number]))
        while ready:
            pair = first[ready.pop()]
            while pair:
                parent = parents[pair]
                below[parent] -= 1
                if not below[parent]:
                    ready.append(parent)
                pair = following[pair]
        left = [number for number in range(1, most + 1) if below[number] > 0]
        above = {number: list(_chain(first[number], following, parents)) for number in left}
        found = islice(_on_a_circle(left[:200], above), limit)
        return sorted(base.execute("SELECT id FROM term WHERE number = ?", (n,)).fetchone()[0] for n in found)


def _chain(pair: int, following: array[int], parents: array[int]) -> Iterator[int]:
    while pair:
        yield parents[pair]
        pair = following[pair]


def _on_a_circle(left: list[int], above: dict[int, list[int]]) -> Iterator[int]:
    """Of the terms left, those that come back to themselves; the others only stand above a circle."""
    for start in left:
        seen, path = set[int](), [start]
        while path:
            for parent in above.get(path.pop(), ()):
                if parent == start:
                    yield start
                    path.clear()
                    break
                if parent not in seen:
                    seen.add(parent)
                    path.append(parent)
