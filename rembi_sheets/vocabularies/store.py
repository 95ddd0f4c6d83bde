"""One vocabulary in one SQLite file: written once from a stream of terms, then only read.

Tables: `meta(key, value)`; `term(number, id, label, obsolete, replaced_by, synonyms, parents)`, lists joined by a sign
that no name holds; `name(word, term, is_label)`, where `word` is the squeezed spelling; `parent(parent, child)`, the
identifier and the number; `words`, the full-text index over all names of a term.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rembi_sheets.vocabularies.formats import Term
from rembi_sheets.vocabularies.model import Entry
from rembi_sheets.vocabularies.words import squeeze

FORMAT = "2"
_BATCH = 5_000
_JOIN = "\x1f"
_TABLES = """
    PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000; PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA temp_store = FILE;
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE term (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, label TEXT NOT NULL,
                       obsolete INTEGER NOT NULL, replaced_by TEXT NOT NULL, synonyms TEXT NOT NULL,
                       parents TEXT NOT NULL);
    CREATE TABLE name (word TEXT NOT NULL, term INTEGER NOT NULL, is_label INTEGER NOT NULL);
    CREATE TABLE parent (parent TEXT NOT NULL, child INTEGER NOT NULL);
    CREATE VIRTUAL TABLE words USING fts5(text, content = '', detail = 'none', columnsize = 0, prefix = '3');
"""
_INDEXES = f"""
    CREATE INDEX name_word ON name (word, is_label, term);
    CREATE INDEX parent_parent ON parent (parent);
    INSERT INTO words (rowid, text) SELECT number, label || ' ' || replace(synonyms, '{_JOIN}', ' ') FROM term;
"""
_COLUMNS = "term.id, term.label, term.obsolete, term.replaced_by, term.synonyms, term.parents"
_BY_WORD = (
    f"SELECT {_COLUMNS}, name.is_label, term.number FROM name JOIN term ON term.number = name.term"
    " WHERE name.word = ? LIMIT 50"
)
_FTS_WORD = re.compile(r"\w+")
_ANCESTORS = """
    WITH RECURSIVE above(id) AS (SELECT ? UNION SELECT parent.parent FROM above
        JOIN term ON term.id = above.id JOIN parent ON parent.child = term.number)
    SELECT id FROM above
