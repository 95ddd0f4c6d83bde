"""A term with words around it: "Light Sheet Imaging", "fixed HeLa cells", "HCT116-Cas9", "mouse brain sections".

Two questions are answered. `same`: is the text a term with nothing but words that add nothing? Then it is that term.
`read`: which terms does the text hold, and how do they stand to it? These are proposals for a person, never taken: what
a term is narrower than, derived from, or a part of, does not mean the same. Words and rules are in phrases.toml.

Both ask `known`, which gives the entries that bear exactly a name, each with its vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rembi_sheets.vocabularies.bundled import called, kind_of, obsolete
from rembi_sheets.vocabularies.model import Entry, Found
from rembi_sheets.vocabularies.phrase_rules import ANY, Misplaced, Rules, rules
from rembi_sheets.vocabularies.words import bracketed, spaced, squeeze, tidy

Known = Callable[[str, str], Sequence[Found]]

_WORD = re.compile(r"[^\s\-_\u2010-\u2015/,;:()\[\]{}|&\u201c\u201d\"]+")
_BREAK = re.compile(r"[,;:()\[\]{}|&\n]")
_AND = frozenset(("and", "or", "und", "plus", "vs", "versus"))
_NEGATION = frozenset(("no", "non", "not", "anti", "without"))
_ENDS = " .,;:!?\"'\u201c\u201d"
_MOST_WORDS, _LONGEST_SPAN, _LONGEST_TEXT = 40, 6, 400
_INITIAL = 2
_SHORT = 3  # up to so many letters a name is a symbol: its case counts
_WORD_LIKE = 5  # and up to so many letters it is one in vocabularies that hold thousands
_SURE_LINE = 4  # a line of so many letters and digits may be any of several


class Relation(StrEnum):
    """How a proposed term stands to the text."""

    BROADER = "broader"  # the text says more than the term
    DERIVED = "derived"  # the text names something made from it
    PART = "part"  # one of the things the text names
    OFTEN = "often"  # what is mostly meant by it
    INSTEAD = "instead"  # the text is no term of the list, this may stand there


@dataclass(frozen=True, slots=True)
class Proposal:
    """A term that a text may stand for, of which list or vocabulary, and how it stands to the text."""

    entry: Entry
    vocabulary: str
    relation: Relation


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text holds: proposals, best first; or what it is where it is no term of the list."""

    proposals: tuple[Proposal, ...] = ()
    misplaced: Misplaced | None = None


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    form: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Hit:
    found: Found
    rank: tuple[int, ...]
    relation: Relation


def same(text: str, name: str, known: Known) -> Found | None:
    """The one entry that `text` is with words that add nothing; None if there is none, or more than one."""
    rule = rules(name)
    if rule is None or len(text) > _LONGEST_TEXT:
        return None
    clean = tidy(text).strip(_ENDS)
    if spaced(clean) in rule.often or _misplaced(clean, rule, known):
        return None
    for answers in _wordings(clean, text, name, rule, known):
        distinct = {(found.entry.id, found.entry.label): found for found in answers}
        if distinct:
            return next(iter(distinct.values())) if len(distinct) == 1 else None
    return None


def any_unsure(name: str) -> bool:
    """Whether a name of a vocabulary may be `unsure` in list `name`."""
    rule = rules(name)
    return rule is not None and bool(rule.lines or rule.often)


def unsure(text: str, entry: Entry, name: str) -> bool:
    """Whether `text`, which a vocabulary of the world has as a name of the entry, may well mean another thing.

    So is a word that mostly means a thing of the list, if it is not spelled as the name is: planaria are flatworms of
    the laboratory, Planaria is a genus. So are short names of lines, and names made of a common line and what was done
    to it, which more than one laboratory has made; the common lines are those of the list itself.
    """
    rule = rules(name)
    if rule is None:
        return False
    meant = () if text in (entry.label, *entry.synonyms) else rule.often.get(spaced(text), ())
    if meant and entry.label not in meant:
        return True
    if not rule.lines or kind_of(entry, name) not in rule.lines:
        return False
    if len(squeeze(text)) <= _SURE_LINE:
        return True
    words = _words(text)[:_LONGEST_SPAN]
    spans = ((a, b) for a in range(len(words)) for b in range(a + 1, len(words) + 1) if b - a < len(words))
    return any(
        kind_of(common, name) in rule.lines and any(w.form not in rule.narrows for w in (*words[:a], *words[b:]))
        for a, b in spans
        for common in called(text[words[a].start : words[b - 1].end], name)
    )


