"""A term as it stands in the file of a vocabulary: its fields with `FIELD` between them, up to the parents at least.

Those at the end that are empty are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rembi_sheets.vocabularies.formats import Term
from rembi_sheets.vocabularies.model import Entry

# signs between fields, and between the things that one field lists; no field holds them
FIELD, _THING = "\x1e", "\x1f"
_AS_BLANKS = str.maketrans({FIELD: " ", _THING: " "})
Fields = Callable[[int], list[str]]  # of the term with a number
ID, LABEL, WORD, PARENTS, OBSOLETE, REPLACED_BY, SYNONYMS = range(7)


def written(terms: Sequence[Term], words: Sequence[str]) -> list[str]:
    """The records of terms, whose squeezed labels are `words`."""
    # most terms are quickly told: no synonym, one parent
    texts = [
        f"{term[0]}{FIELD}{term[1]}{FIELD}{word}{FIELD}{term[3][0]}"
        if len(term[3]) == 1 and not (term[2] or term[4] or term[5])
        else ""
        for term, word in zip(terms, words, strict=True)
    ]
    held = "".join(texts)
    if _THING in held or held.count(FIELD) != PARENTS * (len(texts) - texts.count("")):
        texts = [""] * len(texts)
    return [text or _written(term, word) for text, term, word in zip(texts, terms, words, strict=True)]


def _written(term: Term, word: str) -> str:
    curie, label, names, above, obsolete, replaced_by = term
    first = f"{curie}{FIELD}{label}{FIELD}{word}{FIELD}"
    rest = FIELD.join((_THING.join(above), "1" if obsolete else "", replaced_by, _THING.join(names)))
    text = f"{first}{rest.rstrip(FIELD)}"
    things = max(len(above), 1) + max(len(names), 1) - 2
    if first.count(FIELD) == PARENTS and rest.count(FIELD) == SYNONYMS - PARENTS and text.count(_THING) == things:
        return text
    above, names = (tuple(thing.translate(_AS_BLANKS) for thing in listed) for listed in (above, names))
    curie, label, word, replaced_by = (one.translate(_AS_BLANKS) for one in (curie, label, word, replaced_by))
    return _written(Term(curie, label, names, above, obsolete, replaced_by), word)


def is_obsolete(fields: Sequence[str]) -> bool:
    """Whether the ontology has given the term up."""
    return len(fields) > OBSOLETE and fields[OBSOLETE] == "1"


def synonyms(fields: Sequence[str]) -> tuple[str, ...]:
    """The names of the term beside its label."""
    return tuple(fields[SYNONYMS].split(_THING)) if len(fields) > SYNONYMS else ()


def parents(fields: Sequence[str]) -> tuple[str, ...]:
    """The identifiers of the terms above."""
    return tuple(fields[PARENTS].split(_THING)) if fields[PARENTS] else ()


def entry(fields: Sequence[str]) -> Entry:
    """The term as everything else knows it."""
    above = fields[PARENTS].replace(_THING, "|")
    if len(fields) <= OBSOLETE:
        curie, label = fields[:WORD]
        return Entry(label, curie, (), {"parent_ids": above, "obsolete": "false", "replaced_by": ""})
    instead = fields[REPLACED_BY] if len(fields) > REPLACED_BY else ""
    extra = {"parent_ids": above, "obsolete": "true" if is_obsolete(fields) else "false", "replaced_by": instead}
    return Entry(fields[LABEL], fields[ID], synonyms(fields), extra)
