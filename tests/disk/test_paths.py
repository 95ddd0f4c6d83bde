"""What people paste as a path: which fault it has, and what it means below the data folder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from rembi_sheets import paths
from rembi_sheets.inventory import Listing, scan
from rembi_sheets.paths import Fault
from rembi_sheets.repair import repairs
from rembi_sheets.schema import Format, load
from tests import support
from tests.disk.made import by_pattern, check, codes, files, folder

FORMATS = load().formats
PATH, PATTERN, RESULT, ROOT = (FORMATS[n] for n in ("path", "path_pattern", "result_path", "data_folder"))
DISK = Listing(Path("organoid_study"), {"raw/day1/a.tif": 1, "raw/day2/a.tif": 1, "raw/day1/b.tif": 1, "c.tif": 1})
PASTED = [
    '"D:\\microscope\\organoid_study\\raw\\day1\\b.tif"',
    "D:\\microscope\\Organoid_Study\\raw\\day1\\b.tif",
    "\\\\server\\share\\organoid_study\\raw\\day1\\b.tif",
    "//server/share/organoid_study/raw/day1/b.tif",
    "\\\\?\\C:\\data\\organoid_study\\raw\\day1\\b.tif",
    "/Users/jo/Desktop/organoid_study/raw/day1/b.tif",
    "/Volumes/Disk/moved/raw/day1/b.tif",
    "'/home/jo/organoid_study/raw/day1/b.tif'",
    "~/organoid_study/raw/day1/b.tif",
    "file:///C:/data/organoid%5Fstudy/raw/day1/b.tif",
    "file:///home/jo/organoid_study/raw/day1/b.tif",
    "smb://server/share/organoid_study/raw/day1/b.tif",
    "“raw/day1/b.tif”",
    "„raw\\day1\\b.tif“",
    "raw\\day1\\b.tif",
    "organoid_study\\raw\\day1\\b.tif",
]


def mended(sheets: dict[str, Any], disk: Listing | None = None) -> list[object]:
    """The new values that `fix` gives to cells of Files."""
    return [new for change, new in repairs(support.book(sheets), disk=disk) if change.place.sheet == "Files"]


@pytest.mark.parametrize("text", PASTED)
def test_a_pasted_path_means_the_file_below_the_data_folder(text: str) -> None:
    assert paths.fault(text, PATH) is Fault.COPIED
    assert paths.meant(text, PATH, DISK) == paths.Meant("raw/day1/b.tif", True)
    assert not paths.is_plain(["raw/x.tif", text])


def test_what_fits_two_files_is_not_guessed() -> None:
    assert paths.meant("D:\\x\\a.tif", PATH, DISK).path == ""
    two = Listing(Path("d"), {"a.tif": 1, "raw/a.tif": 1})
    assert not paths.meant("D:\\x\\raw\\a.tif", PATH, two).sure
    assert paths.meant("D:\\d\\raw\\a.tif", PATH, two) == paths.Meant("raw/a.tif", True)
    other_folder = paths.meant("D:\\x\\processed\\b.tif", PATH, DISK)
    assert other_folder == paths.Meant("raw/day1/b.tif", False)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("D:\\organoid_study\\raw\\day1\\", "raw/day1/"),
        ('"D:\\old\\raw\\day2\\*.tif"', "raw/day2/*.tif"),
        ("/Users/jo/organoid_study/raw/", "raw/"),
        ("organoid_study/raw/day1/*.tif", "raw/day1/*.tif"),
    ],
)
def test_folders_and_patterns_are_mended_too(text: str, meant: str) -> None:
    assert paths.meant(text, PATTERN, DISK) == paths.Meant(meant, True)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("https://zenodo.org/records/1/files/a.tif", Fault.ADDRESS),
        ("s3://bucket/a.zarr", Fault.ADDRESS),
        ("www.example.org/a.tif", Fault.ADDRESS),
        ("raw/organoid_*.czi", Fault.WILDCARD),
        ("raw/organoid_?.czi", Fault.WILDCARD),
        ("raw/a.tif\traw/b.tif", Fault.SIGN),
        ("a//b", Fault.DOUBLED),
        ("./a", Fault.PARTS),
        ("a/./b", Fault.PARTS),
        ("a/../b", Fault.PARTS),
        ("..", Fault.PARTS),
        ("a/b.zarr/", Fault.FOLDER),
        ("/a", Fault.COPIED),
        ("C:/a", Fault.COPIED),
        ("a'b.tif", None),
        ("d'Arc/o'Neill.tif", None),
        ("10:30 a.tif", None),
        (".hidden/..a/b..tif", None),
        ("µ & ~/c~1.tif", None),
    ],
)
def test_each_fault_has_a_name(text: str, kind: Fault | None) -> None:
    assert paths.fault(text, PATH) is kind
    if kind is not None:
        assert not paths.is_plain([text])


def test_a_result_may_be_an_address_and_a_pattern_end_with_a_slash() -> None:
    assert paths.fault("https://example.org/t.csv", RESULT) is None
    assert paths.fault("tracks/", PATTERN) is paths.fault("tracks/*/t.csv", RESULT) is None
    assert paths.fault("https://example.org/", PATTERN) is Fault.ADDRESS
    assert paths.fault("organoid_study/", ROOT) is Fault.FOLDER
    assert paths.meant("D:\\data\\organoid_study", ROOT).path == "organoid_study"


@pytest.mark.parametrize("form", [PATH, PATTERN])
def test_what_the_pattern_of_the_form_refuses_has_a_fault(form: Format) -> None:
    refused = ["/a", "./a", "../a", "a/../b", "a\\b", "a\tb", "a\nb"] + (["a/"] if form is PATH else [])
    for text in refused:
        assert re.fullmatch(form.pattern, text) is None and paths.fault(text, form) is not None, text


def test_a_column_of_pasted_paths_is_one_finding_and_fix_mends_it(tmp_path: Path) -> None:
    data = folder(tmp_path / "organoid_study", {f"raw/{n:02}.tif": 1 for n in range(24)})
    sheets = support.study(Files=files(*(f'"E:\\exp\\organoid_study\\raw\\{n:02}.tif"' for n in range(24))))
    (found,) = [f for f in check(sheets, data) if f.severity == "error"]
    assert (found.code, found.addresses, found.suggestions) == ("PATH-COPIED", ("A6:A29",), ("raw/00.tif",))
    assert "(24 in this column)" in found.message and "fix" in found.fix
    assert codes(check(sheets, data), "DISK-") == []
    (without,) = [f for f in check(sheets, None) if f.severity == "error"]
    assert without.code == "PATH-COPIED" and without.suggestions == ("raw/00.tif",)  # the sheet Study names the folder
    assert mended(sheets, scan(data)) == [f"raw/{n:02}.tif" for n in range(24)]
    assert mended(sheets) == []  # without the folder nobody knows


def test_fix_mends_without_the_folder_what_needs_none() -> None:
    sheets = support.study(Files=files('"raw/a.tif"', "raw\\b.tif", "raw//c.tif", "./raw/d.tif", "raw/../e.tif"))
    assert mended(sheets) == ["raw/a.tif", "raw/b.tif", "raw/c.tif", "raw/d.tif"]


def test_fix_mends_paths_that_begin_above_the_data_folder_or_in_another_case(tmp_path: Path) -> None:
    data = folder(tmp_path / "organoid_study", {"Raw/a.tif": 1, "Raw/b.tif": 1, "Raw/c.tif": 1})
    sheets = support.study(Files=files("organoid_study/Raw/a.tif", "raw/b.tif", "Raw/d.tif"))
    assert codes(check(sheets, data), "DISK-") == ["DISK-ABOVE", "DISK-CASE", "DISK-MISSING", "DISK-UNLISTED"]
    assert mended(sheets, scan(data)) == ["Raw/a.tif", "Raw/b.tif"]


@pytest.mark.parametrize("name", ["{}.tif", "day1/{}.tif"])
def test_what_lies_in_a_folder_that_is_not_there_is_asked_for(tmp_path: Path, name: str) -> None:
    """A mask may be called like the image it was made of, and is missing all the same."""
    data = folder(tmp_path / "organoid_study", {name.format(n): 1 for n in range(9)})
    rows = files(*(f"masks/{name.format(n)}" for n in range(9)))
    found = check(support.study(Files=rows), data)
    missing = [(f.code, f.addresses, f.suggestions) for f in found if f.severity == "error"]
    assert missing == [("DISK-FOLDER-MISSING", ("A6:A14",), ())]
    assert mended(support.study(Files=rows), scan(data)) == []


def test_what_the_workbook_calls_its_data_folder_is_that_folder_too(tmp_path: Path) -> None:
    data = folder(tmp_path / "copy", {"raw/a.tif": 1})
    sheets = support.study(Files=files("x/organoid_study/raw/a.tif"))
    assert codes(check(sheets, data), "DISK-") == ["DISK-ABOVE"]
    assert mended(sheets, scan(data)) == ["raw/a.tif"]


@pytest.mark.parametrize(
    ("pattern", "offered"),
    [
        ("raw/img_?.tif", "raw/img_*.tif"),
        ("raw/img_[0-9].tif", "raw/img_*.tif"),
        ("raw/{img,pic}_1.tif", "raw/*_1.tif"),
        ("z/*.zarr/0/", "z/*.zarr"),
        ("z/one.zarr/0/c/", "z/one.zarr"),
        ("z/???.zarr/**", "z/*.zarr"),
        ("z/one.zarr/?/**", "z/one.zarr"),
        ("masks/*.tif", ""),
        ("masks/**", ""),
        ("masks/*/*.tif", ""),
        ("masks/raw/*.tif", "raw/*.tif"),
        ("masks/*.log", "*.log"),
    ],
)
def test_a_pattern_without_files_is_never_mended_to_another(tmp_path: Path, pattern: str, offered: str) -> None:
    inside = {f"raw/img_{n}.tif": 1 for n in range(3)} | {"z/one.zarr/zarr.json": 1, "z/one.zarr/0/c/0": 1, "a.log": 1}
    data = folder(tmp_path / "organoid_study", inside)
    sheets = by_pattern(pattern)
    (found,) = [f for f in check(sheets, data) if f.code == "DISK-PATTERN"]
    assert found.suggestions == ((offered,) if offered else ())
    for suggestions in (False, True):
        assert [c for c, _ in repairs(support.book(sheets), suggestions, scan(data))] == []


def test_equal_mistakes_are_one_finding(tmp_path: Path) -> None:
    data = folder(tmp_path / "d", {f"Raw/{n:02}.tif": 1 for n in range(20)} | {f"em/{n:02}.tiff": 1 for n in range(20)})
    rows = files(*(f"raw/{n:02}.tif" for n in range(20)), *(f"em/{n:02}.tif" for n in range(20)))
    found = [f for f in check(support.study(Files=rows), data) if f.severity == "error"]
    assert [(f.code, f.addresses, f.suggestions) for f in found] == [
        ("DISK-CASE", ("A6:A25",), ("Raw/00.tif",)),
        ("DISK-MISSING", ("A26:A45",), ("em/00.tiff",)),
    ]


@pytest.mark.parametrize(
    ("archive", "severity"), [("bioimage-archive", "error"), ("empiar", "warning"), ("idr", "warning")]
)
def test_a_doubled_slash_is_as_bad_as_the_archive_takes_it(archive: str, severity: str) -> None:
    found = check(support.study(Files=files("raw//a.tif", "raw/b.tif")), None, archive)
    assert [(f.severity, f.addresses) for f in found if f.code == "PATH-PARTS"] == [(severity, ("A6",))]


@pytest.mark.parametrize("archive", ["bioimage-archive", "empiar", "idr"])
def test_the_rule_of_paths_holds_for_every_archive_and_column(archive: str) -> None:
    rows = [{**files("C:/a.tif")[0]}, {**files("https://example.org/b.tif")[0]}, {**files("raw/*.tif")[0]}]
    found = check(support.study(Files=rows, Study={"Thumbnail image": "C:\\thumb.png"}), None, archive)
    expected = [
        ("PATH-ADDRESS", "Files"),
        ("PATH-COPIED", "Files"),
        ("PATH-COPIED", "Study"),
        ("PATH-WILDCARD", "Files"),
    ]
    assert sorted((f.code, f.sheet) for f in found if f.code.startswith("PATH-")) == expected
    pasted = check(by_pattern("C:\\raw\\*.tif"), None, archive)
    assert [(f.sheet, f.column) for f in pasted if f.code == "PATH-COPIED"] == [
        ("Image data", "Folder or file pattern")
    ]


def test_a_file_that_really_is_called_so_has_no_fault(tmp_path: Path) -> None:
    data = folder(tmp_path / "d", {"raw/“a”.tif": 1, "raw/b?.tif": 1, "raw\\c.tif": 1})
    found = check(support.study(Files=files("raw/“a”.tif", "raw/b?.tif", "raw\\c.tif")), data, "idr")
    assert codes(found, "PATH-") == codes(found, "DISK-") == []


def test_many_files_of_another_size_or_in_many_folders_are_one_finding(tmp_path: Path) -> None:
    names = [f"raw/{n:02}.tif" for n in range(20)]
    data = folder(tmp_path / "d", dict.fromkeys(names, 3) | {f"plate{n}/a.tif": 1 for n in range(9)})
    rows = [{**row, "Size (bytes)": 4, "Checksum": "md5:" + "0" * 32} for row in files(*names)]
    found = [f for f in check(support.study(Files=rows), data) if f.code.startswith("DISK-")]
    assert [(f.code, len(f.cells)) for f in found] == [("DISK-UNLISTED", 0), ("DISK-SIZE", 20), ("DISK-CHECKSUM", 20)]
    assert "19 other files" in found[1].message and "9 folders" in found[0].message and "(9)" in found[0].message
