"""Whole ontologies from a package: a small one of the same shape always, the real one where it is installed."""

import json
import subprocess
import sys
from importlib.util import find_spec

import pytest
import zstandard
from click.testing import CliRunner

from rembi_sheets.cli import cli as main
from rembi_sheets.vocabularies import by_id, cache, formats, installed, resolve, suggest
from rembi_sheets.vocabularies.formats import Problem, Term

REAL = find_spec("cellxgene_ontology_guide") is not None


def term(label, *synonyms, above=(), **further):
    return {"ancestors": {key: n for n, key in enumerate(above, 1)}, "label": label, "deprecated": False} | (
        {"synonyms": list(synonyms)} if synonyms else {}
    ) | further  # fmt: skip


ONTOLOGIES = {
    "CL-ontology-v2025-02-13": {"CL:0000001": term("an old cell")},
    "CL-ontology-v2026-03-26": {
        "CL:0000000": term("cell"),
        "CL:0000077": term("mesothelial cell"),
        "CL:7770001": term("glimmer cell", "shimmer cell", above=["CL:0000000"]),
        "CL:7770002": term("dull cell", deprecated=True, replaced_by="CL:7770001"),
    },
    "CVCL-ontology-55.0": {
        "CVCL_ZZ01": term("Glim-77"),
        "CVCL_ZZ02": term("HeLa Glow-1"),
        "CVCL_ZZ03": term("Q7"),
    },
    "UBERON-ontology-v2026-04-01": {"UBERON:7770003": term("glimmer gland", "shimmer gland")},
    "FBbt-ontology-v2026-04-03": {"FBbt:77700001": term("adult glimmer organ")},
    "EFO-ontology-v3.90.0": {
        "EFO:0000322": term("cell line"),
        "EFO:7770001": term("GlimLine", above=["EFO:0000322"]),
        "EFO:7770002": term("glimmer height"),
    },
    "MONDO-ontology-v2026-05-05": {
        "MONDO:7770001": term("glimmeritis", "glimmer disease"),
        "MONDO:0005148": term("type 2 diabetes mellitus", "type 2 diabetes"),
    },
    "NCBITaxon-ontology-v2026-05-13": {
        "NCBITaxon:77700001": term("Glimmerus lucens", "glimmer fish"),
        "NCBITaxon:77700002": term("Planaria"),
    },
    "CHEBI-ontology-2026-05-01": {"CHEBI:1": term("", deprecated=True), "CHEBI:2": term("glimmeric acid")},
}


def pack(path, terms):
    path.write_bytes(zstandard.ZstdCompressor().compress(json.dumps(terms).encode()))


@pytest.fixture
def guide(tmp_path, monkeypatch):
    """The made package, found before any other of its name."""
    data = tmp_path / "site" / "cellxgene_ontology_guide" / "data"
    data.mkdir(parents=True)
    (data.parent / "__init__.py").write_text("raise RuntimeError('the package is never imported')\n")
    for name, terms in ONTOLOGIES.items():
        pack(data / f"{name}.json.zst", terms)
    monkeypatch.syspath_prepend(tmp_path / "site")
    return data


def run(*arguments):
    return CliRunner().invoke(main, ["terms", *arguments])


def test_without_the_package_nothing_is_installed_and_the_way_is_told(monkeypatch):
    monkeypatch.setattr(installed, "folder", lambda: None)

    done = run("install")

    assert done.exit_code != 0 and 'pip install "rembi-sheets[terms]"' in done.output
    assert cache.known() == ()


def test_all_that_columns_use_is_installed_with_version_and_credit(guide):
    done = run("install")

    assert done.exit_code == 0, done.output
    assert {(c.name, c.version) for c in cache.known()} == {
        ("cl", "2026-03-26"), ("cvcl", "55.0"), ("uberon", "2026-04-01"), ("fbbt", "2026-04-03"), ("efo", "3.90.0"),
        ("mondo", "2026-05-05"), ("ncbitaxon", "2026-05-13"),
    }  # fmt: skip
    assert "Cellosaurus, SIB Swiss Institute of Bioinformatics; CC BY 4.0" in done.output
    listed = run("list").output
    assert "cvcl\t3\t55.0\tinstalled" in listed and "Monarch Initiative; CC BY 4.0" in listed


def test_what_no_column_uses_comes_by_name_only(guide):
    assert run("install", "chebi").exit_code == 0

    assert [(c.name, c.terms) for c in cache.known()] == [("chebi", 1)]
    assert "CHEBI:2" in run("search", "glimmeric acid").output


def test_an_unknown_ontology_is_answered_with_the_nearest(guide):
    done = run("install", "uberone")

    assert done.exit_code != 0 and "Did you mean uberon?" in done.output


@pytest.mark.parametrize(
    ("text", "name", "curie"),
    [
        ("glimmer cell", "biological_entity", "CL:7770001"),
        ("Shimmer cells", "biological_entity", "CL:7770001"),
        ("glimmer gland tissue", "biological_entity", "UBERON:7770003"),
        ("Glim-77 cells", "biological_entity", "CVCL:ZZ01"),
        ("CVCL_ZZ03", "biological_entity", "CVCL:ZZ03"),
        ("GlimLine", "biological_entity", "EFO:7770001"),
        ("glimmeritis", "disease", "MONDO:7770001"),
        ("glimmeritis", "biological_entity", "MONDO:7770001"),
        ("glimmer fish", "organism", "NCBITaxon:77700001"),
    ],
)
def test_its_terms_are_found_where_lists_take_them(guide, text, name, curie):
    assert resolve(text, name).entry is None
    run("install")
    found = resolve(text, name).entry

    assert found is not None and found.id == curie


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("adult glimmer organ", "biological_entity"),  # of one species
        ("glimmer height", "biological_entity"),  # no line, cell or organ
        ("HeLa Glow-1", "biological_entity"),  # another laboratory may have made one, too
        ("Q7", "biological_entity"),  # too short to be sure
        ("glimmer gland", "organism"),
    ],
)
def test_what_may_be_another_thing_is_never_taken(guide, text, name):
    run("install")

    assert resolve(text, name).entry is None


