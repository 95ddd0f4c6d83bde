"""Tables whose rows name several wells, and layouts with joined cells: each well gets the value."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from rembi_sheets.fill.joins import resolved
from rembi_sheets.fill.merge import merge
from rembi_sheets.fill.model import State
from rembi_sheets.fill.sources import recognised
from rembi_sheets.fill.sources.table import wells
from rembi_sheets.plates.wells import name
from rembi_sheets.tables import OWN
from tests.support import STUDY
from tests.support import tables as read


def block(top: int, left: int, bottom: int, right: int) -> tuple[str, ...]:
    return tuple(name((r, c)) for r in range(top, bottom + 1) for c in range(left, right + 1))


@pytest.mark.parametrize(
    ("text", "plate", "expected"),
    [
        ("A1:P24", (0, 0), block(1, 1, 16, 24)),
        ("A1-A12", (0, 0), block(1, 1, 1, 12)),
        ("A01 – A03", (0, 0), ("A1", "A2", "A3")),
        ("A1 to B2", (0, 0), ("A1", "A2", "B1", "B2")),
        ("A1..A3", (0, 0), ("A1", "A2", "A3")),
        ("A1-3", (0, 0), ("A1", "A2", "A3")),
        ("B2:A1", (0, 0), ("A1", "A2", "B1", "B2")),
        ("B03,B04", (0, 0), ("B3", "B4")),
        ("A01;A02", (0, 0), ("A1", "A2")),
        ("A1, C1-C2 and D4", (0, 0), ("A1", "C1", "C2", "D4")),
        ("A1 A2 A3", (0, 0), ("A1", "A2", "A3")),
        ("A1/A2", (0, 0), ("A1", "A2")),
        ("A1\nA2", (0, 0), ("A1", "A2")),
        ("A1, A1", (0, 0), ("A1",)),
        ("r01c01, r02c02", (0, 0), ("A1", "B2")),
        ("AF47:AF48", (0, 0), ("AF47", "AF48")),
        ("row B", (8, 12), block(2, 1, 2, 12)),
        ("Rows A-B", (8, 12), block(1, 1, 2, 12)),
        ("column 3", (8, 12), block(1, 3, 8, 3)),
        ("cols 2-3", (16, 24), block(1, 2, 16, 3)),
        ("row B; H12", (8, 12), (*block(2, 1, 2, 12), "H12")),
        ("A-1", (0, 0), ("A1",)),
        ("row B", (0, 0), ()),  # of how many columns?
        ("A1:B2:C3", (8, 12), ()),
        ("A1-Z9Z", (8, 12), ()),
        ("A1, none", (8, 12), ()),
        ("A1:ZZ99", (32, 48), ()),
        ("controls", (8, 12), ()),
    ],
)
def test_a_cell_names_several_wells(text: str, plate: tuple[int, int], expected: tuple[str, ...]) -> None:
    assert wells.several(text, plate) == expected


@pytest.mark.parametrize(
    ("named", "plate"),
    [
        (["A1:P24"], (16, 24)),
        (["row A", "row H"], (8, 12)),
        (["column 1", "columns 2-24"], (16, 24)),
        (["A1", "A2; C4"], (3, 4)),
        (["row A", "row C", "row E"], (0, 0)),
        (["A1-A11"], (0, 0)),
        ([], (0, 0)),
    ],
)
def test_the_plate_is_known_where_its_edge_is_named(named: list[str], plate: tuple[int, int]) -> None:
    assert wells.plate_of(named) == plate


def filled(path: Path) -> tuple[dict[str, object], list[str]]:
    """Own column Compound Name by well of the plate P1 after filling, and what went nowhere."""
    rows = [
        {"Image data": "Organoid stacks", "Path": "p1/plate.htd", "Plate": "P1", "Well": w} for w in block(1, 1, 8, 12)
    ]
    tables = read({**STUDY, "Files": rows})[0]
    known = recognised(path)
    said, left = resolved(tables, known.proposals, known.joins)
    made = merge(tables, said)
    cells = {
        e.proposal.key[2]: e.value
        for e in made.of(State.FILLED)
        if e.proposal.key and e.proposal.column == f"{OWN}Compound Name"
    }
    return cells, [u.value + u.why for u in (*known.unplaced, *left, *made.unplaced)]


@pytest.mark.parametrize("heading", ["Well", "Wells", "Well position"])
def test_rows_for_several_wells_fill_each(heading: str, tmp_path: Path) -> None:
    path = tmp_path / "P1.csv"
    path.write_text(f'{heading},Compound\nA1:D12,DMSO\n"E1,E2",Drug\nrow F,Dye\nG1-G12,Salt\nH12,None\n')
    cells, _ = filled(path)
    assert {w for w, v in cells.items() if v == "DMSO"} == set(block(1, 1, 4, 12))
    assert {w for w, v in cells.items() if v == "Drug"} == {"E1", "E2"}
    assert {w for w, v in cells.items() if v == "Dye"} == set(block(6, 1, 6, 12))
    assert len(cells) == 48 + 2 + 12 + 12 + 1


def test_what_cannot_be_read_as_wells_is_told(tmp_path: Path) -> None:
    path = tmp_path / "P1.csv"
    path.write_text(
        "Well,Compound\nA1;A2,DMSO\nA3,Drug\nA4,Salt\nthe others,Dye\n" + "".join(f"B{n},x\n" for n in range(1, 10))
    )
    cells, told = filled(path)
    assert cells["A1"] == cells["A2"] == "DMSO" and "Dye" not in cells.values()
    assert any("no row of Files has this Plate and Well" in t and "Dye" in t for t in told)


def test_joined_cells_of_a_layout_are_said_of_each_well(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "P1"
    sheet["A1"] = "Compound"
    for column in range(1, 13):
        sheet.cell(2, column + 1, column)
    for row in range(8):
        sheet.cell(row + 3, 1, "ABCDEFGH"[row])
    sheet["B3"] = "DMSO"
    sheet.merge_cells("B3:M4")
    sheet["B5"] = "Drug"
    sheet["C5"] = "Dye"
    sheet.merge_cells("C5:C10")
    book.save(tmp_path / "P1.xlsx")
    cells, _ = filled(tmp_path / "P1.xlsx")
    assert {w for w, v in cells.items() if v == "DMSO"} == set(block(1, 1, 2, 12))
    assert {w for w, v in cells.items() if v == "Dye"} == set(block(3, 2, 8, 2))
    assert cells["C1"] == "Drug" and len(cells) == 31


def compounds(tmp_path: Path, text: str) -> tuple[object, list[str]]:
    """What a row of Files for the wells A1:B2 gets from a table, and why the rest is not placed."""
    row = {"Image data": "Organoid stacks", "Path": "p1/plate.htd", "Plate": "P1", "Well": "A1:B2"}
    tables = read({**STUDY, "Files": [row]})[0]
    (tmp_path / "P1.csv").write_text(f"Plate,Well,Compound Name\n{text}")
    known = recognised(tmp_path / "P1.csv")
    said, left = resolved(tables, known.proposals, known.joins)
    made = merge(tables, said)
    frame = made.tables["files"].frame
    value = frame[f"{OWN}Compound Name"].tolist() if f"{OWN}Compound Name" in frame.columns else [None]
    assert len(frame) == 1 and not left
    return value[0], [e.why for e in made.of(State.NOT_UNDERSTOOD)] + [u.why for u in made.unplaced]


def test_a_row_of_files_for_several_wells_takes_what_all_of_them_have(tmp_path: Path) -> None:
    assert compounds(tmp_path, "P1,A1,DMSO\nP1,A2,DMSO\nP1,B1,DMSO\nP1,B02,DMSO\n") == ("DMSO", [])
    assert compounds(tmp_path, "P1,A1-B2,DMSO\n") == ("DMSO", [])


@pytest.mark.parametrize(
    "text", ["P1,A1,DMSO\nP1,A2,DMSO\nP1,B1,DMSO\nP1,B2,Drug\n", "P1,A1,DMSO\n", "P1,A1:A2,DMSO\n"]
)
def test_values_of_some_of_its_wells_are_told_and_not_given_to_all(text: str, tmp_path: Path) -> None:
    value, told = compounds(tmp_path, text)
    assert value is None and told and all("stands for several wells" in why for why in told)
