"""A column of words, as facilities keep them, and what each of them may mean: a table for a person to go through."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from rembi_sheets.vocabularies import lookup
from rembi_sheets.vocabularies.identifiers import labelled
from rembi_sheets.vocabularies.phrases import Relation
from rembi_sheets.vocabularies.proposals import Proposed, propose
from rembi_sheets.vocabularies.words import squeeze

HEADINGS = ("accept", "word", "id", "label", "list", "why", "others")
# the lists whose words come from ontologies, in the order in which a word is looked for where no list is named
LISTS = ("organism", "imaging_method", "biological_entity", "disease", "phenotype", "study_type")
_MOST = 50_000


class WordsError(Exception):
    """The file holds no column of words; the message says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one word may mean. `accept` is "yes" where it is the term; "" where a person has to say so."""

    accept: str
    word: str
    id: str = ""
    label: str = ""
    list: str = ""
    why: str = "nothing is like it"
    others: tuple[str, ...] = ()


def words(content: bytes, column: str = "") -> tuple[str, ...]:
    """The distinct words of a column of a CSV or TSV file, in their order. Raises WordsError.

    Without `column` it is the first one; a file without any separator is one column without heading.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.splitlines()[0] if text.strip() else ""
    signs = [sign for sign in "\t;," if sign in first]
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=signs[0] if signs else "\x1f"))
    except csv.Error as error:
        raise WordsError(f"this is no table: {error}") from error
    if not rows:
        raise WordsError("the file is empty")
    heading = [cell.strip() for cell in rows[0]]
    if column and column.casefold() not in map(str.casefold, heading):
        raise WordsError(f"there is no column {column}; there are: {', '.join(heading)}")
    place = [cell.casefold() for cell in heading].index(column.casefold()) if column else 0
    body = rows[1:] if column or signs else rows
    found = dict.fromkeys(row[place].strip() for row in body[:_MOST] if len(row) > place)
    return tuple(word for word in found if word)


def proposals(listed: Iterable[str], field: str | None = None) -> tuple[Row, ...]:
    """A Row for each word: in list `field`, or in the list that knows it best."""
    words, names = tuple(listed), (field,) if field else LISTS
    for name in names:
        lookup.foresee(words, name)
    return tuple(_row(word, names) for word in words)


def _row(word: str, names: tuple[str, ...]) -> Row:
    for name in names:
        found = lookup.resolve(word, name)
        if found.entry:
            return Row("yes", word, lookup.own_id(found.entry), found.entry.label, name, f"its {found.match}")
        if found.alternatives:
            several = tuple(f"{entry.label} [{entry.id}]" for entry in found.alternatives)
            return Row("", word, list=name, why="several things have this name", others=several)
    offers = [(name, propose(word, name, loose=True)) for name in names]
    offers = [(name, offer) for name, offer in offers if offer.labels and not offer.misplaced]
    if not offers:
        return Row("", word)
    # nearly the same spelling before a term that the words hold, and that before any other spelling
    name, best = min(offers, key=lambda pair: _rank(pair[1], word))
    label, curie = labelled(best.labels[0]) or (best.labels[0], "")
    entry = lookup.by_id(curie, name) if curie else lookup.resolve(label, name).entry
    identity = lookup.own_id(entry) if entry else curie
    return Row("", word, identity, label, name, str(best.relation or "spelled alike"), best.labels[1:])


def _rank(offer: Proposed, word: str) -> tuple[int, bool, bool]:
    """A name spelled nearly so comes first, then a term that the word holds: by its own name before one it implies.

    Of these what the whole word is mostly meant for, or derived from, comes before what a part of it is.
    """
    kind = 0 if offer.near else 1 if offer.relation else 2
    label = (labelled(offer.labels[0]) or offer.labels)[0]
    return kind, squeeze(label) not in squeeze(word), offer.relation not in (Relation.OFTEN, Relation.DERIVED)


def table(rows: Iterable[Row]) -> str:
    """The rows as a table with tabs."""
    lines = [HEADINGS, *((r.accept, r.word, r.id, r.label, r.list, r.why, "; ".join(r.others)) for r in rows)]
    return "".join("\t".join(" ".join(cell.split()) for cell in line) + "\n" for line in lines)
