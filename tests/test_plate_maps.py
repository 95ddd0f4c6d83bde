"""Plate maps as people and instruments write them: what is taken for a heading, a plate, a well, a note."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from rembi_sheets.cells import Book, Mark, Sheet, letters
from rembi_sheets.findings import Finding, group
from rembi_sheets.plates import PLATES, expand
from rembi_sheets.schema import load
from rembi_sheets.tables import Tables, from_book
from tests.support import book, found, study
from tests.test_plates import row

FILES = [row("qx1", "A1:B3"), row("qx2", "A1:B3")]
GRID: list[list[Any]] = [[None, 1, 2, 3], ["A", "DMSO", "bleb", None], ["B", None, "jasp", "DMSO"]]
VALUES = {"A1": "DMSO", "A2": "bleb", "B2": "jasp", "B3": "DMSO"}


def read(*sheets: Sheet | list[list[Any]], files: list[dict[str, Any]] = FILES) -> tuple[Tables, list[Finding]]:
    made = book(study(Files=files))
    maps = [s if isinstance(s, Sheet) else Sheet(f"Plate map {n}", s) for n, s in enumerate(sheets, start=1)]
    made = dataclasses.replace(made, sheets=(*made.sheets, *maps))
    tables, findings = from_book(made, load())
    tables, more = expand(tables, made)
    return tables, group([*findings, *more])


def said(tables: Tables, name: str = "own:Compound Name", plate: str = "qx1") -> dict[str, Any]:
    """The filled wells of a plate."""
    files = tables["files"].frame
    assert name in files.columns, list(files.columns)
    rows = zip(files["plate"], files["well"], files[name], strict=True)
    return {w: v for p, w, v in rows if p == plate and v is not None}


def codes(findings: list[Finding]) -> list[str]:
    return sorted(f.code for f in findings)


def moved(grid: list[list[Any]], down: int, right: int) -> list[list[Any]]:
    return [[] for _ in range(down)] + [[None] * right + line for line in grid]


def turned(grid: list[list[Any]]) -> list[list[Any]]:
    return [list(line) for line in zip(*grid, strict=True)]


LEGEND = [[], ["N", "negative control"], ["DMSO", "0.1 %"]]
UNDERSTOOD: dict[str, tuple[list[list[Any]], list[str]]] = {
    "plain": ([["Compound Name"], *GRID], []),
    "not at A1": (moved([["Compound Name"], *GRID], 4, 3), []),
    "title": ([["Layout of screen 7"], [], ["Compound Name"], *GRID], []),
    "lower case and colon": ([["compound name:"], *GRID], []),
    "blank lines": ([["Compound Name"], [], [], GRID[0], [], GRID[1], [], GRID[2]], []),
    "note between": ([["Compound Name"], ["plated on 3 May 2026"], *GRID], ["PLATE-MAP-NOTES"]),
    "two notes between": ([["Compound Name"], ["by AB"], ["lot 88"], *GRID], ["PLATE-MAP-NOTES"]),
    "note above": ([["plated on 3 May 2026"], ["Compound Name"], *GRID], []),
    "note beside": (
        [["Compound Name"], GRID[0], [*GRID[1], None, "edge wells dry"], GRID[2]],
        ["PLATE-MAP-NOTES"],
    ),
    "legend below": ([["Compound Name"], *GRID, *LEGEND], ["PLATE-MAP-NOTES"]),
    "legend at once below": ([["Compound Name"], *GRID, ["P", "positive control"]], ["PLATE-MAP-NOTES"]),
    "unit in the corner": ([["Compound Name"], ["µM", 1, 2, 3], *GRID[1:]], ["PLATE-MAP-NOTES"]),
    "corner of a reader": ([["Compound Name"], ["<>", 1, 2, 3], *GRID[1:]], []),
    "heading in the corner": ([["Compound Name", 1, 2, 3], *GRID[1:]], []),
    "heading centred": ([[None, None, "Compound Name"], *GRID], []),
    "numbers as text": ([["Compound Name"], [None, "01", "02", "03"], *GRID[1:]], []),
    "numbers with a point": ([["Compound Name"], [None, 1.0, "2.0", 3.0], *GRID[1:]], []),
    "a number left out": ([["Compound Name"], [None, 1, None, 3], *GRID[1:]], []),
    "small letters": ([["Compound Name"], GRID[0], ["a", *GRID[1][1:]], ["b", *GRID[2][1:]]], []),
    "row A": (
        [["Compound Name"], [None, "Col 1", "Col 2", "Col 3"], ["Row A", *GRID[1][1:]], ["Row B", *GRID[2][1:]]],
        [],
    ),
    "letters over two columns": ([["Compound Name"], *([line[0], None, *line[1:]] for line in GRID)], []),
    "turned": ([["Compound Name"], *turned(GRID)], []),
    "turned, not at A1": (moved([["Compound Name"], *turned(GRID)], 2, 1), []),
    "labels at the right": (
        [["Compound Name"], [*GRID[0]], [*GRID[1], "name"], [*GRID[2], "name"]],
        ["PLATE-MAP-NOTES"],
    ),
    "part of a plate": (
        [["Compound Name"], [None, 2, 3], ["A", "bleb"], ["B", "jasp", "DMSO"], [], ["all others", "DMSO"]],
        ["PLATE-MAP-NOTES"],
    ),
}


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_a_map_is_found_whatever_stands_around_it(name: str) -> None:
    lines, told = UNDERSTOOD[name]
    tables, findings = read(lines)
    expected = {w: v for w, v in VALUES.items() if name != "part of a plate" or w != "A1"}
    assert said(tables) == expected
    assert codes(findings) == told


def test_another_name_of_a_column_that_files_has_is_that_column() -> None:
    tables, findings = read([["Compound"], *GRID], files=[*FILES, row("qx3", "A1", **{"Compound Name": "DMSO"})])
    assert said(tables) == VALUES
    assert not findings


PLATE_LINES: dict[str, list[list[Any]]] = {
    "beside the heading": [["Compound Name", "qx2"], *GRID],
    "far beside the heading": [["Compound Name", None, None, "qx2"], *GRID],
    "a line of its own": [["Compound Name"], ["Plate", "qx2"], *GRID],
    "a line of its own above": [["Plate: qx2"], ["Compound Name"], *GRID],
    "with a colon": [["Compound Name"], ["plate name: qx2"], *GRID],
    "the name alone": [["Compound Name"], ["qx2"], *GRID],
    "in other case": [["Compound Name", "QX2"], *GRID],
}


@pytest.mark.parametrize("name", PLATE_LINES)
def test_plates_of_a_map(name: str) -> None:
    tables, findings = read(PLATE_LINES[name])
    assert said(tables, plate="qx2") == VALUES
    assert said(tables, plate="qx1") == {}
    assert not findings


@pytest.mark.parametrize("typed", ["qx1, qx2", "qx1 and QX2", "qx1 / qx2", "qx1; qx2"])
def test_several_plates_of_a_map(typed: str) -> None:
    tables, findings = read([["Compound Name", typed], *GRID])
    assert said(tables, plate="qx1") == said(tables, plate="qx2") == VALUES and not findings


def test_a_plate_whose_name_has_a_comma() -> None:
    tables, findings = read([["Compound Name", "qx1, second"], *GRID], files=[*FILES, row("qx1, second", "A1:B3")])
    assert said(tables, plate="qx1, second") == VALUES and not said(tables) and not findings


def test_plates_may_be_numbers_in_the_line_above_the_numbers() -> None:
    files = [row("2", "A1:B3"), row("3", "A1:B3"), row("4", "A1")]
    tables, findings = read([["Compound Name", 2, 3], *GRID], files=files)
    assert said(tables, plate="2") == said(tables, plate="3") == VALUES
    assert said(tables, plate="4") == {}
    assert not findings


NOT_A_HEADING = {
    "a date": [["seeded 2025-11-02"], *GRID],
    "a sentence": [["Cells were seeded by hand."], *GRID],
    "a word": [["Reservoir"], *GRID],
    "a unit in the corner": [["mg/ml", 1, 2, 3], *GRID[1:]],
    "a heading misspelt": [["Compond Nmae"], *GRID],
}


@pytest.mark.parametrize("name", NOT_A_HEADING)
def test_a_text_above_a_map_is_no_column(name: str) -> None:
    tables, findings = read(NOT_A_HEADING[name])
    assert [c for c in tables["files"].frame.columns if c.startswith("own:")] == []
    assert found(findings) == {("PLATE-MAP-UNKNOWN", "Plate map 1", "A1")}
    assert "Compound Name" in findings[0].fix


def test_a_misspelt_heading_brings_the_nearest() -> None:
    _, findings = read(NOT_A_HEADING["a heading misspelt"])
    assert findings[0].suggestions[0] == "Compound Name"


@pytest.mark.parametrize("title", ["Overview", "Plates of May"])
def test_a_text_with_a_blank_line_below_is_no_heading_either(title: str) -> None:
    _, findings = read([[title], [], *GRID])
    assert found(findings) == {("PLATE-MAP-HEADING", "Plate map 1", "A2")}


def test_a_new_heading_is_one_when_files_or_a_second_map_has_it() -> None:
    reservoir = [["Reservoir", "qx1"], *GRID]
    tables, findings = read(reservoir, [["reservoir", "qx2"], *GRID])
    assert said(tables, "own:Reservoir") == said(tables, "own:Reservoir", "qx2") == VALUES
    assert not findings
    tables, findings = read(reservoir, files=[*FILES, row("qx3", "A1", Reservoir="r1")])
    assert said(tables, "own:Reservoir") == VALUES
    assert not findings


@pytest.mark.parametrize("note", ["seeded 2025-11-02", "Seeded by hand, then spun.", "lot 90210"])
def test_a_note_above_two_maps_is_none(note: str) -> None:
    _, findings = read([[note, "qx1"], *GRID], [[note, "qx2"], *GRID])
    assert codes(findings) == ["PLATE-MAP-UNKNOWN", "PLATE-MAP-UNKNOWN"]


def test_a_text_above_two_maps_that_contradict_is_none() -> None:
    other = [GRID[0], ["A", 5, 6, 7], ["B", 8, 9, 10]]
    _, findings = read([["Run seven"], *GRID, [], ["Run seven"], *other])
    assert [(f.code, f.addresses) for f in findings] == [("PLATE-MAP-UNKNOWN", ("A1", "A6"))]


def test_maps_below_and_beside_one_another() -> None:
    doses = [GRID[0], ["A", "0", "10", "20"], ["B", "5", "15", "25"]]
    beside = [
        [*a, None, None, *b]
        for a, b in zip([["Compound Name", None, None, None], *GRID], [["Dose"], *doses], strict=True)
    ]
    status = [["Experimental status"], GRID[0], ["A", "negative control", "test"]]
    tables, findings = read([*beside, [], *status])
    assert said(tables) == VALUES
    assert said(tables, "own:Dose") == {"A1": "0", "A2": "10", "A3": "20", "B1": "5", "B2": "15", "B3": "25"}
    assert said(tables, "experimental_status") == {"A1": "negative control", "A2": "test"}
    assert not findings


def test_two_halves_of_a_plate_beside_one_another_with_the_letters_of_the_first() -> None:
    lines = [["Dose"], [None, 1, 2, None, 3, 4], ["A", "1", "2", None, "3", "4"], ["B", "5", "6", None, "7", "8"]]
    tables, findings = read(lines, files=[row("qx1", "A1:B4")])
    assert "".join(said(tables, "own:Dose").values()) == "12345678"
    assert not findings


def test_a_whole_plate_of_1536_wells() -> None:
    rows, columns = PLATES[-1]
    lines: list[list[Any]] = [["Gene Symbol"], [None, *range(1, columns + 1)]]
    lines += [[letters(r), *(f"g{r}.{c}" for c in range(1, columns + 1))] for r in range(1, rows + 1)]
    tables, findings = read(lines, files=[row("qx1", "A1:AF48")])
    made = said(tables, "own:Gene Symbol")
    assert len(made) == rows * columns
    assert made["AF48"] == "g32.48" and made["AA1"] == "g27.1"
    assert not findings


def test_a_blank_map_gives_no_finding() -> None:
    blank = [[None, 1, 2, 3], ["A"], ["B"]]
    tables, findings = read([["Plate map"], ["any words"], [], *blank, [], ["Dose"], *blank])
    assert not findings
    assert "own:Dose" not in tables["files"].frame.columns
    assert not read([])[1]


def test_a_list_of_wells_is_no_map() -> None:
    _, findings = read([["Plate", "Well", "Compound Name"], ["qx1", "A1", "DMSO"], ["qx1", "A2", "bleb"]])
    assert codes(findings) == ["PLATE-MAP-FORM"]
    assert "Files" in findings[0].fix


@pytest.mark.parametrize("numbers", [[0, 1, 2], ["0", "1", "2"], [49, 50, 51], [3, 2, 1]])
def test_numbers_that_are_no_columns(numbers: list[Any]) -> None:
    _, findings = read([["Dose"], [None, *numbers], ["A", 5, 6, 7], ["B", 5, 6, 7]])
    assert codes(findings) == ["PLATE-MAP-FORM"]


def test_values_on_a_line_without_a_letter_are_told() -> None:
    lines = [["Dose"], GRID[0], ["A", "1", "2", "3"], [None, "7", "8"], ["B", "4", "5", "6"]]
    tables, findings = read(lines)
    assert said(tables, "own:Dose")["B1"] == "4"
    assert [(f.code, f.addresses) for f in findings] == [("PLATE-MAP-ROW", ("B4", "C4"))]


def test_merged_and_broken_wells_are_told() -> None:
    lines = [["Dose"], GRID[0], ["A", "1", None, "3"], ["B", None, "5", "6"]]
    shown = Sheet("Plate map", lines, marks={(4, 2): (Mark.ERROR, "#N/A")}, merged=((3, 2, 3, 3),))
    _, findings = read(shown)
    assert found(findings) == {("CELL-ERROR", "Plate map", "B4"), ("MERGED-CELLS", "Plate map", "B3")}


def test_wells_that_differ_are_one_finding_a_plate_with_true_cells() -> None:
    files = [row("qx1", "A1:B3", Dose="9"), row("qx2", "A1"), row("qx2", "B2", Dose="5")]
    lines = [["Dose"], GRID[0], ["A", "1", "2", "9"], ["B", None, "6", "7"]]
    tables, findings = read(lines, files=files)
    unlike = {f.message.split("“")[1].split("”")[0]: f for f in findings if f.code == "PLATE-MAP-UNLIKE"}
    assert set(unlike) == {"qx1", "qx2"} and len(findings) == 2
    place = tables["files"].place(6, "own:Dose")
    assert unlike["qx1"].addresses == ("B3", "C3:C4", "D4")
    assert f"B3 of the map says “1”, {place.a1} of Files says “9”" in unlike["qx1"].message
    assert unlike["qx2"].addresses == ("C4",)
    assert "“6”" in unlike["qx2"].message and f"{place.a1[0]}8 of Files says “5”" in unlike["qx2"].message
    assert said(tables, "own:Dose")["A1"] == "9"


def test_two_maps_that_differ_name_the_cell_of_the_other() -> None:
    first = [["Dose"], GRID[0], ["A", "1", "2", "3"], ["B", "4", "5", "6"]]
    second = [["Dose", "qx2"], GRID[0], ["A", "1", "20", "30"], ["B", "4", "5", "6"]]
    tables, findings = read(first, second)
    assert [(f.code, f.sheet, f.addresses) for f in findings] == [("PLATE-MAP-TWICE", "Plate map 2", ("C3", "D3"))]
    assert "C3 of Plate map 1 says “2”" in findings[0].message
    assert said(tables, "own:Dose", "qx2")["A2"] == "2"


def test_wells_that_files_lacks_are_one_finding_a_plate() -> None:
    files = [row("qx1", "A1:A3"), row("qx2", "A1:B3")]
    _, findings = read([["Compound Name", "qx1", "qx2"], *GRID], files=files)
    assert [(f.code, f.addresses) for f in findings] == [("PLATE-MAP-WELL", ("C4", "D4"))]
    assert "of the plate “qx1”" in findings[0].message and "B2, B3" in findings[0].message


def test_maps_of_a_long_table_beside_the_workbook_are_checked_too() -> None:
    made = book(study(Files=[row("qx1", "A1:A3", Dose="9"), row("qx2", "A1")]))
    plain, _ = from_book(made, load())
    files = plain["files"]

    def parts(findings: list[Finding] | None) -> Any:
        yield files.cells.of_rows(slice(1))
        yield files.cells.of_rows(slice(1, None))

    streamed = dataclasses.replace(files, cells=files.cells.of_rows(slice(0)), source=parts)
    tables = Tables(plain.schema, {**plain.tables, "files": streamed})
    lines = [["Dose"], GRID[0], ["A", "1", "9", "3"], ["B", "4"]]
    _, findings = expand(tables, Book(made.name, "", (Sheet("Plate map", lines),)))
    assert [(f.code, f.addresses) for f in findings] == [
        ("PLATE-MAP-WELL", ("B4",)),
        ("PLATE-MAP-UNLIKE", ("B3", "D3")),
    ]


TITLES = ["Plate map", "PLATE MAPS", "Platemap 2", "plate  map doses", "Plate_map_2", "plate-map (3)"]


@pytest.mark.parametrize("title", TITLES)
def test_titles_of_sheets_of_maps(title: str) -> None:
    tables, findings = read(Sheet(title, [["Compound Name"], *GRID]))
    assert said(tables) == VALUES
    assert not findings
