"""File lists: what stands in them, what is left out, and how folders, patterns, wells and results get in."""

from __future__ import annotations

import dataclasses
import datetime as dt
import tracemalloc
from collections.abc import Mapping
from itertools import repeat
from typing import Any

import pytest

from rembi_sheets.archives.bioimage_archive.facts.folders import stems
from rembi_sheets.submission import Submission
from tests import support
from tests.archives.bioimage_archive import made

Table = list[list[str]]


def lists(sub: Submission) -> dict[str, Table]:
    """Each list as rows of cells, by its name without folder and ending."""
    files = made.whole(made.rendered(sub).files)
    return {
        name.removeprefix("file-lists/").removesuffix(".tsv"): [
            line.split("\t") for line in content.decode("utf-8").splitlines()
        ]
        for name, content in files.items()
        if name.startswith("file-lists/")
    }


def column(table: Table, heading: str) -> dict[str, str]:
    """Path -> cell of a column."""
    at = table[0].index(heading)
    return {row[0]: row[at] if at < len(row) else "" for row in table[1:]}


def with_files(rows: list[dict[str, Any]], inventory: Mapping[str, int] | None = None, **sheets: Any) -> Submission:
    sub = made.submission(made.rich(Files=rows, **sheets))
    return dataclasses.replace(sub, inventory=inventory)


def images(name: str, **cells: Any) -> list[dict[str, Any]]:
    return [{**d, **(cells if d["Name"] == name else {})} for d in made.RICH["Image data"]]


NO_SETS: dict[str, Any] = {"Annotations": []}
OTHERS = [{"Path": "em/1.tif", "Image data": "Sections"}, {"Path": "projections/a.tif", "Image data": "Projections"}]


def test_image_data_tell_what_their_files_are() -> None:
    table = lists(made.submission())["Time lapse"]
    assert table[0] == [
        "Files",
        "Image data",
        "Type",
        "Format & compression",
        "Dimension extents",
        "Pixel/voxel size",
        "Size",
        "Biosample",
        "dose",
    ]
    assert table[1] == [
        "stacks/a.ome.tif",
        "Stacks",
        "primary image",
        "OME-TIFF (LZW)",
        "X 1920, Y 1080",
        "0.5 x 0.5 µm",
        "960 x 540 µm",
        "Wild type",
        "1",
    ]


def test_every_file_is_in_the_list_of_its_owner_once() -> None:
    found = lists(made.submission())
    assert {name: [row[0] for row in table[1:]] for name, table in found.items()} == {
        "Time lapse": ["stacks/a.ome.tif", "stacks/b.ome.tif", "projections/a.tif", "readme.txt", "results/speed.csv"],
        "Sections _ EM": ["em/1.tif"],
        "Nucleus masks": ["masks/a.tif"],
        "Nucleus points": ["points/a.csv"],
    }


def test_columns_without_a_value_are_left_out() -> None:
    assert lists(made.submission())["Sections _ EM"][0] == ["Files", "Image data", "Type"]


def test_annotation_sets_name_their_source_images() -> None:
    assert lists(made.submission())["Nucleus masks"] == [["Files", "Source image"], ["masks/a.tif", "stacks/a.ome.tif"]]


def test_result_files_are_listed_as_such() -> None:
    table = lists(made.submission())["Time lapse"]
    assert column(table, "Type")["results/speed.csv"] == "analysis result"


def test_a_result_file_that_files_lists_too_stands_once() -> None:
    rows = [*made.RICH["Files"], {"Path": "results/speed.csv", "Study component": "Time lapse", "dose": "all"}]
    table = lists(with_files(rows))["Time lapse"]
    assert [row[0] for row in table].count("results/speed.csv") == 1
    assert column(table, "dose")["results/speed.csv"] == "all"


