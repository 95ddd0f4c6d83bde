"""Which words exist: the lists behind the workbook's columns, and what a person's spelling means in them.

Everything is offline. A list is a TSV in data/; SOURCES.toml tells origin, date and licence.
Importing this module reads no file; each list is read when it is first asked for.
"""

from __future__ import annotations

from rembi_sheets.vocabularies.bundled import entries, kind_of, source, sources
from rembi_sheets.vocabularies.identifiers import as_identifier, normalise_id, short_form
from rembi_sheets.vocabularies.likeness import nearest
from rembi_sheets.vocabularies.lookup import by_id, foresee, listed, own_id, resolve, resolve_all, spelled_out
from rembi_sheets.vocabularies.model import Entry, Match, Resolution, Source
from rembi_sheets.vocabularies.phrases import Relation
from rembi_sheets.vocabularies.proposals import Proposed, propose, suggest
from rembi_sheets.vocabularies.slips import is_typing, near, near_listed
from rembi_sheets.vocabularies.words import same_word

__all__ = [
    "Entry",
    "Match",
    "Proposed",
    "Relation",
    "Resolution",
    "Source",
    "as_identifier",
    "by_id",
    "date",
    "entries",
    "foresee",
    "is_closed",
    "is_typing",
    "kind_of",
    "listed",
    "names",
    "near",
    "near_listed",
    "nearest",
    "normalise_id",
    "own_id",
    "propose",
    "resolve",
    "resolve_all",
    "same_word",
    "short_form",
    "source",
    "spelled_out",
    "suggest",
]


def names() -> tuple[str, ...]:
    """The names of all bundled lists."""
    return tuple(sources())


def date(name: str) -> str:
    """The date of one list, as year-month-day."""
    return source(name).date


def is_closed(name: str) -> bool:
    """Whether values that are not in the list are errors; else they are kept with a warning."""
    return source(name).closed
