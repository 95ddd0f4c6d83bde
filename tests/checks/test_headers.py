"""What was typed against what headers say, beyond the cases: rounding, other units, many files, the command."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from rembi_sheets.checks import headers
from rembi_sheets.cli import cli
from rembi_sheets.examples import workbook_bytes
from tests.cases.base import GOOD
from tests.cases.harness import header
from tests.harvest import folders, written
from tests.support import submission

LIGHT = {"sizes": {"C": 2, "Y": 500, "X": 1000}, "type": "uint16"}


def compared(told: dict[str, Any], **typed: Any) -> headers.Compared:
    sub = submission(GOOD)
    image = dataclasses.replace(sub.image_data[0], **typed)
    sub = dataclasses.replace(sub, image_data=(image, *sub.image_data[1:]))
    return headers.check(sub, [header(path, said) for path, said in told.items()])


@pytest.mark.parametrize(
    ("typed", "unit", "stored", "code"),
    [
        ("0.091", "µm", "0.0905767 µm", ""),
        ("91", "nm", "0.0905767 µm", ""),
        ("0.0905767", "µm", "90.5767 nm", ""),
        ("90.58", "µm", "0.0905767 µm", "HEADER-UNIT"),
        ("0.091", "Å", "0.0905767 µm", "HEADER-UNIT"),
        ("1.06", "Å", "0.53 Å", "HEADER-BINNED"),
        ("0.53", "Å", "0.212 nm", "HEADER-BINNED"),
        ("3", "µm", "0.0905767 µm", "HEADER-DIFFERS"),
    ],
)
def test_pixel_sizes(typed: str, unit: str, stored: str, code: str) -> None:
    made = compared({"light/a.tif": LIGHT | {"pixel": stored}}, pixel_size_x=Decimal(typed), pixel_size_unit=unit)
    found = [f.code for f in made.findings if f.column == "Pixel/voxel size - X"]
    assert found == ([code] if code else [])


def test_cells_that_agree_are_counted_and_nothing_is_found() -> None:
    told = {p: LIGHT | {"pixel": "500 nm"} for p in ("light/a.tif", "light/b.tif")}
    made = compared(told)
    assert made.findings == []
    assert made.confirmed == 8  # X, Y, C; pixel size of X and Y; format, pixel type, number of images


def test_files_of_another_row_or_of_none_are_not_compared() -> None:
    other = LIGHT | {"sizes": {"Y": 7, "X": 9}}
    assert compared({"elsewhere/a.tif": other, "b.tif": other}).findings == []


def test_the_most_files_speak_for_a_row() -> None:
    told = {"light/a.tif": LIGHT | {"sizes": {"Y": 7, "X": 9}}, "light/b.tif": LIGHT, "light/c.tif": LIGHT}
    first, *rest = GOOD["Image data"]
    sub = submission(GOOD | {"Image data": [first | {"Folder or file pattern": "light/"}, *rest]})
    made = headers.check(sub, [header(path, said) for path, said in told.items()])
    assert [(f.code, f.value) for f in made.findings if f.code == "HEADER-OTHER-SIZE"] == [
        ("HEADER-OTHER-SIZE", "Stacks")
    ]
    assert not [f for f in made.findings if f.code in ("HEADER-SWAPPED", "HEADER-DIFFERS")]


def test_the_command_reads_the_headers_where_it_is_asked_to(tmp_path: Path) -> None:
    (tmp_path / "study.xlsx").write_bytes(workbook_bytes("red-blood-cells"))
    data = folders.lay(tmp_path / "data", {"a.ome.tif": written.tiff(1)})
    runner = CliRunner()
    asked = ["check", str(tmp_path / "study.xlsx"), "--headers"]
    assert "--data" in runner.invoke(cli, asked).stderr
    assert runner.invoke(cli, [*asked, "--data", str(data), "--quiet"]).exit_code in (0, 1)
    shown = runner.invoke(cli, ["score", str(tmp_path / "study.xlsx"), "--data", str(data), "--headers"]).stdout
    assert "0 cells confirmed by headers" in shown
