"""What was typed against what headers say, beyond the cases: rounding, other units, many files, the command."""

from __future__ import annotations

import dataclasses
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from rembi_sheets.checks import headers
from rembi_sheets.cli import cli
from rembi_sheets.examples import workbook_bytes
from rembi_sheets.harvest import readers
from rembi_sheets.harvest.folder import harvest
from rembi_sheets.schema import load
from tests.cases.base import GOOD
from tests.cases.harness import header
from tests.harvest import folders, written
from tests.support import submission
from tests.workbook.bad_files import good

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


@pytest.mark.parametrize(("typed", "told", "found"), [
    ("uncompressed", "none", 0), ("zip", "deflate", 0), ("deflate", "", 0), (None, "LZW", 0), ("none", "LZW", 1),
    ("JPEG", "JPEG (lossy)", 0), ("JPEG 2000", "JPEG (lossy)", 1),
])  # fmt: skip
def test_compression_is_compared_by_what_its_names_mean(typed: str | None, told: str, found: int) -> None:
    made = compared({"light/a.tif": LIGHT | {"compression": told}}, compression=typed)
    assert [f.code for f in made.findings if f.column == "Compression"] == ["HEADER-DIFFERS"] * found


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


@pytest.mark.parametrize(
    ("unit", "pixels", "found"),
    [
        ("µm", ("0.5 µm", "0.5 µm", "0.25 µm"), ["light/c.tif of 0.25 µm; most have 0.5 µm"]),
        ("nm", ("500 nm", "0.5 µm", "0.5 mm"), ["light/c.tif of 500000 nm; most have 500 nm"]),
        ("µm", ("0.5 µm", "0.5001 µm", "500 nm"), []),
        ("µm", ("0.5 µm", "0.5 µm", ""), []),
        ("", ("0.5 µm", "0.5 µm", "0.25 µm"), []),  # no size is typed that could be wrong
    ],
)
def test_files_of_another_pixel_size_in_a_row_are_found(unit: str, pixels: tuple[str, ...], found: list[str]) -> None:
    told = {f"light/{n}.tif": LIGHT | ({"pixel": p} if p else {}) for n, p in zip("abc", pixels, strict=True)}
    first, *rest = GOOD["Image data"]
    typed = {f"Pixel/voxel size - {a}": (0.5 if unit == "µm" else 500) if unit else None for a in "XY"}
    typed |= {"Folder or file pattern": "light/", "Pixel/voxel size unit": unit or None}
    sub = submission(GOOD | {"Image data": [first | typed, *rest]})
    made = headers.check(sub, [header(path, said) for path, said in told.items()])
    odd = [f for f in made.findings if f.code == "HEADER-OTHER-PIXEL"]
    assert len(odd) == len(found) and all(end in f.message for f, end in zip(odd, found, strict=True))


@pytest.mark.parametrize(
    ("column", "typed", "told", "agree"),
    [
        ("immersion", "air", "Oil", False),
        ("immersion", "silicone oil", "Oil", True),
        ("immersion", "dry", "Air", True),
        ("immersion", "Immersol 518", "Oil", None),  # words of one's own are nobody's mistake
        ("detector_mode", "counting", "super-resolution", False),
        ("microscope", "Thermo Fisher Krios", "FEI Titan Krios", True),
        ("microscope", "FEI Talos Arctica", "FEI Tecnai F20", True),
        ("microscope", "FEI Titan Krios", "Zeiss LSM 880", False),
        ("microscope", "FEI Titan Krios", "TITAN52336320", None),
        ("total_dose", "40", "39.92", True),
        ("tilt_axis_angle", "-86.5", "86.5", False),
    ],
)
def test_words_of_lists_are_compared_where_both_are_in_the_list(
    column: str, typed: str, told: str, agree: bool | None
) -> None:
    both = headers._both(load()["image_acquisition"][column], typed, told)
    assert (both and both.agree) is agree


def test_tilts_are_counted(tmp_path: Path) -> None:
    data = folders.lay(tmp_path, folders.tilt_series(2))
    first, *rest = GOOD["Image data"]
    typed = {"Folder or file pattern": "TS_*", "Dimension extents - tilts or views": 41}
    sub = submission(GOOD | {"Image data": [first | typed, *rest]})
    made = headers.check(sub, list(harvest(data).items))
    told = [f.message for f in made.findings if f.column == "Dimension extents - tilts or views"]
    assert len(told) == 1 and "“41” was typed" in told[0] and "says “5”" in told[0]


def test_the_command_reads_the_headers_where_it_is_asked_to(tmp_path: Path) -> None:
    (tmp_path / "study.xlsx").write_bytes(workbook_bytes("red-blood-cells"))
    data = folders.lay(tmp_path / "data", {"a.ome.tif": written.tiff(1)})
    runner = CliRunner()
    asked = ["check", str(tmp_path / "study.xlsx"), "--headers"]
    assert "--data" in runner.invoke(cli, asked).stderr
    assert runner.invoke(cli, [*asked, "--data", str(data), "--quiet"]).exit_code in (0, 1)
    shown = runner.invoke(cli, ["score", str(tmp_path / "study.xlsx"), "--data", str(data), "--headers"]).stdout
    assert "0 cells confirmed by headers" in shown


def test_the_score_names_what_was_not_read_and_what_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "study.xlsx").write_bytes(good())
    data = folders.lay(tmp_path / "data", {"light/a.tif": written.tiff(), "light/b.tif": written.tiff()[:20]})
    asked = ["score", str(tmp_path / "study.xlsx"), "--data", str(data), "--headers"]
    shown = CliRunner().invoke(cli, asked).stdout
    assert "1 of its files cannot be read, such as light/b.tif" in shown and "pip install" not in shown
    monkeypatch.setattr(readers.Reader, "lacks", property(lambda reader: reader.name == "tiff"))
    shown = CliRunner().invoke(cli, asked).stdout
    assert "2 of its files are not compared" in shown and "pip install 'rembi-sheets[harvest]'" in shown
    told = json.loads(CliRunner().invoke(cli, [*asked, "--format", "json"]).stdout)["workbooks"][0]
    assert len(told["unread"]) == 1
    assert "unread" not in CliRunner().invoke(cli, [*asked[:4], "--format", "json"]).stdout