def _wordings(clean: str, text: str, name: str, rule: Rules, known: Known) -> Iterator[Sequence[Found]]:
    """What the text means in one wording after the other."""
    for form in dict.fromkeys((clean, _respelled(clean, rule))):
        if form != text:
            yield known(form, name)
        for kind, words in rule.plain.items():
            bare = _bare(form, words | rule.plain.get(ANY, frozenset()))
            if bare and bare != form:
                yield [found for found in known(bare, name) if kind in (ANY, kind_of(found.entry, name))]
        yield _reworded(form, name, rule, known)


def _respelled(text: str, rule: Rules) -> str:
    for pattern, spelling in rule.spellings:
        text = pattern.sub(spelling, text)
    return text


def _bare(text: str, plain: frozenset[str]) -> str:
    """The text without the plain words at both ends."""
    words = _words(text)
    first, last = 0, len(words)
    while first < last:
        begin = next((n for n in (3, 2, 1) if _joined(words[first : first + n]) in plain and first + n < last), 0)
        end = next((n for n in (2, 1) if _joined(words[last - n : last]) in plain and first + n < last), 0)
        if not begin and not end:
            break
        first, last = first + begin, last - end if first + begin < last - end else last
    return text[words[first].start : words[last - 1].end] if first < last else ""


def _reworded(text: str, name: str, rule: Rules, known: Known) -> list[Found]:
    """What the text means with another last word: all answers."""
    form = spaced(text)
    parts = bracketed(text)
    outside = known(parts[0], name) if parts else ()
    forms = [form, spaced(parts[0])] if parts and outside and outside == known(parts[1], name) else [form]
    for head in rule.heads_of:
        for base in (_without(f, head) for f in forms):
            answers = _with_head(base, name, rule, known)
            meant = [found for found in answers if any(word in spaced(found.entry.label) for word in rule.of)]
            if meant:
                return meant
    for head in rule.heads:
        for base in (_without(f, head) for f in forms):
            answers = _with_head(base, name, rule, known)
            if answers:
                return answers
    return []


def _with_head(base: str, name: str, rule: Rules, known: Known) -> list[Found]:
    if not base or base in rule.amounts:
        return []
    return [found for head in (*rule.heads, *rule.adds) for found in known(f"{base} {head}".strip(), name)]


def _without(form: str, head: str) -> str:
    """The form before a last word; "" when it has another one."""
    if not head:
        return form
    return form.removesuffix(f" {head}").strip() if form.endswith(f" {head}") else ""


def read(text: str, name: str, known: Known) -> Reading:
    """The terms of list `name` that `text` holds, best first."""
    rule = rules(name)
    if rule is None:
        return Reading()
    clean = tidy(text)[:_LONGEST_TEXT].strip(_ENDS)
    misplaced = _misplaced(clean, rule, known)
    if misplaced:
        instead = known(misplaced.proposes, name) if misplaced.proposes else ()
        return Reading(tuple(Proposal(found.entry, found.vocabulary, Relation.INSTEAD) for found in instead), misplaced)
    meant = rule.often.get(spaced(clean), ())
    hits = [_Hit(found, (0, n), Relation.OFTEN) for n, word in enumerate(meant) for found in known(word, name)]
    for pattern, wording in rule.rewrites:
        if pattern.search(clean):
            hits += [_Hit(found, (0, 1), Relation.BROADER) for found in known(pattern.sub(wording, clean), name)]
    segments = list(_segments(clean, rule))
    for number, segment in enumerate(segments):
        hits += _in_segment(segment, number, len(segments) > 1, clean, name, rule, known)
    if not hits:
        words = _words(clean)
        hits = [_Hit(one, (0,), Relation.BROADER) for w in words for one in known(w.text, name) if _last(one, rule)]
    hits.sort(key=lambda hit: hit.rank)
    distinct: dict[tuple[str, str], Proposal] = {}
    for hit in hits:
        entry = hit.found.entry
        distinct.setdefault((entry.id, entry.label), Proposal(entry, hit.found.vocabulary, hit.relation))
    return Reading(tuple(distinct.values()))


def _last(found: Found, rule: Rules) -> bool:
    return spaced(found.entry.label) in rule.last


def _misplaced(text: str, rule: Rules, known: Known) -> Misplaced | None:
    form = spaced(text)
    words = _words(text)
    for kind in rule.misplaced:
        if form in kind.words or (kind.list and _all_of(words, text, kind.list, rule, known)):
            return kind
    return None


def _all_of(words: Sequence[_Word], text: str, other: str, rule: Rules, known: Known) -> bool:
    """Whether the words are a term of another list, with words at most that say which, when or whose."""
    aside = rule.narrows | rule.plain.get(ANY, frozenset())
    if len(words) > _LONGEST_SPAN:
        return False
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length + 1):
            rest = [*words[:start], *words[start + length :]]
            span = text[words[start].start : words[start + length - 1].end]
            if all(word.form in aside for word in rest) and called(span, other):
                return True
    return False


