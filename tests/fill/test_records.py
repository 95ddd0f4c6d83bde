"""Records of archives as sources: what we wrote becomes a workbook that converts to the same files; odd folders.

The commands run for one example of each archive, for all of them in `make long`; `tests/archives` holds the way back
itself for each. Not compared: NEXT-STEPS.md, which lists what was lost on the first way, and rembi.yml.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rembi_sheets import examples, pipeline
from rembi_sheets.cells import MOST_LETTERS
from rembi_sheets.cli import cli
from rembi_sheets.fill import Proposal, merge
from rembi_sheets.fill.sources import SourceError, recognised
from rembi_sheets.output import OutputError, placed
from rembi_sheets.schema import load
from rembi_sheets.submission import of_records, to_tables
from rembi_sheets.tables import OWN

EXAMPLES = Path(__file__).parents[2] / "examples"
ALL = [(n, a) for n in examples.names() for a in examples.info(n).archives]
SOME = [
    ("kidney-organoid-light-sheet", "idr"),
    ("t-cell-clem", "empiar"),
    ("t-cell-clem", "bioimage-archive"),
]
DAY = "2026-11-22"  # of the files beside the examples
ABOUT = ("NEXT-STEPS.md", "rembi.yml")


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in args])


def written(name: str, archive: str) -> Path:
    return EXAMPLES / name / "expected" / archive


def contents(folder: Path) -> dict[str, bytes]:
    found = (p for p in folder.rglob("*") if p.is_file() and p.name not in ABOUT)
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in found}


@pytest.mark.parametrize(("name", "archive"), ALL if os.environ.get("REMBI_SHEETS_LONG") else SOME)
def test_new_from_what_we_wrote_converts_to_the_same_files(
    name: str, archive: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REMBI_SHEETS_TODAY", DAY)
    source = written(name, archive)
    page = source / "submission.json"  # a page alone finds its file lists by their names
    made = run("new", tmp_path / "new.xlsx", "--from", page if page.exists() else source)
    assert made.exit_code == 0, made.output
    assert "Differs" not in made.stdout
    again = run("convert", tmp_path / "new.xlsx", "--to", archive, "--output", tmp_path / "out")
    assert again.exit_code == 0, again.output
    assert contents(tmp_path / "out" / archive) == contents(source)


def test_a_record_says_where_it_was_deposited_and_not_where_the_workbook_goes() -> None:
    known = recognised(written("ribosome-tomography", "empiar"))
    assert list(known.archives) == ["empiar"]
    assert known.proposals and not [p for p in known.proposals if (p.sheet, p.column) == ("study", "archives")]


def test_a_deposition_alone_an_entry_alone_and_both_say_the_same_study() -> None:
    home = written("ribosome-tomography", "empiar")
    said = {
        n: {(p.sheet, p.key, p.column): p.value for p in recognised(home / n).proposals}
        for n in ("deposition.json", "entry.xml", ".")
    }
    for alone in ("deposition.json", "entry.xml"):
        assert len(said[alone]) > 0.8 * len(said["."])
        assert said[alone]["study", None, "study_title"] == said["."]["study", None, "study_title"]


def test_result_tables_lie_beside_the_workbook(tmp_path: Path) -> None:
    known = recognised(written("chromosome-condensation-screen", "idr"))
    assert known.beside
    files = placed(tmp_path / "new.xlsx", known.beside)
    assert [p for p in files if not p.is_relative_to(tmp_path)] == []
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    assert placed(tmp_path / "new.xlsx", known.beside) == {}
    with pytest.raises(OutputError):
        placed(tmp_path / "new.xlsx", {"../away.txt": b""})


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A page with its lists in a folder with other things."""
    shutil.copytree(written("t-cell-clem", "bioimage-archive"), tmp_path / "study")
    (tmp_path / "study" / "submission.tsv").unlink()
    (tmp_path / "study" / "image.tif").write_bytes(b"II*\0" + bytes(5000))
    (tmp_path / "study" / "notes.txt").write_text("Files\tmany\n")
    return tmp_path / "study" / "submission.json"


def paths(source: Path) -> set[object]:
    return {p.value for p in recognised(source).proposals if (p.sheet, p.column) == ("files", "path")}


def test_a_page_is_read_with_the_lists_that_it_names_whatever_else_is_there(page: Path) -> None:
    whole = paths(written("t-cell-clem", "bioimage-archive"))
    known = recognised(page)
    assert paths(page) == whole and not known.unplaced
    page.rename(page.with_name("page.json"))
    assert paths(page.with_name("page.json")) == paths(page.parent) == paths(page.parent.parent) == whole


def test_a_list_that_is_missing_is_told(page: Path) -> None:
    shutil.rmtree(page.parent / "file-lists")
    assert [u for u in recognised(page).unplaced if "missing" in u.value]


def test_two_records_in_a_folder_are_not_mixed(page: Path) -> None:
    shutil.copytree(page.parent, page.parent.parent / "other")
    with pytest.raises(SourceError, match="more than one"):
        recognised(page.parent.parent)


def test_a_text_that_no_cell_can_hold_is_listed(page: Path) -> None:
    record = json.loads(page.read_text("utf-8"))
    long = "x𝄞" * (MOST_LETTERS // 3 + 1)  # the sign counts twice
    assert len(long) < MOST_LETTERS
    next(a for a in record["section"]["attributes"] if a["name"] == "Description")["value"] = long
    page.write_text(json.dumps(record), "utf-8")
    known = recognised(page)
    assert [u.value for u in known.unplaced if "letters at most" in u.why] == [long]
    assert not [p for p in known.proposals if p.value == long]


def test_what_is_not_understood_is_listed(page: Path) -> None:
    record = json.loads(page.read_text("utf-8"))
    record["section"]["subsections"].append({"type": "Weather", "attributes": [{"name": "Sky", "value": "fine"}]})
    page.write_text(json.dumps(record), "utf-8")
    assert any("Weather" in u.where + u.value and "fine" in u.value for u in recognised(page).unplaced)


def test_filling_twice_changes_nothing(page: Path) -> None:
    known = pipeline.known([page])
    once = pipeline.fill(pipeline.blank(archives=("bioimage-archive",)), known)
    assert pipeline.fill(once.content, known).content == once.content


def test_own_columns_stand_as_their_source_has_them() -> None:
    """Also where the first rows say nothing in some of them."""
    rows = [{"a": "1", "d": "1"}, {"b": "2", "c": "2", "d": "2"}, {"e": "3"}]
    proposals = [
        Proposal("files", (f"{n}.tif", "", "", ""), f"{OWN}{name}", value, "x")
        for n, row in enumerate(rows)
        for name, value in row.items()
    ]
    tables = to_tables(of_records(load(), {}))
    assert merge(tables, proposals).tables["files"].own == ("a", "b", "c", "d", "e")