def test_specimen_and_status_stand_only_where_they_vary_or_were_typed() -> None:
    specimens = images("Stacks", Specimen="Cleared; Embedded")
    rows = [
        {"Path": "a.tif", "Image data": "Stacks", "Specimen": "Cleared"},
        {"Path": "b.tif", "Image data": "Stacks", "Specimen": "Embedded"},
        {"Path": "c.tif", "Image data": "Stacks", "Specimen": "Embedded", "Experimental status": "positive control"},
        *OTHERS,
    ]
    table = lists(with_files(rows, Image_data=specimens, **NO_SETS))["Time lapse"]
    assert column(table, "Specimen") == {
        "a.tif": "Cleared",
        "b.tif": "Embedded",
        "c.tif": "Embedded",
        "projections/a.tif": "",
        "results/speed.csv": "",
    }
    status = column(table, "Experimental status")
    assert [status[p] for p in ("a.tif", "b.tif", "c.tif")] == ["test", "control", "positive control"]


def test_own_headings_that_mean_something_get_a_number() -> None:
    rows = [
        {"Path": "a.tif", "Image data": "Stacks", "Size": "big", "Source image association": "x", "dose": "1"},
        *OTHERS,
    ]
    sub = with_files(rows, **NO_SETS)
    heads = lists(sub)["Time lapse"][0]
    assert [h for h in heads if h.startswith("Size")] == ["Size", "Size (2)"]
    assert "Source image association (2)" in heads
    assert {f.value for f in made.checked(sub) if f.code == "BIA-HEADING"} == {"Size", "Source image association"}


def test_line_breaks_in_cells_become_blanks_with_a_note() -> None:
    rows = [{"Path": "a.tif", "Image data": "Stacks", "remark": "two\nlines\tand a tab"}, *OTHERS]
    sub = with_files(rows, **NO_SETS)
    assert column(lists(sub)["Time lapse"], "remark")["a.tif"] == "two lines and a tab"
    assert ("BIA-LIST-CELL", "Files", "C6") in made.codes(made.checked(sub))


def test_names_are_found_in_spite_of_case_and_blanks() -> None:
    rows = [{"Path": "a.tif", "Image data": "stacks"}, {"Path": "b.tif", "Image data": "STACKS"}, *OTHERS]
    table = lists(with_files(rows, **NO_SETS))["Time lapse"]
    assert column(table, "Image data")["b.tif"] == "Stacks"


# ---------------------------------------------------------------- wells


PLATES = [
    {"Path": f"plates/p{p}.flex", "Image data": "Stacks", "Plate": f"P{p}", "Well": f"A{w:02}", "siRNA": f"s{p}{w}"}
    for p in (1, 2)
    for w in (1, 2, 3)
]


def test_a_file_of_many_wells_is_listed_once_and_its_wells_in_a_table() -> None:
    found = lists(with_files([*PLATES, *OTHERS], **NO_SETS))
    main, wells = found["Time lapse"], found["Time lapse-wells"]
    assert [row[0] for row in main[1:]] == [
        "plates/p1.flex",
        "plates/p2.flex",
        "projections/a.tif",
        "results/speed.csv",
        "file-lists/Time lapse-wells.tsv",
    ]
    assert "Well" not in main[0] and "siRNA" not in main[0]
    assert column(main, "Plate") == {
        "plates/p1.flex": "P1",
        "plates/p2.flex": "P2",
        "projections/a.tif": "",
        "results/speed.csv": "",
        "file-lists/Time lapse-wells.tsv": "",
    }
    assert column(main, "Type")["file-lists/Time lapse-wells.tsv"] == "well table"
    assert wells[0] == ["Path", "Well", "siRNA"]
    assert wells[1:] == [[f"plates/p{p}.flex", f"A{w:02}", f"s{p}{w}"] for p in (1, 2) for w in (1, 2, 3)]


def test_a_file_a_well_needs_no_table() -> None:
    rows = [{**row, "Path": f"plates/{row['Plate']}_{row['Well']}.tif"} for row in PLATES]
    found = lists(with_files([*rows, *OTHERS], **NO_SETS))
    assert "Time lapse-wells" not in found
    assert column(found["Time lapse"], "Well")["plates/P1_A02.tif"] == "A02"


