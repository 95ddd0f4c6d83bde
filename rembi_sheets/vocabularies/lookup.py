"""From what a person wrote to the entry that is meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from rembi_sheets import collector
from rembi_sheets.vocabularies import bundled, phrases
from rembi_sheets.vocabularies.identifiers import labelled, may_identify, normalise_id
from rembi_sheets.vocabularies.model import Entry, Found, Match, Resolution
from rembi_sheets.vocabularies.words import PLURAL, bracketed, singulars, squeeze

_GAP = re.compile(
    r"[ _-]+(?=[vV(]?\d)|(?<=[^\W\d_]\.)(?=\d)|(?<=[^\W\d_])(?=\d)"
)  # before a version: CTFFIND 4, CTFFIND4
_AT_ONCE = 5_000
_SIGN = 3  # letters of a sign that means another thing in every field
_VERSION = re.compile(r"[vV]?\d[\w.+-]*|\([vV]?\d[\w.+ -]*\)")


def by_id(curie: str, name: str) -> Entry | None:
    """The entry of list `name`, of its fallback lists, or of the user's vocabularies, that has this identifier."""
    if not curie:
        return None
    for listed in (name, *bundled.source(name).fallback):
        found = bundled.index(listed).ids.get(curie)
        if found:
            return found
    own = _by_user(curie, "", curie, _lists(name))
    return own.entry if own else None


def own_id(entry: Entry) -> str:
    """The identifier that may stand beside the entry's label alone: "" where `id` is that of a broader term."""
    return "" if entry.extra.get("fit") == "broader" else entry.id


@dataclass(frozen=True, slots=True)
class _Lists:
    """A list with its fallback lists, in the order in which they are asked."""

    names: tuple[str, ...]
    exact: Mapping[str, Entry]
    date: str
    closed: bool
    symbols: bool

    def asked(self, text: str) -> tuple[str, ...]:
        """The lists for which the user's vocabularies are asked: a sign of a few letters is none of a fallback list.

        GBM is a disease where a disease is asked for; elsewhere it may be a membrane.
        """
        return self.names if len(text) > _SIGN else self.names[:1]

    def may_hold(self, text: str, word: str) -> bool:
        """Whether one of the lists may have a text, which is squeezed to `word`: if not, none needs to be asked."""
        words = _words(self.names)
        if word in words or ")" in text or self.symbols:
            return True
        return word[-1:] in PLURAL and not words.isdisjoint(singulars(text, word))


@cache
def _words(names: tuple[str, ...]) -> frozenset[str]:
    """All squeezed names of some lists: made only when a text is none of their labels as they are spelled."""
    return frozenset[str]().union(*(bundled.index(listed).words for listed in names))


@cache
def _lists(name: str) -> _Lists:
    source = bundled.source(name)
    names = (name, *source.fallback)
    symbols = any(bundled.source(listed).symbols for listed in names)
    return _Lists(names, bundled.index(name).exact, source.date, source.closed, symbols)


def resolve(text: str, name: str) -> Resolution:
    """What `text` means in list `name`.

    Taken are: identifiers in any form, a bare number where the list has one prefix, "Label [CURIE]", labels and
    synonyms without regard to case, spaces, hyphens and Unicode form, plurals, "label (synonym)".
    A name that several things share gives no entry but `alternatives`. The user's own vocabularies are asked last.
    """
    lists = _lists(name)
    found = lists.exact.get(text)
    if found:
        return Resolution(text, found, Match.LABEL, name, lists.date)
    curie = identifier(text, name) if may_identify(text) else ""
    answer = _identified(text, curie, name) if curie else _named(text, lists)
    if answer:
        return answer
    phrase = None if curie else _phrase(text, name, lists)
    if phrase:
        return Resolution(text, phrase.entry, Match.PHRASE, phrase.vocabulary, phrase.date)
    return Resolution(text, None, Match.NONE, name, lists.date)


def resolve_all(texts: Iterable[str], name: str) -> tuple[Resolution, ...]:
    """`resolve` of each of many texts, in half the time where the user's vocabularies are large."""
    asked = tuple(texts)
    distinct, answers = tuple(dict.fromkeys(asked)), dict[str, Resolution]()
    with collector.resting():
        for start in range(0, len(distinct), _AT_ONCE):
            part = distinct[start : start + _AT_ONCE]
            own = foresee(part, name)
            answers |= {text: own.get(text) or resolve(text, name) for text in part}
    return tuple(map(answers.__getitem__, asked))


def foresee(texts: Iterable[str], name: str) -> Mapping[str, Resolution]:
    """Have the answers of the user's vocabularies ready, for texts that will be resolved in list `name` one by one.

    Given are the answers to texts that nothing else is asked for.
    """
    lists = _lists(name)
    if lists.closed:
        return {}
    from rembi_sheets.vocabularies import answers

    out: dict[str, Resolution] = {}
    with collector.resting():
        words = {text: squeeze(text) for text in texts if text not in lists.exact and text.strip()}
        for place, listed in enumerate(lists.names):
            for text, answer in answers.foresee(words, listed).items():
                asked = not place or lists.asked(text) == lists.names
                if asked and text not in out and not lists.may_hold(text, words[text]) and not identifier(text, name):
                    out[text] = answer
    return out


def known(text: str, name: str) -> tuple[Found, ...]:
    """The entries that have exactly this name in list `name`, its fallback lists, or the user's vocabularies."""
    if not text.strip():
        return ()
    return _all(_named(text, _lists(name)))


