"""Which label an identifier beside it belongs to: told by the lists, by what they do not know, or by the order."""

from __future__ import annotations

import pytest

from rembi_sheets.vocabularies.doubts import Doubt, doubts
from rembi_sheets.vocabularies.pairing import placed


def place(labels: str, ids: str, name: str) -> str | None:
    """Labels, one with its own identifier in brackets, and identifiers, both separated by '; '."""
    parts = [label.partition(" [") for label in labels.split("; ")]
    own = [rest.rstrip("]") for _, _, rest in parts]
    found = placed([label for label, _, _ in parts], own, ids.split(";") if ids else [], name)
    return None if found is None else ";".join(found)


@pytest.mark.parametrize(
    ("labels", "ids", "name", "wanted"),
    [
        ("confocal microscopy; SPIM", "FBbi:00000251;FBbi:00000369", "imaging_method", "FBbi:00000251;FBbi:00000369"),
        ("confocal microscopy; bright-field microscopy", "FBbi:00000243", "imaging_method", ";FBbi:00000243"),
        ("a method of ours; confocal microscopy", "FBbi:00000251", "imaging_method", ";FBbi:00000251"),
        ("a method of ours; confocal microscopy", "CHMO:0000089", "imaging_method", "CHMO:0000089;"),
        ("Mus musculus; Homo sapiens; Danio rerio", "NCBITaxon:7955;NCBITaxon:10090", "organism",
         "NCBITaxon:10090;;NCBITaxon:7955"),
        ("Homo sapiens; a rare beast", "NCBITaxon:9999999", "organism", ";NCBITaxon:9999999"),
        ("kidney; neuron; HeLa", "CL:0000540", "biological_entity", ";CL:0000540;"),
        ("HeLa; kidney", "EFO:0001185", "biological_entity", "EFO:0001185;"),
        ("my clone; kidney [UBERON:0002113]", "CLO:0009999", "biological_entity", "CLO:0009999;"),
        ("kidney [UBERON:0002113]; my clone", "UBERON:0002113", "biological_entity", "UBERON:0002113;"),
        ("mitosis arrested; a look of ours", "CMPO:0000338", "phenotype", "CMPO:0000338;"),
        ("one of ours; another of ours", ";LAB:0001", "biological_entity", ";LAB:0001"),
        ("one of ours; another of ours", "LAB:0001;", "biological_entity", "LAB:0001;"),
        ("HeLa; kidney", "", "biological_entity", ";"),
        ("HeLa", "CVCL:0030;;", "biological_entity", "CVCL:0030"),
    ],
)  # fmt: skip
def test_an_identifier_goes_to_its_label(labels: str, ids: str, name: str, wanted: str) -> None:
    assert place(labels, ids, name) == wanted


@pytest.mark.parametrize(
    ("labels", "ids", "name"),
    [
        ("one of ours; another of ours", "LAB:0001", "biological_entity"),
        ("HeLa; kidney", "BTO:0004790", "biological_entity"),
        ("HeLa; kidney", "CL:0000540", "biological_entity"),
        ("HeLa", "CVCL:0030;UBERON:0002113", "biological_entity"),
        ("Homo sapiens; Mus musculus; a beast; another", "NCBITaxon:1;NCBITaxon:2", "organism"),
    ],
)
def test_what_cannot_be_told_is_not_guessed(labels: str, ids: str, name: str) -> None:
    assert place(labels, ids, name) is None


@pytest.mark.parametrize(
    ("label", "curie", "name", "doubt"),
    [
        ("HeLa", "BTO:0000567", "biological_entity", Doubt.ELSEWHERE),
        ("kidney", "MA:0000368", "biological_entity", Doubt.ELSEWHERE),
        ("heart", "ZFA:0000114", "biological_entity", Doubt.ELSEWHERE),
        ("confocal microscopy", "CHMO:0000089", "imaging_method", Doubt.ELSEWHERE),
        ("mitosis arrested", "GO:0099999", "phenotype", Doubt.ELSEWHERE),
        ("kidney", "UBERON:9999999", "biological_entity", Doubt.DISAGREES),
        ("HeLa", "EFO:0009999", "biological_entity", Doubt.DISAGREES),
        ("heart", "CL:0000540", "biological_entity", Doubt.DISAGREES),
        ("an organ of ours", "BTO:0000567", "biological_entity", Doubt.UNKNOWN_IDENTIFIER),
    ],
)
def test_only_what_can_be_compared_disagrees(label: str, curie: str, name: str, doubt: Doubt) -> None:
    assert [d.doubt for d in doubts(label, curie, name)] == [doubt]
