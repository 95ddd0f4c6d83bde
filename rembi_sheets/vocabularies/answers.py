"""What a text means in the user's own vocabularies, for one list: asked one by one, or many at once."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Mapping
from typing import TypeVar

from rembi_sheets.vocabularies import cache, marks, phrases, store
from rembi_sheets.vocabularies.cache import Asked, Usable
from rembi_sheets.vocabularies.model import Entry, Found, Match, Resolution

_SYMBOL = 3  # names of up to so many letters are symbols: their case counts
_MOST_ANSWERS = 20_000  # that are kept for a list
_Found = tuple[Usable, store.Named]
_Key = TypeVar("_Key")
_Answer = TypeVar("_Answer")


def resolve(text: str, word: str, curie: str, name: str) -> Resolution | None:
    """What `text`, squeezed to `word`, or else the identifier read from it, means in the user's vocabularies for list
    `name`; None if nothing.

    A vocabulary counts for a list when it bears the list's name; else its terms with a prefix of the list do. Among
    several, a label comes before a synonym, and then the order of the list's prefixes holds.
    """
    asked = cache.asked(name)
    if curie:
        key = (text, curie)
        if key in asked.identified:
            return asked.identified[key]
        return _kept(asked.identified, key, _best(text, curie, _identified(asked, curie)))
    if text in asked.named:
        return asked.named[text]
    return _kept(asked.named, text, _best(text, "", _named(asked, word)))


def foresee(words: Mapping[str, str], name: str) -> dict[str, Resolution]:
    """The answers to many texts, given with their squeezed words, looked up at once; `resolve` has them then.

    More than are kept are not looked up.
    """
    asked = cache.asked(name)
    if not asked.usable or len(words) > _MOST_ANSWERS:
        return {}
    named = asked.named
    known = {text: named[text] for text in words if text in named} if named else {}
    fresh = {text: word for text, word in words.items() if text not in known} if known else words
    distinct = tuple(set(fresh.values()))
    marked = dict(zip(distinct, marks.marks(distinct), strict=True))
    told = []
    for one in asked.usable:
        if one.described.by_name:
            with contextlib.suppress(sqlite3.Error):
                told.append((one, store.by_words(one.base, marked)))
    for text, word in fresh.items():
        found = [(one, names[word]) for one, names in told if word in names]
        known[text] = _kept(named, text, _best(text, "", found) if found else None)
    return {text: answer for text, answer in known.items() if answer}


def phrase(text: str, name: str, known: phrases.Known) -> Found | None:
    """The one entry that `text` is with words that add nothing, as `phrases.same` finds it, which is asked once."""
    answers = cache.asked(name).phrases
    return answers[text] if text in answers else _kept(answers, text, phrases.same(text, name, known))


def _kept(answers: dict[_Key, _Answer], key: _Key, answer: _Answer) -> _Answer:
    if len(answers) >= _MOST_ANSWERS:
        answers.clear()
    answers[key] = answer
    return answer


def _named(asked: Asked, word: str) -> list[_Found]:
    """The terms of this squeezed name in every vocabulary that has some."""
    mark, found = marks.mark(word), list[_Found]()
    for one in asked.usable:
        try:
            named = store.by_word(one.base, word, mark) if one.described.by_name else store.NONE
        except sqlite3.Error:
            continue
        if named[0]:
            found.append((one, named))
    return found


def _identified(asked: Asked, curie: str) -> list[_Found]:
    """The term of this identifier in every vocabulary that has it."""
    found = list[_Found]()
    for one in asked.usable:
        with contextlib.suppress(sqlite3.Error):
            entry = store.by_id(one.base, curie)
            if entry:
                found.append((one, ((entry,), False)))
    return found


def _best(text: str, curie: str, found: Iterable[_Found]) -> Resolution | None:
    """The first answer by label or identifier, or else the first one, of what was found in one vocabulary each."""
    best: Resolution | None = None
    for one, (entries, is_label) in found:
        try:
            fitting = [entry for entry in entries if _counts(entry, text, curie, one)]
        except sqlite3.Error:
            continue
        if fitting:
            answer = _answer(text, curie, fitting, is_label, one.described)
            if is_label or curie:
                return answer
            best = best or answer
    return best


def _counts(entry: Entry, text: str, curie: str, one: Usable) -> bool:
    """Whether a term that was found is one of the list, and its name is not a symbol that only looks alike."""
    if one.whole:
        return True
    if curie:
        return entry.id.partition(":")[0] in one.prefixes
    if not one.holds(entry.id):
        return False
    if not one.described.installed:
        return True
    if len(text) <= _SYMBOL and text not in (entry.label, *entry.synonyms):
        return False
    return one.sure or not phrases.unsure(text, entry, one.name)


def _answer(text: str, curie: str, fitting: list[Entry], is_label: bool, described: cache.Cached) -> Resolution:
    date = described.version or described.date
    if len(fitting) > 1:
        return Resolution(text, None, Match.NONE, described.name, date, tuple(fitting))
    entry = fitting[0]
    spelled = Match.LABEL if entry.label == text else Match.NORMALISED if is_label else Match.SYNONYM
    return Resolution(text, entry, Match.ID if curie else spelled, described.name, date)
