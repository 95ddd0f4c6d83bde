"""A facility's column of words: what each may mean, and the accepted ones as names of their terms."""

import pytest
from click.testing import CliRunner

from rembi_sheets.cli import cli as main
from rembi_sheets.vocabularies import resolve
from rembi_sheets.vocabularies.search import fits, search
from rembi_sheets.vocabularies.wordlist import WordsError, proposals, words


def test_the_words_of_a_column_are_read_once_each_from_any_table():
    assert words(b"Line,Use\nHeLa,x\nCOS7,y\nHeLa,z\n,q\n", "line") == ("HeLa", "COS7")
    assert words("Méthode;n\nconfocal;1\n".encode("cp1252")) == ("confocal",)
    assert words(b"kidney\nspleen, red pulp\n") == ("kidney", "spleen, red pulp")
    assert words(b"\xef\xbb\xbfA\tB\n1\t2\n", "B") == ("2",)


def test_a_missing_column_is_told_with_those_there_are():
    with pytest.raises(WordsError, match="Line, Use"):
        words(b"Line,Use\nHeLa,x\n", "Organism")
    with pytest.raises(WordsError, match="empty"):
        words(b"")


@pytest.mark.parametrize(
    ("word", "field", "accept", "curie", "name"),
    [
        ("MDA MB 231 cells", None, "yes", "CVCL:0062", "biological_entity"),
        ("spinning disk imaging", None, "yes", "FBbi:00000253", "imaging_method"),
        ("fission yeast", None, "yes", "NCBITaxon:4896", "organism"),
        ("SK-BR-3 mCherry", None, "", "CVCL:0033", "biological_entity"),
        ("splen", None, "", "UBERON:0002106", "biological_entity"),
        ("H1", "biological_entity", "", "", "biological_entity"),
        ("lattice light sheet", "imaging_method", "yes", "", "imaging_method"),  # the broader identifier is not its own
        ("qqqqq", None, "", "", ""),
    ],
)
def test_a_word_is_accepted_only_where_there_is_no_doubt(word, field, accept, curie, name):
    (row,) = proposals([word], field)

    assert (row.accept, row.id, row.list) == (accept, curie, name)


def test_accepted_words_are_names_of_their_terms_from_then_on(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    table = tmp_path / "lines.csv"
    table.write_text("Our name,Box\nHeLa blue,1\nHeLa green,2\nCOS seven,3\n", "utf-8")
    run = CliRunner().invoke

    made = run(main, ["terms", "suggest", "lines.csv", "--column", "our name", "--output", "words.tsv"])
    assert made.exit_code == 0, made.output
    lines = (tmp_path / "words.tsv").read_text("utf-8").splitlines()
    assert lines[0].split("\t") == ["accept", "word", "id", "label", "list", "why", "others"]
    assert all(line.startswith("\t") for line in lines[1:])
    assert run(main, ["terms", "suggest", "lines.csv", "--output", "words.tsv"]).exit_code != 0

    accepted = [lines[0], *("yes" + line for line in lines[1:3]), "no" + lines[3]]
    (tmp_path / "words.tsv").write_text("\n".join(accepted) + "\n", "utf-8")
    assert run(main, ["terms", "add", "words.tsv"]).exit_code == 0
    for word in ("HeLa blue", "hela-green"):
        found = resolve(word, "biological_entity").entry
        assert found is not None and found.id == "CVCL:0030"
    assert resolve("COS seven", "biological_entity").entry is None


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("lightsheet", "light sheet fluorescence microscopy"),
        ("zebrafish heart", "heart"),
        ("heart zebrafish", "heart"),
        ("mouse liver sections", "liver"),
        ("microscopy electron scanning", "scanning electron microscopy"),
        ("cortex visual", "visual cortex"),
        ("carcinoma kidney renal", "kidney"),
        ("confocl", "confocal microscopy"),
        ("GFP HeLa cells", "HeLa"),
    ],
)
def test_a_search_takes_any_words_in_any_order_and_gives_the_best_first(text, first):
    assert next(search(text)).entry.label == first


def test_a_search_tells_where_a_term_fits():
    (hit,) = [h for h in search("Danio rerio") if h.exact]

    assert fits(hit) == ("Biosamples: Organism",)
    assert "Study components: Imaging method" in fits(next(search("STED")))


def test_a_search_still_finds_something_for_some_of_the_words():
    labels = [hit.entry.label for hit in search("purple mitochondrion")]

    assert labels and labels[0] == "mitochondrion"
