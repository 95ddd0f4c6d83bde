"""Image sets: category, formats, voxel type, counts, frames, sizes, directories, patterns, details."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from rembi_sheets.archives import package
from rembi_sheets.archives.empiar import codes
from rembi_sheets.archives.empiar.document import ImageSet
from rembi_sheets.archives.empiar.facts import paths
from rembi_sheets.vocabularies import entries
from tests.archives.empiar.judges import deposition, errors, lint, rendered, schema_errors, xsd_errors
from tests.archives.empiar.studies import FIB_SEM
from tests.support import TODAY, found, submission

empiar = package("empiar")


def study(*rows: dict[str, Any], **sheets: Any) -> dict[str, Any]:
    """FIB_SEM with image data like its raw slices, changed."""
    plain = FIB_SEM["Image data"][0]
    images = [{**plain, "Name": f"Set {i}", **row} for i, row in enumerate(rows)]
    return {**FIB_SEM, "Image data": images, **{k.replace("_", " "): v for k, v in sheets.items()}}


def one(**cells: Any) -> ImageSet:
    """The image set of such cells (labels with _ for blanks)."""
    return deposition(study({k.replace("_", " "): v for k, v in cells.items()})).image_sets[0]


def cells(row: dict[str, Any], **sheets: Any) -> ImageSet:
    return deposition(study(row, **sheets)).image_sets[0]


def written(row: dict[str, Any]) -> tuple[dict[str, Any], str]:
    files = rendered(deposition(study(row)))
    assert schema_errors(files["deposition.json"]) == []
    data: dict[str, Any] = json.loads(files["deposition.json"])["imagesets"][0]
    return data, files["entry.xml"].decode()


def warned(row: dict[str, Any], **sheets: Any) -> set[str]:
    return {f.code for f in empiar.check(submission(study(row, **sheets)), TODAY)}


# --- words and codes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "frames", "code"),
    [
        ("primary image", None, "T1"),
        ("primary image", 45, "T2"),
        ("micrographs", 1, "T1"),
        ("micrographs", 2, "T2"),
        ("focal pairs", 2, "T3"),
        ("tilt series", None, "T9"),
        ("tilt series", 8, "T9"),
        ("diffraction images", None, "T12"),
        ("processed image", None, "T1"),
        ("processed image", 3, "T2"),
        ("picked particles", None, "T5"),
        ("picked particles", 4, "T6"),
        ("picked particles, processed", 1, "T7"),
        ("picked particles, processed", 4, "T8"),
        ("class averages", None, "T10"),
        ("stitched map", None, "T11"),
        ("reconstructed volume", None, "T13"),
        ("subtomograms", None, "T14"),
        ("segmentation", None, "OT"),
    ],
)
def test_category_from_type_and_frames(kind: str, frames: int | None, code: str) -> None:
    row = {"Type": kind, "Frames per image": frames, "Dimension extents - tilts or views": 41}
    data, xml = written(row)
    word = codes.word("category", code) or "segmentation"
    assert data["category"] == (f"('{code}', '')" if code != "OT" else "('OT', 'segmentation')")
    assert f"<category>{word}</category>" in xml
    assert data["frames_per_image"] == (41 if code == "T9" else frames or 1)


def test_every_type_of_the_list_has_a_category() -> None:
    assert set(codes.table("image_type")) == {e.label for e in entries("image_type")}


def test_a_processed_stack_is_a_volume() -> None:
    assert one(Type="processed image", **{"Dimension extents - Z": 5}).category == "reconstructed volumes"


@pytest.mark.parametrize("word", [e.label for e in entries("empiar_category")])
def test_category_as_typed(word: str) -> None:
    data, xml = written({"EMPIAR category": word, "Dimension extents - tilts or views": 3})
    assert data["category"] == f"('{codes.code('category', word)}', '')"
    assert f"<category>{word}</category>" in xml


def test_other_category_is_other_with_its_text() -> None:
    data, xml = written({"EMPIAR category": "movie's darks & flats"})
    assert data["category"] == "('OT', 'movie’s darks & flats')"
    assert "<category>movie's darks &amp; flats</category>" in xml
    assert "EMPIAR-OTHER-WORD" in warned({"EMPIAR category": "darks"})
    assert "EMPIAR-OTHER-WORD" not in warned({"EMPIAR category": "tilt series"})


KNOWN = {
    "MRC": "T1",
    "MRCS": "T2",
    "TIFF": "T3",
    "IMAGIC": "T4",
    "DM3": "T5",
    "DM4": "T6",
    "SPIDER": "T7",
    "EER": "T9",
    "PNG": "T10",
    "JPEG": "T11",
    "SMV": "T12",
    "EM": "T13",
    "TPX3": "T14",
}


@pytest.mark.parametrize("label", [e.label for e in entries("file_format")])
def test_formats(label: str) -> None:
    data, xml = written({"Format & compression": label, "Compression": None, "Frames per image": 2})
    if label in KNOWN:
        assert data["data_format"] == data["header_format"] == f"('{KNOWN[label]}', '')"
        assert f"<headerFormat>{label}</headerFormat>" in xml and f"<dataFormat>{label}</dataFormat>" in xml
    elif label == "BigDataViewer HDF5":
        assert (data["data_format"], data["header_format"]) == ("('T8', '')", "('T8', '')")
        assert "<headerFormat>XML</headerFormat>" in xml and "<dataFormat>BIG DATA VIEWER HDF5</dataFormat>" in xml
    else:
        text = data["data_format"].removeprefix("('OT', '").removesuffix("')")
        assert text == " ".join("".join(c if c.isalnum() else " " for c in label.upper()).split())


@pytest.mark.parametrize(
    ("typed", "text"), [("OME-TIFF", "OME TIFF"), ("ome.zarr v0.4", "OME ZARR V0 4"), ("FEI EPU", "FEI EPU")]
)
def test_a_format_without_code_is_other_in_capitals(typed: str, text: str) -> None:
    data, _ = written({"Format & compression": typed})
    assert data["data_format"] == data["header_format"] == f"('OT', '{text}')"


def test_a_format_of_signs_is_refused() -> None:
    sub = submission(study({"Format & compression": "显微镜"}))
    assert ("EMPIAR-WORD-BAD", "Image data") in {(c, s) for c, s, _ in found(empiar.check(sub, TODAY))}


@pytest.mark.parametrize(("header", "code"), [("XML", "T8"), ("MRC", "T1"), ("IMAGIC", "T4"), ("EMX", "OT")])
def test_header_format_as_typed(header: str, code: str) -> None:
    data, _ = written({"Header format": header})
    assert data["header_format"] == (f"('{code}', '')" if code != "OT" else f"('OT', '{header}')")
    assert data["data_format"] == "('T3', '')"


@pytest.mark.parametrize(
    ("header", "unlike"), [("MRC", True), ("XML", False), ("IMAGIC", False), ("TIFF", False), (None, False)]
)
def test_a_header_unlike_its_data_is_warned_of(header: str | None, unlike: bool) -> None:
    assert ("EMPIAR-HEADER" in warned({"Header format": header})) is unlike


VOXELS = {
    "uint8": ("T1", "UNSIGNED BYTE"),
    "int8": ("T2", "SIGNED BYTE"),
    "uint16": ("T3", "UNSIGNED 16 BIT INTEGER"),
    "int16": ("T4", "SIGNED 16 BIT INTEGER"),
    "uint32": ("T5", "UNSIGNED 32 BIT INTEGER"),
    "int32": ("T6", "SIGNED 32 BIT INTEGER"),
    "float32": ("T7", "32 BIT FLOAT"),
    "bit": ("T8", "BIT"),
    "uint4": ("T9", "4 BIT INTEGER"),
    "float16": ("OT", "16 BIT FLOAT"),
    "float64": ("OT", "64 BIT FLOAT"),
    "complex64": ("OT", "COMPLEX 64 BIT"),
}


@pytest.mark.parametrize("pixel", [e.label for e in entries("pixel_type")])
def test_voxel_types(pixel: str) -> None:
    code, word = VOXELS[pixel]
    data, xml = written({"Pixel type": pixel})
    assert data["voxel_type"] == (f"('{code}', '')" if code != "OT" else f"('OT', '{word}')")
    assert f"<voxelType>{word}</voxelType>" in xml
    assert (xsd_errors(xml.encode()) == []) is (pixel not in ("float64", "complex64"))


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ({"EMPIAR category": "micrographs - multiframe", "Frames per image": 45}, False),
        ({"EMPIAR category": "micrographs - multiframe"}, True),
        ({"EMPIAR category": "micrographs - single frame", "Frames per image": 45}, True),
        ({"EMPIAR category": "micrographs - focal pairs - contrast inverted"}, False),
        ({"EMPIAR category": "class averages"}, True),
        ({"EMPIAR category": "darks"}, False),
        ({}, False),
    ],
)
def test_a_category_against_type_or_frames_is_warned_of(row: dict[str, Any], wrong: bool) -> None:
    assert ("EMPIAR-CATEGORY" in warned(row)) is wrong


# --- counts and frames -----------------------------------------------------------------------------------------------

FILES = [{"Path": f"slices/{i:04}.tif", "Image data": "Set 0"} for i in range(12)]
NO_COUNT: dict[str, Any] = {"Number of images": None}


@pytest.mark.parametrize(
    ("row", "number"),
    [
        ({"Number of images": 5}, 5),
        (NO_COUNT, 12),
        ({**NO_COUNT, "Dimension extents - Z": 10}, 120),
        ({**NO_COUNT, "Dimension extents - Z": 10, "Type": "primary image"}, 120),
        ({**NO_COUNT, "Dimension extents - Z": 10, "Type": "reconstructed volume"}, 12),
        ({**NO_COUNT, "Type": "tilt series", "Dimension extents - tilts or views": 41}, 12),
    ],
)
def test_number_of_images(row: dict[str, Any], number: int) -> None:
    assert cells(row, Files=FILES).number == number


def test_files_on_disk_are_counted_when_none_are_listed() -> None:
    sub = submission(study(NO_COUNT))
    assert "EMPIAR-COUNT-UNKNOWN" in errors(sub)
    disk = {"slices/a.tif": 1, "slices/b.tif": 1, "slices/notes.txt": 1, "slices/sub/c.tif": 1, "x/slices/d.tif": 1}
    seen = dataclasses.replace(sub, inventory=disk)
    assert errors(seen) == []
    assert deposition(seen).image_sets[0].number == 2
    folder = dataclasses.replace(submission(study({**NO_COUNT, "Folder or file pattern": "slices/"})), inventory=disk)
    assert deposition(folder).image_sets[0].number == 3  # notes are no image


@pytest.mark.parametrize(
    ("number", "planes", "differs"),
    [(12, None, False), (13, None, True), (None, None, False), (12, 10, False), (120, 10, False), (121, 10, True)],
)
def test_a_number_unlike_the_files_is_warned_of(number: int | None, planes: int | None, differs: bool) -> None:
    row = {"Number of images": number, "Dimension extents - Z": planes}
    assert ("EMPIAR-COUNT-DIFFERS" in warned(row, Files=FILES)) is differs


@pytest.mark.parametrize(("tilts", "missing"), [(None, True), (41, False)])
@pytest.mark.parametrize("row", [{"Type": "tilt series"}, {"EMPIAR category": "tilt series"}])
def test_a_tilt_series_needs_its_tilts(row: dict[str, Any], tilts: int | None, missing: bool) -> None:
    sub = submission(study({**row, "Dimension extents - tilts or views": tilts}))
    assert ("EMPIAR-TILTS" in errors(sub)) is missing


def test_a_tilt_series_of_movies_has_tilts_as_frames_and_tells_the_frames() -> None:
    made = cells({"Type": "tilt series", "Dimension extents - tilts or views": 41, "Frames per image": 8})
    assert made.frames == 41
    assert "frames 8" in made.details and "tilts or views 41" in made.details


@pytest.mark.parametrize(
    ("text", "frames", "good"),
    [("2-24", 24, True), ("2 – 24", 30, True), ("1-1", None, True), ("24-2", 24, False), ("2-25", 24, True)],
)
def test_range_of_frames(text: str, frames: int | None, good: bool) -> None:
    row = {"Frame range": text, "Frames per image": frames}
    assert ("EMPIAR-FRAME-RANGE" not in errors(submission(study(row)))) is good
    if good:
        data, xml = written(row)
        low, high = (int(n) for n in text.replace("–", "-").replace(" ", "").split("-"))
        assert (data["frame_range_min"], data["frame_range_max"]) == (low, high)
        assert f"<frameRangeMin>{low}</frameRangeMin>" in xml


def test_without_range_both_ends_are_null() -> None:
    data, xml = written({})
    assert (data["frame_range_min"], data["frame_range_max"]) == (None, None)
    assert "frameRange" not in xml


# --- sizes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "unit", "angstrom", "text"),
    [
        (0.543, "Å", 0.543, "0.543"),
        (65, "nm", 650, "650"),
        (0.0065, "µm", 65, "65"),
        (0.000000065, "mm", 0.65, "0.65"),
        (1.5, "um", 15000, "15000"),
        (4, "angstrom", 4, "4"),
    ],
)
def test_pixel_sizes_are_in_angstrom(size: float, unit: str, angstrom: float, text: str) -> None:
    row = {"Pixel/voxel size - X": size, "Pixel/voxel size - Y": size * 2, "Pixel/voxel size unit": unit}
    data, xml = written(row)
    assert (data["pixel_width"], data["pixel_height"]) == (angstrom, angstrom * 2)
    assert f"<pixelWidth>{text}</pixelWidth>" in xml


def test_variable_sizes() -> None:
    row: dict[str, Any] = {f"Dimension extents - {a}": None for a in "XY"}
    row |= {f"Pixel/voxel size - {a}": None for a in "XYZ"} | {"Pixel/voxel size unit": None}
    data, xml = written(row)
    assert [data[k] for k in ("image_width", "image_height", "pixel_width", "pixel_height")] == [None] * 4
    assert xml.count(">variable<") == 4
    assert xsd_errors(xml.encode()) == []


def test_order_of_dimensions_is_width_pixel_height_pixel() -> None:
    _, xml = written({})
    found_tags = [t for t in ("imageWidth", "pixelWidth", "imageHeight", "pixelHeight") if f"<{t}>" in xml]
    assert sorted(found_tags, key=lambda t: xml.index(f"<{t}>")) == found_tags


# --- places ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("folder", "pattern", "directory", "micrographs"),
    [
        ("raw/fib_2026", "slices/*.tif", "/data/fib_2026/slices", "data/fib_2026/slices/*.tif"),
        ("fib", "*.tif", "/data/fib", "data/fib/*.tif"),
        ("fib", "a/b_*/c_*.tif", "/data/fib/a", "data/fib/a/b_*/c_*.tif"),
        ("fib", "a/b/", "/data/fib/a/b", ""),
        ("fib", "a/volume.mrc", "/data/fib/a", ""),
        (None, "micrographs/*.mrc", "/data/micrographs", "data/micrographs/*.mrc"),
        (None, "*.mrc", "/data", "data/*.mrc"),
        ("a b/c d", "e f/*.tif", "/data/c d/e f", "data/c d/e f/*.tif"),
    ],
)
def test_directory_and_pattern(folder: str | None, pattern: str, directory: str, micrographs: str) -> None:
    sheets = study({"Folder or file pattern": pattern})
    sheets["Study"] = {**sheets["Study"], "Data folder": folder}
    made = deposition(sheets).image_sets[0]
    assert (made.directory, made.micrographs_pattern) == (directory, micrographs)


@pytest.mark.parametrize(
    ("paths", "directory"),
    [
        (["a/b/1.tif", "a/b/2.tif"], "/data/fib_2026/a/b"),
        (["a/b/1.tif", "a/c/2.tif"], "/data/fib_2026/a"),
        (["a/b/1.tif", "a/bc/2.tif"], "/data/fib_2026/a"),
        (["a/1.tif", "2.tif"], "/data/fib_2026"),
        (["1.tif"], "/data/fib_2026"),
        (["a/b/1.zarr"], "/data/fib_2026/a/b"),
        (["a/b/c/1.tif", "a/b/2.tif", "a/3.tif"], "/data/fib_2026/a"),
    ],
)
def test_directory_of_listed_files(paths: list[str], directory: str) -> None:
    files = [{"Path": p, "Image data": "set 0"} for p in paths]
    assert cells({"Folder or file pattern": None, **NO_COUNT}, Files=files).directory == directory


@pytest.mark.parametrize("kind", ["reconstructed volume", "class averages", "segmentation"])
def test_a_pattern_without_field_is_a_line_of_details(kind: str) -> None:
    made = cells({"Type": kind})
    assert (made.micrographs_pattern, made.particles_pattern) == ("", "")
    assert "File pattern: data/fib_2026/slices/*.tif" in made.details


def analysis(kind: str, *files: str, image: str = "Set 0") -> list[dict[str, Any]]:
    return [
        {"Name": "Analysis 1", "Image data": image, "Analysis result type": kind, "Data used for analysis": "all"}
        | {"Analysis method and details": "by hand", "Result files": "; ".join(files)}
    ]


@pytest.mark.parametrize(
    ("files", "pattern", "folder", "rest"),
    [
        (("coords/p.star",), "data/fib_2026/coords/p.star", "", []),
        (("coords/*.star",), "data/fib_2026/coords/*.star", "", []),
        (("coords/",), "", "data/fib_2026/coords", []),
        (("a.star", "b.star", "coords/"), "data/fib_2026/a.star", "data/fib_2026/coords", ["data/fib_2026/b.star"]),
        (("https://example.org/p.star",), "", "", []),
    ],
)
def test_coordinates(files: tuple[str, ...], pattern: str, folder: str, rest: list[str]) -> None:
    made = cells({}, Analysed_data=analysis("particle coordinates", *files))
    assert (made.particles_pattern, made.particles_directory) == (pattern, folder)
    assert made.micrographs_pattern == "data/fib_2026/slices/*.tif"
    for path in rest:
        assert f"Particle coordinates: {path}" in made.details
    if "https" in files[0]:
        assert f"Result files: {files[0]}" in made.details


def test_the_pattern_of_picked_particles() -> None:
    assert cells({"Type": "picked particles"}).particles_pattern == "data/fib_2026/slices/*.tif"
    made = cells({"Type": "picked particles"}, Analysed_data=analysis("particle coordinates", "p.star"))
    assert (made.particles_pattern, made.micrographs_pattern) == (
        "data/fib_2026/p.star",
        "data/fib_2026/slices/*.tif",
    )


def test_workflow_file() -> None:
    made = deposition(study({}, Analysed_data=analysis("processing workflow", "w.json", "second.json")))
    assert made.workflow_file == "data/fib_2026/w.json"
    assert "Result files: data/fib_2026/second.json" in made.image_sets[0].details
    files = rendered(made)
    assert json.loads(files["deposition.json"])["workflow_file"] == {"path": "data/fib_2026/w.json"}
    assert b"<scipionWorkflow>data/fib_2026/w.json</scipionWorkflow>" in files["entry.xml"]
    assert b"scipionWorkflow" not in rendered(deposition(FIB_SEM))["entry.xml"]


@pytest.mark.parametrize(("length", "good"), [(200, True), (201, False)])
def test_length_of_paths(length: int, good: bool) -> None:
    start = "data/fib_2026/"
    pattern = "x" * (length - len(start) - 6) + "/*.tif"
    assert len(start + pattern) == length
    assert ("EMPIAR-PATH-LONG" not in errors(submission(study({"Folder or file pattern": pattern})))) is good
    sheets = study({}, Analysed_data=analysis("processing workflow", "w" * (length - len(start))))
    assert ("EMPIAR-PATH-LONG" not in errors(submission(sheets))) is good


@pytest.mark.parametrize(
    ("folder", "patterns", "warns"),
    [
        ("fib", ["a/*.tif", "b/*.tif"], False),
        (None, ["a/*.tif"], False),
        (None, ["a/*.tif", "b/*.tif"], True),
        (None, ["*.tif"], True),
    ],
)
def test_no_data_folder(folder: str | None, patterns: list[str], warns: bool) -> None:
    sheets = study(*({"Folder or file pattern": p} for p in patterns))
    sheets["Study"] = {**sheets["Study"], "Data folder": folder}
    found_codes = {f.code for f in empiar.check(submission(sheets), TODAY)}
    assert ("EMPIAR-DATA-FOLDER" in found_codes) is warns


# --- details, segmentations, sets ------------------------------------------------------------------------------------


def test_details_are_labelled_lines_and_the_study_stands_in_the_first_set() -> None:
    first, second = deposition(FIB_SEM).image_sets
    labels = [line.partition(": ")[0] for line in first.details.splitlines()]
    assert labels == [
        "Study",
        "Study type",
        "Keywords",
        "Study component",
        "Imaging method",
        "Biosample",
        "Organism",
        "Biological entity",
        "Specimen",
        "Preparation",
        "Image acquisition",
        "Instrument",
        "Acquisition",
        "Format & compression",
        "Voxel size",
        "Size",
    ]
    lines = dict(line.split(": ", 1) for line in second.details.splitlines())
    assert "Study" not in lines
    assert lines["Made from"] == "Raw slices"
    assert lines["Specimen"] == "Cleared organoid"  # taken over from its source
    assert lines["Dimensions"] == "X 2900, Y 2300, Z 872"
    assert lines["Image processing"] == "Aligned and inverted."


def test_a_line_break_in_a_cell_does_not_break_a_line() -> None:
    made = cells({"Image processing method": "Aligned.\nDetails: none.\r\n\nInverted."})
    assert "Image processing: Aligned. Details: none. Inverted." in made.details.splitlines()


def test_correlation_and_analysis_are_told() -> None:
    correlation = [
        {"Name": "FM on EM", "Image data": "Set 0", "Spatial and temporal alignment": "by hand"}
        | {"Fiducials used": "beads", "Transformation matrix/other info": "affine"}
        | {"Related images and relationship": "EMPIAR-10326: raw; idr0001, S-BIAD12: S-phase, S-Nitroso; EMD-1234"}
    ]
    made = deposition(study({}, {}, Image_correlation=correlation, Analysed_data=analysis("model", "m.pdb")))
    told = made.image_sets[0].details.splitlines()
    for line in (
        "Image correlation: FM on EM",
        "Alignment: by hand",
        "Fiducials: beads",
        "Transformation: affine",
        "Analysis: Analysis 1. by hand",
        "Result type: model",
        "Data used: all",
        "Result files: data/fib_2026/m.pdb",
    ):
        assert line in told
    assert "Image correlation" not in made.image_sets[1].details
    assert (made.empiar, made.idr, made.biostudies) == (("EMPIAR-10326",), ("idr0001",), ("S-BIAD12",))
    assert made.emdb == ()


ANNOTATION = {"Name": "Masks", "Image data": "Set 0", "Annotation overview": "Cells", "Annotation method": "By hand"}


@pytest.mark.parametrize(
    ("paths", "file", "form"),
    [
        (["seg/a.mrc"], "data/fib_2026/seg/a.mrc", "MRC"),
        (["seg/a.MRC", "seg/b.mrc"], "data/fib_2026/seg/*", "MRC"),
        (["seg/a.mrc", "seg/b.stl"], "data/fib_2026/seg/*", ""),
        (["seg/a.tif"], "data/fib_2026/seg/a.tif", ""),
        (["a.am"], "data/fib_2026/a.am", "AM"),
    ],
)
def test_masks_are_segmentations_of_the_xml(paths: list[str], file: str, form: str, tmp_path: Path) -> None:
    other = {**ANNOTATION, "Name": "Points", "Annotation type": "point_annotations"}
    sets = [other, {**ANNOTATION, "Annotation type": "segmentation_mask"}]
    files = [{"Path": p, "Annotation set": "Masks"} for p in paths]
    made = deposition(study({}, Annotations=sets, Files=files))
    (segmentation,) = made.image_sets[0].segmentations
    assert (segmentation.number, segmentation.file, segmentation.original_format) == (1, file, form)
    assert segmentation.description == "Cells\nBy hand"
    both = rendered(made)
    assert xsd_errors(both["entry.xml"]) == []
    assert lint(both["deposition.json"], tmp_path) == ""
    assert b"segmentation" not in both["deposition.json"]


def test_losses_tell_what_happens_to_annotations_grants_and_links() -> None:
    sheets = study(
        {},
        Annotations=[{**ANNOTATION, "Annotation type": "segmentation_mask"}],
        Funding=[{"Funder": "Example Fund", "Grant ID": "1"}],
        Links=[{"Link": "https://example.org/x"}, {"Link": "EMD-1234"}],
    )
    built = empiar.build(submission(sheets), TODAY)
    went = {(loss.sheet, loss.value): loss.went for loss in built.losses}
    assert went["Annotations", "Masks"] == "lost"  # no file is listed
    assert went["Funding", "Example Fund"].startswith("XML only")
    assert went["Links", "https://example.org/x"] == "lost"
    assert ("Links", "EMD-1234") not in went
    (grant,) = built.document.grants
    assert (grant.funder, grant.code, grant.country) == ("Example Fund", "1", "")


@pytest.mark.parametrize("field", ["Specimen", "Image acquisition"])
def test_image_data_of_unknown_origin_are_warned_of(field: str) -> None:
    assert "EMPIAR-ORIGIN" in warned({field: None})
    assert "EMPIAR-ORIGIN" not in warned({})


def test_mixed_pixel_types_are_sets_of_their_own() -> None:
    made = deposition(study({"Pixel type": "uint8"}, {"Pixel type": "float32"}))
    assert [s.voxel_type for s in made.image_sets] == ["UNSIGNED BYTE", "32 BIT FLOAT"]


def test_only_components_for_empiar_go() -> None:
    sheets = study({}, {"Study component": "Light"})
    sheets["Study"] = {**sheets["Study"], "Archives": "BIA; EMPIAR"}
    sheets["Study components"] = [
        *sheets["Study components"],
        {"Name": "Light", "Imaging method": "confocal microscopy", "Archives": "BIA"},
    ]
    made = deposition(sheets)
    assert [s.name for s in made.image_sets] == ["Set 0"]
    assert made.experiment_type == "FIB-SEM"


@pytest.mark.parametrize(
    ("pattern", "number"),
    [("slices/*.tif", 2), ("slices/*", 2), ("slices/day*/", 1), ("slices", 3), ("*/day2/*.tif", 1), ("other/*", 0)],
)
def test_a_pattern_covers_what_lies_below_only_where_nothing_lies_beside(pattern: str, number: int) -> None:
    on_disk = dict.fromkeys(("slices/a.tif", "slices/b.tif", "slices/day2/c.tif"), 1)
    sub = dataclasses.replace(submission(FIB_SEM), inventory=on_disk)
    image = dataclasses.replace(sub.image_data[0], path_pattern=pattern)
    assert len(paths.matching(sub, image)) == number