def _all(answer: Resolution | None) -> tuple[Found, ...]:
    if answer is None:
        return ()
    entries = (answer.entry,) if answer.entry else answer.alternatives
    return tuple(Found(entry, answer.vocabulary, answer.date) for entry in entries)


def listed(text: str, name: str) -> str:
    """The list's spelling of `text`, with the version behind it where the list takes one (SerialEM 3.7.2); else "".

    A single model (Axiocam 506) is never told by the name of its family.
    """
    found = resolve(text, name).entry
    if found:
        return bundled.model(text, found) or found.label
    if not bundled.source(name).versions:
        return ""
    for gap in reversed(list(_GAP.finditer(text))):
        word, version = text[: gap.start()], text[gap.end() :]
        if word.casefold().endswith((" v", " v.", " version")):
            word, version = word.rpartition(" ")[0], f"v{version}"
        found = resolve(word, name).entry if _VERSION.fullmatch(version) else None
        if found:
            return f"{found.label} {version}"
    return ""


def spelled_out(sign: str, heading: str, archives: Collection[str]) -> str:
    """The label for the sign of a unit in a well-known own column in which one of `archives` wants words; else "".

    So it is for µM in Dose Unit; `archives` are names on the command line.
    """
    wanted = {n: of for n, of in bundled.sources().items() if not set(archives).isdisjoint(of.spelled_for)}
    column = resolve(heading.rstrip(" 0123456789"), "own_column").entry if wanted else None
    lists = [name for name, of in wanted.items() if column is not None and column.label in of.spelled_in]
    plain = sign.replace("\u00b5", "u").replace("\u03bc", "u").replace("/mL", "/ml")
    for name in lists:
        found = [e.label for e in bundled.entries(name) if plain in e.synonyms]
        if len(found) == 1:
            return found[0]
    return ""


def _phrase(text: str, name: str, lists: _Lists) -> Found | None:
    """The one entry that a text is with words that add nothing; looked for once where the user's words may be meant."""
    if lists.closed:
        return phrases.same(text, name, known)
    from rembi_sheets.vocabularies import answers

    return answers.phrase(text, name, known)


@cache
def _own() -> Callable[[str, str, str, str], Resolution | None]:
    from rembi_sheets.vocabularies.answers import resolve as own

    return own


def _by_user(text: str, word: str, curie: str, lists: _Lists) -> Resolution | None:
    """The answer of the user's own vocabularies; a closed list is not widened by them."""
    if lists.closed or not (word or curie):
        return None
    ask = _own()
    for listed in lists.names if curie or len(lists.names) == 1 else lists.asked(text):
        answer = ask(text, word, curie, listed)
        if answer:
            return answer
    return None


def identifier(text: str, name: str) -> str:
    """The CURIE that `text` gives in list `name`: as such, as a bare number, or behind a label; else ""."""
    if not may_identify(text):
        return ""
    curie = normalise_id(text)
    if curie:
        return curie
    stripped = text.strip()
    prefix = bundled.source(name).bare_number
    if prefix and stripped.isascii() and stripped.isdigit():
        return normalise_id(f"{prefix}:{stripped}")
    parts = labelled(text)
    return parts[1] if parts else ""


def _identified(text: str, curie: str, name: str) -> Resolution | None:
    lists = _lists(name)
    answers = (_by_identifier(text, curie, listed) for listed in lists.names)
    return next(filter(None, answers), None) or _by_user(text, "", curie, lists)


def _named(text: str, lists: _Lists) -> Resolution | None:
    word = squeeze(text)
    if lists.may_hold(text, word):
        for listed in lists.names:
            found = _by_name(text, listed)
            if found:
                return found
    found = _by_user(text, word, "", lists)
    if found:
        return found
    plurals = (_by_user(singular, singular, "", lists) for singular in singulars(text, word))
    return next(filter(None, plurals), None)


def _by_identifier(text: str, curie: str, name: str) -> Resolution | None:
    found = bundled.index(name).ids.get(curie)
    return Resolution(text, found, Match.ID, name, bundled.source(name).date) if found else None


def _by_name(text: str, name: str) -> Resolution | None:
    word = squeeze(text, bundled.source(name).symbols)
    direct = _candidates(text, word, name)
    if direct:
        return _answer(text, direct, name)
    parts = bracketed(text) if ")" in text else None
    if parts:
        outside, inside = (_candidates(part, squeeze(part), name)[1:] for part in parts)
        if outside and outside == inside:
            return _answer(text, (Match.SYNONYM, *outside), name)
    for singular in singulars(text, word):
        near = _candidates(text, singular, name)
        if near:
            return _answer(text, near, name)
    return None


def _candidates(text: str, word: str, name: str) -> tuple[Match, *tuple[Entry, ...]] | tuple[()]:
    """How, and which entries of list `name` have this squeezed name; labels come before synonyms, but for homonyms."""
    index = bundled.index(name)
    if word not in index.words:
        return ()
    labels, synonyms, homonyms = (group.get(word, ()) for group in (index.labels, index.synonyms, index.homonyms))
    if homonyms:
        return (Match.NONE, *_distinct((*labels, *synonyms, *homonyms)))
    if labels:
        return (Match.LABEL if labels[0].label == text else Match.NORMALISED, *labels)
    return (Match.SYNONYM, *synonyms) if synonyms else ()


def _answer(text: str, found: tuple[Match, *tuple[Entry, ...]], name: str) -> Resolution:
    match, *items = found
    date = bundled.source(name).date
    if len(items) == 1 and match is not Match.NONE:
        return Resolution(text, items[0], match, name, date)
    return Resolution(text, None, Match.NONE, name, date, tuple(items))


def _distinct(items: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple({(e.id, e.label): e for e in items}.values())
