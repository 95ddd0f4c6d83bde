"""What is doubtful about a label and the identifier beside it."""

import pytest

from rembi_sheets.vocabularies.doubts import Doubt, agree, doubts
from rembi_sheets.vocabularies.lookup import by_id


def kinds(label, identity, name):
    return [d.doubt for d in doubts(label, identity, name)]


@pytest.mark.parametrize(
    ("label", "identity", "name"),
    [
        ("HeLa", "", "biological_entity"),
        ("HeLa", "CVCL_0030", "biological_entity"),
        ("HeLa", "EFO_0001185", "biological_entity"),
        ("Homo sapiens (human)", "9606", "organism"),
        ("Homo sapiens [NCBITaxon:9606]", "", "organism"),
        ("", "NCBITaxon:9606", "organism"),
        ("", "", "organism"),
        ("confocal microscopy", "00000251", "imaging_method"),
        ("structured illumination microscopy", "FBbi:00000332", "imaging_method"),
        ("H9", "CVCL:1240", "biological_entity"),
        ("cryogenic electron tomography", "FBbi:00000256", "imaging_method"),
        ("scanning electron microscopy (SEM)", "FBbi_00000257", "imaging_method"),
    ],
)
def test_good_terms_raise_no_doubt(label, identity, name):
    assert kinds(label, identity, name) == []


@pytest.mark.parametrize(
    ("label", "identity", "name", "doubt"),
    [
        ("HeLa", "CVCL:0063", "biological_entity", Doubt.DISAGREES),
        ("HeLa", "CVCL:9999", "biological_entity", Doubt.DISAGREES),
        ("Homo sapiens", "10090", "organism", Doubt.DISAGREES),
        ("Homo sapiens [NCBITaxon:10090]", "", "organism", Doubt.DISAGREES),
        ("Homo sapiens [NCBITaxon:9606]", "10090", "organism", Doubt.DISAGREES),
        ("no such cell", "CVCL:0030", "biological_entity", Doubt.DISAGREES),
        ("SPIM", "FBbi:00000364", "imaging_method", Doubt.DISAGREES),
        ("light-sheet illumination", "FBbi:00000364", "imaging_method", Doubt.WRONG_BRANCH),
        ("light-sheet illumination", "", "imaging_method", Doubt.WRONG_BRANCH),
        ("", "FBbi:00000364", "imaging_method", Doubt.WRONG_BRANCH),
        ("", "FBbi:00000242", "imaging_method", Doubt.OBSOLETE),
        ("H9", "", "biological_entity", Doubt.AMBIGUOUS),
        ("Drosophila", "", "organism", Doubt.AMBIGUOUS),
        ("Homo sapeins", "", "organism", Doubt.UNKNOWN),
        ("CLEM", "", "imaging_method", Doubt.NO_IDENTIFIER),
        ("some cell", "CVCL:ZZZZ", "biological_entity", Doubt.UNKNOWN_IDENTIFIER),
        ("HeLa", "not an id", "biological_entity", Doubt.BAD_IDENTIFIER),
        ("array tomography", "", "imaging_method", Doubt.BROADER),
        ("cryogenic electron tomography", "", "imaging_method", Doubt.NEWER),
        ("Crassostrea gigas", "", "organism", Doubt.SYNONYM),
        ("Green fluorescent protein from Aequorea victoria", "FBbi:00000437", "fbbi", Doubt.DISAGREES),
        ("Blue fluorescent protein from Aequorea victoria", "FBbi:00000435", "fbbi", Doubt.SYNONYM),
    ],
)
def test_each_doubt_is_told(label, identity, name, doubt):
    assert kinds(label, identity, name) == [doubt]


def test_a_disagreement_names_what_the_identifier_means_and_what_the_label_does():
    (found,) = doubts("Mus musculus", "9606", "organism")

    assert found.meant is not None and found.meant.label == "Homo sapiens"
    assert (found.id, found.instead) == ("NCBITaxon:9606", ("Mus musculus [NCBITaxon:10090]",))


def test_the_illumination_leads_to_the_method_it_is_taken_for():
    (found,) = doubts("", "FBbi_00000364", "imaging_method")

    assert found.instead == ("light sheet fluorescence microscopy",)


def test_homonyms_are_listed_with_their_identifiers():
    (found,) = doubts("H9", "", "biological_entity")

    assert len(found.instead) == 2
    assert "CVCL:9773" in found.instead[0] and "CVCL:1240" in found.instead[1]


def test_a_misspelling_brings_the_nearest_label():
    (found,) = doubts("Homo sapeins", "", "organism")

    assert found.instead[0] == "Homo sapiens"


def test_a_method_without_own_term_agrees_with_the_broader_one():
    broader = by_id("FBbi:00000369", "imaging_method")

    assert broader is not None and agree("lattice light sheet microscopy", broader, broader.id, "imaging_method")
