"""What is read in place of a vocabulary's file: never believed where the file is not as it was written."""

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rembi_sheets import checks
from rembi_sheets.vocabularies import adding, cache, parts, resolve, store, suggest, words, writing
from rembi_sheets.vocabularies.formats import Problem, Term, guide
from tests import support

ROWS = "".join(f"CL:{7_200_000 + n}\tfrost cell {n}\thoar {n}|rime body\tCL:7200000\n" for n in range(400))


@pytest.fixture
def frost(cache_folder, tmp_path):
    """The file of a vocabulary that was installed."""
    (tmp_path / "frost.tsv").write_text(f"id\tlabel\tsynonyms\tparents\n{ROWS}", encoding="utf-8")
    added = adding.add(tmp_path / "frost.tsv", further={"installed": "yes"})
    assert added.vocabulary is not None and added.vocabulary.terms == 400
    yield added.vocabulary.path
    cache.close(added.vocabulary.path)


def answered():
    """How many of the names mean a term; none means another one."""
    found = [
        (n, resolve(name.format(n), "biological_entity")) for n in range(400) for name in ("frost cell {}", "hoar {}")
    ]
    assert all(one.entry.id == f"CL:{7_200_000 + n}" for n, one in found if one.entry)
    return sum(one.entry is not None for _, one in found)


def told():
    """What a check says of the vocabularies."""
    found = checks.check(support.tables(support.study())[0], ("bioimage-archive",))
    return [f.message for f in found if f.code == "TERM-STORE"]


def test_as_it_was_written_it_is_answered_from(frost):
    assert (answered(), told()) == (800, [])
    assert {e.id for e in resolve("rime body", "biological_entity").alternatives} == {
        f"CL:{7_200_000 + n}" for n in range(400)
    }


@pytest.mark.parametrize("share", [0, 0.01, 0.3, 0.6, 0.9, 0.999])
def test_one_that_is_cut_off_is_told_and_not_asked(frost, share):
    data = frost.read_bytes()
    frost.write_bytes(data[: int(len(data) * share)])
    cache.close(frost)

    assert answered() == 0
    (message,) = told()
    assert "damaged" in message and "rembi-sheets terms" in message


def changed(frost, name):
    """Change one byte in the middle of a part."""
    whole = parts.Parts(frost)
    begin, length, _ = whole._told[name]
    whole.close()
    data = bytearray(frost.read_bytes())
    data[begin + length // 2] ^= 1
    frost.write_bytes(data)
    cache.close(frost)


@pytest.mark.parametrize("name", ["names.begins", "names.pairs"])
def test_a_changed_table_of_names_is_not_believed(frost, name):
    changed(frost, name)

    assert answered() == 0
    assert ["terms install frost" in message for message in told()] == [True]


@pytest.mark.parametrize("name", ["records", "places"])
def test_a_changed_term_is_not_believed_and_nothing_is_after_it(frost, name):
    changed(frost, name)

    assert answered() < 800
    assert resolve("frost cell 399", "biological_entity").entry is None
    assert ["terms install frost" in message for message in told()] == [True]


@pytest.mark.parametrize("name", ["labels", "synonyms", "ids.pairs", "below.begins"])
def test_what_is_only_looked_through_ends_without_an_error(frost, name):
    changed(frost, name)

    suggest("frostt cell 17", "biological_entity")
    assert cache.show("CL:7200000") == () or name != "ids.pairs"
    assert [one.name for one in cache.known() if one.problem] == ["frost"]


def test_the_end_of_the_file_is_not_believed_when_it_is_changed(frost):
    data = bytearray(frost.read_bytes())
    data[-60] ^= 1
    frost.write_bytes(data)
    cache.close(frost)

    assert answered() == 0 and "damaged" in told()[0]


def test_once_it_is_renewed_it_is_asked_again(frost, tmp_path):
    changed(frost, "records")
    assert answered() < 800 and told()

    assert adding.add(tmp_path / "frost.tsv", further={"installed": "yes"}).vocabulary is not None

    assert (answered(), told()) == (800, [])


def test_a_file_of_an_older_form_is_told_with_what_renews_it(cache_folder):
    place = cache.folder() / "cvcl.sqlite"
    place.parent.mkdir(parents=True)
    with sqlite3.connect(place) as base:
        base.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value)")
        facts = {"format": "5", "installed": "yes", "source": "CVCL-ontology-55.0.json.zst"}
        base.executemany("INSERT INTO meta VALUES (?, ?)", facts.items())
    base.close()

    (one,) = cache.known()

    assert one.problem == "made by another version of rembi-sheets; renew it: rembi-sheets terms install cvcl"


