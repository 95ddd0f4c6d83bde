"""`check --data`: the workbook's paths against what lies on disk."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from rembi_sheets.checks import disk
from rembi_sheets.findings import Finding
from rembi_sheets.inventory import scan
from tests import support

ON_DISK = {"stacks/organoid_01.tiff": 10, "stacks/organoid_02.tiff": 20}


def check(inventory: Mapping[str, int] | None, digest: disk.Digest | None = None, **sheets: Any) -> list[Finding]:
    sub = dataclasses.replace(support.submission(support.study(**sheets)), inventory=inventory)
    return disk.check(sub, digest)


def files(*paths: str, **more: Any) -> list[dict[str, Any]]:
    return [{"Path": p, "Image data": "Organoid stacks", **more} for p in paths]


def stacks(**cells: Any) -> list[dict[str, Any]]:
    return [{**support.STUDY["Image data"][0], **cells}]


def test_nothing_is_said_without_a_folder_or_when_all_is_there() -> None:
    assert check(None) == []
    assert check(ON_DISK) == []


def test_a_missing_file_is_named_with_the_nearest() -> None:
    found = check({**ON_DISK, "stacks/organoid_03.tif": 1}, Files=files(*ON_DISK, "stacks/organoid_03.tiff"))
    missing = [f for f in found if f.code == "DISK-MISSING"]
    assert [(f.addresses, f.suggestions) for f in missing] == [(("A8",), ("stacks/organoid_03.tif",))]


@pytest.mark.parametrize(
    ("missing", "there", "offered"),
    [
        ("p/r01c05f01.tiff", "p/r04c05f01.tiff", False),  # another well
        ("p/C07_site2.tif", "p/D07_site2.tif", False),
        ("scan_11.nd2", "scan_17.nd2", False),
        ("wing_left.lif", "wing_left_2.lif", False),
        ("serum_A.czi", "serum_B.czi", False),
        ("wing_left.lif", "wing_right.lif", False),
        ("scan_wt.nd2", "scan_ko.nd2", False),
        ("photograph_3.nd2", "photo_3.nd2", True),
        ("serum_7.czi", "serum_007.czi", True),  # the same number
        ("fibroblsts.czi", "fibroblasts.czi", True),
        ("Fibroblasts Köln.czi", "Fibroblasts_Koln.czi", True),
        ("plate_0815/a.tif", "plate_0816/a.tif", False),
        ("plate 4/a.tif", "plate_4/a.tif", True),
        ("rnd2/a.tif", "archive/rnd2/a.tif", True),  # lies elsewhere
    ],
)
def test_only_what_can_be_a_slip_is_offered_for_a_missing_path(missing: str, there: str, offered: bool) -> None:
    """A file of another number, well or letter is another file."""
    found = [f for f in check({there: 1}, Files=files(missing)) if f.code in ("DISK-MISSING", "DISK-FOLDER-MISSING")]
    assert len(found) == 1
    assert bool(found[0].suggestions) is offered


def test_a_file_that_is_listed_is_no_likely_name_of_another() -> None:
    found = check({"fibroblasts.czi": 1}, Files=files("fibroblasts.czi", "fibroblsts.czi"))
    assert [f.suggestions for f in found if f.code == "DISK-MISSING"] == [()]


def test_a_file_in_another_folder_is_found_by_its_name() -> None:
    found = check({"raw/day1/a.tif": 1, "raw/b.tif": 1}, Files=files("raw/a.tif", "raw/b.tif"))
    assert [f.suggestions for f in found if f.code == "DISK-MISSING"] == [("raw/day1/a.tif",)]


def test_a_difference_in_case_is_an_error_of_its_own() -> None:
    found = check({"Stacks/organoid_01.tiff": 10, "stacks/organoid_02.tiff": 20})
    assert ("DISK-CASE", "Files", "A6") in support.found(found)
    assert "DISK-MISSING" not in {f.code for f in found}


def test_a_missing_folder_is_told_once_for_all_its_paths() -> None:
    found = [f for f in check({"images/a.tif": 1}) if f.severity == "error"]
    assert [(f.code, f.value, f.addresses) for f in found] == [("DISK-FOLDER-MISSING", "stacks", ("A6:A7",))]


def test_many_missing_files_of_a_folder_become_one_finding() -> None:
    found = check({"stacks/other.tif": 1}, Files=files(*(f"stacks/{n}.tif" for n in range(200))))
    missing = [f for f in found if f.code == "DISK-MISSING"]
    assert [f.addresses for f in missing] == [("A6:A205",)]


def test_a_listed_folder_is_there_when_files_lie_in_it() -> None:
    found = check({"stacks/a.zarr/0/0": 1, "stacks/a.zarr/.zattrs": 1}, Files=files("stacks/a.zarr"))
    assert found == []


def test_sizes_are_compared() -> None:
    rows = [{**row, "Size (bytes)": 10} for row in files(*ON_DISK)]
    assert support.found(check(ON_DISK, Files=rows)) == {("DISK-SIZE", "Files", "C7")}


def test_checksums_are_compared_where_they_can_be_computed() -> None:
    asked = []

    def digest(path: str, algorithm: str) -> str | None:
        asked.append((path, algorithm))
        return "0" * 32 if path.endswith("01.tiff") else None

    rows = [{**row, "Checksum": "MD5:" + "f" * 32} for row in files(*ON_DISK)]
    assert support.found(check(ON_DISK, digest, Files=rows)) == {("DISK-CHECKSUM", "Files", "C6")}
    assert asked == [(p, "md5") for p in ON_DISK]
    assert check(ON_DISK, None, Files=rows) == []


def test_checksums_of_files_on_disk(tmp_path: Path) -> None:
    (tmp_path / "stacks").mkdir()
    for name in ON_DISK:
        (tmp_path / name).write_bytes(b"images")
    true = "sha256:" + hashlib.sha256(b"images").hexdigest()
    rows = [{**row, "Checksum": c} for row, c in zip(files(*ON_DISK), (true, "md5:" + "f" * 32), strict=True)]
    assert support.found(check(scan(tmp_path), Files=rows)) == {("DISK-CHECKSUM", "Files", "C7")}
    assert scan(tmp_path).digest("../secret", "md5") is None


def test_unlisted_files_are_counted_by_folder() -> None:
    found = check({**ON_DISK, "stacks/extra.tif": 1, "logs/a.log": 1, "logs/b.log": 1})
    left = {(f.value, f.severity) for f in found if f.code == "DISK-UNLISTED"}
    assert left == {("stacks/extra.tif", "warning"), ("logs/a.log", "warning")}


@pytest.mark.parametrize(
    "path",
    ["file-lists/Organoid time lapse.tsv", "study.xlsx", "study.files.tsv", "results/tracks.csv", "overview.png"],
)
def test_what_belongs_to_the_workbook_is_not_unlisted(path: str) -> None:
    analysed = [
        {
            "Name": "Tracks",
            "Image data": "Organoid stacks",
            "Analysis method and details": "Tracked.",
            "Result files": "results/*.csv",
        }
    ]
    inventory = {**ON_DISK, "results/other.csv": 1, "overview.png": 1, path: 1}
    found = check(inventory, Analysed_data=analysed, Study={"Thumbnail image": "overview.png"})
    assert found == []


def test_a_pattern_that_finds_nothing_is_an_error() -> None:
    found = check({"stack/a.tif": 1}, Image_data=stacks(**{"Folder or file pattern": "stacks/*.tif"}), Files=[])
    assert ("DISK-PATTERN", "Image data", "H6") in support.found(found)


def test_a_pattern_and_files_that_disagree_are_told() -> None:
    sheets = {"Image_data": stacks(**{"Folder or file pattern": "stacks/"})}
    three = {**ON_DISK, "stacks/organoid_03.tiff": 1}
    assert ("DISK-COUNT", "Image data", "H6") in support.found(check(three, **sheets))
    assert check(ON_DISK, **sheets) == []


def test_result_files_and_thumbnail_must_be_there() -> None:
    analysed = [{"Name": "Tracks", "Image data": "Organoid stacks", "Result files": "tracks.csv; more/*.csv"}]
    found = check(ON_DISK, Analysed_data=analysed, Study={"Thumbnail image": "Overview.png"})
    assert {(f.code, f.value) for f in found} == {
        ("DISK-MISSING", "tracks.csv"),
        ("DISK-PATTERN", "more/*.csv"),
        ("DISK-MISSING", "Overview.png"),
    }


# --- what numbered names tell -----------------------------------------------------------------------------------


def numbered(paths: list[str], extra: tuple[str, ...] = ()) -> set[tuple[str, str]]:
    found = check(dict.fromkeys([*paths, *extra], 1), Files=files(*paths))
    return {(f.code, f.value) for f in found if f.code != "DISK-UNLISTED"}


def test_a_gap_in_a_series_is_told() -> None:
    paths = [f"stacks/tomo_{n:02}.mrc" for n in (1, 2, 3, 5, 6, 7)]
    assert numbered(paths) == {("DISK-GAP", "stacks/tomo_03.mrc")}


def test_a_number_that_lies_on_disk_is_unlisted_and_no_gap() -> None:
    paths = [f"stacks/tomo_{n:02}.mrc" for n in (1, 2, 3, 5, 6, 7)]
    assert numbered(paths, ("stacks/tomo_04.mrc",)) == set()


@pytest.mark.parametrize(
    "numbers",
    [range(1, 9), range(0, 100, 5), (1, 2, 3, 4), (1, 10, 100, 1000, 4000, 7000), (3, 14, 15, 92, 65, 35, 89)],
    ids=["whole", "steps of five", "too short to tell", "no step of its own", "arbitrary"],
)
def test_series_without_a_gap_are_left_alone(numbers: Any) -> None:
    assert numbered([f"stacks/tomo_{n}.mrc" for n in numbers]) == set()


def test_a_gap_in_the_number_before_the_last() -> None:
    paths = [f"stacks/day{n}_z01.tif" for n in (1, 2, 3, 4, 6, 7)]
    assert numbered(paths) == {("DISK-GAP", "stacks/day4_z01.tif")}


def test_a_folder_with_one_file_more() -> None:
    paths = [f"raw/s{s}/f{n}.tif" for s in range(1, 6) for n in range(1, 4)] + ["raw/s3/stray.tif"]
    assert numbered(paths) == {("DISK-ODD-COUNT", "raw/s3")}


def test_folders_of_many_sizes_are_left_alone() -> None:
    assert numbered([f"raw/s{s}/f{n}.tif" for s in range(1, 6) for n in range(1, 2 + s)]) == set()


def test_one_number_in_two_spellings() -> None:
    paths = ["TS_05/frames.mrc", "TS_06/frames.mrc", "TS_5/tomogram.mrc"]
    assert numbered(paths) == {("DISK-SPELLINGS", "TS_5")}


def test_two_specimens_of_one_number() -> None:
    specimens = [
        {"Name": name, "Biosample": "Wild type HeLa", "Preparation method": "Fixed in 4 % PFA and mounted."}
        for name in ("Organoid 1", "Organoid 01", "Organoid 2")
    ]
    assert ("DISK-SPELLINGS", "Specimens", "A7") in support.found(check(ON_DISK, Specimens=specimens))


def test_a_series_found_by_a_pattern_is_looked_at_too() -> None:
    inventory = {f"stacks/tomo_{n:02}.mrc": 1 for n in (1, 2, 3, 5, 6, 7)}
    found = check(inventory, Image_data=stacks(**{"Folder or file pattern": "stacks/"}), Files=[])
    assert support.found(found) == {("DISK-GAP", "Image data", "H6")}


def test_many_files_whose_names_begin_otherwise_are_one_finding() -> None:
    on_disk = {f"raw/img_{n:03}.tif": 1 for n in range(30)}
    found = check(on_disk, Files=files(*(f"raw/image_{n:03}.tif" for n in range(30))))
    missing = [(f.addresses, f.suggestions) for f in found if f.code == "DISK-MISSING"]
    assert missing == [(("A6:A35",), ("raw/img_000.tif",))]


def test_a_file_that_a_path_means_is_not_told_again_as_unlisted() -> None:
    found = check({"raw/a.ome.tif": 1, "raw/b.tif": 1}, Files=files("raw/a.tif"))
    told = [(f.code, f.value) for f in found if f.code in ("DISK-MISSING", "DISK-UNLISTED")]
    assert told == [("DISK-MISSING", "raw/a.tif"), ("DISK-UNLISTED", "raw/b.tif")]
