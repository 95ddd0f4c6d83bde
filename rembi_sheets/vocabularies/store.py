"""One vocabulary in one SQLite file: written once from a stream of terms, then only read.

Tables: `meta(key, value)`; `term(number, id, label, obsolete, replaced_by)`;
`name(number, term, text, word, is_label)`, where `word` is the squeezed spelling;
`parent(child, parent)` with identifiers; `words`, the full-text index over names.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from types import MappingProxyType

from rembi_sheets.vocabularies.formats import Term
from rembi_sheets.vocabularies.model import Entry
from rembi_sheets.vocabularies.words import squeeze

FORMAT = "1"
_BATCH = 5_000
_TABLES = """
    PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32000; PRAGMA locking_mode = EXCLUSIVE;
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE term (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, label TEXT NOT NULL,
                       obsolete INTEGER NOT NULL, replaced_by TEXT NOT NULL);
    CREATE TABLE name (number INTEGER PRIMARY KEY, term INTEGER NOT NULL, text TEXT NOT NULL, word TEXT NOT NULL,
                       is_label INTEGER NOT NULL);
    CREATE TABLE parent (child TEXT NOT NULL, parent TEXT NOT NULL);
    CREATE VIRTUAL TABLE words USING fts5(text, content = 'name', content_rowid = 'number', prefix = '3');
"""
_INDEXES = """
    CREATE INDEX name_word ON name (word);
    CREATE INDEX name_term ON name (term);
    CREATE INDEX parent_child ON parent (child);
    CREATE INDEX parent_parent ON parent (parent);
    INSERT INTO words (words) VALUES ('rebuild');
"""
_FTS_WORD = re.compile(r"\w+")


def write(path: Path, terms: Iterable[Term]) -> Iterator[str]:
    """Make the file at `path` from `terms`; gives the identifiers that came twice (the first is kept).

    Memory does not grow with the number of terms.
    """
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as base:
        base.executescript(_TABLES)
        base.execute("BEGIN")
        numbered, stream = 0, iter(terms)
        while batch := list(islice(stream, _BATCH)):
            fresh: list[tuple[int, Term]] = []
            for term in batch:
                added = base.execute(
                    "INSERT OR IGNORE INTO term VALUES (?, ?, ?, ?, ?)",
                    (numbered + 1, term.id, term.label, term.obsolete, term.replaced_by),
                )
                if added.rowcount < 1:
                    yield term.id
                    continue
                numbered += 1
                fresh.append((numbered, term))
            base.executemany(
                "INSERT INTO name (term, text, word, is_label) VALUES (?, ?, ?, ?)",
                (
                    (number, text, squeeze(text), position == 0)
                    for number, term in fresh
                    for position, text in enumerate((term.label, *term.synonyms))
                ),
            )
            base.executemany(
                "INSERT INTO parent VALUES (?, ?)", ((term.id, parent) for _, term in fresh for parent in term.parents)
            )
        base.executescript(_INDEXES)
        base.execute("COMMIT") if base.in_transaction else None


def describe(path: Path, facts: dict[str, str]) -> None:
    """Add facts about the vocabulary (name, version, ...) to a file just written; with them it is complete."""
    with contextlib.closing(sqlite3.connect(path)) as base, base:
        counts = base.execute("SELECT (SELECT count(*) FROM term), (SELECT count(*) FROM name)").fetchone()
        facts = facts | {"format": FORMAT, "terms": str(counts[0]), "names": str(counts[1])}
        base.executemany("INSERT INTO meta VALUES (?, ?)", sorted(facts.items()))


def circles(path: Path, limit: int = 5) -> list[str]:
    """Terms that are their own ancestors, at most `limit`: what is left when leaves are taken away again and again."""
    with contextlib.closing(opened(path)) as base:
        below: dict[str, set[str]] = {}
        waiting: dict[str, int] = {}
        for child, parent in base.execute("SELECT DISTINCT child, parent FROM parent"):
            below.setdefault(parent, set()).add(child)
            waiting[child] = waiting.get(child, 0) + 1
    ready = [term for term in below if term not in waiting]
    while ready:
        for child in below.get(ready.pop(), ()):
            waiting[child] -= 1
            if not waiting[child]:
                del waiting[child]
                ready.append(child)
    return list(islice(_on_a_circle(waiting, below), limit))


def _on_a_circle(left: dict[str, int], below: dict[str, set[str]]) -> Iterator[str]:
    """Of the terms left, those that come back to themselves; the others only hang below a circle."""
    for start in sorted(left)[:200]:
        seen, path = set[str](), [start]
        while path:
            for child in below.get(path.pop(), ()):
                if child == start:
                    yield start
                    path.clear()
                    break
                if child not in seen:
                    seen.add(child)
                    path.append(child)


def opened(path: Path) -> sqlite3.Connection:
    """A connection that can only read."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)


