"""What becomes of files on disk in each archive: folder formats, counts, side files, spelling, empty files, frames."""

from __future__ import annotations

import dataclasses
import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from rembi_sheets.checks import disk
from rembi_sheets.vocabularies import file_names
from tests import support
from tests.disk.made import by_pattern, check, codes, convert, files, folder, stacks, text

ZARRS = {f"cleared/organoid_0{n}.ome.zarr/{f}": 1 for n in (1, 2) for f in (".zattrs", ".zgroup", "0/.zarray", "0/0/0")}
EMPIAR: dict[str, Any] = {
    "Dimension extents - X": 100,
    "Dimension extents - Y": 100,
    "Pixel/voxel size - X": 1,
    "Pixel/voxel size - Y": 1,
    "Pixel/voxel size unit": "Å",
}


def image_set(pattern: str, form: str, data: Path, **cells: Any) -> dict[str, Any]:
    made = convert(by_pattern(pattern, form, **EMPIAR, **cells), data, "empiar")
    assert made.files, [f for f in made.findings if f.severity == "error"]
    (one,) = json.loads(text(made, "deposition.json"))["imagesets"]
    return dict(one)


@pytest.mark.parametrize("pattern", ["cleared/", "cleared/*.ome.zarr", "cleared/*.ome.zarr/", "*/", "cleared/*"])
def test_an_image_in_a_folder_is_one_image_in_every_archive(tmp_path: Path, pattern: str) -> None:
    data = folder(tmp_path / "d", {**ZARRS, "cleared/Thumbs.db": 1})
    zarrs = ["cleared/organoid_01.ome.zarr", "cleared/organoid_02.ome.zarr"]
    sheets = by_pattern(pattern, "OME-Zarr")
    lists = text(convert(sheets, data, "bioimage-archive"), "Organoid time lapse.tsv").splitlines()
    assert [line.split("\t")[0] for line in lists] == ["Files", *zarrs]
    annotation = text(convert(sheets, data, "idr"), "annotation.csv")
    assert annotation.count(".ome.zarr") and [n for n in zarrs if n.rpartition("/")[2] not in annotation] == []
    assert len(annotation.splitlines()) == 3
    assert image_set(pattern, "OME-Zarr", data)["num_images_or_tilt_series"] == 2


def test_a_plate_and_its_rows_in_files(tmp_path: Path) -> None:
    data = folder(tmp_path / "d", {"plate1.ome.zarr/.zgroup": 1, "plate1.ome.zarr/B/2/0/.zattrs": 1})
    rows = [{**f, "Size (bytes)": 2} for f in files("plate1.ome.zarr")]
    assert codes(check(support.study(Files=rows), data), "DISK-") == []
    assert codes(check(support.study(Files=files("plate1.ome.zarr/B/2/0")), data), "DISK-") == []
    wrong = check(support.study(Files=files("plate1.ome.zarr/B/3/0", "plate1.ome.zarr/B/2/0")), data)
    assert [f.value for f in wrong if f.code == "DISK-FOLDER-MISSING"] == ["plate1.ome.zarr/B/3"]


@pytest.mark.parametrize(
    ("form", "names", "number"),
    [
        ("MRC", ["a.mrc", "b.mrc", "a.mrc.mdoc", "b.mrc.mdoc", "b.jpg"], 2),
        ("MRC", ["a.mrc.gz", "b.rec", "a.xml", "gain.dm4", "run.log"], 2),
        ("TIFF", ["a.tif", "b.TIFF", "a.xml", "notes.txt", "map.mrc", "desktop.ini", "c.tif.part"], 2),
        ("EER", ["F1_EER.eer", "F1.xml", "F1.mrc", "gain.gain", ".DS_Store", "._F1_EER.eer"], 1),
        ("IMAGIC", ["a.img", "a.hed"], 1),
        ("BigDataViewer HDF5", ["a.h5", "a.xml"], 1),
        ("VSI", ["a.vsi", "_a_/stack1/f.ets", "_a_/stack2/f.ets"], 1),
        ("OIF", ["a.oif", "a.oif.files/s1.tif", "a.oif.files/s2.tif"], 1),
        ("N5", ["a.n5/attributes.json", "a.n5/0/0", "a.n5/0/1"], 1),
        ("OME-Zarr", ["a.zarr/.zgroup", "b.ome.zarr.zip", "c.ozx"], 3),
        ("DICOM", ["IM001", "IM002", "README.md", "Thumbs.db"], 2),
    ],
)
def test_empiar_counts_files_of_the_format(tmp_path: Path, form: str, names: list[str], number: int) -> None:
    data = folder(tmp_path / "d", {f"raw/{n}": 1 for n in names})
    made = image_set("raw/", form, data, **({"Frames per image": 40} if form == "EER" else {}))
    assert made["num_images_or_tilt_series"] == number
    listed = support.study(
        Image_data=stacks(**{"Format & compression": form, "Frames per image": 1, **EMPIAR}),
        Files=files(*(f"raw/{n}" for n in names if "/" not in n and not n.startswith("."))),
    )
    if not any("/" in n for n in names):
        (one,) = json.loads(text(convert(listed, None, "empiar"), "deposition.json"))["imagesets"]
        assert one["num_images_or_tilt_series"] == number


