"""What is doubtful about a term that a person wrote: pure facts, of which `checks` makes findings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rembi_sheets.vocabularies import bundled, proposals
from rembi_sheets.vocabularies.identifiers import as_identifier, labelled, normalise_id
from rembi_sheets.vocabularies.lookup import by_id, identifier, own_id, resolve
from rembi_sheets.vocabularies.model import Entry, Resolution
from rembi_sheets.vocabularies.proposals import Proposed, suggest
from rembi_sheets.vocabularies.words import bracketed, squeeze, variants


class Doubt(StrEnum):
    """What may be wrong with a term."""

    UNKNOWN = "unknown"  # no entry for the label, and no identifier given
    HOLDS_TERMS = "holds terms"  # no term, but a phrase that holds one or several
    MISPLACED = "misplaced"  # known, but no term of this list: an organism, an object, a kind of data
    AMBIGUOUS = "ambiguous"  # several things have this name, and no identifier tells which
    NO_IDENTIFIER = "no identifier"  # the list has the label, but no ontology a term for it
    BAD_IDENTIFIER = "bad identifier"  # what stands for the identifier is none
    UNKNOWN_IDENTIFIER = "unknown identifier"  # in form, but not among the terms that are known here
    ELSEWHERE = "elsewhere"  # of a vocabulary that is not at hand, beside a label that is known: not to be compared
    DISAGREES = "disagrees"  # label and identifier mean different things
    OBSOLETE = "obsolete"  # the ontology has given the term up
    WRONG_BRANCH = "wrong branch"  # a term of the ontology, but of another kind than the column asks for
    BROADER = "broader"  # the identifier is that of a broader term
    NEWER = "newer"  # only recent releases of the ontology have the term
    SYNONYM = "synonym"  # the label is a synonym, or the label of an earlier release


@dataclass(frozen=True, slots=True)
class Doubtful:
    """One doubt about one term.

    `label` and `id` are what was written (`id` as a CURIE); `meant` is what `id`, or else `label`, stands for;
    `instead` are labels, with the identifier where that tells them apart, among which the right one may be;
    `proposed` tells how they stand to a label that is not known.
    """

    doubt: Doubt
    label: str
    id: str = ""
    meant: Entry | None = None
    instead: tuple[str, ...] = ()
    proposed: Proposed | None = None


def doubts(label: str, identity: str, name: str) -> tuple[Doubtful, ...]:
    """All that is doubtful about `label` with `identity` beside it ("" if there is none) in list `name`.

    `label` may hold the identifier itself ("Homo sapiens [NCBITaxon:9606]", "9606", an address).
    """
    curie, wrong = _written(identity, name)
    if wrong:
        return (Doubtful(Doubt.BAD_IDENTIFIER, label, identity),)
    within = identifier(label, name) if label else ""
    if within and curie and within != curie and not _same(by_id(within, name), by_id(curie, name)):
        return (Doubtful(Doubt.DISAGREES, label, curie, by_id(curie, name)),)
    parts = labelled(label)
    words = parts[0] if parts else "" if within else label.strip()
    curie = curie or within
    if curie:
        return _of_identifier(words, curie, name)
    return _of_label(words, name) if words else ()


def _written(identity: str, name: str) -> tuple[str, bool]:
    """The CURIE that stands in the identifier cell, and whether something else stands there."""
    text = identity.strip()
    curie = identifier(text, name) or as_identifier(text)
    return curie, bool(text) and not curie


def _same(one: Entry | None, other: Entry | None) -> bool:
    return one is not None and one == other


def _of_identifier(label: str, curie: str, name: str) -> tuple[Doubtful, ...]:
    meant = by_id(curie, name)
    if meant is None:
        known = resolve(label, name) if label else None
        if known and known.entry and known.entry.id:
            doubt = Doubt.DISAGREES if comparable(known.entry, curie) else Doubt.ELSEWHERE
            return (Doubtful(doubt, label, curie, None, (_shown(known.entry),)),)
        return (Doubtful(Doubt.UNKNOWN_IDENTIFIER, label, curie),)
    if label and not agree(label, meant, curie, name):
        return (Doubtful(Doubt.DISAGREES, label, curie, meant, _instead(resolve(label, name))),)
    return (*_of_entry(label, curie, meant, name),)


def _of_label(label: str, name: str) -> tuple[Doubtful, ...]:
    found = resolve(label, name)
    if found.alternatives:
        return (Doubtful(Doubt.AMBIGUOUS, label, "", None, tuple(map(_shown, found.alternatives))),)
    if found.entry is None:
        return (_unknown(label, name),)
    if not found.entry.id:
        return (Doubtful(Doubt.NO_IDENTIFIER, label, "", found.entry),)
    return _of_entry(label, found.entry.id, found.entry, name)


def _unknown(label: str, name: str) -> Doubtful:
    """What is proposed for a label without entry; a term that the phrase holds is never told as a spelling."""
    found = proposals.propose(label, name)
    doubt = Doubt.MISPLACED if found.misplaced else Doubt.HOLDS_TERMS if found.relation else Doubt.UNKNOWN
    return Doubtful(doubt, label, "", None, found.labels, found)


def _of_entry(label: str, curie: str, meant: Entry, name: str) -> tuple[Doubtful, ...]:
    """Doubts about an entry as such, whoever named it."""
    branches = bundled.source(name).branches
    branch = meant.extra.get("branch", "")
    out = []
    if bundled.obsolete(meant):
        replaced = by_id(normalise_id(meant.extra.get("replaced_by", "")), name)
        out.append(Doubtful(Doubt.OBSOLETE, label, curie, meant, (_shown(replaced),) if replaced else ()))
    elif branches and branch and branch not in branches:
        out.append(Doubtful(Doubt.WRONG_BRANCH, label, curie, meant, _near_in_branch(label, meant, name)))
    if meant.extra.get("fit") == "broader":
        out.append(Doubtful(Doubt.BROADER, label, curie, meant, (meant.extra["fbbi_label"],)))
    elif meant.extra.get("fit") == "exact-2026":
        older = by_id(meant.extra["older_term"], "fbbi")
        out.append(Doubtful(Doubt.NEWER, label, curie, meant, (_shown(older),) if older else ()))
    if label and not _is_label(label, meant) and _is_name(label, meant):
        out.append(Doubtful(Doubt.SYNONYM, label, curie, meant, (meant.label,)))
    return tuple(out)


def agree(label: str, meant: Entry, curie: str, name: str) -> bool:
    """Whether `label` is a name of the entry `meant`, or of another entry that is written with the same identifier."""
    found = resolve(label, name)
    if found.entry is not None and curie in identifiers_of(found.entry):
        return True
    # a homonym is settled by its identifier, and an organism may carry its common name in brackets
    if any(entry.id == curie for entry in found.alternatives):
        return True
    return _is_name(label, meant)


def identifiers_of(entry: Entry) -> tuple[str, ...]:
    """The identifiers an entry may be written with: its own, EFO's for a cell line, that of an older release."""
    return (entry.id, entry.extra.get("efo_id", entry.id), entry.extra.get("older_term", "") or entry.id)


