"""The user's own vocabularies: added, replaced, used after the bundled lists, and never left half done."""

import os
import sqlite3

import pytest

from rembi_sheets import many, steps, vocabularies
from rembi_sheets.vocabularies import Match, adding, cache, formats, writing
from rembi_sheets.vocabularies.formats import Term

TAXA = """\
7215\t|\tDrosophila\t|\tDrosophila <flies,genus>\t|\tscientific name\t|
7719\t|\tCiona intestinalis\t|\t\t|\tscientific name\t|
7868\t|\tCallorhinchus milii\t|\t\t|\tscientific name\t|
7868\t|\telephant shark\t|\t\t|\tgenbank common name\t|
"""
OBO = """\
format-version: 1.2
data-version: 2026-05-01

[Term]
id: CL:0000017
name: spermatocyte

[Term]
id: CL:9999901
name: left-handed neuron
synonym: "sinistral neurone" EXACT []
is_a: CL:0000540

[Term]
id: CL:9999902
name: very left-handed neuron
is_a: CL:9999901

[Term]
id: CL:9999903
name: forgotten neuron
is_obsolete: true
replaced_by: CL:9999901
"""


@pytest.fixture
def file(tmp_path):
    def make(name, content):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return make


def test_added_terms_are_found_after_the_bundled_ones(file):
    assert vocabularies.resolve("elephant shark", "organism").entry is None

    added = adding.add(file("names.dmp", TAXA), "ncbi")

    assert added.vocabulary is not None
    assert (added.vocabulary.name, added.vocabulary.terms, added.problems) == ("ncbi", 3, ())
    found = vocabularies.resolve("Elephant-shark", "organism")
    assert found.entry is not None
    assert (found.entry.id, found.match, found.vocabulary) == ("NCBITaxon:7868", Match.SYNONYM, "ncbi")
    assert vocabularies.resolve("7868", "organism").match is Match.ID
    bundled = vocabularies.resolve("Ciona intestinalis", "organism")
    assert (bundled.match, bundled.vocabulary) == (Match.LABEL, "organism")


def test_terms_count_only_for_lists_that_take_their_prefix(file):
    adding.add(file("names.dmp", TAXA))

    assert vocabularies.resolve("elephant shark", "biological_entity").entry is None
    assert vocabularies.resolve("elephant shark", "country").entry is None


def test_a_vocabulary_with_the_name_of_a_list_counts_for_it(file):
    adding.add(file("methods.tsv", "id\tlabel\tsynonyms\nLAB:0001\tour own microscopy\tOOM\n"), "imaging_method")

    found = vocabularies.resolve("OOM", "imaging_method")

    assert found.entry is not None and found.entry.id == "LAB:0001"


def test_suggestions_come_from_the_cache_too(file):
    adding.add(file("cl.obo", OBO))

    assert vocabularies.suggest("left handed nueron", "biological_entity")[0] == "left-handed neuron"


def test_search_show_and_list(file):
    adding.add(file("cl.obo", OBO))

    assert [entry.id for _, entry in cache.search("left neur")] == ["CL:9999901", "CL:9999902"]
    ((vocabulary, entry, below),) = cache.show("CL:9999901")
    assert (entry.label, entry.synonyms, entry.extra["parent_ids"]) == (
        "left-handed neuron", ("sinistral neurone",), "CL:0000540",
    )  # fmt: skip
    assert [child.label for child in below] == ["very left-handed neuron"]
    assert (vocabulary.version, vocabulary.source) == ("2026-05-01", "cl.obo")
    assert [v.name for v in cache.known()] == ["cl"]
    assert [e.label for e in cache.entries("cl", 2)] == ["left-handed neuron", "spermatocyte"]


def test_search_text_is_never_a_query_language(file):
    adding.add(file("cl.obo", OBO))

    for text in ('"', "left AND", "neuron*", "NEAR(", "(", "a:b", "^x", ""):
        cache.search(text)


def test_obsolete_terms_are_known_as_such(file):
    adding.add(file("cl.obo", OBO))

    found = vocabularies.resolve("forgotten neuron", "biological_entity")

    assert found.entry is not None
    assert (found.entry.extra["obsolete"], found.entry.extra["replaced_by"]) == ("true", "CL:9999901")


def test_adding_again_replaces_and_says_what_was_there(file):
    adding.add(file("cl.obo", OBO))

    added = adding.add(file("cl.obo", OBO.replace("2026-05-01", "2026-06-01").replace("left-handed", "right-handed")))

    assert added.replaced is not None and added.vocabulary is not None
    assert (added.replaced.version, added.vocabulary.version) == ("2026-05-01", "2026-06-01")
    assert vocabularies.resolve("right-handed neuron", "biological_entity").entry is not None
    assert vocabularies.resolve("left-handed neuron", "biological_entity").entry is None


def test_a_bad_file_leaves_what_was_there(file, cache_folder):
    adding.add(file("cl.obo", OBO))

    added = adding.add(file("cl.obo", OBO + "x" * 2_000_000))

    assert added.vocabulary is None and added.problems[-1].fatal
    assert vocabularies.resolve("left-handed neuron", "biological_entity").entry is not None
    assert [p.suffix for p in (cache_folder / "vocabularies").iterdir()] == [".sqlite"]


def test_an_interrupted_load_leaves_what_was_there(file, cache_folder):
    adding.add(file("cl.obo", OBO))

    def interrupt(step):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), steps.heard_by(interrupt):
        adding.add(file("cl.obo", OBO.replace("left", "right")))

    assert vocabularies.resolve("left-handed neuron", "biological_entity").entry is not None
    assert [p.suffix for p in (cache_folder / "vocabularies").iterdir()] == [".sqlite"]


