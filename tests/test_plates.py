"""Ranges of wells in one row, and plate maps on sheets of their own."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from rembi_sheets import pipeline
from rembi_sheets.cells import Book, Sheet
from rembi_sheets.findings import Finding
from rembi_sheets.plates import expand, position, wells
from rembi_sheets.schema import load, select
from rembi_sheets.tables import Tables, from_book
from rembi_sheets.workbook.write import filled
from tests.support import book, found, study


def read(files: list[dict[str, Any]], *sheets: Sheet) -> tuple[Tables, list[Finding]]:
    made = book(study(Files=files))
    made = dataclasses.replace(made, sheets=(*made.sheets, *sheets))
    tables, findings = from_book(made, load())
    tables, more = expand(tables, made)
    return tables, [*findings, *more]


def row(plate: str, well: str, **cells: Any) -> dict[str, Any]:
    return {"Path": f"{plate}.zarr", "Image data": "Organoid stacks", "Plate": plate, "Well": well, **cells}


def plate_map(*rows: list[Any], title: str = "Plate map") -> Sheet:
    return Sheet(title, rows)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("B02", ("B02",)),
        ("B2;B3", ("B2", "B3")),
        ("A1:B2", ("A1", "A2", "B1", "B2")),
        ("A01:A03", ("A01", "A02", "A03")),
        ("B2:A1", ("A1", "A2", "B1", "B2")),
        ("A1:A2, C3", ("A1", "A2", "C3")),
        ("A1:A2; A2:A3", ("A1", "A2", "A3")),
        ("1A", None),
        ("A1:", None),
        ("AG1", None),
        ("A1:B49", None),
    ],
)
def test_a_cell_stands_for_wells(text: str, meant: tuple[str, ...] | None) -> None:
    assert wells(text) == meant


@pytest.mark.parametrize(
    ("corner", "number"), [("B3", 6), ("C4", 12), ("D6", 24), ("F8", 48), ("H12", 96), ("P24", 384), ("AF48", 1536)]
)
def test_a_whole_plate_is_one_range(corner: str, number: int) -> None:
    made = wells(f"A1:{corner}")
    assert made is not None and len(made) == number
    assert made[0] == "A1" and made[-1] == corner
    assert all(position(w) for w in made)


def test_a_row_of_a_range_becomes_a_row_a_well_with_the_sheet_row_it_was_written_in() -> None:
    tables, findings = read([row("p1", "A1:B2", Dose="10"), row("p2", "C3", Dose="20")])
    files = tables["files"].frame
    assert list(files["well"]) == ["A1", "A2", "B1", "B2", "C3"]
    assert list(files["own:Dose"]) == ["10", "10", "10", "10", "20"]
    assert files.index.is_unique
    assert [tables["files"].place(int(row), "well").a1 for row in files.index] == ["D6", "D6", "D6", "D6", "D7"]
    assert not findings


def test_tables_without_ranges_and_maps_come_back_as_they_are() -> None:
    made = book(study(Files=[row("p1", "A1")]))
    tables, _ = from_book(made, load())
    assert expand(tables, made)[0] is tables


def test_a_range_that_cannot_be_read_is_reported_at_its_cell() -> None:
    _, findings = read([row("p1", "A1:Z")])
    assert found(findings) == {("PLATE-RANGE", "Files", "D6")}


def test_a_plate_map_fills_a_column_of_its_plates() -> None:
    shown = plate_map(
        ["Compound Name", "p1"],
        [None, 1, 2],
        ["A", "DMSO", "taxol"],
        ["B", None, "water"],
    )
    tables, findings = read([row("p1", "A1:B2"), row("p2", "A1")], shown)
    files = tables["files"]
    assert list(files.frame["own:Compound Name"]) == ["DMSO", "taxol", None, "water", None]
    assert files.own == ("Compound Name",)
    assert not findings


def test_a_map_holds_what_its_cells_show() -> None:
    shown = plate_map(["Dose", "p1"], [None, 1, 2], ["A", 5.0, 0.5], ["B", None, "#NAME?"])
    shown = dataclasses.replace(shown, formats={(3, 2): '0" nM"', (3, 3): "0%"})
    tables, findings = read([row("p1", "A1:A2")], shown)
    assert list(tables["files"].frame["own:Dose"]) == ["5 nM", "50%"]
    assert [(f.code, f.addresses) for f in findings if f.code == "CELL-ERROR"] == [("CELL-ERROR", ("C4",))]


def test_a_map_without_plates_holds_for_all_and_several_stand_below_one_another() -> None:
    shown = plate_map(
        ["Experimental status"],
        [None, 1.0, 2.0],
        ["A", "negative control", "test"],
        [],
        ["Dose", "p2"],
        [None, "1", "2"],
        ["A", "5", "7"],
        title="Plate map 1",
    )
    tables, findings = read([row("p1", "A01:A02"), row("p2", "A1;A2")], shown)
    files = tables["files"].frame
    assert list(files["experimental_status"]) == ["negative control", "test", "negative control", "test"]
    assert list(files["own:Dose"]) == [None, None, "5", "7"]
    assert not findings


def test_what_a_row_says_itself_goes_before_the_map() -> None:
    shown = plate_map(["Dose"], [None, 1, 2], ["A", "5", "7"])
    tables, findings = read([row("p1", "A1", Dose="9"), row("p1", "A2")], shown)
    assert list(tables["files"].frame["own:Dose"]) == ["9", "7"]
    assert found(findings) == {("PLATE-MAP-UNLIKE", "Plate map", "B3")}


@pytest.mark.parametrize(
    ("rows", "code", "cell"),
    [
        ([["Dose"], [None, 0, 1], ["A", 1, 2]], "PLATE-MAP-FORM", ""),
        ([[None, 1, 2], ["A", "x", "y"]], "PLATE-MAP-HEADING", "A1"),
        ([["Path"], [None, 1, 2], ["A", "x", "y"]], "PLATE-MAP-COLUMN", "A1"),
        ([["Dose", "p9"], [None, 1, 2], ["A", 1, 2]], "PLATE-MAP-PLATE", "A1"),
        ([["Dose"], [None, 1, 2], ["A", "1", "2"], ["B", "3"]], "PLATE-MAP-WELL", "B4"),
        ([["Experimental status"], [None, 1, 2], ["A", "N/A", None]], "PLACEHOLDER", "B3"),
    ],
)
def test_a_fault_of_a_map_is_reported_at_its_cell(rows: list[list[Any]], code: str, cell: str) -> None:
    _, findings = read([row("p1", "A1:A2")], plate_map(*rows))
    assert (code, "Plate map", cell) in found(findings)


def test_a_sheet_of_another_title_is_still_unknown() -> None:
    _, findings = read([row("p1", "A1")], Sheet("Layout of plates", [["Dose"], [None, 1, 2], ["A", 1, 2]]))
    assert [f.code for f in findings] == ["SHEET-UNKNOWN"]


def test_files_beside_the_workbook_are_expanded_a_part_at_a_time() -> None:
    made = book(study(Files=[row("p1", "A1:A2"), row("p2", "A1")]))
    shown = plate_map(["Dose", "p1"], [None, 1, 2], ["A", "5", "7"])
    plain, _ = from_book(made, load())
    files = plain["files"]

    def parts(findings: list[Finding] | None) -> Any:
        yield files.cells.of_rows(slice(1))
        yield files.cells.of_rows(slice(1, None))

    streamed = dataclasses.replace(files, cells=files.cells.of_rows(slice(0)), source=parts)
    tables = Tables(plain.schema, {**plain.tables, "files": streamed})
    out, findings = expand(tables, Book(made.name, "", (shown,)))
    assert [[*p.values("own:Dose")] for p in out["files"].parts()] == [["5", "7"], [None]]
    assert [[*p.values("well")] for p in out["files"].parts()] == [["A1", "A2"], ["A1"]]
    assert not findings


def test_a_plate_map_of_a_workbook_is_read_and_its_broken_cells_reported(tmp_path: Path) -> None:
    made, _ = from_book(book(study(Files=[row("p1", "A1:A2")])), load())
    path = tmp_path / "study.xlsx"
    path.write_bytes(filled(load(), select(load(), "screen", ("idr",), "recommended"), made))
    workbook = openpyxl.load_workbook(path)
    sheet = workbook.create_sheet("Plate map doses")
    for cells in (["Dose", "p1"], [None, 1, 2], ["A", "5", "=1+"]):
        sheet.append(cells)
    workbook.save(path)
    back = pipeline.read(path)
    assert back.tables is not None
    assert list(back.tables["files"].frame["own:Dose"]) == ["5", None]
    assert ("CELL-FORMULA", "Plate map doses", "C3") in found(back.findings)