def test_nothing_is_loaded_that_is_not_asked_for(frost, monkeypatch):
    read = []
    real = parts.Parts.numbers
    monkeypatch.setattr(
        parts.Parts, "numbers", lambda self, name, *kind, **how: read.append(name) or real(self, name, *kind, **how)
    )
    cache.close(frost)

    resolve("frost cell 17", "biological_entity")

    assert sorted(read) == ["names.begins", "names.pairs", "places"]
    assert all(isinstance(held, memoryview) for held in (cache.asked().usable[0].base.names._pairs,))


def test_terms_whose_identifier_came_twice_leave_no_trace(tmp_path):
    terms = [
        Term("LAB:0001", "oak", ("robur",)),
        Term("LAB:0002", "elm"),
        Term("LAB:0001", "ash tree", ("fraxinus",), ("LAB:0002",)),
    ]
    assert writing.write(tmp_path / "t.sqlite", terms) == writing.Written(2, ("LAB:0001",), ())
    base = store.opened(tmp_path / "t.sqlite")

    assert [e.label for e in store.all_entries(base, 9)] == ["elm", "oak"]
    assert [e.label for word in ("ash", "tree", "oak", "robur") for e in store.search(base, word, 9)] == ["oak", "oak"]
    assert store.children(base, "LAB:0002") == ()
    assert [name for name, _, _ in store.spellings(base, "ashtree")] == []
    assert base.facts()["names"] == "3"
    base.close()


@settings(max_examples=40)
@given(st.lists(st.one_of(st.text(max_size=8), st.from_regex(r"[A-Za-z \-_]{0,8}", fullmatch=True)), max_size=8))
def test_many_are_squeezed_as_each_by_itself(texts):
    assert words.squeeze_all(texts) == list(map(words.squeeze, texts))


SIGNS = st.text(st.sampled_from("ab\x1e\x1f \n"), min_size=1, max_size=5)


@settings(max_examples=40)
@given(SIGNS, st.lists(SIGNS, max_size=2), st.booleans(), st.sampled_from(["", "LAB:0009"]))
def test_no_sign_in_a_name_parts_a_record(tmp_path_factory, label, names, obsolete, instead):
    path = tmp_path_factory.mktemp("signs") / "s.sqlite"
    writing.write(path, [Term("LAB:0001", label, tuple(names), ("LAB:0002",), obsolete, instead)])
    base = store.opened(path)
    entry = store.by_id(base, "LAB:0001")
    base.close()

    plain = str.maketrans("\x1e\x1f", "  ")
    assert entry is not None and (entry.label, entry.synonyms) == (
        label.translate(plain), tuple(name.translate(plain) for name in names)
    )  # fmt: skip
    assert entry.extra == {
        "parent_ids": "LAB:0002", "obsolete": "true" if obsolete else "false", "replaced_by": instead
    }  # fmt: skip


def test_half_a_sign_in_json_ends_no_load(tmp_path):
    terms = list(guide.read([b'{"LAB:0001":{"label":"a \\ud800 b","synonyms":["\\udfff"]}}']))

    assert not any(isinstance(one, Problem) for one in terms)
    assert writing.write(tmp_path / "h.sqlite", terms).terms == 1


def test_a_word_with_a_low_line_is_sought_like_any_other(frost):
    assert [e.id for _, e in cache.search("frost_cell 17", 1)] == ["CL:7200017"]
    assert cache.known()[0].problem == ""
