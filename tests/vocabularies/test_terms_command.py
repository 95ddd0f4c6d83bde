"""The commands `terms search`, `show`, `add` and `list`: results on stdout, messages on stderr, exit status."""

import pytest
from click.testing import CliRunner

from rembi_sheets.cli.terms import terms

OBO = "format-version: 1.2\ndata-version: 2026-05-01\n[Term]\nid: CL:9999901\nname: left-handed neuron\n"


@pytest.fixture
def run():
    def run(*arguments):
        return CliRunner().invoke(terms, list(arguments))

    return run


def test_search_prints_identifier_label_list_and_reason(run):
    result = run("search", "spinning", "disc", "--field", "imaging-method")

    assert result.exit_code == 0
    assert result.stdout.splitlines()[0].split("\t")[:3] == [
        "FBbi:00000253", "spinning disk confocal microscopy", "imaging_method",
    ]  # fmt: skip


def test_search_finds_what_is_misspelt(run):
    assert run("search", "hipocampus").stdout.startswith("UBERON:0002421\thippocampal formation")


def test_search_shows_all_that_share_a_name(run):
    rows = [line.split("\t") for line in run("search", "H9").stdout.splitlines()]

    assert {row[0] for row in rows if row[3] == "one of several"} == {"CVCL:9773", "CVCL:1240"}


def test_search_keeps_the_limit(run):
    assert len(run("search", "microscopy", "--limit", "3").stdout.splitlines()) == 3


def test_nothing_found_says_what_to_do(run):
    result = run("search", "qqqqqqqqqq")

    assert (result.exit_code, result.stdout) == (1, "")
    assert "terms add" in result.stderr


def test_an_unknown_list_is_answered_with_the_nearest(run):
    result = run("search", "x", "--field", "organsm")

    assert result.exit_code == 2 and "organism" in result.stderr


@pytest.mark.parametrize("form", ["FBbi:00000246", "FBbi_00000246", "http://purl.obolibrary.org/obo/FBbi_00000246"])
def test_show_takes_every_form_of_an_identifier(run, form):
    result = run("show", form)

    assert result.exit_code == 0
    assert "short form     FBbi_00000246" in result.stdout
    assert "label          fluorescence microscopy" in result.stdout
    assert "SPIM [FBbi:00000369]" in result.stdout


def test_show_tells_names_from_identifiers_and_unknown_from_wrong(run):
    assert run("show", "HeLa").exit_code == 2
    assert run("show", "LAB:99999").exit_code == 1


def test_add_then_search_show_and_list(run, tmp_path):
    file = tmp_path / "cl.obo"
    file.write_text(OBO)

    added = run("add", str(file), "--name", "our-cells")
    assert (added.exit_code, added.stdout) == (0, "")
    assert "Added our-cells: 1 terms with 1 names, version 2026-05-01." in added.stderr
    assert run("search", "left-handed").stdout.startswith("CL:9999901\tleft-handed neuron\t")
    assert "our-cells" in run("show", "CL:9999901").stdout
    assert run("list").stdout.splitlines()[-1].startswith("our-cells\t1\t2026-05-01\tyours, from cl.obo")


def test_adding_again_says_what_is_replaced_and_quiet_says_nothing(run, tmp_path):
    file = tmp_path / "cl.obo"
    file.write_text(OBO)
    run("add", str(file))

    assert "It replaces the one of 2026-05-01." in run("add", str(file)).stderr
    assert run("add", str(file), "--quiet").output == ""


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe\x00", b"<html/>"])
def test_files_that_cannot_be_read_end_with_status_2(run, tmp_path, content):
    file = tmp_path / "bad.obo"
    if content is not None:
        file.write_bytes(content)

    result = run("add", str(file))

    assert (result.exit_code, result.stdout) == (2, "")
    assert "Nothing was added" in result.stderr and "bad.obo: " in result.stderr


def test_list_names_every_bundled_list(run):
    rows = [line.split("\t") for line in run("list").stdout.splitlines()]

    assert ["organism", "209"] in [row[:2] for row in rows]
    assert all(len(row) == 4 for row in rows)


def test_online_is_asked_only_when_wished_and_its_failure_is_a_note(run, monkeypatch):
    monkeypatch.setenv("REMBI_SHEETS_OLS", "http://127.0.0.1:9/ols4")

    assert "gave no answer" not in run("search", "elephant shark").stderr
    result = run("search", "elephant shark", "--field", "organism", "--online")
    assert result.exit_code == 1 and "gave no answer" in result.stderr
