"""Links of the page: addresses as they are, DOIs completed, identifiers with a type that bia-ingest knows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rembi_sheets import vocabularies
from rembi_sheets.archives.bioimage_archive.document import Attribute, Link
from rembi_sheets.archives.bioimage_archive.facts.associations import Scope

# bia-ingest (2026-05) makes an address of an identifier of any type in the list but these; one bad link, and it
# refuses the whole study.
_ADDRESS_ONLY = frozenset({"workflowhub"})

_ADDRESS = re.compile(r"(?i)https?://\S+")
_DOI = re.compile(r"(?i)(?:doi\s*:\s*)?(?:https?://)?(?:dx\.)?(?:doi\.org/)?(?:doi\s*:\s*)?(10\.\d{4,9}/\S+)")
_PREFIXES = (
    (re.compile(r"(?i)EMD-\d+"), "emdb"),
    (re.compile(r"(?i)EMPIAR-\d+"), "empiar"),
    (re.compile(r"(?i)S-[A-Z]+\d+"), "biostudies"),
    (re.compile(r"(?i)idr\d{4}\S*"), "idr"),
)


def resolve(text: str, kind: str) -> tuple[str, str] | None:
    """Address or identifier and its type ('' for none); None when the archive would refuse it."""
    word = _type(kind)
    doi = _DOI.fullmatch(text)
    if doi:
        return f"https://doi.org/{doi[1]}", word if word and word != "doi" else ""
    if _ADDRESS.fullmatch(text):
        return text, word
    if kind:
        return (text, word) if word in _types() else None
    for form, found in _PREFIXES:
        if form.fullmatch(text):
            return text, found
    return None


def _types() -> frozenset[str]:
    return frozenset(map(_word, vocabularies.entries("link_type"))) - _ADDRESS_ONLY


def _word(entry: vocabularies.Entry) -> str:
    """The archive's word for a type: the label, unless the list says another."""
    return entry.extra["bia"] or entry.label.casefold()


def _type(kind: str) -> str:
    entry = vocabularies.resolve(kind, "link_type").entry if kind else None
    return _word(entry) if entry else kind.casefold()


def related(text: str, correlation: str) -> tuple[str, str, str]:
    """Target, type and description of a related image such as `EMPIAR-10326: raw data of this volume`."""
    target, _, relation = text.partition(" ")
    if resolve(target.rstrip(":,"), ""):
        target = target.rstrip(":,")
    elif resolve(text, ""):
        target, relation = text, ""
    return target, "", relation.strip() or f"Related images of {correlation}"


def of(scope: Scope) -> Iterator[Link]:
    """Links in sheet order, then the accessions and addresses of related images; each target once."""
    seen = set()
    wanted = [(k.link, k.link_type, k.description) for k in scope.submission.links]
    wanted += [related(text, c.name) for c in scope.correlations for text in c.related_images]
    for text, kind, description in wanted:
        found = resolve(text, kind)
        if found is None or found in seen:
            continue
        seen.add(found)
        url, word = found
        attributes = [Attribute("Description", description)] if description else []
        yield Link(url, (*attributes, *([Attribute("Type", word)] if word else [])))