def test_a_column_that_differs_in_one_file_stays_for_the_others() -> None:
    single = {"Path": "plates/single.tif", "Image data": "Stacks", "Plate": "P9", "Well": "B01", "siRNA": "s9"}
    found = lists(with_files([*PLATES, single, *OTHERS], **NO_SETS))
    assert column(found["Time lapse"], "siRNA")["plates/single.tif"] == "s9"
    assert column(found["Time lapse"], "siRNA")["plates/p1.flex"] == ""
    assert "plates/single.tif" not in [row[0] for row in found["Time lapse-wells"]]


# ---------------------------------------------------------------- folders and patterns


def by_pattern(pattern: str, inventory: Mapping[str, int] | None, *more: dict[str, Any]) -> Submission:
    sheets = {"Image_data": images("Stacks", **{"Folder or file pattern": pattern}), **NO_SETS}
    return with_files([*OTHERS, *more], inventory, **sheets)


DISK = {
    "em/1.tif": 1,
    "projections/a.tif": 1,
    "results/speed.csv": 1,
    "stacks/a.tif": 2,
    "stacks/b.tif": 3,
    "stacks/notes.txt": 4,
    "stacks/deep/c.tif": 5,
    "file-lists/Time lapse.tsv": 6,
}


def test_a_folder_stands_for_all_files_below_it() -> None:
    table = lists(by_pattern("stacks/", DISK))["Time lapse"]
    found = column(table, "Image data")
    assert [p for p, d in found.items() if d == "Stacks"] == [
        "stacks/a.tif",
        "stacks/b.tif",
        "stacks/notes.txt",
        "stacks/deep/c.tif",
    ]
    assert column(table, "Format & compression")["stacks/b.tif"] == "OME-TIFF (LZW)"


def test_a_pattern_stands_for_what_it_matches() -> None:
    found = column(lists(by_pattern("stacks/*.tif", DISK))["Time lapse"], "Image data")
    assert [p for p, d in found.items() if d == "Stacks"] == ["stacks/a.tif", "stacks/b.tif", "stacks/deep/c.tif"]


def test_what_files_or_a_result_names_is_not_listed_again() -> None:
    sub = by_pattern("*", DISK, {"Path": "stacks/notes.txt", "Study component": "Time lapse"})
    rows = [row[0] for row in lists(sub)["Time lapse"][1:]]
    assert sorted(rows) == sorted(set(rows))
    assert "file-lists/Time lapse.tsv" not in rows and "em/1.tif" not in rows
    assert column(lists(sub)["Time lapse"], "Type")["results/speed.csv"] == "analysis result"


def test_without_the_disk_a_folder_is_listed_as_one() -> None:
    sub = by_pattern("stacks/", None)
    assert "stacks" in column(lists(sub)["Time lapse"], "Image data")
    assert ("BIA-FOLDER-WHOLE", "Image data") in {(f.code, f.sheet) for f in made.checked(sub)}


def test_a_folder_listed_as_one_may_not_hold_a_listed_file() -> None:
    sub = by_pattern("em/", None)
    assert ("BIA-FOLDER-AND-FILE", "Files", "A6") in made.codes(made.checked(sub))


def test_without_the_disk_a_pattern_is_an_error() -> None:
    assert ("BIA-PATTERN-UNKNOWN", "Image data") in {(f.code, f.sheet) for f in made.checked(by_pattern("*.tif", None))}


def test_two_image_data_of_one_folder_are_an_error() -> None:
    sheets = images("Stacks", **{"Folder or file pattern": "stacks/"})
    sheets = [{**d, "Folder or file pattern": "stacks/*.tif"} if d["Name"] == "Sections" else d for d in sheets]
    sub = with_files([OTHERS[1]], DISK, Image_data=sheets, **NO_SETS)
    assert "BIA-FOLDER-SHARED" in {f.code for f in made.checked(sub)}


