"""Files that cells name as `file: path`: read, checked, listed, carried to each archive, never opened."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rembi_sheets import attached, pipeline
from rembi_sheets.inventory import scan
from rembi_sheets.repair import safe
from rembi_sheets.schema import Column, load
from rembi_sheets.values import Variable, besides, changed, convert, mentioned
from tests import support
from tests.disk.made import check, codes, files, folder, text, workbook
from tests.disk.made import convert as made_for

COLUMNS = [c for s in load().sheets for c in s.columns if c.files is not None]
FURTHER: dict[str, dict[str, Any]] = {
    "Image correlation": {
        "Name": "Overlay",
        "Image data": "Organoid stacks",
        "Spatial and temporal alignment": "By landmarks.",
    },
    "Analysed data": {
        "Name": "Tracks",
        "Image data": "Organoid stacks",
        "Analysis result type": "numerical measurements",
        "Analysis method and details": "Nuclei were tracked.",
    },
}


def study(column: Column, value: str, **sheets: Any) -> dict[str, Any]:
    """The good study with a cell of its first row set, files listed."""
    title = load()[column.sheet].title
    row = {**FURTHER.get(title, support.STUDY.get(title, [{}])[0]), column.label: value}
    return support.study(**{title.replace(" ", "_"): [row], "Files": files("stacks/a.tif", "stacks/b.tif"), **sheets})


@pytest.mark.parametrize(
    ("typed", "paths", "rest"),
    [
        ("file: protocols/stain.docx", ("protocols/stain.docx",), ""),
        ("FILE:protocols/my stain.docx", ("protocols/my stain.docx",), ""),
        ("Stained as in file: protocols/stain.docx.", ("protocols/stain.docx",), "Stained as in"),
        ("Stained (file: a/b (2).pdf), then washed", ("a/b (2).pdf), then washed",), "Stained"),
        ("Stained (file: a/b (2).pdf)", ("a/b (2).pdf",), "Stained"),
        ("file: a.docx; b/c.xls; file: log", ("a.docx", "b/c.xls", "log"), ""),
        ("file: a.docx; kept at pH 7.5", ("a.docx",), "kept at pH 7.5"),
        ("file: a.docx\nfile: b.txt", ("a.docx", "b.txt"), ""),
        ("Beads; file: a.docx; shaken", ("a.docx",), "Beads; shaken"),
        ("file: a.docx, file: b.docx", ("a.docx", "b.docx"), ""),
        ("file:", ("",), ""),
        ("profile: x.docx, data-file: y, see b.docx", (), "profile: x.docx, data-file: y, see b.docx"),
        ("file：步骤/染色.docx", ("步骤/染色.docx",), ""),
    ],
)
def test_paths_of_a_text(typed: str, paths: tuple[str, ...], rest: str) -> None:
    assert mentioned(typed) == paths
    assert besides(typed) == rest


PATHS = st.from_regex(r"[a-z]{1,5}(/[a-zA-Z0-9 _\-]{1,8}[a-z])?\.(docx|csv|R|m4a)", fullmatch=True)
WORDS = st.text("abc dé,.()µ0", max_size=20)


@given(WORDS, st.lists(PATHS, min_size=1, max_size=4), st.sampled_from(["; ", ";", "; file: ", "\nfile: "]))
def test_what_was_named_is_read(words: str, paths: list[str], between: str) -> None:
    typed = f"{words} file: {between.join(paths)}"
    assert mentioned(typed) == tuple(paths)
    assert changed(typed, lambda p: p) == typed
    assert mentioned(changed(typed, str.upper)) == tuple(p.upper() for p in paths)


@given(st.text("file: ;/.a\n()x", max_size=40))
def test_no_text_is_too_odd(typed: str) -> None:
    assert changed(typed, lambda p: p) == typed
    assert all(p in typed for p in mentioned(typed))
    assert mentioned(besides(typed)) in ((), ("",) * len(mentioned(besides(typed)))) or len(mentioned(typed)) > 1


def test_a_file_is_no_named_variable() -> None:
    column = load()["biosamples"]["extrinsic_variables"]
    typed = "Dose: 5 nM; file: a/drug.docx; b.txt; treated as in file: c.txt; Protocol: file: d.txt"
    value, problems = convert(typed, column)
    assert isinstance(value, tuple) and not problems
    assert [v.name for v in value if isinstance(v, Variable)] == ["Dose", "", "", "", "Protocol"]


def test_the_attributes_that_take_a_file() -> None:
    assert {c.rembi.partition("/")[2] for c in COLUMNS if c.rembi} >= {
        "Extrinsic variable",
        "Location within Biosample",
        "Preparation method",
        "Instrument attributes",
        "Image acquisition parameters",
        "Image processing method",
        "Transformation matrix/other info",
        "Data used for analysis",
        "Analysis method and details",
        "Study component description",
    }


@pytest.mark.parametrize("column", COLUMNS, ids=lambda c: c.name)
def test_each_archive_gets_what_it_takes(column: Column) -> None:
    sheets = study(column, "Done with care; file: notes/how to.docx; more.csv")
    paths = ("notes/how to.docx", "more.csv")
    bia = made_for(sheets, None, "bioimage-archive")
    listed = text(bia, "Organoid time lapse.tsv").splitlines()
    at = listed[0].split("\t").index("Type")
    rows = {line.split("\t")[0]: line.split("\t")[at] for line in listed[1:]}
    assert {p: rows[p] for p in rows if p.startswith(("notes", "more"))} == dict.fromkeys(paths, "protocol")
    assert all(p in text(bia, "submission.json") for p in paths)
    empiar = made_for(sheets, None, "empiar")
    (one,) = json.loads(text(empiar, "deposition.json"))["imagesets"]
    assert all(p in one["details"] for p in paths)
    assert [x for x in empiar.losses if "the file itself" in x.went] == []
    idr = made_for(sheets, None, "idr")
    study_file = "".join(text(idr, n) for n in idr.files if n.endswith((".txt", "annotation.csv")))
    assert all(p in study_file for p in paths)
    lost = [(x.sheet, x.column, x.value) for x in idr.losses if "the file itself" in x.went]
    assert lost == [(load()[column.sheet].title, column.label, p) for p in paths]


PREPARATION = load()["specimens"]["preparation"]
PARAMETERS = load()["image_acquisition"]["parameters"]


def test_on_disk_it_must_be_there_and_counts_as_listed(tmp_path: Path) -> None:
    sheets = study(PREPARATION, "Cleared as in file: notes/Clearing.docx.")
    data = folder(tmp_path / "d", {"stacks/a.tif": 1, "stacks/b.tif": 1, "notes/clearing.docx": 0})
    assert codes(check(sheets, data), "DISK-") == ["DISK-CASE", "DISK-UNLISTED"]
    (data / "notes/clearing.docx").rename(data / "notes/Clearing.docx")
    assert codes(check(sheets, data), "DISK-") == ["DISK-EMPTY"]
    scored = pipeline.score(workbook(sheets), ("bioimage-archive",), data=data)
    assert not isinstance(scored, str)
    assert (scored.correctness["files_listed"], scored.correctness["files_found"]) == (3, 3)
    (data / "notes/Clearing.docx").unlink()
    assert codes(check(sheets, data), "DISK-") == ["DISK-MISSING"]


def two_components(**cells: str) -> dict[str, Any]:
    component, image = support.STUDY["Study components"][0], support.STUDY["Image data"][0]
    return support.study(
        Study_components=[{**component}, {**component, "Name": "Second", **cells}],
        Image_data=[image, {**image, "Name": "Second stacks", "Study component": "Second"}],
        Files=[*files("stacks/a.tif"), {"Path": "second/b.tif", "Image data": "Second stacks"}],
        Specimens=[{**support.STUDY["Specimens"][0], "Preparation method": "Cleared; file: notes/clearing.docx"}],
    )


def test_a_row_of_two_components_lists_its_file_once() -> None:
    sheets = two_components(**{"Study component description": "As the first; file: notes/clearing.docx; own.txt"})
    sub = support.submission(sheets)
    assert {p: c.name for p, c in attached.homes(sub, sub.study_components).items()} == {
        "notes/clearing.docx": "Organoid time lapse",
        "own.txt": "Second",
    }
    made = made_for(sheets, None, "bioimage-archive")
    lists = [text(made, n) for n in made.files if "file-lists/" in n]
    assert len(lists) == 2 and "".join(lists).count("notes/clearing.docx") == 1


PARTED = [
    ("Study components", {}, {"Study component description": "Done; file: shared/how.docx"}),
    ("Image acquisition", {"Image acquisition parameters": "488 nm; file: shared/how.docx"}, {}),
    ("Image data", {"Image processing method": "None; file: own.txt; file: shared/how.docx"}, {}),
]


def parted(one: int, other: int) -> dict[str, Any]:
    """Two components with rows of their own; a cell of the first and one of the second name the same file."""
    sheets = two_components()
    image = support.STUDY["Image data"][0]
    first = support.STUDY["Image acquisition"][0]
    sheets["Image acquisition"] = [first, {**first, "Name": "Other"}]
    sheets["Image data"] = [image, {**image, "Name": "Second stacks", "Study component": "Second"}]
    sheets["Image data"][1]["Image acquisition"] = "Other"
    sheets["Specimens"] = support.STUDY["Specimens"]
    for number, row in ((one, 0), (other, 1)):
        title, *cells = PARTED[number]
        said = cells[0] or cells[1]
        sheets[title] = [dict(r) for r in sheets[title]]
        sheets[title][row] |= {k: v.replace("own.txt", f"own {row}.txt") for k, v in said.items()}
    return sheets


@pytest.mark.parametrize(("one", "other"), [(0, 1), (1, 0), (1, 2), (2, 0), (0, 0), (2, 2)])
def test_a_file_named_by_rows_of_two_components_is_an_error(one: int, other: int) -> None:
    sheets = parted(one, other)
    (found,) = [f for f in check(sheets, None) if f.code == "PATH-SHARED"]
    assert found.severity.value == "error" and found.sheet in (PARTED[one][0], PARTED[other][0])
    assert "shared/how.docx" in found.message and "Second" in found.message
    for listed in ("shared/how.docx", "shared"):
        row = {"Path": listed, "Study component": "Second"}
        assert "PATH-SHARED" not in codes(check({**sheets, "Files": [*sheets["Files"], row]}, None))
    sheets["Study components"][0]["Archives"], sheets["Study components"][1]["Archives"] = "EMPIAR", "IDR"
    assert "PATH-SHARED" not in codes(check(sheets, None))


def test_rows_that_one_component_uses_share_their_file() -> None:
    sheets = parted(0, 1)
    sheets["Image data"][1]["Image acquisition"] = sheets["Image data"][0]["Image acquisition"]
    sheets["Image acquisition"] = [{**sheets["Image acquisition"][1], "Name": "Other"}, sheets["Image acquisition"][0]]
    sheets["Image acquisition"][1]["Image acquisition parameters"] = "488 nm; file: shared/how.docx"
    assert "PATH-SHARED" not in codes(check(sheets, None))


def test_a_component_for_another_archive_keeps_no_file_back() -> None:
    sheets = two_components()
    sheets["Study components"][0]["Archives"] = "EMPIAR"
    assert "notes/clearing.docx\t" in text(made_for(sheets, None, "bioimage-archive"), "Second.tsv")


@pytest.mark.parametrize("row", [{"Path": "notes/clearing.docx"}, {"Path": "notes"}])
def test_what_files_lists_is_not_listed_again(row: dict[str, str]) -> None:
    sheets = two_components()
    sheets["Files"].append({**row, "Study component": "Second"})
    made = made_for(sheets, None, "bioimage-archive")
    lists = "".join(text(made, n) for n in made.files if "file-lists/" in n)
    assert lists.count("notes") == 1 and "protocol" not in lists


def test_a_named_file_is_no_image_of_a_pattern(tmp_path: Path) -> None:
    rows = [{**support.STUDY["Image data"][0], "Folder or file pattern": "stacks/"}]
    sheets = study(PARAMETERS, "488 nm; file: stacks/settings.txt", Image_data=rows, Files=[])
    data = folder(tmp_path / "d", {"stacks/a.tif": 1, "stacks/settings.txt": 1})
    listed = text(made_for(sheets, data, "bioimage-archive"), "Organoid time lapse.tsv").splitlines()
    types = {line.split("\t")[0]: "protocol" in line for line in listed[1:]}
    assert types == {"stacks/a.tif": False, "stacks/settings.txt": True}
    whole = text(made_for(sheets, None, "bioimage-archive"), "Organoid time lapse.tsv").splitlines()
    assert [line.split("\t")[0] for line in whole[1:]] == ["stacks"]


@pytest.mark.parametrize("typed", ["see file: a/b.docx", "As described in: file: x.md", "File: x y.md; z.csv."])
def test_a_required_text_that_only_points_to_a_file_is_told(typed: str) -> None:
    found = [f for f in check(study(PREPARATION, typed), None) if f.code == "FILE-ONLY"]
    assert [f.severity.value for f in found] == ["warning"]
    assert "FILE-ONLY" not in codes(check(study(PREPARATION, f"Fixed; {typed}"), None))
    location = load()["specimens"]["location"]
    assert "FILE-ONLY" not in codes(check(study(location, typed), None))


def test_pasted_paths_in_words_are_mended(tmp_path: Path) -> None:
    sheets = study(PREPARATION, 'Cleared; file: "C:\\data\\d\\notes\\clearing.docx"')
    data = folder(tmp_path / "d", {"stacks/a.tif": 1, "stacks/b.tif": 1, "notes/clearing.docx": 1})
    assert "PATH-COPIED" in codes(check(sheets, data))
    book, (tables, _) = support.book(sheets), support.tables(sheets)
    changes = [c.new for c, _ in safe.paths_below(book, tables, scan(data))]
    assert changes == ["Cleared; file: notes/clearing.docx"]
