"""Paths with the strokes of other keyboards, and with a drive whose stroke is missing."""

from pathlib import Path

import pytest

from tests import support
from tests.disk.made import check, files, folder

DISK = {"Scans/week 3/slide_07.czi": 3, "Scans/week 3/slide_08.czi": 3, "Notes／old/a.txt": 1}
WIDE = {n: n + 0xFEE0 for n in range(0x21, 0x7F)}
RIGHT = "Scans/week 3/slide_07.czi"


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder(tmp_path_factory.mktemp("strokes"), DISK)


@pytest.mark.parametrize("stroke", "／∕⁄⧸＼∖")
def test_another_stroke_is_the_stroke_where_one_file_fits(disk: Path, stroke: str) -> None:
    for typed in (RIGHT.replace("/", stroke), stroke + RIGHT.replace("/", stroke)):
        found = [f for f in check(support.study(Files=files(typed)), disk) if f.sheet == "Files" and f.suggestions]
        assert [f.suggestions for f in found] == [(RIGHT,)]


@pytest.mark.parametrize("typed", [RIGHT.translate(WIDE), "D:slide_07.czi", "z:Scans/week 3/slide_07.czi"])
def test_wide_signs_and_bare_drives(disk: Path, typed: str) -> None:
    found = [f for f in check(support.study(Files=files(typed)), disk) if f.sheet == "Files" and f.suggestions]
    assert [f.suggestions for f in found] == [(RIGHT,)]


def test_a_name_that_holds_such_a_stroke_stays(disk: Path) -> None:
    found = check(support.study(Files=files("Notes／old/a.txt")), disk)
    assert not [f for f in found if f.code.startswith(("DISK-MISSING", "DISK-ABOVE", "DISK-CASE", "PATH"))]


def test_a_drive_is_a_path_of_a_computer_without_the_folder_too() -> None:
    assert [f.code for f in check(support.study(Files=files("E:slide.czi")), None) if f.code.startswith("PATH")] == [
        "PATH-COPIED"
    ]
