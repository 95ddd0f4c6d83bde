"""Identifiers as IDR writes them: the ontology's name in one column, PREFIX_digits in the next."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rembi_sheets import vocabularies
from rembi_sheets.values import Term

_TAXA = "NCBITaxon"
_OBO = "http://purl.obolibrary.org/obo/"
_URIS = {
    "NCBITaxon": _OBO,
    "EFO": "http://www.ebi.ac.uk/efo/",
    "CMPO": "http://www.ebi.ac.uk/cmpo/",
    "FBbi": _OBO,
    "CVCL": "https://www.cellosaurus.org/",
    "SNOMED": "http://snomed.info/id/",
}


SEVERAL = ";"
"""What parts several identifiers in a cell."""


def split(curie: str) -> tuple[str, str]:
    """'NCBITaxon:9606' -> ('NCBITaxon', 'NCBITaxon_9606'); ('', '') for no identifier.

    Of several, 'EFO:1;EFO:2' -> ('EFO', 'EFO_1;EFO_2').
    """
    if not curie:
        return "", ""
    if SEVERAL in curie:
        refs, codes = zip(*(split(c.strip()) for c in curie.split(SEVERAL)), strict=True)
        return refs[0] if len(set(refs)) == 1 else SEVERAL.join(refs), SEVERAL.join(codes)
    return curie.partition(":")[0], vocabularies.short_form(curie)


def join(ref: str, accession: str) -> str:
    """The CURIE of a REF and an accession in any of the forms in use: FBbi_00000246, FBbi:.., bare digits."""
    ref, accession = ref.strip(), accession.strip()
    if not accession:
        return ""
    if SEVERAL in accession:
        refs = ref.split(SEVERAL)
        codes = accession.split(SEVERAL)
        return SEVERAL.join(
            join(r, c) for r, c in zip(refs if len(refs) == len(codes) else [ref] * len(codes), codes, strict=True)
        )
    if ref.replace(" ", "").casefold() == _TAXA.casefold():
        ref, accession = _TAXA, re.sub(r"^NCBI ?(?:Taxon)?[_: ]", "", accession)
    curie = vocabularies.normalise_id(accession)
    if curie:
        return curie
    return vocabularies.normalise_id(f"{ref}:{accession}") or f"{ref}:{accession}".strip(":")


def listed(prefixes: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """(name, address) of every ontology used: the four that IDR always lists first, then by name."""
    used = {p for p in prefixes if p}
    first = [p for p in ("NCBITaxon", "EFO", "CMPO", "FBbi") if p in used]
    rest = sorted(used - set(first))
    return tuple((p, _URIS.get(p, _OBO if _known(p) else "")) for p in (*first, *rest))


def _known(prefix: str) -> bool:
    from rembi_sheets.vocabularies.identifiers import PREFIXES

    return prefix in PREFIXES


def cell_line(term: Term) -> Term:
    """A cell line with its EFO identifier where the vocabulary knows one, as IDR's studies have it."""
    entry = vocabularies.by_id(term.id, "biological_entity") if term.id else None
    efo = entry.extra.get("efo_id", "") if entry else ""
    return Term(term.label, efo) if efo else term
