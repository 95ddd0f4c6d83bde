"""Words as people write them: those of published records and further ones, each with what it means.

words.tsv: `is` means the entry, `first` is proposed first and never taken, `none` means nothing. labels.tsv: every
label of the published records that lie beside the repository, with the right identifier or "-".
"""

from pathlib import Path

import pytest

from rembi_sheets.vocabularies import Match, Relation, entries, propose, resolve, suggest
from rembi_sheets.vocabularies.doubts import Doubt, doubts

HERE = Path(__file__).parent


def table(name: str) -> list[list[str]]:
    return [line.split("\t") for line in (HERE / name).read_text("utf-8").splitlines()[1:]]


WORDS, LABELS = table("words.tsv"), table("labels.tsv")


def test_the_tables_are_large_enough():
    assert len(WORDS) >= 450 and len({(text, name) for text, name, *_ in WORDS}) == len(WORDS)
    assert len(LABELS) >= 100


@pytest.mark.parametrize(("text", "name", "how", "label"), WORDS)
def test_a_word_means_what_microscopists_mean(text, name, how, label):
    found = resolve(text, name).entry
    first = next(iter(suggest(text, name)), "")
    meant = resolve(first, name).entry
    first = meant.label if meant else first.split(" [")[0]

    if how == "is":
        assert found is not None and found.label == label
    else:
        assert found is None, found
        assert how == "none" or first == label.split(" [")[0]


@pytest.mark.parametrize(("text", "name", "right", "how"), LABELS)
def test_a_label_of_a_record_has_its_identifier_or_none(text, name, right, how):
    found = resolve(text, name).entry

    if how == "is":
        assert found is not None and (found.id or "-") == right
    else:
        assert found is None
        first = next(iter(suggest(text, name)), "")
        label = first.split(" [")[0]
        meant = resolve(first, name).entry or next((e for e in entries(name) if e.label == label), None)
        assert how == "none" or (meant is not None and meant.id == right), first


def test_most_labels_of_records_that_have_an_identifier_get_it_or_are_offered_it():
    right = [row for row in LABELS if row[2] != "-"]
    assert len([row for row in right if row[3] in ("is", "first")]) >= 0.9 * len(right)


@pytest.mark.parametrize(
    ("text", "name", "relation"),
    [
        ("MCF7-H2B-mCherry cells", "biological_entity", Relation.DERIVED),
        ("adult mouse lung", "biological_entity", Relation.BROADER),
        ("spleen, thymus", "biological_entity", Relation.PART),
        ("immunofluorescence imaging", "imaging_method", Relation.OFTEN),
        ("a chicken", "biological_entity", Relation.INSTEAD),
        ("hipocampus", "biological_entity", None),
    ],
)
def test_a_proposal_says_how_it_stands_to_the_text(text, name, relation):
    found = propose(text, name)

    assert found.labels and found.relation is relation


@pytest.mark.parametrize(
    ("text", "name", "doubt"),
    [
        ("SK-BR-3 GFP-Rab5 cells", "biological_entity", Doubt.HOLDS_TERMS),
        ("rat liver sections", "biological_entity", Doubt.HOLDS_TERMS),
        ("chicken", "biological_entity", Doubt.MISPLACED),
        ("microspheres", "biological_entity", Doubt.MISPLACED),
        ("flow cytometry", "imaging_method", Doubt.MISPLACED),
        ("synthetic data", "organism", Doubt.MISPLACED),
        ("hipocampus", "biological_entity", Doubt.UNKNOWN),
        ("qqqqqqq", "biological_entity", Doubt.UNKNOWN),
    ],
)
def test_a_phrase_is_never_told_as_a_slip_of_the_hand(text, name, doubt):
    assert [d.doubt for d in doubts(text, "", name)] == [doubt]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Vero E6", "biological_entity"),
        ("heart cells", "biological_entity"),
        ("HeLa tissue", "biological_entity"),
        ("fibroblast cell line", "biological_entity"),
        ("live-cell fluorescence imaging", "imaging_method"),
        ("phase contrast fluorescence microscopy", "imaging_method"),
        ("non-neuronal cells", "biological_entity"),
    ],
)
def test_what_says_more_or_else_is_not_taken_for_the_term(text, name):
    entry = resolve(text, name).entry

    assert entry is None or entry.id == "CVCL:0574"


def test_words_around_a_term_are_no_name_of_it():
    assert resolve("fixed HeLa cells.", "biological_entity").match is Match.PHRASE
    assert resolve("Brightfield imaging", "imaging_method").match is Match.PHRASE


def test_a_long_text_and_many_words_do_no_harm():
    text = "HeLa cells and kidney sections, " * 400

    assert propose(text, "biological_entity").labels[0] == "HeLa"
    assert propose("(((" * 500 + "x", "imaging_method").labels == ()
