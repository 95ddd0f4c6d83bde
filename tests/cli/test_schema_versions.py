"""`schema diff` and `schema sources`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rembi_sheets import vocabularies
from rembi_sheets.cli import cli
from rembi_sheets.schema import load, versions
from tests.released import made_up


def _run(*args: str) -> Result:
    return CliRunner().invoke(cli, ["schema", *args])


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return made_up.folder(tmp_path / "schema")


def test_every_move_is_told_once(home: Path) -> None:
    before = load().version
    with made_up.released(home):
        told = json.loads(_run("diff", before, made_up.VERSION, "--format", "json").stdout)
        lines = _run("diff", before).stdout
    changes = {(c["kind"], *c["old"], "->", *c["new"]) for c in told["changes"]}
    assert (told["old"], told["new"], len(changes)) == (before, made_up.VERSION, len(told["changes"]))
    instrument, place = "Image acquisition: Instrument attributes", "Organisations: Place"
    assert {
        ("renamed", "Biosamples", "->", "Biological samples"),
        ("renamed", "Biosamples: Description", "->", "Biological samples: Remarks"),
        ("required", "Biosamples: Description", "->", "Biological samples: Remarks"),
        ("split", instrument, "->", "Image acquisition: Device", "Image acquisition: Pinhole (Airy units)"),
        ("merged", "Organisations: Town or city", "Organisations: State or province", "->", place),
        ("words", "cell", "->", "tissue"),
        ("dropped", "Biosamples: Experimental variables", "->"),
    } <= changes
    assert not [c for c in told["changes"] if c["kind"] == "added"]  # the parts of a split are no news of their own
    assert "Organisations: Town or city + Organisations: State or province -> Organisations: Place" in lines


def test_changes_over_several_versions_are_told_together(home: Path) -> None:
    with made_up.released(home):
        told = json.loads(_run("diff", "1.0", made_up.VERSION, "--format", "json").stdout)["changes"]
    kinds = {c["kind"] for c in told}
    assert {"split", "merged", "words", "dropped", "values"} <= kinds


def test_nothing_changed_and_versions_that_are_none() -> None:
    today = load().version
    assert "nothing changed" in _run("diff", today).stdout
    assert _run("diff", today, versions()[0]).exit_code == 2
    assert _run("diff", "7.5").exit_code == 2


def test_every_list_and_archive_has_its_source_oldest_first() -> None:
    entries = json.loads(_run("sources", "--format", "json").stdout)
    assert {e["name"] for e in entries} >= set(vocabularies.names())
    assert {e["name"].split("/")[0] for e in entries if "/" in e["name"]} == set(load().archive_names)
    assert [e["date"] for e in entries] == sorted(e["date"] for e in entries)
    assert all(re.fullmatch(r"20\d\d(-\d\d){0,2}", e["date"]) and e["origin"] and e["title"] for e in entries)
    lines = _run("sources").stdout.splitlines()
    assert [line[:10].strip() for line in lines] == [e["date"] for e in entries]
