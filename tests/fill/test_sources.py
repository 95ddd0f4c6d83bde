"""The sources: what they know of the examples, and how a file that is none is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from rembi_sheets import pipeline
from rembi_sheets.cli import cli
from rembi_sheets.fill.sources import SourceError, named_archives, recognised
from rembi_sheets.schema import load

EXAMPLES = Path(__file__).parents[2] / "examples"
LAB = EXAMPLES / "red-blood-cells" / "red-blood-cells.xlsx"
STUDY = EXAMPLES / "kidney-organoid-light-sheet" / "kidney-organoid-light-sheet.xlsx"


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in args])


def test_defaults_are_what_a_lab_shares_and_nothing_of_one_study() -> None:
    sheets = {p.sheet for p in recognised(LAB).proposals}
    assert sheets <= {"study", "people", "organisations", "funding", "image_acquisition"}
    assert {p.column for p in recognised(LAB).proposals if p.sheet == "study"} == {"keywords", "license"}


def test_all_of_an_earlier_study_has_every_filled_cell() -> None:
    book: Any = openpyxl.load_workbook(LAB)
    filled = {
        (s.title, c.coordinate)
        for s in load().sheets
        if s.title in book.sheetnames
        for row in book[s.title].iter_rows(min_row=1 if s.key == () and s.name == "study" else 6)
        for c in row
        if c.value is not None and (s.name != "study" or c.column == 2)
    }
    said = {tuple(p.where.rsplit(" ", 1)) for p in recognised(LAB, everything=True).proposals}
    assert said <= filled
    assert {place for place in filled - said if place[0] != "Study"} == set()


@pytest.mark.parametrize("name", ["notes.txt", "empty.xlsx", "table.xlsx"])
def test_what_is_no_source_is_refused_with_what_is_one(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if name == "table.xlsx":
        other: Any = openpyxl.Workbook()
        other.active.append(["a", "b"])
        other.save(path)
    else:
        path.write_bytes(b"" if name.startswith("empty") else b"To do: imaging.")
    with pytest.raises(SourceError, match="What can be used"):
        recognised(path)


def test_a_source_that_is_not_there_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="nothing"):
        recognised(tmp_path / "nothing.xlsx")


# The commands


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fill")


def test_fill_prints_the_report_and_writes_the_copy(folder: Path) -> None:
    made = run("fill", STUDY, folder / "copy.xlsx", "--from", LAB)
    assert made.exit_code == 0, made.output
    assert "Filled in (" in made.stdout and "Differs" in made.stdout
    assert "red-blood-cells.xlsx, Study B8" in made.stdout
    assert (folder / "copy.xlsx").exists()
    again = run("fill", folder / "copy.xlsx", folder / "again.xlsx", "--from", LAB)
    assert "Filled in (" not in again.stdout
    assert (folder / "again.xlsx").read_bytes() == (folder / "copy.xlsx").read_bytes()


def test_fill_as_json_has_the_five_lists_and_eight_fields(folder: Path) -> None:
    made = run("fill", STUDY, "--from", LAB, "--dry-run", "--format", "json")
    report = json.loads(made.stdout)
    assert list(report) == ["filled", "confirmed", "differs", "questions", "not_understood"]
    fields = {"sheet", "cell", "column", "value", "found", "source", "where", "confidence"}
    assert report["filled"] and all(fields <= set(e) for entries in report.values() for e in entries)
    assert {"sheet": "Study", "column": "Keywords"}.items() <= report["differs"][0].items()


def test_new_from_a_study_gives_one_that_passes(folder: Path) -> None:
    made = run("new", folder / "new.xlsx", "--from", LAB, "--all")
    assert made.exit_code == 0, made.output
    assert run("check", folder / "new.xlsx").exit_code == 0


def test_new_is_for_the_archives_that_its_source_names(folder: Path) -> None:
    study = EXAMPLES / "t-cell-clem" / "t-cell-clem.xlsx"
    tables = pipeline.read(study).tables
    assert tables is not None and len(tables.archives) > 1
    assert run("new", folder / "for.xlsx", "--from", study, "--all").exit_code == 0
    made = pipeline.read(folder / "for.xlsx").tables
    assert made is not None and made.archives == tables.archives
    assert named_archives(pipeline.known([study]), load()) == (), "defaults of a lab say none"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("fill", STUDY, "copy.xlsx"), "--from"),
        (("fill", STUDY, "--from", LAB), "dry-run"),
        (("fill", STUDY, STUDY, "--from", LAB), "never changed"),
        (("fill", STUDY, LAB, "--from", LAB), "never changed"),
        (("fill", STUDY, "x.xlsx", "--from", __file__), "What can be used"),
        (("new", LAB, "--from", LAB, "--force"), "never changed"),
    ],
)
def test_wrong_use_ends_with_a_reason(args: tuple[str | Path, ...], said: str) -> None:
    made = run(*args)
    assert made.exit_code == 2
    assert said in made.output
    assert not Path("copy.xlsx").exists()