def test_where_no_file_is_of_the_format_it_is_said(tmp_path: Path) -> None:
    data = folder(tmp_path / "d", {"raw/a.tif": 1, "raw/b.tif": 1, "raw/notes.txt": 1})
    (found,) = [
        f for f in check(by_pattern("raw/", "DM4", **EMPIAR), data, "empiar") if f.code == "EMPIAR-FORMAT-FILES"
    ]
    assert "all 2 " in found.message and ".dm4" in found.message
    assert image_set("raw/", "DM4", data)["num_images_or_tilt_series"] == 2


@pytest.mark.parametrize("typed", ["NFC", "NFD"])
@pytest.mark.parametrize("on_disk", ["NFC", "NFD"])
def test_names_are_written_as_on_disk(tmp_path: Path, typed: str, on_disk: str) -> None:
    def as_typed(name: str) -> str:
        return unicodedata.normalize(typed, name)

    spelled = unicodedata.normalize(on_disk, "größe/organoid_ä1.tif")
    data = folder(tmp_path / "d", {spelled: 1, "größe/b.tif" if on_disk == "NFC" else "c.tif": 1})
    other = next(p for p in ("größe/b.tif", "c.tif") if (data / p).exists())
    sheets = support.study(Files=files(as_typed("größe/organoid_ä1.tif"), other))
    assert codes(check(sheets, data, "idr"), "DISK-") == []
    made = convert(sheets, data, "idr")
    assert f"/{spelled}\t" in text(made, "filePaths.tsv")
    twice = support.study(Files=files(as_typed("größe/organoid_ä1.tif"), spelled, other))
    assert "PATH-TWICE" in codes(check(twice, data, "idr"))
    pattern = by_pattern(as_typed("größe/organoid_ä*"), **EMPIAR)
    assert codes(check(pattern, data, "empiar"), "DISK-P") == []
    (one,) = json.loads(text(convert(pattern, data, "empiar"), "deposition.json"))["imagesets"]
    assert one["directory"].endswith("/" + spelled.partition("/")[0]) and one["num_images_or_tilt_series"] == 1


def test_two_files_that_look_alike_are_told() -> None:
    on_disk = {"raw/\u00e4.tif": 1, "raw/a\u0308.tif": 1}
    sub = dataclasses.replace(support.submission(support.study(Files=files("raw/\u00e4.tif"))), inventory=on_disk)
    (found,) = [f for f in disk.check(sub) if f.code == "DISK-TWINS"]
    assert "(1 in all)" in found.message


def test_empty_files_are_one_warning_a_place(tmp_path: Path) -> None:
    data = folder(tmp_path / "d", {f"raw/{n:02}.tif": n % 2 for n in range(20)} | {"t.csv": 0, "thumb.png": 0})
    rows = support.study(
        Files=files(*(f"raw/{n:02}.tif" for n in range(20))),
        Study={"Thumbnail image": "thumb.png"},
        Analysed_data=[{"Name": "T", "Image data": "Organoid stacks", "Result files": "t.csv"}],
    )
    found = [(f.sheet, f.severity, len(f.cells)) for f in check(rows, data) if f.code == "DISK-EMPTY"]
    assert sorted(found) == [("Analysed data", "warning", 1), ("Files", "warning", 10), ("Study", "warning", 1)]
    (one,) = [f for f in check(by_pattern("raw/"), data) if f.code == "DISK-EMPTY"]
    assert (one.sheet, one.column) == ("Image data", "Folder or file pattern") and "(10 in all)" in one.message


