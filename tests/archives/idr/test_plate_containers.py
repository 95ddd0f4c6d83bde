"""The one path IDR imports for a plate whose images lie in many files."""

from __future__ import annotations

from typing import Any

from rembi_sheets.archives import package
from rembi_sheets.submission import Submission
from tests.archives.idr.studies import files, screen, well
from tests.support import TODAY

idr = package("idr")

COMPONENT = "Primary screen"
WELLS = [
    well(plate, name, "DMSO", Path=f"{plate}/{name}.tiff") for plate in ("plate1", "plate2") for name in ("A1", "A2")
]


def other(path: str) -> dict[str, Any]:
    return {"Path": path, "Study component": COMPONENT}


def plates(found: Submission) -> list[str]:
    lines = files(found)["screenA/idr0000-screenA-plates.tsv"].splitlines()
    return [line.split("\t")[1].partition("YYYYMMDD-upload/")[2].removeprefix("organoid_study/") for line in lines]


def asked(found: Submission) -> list[tuple[str, ...]]:
    return [f.addresses for f in idr.check(found, TODAY) if f.code == "IDR-PLATE-FILES"]


def test_a_file_that_describes_the_plate_is_its_container() -> None:
    found = screen(Files=[*WELLS, other("plate1/experiment_descriptor.xml"), other("plate2/Plate2.XDCE")])
    assert plates(found) == ["plate1/experiment_descriptor.xml", "plate2/Plate2.XDCE"]
    assert asked(found) == []


def test_without_one_the_common_folder_is_written_and_asked_about() -> None:
    found = screen(Files=[*WELLS, other("plate1/readme.txt"), other("experiment_descriptor.xml")])
    assert plates(found) == ["plate1", "plate2"]
    assert len(asked(found)) == 2


def test_two_such_files_in_a_plate_leave_it_open() -> None:
    found = screen(Files=[*WELLS, other("plate1/a.xml"), other("plate1/b.xml"), other("plate2/b.xml")])
    assert plates(found) == ["plate1", "plate2/b.xml"]
    assert len(asked(found)) == 1


def test_a_plate_in_one_file_keeps_it() -> None:
    one = [well("plate1", name, "DMSO", Path="plate1/all.ome.tiff") for name in ("A1", "A2")]
    found = screen(Files=[*one, other("plate1/all.companion.ome")])
    assert plates(found) == ["plate1/all.ome.tiff"]
    assert asked(found) == []
