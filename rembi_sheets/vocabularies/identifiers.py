"""Identifiers of terms: every way people write them, to the one way we keep them (a CURIE)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

# prefix as its ontology spells it -> the form of what follows
PREFIXES = {
    "FBbi": r"[0-9]{8}",
    "NCBITaxon": r"[0-9]+",
    "CVCL": r"[A-Z0-9]{4}",
    "EFO": r"[0-9]{7}",
    "CL": r"[0-9]{7}",
    "UBERON": r"[0-9]{7}",
    "GO": r"[0-9]{7}",
    "CMPO": r"[0-9]{7}",
    "CLO": r"[0-9]{7}",
    "UO": r"[0-9]{7}",
    "OBI": r"[0-9]{7}",
    "NCIT": r"C[0-9]+",
    "MONDO": r"[0-9]{7}",
    "FBbt": r"[0-9]{8}",
    "FBdv": r"[0-9]{8}",
    "ZFA": r"[0-9]{7}",
    "WBbt": r"[0-9]{7}",
    "PO": r"[0-9]{7}",
    "MP": r"[0-9]{7}",
    "HP": r"[0-9]{7}",
    "PATO": r"[0-9]{7}",
    "CHEBI": r"[0-9]+",
    "BTO": r"[0-9]{7}",
    "CHMO": r"[0-9]{7}",
    "DOID": r"[0-9]+",
    "MA": r"[0-9]{7}",
    "EMAPA": r"[0-9]+",
    "SO": r"[0-9]{7}",
    "PR": r"[0-9]{9}",
    "OMIT": r"[0-9]{7}",
    "SNOMED": r"[0-9]+",
}
_ALIASES = {
    "taxonomy": "NCBITaxon",
    "taxon": "NCBITaxon",
    "txid": "NCBITaxon",
    "ncbitaxon": "NCBITaxon",
    "cellosaurus": "CVCL",
}
_ADDRESS = re.compile(r"(?i)^(?:https?://|www\.)\S+$")
_TAXON = re.compile(r"(?i)^(?:ncbi[:_ ]?)?(?:txid|taxid|taxon|taxonomy)[:_ =]?\s*([0-9]+)$")
_MARKS = ("www.", "ncbi", "tax", "txid")  # without colon and underscore only these can begin an identifier
_BEGINS = re.compile(r"(?i)[\s<]*(?:\d+\s*$|" + "|".join(map(re.escape, _MARKS)) + ")")
_PARTS = re.compile(r"^(?:obo:)?([A-Za-z][A-Za-z0-9.\-]*)[:_] ?([A-Za-z]?[A-Za-z0-9]*)$")
_CURIE = re.compile(r"[A-Za-z][A-Za-z0-9_.\-]*:[A-Za-z0-9_.\-]+")
_RRID = re.compile(r"(?i)^rrid[:_ ]\s*")
_LABELLED = re.compile(r"^(?P<label>.*?)\s*[\[(](?P<id>(?:https?://|[A-Za-z]+[:_])[^\s\[\]()]+)[\])]$")


@cache
def _prefixes() -> dict[str, tuple[str, re.Pattern[str]]]:
    known = {prefix.casefold(): (prefix, re.compile(form)) for prefix, form in PREFIXES.items()}
    return known | {alias: known[prefix.casefold()] for alias, prefix in _ALIASES.items()}


@cache
def _form(prefix: str) -> re.Pattern[str]:
    return re.compile(PREFIXES[prefix])


@cache
def _forms() -> re.Pattern[str]:
    return re.compile("(?:(?:" + "|".join(f"{prefix}:{form}" for prefix, form in PREFIXES.items()) + ")\\n)+")


def all_curies(texts: Iterable[str]) -> bool:
    """Whether each of the texts is an identifier as we keep it, with a prefix that we know."""
    return _forms().fullmatch("\n".join((*texts, ""))) is not None


def may_identify(text: str) -> bool:
    """Whether `text` may hold an identifier, or be the bare number of one: a quick look, which misses none."""
    return ":" in text or "_" in text or _BEGINS.match(text) is not None


def normalise_id(text: str) -> str:
    """The CURIE that `text` is, however written: "FBbi:00000246" for FBbi_00000246 and for its addresses; "" if none.

    A prefix that is not known is taken only with four digits or more, and with a colon (LAB:0001) or in an address.
    """
    prefix, colon, local = text.partition(":")
    if colon and prefix in PREFIXES and _form(prefix).fullmatch(local):
        return text
    text = text.strip().strip("<>")
    if not colon and "_" not in text and not text[:4].casefold().startswith(_MARKS):
        return ""
    address = bool(_ADDRESS.match(text))
    if address:
        text = text.rstrip("/").replace("%3A", ":").replace("%5F", "_")
        tail = re.split(r"[/#=]", text)[-1]
        if tail.isdigit():
            return f"NCBITaxon:{tail}" if "taxonomy" in text.casefold() else ""
        text = tail
    elif len(text) > 64:
        return ""
    taxon = _TAXON.match(text)
    if taxon:
        return f"NCBITaxon:{taxon[1]}"
    parts = _PARTS.match(text)
    if not parts:
        return ""
    prefix, local = parts.groups()
    known = _prefixes().get(prefix.casefold())
    if known:
        spelling, form = known
        return f"{spelling}:{local.upper()}" if form.fullmatch(local.upper()) else ""
    marked = address or ":" in text
    return f"{prefix}:{local}" if marked and local.isdigit() and len(local) >= 4 else ""


def as_identifier(text: str) -> str:
    """What stands where only an identifier can: as `normalise_id`, else as typed where it has the form of a CURIE.

    So an identifier of a registry that is not known here (ATCC:CCL-2) is kept; RRID: is put before those of others.
    """
    bare = _RRID.sub("", text.strip())
    curie = normalise_id(text) or normalise_id(bare)
    return curie or (text.strip() if _CURIE.fullmatch(text.strip()) else "")


def short_form(curie: str) -> str:
    """The form with an underscore that BioImage Archive and IDR want: FBbi_00000246."""
    return curie.replace(":", "_", 1)


def labelled(text: str) -> tuple[str, str] | None:
    """("Homo sapiens", "NCBITaxon:9606") of "Homo sapiens [NCBITaxon:9606]"; None when it does not end so."""
    if not text.rstrip().endswith(("]", ")")):
        return None
    found = _LABELLED.match(text.strip())
    curie = normalise_id(found["id"]) if found else ""
    return (found["label"], curie) if found and curie else None