def test_links_that_lead_nowhere_are_told_at_their_cells(tmp_path: Path) -> None:
    data = folder(tmp_path / "d", {"raw/a.tif": 1})
    for name in ("b", "c"):
        (data / f"raw/{name}.tif").symlink_to(tmp_path / "gone.tif")
    (data / "raw/up").symlink_to(data)
    found = check(support.study(Files=files("raw/a.tif", "raw/b.tif")), data)
    told = sorted((f.code, f.severity, f.addresses) for f in found if "LINK" in f.code)
    assert told == [
        ("DISK-LINK-BROKEN", "error", ("A7",)),
        ("DISK-LINK-BROKEN", "warning", ()),
        ("DISK-LINK-CIRCLE", "warning", ()),
    ]


# ---------------------------------------------------------------- frames and particles (EMPIAR)


@pytest.mark.parametrize(
    ("kind", "form", "frames", "code"),
    [
        ("micrographs", "EER", None, "EMPIAR-FRAMES-UNKNOWN"),
        ("processed image", "EER", None, "EMPIAR-FRAMES-UNKNOWN"),
        ("micrographs", "MRCS", None, "EMPIAR-FRAMES-UNKNOWN"),
        ("micrographs", "TIFF", None, "EMPIAR-FRAMES-ASSUMED"),
        ("micrographs", "MRC", None, "EMPIAR-FRAMES-ASSUMED"),
        ("micrographs", "EER", 1, ""),
        ("micrographs", "MRC", 1, ""),
        ("micrographs", "MRCS", 40, ""),
        ("micrographs", "JPEG", None, ""),
        ("primary image", "TIFF", None, ""),
        ("processed image", "MRC", None, ""),
        ("reconstructed volume", "MRC", None, ""),
    ],
)
def test_frames_are_asked_for_where_a_file_may_hold_some(kind: str, form: str, frames: int | None, code: str) -> None:
    cells = {"Type": kind, "Format & compression": form, "Frames per image": frames, **EMPIAR}
    found = check(support.study(Image_data=stacks(**cells)), None, "empiar")
    assert codes(found, "EMPIAR-FRAMES") == ([code] if code else [])
    assert all(f.column == "Frames per image" for f in found if f.code == code)


def test_movies_are_told_of_the_gain_reference() -> None:
    movies = {"Type": "micrographs", "Format & compression": "EER", "Frames per image": 434, **EMPIAR}
    assert "gain reference" in text(
        convert(support.study(Image_data=stacks(**movies)), None, "empiar"), "NEXT-STEPS.md"
    )


@pytest.mark.parametrize("kind", ["picked particles", "picked particles, processed", "class averages"])
@pytest.mark.parametrize("form", ["MRCS", "MRC", "IMAGIC", "TIFF"])
def test_particles_are_not_counted_by_files(kind: str, form: str) -> None:
    cells = {"Type": kind, "Format & compression": form, **EMPIAR}
    found = check(support.study(Image_data=stacks(**cells)), None, "empiar")
    assert codes(found, "EMPIAR-PARTICLES") == ["EMPIAR-PARTICLES"] and not codes(found, "EMPIAR-FRAMES")
    given = check(support.study(Image_data=stacks(**cells, **{"Number of images": 120000})), None, "empiar")
    assert not codes(given, "EMPIAR-PARTICLES") and not codes(given, "EMPIAR-COUNT")


@pytest.mark.parametrize(
    "name",
    ["gain.mrc", "20260101_gainref.mrc", "CountRef_a.mrc", "k3_gain_ref.mrc", "gain_K3_20260101.mrc", "defects.mrc"],
)
def test_the_reference_of_a_detector_is_no_image_of_a_set(name: str) -> None:
    listed = [*(f"raw/a_{n}.mrc" for n in range(4)), "raw/gain-of-function_1.mrc"]
    assert file_names.images("MRC", [*listed, f"raw/{name}"]) == listed
    assert file_names.images("MRC", [f"raw/{name}"]) == [f"raw/{name}"]  # a set of nothing else
    counted = file_names.fits("MRC", [*listed, f"raw/{name}"])
    assert counted[file_names.best(counted)] == len(listed)


@pytest.mark.parametrize(
    "name",
    [
        "System Volume Information",
        "Icon\r",
        "Thumbs (2).db",
        "a.tif:Zone.Identifier",
        "a.czi.aspera-ckpt",
        "x.download",
    ],
)
def test_more_that_systems_leave(name: str) -> None:
    assert file_names.is_left(name)
    assert not any(map(file_names.is_left, ("icons", "Icon_1.tif", "download.tif", "System.tif", "volume.mrc")))