"""
Row = tuple[Any, ...]


def write(path: Path, terms: Iterable[Term]) -> Iterator[str]:
    """Make the file at `path` from `terms`; gives the identifiers that came twice (the first is kept).

    Memory does not grow with the number of terms.
    """
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as base:
        base.executescript(_TABLES)
        base.execute("BEGIN")
        numbered, stream = 0, iter(terms)
        while batch := list(islice(stream, _BATCH)):
            fresh, twice = _fresh(base, batch)
            yield from twice
            rows = list(enumerate(fresh, numbered + 1))
            base.executemany(
                "INSERT INTO term VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    (n, t.id, t.label, t.obsolete, t.replaced_by, _JOIN.join(t.synonyms), _JOIN.join(t.parents))
                    for n, t in rows
                ),
            )
            base.executemany("INSERT INTO name VALUES (?, ?, ?)", _names(rows))
            base.executemany("INSERT INTO parent VALUES (?, ?)", ((p, n) for n, t in rows for p in t.parents))
            numbered += len(rows)
        base.executescript(_INDEXES)
        base.execute("COMMIT") if base.in_transaction else None


def _names(rows: Iterable[tuple[int, Term]]) -> Iterator[tuple[str, int, bool]]:
    for number, term in rows:
        yield squeeze(term.label), number, True
        for synonym in term.synonyms:
            yield squeeze(synonym), number, False


def _fresh(base: sqlite3.Connection, batch: list[Term]) -> tuple[list[Term], list[str]]:
    """The terms of a batch that are not stored yet, each once, and the identifiers of the others."""
    once: dict[str, Term] = {}
    twice = []
    for term in batch:
        if once.setdefault(term.id, term) is not term:
            twice.append(term.id)
    stored: set[str] = set()
    ids = list(once)
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        marks = ", ".join("?" * len(part))
        stored.update(row[0] for row in base.execute(f"SELECT id FROM term WHERE id IN ({marks})", part))
    return [term for key, term in once.items() if key not in stored], twice + [key for key in ids if key in stored]


def describe(path: Path, facts: dict[str, str]) -> None:
    """Add facts about the vocabulary (name, version, ...) to a file just written; with them it is complete."""
    with contextlib.closing(sqlite3.connect(path)) as base, base:
        counts = base.execute("SELECT (SELECT count(*) FROM term), (SELECT count(*) FROM name)").fetchone()
        prefixes = base.execute("SELECT DISTINCT substr(id, 1, instr(id, ':') - 1) FROM term").fetchall()
        facts = facts | {"format": FORMAT, "terms": str(counts[0]), "names": str(counts[1])}
        facts["prefixes"] = " ".join(sorted(row[0] for row in prefixes if row[0]))
        base.executemany("INSERT INTO meta VALUES (?, ?)", sorted(facts.items()))


def circles(path: Path, limit: int = 5) -> list[str]:
    """Terms that are their own ancestors, at most `limit`: what is left when leaves are taken away again and again.

    Terms are numbers in arrays, so that a million of them take some ten megabytes.
    """
    with contextlib.closing(opened(path)) as base:
        most = base.execute("SELECT coalesce(max(number), 0) FROM term").fetchone()[0]
        starts, children, waiting = array("i", [0]) * (most + 2), array("i"), array("i", [0]) * (most + 1)
        pairs = base.execute(
            "SELECT DISTINCT term.number, parent.child FROM term JOIN parent ON parent.parent = term.id ORDER BY 1"
        )
        for parent, child in pairs:
            starts[parent + 1] += 1
            children.append(child)
            waiting[child] += 1
        for number in range(1, most + 2):
            starts[number] += starts[number - 1]
        ready = array("i", (number for number in range(1, most + 1) if not waiting[number]))
        while ready:
            parent = ready.pop()
            for place in range(starts[parent], starts[parent + 1]):
                waiting[children[place]] -= 1
                if not waiting[children[place]]:
                    ready.append(children[place])
        left = [number for number in range(1, most + 1) if waiting[number] > 0][:200]
        below = {n: children[starts[n] : starts[n + 1]] for n in range(1, most + 1) if left and waiting[n] > 0}
        found = islice(_on_a_circle(left, below), limit)
        return sorted(base.execute("SELECT id FROM term WHERE number = ?", (n,)).fetchone()[0] for n in found)


def _on_a_circle(left: list[int], below: dict[int, array[int]]) -> Iterator[int]:
    """Of the terms left, those that come back to themselves; the others only hang below a circle."""
    for start in left:
        seen, path = set[int](), [start]
        while path:
            for child in below.get(path.pop(), ()):
                if child == start:
                    yield start
                    path.clear()
                    break
                if child not in seen:
                    seen.add(child)
                    path.append(child)


def opened(path: Path, mapped: bool = False) -> sqlite3.Connection:
    """A connection that can only read; `mapped` for many questions: pages are then read in place, not copied."""
    base = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
    if mapped:
        base.execute("PRAGMA mmap_size = 1073741824")
    return base


def facts(base: sqlite3.Connection) -> dict[str, str]:
    """What `describe` wrote."""
    return dict(base.execute("SELECT key, value FROM meta"))


def by_id(base: sqlite3.Connection, curie: str) -> Entry | None:
    """The term with this identifier."""
    row = base.execute(f"SELECT {_COLUMNS} FROM term WHERE id = ?", (curie,)).fetchone()
    return _entry(row) if row else None


def by_word(base: sqlite3.Connection, word: str) -> tuple[tuple[Entry, ...], bool]:
    """The terms that have this squeezed name, and whether it is their label; labels count before synonyms."""
    rows = base.execute(_BY_WORD, (word,)).fetchall()
    if len(rows) < 2:
        return ((_entry(rows[0]),), bool(rows[0][6])) if rows else ((), False)
    labels = [row for row in rows if row[6]]
    chosen = labels or rows
    chosen = [row for row in chosen if not row[2]] or chosen
    distinct = {row[0]: row for row in sorted(chosen, key=lambda row: row[7])}
    return tuple(map(_entry, distinct.values())), bool(labels)


def search(base: sqlite3.Connection, text: str, limit: int) -> tuple[Entry, ...]:
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


def spellings(base: sqlite3.Connection, text: str, limit: int = 250) -> Iterator[tuple[str, Entry]]:
    """Names that may be `text` with a slip of the hand, and whose they are: what a likeness is sought among.

    Looked at are terms whose words begin like all words of `text`, nearly to their end, and then only with their first
    letters; and names that begin as `text` does. Each question is bounded, so that a million names make no difference.
    """
    words = [word for word in _FTS_WORD.findall(text) if len(word) >= 3]
    if not words:
        return
    near = " AND ".join(f'"{word[: max(3, len(word) - 2)]}"*' for word in words)
    begun = " AND ".join(f'"{word[:3]}"*' for word in words)
    numbers: dict[int, None] = {}
    for query in dict.fromkeys((near, begun)):
        found = base.execute("SELECT rowid FROM words WHERE words MATCH ? LIMIT ?", (query, limit))
        numbers.update((row[0], None) for row in found)
    word = squeeze(text)
    for start in {word[: max(3, len(word) * 2 // 3)], word[: max(3, len(word) // 3)]}:
        found = base.execute(
            "SELECT term FROM name WHERE word >= ? AND word < ? LIMIT ?", (start, start + "\U0010ffff", limit)
        )
        numbers.update((row[0], None) for row in found)
    marks = ", ".join("?" * len(numbers))
    rows = base.execute(f"SELECT {_COLUMNS} FROM term WHERE number IN ({marks}) AND NOT obsolete", tuple(numbers))
    for row in rows:
        entry = _entry(row)
        yield from ((name, entry) for name in (entry.label, *entry.synonyms) if abs(len(name) - len(text)) <= len(text))


def ancestors(base: sqlite3.Connection, curie: str) -> frozenset[str]:
    """The identifiers of a term and of all above it."""
    return frozenset(row[0] for row in base.execute(_ANCESTORS, (curie,)))


def children(base: sqlite3.Connection, curie: str) -> tuple[Entry, ...]:
    """The terms directly below one."""
    rows = base.execute(
        f"SELECT {_COLUMNS} FROM parent JOIN term ON term.number = parent.child"
        " WHERE parent.parent = ? ORDER BY term.label",
        (curie,),
    )
    return tuple(_entry(row) for row in rows.fetchall())


def all_entries(base: sqlite3.Connection, limit: int) -> tuple[Entry, ...]:
    """The first `limit` live terms in the order of their labels."""
    rows = base.execute(f"SELECT {_COLUMNS} FROM term WHERE NOT obsolete ORDER BY label LIMIT ?", (limit,))
    return tuple(_entry(row) for row in rows.fetchall())


def _entry(row: Row) -> Entry:
    curie, label, obsolete, replaced_by, synonyms, parents = row[:6]
    extra = {
        "parent_ids": parents.replace(_JOIN, "|") if parents else "",
        "obsolete": "true" if obsolete else "false",
        "replaced_by": replaced_by,
    }
    return Entry(label, curie, tuple(synonyms.split(_JOIN)) if synonyms else (), MappingProxyType(extra))
