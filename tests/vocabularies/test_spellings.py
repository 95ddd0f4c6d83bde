"""Spellings people use, each with the label it means: it resolves to it, or it is the first suggestion."""

from pathlib import Path

import pytest

from rembi_sheets.vocabularies import entries, resolve, suggest

ROWS = [line.split("\t") for line in Path(__file__).with_name("spellings.tsv").read_text("utf-8").splitlines()[1:]]


def test_the_table_is_large_enough():
    assert len(ROWS) >= 150 and len({(text, name) for text, name, _ in ROWS}) == len(ROWS)


@pytest.mark.parametrize(("text", "name", "label"), ROWS)
def test_a_spelling_leads_to_its_label(text, name, label):
    found = resolve(text, name)
    first = found.entry.label if found.entry else next(iter(suggest(text, name)), None)

    assert first == label
    assert label in {entry.label for entry in entries(name)}
