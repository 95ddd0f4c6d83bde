"""Which names are most like a text: for a search, and for words of the command line.

What a finding offers is narrower: `slips` takes from these what can be a slip of the hand.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rembi_sheets.vocabularies import bundled
from rembi_sheets.vocabularies.words import spaced

# Measured on 2000 labels with one or two slips and 2000 labels of other lists: at 70, 99 % of the first are named first
# and 3 % of the second get a suggestion; at 60 it is 99 and 14 %, at 80 96 and 1 %. fuzz.WRatio is not used: it is slow
# and finds fragments ("hipocampus": "pus").
CUTOFF = 70.0
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Pool:
    """Names to compare with: as given, the spelling compared, its words in alphabetical order, the label meant."""

    names: Sequence[str]
    forms: Sequence[str]
    sorted_forms: Sequence[str]
    labels: Sequence[str]
    by_word: Mapping[str, frozenset[int]]


def pool(names: Iterable[tuple[str, str]]) -> Pool:
    """A Pool of `(spelling, label)` pairs."""
    pairs = list(names)
    forms = [spaced(spelling) for spelling, _ in pairs]
    by_word: dict[str, set[int]] = defaultdict(set)
    for number, form in enumerate(forms):
        for word in form.split():
            by_word[word].add(number)
    return Pool(
        [spelling for spelling, _ in pairs],
        forms,
        [" ".join(sorted(form.split())) for form in forms],
        [label for _, label in pairs],
        {word: frozenset(numbers) for word, numbers in by_word.items()},
    )


@cache
def bundled_pool(name: str) -> Pool:
    """The names of the entries of list `name` that the ontology has not given up."""
    live = (e for e in bundled.entries(name) if not bundled.obsolete(e))
    return pool(
        (spelling, e.label)
        for e in live
        for spelling in (e.label, *e.synonyms, e.extra.get("common_name", ""))
        if spelling
    )


def suggest(text: str, name: str, limit: int = 3) -> tuple[str, ...]:
    """Labels of list `name` that `text` may have meant, nearest first; by synonyms and with words in other order too.

    The user's own vocabularies fill up what the bundled list leaves.
    """
    found = best(text, bundled_pool(name), limit)
    if len(found) < limit and not bundled.source(name).closed:
        from rembi_sheets.vocabularies import cache

        found = tuple(dict.fromkeys((*found, *best(text, pool(cache.spellings(text, name)), limit))))
    return found[:limit]


def nearest(text: str, candidates: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """Those of `candidates` that `text` may have meant, nearest first."""
    return best(text, pool((name, name) for name in candidates), limit)


def best(text: str, names: Pool, limit: int) -> tuple[str, ...]:
    """The labels of a Pool nearest to `text`, each once, at most `limit`."""
    wanted = spaced(text)
    if not wanted or limit < 1:
        return ()
    scores = _scores(wanted, names, limit * 8)
    for number in _holding(wanted.split(), names.by_word):
        part = 100.0 * len(wanted) / len(names.forms[number])
        scores[number] = max(CUTOFF + part * (100.0 - CUTOFF) / 200.0, scores.get(number, 0.0))
    numbers = _NUMBERS.findall(wanted)

    def other(place: int) -> bool:
        """Whether a name has other numbers than the text, which no slip of the hand makes: type 1, type 2."""
        found = _NUMBERS.findall(names.forms[place]) if numbers else []
        return bool(found) and found != numbers

    ranked = sorted(_ranked(scores), key=other)
    return tuple(dict.fromkeys(names.labels[number] for number in ranked))[:limit]


def best_pairs(text: str, names: Pool, limit: int) -> tuple[tuple[str, str], ...]:
    """The `limit` names of a Pool that are spelled most like `text`, as (name, label), nearest first."""
    wanted = spaced(text)
    scores = _scores(wanted, names, limit) if wanted and names.forms else {}
    return tuple((names.names[number], names.labels[number]) for number in _ranked(scores))


def _ranked(scores: Mapping[int, float]) -> list[int]:
    return sorted(scores, key=lambda number: (-scores[number], number))


def _scores(wanted: str, names: Pool, limit: int) -> dict[int, float]:
    """Likeness from CUTOFF to 100 of the names nearest to `wanted`, in the order of words and in any order."""
    from rapidfuzz import fuzz, process

    scores: dict[int, float] = {}
    in_order = " ".join(sorted(wanted.split()))
    for query, forms in ((wanted, names.forms), (in_order, names.sorted_forms)):
        hits = process.extract(query, forms, scorer=fuzz.ratio, score_cutoff=CUTOFF, limit=limit)
        for _, score, number in hits:
            scores[number] = max(score, scores.get(number, 0.0))
    return scores


def _holding(words: Sequence[str], by_word: Mapping[str, frozenset[int]]) -> frozenset[int]:
    """The names that hold every one of the words, wherever: "spinning disk" is part of a longer label."""
    found = [by_word.get(word, frozenset()) for word in words if len(word) > 2]
    return frozenset.intersection(*found) if found else frozenset()