def test_a_common_word_is_not_the_genus_that_is_spelled_like_it(guide):
    run("install")

    assert resolve("planaria", "organism").entry is None
    assert suggest("planaria", "organism")[0] == "Schmidtea mediterranea"
    genus = resolve("Planaria", "organism").entry
    assert genus is not None and genus.id == "NCBITaxon:77700002"


def test_a_common_word_is_the_term_that_it_mostly_means_where_that_bears_it(guide):
    run("install")

    assert [resolve(text, "disease").entry is not None for text in ("type 2 diabetes", "Type 2 Diabetes")] == [True] * 2


def test_terms_of_one_species_are_proposed_and_known_by_identifier(guide):
    run("install")

    assert "adult glimmer organ [FBbt:77700001]" in suggest("adult glimmer orgn", "biological_entity")
    known = by_id("FBbt:77700001", "biological_entity")
    assert known is not None and known.label == "adult glimmer organ"


def test_phrases_hold_installed_terms(guide):
    run("install")

    assert suggest("mouse glimmer gland sections", "biological_entity")[0] == "glimmer gland [UBERON:7770003]"
    assert suggest("HeLa Glow-1 cells", "biological_entity")[0] == "HeLa"


def test_parents_and_what_is_obsolete_are_kept(guide):
    run("install", "cl")
    dull = by_id("CL:7770002", "biological_entity")
    glimmer = by_id("CL:7770001", "biological_entity")

    assert dull is not None and (dull.extra["obsolete"], dull.extra["replaced_by"]) == ("true", "CL:7770001")
    assert glimmer is not None and glimmer.extra["parent_ids"] == "CL:0000000"


def test_a_file_that_breaks_off_leaves_what_was_there(guide):
    run("install", "cl")
    file = guide / "CL-ontology-v2026-03-26.json.zst"
    file.write_bytes(zstandard.ZstdCompressor().compress(json.dumps(ONTOLOGIES[file.name[:-9]]).encode()[:-40]))

    done = run("install", "cl")

    assert done.exit_code != 0 and "breaks off" in done.output and "unchanged" in done.output
    assert [(c.name, c.terms) for c in cache.known()] == [("cl", 4)]


@pytest.mark.parametrize("content", [b"", b"not packed", zstandard.MAGIC_NUMBER.to_bytes(4, "little") + b"\0" * 40])
def test_a_file_that_is_no_ontology_is_refused(guide, content):
    (guide / "CL-ontology-v2027-01-01.json.zst").write_bytes(content)

    assert run("install", "cl").exit_code != 0
    assert cache.known() == ()


@pytest.mark.parametrize("text", ["[1, 2]", '{"a": 3, "b": 4}', '{"CL:1": {"label": "x"}', "{" + " " * 5_000_000])
def test_json_of_another_kind_gives_a_problem_not_terms(tmp_path, text):
    path = tmp_path / "x.json.zst"
    path.write_bytes(zstandard.ZstdCompressor().compress(text.encode()))
    events = list(formats.read(path))

    assert all(not isinstance(e, Term) or e.label == "x" for e in events)
    assert any(isinstance(e, Problem) and e.fatal for e in events) or text.startswith('{"a"')


def test_a_large_ontology_is_loaded_within_the_memory_of_a_small_one(tmp_path):
    path = tmp_path / "big.json.zst"
    above = {f"LAB:{n:07}": n + 1 for n in range(30)}
    terms = {f"LAB:{n:07}": {"ancestors": above, "label": f"thing {n}", "synonyms": [f"t{n}"]} for n in range(60_000)}
    pack(path, terms)
    program = (
        "import sys\nfrom pathlib import Path\nfrom rembi_sheets.vocabularies import adding\n"
        "added = adding.add(Path(sys.argv[1]), 'big')\n"
        "status = Path('/proc/self/status')\n"
        "peak = int(status.read_text().split('VmHWM:')[1].split()[0]) // 1024 if status.exists() else 0\n"
        "print(added.vocabulary.terms, peak)\n"
    )
    told = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    terms_read, megabytes = map(int, told.stdout.split())

    assert terms_read == 60_000
    assert megabytes < 100


@pytest.mark.skipif(not REAL, reason="cellxgene-ontology-guide is not installed")
def test_the_real_package_has_what_is_described(cache_folder):
    ontologies = {o.vocabulary: o for o in installed.ontologies()}

    assert all(o.file and o.version for o in ontologies.values())
    for name in ("cl", "uberon"):
        added = installed.install(ontologies[name])
        assert added.vocabulary is not None and added.vocabulary.terms > 3_000 and not added.problems
    found = resolve("descending colons", "biological_entity").entry
    assert found is not None and found.id == "UBERON:0001158"
    further = resolve("ampulla of oviduct", "biological_entity").entry
    assert further is not None and further.id.startswith("UBERON:")