def _words(text: str) -> list[_Word]:
    found = ((m[0].rstrip("."), m.start()) for m in _WORD.finditer(text))
    return [_Word(word, spaced(word), start, start + len(word)) for word, start in found if word]


def _joined(words: Sequence[_Word]) -> str:
    return " ".join(word.form for word in words)


def _segments(text: str, rule: Rules) -> Iterator[list[_Word]]:
    """The words of the text, parted at signs, at "and", and where something is told about the thing."""
    segment: list[_Word] = []
    before = 0
    for word in _words(text)[:_MOST_WORDS]:
        gap = text[before : word.start]
        # the dot of an initial parts nothing: S. pombe
        parted = bool(_BREAK.search(gap) or ("." in gap and segment and len(segment[-1].text) > _INITIAL))
        before = word.end
        if segment and (parted or word.form in _AND or word.form in rule.stops):
            yield segment
            segment = []
        if word.form not in _AND and word.form not in rule.stops:
            segment.append(word)
    if segment:
        yield segment


def _in_segment(
    words: list[_Word], number: int, several: bool, text: str, name: str, rule: Rules, known: Known
) -> Iterator[_Hit]:
    """The terms of one segment, longest names first, none within another."""
    taken: set[int] = set()
    head = max((n for n, w in enumerate(words) if not rule.around(w.form)), default=len(words) - 1)
    for length in range(min(len(words), _LONGEST_SPAN), 0, -1):
        for start in range(len(words) - length, -1, -1):
            span = range(start, start + length)
            if taken.isdisjoint(span) and not _negated(words, start):
                found = _spanned(words, span, text, name, rule, known)
                taken.update(span if found else ())
                rest = [w.form for n, w in enumerate(words) if n not in span]
                for one in found:
                    weak = _last(one, rule)
                    line = kind_of(one.entry, name) in rule.lines
                    rank = (1 + weak, not line, number, start + length <= head, -length, start)
                    yield _Hit(one, rank, _relation(line, rest, several, rule, known))


def _relation(line: bool, rest: Sequence[str], several: bool, rule: Rules, known: Known) -> Relation:
    if line and any(not rule.around(word) and not called(word, "organism") for word in rest):
        return Relation.DERIVED
    return Relation.PART if several else Relation.BROADER


def _negated(words: Sequence[_Word], start: int) -> bool:
    return start > 0 and words[start - 1].form in _NEGATION


def _spanned(words: Sequence[_Word], span: range, text: str, name: str, rule: Rules, known: Known) -> Sequence[Found]:
    """What a span of words means: as it stands, as what is often meant by it, as the noun of an adjective."""
    chosen = [words[n] for n in span]
    if all(rule.around(word.form) for word in chosen):
        return ()
    written = text[chosen[0].start : chosen[-1].end]
    found = [f for f in known(written, name) if _trusted(f, written, len(span) == len(words), words, name, rule)]
    found = [f for f in found if not obsolete(f.entry)]
    found = found or _reworded(_respelled(written, rule), name, rule, known)
    if found:
        return found
    form = _joined(chosen)
    often = [found for word in rule.often.get(form, ()) for found in known(word, name)]
    if often:
        further = any(n not in span and (w.form.isdigit() or not rule.around(w.form)) for n, w in enumerate(words))
        return [found for found in often if not (further and _begins(form, found.entry))]
    return known(rule.adjectives[form], name) if form in rule.adjectives else ()


def _begins(form: str, entry: Entry) -> bool:
    """Whether a name of the entry goes on where `form` ends, so that another word behind it makes a relative of it.

    Xenopus borealis is not Xenopus laevis, HIV-2 not HIV-1.
    """
    return any(spaced(name).startswith(f"{form} ") for name in (entry.label, *entry.synonyms))


def _trusted(found: Found, written: str, alone: bool, words: Sequence[_Word], name: str, rule: Rules) -> bool:
    """Whether a name within a text is that of the term, not a word or a symbol that looks alike."""
    entry = found.entry
    own = found.vocabulary == name
    if rule.own and not own and not alone:
        return False
    if not alone and written not in (entry.label, *entry.synonyms) and len(written) <= (_SHORT if own else _WORD_LIKE):
        return False
    if own or kind_of(entry, name) not in rule.lines:
        return own or alone or len(written) > _SHORT
    # among all the world's cell lines there is one of nearly every short name
    sign = squeeze(written)
    mixed = any(c.isdigit() for c in sign) and any(c.isalpha() for c in sign)
    return mixed and (alone or any(word.form in ("cell", "cells", "line", "lines") for word in words))
