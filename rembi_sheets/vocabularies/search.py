"""Looking around: terms of all lists by any words of a name, and everything that is known under one identifier."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache as keep

from rembi_sheets.vocabularies import bundled, cache, proposals
from rembi_sheets.vocabularies.lookup import resolve
from rembi_sheets.vocabularies.model import Entry
from rembi_sheets.vocabularies.phrases import Relation
from rembi_sheets.vocabularies.proposals import suggest
from rembi_sheets.vocabularies.words import spaced

# lists of words of the workbook itself and of names that are not clear: no terms to look for
_NEAR = 80.0  # from here on a word is a known one with a slip of the hand
_NOT_SEARCHED = (bundled.HOMONYMS, "yes_no", "own_column_reserved")


@dataclass(frozen=True, slots=True)
class Hit:
    """A term that was found: in which list, by which of its names, and whether that is the text itself."""

    entry: Entry
    vocabulary: str
    because: str
    exact: bool = False


def search(text: str, field: str | None = None) -> Iterator[Hit]:
    """Terms by name, best first: of this name, with all words in a name, held by the phrase, spelled alike, with some
    of the words.

    `field` restricts the search to one list with its fallbacks; else all lists and the user's own are searched.
    """
    names = (field, *bundled.source(field).fallback) if field else _searched()
    seen: set[tuple[str, str]] = set()
    ways = (_called(text, names), _holding(text, names), _own(text, field), _phrased(text, names))
    for hits in (*ways, _respelled(text, names), _alike(text, names), _some(text, names)):
        for hit in hits:
            key = (hit.entry.id, hit.entry.label)
            if key not in seen:
                seen.add(key)
                yield hit


def fits(hit: Hit) -> tuple[str, ...]:
    """Where in the workbook the term can stand: "Biosamples: Biological entity"; none for what is only looked up."""
    from rembi_sheets.schema import load

    listed = {name for name in bundled.sources() if name == hit.vocabulary or _may_have(name, hit)}
    listed |= {name for name, source in bundled.sources().items() if listed.intersection(source.fallback)}
    sheets = load().sheets
    return tuple(
        f"{sheet.title}: {column.label}" for sheet in sheets for column in sheet.columns if column.list in listed
    )


def _may_have(name: str, hit: Hit) -> bool:
    """Whether list `name` takes the term from the user's vocabulary that it was found in."""
    if hit.vocabulary in bundled.sources():
        return False
    for one in cache.asked(name).usable:
        with cache.watched(one):
            if one.described.name == hit.vocabulary and one.holds(hit.entry.id):
                return True
    return False


def _searched() -> tuple[str, ...]:
    """All lists, those behind others last: a method of the workbook comes before the bare term of the ontology."""
    behind = {name for source in bundled.sources().values() for name in source.fallback}
    return (*(n for n in bundled.sources() if n not in behind and n not in _NOT_SEARCHED), *sorted(behind))


def _called(text: str, names: tuple[str, ...]) -> Iterator[Hit]:
    for name in names:
        found = resolve(text, name)
        if found.entry:
            yield Hit(found.entry, found.vocabulary, found.match.value, True)
        for entry in found.alternatives:
            yield Hit(entry, found.vocabulary, "one of several", True)


def _holding(text: str, names: tuple[str, ...]) -> Iterator[Hit]:
    """Entries with a name in which words begin like all words of the text: by label, then by synonym, short ones first.

    Terms of an ontology come behind entries of the workbook's own lists.
    """
    wanted = spaced(text).split()
    behind = {name for listed in names for name in bundled.source(listed).fallback}
    hits = [
        (
            (name in behind, position > 0, len(spelling)),
            Hit(entry, name, f"synonym {spelling}" if position else "label"),
        )
        for name in names
        for entry in bundled.entries(name)
        if wanted and not bundled.obsolete(entry)
        for position, spelling in enumerate((entry.label, *entry.synonyms))
        if _holds(spaced(spelling).split(), wanted)
    ]
    for _, hit in sorted(hits, key=lambda ranked: ranked[0]):
        yield hit


def _holds(words: list[str], wanted: list[str]) -> bool:
    return all(any(word.startswith(begin) for word in words) for begin in wanted)


def _phrased(text: str, names: tuple[str, ...]) -> Iterator[Hit]:
    """The terms that the phrase holds, such first as the whole phrase is about."""
    found = [
        (
            (proposal.relation is Relation.PART, place),
            Hit(proposal.entry, proposal.vocabulary, f"{proposal.relation} term"),
        )
        for name in names
        for place, proposal in enumerate(proposals.read(text, name).proposals)
        if proposal.relation is not Relation.INSTEAD
    ]
    for _, hit in sorted(found, key=lambda ranked: ranked[0]):
        yield hit


def _some(text: str, names: tuple[str, ...]) -> Iterator[Hit]:
    """Entries with some of the words in any of their names: the most words first."""
    wanted = [word for word in spaced(text).split() if len(word) > 2]
    hits = []
    for name in names:
        for entry in bundled.entries(name):
            words = spaced(" ".join((entry.label, *entry.synonyms))).split()
            held = sum(any(word.startswith(begin) for word in words) for begin in wanted)
            if held and not bundled.obsolete(entry):
                hits.append(((-held, len(entry.label)), Hit(entry, name, f"{held} of {len(wanted)} words")))
    for _, hit in sorted(hits, key=lambda ranked: ranked[0]):
        yield hit


def _own(text: str, field: str | None) -> Iterator[Hit]:
    prefixes = bundled.source(field).prefixes if field else ()
    for vocabulary, entry in cache.search(text):
        if not field or vocabulary.name == field or entry.id.partition(":")[0] in prefixes:
            yield Hit(entry, vocabulary.name, "installed" if vocabulary.installed else "yours")


@keep
def _words(names: tuple[str, ...]) -> tuple[str, ...]:
    """All words of the names in some lists."""
    spelled = (s for name in names for e in bundled.entries(name) for s in (e.label, *e.synonyms))
    return tuple(dict.fromkeys(word for s in spelled for word in spaced(s).split() if len(word) > 3))


def _respelled(text: str, names: tuple[str, ...]) -> Iterator[Hit]:
    """Terms with all words, each taken as the known word that is nearest to it."""
    from rapidfuzz import fuzz, process

    known = _words(names)
    words = spaced(text).split()
    near = [process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=_NEAR) for word in words]
    spelled = [found[0] for found in near if found]
    if spelled and len(spelled) == len(words):
        for hit in _holding(" ".join(spelled), names):
            yield Hit(hit.entry, hit.vocabulary, "spelled alike")


def _alike(text: str, names: tuple[str, ...]) -> Iterator[Hit]:
    for name in names:
        for label in suggest(text, name):
            found = resolve(label, name)
            if found.entry:
                yield Hit(found.entry, found.vocabulary, "spelled alike")


def known_as(curie: str) -> Iterator[tuple[str, Entry, tuple[Entry, ...]]]:
    """Every entry that has this identifier, with its list and the terms directly below it."""
    for name in bundled.sources():
        found = bundled.index(name).ids.get(curie)
        if found and name != bundled.HOMONYMS:
            below = (e for e in bundled.entries(name) if curie in e.extra.get("parent_ids", "").split("|"))
            yield name, found, tuple(below)
    for vocabulary, entry, children in cache.show(curie):
        yield vocabulary.name, entry, children
