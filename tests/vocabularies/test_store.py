"""A vocabulary in its file: many words are found as each by itself, none is missed, parents and circles are kept."""

import json
from contextlib import closing

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rembi_sheets import vocabularies
from rembi_sheets.vocabularies import adding, cache, gathering, marks, store, writing
from rembi_sheets.vocabularies.formats import Term, guide
from rembi_sheets.vocabularies.identifiers import normalise_id
from rembi_sheets.vocabularies.words import squeeze

TERMS = (
    Term("CL:7000001", "frost neuron", ("cold neuron", "rime cell")),
    Term("CL:7000002", "rime neuron", ("rime cell",), ("CL:7000001", "CL:7000009")),
    Term("CL:7000003", "Frost-Neuron", (), ("CL:7000002",), True, "CL:7000001"),
    Term("CL:7000004", "cold neuron", (), ("CL:7000001",), True),
    Term("CL:7000005", "dew neuron", ("dew  neuron", "Dew-Neuron"), ("CL:7000001", "CL:7000002")),
    Term("CL:7000001", "twice", ("told twice",), ("CL:7000005",)),
)


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    path = tmp_path_factory.mktemp("store") / "x.sqlite"
    assert writing.write(path, iter(TERMS)).again == ("CL:7000001",)
    with closing(store.opened(path)) as opened:
        yield opened


@pytest.mark.parametrize(
    "word, ids, is_label",
    [
        ("frostneuron", ["CL:7000001"], True),  # the obsolete one of this name stands back
        ("coldneuron", ["CL:7000004"], True),  # a label comes before a synonym, even that of an obsolete term
        ("rimecell", ["CL:7000001", "CL:7000002"], False),
        ("dewneuron", ["CL:7000005"], True),
        ("twice", [], False),
        ("toldtwice", [], False),
        ("", [], False),
    ],
)
def test_a_word_names_its_terms(base, word, ids, is_label):
    entries, found_label = store.by_word(base, word, marks.mark(word))

    assert ([e.id for e in entries], found_label) == (ids, is_label)


def test_all_parents_of_a_term_are_kept_in_order(base):
    entry = store.by_id(base, "CL:7000005")
    assert entry is not None and entry.extra["parent_ids"] == "CL:7000001|CL:7000002"
    assert [e.id for e in store.children(base, "CL:7000001")] == ["CL:7000004", "CL:7000005", "CL:7000002"]
    assert [e.id for e in store.children(base, "CL:7000002")] == ["CL:7000003", "CL:7000005"]
    assert store.ancestors(base, "CL:7000003") == {"CL:7000003", "CL:7000002", "CL:7000001", "CL:7000009"}


@pytest.mark.parametrize(
    "parents, circles",
    [
        ({1: [2], 2: [3], 3: [1], 4: [1], 5: [4]}, [1, 2, 3]),  # what hangs below a circle is not on it
        ({1: [2], 2: [3], 3: [2], 4: []}, [2, 3]),
        ({1: [1], 2: [1, 3], 3: []}, [1]),
        ({1: [9, 2], 2: [9, 1]}, [1, 2]),  # also by a parent that is not the first
        ({1: [2, 3], 2: [4], 3: [4], 4: []}, []),
    ],
)
def test_terms_that_are_their_own_ancestors_are_found(tmp_path, parents, circles):
    terms = [Term(f"LAB:{n:04}", f"term {n}", (), tuple(f"LAB:{p:04}" for p in above)) for n, above in parents.items()]
    found = writing.write(tmp_path / "c.sqlite", iter(terms))

    assert (found.again, found.circles) == ((), tuple(f"LAB:{n:04}" for n in circles))


@pytest.mark.parametrize(
    "ids, prefixes",
    [
        (["A:1", "A-B:2", "AB:3", "A:9", "_:x", "lone", "zz:1"], "A A-B AB _ zz"),
        (["lone"], ""),
    ],
)
def test_the_prefixes_of_a_vocabulary_are_all_told(tmp_path, ids, prefixes):
    writing.write(tmp_path / "p.sqlite", (Term(one, one) for one in ids), lambda: {"name": "p"})
    with closing(store.opened(tmp_path / "p.sqlite")) as base:
        told = base.facts()

    assert (told["name"], told["terms"]) == ("p", str(len(ids)))
    assert set(told["prefixes"].split()) == set(prefixes.split()) and told["format"] == store.FORMAT


