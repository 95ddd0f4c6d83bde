"""What a text means in the user's own vocabularies, for one list: asked one by one, or many at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import TypeVar

from rembi_sheets.vocabularies import cache, marks, phrases, store
from rembi_sheets.vocabularies.cache import Asked, Usable
from rembi_sheets.vocabularies.model import Entry, Found, Match, Resolution

_SYMBOL = 3  # names of up to so many letters are symbols: their case counts
_MOST_ANSWERS = 20_000  # that are kept for a list
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
        return _kept(asked.identified, key, _identified(asked, text, curie))
    if text in asked.named:
        return asked.named[text]
    return _kept(asked.named, text, _named(asked, text, word))


def foresee(words: Mapping[str, str], name: str) -> dict[str, Resolution]:
    """The answers to many texts, given with their squeezed words, looked up at once; `resolve` has them then.

    More than are kept are not looked up.
    """
    asked = cache.asked(name)
    if not asked.usable or len(words) > _MOST_ANSWERS:
        return {}
    named = asked.named
    known = {text: named[text] for text in words if text in named} if named else {}
    for text, word in words.items():
        if text not in known:
            known[text] = _kept(named, text, _named(asked, text, word))
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


def _named(asked: Asked, text: str, word: str) -> Resolution | None:
    """The first answer of a vocabulary of which the name, squeezed to `word`, is a label, or else the first one."""
    mark, first = marks.mark(word), None
    for one in asked.by_name:
        try:
            entries, is_label = store.by_word(one.base, word, mark)
            answer = _fitting(text, entries, is_label, one) if entries else None
        except sqlite3.Error as error:
            cache.unanswered(one, error)
            continue
        if answer:
            if is_label:
                return answer
            first = first or answer
    return first


def _identified(asked: Asked, text: str, curie: str) -> Resolution | None:
    """The answer of the first vocabulary that has a term of the list with this identifier."""
    prefix = curie.partition(":")[0]
    for one in asked.usable:
        with cache.watched(one):
            entry = store.by_id(one.base, curie) if one.whole or prefix in one.prefixes else None
            if entry:
                return Resolution(text, entry, Match.ID, one.vocabulary, one.date)
    return None


def _fitting(text: str, entries: tuple[Entry, ...], is_label: bool, one: Usable) -> Resolution | None:
    """The answer of a vocabulary that has terms of this name; None where none of them counts for the list."""
    if not one.whole:
        if len(entries) == 1:
            entries = entries if _counts(entries[0], text, one) else ()
        else:
            entries = tuple([entry for entry in entries if _counts(entry, text, one)])
    if len(entries) != 1:
        return Resolution(text, None, Match.NONE, one.vocabulary, one.date, entries) if entries else None
    entry = entries[0]
    spelled = Match.LABEL if entry.label == text else Match.NORMALISED if is_label else Match.SYNONYM
    return Resolution(text, entry, spelled, one.vocabulary, one.date)


def _counts(entry: Entry, text: str, one: Usable) -> bool:
    """Whether a term of this name is one of the list, and the name is not a symbol that only looks alike."""
    if not one.holds(entry.id):
        return False
    if not one.installed:
        return True
    if len(text) <= _SYMBOL and text not in (entry.label, *entry.synonyms):
        return False
    return one.sure or not phrases.unsure(text, entry, one.name)