def comparable(entry: Entry, curie: str) -> bool:
    """Whether an identifier is of a vocabulary from which the entry has one, so that the two are or are not equal."""
    own = {i.partition(":")[0] for i in identifiers_of(entry) if i} if own_id(entry) else set()
    return curie.partition(":")[0] in own


def _names(entry: Entry) -> tuple[str, ...]:
    further = (entry.extra.get("fbbi_label", ""), entry.extra.get("common_name", ""))
    return (entry.label, *entry.synonyms, *(name for name in further if name))


def _is_name(label: str, meant: Entry) -> bool:
    spellings = {squeeze(label), *variants(label), *map(squeeze, (bracketed(label) or ())[:1])}
    return not spellings.isdisjoint(map(squeeze, _names(meant)))


def _is_label(label: str, meant: Entry) -> bool:
    names = (meant.label, meant.extra.get("fbbi_label", ""), meant.extra.get("bia_label", ""))
    return squeeze(label) in {squeeze(name) for name in names if name}


def _instead(found: Resolution) -> tuple[str, ...]:
    return tuple(_shown(entry) for entry in ((found.entry,) if found.entry else found.alternatives) if entry.id)


def _near_in_branch(label: str, meant: Entry, name: str) -> tuple[str, ...]:
    """The entries of list `name` for which the term is known to be taken; else those most like the words."""
    mistaken = tuple(e.label for e in bundled.entries(name) if meant.id in e.extra.get("not_terms", "").split("|"))
    return mistaken or suggest(label or meant.label, name) or suggest(meant.label, name)


def _shown(entry: Entry) -> str:
    """The entry so that it can be told from its homonyms."""
    note = entry.extra.get("note", "")
    about = f" ({note})" if note and "of" in entry.extra else ""
    return f"{entry.label} [{entry.id}]{about}" if entry.id else f"{entry.label}{about}"