@settings(max_examples=30)
@given(st.lists(st.text(max_size=12), max_size=60), st.sets(st.text(max_size=12), max_size=10))
def test_marks_tell_all_terms_of_a_word(held, others):
    pairs = marks.paired(np.array(marks.marks(held), dtype="u4"), np.arange(1, len(held) + 1, dtype="u4"))
    marked = marks.Marked(*(part.tolist() for part in marks.ordered(pairs)))

    for word in {*held, *others}:
        assert list(marked.terms(marks.mark(word))) == [n for n, one in enumerate(held, 1) if one == word]


def test_words_of_one_mark_are_told_apart_by_themselves(tmp_path, monkeypatch):
    for module in (marks, gathering):
        monkeypatch.setattr(module, "crc32", lambda word: len(word) % 3 << 30)
    monkeypatch.setattr(store, "crc32", lambda word: len(word) % 3 << 30)
    names = ("oak", "ash", "elm", "linden", "lime")
    terms = (Term(f"LAB:{n:04}", name, (f"{name} tree", "hardwood")) for n, name in enumerate(names, 1))
    assert not writing.write(tmp_path / "m.sqlite", terms).again
    words = [*names, *(f"{name}tree" for name in names), "hardwood", "yew", "birchtree", ""]
    marked = {word: marks.mark(word) for word in words}

    with closing(store.opened(tmp_path / "m.sqlite")) as base:
        found = {word: store.by_word(base, word, mark) for word, mark in marked.items()}

    told = {word: ([entry.label for entry in entries], is_label) for word, (entries, is_label) in found.items()}
    assert told == {
        **{name: ([name], True) for name in names},
        **{f"{name}tree": ([name], False) for name in names},
        "hardwood": (list(names), False),
        **{word: ([], False) for word in ("yew", "birchtree", "")},
    }


def test_many_texts_are_resolved_as_each_by_itself(cache_folder, tmp_path):
    rows = [f"CL:{7_100_000 + n}\tfrost cell {n}\trime body {n % 90}|hoar{n}" for n in range(400)]
    (tmp_path / "frost.tsv").write_text("id\tlabel\tsynonyms\n" + "\n".join(rows) + "\n", encoding="utf-8")
    assert adding.add(tmp_path / "frost.tsv").vocabulary is not None
    texts = [f(n) for n in range(0, 400, 3) for f in (
        "frost cell {}".format, "Frost-Cell {}".format, "rime body {}".format, "HOAR{}".format, "frost {} cells".format,
        lambda n: f"CL:{7_100_000 + n}", lambda n: f"frost cell {n} [CL:{7_100_000 + n}]", "no such thing {}".format,
    )]  # fmt: skip
    texts += ["HeLa", "kidney", "", "  ", "9606", "\ud800", "x" * 5000]
    alone = tuple(vocabularies.resolve(text, "biological_entity") for text in texts)
    cache.forget()

    assert vocabularies.resolve_all(texts, "biological_entity") == alone
    assert sum(one.entry is not None for one in alone) > 600
    assert any(one.alternatives for one in alone)


_KEYS = st.one_of(st.from_regex(r"[A-Z]{2}:[0-9]{1,3}", fullmatch=True), st.text(max_size=6), st.just(":1,"))
_VALUE = st.fixed_dictionaries(
    {"label": st.text(min_size=1, max_size=8)},
    optional={
        "ancestors": st.dictionaries(_KEYS, st.integers(0, 12), max_size=6),
        "synonyms": st.lists(st.one_of(st.text(max_size=6), st.just('"ancestors":{"A":1}')), max_size=3),
        "deprecated": st.booleans(),
    },
)


@settings(max_examples=60)
@given(
    st.dictionaries(st.from_regex(r"[A-Z]{2}:[0-9]{1,3}", fullmatch=True), _VALUE, max_size=6),
    st.sampled_from([(",", ":"), (", ", ": "), (",\n", ":"), (",", ": ")]),
    st.booleans(),
    st.integers(1, 200),
)
def test_ancestors_far_off_are_cut_out_without_a_difference(terms, separators, ascii_only, size):
    data = json.dumps(terms, separators=separators, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")

    events = list(guide.read(data[n : n + size] for n in range(0, len(data), size)))

    expected = [
        Term(
            normalise_id(curie) or curie,
            value["label"],
            tuple(dict.fromkeys(name for name in value.get("synonyms", ()) if name != value["label"])),
            tuple(normalise_id(key) or key for key, distance in value.get("ancestors", {}).items() if distance == 1),
            value.get("deprecated", False),
        )
        for curie, value in json.loads(json.dumps(terms)).items()
    ]
    assert [e for e in events if isinstance(e, Term)] == expected


def test_a_name_is_squeezed_once_for_writing_and_for_asking(base):
    for term in TERMS[:-1]:
        for name in (term.label, *term.synonyms):
            assert store.by_word(base, squeeze(name), marks.mark(squeeze(name)))[0], name
