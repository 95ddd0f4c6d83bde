"""What is proposed for a text that means no term: names spelled like it, and terms that it holds.

The two sources stay apart: a name that is spelled alike may be a slip of the hand and mended as such; a term that a
phrase holds is a question to the person, never an answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rembi_sheets.vocabularies import likeness, lookup, phrases
from rembi_sheets.vocabularies.model import Entry
from rembi_sheets.vocabularies.phrase_rules import Misplaced
from rembi_sheets.vocabularies.phrases import Reading, Relation
from rembi_sheets.vocabularies.slips import near_listed as slips_of
from rembi_sheets.vocabularies.words import spaced

# from here on a name that is spelled alike is more likely meant than a word of the phrase
_ALIKE = 90.0
_BEFORE = (Relation.OFTEN, Relation.DERIVED)  # these are likelier than any other spelling


@dataclass(frozen=True, slots=True)
class Proposed:
    """Labels for a text, best first.

    `relation` is how the first stands to the text: None when it is spelled like it, and then `near` tells whether it is
    so nearly. `misplaced` says what the text is where it is no term of the list at all.
    """

    labels: tuple[str, ...] = ()
    relation: Relation | None = None
    near: bool = False
    misplaced: Misplaced | None = None


def propose(text: str, name: str, limit: int = 3, loose: bool = False) -> Proposed:
    """What may be written for `text` in list `name`: what it is a slip of the hand for, then the terms it holds.

    `loose`: then also other names that are spelled somewhat like it, for a person who searches, and all as labels; else
    a slip of the hand is mended to the spelling that was meant.
    """
    reading = read(text, name)
    held = {shown(p.entry, p.vocabulary, name): p.relation for p in reading.proposals}
    if reading.misplaced:
        return Proposed(tuple(held)[:limit], next(iter(held.values()), None), misplaced=reading.misplaced)
    slips = slips_of(text, name, limit)
    alike = (
        [label for label in likeness.suggest(text, name, limit) if lookup.resolve(label, name).entry] if loose else []
    )
    near = [label for label in (*slips, *(a for a in alike if _nearly(text, a, name))) if not label.endswith("]")]
    sure = [label for label, relation in held.items() if relation in _BEFORE]
    # a term of one species, shown with its identifier, is the last resort
    ranked = (*sure, *near, *held, *slips, *(alike if near or not held else ()))
    labels = _once(ranked, name, loose)[:limit]
    relation = held.get(labels[0]) if labels and (sure or not near) else None
    return Proposed(labels, relation, bool(near) and relation is None)


def _once(ranked: Iterable[str], name: str, as_labels: bool) -> tuple[str, ...]:
    """Each term once, by its label or by the first of its spellings."""
    seen: dict[str, str] = {}
    for spelling in ranked:
        found = None if spelling.endswith("]") else lookup.resolve(spelling, name).entry
        label = found.label if found else spelling
        seen.setdefault(label, label if as_labels else spelling)
    return tuple(seen.values())


def read(text: str, name: str) -> Reading:
    """The terms of list `name` that a phrase holds, best first, or what it is where it is no term of the list."""
    return phrases.read(text, name, lookup.known)


def suggest(text: str, name: str, limit: int = 3) -> tuple[str, ...]:
    """The labels that are proposed for `text` in list `name`, best first."""
    return propose(text, name, limit, loose=True).labels


def shown(entry: Entry, vocabulary: str, name: str) -> str:
    """The entry as it can be written in a cell of list `name`: with its identifier where it is not of the list."""
    return entry.label if vocabulary == name or not entry.id else f"{entry.label} [{entry.id}]"


def _nearly(text: str, label: str, name: str) -> bool:
    from rapidfuzz import fuzz

    wanted = spaced(text)
    found = lookup.resolve(label, name).entry
    names = (found.label, *found.synonyms, found.extra.get("common_name", "")) if found else (label,)
    in_order = " ".join(sorted(wanted.split()))
    return any(
        fuzz.ratio(wanted, form) >= _ALIKE or fuzz.ratio(in_order, " ".join(sorted(form.split()))) >= _ALIKE
        for form in map(spaced, names)
    )
