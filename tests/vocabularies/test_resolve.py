"""What a person writes is understood: identifiers in every form, spellings, and names that are not clear."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rembi_sheets.vocabularies import (
    Match,
    by_id,
    entries,
    names,
    nearest,
    normalise_id,
    own_id,
    resolve,
    short_form,
    suggest,
)


@pytest.mark.parametrize(
    ("written", "curie"),
    [
        ("FBbi:00000246", "FBbi:00000246"),
        ("FBbi_00000246", "FBbi:00000246"),
        ("Fbbi_00000246", "FBbi:00000246"),
        ("FBBI:00000246", "FBbi:00000246"),
        ("obo:FBbi_00000246", "FBbi:00000246"),
        (" FBbi: 00000246 ", "FBbi:00000246"),
        ("http://purl.obolibrary.org/obo/FBbi_00000246", "FBbi:00000246"),
        ("<http://purl.obolibrary.org/obo/FBbi_00000246>", "FBbi:00000246"),
        ("http://www.ebi.ac.uk/efo/EFO_0001185", "EFO:0001185"),
        ("https://www.cellosaurus.org/CVCL_0030", "CVCL:0030"),
        ("CVCL_0030", "CVCL:0030"),
        ("cvcl_y019", "CVCL:Y019"),
        ("NCBI:txid9606", "NCBITaxon:9606"),
        ("txid9606", "NCBITaxon:9606"),
        ("taxonomy:9606", "NCBITaxon:9606"),
        ("https://identifiers.org/taxonomy:9606", "NCBITaxon:9606"),
        ("https://www.ncbi.nlm.nih.gov/Taxonomy/Browser/wwwtax.cgi?id=9606", "NCBITaxon:9606"),
        ("NCIT:C80146", "NCIT:C80146"),
        ("GO_0005634", "GO:0005634"),
        ("LAB:00012", "LAB:00012"),
        ("FBbi:246", ""),
        ("HeLa", ""),
        ("plate_0001", ""),
        ("9606", ""),
        ("Figure:1", ""),
        ("https://example.org/9606", ""),
        ("", ""),
    ],
)
def test_identifiers_take_one_form(written, curie):
    assert normalise_id(written) == curie


def test_short_form_has_an_underscore():
    assert short_form("FBbi:00000246") == "FBbi_00000246"


@pytest.mark.parametrize(
    ("text", "name", "label", "match"),
    [
        ("Homo sapiens", "organism", "Homo sapiens", Match.LABEL),
        ("homo  Sapiens", "organism", "Homo sapiens", Match.NORMALISED),
        ("9606", "organism", "Homo sapiens", Match.ID),
        ("Homo sapiens [NCBITaxon:9606]", "organism", "Homo sapiens", Match.ID),
        ("Homo sapiens (human)", "organism", "Homo sapiens", Match.SYNONYM),
        ("Xenopus laevis (African clawed frog)", "organism", "Xenopus laevis", Match.SYNONYM),
        ("baker’s yeast", "organism", "Saccharomyces cerevisiae", Match.SYNONYM),
        ("hela cells", "biological_entity", "HeLa", Match.PHRASE),
        ("EFO_0001185", "biological_entity", "HeLa", Match.ID),
        ("T cells", "biological_entity", "T cell", Match.NORMALISED),
        ("00000251", "imaging_method", "confocal microscopy", Match.ID),
        ("FBbi:00000246", "imaging_method", "fluorescence microscopy", Match.ID),
        ("United kingdom", "country", "United Kingdom", Match.NORMALISED),
        ("Scotland", "country", "United Kingdom", Match.SYNONYM),
        ("\u03bcm", "length_unit", "µm", Match.NORMALISED),
        ("\u212b", "length_unit", "Å", Match.NORMALISED),
        ("RE", "empiar_release", "RE - at once after processing", Match.SYNONYM),
        ("HCS image acquistion and feature extraction protocol", "protocol_type",
         "HCS image acquisition and feature extraction protocol", Match.SYNONYM),
    ],
)  # fmt: skip
def test_spellings_are_understood(text, name, label, match):
    found = resolve(text, name)

    assert found.entry is not None
    assert (found.entry.label, found.match, found.vocabulary) == (label, match, name)
    assert found.alternatives == ()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("nM", "length_unit"),
        ("A", "length_unit"),
        ("", "organism"),
        ("mouse-like", "organism"),
        ("999999999", "organism"),
    ],
)
def test_what_is_not_known_gives_nothing(text, name):
    found = resolve(text, name)

    assert (found.entry, found.match, found.alternatives) == (None, Match.NONE, ())


@pytest.mark.parametrize(
    ("text", "name", "ids"),
    [
        ("H9", "biological_entity", {"CVCL:9773", "CVCL:1240"}),
        ("h1", "biological_entity", {"CVCL:9771", "CVCL:D4YF"}),
        ("Drosophila", "organism", {"NCBITaxon:7215", "NCBITaxon:2081351"}),
    ],
)
def test_a_name_of_several_things_gives_all_and_chooses_none(text, name, ids):
    found = resolve(text, name)

    assert found.entry is None
    assert {e.id for e in found.alternatives} == ids


def test_an_identifier_settles_a_homonym():
    found = resolve("H9 [CVCL:9773]", "biological_entity")

    assert found.entry is not None and found.entry.label == "WA09"


def test_the_fallback_list_answers_in_its_own_name():
    found = resolve("FBbi_00000364", "imaging_method")

    assert found.entry is not None
    assert (found.vocabulary, found.entry.label) == ("fbbi", "light-sheet illumination")
    assert found.entry.extra["branch"] == "illumination method"


def test_a_broader_term_does_not_stand_for_its_identifier():
    method = by_id("FBbi:00000345", "imaging_method")

    assert method is not None and method.label == "light microscopy"


def test_a_broader_identifier_never_stands_alone():
    lattice = resolve("lattice light-sheet", "imaging_method").entry

    assert lattice is not None and (lattice.id, own_id(lattice)) == ("FBbi:00000369", "")
    sheet = resolve("SPIM", "imaging_method").entry
    assert sheet is not None and own_id(sheet) == sheet.id


def test_unknown_lists_say_what_is_known():
    with pytest.raises(KeyError, match="organism"):
        resolve("x", "organisms")


@pytest.mark.parametrize(
    ("text", "name", "label"),
    [
        ("hipocampus", "biological_entity", "hippocampal formation"),
        ("confical microscopy", "imaging_method", "confocal microscopy"),
        ("microscopy confocal", "imaging_method", "confocal microscopy"),
        ("spinning disk", "imaging_method", "spinning disk confocal microscopy"),
        ("Mus musclus", "organism", "Mus musculus"),
    ],
)
def test_suggestions_put_the_right_term_first(text, name, label):
    assert suggest(text, name)[0] == label


def test_suggestions_keep_their_number_and_say_each_label_once():
    found = suggest("confocal microscop", "imaging_method", 2)

    assert len(found) == len(set(found)) == 2


def test_nothing_like_it_suggests_nothing():
    assert suggest("qqqqqqqq", "organism") == ()


def test_nearest_measures_any_names():
    assert nearest("HeLa ctrl", ["HeLa control", "knock-down", "HeLa"])[0] == "HeLa control"
    assert nearest("", ["a"]) == ()


def test_importing_reads_nothing():
    """The lists, tomllib and rapidfuzz are loaded by the first question, not by the import."""
    program = (
        "import sys, builtins, io\n"
        "import rembi_sheets.vocabularies\n"
        "assert not {'rapidfuzz', 'tomllib', 'sqlite3', 'csv'} & set(sys.modules)\n"
        "from rembi_sheets.vocabularies import bundled\n"
        "assert bundled.sources.cache_info().currsize == bundled.entries.cache_info().currsize == 0\n"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@given(
    st.text(max_size=80), st.sampled_from(("organism", "imaging_method", "biological_entity", "length_unit", "country"))
)
def test_any_text_has_an_answer(text, name):
    found = resolve(text, name)

    assert found.text == text
    assert (found.match is Match.NONE) == (found.entry is None)
    assert len(suggest(text, name)) <= 3


@given(st.sampled_from([(e, n) for n in names() if n != "homonym" for e in entries(n)]), st.data())
def test_case_spaces_and_hyphens_do_not_matter(pair, data):
    entry, name = pair
    if name in ("length_unit", "unit"):
        return
    changed = entry.label.replace("-", data.draw(st.sampled_from(["-", " ", "\u2011", "_"])))
    changed = data.draw(st.sampled_from([str.upper, str.lower, str.title]))(changed.replace(" ", "  "))

    found = resolve(changed, name)

    wanted = resolve(entry.label, name)
    assert (found.entry, set(found.alternatives)) == (wanted.entry, set(wanted.alternatives))


@given(st.text(max_size=60))
def test_an_identifier_is_its_own_normal_form(text):
    curie = normalise_id(text)

    assert normalise_id(curie) == curie
    assert not curie or normalise_id(short_form(curie)) in (curie, "")
