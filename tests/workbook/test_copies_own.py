"""What people make of our sheets by hand - colours, dropdowns, pictures - in a copy that is drawn anew."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from functools import cache
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Color, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from rembi_sheets.schema import load
from rembi_sheets.workbook.add import Added, add
from rembi_sheets.workbook.contents import Contents
from rembi_sheets.workbook.paint import NOWHERE, Paint, formats
from tests.workbook.bad_files import good
from tests.workbooks import opened

SCHEMA = load()
MORE = ("Specimens: Location within biosample", "Image data: Size description", "Study: Acknowledgements")
YELLOW = PatternFill("solid", fgColor="FFFFF2CC")
STRIPED = PatternFill("lightUp", fgColor="FF00B050", bgColor="FFE2EFDA")
THEMED = PatternFill("solid", fgColor=Color(theme=7, tint=0.6))


@cache
def drawn() -> bytes:
    """The good study in today's form."""
    return add(good(), SCHEMA, archives=("empiar",)).content


def book() -> Any:
    return openpyxl.load_workbook(io.BytesIO(drawn()))


def saved(made: Any) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def more(data: bytes) -> Added:
    sheets = {s.title: s for s in SCHEMA.sheets}
    have = {f"{t}: {c.label}" for t, s in sheets.items() for c in s.columns}
    return add(data, SCHEMA, archives=("idr",), columns=[c for c in MORE if c in have])


def column(sheet: Any, label: str) -> int:
    return int(next(c.column for row in sheet.iter_rows(max_row=5) for c in row if c.value == label))


def test_colours_of_cells_stay_with_their_cells() -> None:
    made = book()
    ways = {
        ("Specimens", 6, "Name"): (YELLOW, None),
        ("Specimens", 40, "Preparation method"): (STRIPED, None),  # empty
        ("Image data", 6, "Name"): (THEMED, "FFC00000"),
        ("Files", 7, "Path"): (None, "FF0070C0"),
    }
    for (title, row, label), (fill, text) in ways.items():
        cell = made[title].cell(row, column(made[title], label))
        if fill:
            cell.fill = fill
        if text:
            cell.font = Font(name="Calibri", color=text)
    line = next(c.row for c in made["Study"]["A"] if c.value == "Study title")
    made["Study"].cell(line, 2).fill = YELLOW
    copy = openpyxl.load_workbook(io.BytesIO(more(saved(made)).content))
    for (title, row, label), (fill, text) in ways.items():
        cell = copy[title].cell(row, column(copy[title], label))
        shown = (cell.fill.patternType, cell.fill.fgColor, cell.fill.bgColor)
        assert shown == (fill.patternType, fill.fgColor, fill.bgColor) if fill else shown[0] is None
        assert not text or cell.font.color.rgb == text
    line = next(c.row for c in copy["Study"]["A"] if c.value == "Study title")
    assert copy["Study"].cell(line, 2).fill.fgColor.rgb == "FFFFF2CC"
    blank = Contents(drawn())
    ours = formats(blank)
    for title in ("Specimens", "Files", "Image data"):
        cells = [(row, int(cell.get("s", "0"))) for row, at, cell in blank.elements(title) if row > 5 and at == 2]
        painted = {style for style, paint in ours.items() if replace(paint, align=NOWHERE) != Paint()}
        assert [row for row, style in cells if style in painted] == []


DROPDOWNS: list[tuple[str, str, tuple[int, int], Any, str]] = [  # one a sheet
    ("Specimens", "Preparation method", (6, 40), "list", '"fixed,live,cleared"'),
    ("Image data", "Name", (6, 8), "list", "'My words'!$A$1:$A$3"),
    ("Biosamples", "Organism", (10, 10), "list", '"Homo sapiens,Mus musculus"'),
    ("Image acquisition", "Name", (6, 500), "custom", "ISTEXT(A6)"),
]


@cache
def with_dropdowns() -> bytes:
    """A copy of the good study with all of them."""
    made = book()
    words = made.create_sheet("My words")
    for n in range(1, 4):
        words.cell(n, 1, f"word {n}")
    for title, label, rows, kind, formula in DROPDOWNS:
        letter = openpyxl.utils.get_column_letter(column(made[title], label))
        area = f"{letter}{rows[0]}:{letter}{rows[1]}"
        own = DataValidation(type=kind, formula1=formula, allow_blank=True, sqref=area, errorTitle="Own", error="Mine")
        made[title].add_data_validation(own)
    return more(saved(made)).content


@pytest.mark.parametrize(("title", "label", "rows", "kind", "formula"), DROPDOWNS)
def test_a_dropdown_of_ones_own_stays(title: str, label: str, rows: tuple[int, int], kind: Any, formula: str) -> None:
    copy = opened(with_dropdowns())[title]
    to = openpyxl.utils.get_column_letter(column(copy, label))
    cells = {f"{to}{row}" for row in range(rows[0], rows[1] + 1)}
    (found,) = [v for v in copy.data_validations.dataValidation if v.error == "Mine"]
    assert (found.type, found.allow_blank, found.errorTitle) == (kind, True, "Own")
    assert found.formula1 == formula.replace("A6", f"{to}6")
    others = [v for v in copy.data_validations.dataValidation if v is not found]
    assert all(any(c in v.sqref for v in [found]) for c in cells)
    assert not any(c in v.sqref for c in cells for v in others)
    beyond = f"{to}{rows[1] + 1}"
    unchanged = opened(more_of_good().content)[title]
    before = [v.type for v in unchanged.data_validations.dataValidation if beyond in v.sqref]
    assert [v.type for v in others if beyond in v.sqref] == before


@cache
def more_of_good() -> Added:
    return more(drawn())


def test_what_cannot_come_along_is_said() -> None:
    data = drawn()
    kinds = {"pivotTable": "a pivot table", "drawing": "pictures or charts", "threadedComment": "the threads of its"}
    part = Contents(data).sheets["Specimens"].part
    rels = part.replace("worksheets/", "worksheets/_rels/") + ".rels"
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    made = "".join(f'<Relationship Id="x{k}" Type="{base}/{k}" Target="/xl/{k}.xml"/>' for k in kinds)
    head = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        there = old.read(rels).decode() if rels in old.namelist() else f"{head}</Relationships>"
        for name in old.namelist():
            if name != rels:
                new.writestr(name, old.read(name))
        new.writestr(rels, there.replace("</Relationships>", f"{made}</Relationships>"))
        for kind in kinds:
            new.writestr(f"xl/{kind}.xml", "<x><oneCellAnchor/></x>")
    left = more(out.getvalue()).left
    assert all(any(text.startswith(f"Specimens: {word}") for text in left) for word in kinds.values())
    assert more_of_good().left == ()
