"""What was filled in and confirmed counts as checked in the score, as long as it stands there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from rembi_sheets import pipeline
from rembi_sheets.cli import cli
from rembi_sheets.fill import Proposal, State
from rembi_sheets.fill.sources.known import Known

ROOT = Path(__file__).parents[2] / "examples"
STUDY = ROOT / "kidney-organoid-light-sheet" / "kidney-organoid-light-sheet.xlsx"
SOURCE = "lab.xlsx"


def proposals() -> list[Proposal]:
    """Something new, something confirmed (otherwise spelled), something that differs."""
    tables = pipeline.read(STUDY).tables
    assert tables is not None
    name = tables["image_acquisition"].frame["name"].iloc[0]
    organisation = tables["organisations"].frame.iloc[0]
    return [
        Proposal("image_acquisition", (name,), "temperature", "37", SOURCE, "A1"),
        Proposal("image_acquisition", (name,), "detector", "PCO.edge", SOURCE, "A2"),
        Proposal("organisations", (organisation["name"],), "country", organisation["country"].upper(), SOURCE, "A3"),
        Proposal("study", None, "license", "MIT", SOURCE, "A4"),
    ]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = pipeline.fill(STUDY.read_bytes(), Known(proposals()))
    assert [e.state for e in made.merged.entries].count(State.DIFFERS) == 1
    path = tmp_path_factory.mktemp("score") / "filled.xlsx"
    path.write_bytes(made.content)
    return path


def counted(path: Path) -> tuple[int, int]:
    made = pipeline.score(pipeline.read(path))
    assert not isinstance(made, str)
    return int(made.correctness["values_filled_in"]), int(made.correctness["values_confirmed"])


def edited(filled: Path, target: Path, edit: Any) -> Path:
    book: Any = openpyxl.load_workbook(filled)
    edit(book)
    book.save(target)
    return target


def test_filled_and_confirmed_values_are_counted_and_differing_ones_are_not(filled: Path) -> None:
    assert counted(filled) == (2, 1)


def test_a_value_that_was_changed_since_counts_no_more(filled: Path, tmp_path: Path) -> None:
    def edit(book: Any) -> None:
        sheet = book["Image acquisition"]
        cell = next(c for row in sheet.iter_rows(min_row=6) for c in row if c.value in (37, "37"))
        cell.value = 25

    assert counted(edited(filled, tmp_path / "edited.xlsx", edit)) == (1, 1)


def test_rows_that_were_moved_are_found_and_none_is_counted_twice(filled: Path, tmp_path: Path) -> None:
    def edit(book: Any) -> None:
        for title in ("Image acquisition", "Organisations"):
            sheet = book[title]
            moved = [c.value for c in sheet[6]]
            for n, value in enumerate(moved, 1):
                sheet.cell(40, n).value = value
                sheet.cell(6, n).value = None
        sheet = book["Image acquisition"]
        temperature = next(c.column for c in sheet[40] if c.value in (37, "37"))
        sheet.cell(41, temperature).value = sheet.cell(40, temperature).value

    assert counted(edited(filled, tmp_path / "moved.xlsx", edit)) == (2, 1)


def test_text_json_and_page_say_it(filled: Path) -> None:
    def run(*args: str) -> str:
        return str(CliRunner().invoke(cli, [*args]).stdout)

    said = "3 of "
    assert f"Checked against a source: {said}" in run("score", str(filled))
    found = json.loads(run("score", str(filled), "--format", "json"))["workbooks"][0]["correctness"]
    assert (found["values_filled_in"], found["values_confirmed"]) == (2, 1) and found["values"] > 50
    page = pipeline.page(pipeline.check(pipeline.read(filled)))
    assert f"Checked against a source: {said}" in page and "2 filled in from it and 1 confirmed by it" in page


def test_a_workbook_without_the_list_says_nothing_of_it() -> None:
    made = pipeline.score(pipeline.read(STUDY))
    assert not isinstance(made, str) and "values" not in made.correctness


def test_filling_again_does_not_change_what_is_counted(filled: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.xlsx"
    again.write_bytes(pipeline.fill(filled.read_bytes(), Known(proposals())).content)
    assert counted(again) == (2, 1) and again.read_bytes() == filled.read_bytes()