def facts(base: sqlite3.Connection) -> dict[str, str]:
    """What `describe` wrote."""
    return dict(base.execute("SELECT key, value FROM meta"))


def by_id(base: sqlite3.Connection, curie: str) -> Entry | None:
    """The term with this identifier."""
    row = base.execute("SELECT number, id, label, obsolete, replaced_by FROM term WHERE id = ?", (curie,)).fetchone()
    return _entry(base, row) if row else None


def by_name(base: sqlite3.Connection, text: str) -> tuple[tuple[Entry, ...], bool]:
    """The terms that have this name, and whether it is their label; labels before synonyms, live before obsolete."""
    rows = base.execute(
        "SELECT DISTINCT term.number, term.id, term.label, term.obsolete, term.replaced_by, name.is_label FROM name"
        " JOIN term ON term.number = name.term WHERE name.word = ? ORDER BY name.is_label DESC, term.number LIMIT 20",
        (squeeze(text),),
    ).fetchall()
    labels = [row for row in rows if row[5]]
    chosen = labels or rows
    chosen = [row for row in chosen if not row[3]] or chosen
    return tuple(_entry(base, row[:5]) for row in chosen), bool(labels)


def search(base: sqlite3.Connection, text: str, limit: int) -> tuple[Entry, ...]:
    """Terms whose names hold all words of `text`, perhaps only begun; best first, live before obsolete."""
    query = " ".join(f'"{word}"*' for word in _FTS_WORD.findall(text))
    if not query:
        return ()
    rows = base.execute(
        "SELECT term.number, term.id, term.label, term.obsolete, term.replaced_by FROM ("
        " SELECT rowid, rank FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?) AS hit"
        " JOIN name ON name.number = hit.rowid JOIN term ON term.number = name.term"
        " ORDER BY term.obsolete, hit.rank",
        (query, limit * 5),
    )
    distinct = dict.fromkeys(rows)
    return tuple(_entry(base, row) for row in islice(distinct, limit))


def spellings(base: sqlite3.Connection, text: str, limit: int = 400) -> Iterator[tuple[str, Entry]]:
    """Names with a word that begins like one of `text`, and whose they are: what a likeness is sought among."""
    begins = {word[:3] for word in _FTS_WORD.findall(text) if len(word) >= 3}
    query = " OR ".join(f'"{start}"*' for start in sorted(begins))
    if not query:
        return
    rows = base.execute(
        "SELECT name.text, term.id, term.label FROM (SELECT rowid FROM words WHERE words MATCH ? LIMIT 20000) AS hit"
        " JOIN name ON name.number = hit.rowid JOIN term ON term.number = name.term"
        " WHERE NOT term.obsolete ORDER BY abs(length(name.text) - ?) LIMIT ?",
        (query, len(text), limit),
    )
    yield from ((spelling, Entry(label, curie)) for spelling, curie, label in rows)


def children(base: sqlite3.Connection, curie: str) -> tuple[Entry, ...]:
    """The terms directly below one."""
    rows = base.execute(
        "SELECT term.number, term.id, term.label, term.obsolete, term.replaced_by FROM parent"
        " JOIN term ON term.id = parent.child WHERE parent.parent = ? ORDER BY term.label",
        (curie,),
    )
    return tuple(_entry(base, row) for row in rows.fetchall())


def all_entries(base: sqlite3.Connection, limit: int) -> tuple[Entry, ...]:
    """The first `limit` live terms in the order of their labels."""
    rows = base.execute(
        "SELECT number, id, label, obsolete, replaced_by FROM term WHERE NOT obsolete ORDER BY label LIMIT ?", (limit,)
    )
    return tuple(_entry(base, row) for row in rows.fetchall())


def _entry(base: sqlite3.Connection, row: tuple[int, str, str, int, str]) -> Entry:
    number, curie, label, obsolete, replaced_by = row
    synonyms = base.execute("SELECT text FROM name WHERE term = ? AND NOT is_label ORDER BY number", (number,))
    parents = base.execute("SELECT parent FROM parent WHERE child = ?", (curie,))
    extra = {
        "parent_ids": "|".join(chain.from_iterable(parents)),
        "obsolete": "true" if obsolete else "false",
        "replaced_by": replaced_by,
    }
    return Entry(label, curie, tuple(chain.from_iterable(synonyms)), MappingProxyType(extra))
