"""`make vocabularies`: the bundled files are in normal form, and releases are taken over without loss."""

import importlib.util
from pathlib import Path

import pytest

from rembi_sheets.vocabularies.formats import Term

TOOL = Path(__file__).resolve().parents[2] / "tools" / "refresh_vocabularies.py"


@pytest.fixture(scope="module")
def refresh():
    spec = importlib.util.spec_from_file_location("refresh_vocabularies", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def lists(refresh):
    return {name: list(refresh.bundled.read_rows(path.read_text("utf-8"))) for name, path in refresh.paths().items()}


def row(lists, name, curie):
    return next(row for row in lists[name] if row["id"] == curie)


def test_nothing_would_change(refresh, capsys):
    assert refresh.main(["--check"]) == 0, capsys.readouterr().out + "run: make vocabularies"


def test_a_changed_label_keeps_the_old_one_as_synonym(refresh, lists):
    refresh.update(lists, {"NCBITaxon:9606": Term("NCBITaxon:9606", "Homo novus", ("new man",))})

    taken = row(lists, "organism", "NCBITaxon:9606")
    assert taken["label"] == "Homo novus"
    assert taken["synonyms"].startswith("Homo sapiens|") and "new man" not in taken["synonyms"]


def test_a_whole_ontology_takes_new_terms_with_their_branch(refresh, lists):
    new = Term("FBbi:00100099", "quantum microscopy", ("QM",), ("FBbi:00100098",))
    above = Term("FBbi:00100098", "strange microscopy", (), ("FBbi:00000246",))

    refresh.update(lists, {term.id: term for term in (new, above)})

    taken = row(lists, "fbbi", "FBbi:00100099")
    assert (taken["label"], taken["synonyms"], taken["branch"]) == ("quantum microscopy", "QM", "imaging method")


def test_a_list_of_choice_takes_no_new_terms(refresh, lists):
    before = len(lists["organism"])

    refresh.update(lists, {t: Term(t, "x") for t in ("NCBITaxon:9606", "NCBITaxon:424242")})

    assert len(lists["organism"]) == before


def test_obsolete_terms_of_lists_of_choice_are_reported(refresh, lists, capsys):
    refresh.update(lists, {"CL:0000540": Term("CL:0000540", "neuron", obsolete=True)})

    assert "CL:0000540" in capsys.readouterr().err


def test_methods_follow_the_labels_of_fbbi(refresh, lists):
    refresh.update(lists, {"FBbi:00000246": Term("FBbi:00000246", "fluorescent imaging")})
    refresh.derive(lists)

    assert row(lists, "imaging_method", "FBbi:00000246")["fbbi_label"] == "fluorescent imaging"
    assert row(lists, "imaging_method", "FBbi:00000246")["label"] == "fluorescence microscopy"


def test_the_version_of_a_release_is_noted(refresh):
    sources = '[fbbi]\nversion = "1"\ndate = "2019-03-07"\n\n[other]\nversion = "1"\ndate = "2019-03-07"\n'

    changed = refresh.dated(sources, ["fbbi"], "releases/2027-01")

    assert changed.startswith('[fbbi]\nversion = "2027-01"\ndate = "2027-01-01"\n')
    assert changed.endswith('[other]\nversion = "1"\ndate = "2019-03-07"\n')


def test_bad_files_end_the_tool(refresh, tmp_path):
    with pytest.raises(SystemExit, match="empty"):
        (tmp_path / "x.obo").write_text("")
        refresh.main([str(tmp_path / "x.obo"), "--check"])


def test_every_credit_is_in_the_notice(refresh):
    notice = refresh.NOTICE.read_text("utf-8")

    for source in refresh.bundled.sources().values():
        assert source.credit in notice
        assert source.origin == "rembi-sheets" or source.credit
