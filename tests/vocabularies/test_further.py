"""Further spellings as microscopists write them, in several tongues, and what makes their answers quick and right."""

from contextlib import closing
from pathlib import Path

import pytest

from rembi_sheets import vocabularies
from rembi_sheets.vocabularies import adding, cache, resolve, store, suggest, wordlist, writing
from rembi_sheets.vocabularies.formats import Term, guide

ROWS = [line.split("\t") for line in Path(__file__).with_name("further.tsv").read_text("utf-8").splitlines()[1:]]


def meaning(text: str, name: str) -> tuple[str, str]:
    """How a text is answered in a list: as a row of the table tells it."""
    found = resolve(text, name)
    if found.entry:
        return "is", found.entry.label
    if found.alternatives:
        return "several", ""
    first = next(iter(suggest(text, name)), "")
    return ("first", first.split(" [")[0]) if first else ("none", "")


def test_each_spelling_is_answered_as_the_table_says():
    assert len(ROWS) >= 200
    assert [(text, *meaning(text, name)) for text, name, *_ in ROWS] == [(text, how, is_) for text, _, how, is_ in ROWS]


@pytest.mark.parametrize(
    ("text", "name", "first"),
    [
        ("type 2 diabetis", "disease", "type 2 diabetes mellitus"),
        ("type 1 diabetis", "disease", "type 1 diabetes mellitus"),
    ],
)
def test_a_name_with_another_number_comes_last(text, name, first):
    assert suggest(text, name)[0] == first


@pytest.mark.parametrize(
    ("word", "label", "name"),
    [
        ("HCT116-Cas9", "HCT 116", "biological_entity"),
        ("U2OS-Nup96", "U2OS", "biological_entity"),
        ("HEK293-dCas9", "HEK293", "biological_entity"),
        ("3T3 mouse fibroblasts", "NIH 3T3", "biological_entity"),
        ("Wistar rat brain", "brain", "biological_entity"),
    ],
)
def test_a_word_without_a_list_is_what_it_names_before_what_it_implies(word, label, name):
    (row,) = wordlist.proposals([word])

    assert (row.accept, row.label, row.list) == ("", label, name)


def test_a_sign_means_a_disease_only_where_a_disease_is_asked_for(tmp_path):
    (tmp_path / "ill.tsv").write_text("id\tlabel\tsynonyms\nMONDO:7000001\tfrost illness\tFRI|FROI\n", "utf-8")
    assert adding.add(tmp_path / "ill.tsv", further={"installed": "yes"}).vocabulary is not None

    def found(text: str, name: str) -> bool:
        one, (many,) = resolve(text, name).entry, vocabularies.resolve_all([text], name)
        cache.forget()
        assert many.entry == one == vocabularies.resolve_all([text], name)[0].entry
        return one is not None

    assert [found(text, name) for text in ("FRI", "FROI") for name in ("disease", "biological_entity")] == [
        True, False, True, True,
    ]  # fmt: skip
    assert resolve("MONDO:7000001", "biological_entity").entry is not None


def test_a_term_that_was_given_up_is_not_proposed_for_a_phrase(tmp_path):
    rows = "UBERON:7000001\tobsolete frost fin\tfrost fin\ttrue\nUBERON:7000002\trime fin\t\tfalse\n"
    (tmp_path / "fins.tsv").write_text(f"id\tlabel\tsynonyms\tobsolete\n{rows}", "utf-8")
    assert adding.add(tmp_path / "fins.tsv", further={"installed": "yes"}).vocabulary is not None

    assert suggest("zebrafish frost fin", "biological_entity")[0] == "fin"
    assert suggest("zebrafish rime fin", "biological_entity")[0] == "rime fin [UBERON:7000002]"


@pytest.mark.parametrize(
    "text", ["Rimus123 frostus4567x", "Rimus123 frstus4567", "Rmius123 frostus4567", "frostus4567 Rimus123"]
)
def test_words_that_thousands_of_names_share_hide_no_name(alike, text):
    assert "Rimus123 frostus4567" in {name for name, _, _ in store.spellings(alike, text)}
    assert {"rim", "frostus"} <= alike.common and "rimus123" not in alike.common


@pytest.fixture(scope="module")
def alike(tmp_path_factory):
    path = tmp_path_factory.mktemp("alike") / "alike.sqlite"
    terms = (Term(f"LAB:{n:07}", f"Rimus{n * 27 % 1000} frostus{n}") for n in range(1, 15_001))
    extra = Term("LAB:9999999", "Rimus123 frostus4567")
    assert writing.write(path, (*terms, extra)).again == ()
    with closing(store.opened(path)) as base:
        yield base


def test_an_identifier_that_comes_twice_is_not_hidden_by_json():
    data = b'{"CL:0000001":{"ancestors":{"CL:0000002":1,"CL:0000003":2},"label":"one"},"CL:0000002":{"label":"two"},'
    data += b'"CL:0000001":{"ancestors":{},"label":"again"},"CL:0000003":{"label":"three"}}'
    for size in (1, 50, 1000):
        events = list(guide.read(data[n : n + size] for n in range(0, len(data), size)))
        assert events == [
            Term("CL:0000001", "one", (), ("CL:0000002",)),
            Term("CL:0000002", "two"),
            Term("CL:0000001", "again"),
            Term("CL:0000003", "three"),
        ]