def test_what_a_killed_load_left_is_swept_away_later(file, cache_folder):
    adding.add(file("cl.obo", OBO))
    old, young = (cache_folder / "vocabularies" / f".{name}.part" for name in ("old", "young"))
    for left in (old, young):
        left.write_bytes(b"half")
    os.utime(old, (0, 0))

    adding.add(file("cl.obo", OBO))

    assert (old.exists(), young.exists()) == (False, True)
    assert [v.name for v in cache.known()] == ["cl"]


def test_duplicate_identifiers_and_circles_are_told(file):
    circle = (
        "format-version: 1.2\n"
        "[Term]\nid: LAB:0001\nname: a\nis_a: LAB:0002\n[Term]\nid: LAB:0002\nname: b\nis_a: LAB:0001\n"
        "[Term]\nid: LAB:0003\nname: c\nis_a: LAB:0001\n[Term]\nid: LAB:0001\nname: again\n"
    )

    added = adding.add(file("circle.obo", circle))

    assert added.vocabulary is not None and added.vocabulary.terms == 3
    assert [p.message for p in added.problems] == [
        "LAB:0001 is defined twice; the first is kept",
        "LAB:0001 is among its own ancestors",
        "LAB:0002 is among its own ancestors",
    ]


def test_many_problems_are_counted_not_kept(file):
    rows = "id\tlabel\nLAB:0001\tx\n" + "LAB:0001\tx\n" * 1000

    added = adding.add(file("rows.tsv", rows))

    assert len(added.problems) == 21
    assert added.problems[-1].message == "and 980 more"


@pytest.mark.parametrize("content", ["format-version: 1.2\n", "id\tlabel\n", "id\tlabel\n\tno id\n"])
def test_files_without_identifiers_are_refused(file, content):
    added = adding.add(file("empty.txt", content))

    assert added.vocabulary is None and added.problems[-1].fatal
    assert cache.known() == ()


@pytest.mark.parametrize("name", ["../evil", "a b", ".hidden", "Ä"])
def test_names_cannot_leave_the_folder(file, name):
    assert adding.add(file("cl.obo", OBO), name).vocabulary is None


def test_a_damaged_or_foreign_file_is_listed_with_its_problem_and_not_used(file, cache_folder):
    adding.add(file("cl.obo", OBO))
    (cache_folder / "vocabularies" / "broken.sqlite").write_bytes(b"SQLite format 3\0 and then rubbish" * 50)
    with sqlite3.connect(cache_folder / "vocabularies" / "other.sqlite") as base:
        base.execute("CREATE TABLE meta (key TEXT, value TEXT)")
    base.close()

    problems = {v.name: bool(v.problem) for v in cache.known()}

    assert problems == {"broken": True, "cl": False, "other": True}
    assert vocabularies.resolve("left-handed neuron", "biological_entity").entry is not None


def test_without_a_cache_nothing_is_made(cache_folder):
    assert cache.known() == () and cache.search("x") == ()
    assert vocabularies.resolve("nothing like it", "organism").entry is None
    assert not cache_folder.exists()


def test_a_folder_that_cannot_be_written_is_a_problem(file, cache_folder):
    cache_folder.write_text("a file where a folder should be")

    added = adding.add(file("cl.obo", OBO))

    assert added.vocabulary is None and "cannot be written" in added.problems[0].message


def test_two_taxa_of_one_name_are_told_apart(file):
    double = TAXA + "2081351\t|\tDrosophila\t|\tDrosophila <fungi>\t|\tscientific name\t|\n"
    more = double + "1\t|\tMorus\t|\t\t|\tscientific name\t|\n2\t|\tMorus\t|\t\t|\tscientific name\t|\n"

    adding.add(file("names.dmp", more))

    found = vocabularies.resolve("Morus", "organism")
    assert found.entry is None and [e.id for e in found.alternatives] == ["NCBITaxon:1", "NCBITaxon:2"]


def test_the_platform_decides_where_the_cache_is(monkeypatch, tmp_path):
    monkeypatch.delenv("REMBI_SHEETS_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    assert cache.folder().name == "vocabularies"
    assert "rembi-sheets" in str(cache.folder())


def test_memory_does_not_hold_the_terms(tmp_path):
    """The writer takes its terms as a stream: it asks for the next batch only when the last one is stored."""
    given = 0

    def stream():
        nonlocal given
        for number in range(12_000):
            given += 1
            yield Term(f"LAB:{number:07}", f"term {number}")

    assert writing.write(tmp_path / "x.sqlite", stream()).terms == given == 12_000


def test_readers_give_terms_before_the_file_is_read_to_its_end(tmp_path):
    path = tmp_path / "long.tsv"
    path.write_text("id\tlabel\n" + "".join(f"LAB:{n:07}\tterm {n}\n" for n in range(100_000)))
    told = []

    with steps.heard_by(told.append):
        first = next(formats.read(path))

    assert first == Term("LAB:0000000", "term 0")
    assert told and all(step.done <= step.total / 2 for step in told)


def test_no_file_is_open_when_processes_are_copied_and_each_opens_its_own(file):
    adding.add(file("methods.tsv", "id\tlabel\tsynonyms\nLAB:0001\tour own microscopy\tOOM\n"), "imaging_method")
    open_then = set()

    def example(_):
        vocabularies.resolve("our own microscopy", "imaging_method")
        open_then.update(path.stem for path in cache._open)

    many._warm(example)
    assert "imaging_method" in open_then
    assert not cache._open
    assert vocabularies.resolve("our own microscopy", "imaging_method").entry is not None
