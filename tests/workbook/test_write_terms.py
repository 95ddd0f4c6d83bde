"""A dropdown offers the user's own terms behind the common ones, when asked for; nothing else changes."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner

from rembi_sheets.cli import cli
from rembi_sheets.vocabularies import cache, entries


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("REMBI_SHEETS_CACHE", str(tmp_path / "cache"))
    table = tmp_path / "bears.tsv"
    table.write_text("id\tlabel\nNCBITaxon:9644\tUrsus arctos\nNCBITaxon:9606\tHomo sapiens\n", "utf-8")
    done = CliRunner().invoke(cli, ["terms", "add", str(table), "--name", "bears"])
    assert done.exit_code == 0, done.output
    yield "bears"
    cache.forget()


def offered(path: Path, name: str) -> list[str]:
    import openpyxl

    book = openpyxl.load_workbook(BytesIO(path.read_bytes()))
    sheet, cells = next(iter(book.defined_names[f"list_{name}"].destinations))
    return [row[0].value for row in book[sheet][cells.replace("$", "")]]


def test_own_terms_are_offered_and_known_ones_not_twice(own: str, tmp_path: Path) -> None:
    for target, more in (("plain.xlsx", []), ("own.xlsx", ["--terms", f"organism={own}"])):
        assert CliRunner().invoke(cli, ["new", str(tmp_path / target), *more]).exit_code == 0
    plain, wide = (offered(tmp_path / f, "organism") for f in ("plain.xlsx", "own.xlsx"))
    assert "Ursus arctos" not in plain
    assert wide.count("Ursus arctos") == 1
    assert wide.count("Homo sapiens") == 1
    assert wide.index("Homo sapiens") < wide.index("Ursus arctos") < len(entries("organism"))
    assert offered(tmp_path / "own.xlsx", "imaging_method") == offered(tmp_path / "plain.xlsx", "imaging_method")


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ("organsim=bears", "Did you mean organism?"),
        ("organism=bear", "Did you mean bears?"),
        ("scale=bears", "no list"),
    ],
)
def test_a_list_or_vocabulary_that_is_not_there_is_named(own: str, terms: str, said: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["new", str(tmp_path / "x.xlsx"), "--terms", terms])
    assert done.exit_code == 2
    assert said in done.output
    assert not (tmp_path / "x.xlsx").exists()
