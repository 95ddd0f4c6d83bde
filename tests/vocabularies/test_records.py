"""The terms of published records, and of REMBI's own examples, mean what those records say.

The exceptions, with their reasons, are the table in docs/terms.md: what it lists and what does not resolve must be the
same. The records are not part of the repository; where they are absent the tests are left out.
"""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from rembi_sheets.vocabularies import normalise_id, resolve
from rembi_sheets.vocabularies.doubts import identifiers_of

HERE = Path(__file__).resolve()
SAMPLES = HERE.parents[3] / "shared" / "samples"
DOCS = HERE.parents[2] / "docs" / "terms.md"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the published records are not beside the repository")

# heading in a study file of IDR -> list
STUDY_ROWS = {
    "Study Type": "study_type",
    "Study Organism": "organism",
    "Screen Organism": "organism",
    "Experiment Organism": "organism",
    "Screen Imaging Method": "imaging_method",
    "Experiment Imaging Method": "imaging_method",
    "Screen Technology Type": "screen_technology",
    "Screen Type": "screen_type",
    "Library Type": "library_type",
    "Protocol Type": "protocol_type",
    "Phenotype Term Name": "phenotype",
}
CHARACTERISTICS = {"Organism": "organism", "Cell Line": "biological_entity", "Organism Part": "biological_entity"}
PAGETAB = {"Organism": "organism", "Scientific name": "organism", "Imaging method": "imaging_method",
           "Ontology Value": "imaging_method", "Biological entity": "biological_entity"}  # fmt: skip
# REMBI's overview table of examples (2021): text, list, identifier given there
REMBI = [
    ("Single-particle cryo-EM", "study_type", ""),
    ("cryo-ET", "study_type", ""),
    ("CLEM/FIB-SEM of activated CD4+ T cells", "study_type", ""),
    ("FRAP/FIB SEM of parasitophorous vacuoles containing Toxoplasma gondii ΔCAP parasites", "study_type", ""),
    ("High-throughput/high-content screening", "study_type", ""),
    ("Atlas", "study_type", ""),
    ("Single-particle cryo-EM", "imaging_method", ""),
    ("cryo-ET", "imaging_method", ""),
    ("FIB-SEM", "imaging_method", ""),
    ("FIB SEM", "imaging_method", ""),
    ("Differential interference contrast", "imaging_method", ""),
    ("Light sheet fluorescence microscopy", "imaging_method", ""),
    ("Epifluorescence microscopy", "imaging_method", ""),
    ("Confocal fluorescence microscopy", "imaging_method", ""),
    ("Fluorescence correlation spectroscopy", "imaging_method", ""),
    ("apo-ferritin", "biological_entity", ""),
    ("ribosome-antibiotic complex", "biological_entity", ""),
    ("Jurkat E6.1 T cells", "biological_entity", "http://purl.obolibrary.org/obo/CL_0000084"),
    (
        "Parasitophorous vacuole, in a human foreskin fibroblast, containing Toxoplasma gondii ΔCAP parasites",
        "biological_entity",
        "",
    ),
    ("Red blood cells", "biological_entity", ""),
    ("Kidney tissue", "biological_entity", ""),
    ("HeLa cells", "biological_entity", ""),
    ("Mouse", "organism", ""),
    ("Homo sapiens", "organism", ""),
    ("Homo Sapien", "organism", "http://purl.obolibrary.org/obo/NCBITaxon_9606"),
    ("Toxoplasma gondii", "organism", ""),
    ("CD1 Mus musculus embryonic, day 13.5", "organism", ""),
    ("Mycoplasma pneumoniae", "organism", ""),
]


def idr() -> Iterator[tuple[str, str, str]]:
    """(text, list, identifier) of all study and annotation files of IDR."""
    for path in sorted((SAMPLES / "idr").glob("*/*study*.txt")):
        rows = {}
        for line in text_of(path).splitlines():
            cells = [cell.strip().strip('"') for cell in line.split("\t")]
            # a component repeats the headings; what follows a heading belongs to it
            if cells[0] in STUDY_ROWS:
                rows = {cells[0]: cells[1:]}
            elif cells[0].endswith("Term Accession"):
                for heading, texts in rows.items():
                    yield from paired(texts, cells[1:], STUDY_ROWS[heading])
                rows = {}
    for path in sorted((SAMPLES / "idr").glob("*/*/*annotation.csv")):
        table = list(csv.reader(text_of(path).splitlines()))
        for place, heading in enumerate(table[0]):
            found = re.match(r"Characteristics ?\[(.*)\]", heading)
            if found and found[1] in CHARACTERISTICS:
                accession = next(
                    (p for p in (place + 1, place + 2) if p < len(table[0]) and "Accession" in table[0][p]), None
                )
                for row in table[1:]:
                    ids = [row[accession]] if accession else [""]
                    yield from paired([row[place]], ids, CHARACTERISTICS[found[1]])


def paired(texts: list[str], ids: list[str], name: str) -> Iterator[tuple[str, str, str]]:
    for number, text in enumerate(texts):
        given = ids[number] if number < len(ids) else ""
        if text.strip() and not text.startswith("#"):
            yield text.strip(), name, "" if given.startswith("#") else given.strip()


def biostudies() -> Iterator[tuple[str, str, str]]:
    """(text, list, identifier) of all pages of BioImage Archive as its staff corrected them."""
    for path in sorted((SAMPLES / "biostudies").glob("*_override.json")):
        yield from attributes(json.loads(path.read_text("utf-8")))


def attributes(node: object) -> Iterator[tuple[str, str, str]]:
    if isinstance(node, list):
        for part in node:
            yield from attributes(part)
    elif isinstance(node, dict):
        values = {a["name"]: a.get("value") or "" for a in node.get("attributes") or [] if a.get("name")}
        given = values.get("NCBI taxon ID") or values.get("Ontology Term ID") or ""
        for name, vocabulary in PAGETAB.items():
            if values.get(name):
                yield values[name].strip(), vocabulary, given
        for key in ("section", "subsections"):
            yield from attributes(node.get(key))


def text_of(path: Path) -> str:
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def unresolved(records: Iterator[tuple[str, str, str]]) -> set[tuple[str, str, str]]:
    """Those that mean nothing here, or something else than the identifier they carry."""
    return {record for record in set(records) if not means(*record)}


def means(text: str, name: str, given: str) -> bool:
    entry = resolve(text, name).entry
    by_number = {"organism": "NCBITaxon:", "imaging_method": "FBbi:"}.get(name, "")
    curie = normalise_id(given) or normalise_id(by_number + given)
    return entry is not None and (not curie or curie in identifiers_of(entry))


def listed() -> set[tuple[str, str, str]]:
    """The table of docs/terms.md under "Terms of published records that do not resolve": text, list, identifier."""
    part = DOCS.read_text("utf-8").split("## Terms of published records that do not resolve")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("|")]
    return {(text, name, given) for text, name, given, reason in rows[2:] if reason}


@needs_samples
def test_records_and_exceptions_agree():
    found = unresolved(idr()) | unresolved(biostudies()) | unresolved(iter(REMBI))

    assert found == listed()


@needs_samples
def test_the_records_hold_what_the_test_believes():
    records = set(idr()) | set(biostudies())

    assert ("HeLa", "biological_entity", "EFO_0001185") in records
    assert ("primary posterior lateral line primordium", "biological_entity", "ZFA_0005115") in records
    assert ("array-scan confocal microscopy", "imaging_method", "FBbi:00000393") in records
    assert len(records) > 60


def test_rembi_examples_resolve_or_are_listed():
    assert unresolved(iter(REMBI)) <= listed()
