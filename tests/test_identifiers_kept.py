"""Identifiers of terms: what is no identifier that is known here is kept as typed, and one without a label is told."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest

from rembi_sheets import archives, checks
from rembi_sheets.findings import Finding, group
from rembi_sheets.submission import Submission, from_tables
from rembi_sheets.vocabularies import as_identifier
from tests.archives.idr.studies import HITS, RESULTS, SCREEN, files
from tests.support import TODAY, tables

BOTH = ("bioimage-archive", "idr")


def read(sheet: str, **cells: str) -> tuple[Submission, list[Finding]]:
    data: dict[str, Any] = copy.deepcopy(SCREEN)
    data[sheet.replace("_", " ")][0] |= {label.replace("_", " "): value for label, value in cells.items()}
    made, found = tables(data)
    sub = replace(from_tables(made), attachments={RESULTS: HITS})
    found = [*found, *checks.check(made, BOTH), *checks.check_submission(sub, BOTH)]
    return sub, group([*found, *(f for name in BOTH for f in archives.package(name).check(sub, TODAY))])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ATCC:HTB-22", "ATCC:HTB-22"),
        ("DSMZ:ACC-315", "DSMZ:ACC-315"),
        ("Wikidata:Q847482", "Wikidata:Q847482"),
        ("JCRB:0403.1", "JCRB:0403.1"),
        ("BAO:12", "BAO:12"),
        ("RRID:CLO_0009454", "CLO:0009454"),
        ("RRID: CLO_0009454", "CLO:0009454"),
        ("rrid:AB_141637", "rrid:AB_141637"),
        ("EFO_0002869", "EFO:0002869"),
        ("GO:56", "GO:56"),
    ],
)
def test_an_identifier_that_is_accepted_reaches_the_archives(typed: str, kept: str) -> None:
    sub, found = read("Biosamples", Biological_entity="a clone of ours", Biological_entity_ID=typed)
    assert [t.id for t in sub.biosamples[0].biological_entities] == [kept]
    assert [f.code for f in found if f.column == "Biological entity ID" and f.code == "FORMAT-BAD"] == []
    annotation = next(t for n, t in files(sub).items() if n.endswith("-annotation.csv"))
    assert kept.replace(":", "_", 1) in annotation


@pytest.mark.parametrize("text", ["", "HeLa", "my cell 5", "a: b", "9606", "ATCC HTB-22", "see paper: fig. 2"])
def test_other_text_is_no_identifier(text: str) -> None:
    assert as_identifier(text) == ""


@pytest.mark.parametrize(
    ("sheet", "label", "typed", "near"),
    [
        ("Biosamples", "Organism", "NCBITaxon:6239", "Caenorhabditis elegans"),
        ("Biosamples", "Organism", "NCBITaxon:3702; NCBITaxon:562", "Arabidopsis thaliana; Escherichia coli"),
        ("Biosamples", "Biological entity", "UBERON:0002107", "liver"),
        ("Biosamples", "Biological entity", "FMA:7197", ""),
        ("Study_components", "Imaging method", "FBbi:00000251", "confocal microscopy"),
        ("Phenotypes", "Phenotype term", "CMPO:0000118", "round cell phenotype"),
        ("Phenotypes", "Phenotype term", "CMPO:0000118; MP:0009999", ""),
    ],
)
def test_an_identifier_without_its_label_is_one_finding_with_the_label(
    sheet: str, label: str, typed: str, near: str
) -> None:
    _, found = read(sheet, **{label: "", f"{label} ID": typed})
    told = [f for f in found if f.column in (label, f"{label} ID") and f.severity == "error"]
    assert [(f.column, f.suggestions) for f in told] == [(label, (near,) if near else ())]
    assert typed in told[0].message
    assert not near or near in told[0].fix
