"""A whole ontology has terms for everything; a list takes those of its own branches."""

import pytest

from rembi_sheets import vocabularies
from rembi_sheets.vocabularies import adding, bundled, resolve, search, suggest

ROWS = """id\tlabel\tsynonyms\tparent_ids
EFO:0000568\tshining light\t\t
EFO:0000735\tplate washing\t\tEFO:0002694
EFO:0002694\texperimental process\t\t
EFO:0005397\thigh content analysis\t\tEFO:0002694
EFO:0007559\tscreening library\t\t
EFO:7000001\tpeptide library\tpeptides of ours\tEFO:0007559
EFO:7000002\tpeptide screen\t\tEFO:0005397
EFO:7000003\tpilot stage\t\tEFO:0007554
EFO:7000004\tpeptide imaging protocol\t\tEFO:0920094
EFO:0920094\timaging protocol\t\t
"""
TAKEN = {
    "library_type": {"screening library", "peptide library"},
    "screen_technology": {"high content analysis", "peptide screen"},
    "screen_type": {"pilot stage"},
    "protocol_type": {"imaging protocol", "peptide imaging protocol"},
    "study_type": {"plate washing", "experimental process", "high content analysis", "peptide screen", "pilot stage"},
}
LABELS = [line.split("\t")[1] for line in ROWS.splitlines()[1:]]


@pytest.fixture(autouse=True)
def installed(tmp_path):
    (tmp_path / "factors.tsv").write_text(ROWS, "utf-8")
    assert adding.add(tmp_path / "factors.tsv", further={"installed": "yes"}).vocabulary is not None


@pytest.mark.parametrize("name", TAKEN)
def test_a_list_takes_the_terms_of_its_branches_alone(name):
    found = {label for label in LABELS if (entry := resolve(label, name).entry) and entry.id.startswith("EFO")}
    many = {one.text for one in vocabularies.resolve_all(LABELS, name) if one.entry and one.entry.id[:3] == "EFO"}

    assert found == many == TAKEN[name] | {label for label in LABELS if label in bundled.index(name).exact}


@pytest.mark.parametrize("name", TAKEN)
def test_nor_is_a_term_of_another_branch_proposed(name):
    proposed = {one for label in LABELS for slip in (label[:-2] + label[-1], label) for one in suggest(slip, name)}

    assert proposed.isdisjoint(set(LABELS) - TAKEN[name] - set(bundled.index(name).exact))


def test_a_search_tells_the_columns_whose_branch_it_is():
    def columns(text: str) -> str:
        return " ".join(search.fits(next(search.search(text))))

    assert "Library type" in columns("peptides of ours") and "technology" not in columns("peptides of ours").lower()
    assert columns("shining light") == ""


@pytest.mark.parametrize("word", ["no", "less", "fewer", "more", "normal", "single", "decreased"])
def test_how_much_of_nothing_is_no_phenotype(word):
    for text in (f"{word} phenotype", f"{word} phenotypes", word, f"{word} cell phenotype"):
        assert resolve(text, "phenotype").entry is None or text == "single cell phenotype", text
