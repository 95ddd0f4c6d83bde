"""What the vocabularies room hands out: entries of a list, and answers to questions about a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

NOTHING: Mapping[str, str] = MappingProxyType({})


class Entry(NamedTuple):
    """One row of a list: its label, its identifier as a CURIE (or ""), other spellings, further columns."""

    label: str
    id: str = ""
    synonyms: tuple[str, ...] = ()
    extra: Mapping[str, str] = NOTHING

    def __hash__(self) -> int:
        """Of all but the further columns, which have none."""
        return hash(self[:3])


class Found(NamedTuple):
    """An entry that bears a name, and the list or vocabulary that has it, with its date."""

    entry: Entry
    vocabulary: str
    date: str


class Match(StrEnum):
    """How a text met an entry, best first."""

    ID = "id"
    LABEL = "label"
    NORMALISED = "normalised"
    SYNONYM = "synonym"
    PHRASE = "phrase"
    NONE = "none"


class Resolution(NamedTuple):
    """The answer to one text.

    `entry` is None when nothing, or more than one thing, has this name; in the second case
    `alternatives` holds all of them, and only an identifier tells which is meant.
    `vocabulary` and `date` name the list the entry comes from (a fallback list, or the user's cache, has its own).
    """

    text: str
    entry: Entry | None
    match: Match
    vocabulary: str
    date: str
    alternatives: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a list comes from, and how it is read: one table of SOURCES.toml."""

    name: str
    title: str
    origin: str
    version: str
    date: str
    licence: str
    credit: str
    closed: bool
    versions: bool = False
    order: str = "given"
    fallback: tuple[str, ...] = ()
    bare_number: str = ""
    symbols: int = 0
    spelled_in: tuple[str, ...] = ()
    spelled_for: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    within: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    kinds: Mapping[str, str] = field(default_factory=lambda: NOTHING, hash=False)
