"""The bundled lists are sound: complete, described, unique, sorted as they say, with identifiers in one form."""

import unicodedata
from collections import Counter
from decimal import Decimal

import pytest

from rembi_sheets import vocabularies
from rembi_sheets.vocabularies import bundled

NAMES = vocabularies.names()


def test_every_file_is_described_and_every_description_has_a_file():
    files = {path.stem for path in (bundled.HERE / "data").glob("*.tsv")}

    assert files == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_list_is_described(name):
    source = vocabularies.source(name)

    assert source.title and source.origin and source.licence
    assert source.origin == "rembi-sheets" or source.credit or source.licence.startswith("facts")
    year, month, day = map(int, source.date.split("-"))
    assert 2017 < year < 2100 and 1 <= month <= 12 and 1 <= day <= 31
    assert set(source.fallback) <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_plain_tsv(name):
    raw = (bundled.HERE / "data" / f"{name}.tsv").read_bytes()
    text = raw.decode("utf-8")

    assert raw.endswith(b"\n") and b"\r" not in raw and not raw.startswith(b"\xef\xbb\xbf")
    assert text.splitlines()[0].startswith("label\tid\tsynonyms")
    assert text == unicodedata.normalize("NFC", text)
    for line in text.splitlines():
        assert all(cell == cell.strip() and "  " not in cell for cell in line.split("\t")), line


@pytest.mark.parametrize("name", NAMES)
def test_labels_are_there_and_unique(name):
    entries = vocabularies.entries(name)
    twice = {label for label, n in Counter(e.label for e in entries).items() if n > 1}

    assert entries and all(e.label for e in entries)
    # three terms of FBbi share a label in its own releases; homonyms are what that list is for
    assert twice <= {"fbbi": {"nearfield illumination"}, "homonym": {"Drosophila"}}.get(name, set())


@pytest.mark.parametrize("name", NAMES)
def test_identifiers_are_curies(name):
    entries = [e for e in vocabularies.entries(name) if e.id]
    ids = [e.id for e in entries if name == "imaging_method" or e.extra.get("fit") != "broader"]

    assert [vocabularies.normalise_id(e.id) for e in entries] == [e.id for e in entries]
    # methods without their own term share the broader one
    assert name == "imaging_method" or len(ids) == len(set(ids))


@pytest.mark.parametrize("name", NAMES)
def test_synonyms_add_something(name):
    for entry in vocabularies.entries(name):
        assert entry.label not in entry.synonyms
        assert len(set(entry.synonyms)) == len(entry.synonyms)
        assert all(entry.synonyms), entry


@pytest.mark.parametrize("name", NAMES)
def test_the_order_is_the_one_promised(name):
    entries = vocabularies.entries(name)
    keys = {
        "label": [unicodedata.normalize("NFKD", e.label).encode("ascii", "ignore").lower() for e in entries],
        "id": [e.id for e in entries],
        "given": [],
    }[vocabularies.source(name).order]

    assert keys == sorted(keys)


@pytest.mark.parametrize("name", [n for n in NAMES if n != "homonym"])
def test_every_label_means_itself(name):
    for entry in vocabularies.entries(name):
        found = vocabularies.resolve(entry.label, name)
        assert found.entry == entry or entry in found.alternatives or entry.extra.get("obsolete") == "true", entry


def test_the_synonyms_that_mean_several_entries_are_known():
    """A synonym that two entries share gives no identifier; each such case is listed here on purpose."""
    shared = {
        (name, synonym)
        for name in NAMES
        if name not in ("fbbi", "phenotype", "homonym")
        for entry in vocabularies.entries(name)
        for synonym in entry.synonyms
        if vocabularies.resolve(synonym, name).entry != entry
    }

    assert shared == {
        ("biological_entity", "H9"),
        ("biological_entity", "H1"),
        ("biological_entity", "AC16"),
        ("biological_entity", "flagella"),
        ("biological_entity", "flagellum"),
    }


def test_sizes_are_those_of_the_design():
    sizes = {name: len(vocabularies.entries(name)) for name in NAMES}

    assert (sizes["imaging_method"], sizes["organism"], sizes["phenotype"], sizes["country"]) == (94, 209, 399, 249)


def test_imaging_methods_name_living_terms_of_fbbi():
    for method in vocabularies.entries("imaging_method"):
        fit = method.extra["fit"]
        assert fit in ("exact", "exact-2026", "exact-other-branch", "close", "broader", "none")
        assert bool(method.id) == (fit != "none")
        if method.id:
            term = vocabularies.by_id(method.id, "fbbi")
            assert term is not None and term.extra["obsolete"] == "false"
            assert term.label == method.extra["fbbi_label"]
            other = term.extra["branch"] != "imaging method"
            assert other == (fit == "exact-other-branch"), method


def test_country_codes_are_those_of_empiar():
    codes = [e.extra["code"] for e in vocabularies.entries("country")]

    assert len(set(codes)) == 249 and {"FX", "XK", "GB"} <= set(codes) and not {"AX", "BQ", "UK"} & set(codes)


def test_entities_have_a_kind_of_the_list_of_kinds():
    kinds = {e.label for e in vocabularies.entries("entity_kind")}

    assert {e.extra["kind"] for e in vocabularies.entries("biological_entity")} <= kinds


def test_length_units_have_exact_factors():
    factors = {e.label: Decimal(e.extra["angstrom"]) for e in vocabularies.entries("length_unit")}

    assert factors == {"Å": 1, "nm": 10, "µm": 10_000, "mm": 10_000_000}


def test_common_names_can_stand_in_brackets():
    """BioImage Archive reads "scientific (common)"; brackets within the common name would be cut there."""
    assert not [e for e in vocabularies.entries("organism") if "(" in e.extra["common_name"]]
