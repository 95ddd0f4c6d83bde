"""From a folder to what archives take: one command, nothing of the images typed.

A study is begun (who, what, one component, one specimen), and `new --from begun.xlsx --all --data FOLDER` makes of it a
workbook that checks and converts. REMBI_SHEETS_MOVIES sets how many movies a session has, as in test_images.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from rembi_sheets.cli import cli
from tests import checkers
from tests.fill.test_images import BOTH, FOLDERS, SETS, TAKEN, _told, started
from tests.fill.test_plates import SCREEN
from tests.harvest import folders
from tests.support import LONG, TODAY

PROFILES = {"light": "light", "plate": "screen"}
ARCHIVES = TAKEN | {"plate": ("idr", "bioimage-archive")}
LAID = FOLDERS | {"plate": folders.operetta(rows=16, columns=24, listed=True)}
TRIED = tuple(LAID) if LONG else ("plate",)


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REMBI_SHEETS_TODAY", TODAY.isoformat())


def run(*args: str | Path, allowed: tuple[int, ...] = (0,)) -> str:
    done = CliRunner().invoke(cli, [str(a) for a in args])
    assert done.exit_code in allowed, done.output[-3000:]
    return done.stdout


def typed(path: Path, sheets: Mapping[str, Any]) -> Path:
    """A blank workbook into which a person typed this: fields of the form Study beside their labels, rows below."""
    file: Any = openpyxl.load_workbook(path)
    for title, rows in sheets.items():
        sheet = file[title]
        places = {str(c.value).rstrip(" *"): c for line in sheet.iter_rows(max_row=120) for c in line if c.value}
        for below, row in enumerate([rows] if isinstance(rows, dict) else rows, start=1):
            for label, value in row.items():
                if label in places:  # a workbook for one archive has no fields of another
                    step = (0, 1) if isinstance(rows, dict) else (below, 0)
                    places[label].offset(*step).value = value
    file.save(path)
    return path


@checkers.needs_shared
@pytest.mark.parametrize("name", TRIED)
def test_a_folder_becomes_a_study_with_one_command(name: str, tmp_path: Path) -> None:
    data = folders.lay(tmp_path / "data", LAID[name])
    profile, archives = PROFILES.get(name, "cryo"), ARCHIVES.get(name, BOTH)
    choice = ("--profile", profile, *(a for archive in archives for a in ("--archive", archive)), "--level", "full")
    study = started()
    if name == "plate":
        study["Study components"][0] |= SCREEN
    run("new", tmp_path / "begun.xlsx", *choice, "--rows", "20")
    begun = typed(tmp_path / "begun.xlsx", study)

    made = tmp_path / "study.xlsx"
    run("new", made, *choice, "--from", begun, "--all", "--data", data, "--accept-guesses")

    run("check", made, "--data", data, "--headers")
    run("convert", made, "--data", data, "--output", tmp_path / "out", *(a for x in archives for a in ("--to", x)))
    home = tmp_path / "out"
    if "bioimage-archive" in archives:
        checkers.bioimage_archive(home / "bioimage-archive")
    if "empiar" in archives:
        checkers.empiar(home / "empiar")
        sets = json.loads((home / "empiar/deposition.json").read_text("utf-8"))["imagesets"]
        assert [_told(s) for s in sets] == SETS[name]
    if "idr" in archives:
        (annotation,) = (home / "idr").rglob("*annotation.csv")
        with annotation.open(encoding="utf-8", newline="") as lines:
            assert len({row["Well"] for row in csv.DictReader(lines)}) == 384
