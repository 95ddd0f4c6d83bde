"""Terms as BioImage Archive writes them: licence, organism, biological entity, imaging method, study type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rembi_sheets import derive, vocabularies
from rembi_sheets.archives.bioimage_archive.document import Attribute
from rembi_sheets.values import Term

_CC = re.compile(r"CC (BY(?:-[A-Z]{2})*) (\d\.\d)(?: \w+)?")
_BRACKETED = re.compile(r"(?P<name>[^()]+?)\s*\((?P<common>[^()]+)\)")


def licence_address(licence: str) -> str:
    """The address of a licence's text; '' for one that is not known."""
    if licence == "CC0":
        return "https://creativecommons.org/publicdomain/zero/1.0/legalcode"
    if licence == "MIT":
        return "https://opensource.org/license/mit"
    found = _CC.fullmatch(licence)
    return f"https://creativecommons.org/licenses/{found[1].lower()}/{found[2]}/legalcode" if found else ""


def is_offered(licence: str) -> bool:
    """Is it one of those that the archive's form has to choose from?"""
    return known_licence(licence) in {e.label for e in vocabularies.entries("license")}


def known_licence(licence: str) -> str:
    """The licence as bia-ingest knows it, '' when it does not: the whole study would not be saved."""
    for name in ("license", "license_other"):
        entry = vocabularies.resolve(licence, name).entry
        if entry:
            return entry.label
    return ""


def licence(text: str) -> Iterator[Attribute]:
    """The attribute License with the address of its text."""
    if text:
        name = known_licence(text) or text
        address = licence_address(name)
        yield Attribute("License", name, value_qualifiers=(("URL", address),) if address else ())


def _qualifiers(ontology: str, curie: str) -> tuple[tuple[str, str], ...]:
    return (("Ontology", ontology), ("TermId", vocabularies.short_form(curie)))


def study_type(term: Term | None) -> Iterator[Attribute]:
    """The attribute Study type, which the archive keeps as an extra."""
    if term:
        qualifiers = _qualifiers(term.id.partition(":")[0], term.id) if term.id else ()
        yield Attribute("Study type", term.label, value_qualifiers=qualifiers)


def scientific_name(term: Term) -> str:
    """The name without a common name in brackets."""
    found = _BRACKETED.fullmatch(term.label)
    return found["name"] if found else term.label


def common_name(term: Term) -> str:
    """The common name: the vocabulary's, else what was typed in brackets."""
    found = _BRACKETED.fullmatch(term.label)
    return derive.common_name(term) or (found["common"] if found else "")


def taxon_number(term: Term) -> str:
    """The number of an NCBITaxon identifier; '' for none."""
    return term.id.removeprefix("NCBITaxon:") if term.id.startswith("NCBITaxon:") else ""


def organism(term: Term) -> Attribute:
    """The attribute Organism: `Scientific name (common name)` with the identifier as qualifiers."""
    entry = vocabularies.by_id(term.id, "organism") if term.id else None
    name, common = scientific_name(term), common_name(term)
    label = entry.extra.get("bia_label", "") if entry and entry.label == name else ""
    text = label or (f"{name} ({common})" if common and "(" not in name else term.label)
    return Attribute("Organism", text, value_qualifiers=_qualifiers("NCBITaxon", term.id) if taxon_number(term) else ())


def entities(terms: Sequence[Term]) -> Iterator[Attribute]:
    """The attribute Biological entity: one with its identifier as qualifiers, several with them in brackets."""
    if len(terms) == 1:
        term = terms[0]
        qualifiers = _qualifiers(term.id.partition(":")[0], term.id) if term.id else ()
        yield Attribute("Biological entity", term.label, value_qualifiers=qualifiers)
    elif terms:
        yield Attribute("Biological entity", "; ".join(f"{t.label} [{t.id}]" if t.id else t.label for t in terms))


def imaging_methods(term: Term) -> Iterator[Attribute]:
    """Attributes Imaging method: FBbi's label with its identifier, before a broader one what was typed."""
    entry = vocabularies.resolve(term.label, "imaging_method").entry
    if entry and term.id and entry.id and entry.id != term.id:
        entry = None
    entry = entry or (vocabularies.by_id(term.id, "imaging_method") if term.id else None)
    label = (entry.extra.get("fbbi_label") or entry.label) if entry and entry.id else ""
    if entry is None or not entry.id:
        known = _qualifiers("fbbi", term.id) if term.id.startswith("FBbi:") else ()
        yield Attribute("Imaging method", term.label, value_qualifiers=known)
        return
    if entry.extra.get("fit") == "broader" and entry.label != label:
        yield Attribute("Imaging method", entry.label)
    yield Attribute("Imaging method", label, value_qualifiers=_qualifiers("fbbi", entry.id))
