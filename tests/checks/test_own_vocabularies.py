"""A vocabulary of the user that cannot be asked is told of, with what renews it; one that can is not."""

import sqlite3

import pytest

from rembi_sheets import checks
from rembi_sheets.vocabularies import adding, cache
from tests import support


@pytest.fixture
def strains(tmp_path, monkeypatch):
    monkeypatch.setenv("REMBI_SHEETS_CACHE", str(tmp_path / "cache"))
    (tmp_path / "strains.tsv").write_text("id\tlabel\nLAB:0001\tour strain\n", encoding="utf-8")
    yield adding.add(tmp_path / "strains.tsv", "ours", further={"licence": "CC0"}).vocabulary.path
    cache.forget()


def told():
    found = checks.check(support.tables(support.study())[0], ("bioimage-archive",))
    return [f for f in found if f.code == "TERM-STORE"]


def test_a_vocabulary_of_this_version_is_used_without_a_word(strains):
    assert told() == []


@pytest.mark.parametrize(
    ("installed", "command"), [("no", "terms add strains.tsv --name ours"), ("yes", "terms install ours")]
)
def test_one_of_another_version_is_named_with_the_command_that_renews_it(strains, installed, command):
    with sqlite3.connect(strains) as base:
        base.execute("UPDATE meta SET value = '2' WHERE key = 'format'")
        base.execute("INSERT INTO meta VALUES ('installed', ?)", (installed,))
    base.close()
    cache.forget()

    (note,) = told()

    assert note.severity == "note" and "“ours”" in note.message and note.message.endswith(f"{command}.")


def test_a_damaged_one_is_named(strains):
    strains.write_bytes(b"no vocabulary" * 100)
    cache.forget()

    (note,) = told()

    assert "damaged" in note.message
