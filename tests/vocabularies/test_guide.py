"""The packed ontologies are read by a pattern where they stand as the package writes them: JSON tells the same."""

import json

import pytest

from rembi_sheets.vocabularies.formats import Problem, Term, guide

TERMS = {
    "NCBITaxon:1": {"ancestors": {}, "label": "root", "deprecated": False},
    "NCBITaxon:2": {"ancestors": {"NCBITaxon:1": 1}, "label": "alone", "deprecated": False},
    "NCBITaxon:3": {
        "ancestors": {"NCBITaxon:2": 1, "NCBITaxon:4": 1, "NCBITaxon:1": 2},
        "label": "two parents",
        "synonyms": ["zwei Eltern", "deux parents", "two parents", "zwei Eltern"],
        "deprecated": False,
    },
    "NCBITaxon:4": {"ancestors": {"NCBITaxon:2": 1, "NCBITaxon:1": 12}, "label": "far root", "deprecated": False},
    "NCBITaxon:5": {"ancestors": {"NCBITaxon:1": 2, "NCBITaxon:2": 1}, "label": "other order", "deprecated": False},
    "NCBITaxon:6": {
        "ancestors": {"NCBITaxon:1": 11, "NCBITaxon:2": 1, "NCBITaxon:3": 10, "NCBITaxon:4": 1},
        "label": "parents in between",
        "description": 'told at length, with , : [ and {, and "quoted": here',
        "deprecated": False,
    },
    "NCBITaxon:7": {"ancestors": {}, "label": "", "deprecated": False},
    "NCBITaxon:8": {"label": "no ancestors", "deprecated": False},
    "NCBITaxon:9": {"deprecated": True, "label": "other order of keys", "ancestors": {"NCBITaxon:1": 1}},
    "NCBITaxon:10": {"ancestors": {}, "label": "old", "deprecated": True, "replaced_by": "NCBITaxon_2"},
    "NCBITaxon:11": {"ancestors": {}, "label": "old", "deprecated": True, "comments": ["x"], "consider": ["y"]},
    "NCBITaxon:12": {
        "ancestors": {"NCBITaxon:1": 1},
        "cross_ontology_terms": {"UBERON": "UBERON:0001062"},
        "label": "of the fly",
        "description": "},{",
        "synonyms": ["a, b", "c] d", "e}"],
        "deprecated": False,
    },
    "NCBITaxon:13": {"ancestors": {"NCBITaxon:{": 1, "x}": 1}, "label": "brackets", "deprecated": False},
    "NCBITaxon:14": {"ancestors": {}, "label": 'say "β"\\', "synonyms": ['"', "\\"], "deprecated": False},
    "NCBITaxon:15": {"ancestors": {}, "label": "Zelle ä 細胞", "synonyms": ["x"], "deprecated": False},
    "NCBITaxon:16": {"ancestors": {"NCBITaxon:3": 1}, "label": "none given", "synonyms": [], "deprecated": None},
}


def meant(terms):
    """What JSON alone tells of them."""
    return [
        Term(
            key,
            term["label"],
            tuple(dict.fromkeys(name for name in term.get("synonyms", ()) if name != term["label"])),
            tuple(one for one, distance in term.get("ancestors", {}).items() if distance == 1),
            bool(term["deprecated"]),
            term.get("replaced_by", "").replace("_", ":"),
        )
        for key, term in terms.items()
        if term["label"]
    ]


def read(data, size):
    return list(guide.read(data[n : n + size] for n in range(0, len(data), size)))


WRITINGS = {
    "as the package does": {"separators": (",", ":"), "ensure_ascii": False},
    "with escapes": {"separators": (",", ":")},
    "with blanks": {"ensure_ascii": False},
    "in lines": {"indent": 1},
}


@pytest.mark.parametrize("way", WRITINGS)
@pytest.mark.parametrize("size", [7, 333, 1 << 18])
def test_every_term_is_read_as_json_tells_it(way, size):
    assert read(json.dumps(TERMS, **WRITINGS[way]).encode(), size) == meant(TERMS)


def test_most_terms_are_read_by_the_pattern():
    text = json.dumps(TERMS, **WRITINGS["as the package does"])

    assert {found[1] for found in guide._PLAIN.finditer(text)} >= {f"NCBITaxon:{n}" for n in (1, 2, 3, 4, 5, 10, 15)}


@pytest.mark.parametrize("written", ["NCBITaxon_{}", "http://purl.obolibrary.org/obo/NCBITaxon_{}"])
def test_identifiers_in_other_forms_are_brought_into_ours(written):
    text = json.dumps({written.format(3): TERMS["NCBITaxon:3"]}, separators=(",", ":"))
    text = text.replace("NCBITaxon:", "NCBITaxon_") if "obo" not in written else text

    assert read(text.encode(), 1 << 18) == meant({"NCBITaxon:3": TERMS["NCBITaxon:3"]})


def test_a_file_that_breaks_off_within_a_term_is_told():
    data = json.dumps(TERMS, **WRITINGS["as the package does"]).encode()
    *terms, last = read(data[:400], 100)

    assert isinstance(last, Problem) and last.fatal and f"after {len(terms)} terms" in last.message