def test_paths_found_on_disk_must_be_taken_too() -> None:
    found = made.checked(by_pattern("stacks/", {**DISK, "stacks/µ.tif": 1}))
    assert [(f.code, f.value, f.sheet) for f in found if f.code == "BIA-PATH"] == [
        ("BIA-PATH", "stacks/µ.tif", "Image data")
    ]


def test_result_patterns_are_expanded_on_disk() -> None:
    analysed = [{**made.RICH["Analysed data"][0], "Result files": "results/*.csv"}]
    rows = [*made.RICH["Files"]]
    sub = with_files(rows, {**DISK, "results/more.csv": 1}, Analysed_data=analysed)
    types = column(lists(sub)["Time lapse"], "Type")
    assert [p for p, t in types.items() if t == "analysis result"] == ["results/speed.csv", "results/more.csv"]
    without = dataclasses.replace(sub, inventory=None)
    assert ("BIA-RESULTS-UNKNOWN", "Analysed data") in {(f.code, f.sheet) for f in made.checked(without)}


@pytest.mark.parametrize(("size", "code"), [(2 * 10**12 + 1, {"BIA-FILE-LARGE"}), (2 * 10**12, set())])
def test_a_file_above_two_terabytes_cannot_be_stored(size: int, code: set[str]) -> None:
    rows = [{**row, **({"Size (bytes)": size} if i == 0 else {})} for i, row in enumerate(made.RICH["Files"])]
    typed = {f.code for f in made.checked(with_files(rows))}
    on_disk = {f.code for f in made.checked(with_files(made.RICH["Files"], {"stacks/a.ome.tif": size}))}
    assert typed & {"BIA-FILE-LARGE"} == code
    assert on_disk & {"BIA-FILE-LARGE"} == code


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Time lapse"], ["Time lapse"]),
        (["Größe µm / α"], ["Grosse um"]),
        (["a", "A", "a-wells"], ["a", "A_2", "a-wells_2"]),
        (["../..", "...", "a/b"], ["list", "list_2", "a_b"]),
        (["CON", "nul.txt"], ["_CON", "_nul.txt"]),
        (["x" * 150, "x" * 149], ["x" * 100, "x" * 100 + "_2"]),
        (["日本", "日本語"], ["list", "list_2"]),
    ],
)
def test_lists_get_names_that_the_archive_and_every_disk_take(names: list[str], expected: list[str]) -> None:
    assert stems(names) == expected
    assert all(made.checker("pagetab_check").path_error(f"file-lists/{n}.tsv") is None for n in expected)


# ---------------------------------------------------------------- size


def peak(parts: int) -> tuple[int, int]:
    """Rows written and the highest memory on the way, in bytes, of Files that is made part by part."""
    rows = [{"Path": f"stacks/image_{n:05}.tif", "Image data": "Organoid stacks", "dose": str(n)} for n in range(5_000)]
    sub = support.submission(support.study(Files=rows, Study={"Archives": "BIA"}))
    table = sub.tables["files"]
    nothing = table.cells.of_rows(slice(0))
    made_again = dataclasses.replace(table, cells=nothing, source=lambda _: repeat(table.cells, parts))
    streamed = dataclasses.replace(sub, tables={**sub.tables, "files": made_again})
    tracemalloc.start()
    files = made.PACKAGE.render(made.PACKAGE.build(streamed, dt.date(2026, 11, 22)).document).files
    written = sum(part.count(b"\n") for part in files["file-lists/Organoid time lapse.tsv"]())  # type: ignore[operator]
    highest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return written, highest


def test_memory_does_not_grow_with_the_number_of_files() -> None:
    few, at_few = peak(2)
    many, at_many = peak(20)
    assert (few, many) == (10_001, 100_001)
    assert at_many < 1.3 * at_few
