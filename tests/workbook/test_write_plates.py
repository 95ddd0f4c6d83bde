"""The sheet of plate maps of a blank workbook: drawn, read as blank, filled in, kept by `add`."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from rembi_sheets import pipeline
from rembi_sheets.cli import cli
from rembi_sheets.plates import PLATES
from rembi_sheets.schema import load, select
from rembi_sheets.workbook import platemap
from rembi_sheets.workbook.layout import plan
from rembi_sheets.workbook.look import look
from tests import workbooks
from tests.workbook.xlsx import Xlsx, typed
from tests.workbooks import opened

SCHEMA = load()
SIZES = [96, 384, 1536]
TITLE = look().words["plate_map"]


def screen(wells: int | None = None) -> bytes:
    return workbooks.blank("screen", wells=wells)


@pytest.mark.parametrize("wells", SIZES)
def test_each_map_has_its_numbers_and_letters(wells: int) -> None:
    rows, columns = next(p for p in PLATES if p[0] * p[1] == wells)
    sheet = opened(screen(wells))[TITLE]
    made = platemap.layout(plan(SCHEMA, select(SCHEMA, "screen"), wells=wells))
    assert len(made.tops) == look().plates["maps"]
    for top in made.tops:
        assert [c.value for c in sheet[top + 2]] == [None, *range(1, columns + 1)]
        assert sheet.cell(top + 3, 1).value == "A"
        assert sheet.cell(top + 2 + rows, 1).value == {96: "H", 384: "P", 1536: "AF"}[wells]
    assert sheet["B7"].number_format == "@"


def test_only_a_screen_draws_plates_unasked() -> None:
    for profile in SCHEMA.profiles:
        titles = Xlsx(workbooks.blank(profile.name)).sheets
        assert (TITLE in titles) == (profile.name == "screen")
    assert TITLE in Xlsx(workbooks.blank("light", wells=96)).sheets


def test_wells_of_profiles_are_those_of_a_plate() -> None:
    sizes = {rows * columns for rows, columns in PLATES}
    assert {p.wells for p in SCHEMA.profiles} <= sizes | {0}
    assert set(SIZES) <= sizes


def test_headings_are_chosen_among_those_of_files() -> None:
    made = opened(screen())
    (chosen,) = made[TITLE].data_validations.dataValidation
    assert "A5" in str(chosen.sqref).split()
    title, cells = chosen.formula1.split("!")
    assert title.strip("'") == "Files" and chosen.type == "list" and not chosen.showErrorMessage
    offered = [c.value for line in made["Files"][cells.replace("$", "")] for c in line if c.value]
    assert {"Compound Name", "Experimental status", "Quality Control"} <= set(offered)
    assert not {"Path", "Plate", "Well"} & set(offered)


def _checked(made: bytes, folder: Path) -> pipeline.Workbook:
    path = folder / "study.xlsx"
    path.write_bytes(made)
    return pipeline.read(path)


@pytest.mark.parametrize("wells", SIZES)
def test_a_blank_sheet_gives_no_finding(wells: int, tmp_path: Path) -> None:
    back = _checked(screen(wells), tmp_path)
    assert [f for f in back.findings if f.sheet == TITLE] == []


def _filled(made: bytes, cells: dict[str, Any]) -> bytes:
    """Two plates in the sheet of files, and `cells` in that of plate maps."""
    xlsx = Xlsx(made)
    heads = {label: xlsx.find("Files", label).removesuffix("5") for label in ("Path", "Plate", "Well")}
    files = {
        f"{heads[label]}{row}": value
        for row, plate in ((6, "k1"), (7, "k2"))
        for label, value in (("Path", f"{plate}.zarr"), ("Plate", plate), ("Well", "A1:P24"))
    }
    return typed(typed(made, "Files", files), TITLE, cells)


def test_what_is_drawn_goes_into_files(tmp_path: Path) -> None:
    second = platemap.layout(plan(SCHEMA, select(SCHEMA, "screen"))).tops[1]
    compounds = {"A5": "Compound Name", "B5": "k2", "B7": "DMSO", "Y22": "taxol"}
    made = _filled(screen(384), {**compounds, f"A{second + 1}": "Dose", f"B{second + 3}": "5"})
    back = _checked(made, tmp_path)
    assert [f for f in back.findings if f.sheet == TITLE] == []
    assert back.tables is not None
    files = back.tables["files"].frame
    said = {(p, w): c for p, w, c in zip(files["plate"], files["well"], files["own:Compound Name"], strict=True) if c}
    assert said == {("k2", "A1"): "DMSO", ("k2", "P24"): "taxol"}
    doses = {(p, w) for p, w, c in zip(files["plate"], files["well"], files["own:Dose"], strict=True) if c}
    assert doses == {("k1", "A1"), ("k2", "A1")}


@pytest.mark.parametrize("plates", [None, "k1"])
def test_values_without_a_heading_are_told_at_its_cell(plates: str | None, tmp_path: Path) -> None:
    back = _checked(_filled(screen(), {"B5": plates, "C8": "DMSO"}), tmp_path)
    assert [(f.code, f.addresses) for f in back.findings if f.sheet == TITLE] == [("PLATE-MAP-HEADING", ("A5",))]


def test_the_framed_cell_is_the_heading_that_is_missing() -> None:
    rules = {str(r.sqref): [x.formula for x in r.rules] for r in opened(screen())[TITLE].conditional_formatting}
    assert rules["A5"] == [["AND(LEN($A$5)=0,COUNTA($B$7:$Y$22)>0)"]]


def test_add_keeps_what_is_drawn_and_brings_the_sheet_to_a_workbook_without(tmp_path: Path) -> None:
    made = _filled(screen(96), {"A5": "Compound Name", "M14": "taxol", "A18": "Dose"})
    copy = load_workbook(io.BytesIO(pipeline.widen(_checked(made, tmp_path), level="full").content))
    assert copy.sheetnames.count(TITLE) == 1
    assert copy[TITLE]["M14"].value == "taxol" and copy[TITLE]["A5"].value == "Compound Name"
    assert copy[TITLE]["M6"].value == 12 and copy[TITLE]["A14"].value == "H"
    assert copy[TITLE].freeze_panes == "B3"
    assert copy[TITLE].data_validations.dataValidation

    path = tmp_path / "light.xlsx"
    path.write_bytes(workbooks.blank("light"))
    light = pipeline.read(path)
    assert TITLE not in Xlsx(pipeline.widen(light, archives=("empiar",)).content).sheets
    assert TITLE in Xlsx(pipeline.widen(light, profile="screen").content).sheets


def test_the_command_draws_plates_of_the_size_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    assert CliRunner().invoke(cli, ["new", str(path), "--profile", "screen", "--wells", "96"]).exit_code == 0
    assert load_workbook(path)[TITLE].max_column == 13
    answer = CliRunner().invoke(cli, ["new", str(path), "--wells", "100", "--force"])
    assert answer.exit_code == 2 and "384" in answer.output
