"""Looks, limits and conditional formats that people gave to our sheets, in a copy that is drawn anew.

All of them are put into one workbook, each into cells of its own, and one copy is made of it.
"""

from __future__ import annotations

import copy as copying
import io
from typing import Any

import openpyxl
import pytest
from openpyxl.formatting import rule as formatting
from openpyxl.styles import Border, Color, Font, GradientFill, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter as letters
from openpyxl.worksheet.datavalidation import DataValidation

from tests.workbook.test_copies_own import book, column, more, saved

of: Any = formatting
PINK = PatternFill("solid", fgColor="FFFFC7CE")
BLUES = GradientFill(degree=45, stop=(Color(rgb="FFFFFFFF"), Color(theme=4)))
ROUND = GradientFill(type="path", left=0.5, right=0.5, top=0.5, bottom=0.5, stop=("FF00FF00", "FFFF0000"))
LINE = Side("double", color="FFC00000")
LOOKS: dict[str, tuple[str, Any]] = {
    "gradient": ("fill", BLUES),
    "gradient of a path": ("fill", ROUND),
    "bold": ("font", Font("Calibri", 11, bold=True)),
    "italic": ("font", Font("Calibri", 11, italic=True)),
    "underlined": ("font", Font("Calibri", 11, underline="single")),
    "another font": ("font", Font("Courier New", 14)),
    "edges": ("border", Border(left=LINE, top=LINE)),
}
AT = {  # a cell for each look on three sheets, filled ones and empty ones
    ("Biosamples", "Organism"): 6,
    ("Files", "Image data"): 60,
    ("Study", ""): 4,
}
LIMITS: list[tuple[str, str, Any, Any, tuple[str, Any]]] = [
    ("Image data", "Dimension extents - X", "whole", "between", ("1", "10")),
    ("Image data", "Pixel/voxel size - X", "decimal", "lessThan", ("5", None)),
    ("Image data", "Dimension extents - Z", "whole", "greaterThanOrEqual", ("20", None)),
    ("Specimens", "Preparation method", "textLength", "lessThanOrEqual", ("12", None)),
    ("Files", "Path", "textLength", "between", ("3", "80")),
    ("Biosamples", "Organism", "time", "greaterThan", ("0.5", None)),
    ("People", "Last name", "date", "notEqual", ("36526", None)),
]
DXF = DifferentialStyle(font=Font(color="FF006100"), fill=PatternFill(bgColor="FFC6EFCE"))
SEARCH = 'NOT(ISERROR(SEARCH("e",{0})))'
RULES: dict[str, Any] = {
    "cell is": of.CellIsRule(operator="greaterThan", formula=["3"], fill=PINK),
    "formula of its own cell": of.FormulaRule(formula=["LEN({0})>4"], fill=PINK),
    "formula of another column": of.FormulaRule(formula=['$A{1}<>""'], font=Font(bold=True), stopIfTrue=True),
    "another sheet": of.FormulaRule(formula=["Mine!$B$4>2"], fill=PINK),
    "text": of.Rule(type="containsText", operator="containsText", text="e", formula=[SEARCH], dxf=DXF),
    "given twice": of.Rule(type="duplicateValues", dxf=DXF),
    "scale": of.ColorScaleRule("min", None, "FFF8696B", "max", None, "FF63BE7B"),
    "bar": of.DataBarRule("min", None, "max", None, "FF638EC6"),
}


def looked_at(workbook: Any) -> dict[tuple[str, str, str], Any]:
    """Each cell of a look, by sheet, label and look."""
    out = {}
    for (title, label), row in AT.items():
        sheet = workbook[title]
        lines = [c.row for c in sheet["A"] if c.value in ("Study title", "Study description", "Keywords", "License")]
        for n, name in enumerate(LOOKS):
            at = (row + n, column(sheet, label)) if label else (lines[n % len(lines)], 2 if n < len(lines) else 6)
            out[title, label, name] = sheet.cell(*at)
    return out


def put_all(made: Any) -> None:
    """Everything that the tests look for."""
    made.create_sheet("Mine")["B4"] = 3
    for (_, _, name), cell in looked_at(made).items():
        setattr(cell, *LOOKS[name])
    people, files, specimens = made["People"], made["Files"], made["Specimens"]
    people.row_dimensions[7].fill = PINK
    people.row_dimensions[40].font = Font("Calibri", 11, bold=True)
    for c in people[7]:
        c.fill = PINK
    files.column_dimensions[letters(column(files, "Image data"))].fill = PINK
    specimens.cell(5, column(specimens, "Name")).fill = PINK
    next(c for c in made["Study"]["A"] if c.value == "Keywords").font = Font("Calibri", 11, color="FF7030A0")
    for title, label, kind, operator, (first, second) in LIMITS:
        area = f"{letters(column(made[title], label))}70:{letters(column(made[title], label))}90"
        made[title].add_data_validation(DataValidation(kind, first, second, operator=operator, sqref=area))
    own = DataValidation(promptTitle="Lab rule", prompt="initials first", showInputMessage=True, sqref="A70:A72")
    specimens.add_data_validation(own)
    for title, label in (("Specimens", "Preparation method"), ("Files", "Image data")):
        for n, rule in enumerate(RULES.values()):
            at, row = letters(column(made[title], label)), 100 + 10 * n
            rule = copying.deepcopy(rule)
            rule.formula = [text.format(f"{at}{row}", row) for text in rule.formula]
            made[title].conditional_formatting.add(f"{at}{row}:{at}{row + 5}", rule)
    wide = of.FormulaRule(formula=["A200=$A$200"], fill=PINK)
    specimens.conditional_formatting.add(f"A200:{letters(column(specimens, 'Preparation method'))}210", wide)


@pytest.fixture(scope="module")
def made() -> Any:
    workbook = book()
    put_all(workbook)
    return workbook


@pytest.fixture(scope="module")
def copy(made: Any) -> Any:
    added = more(saved(made))
    assert added.left == ()
    return openpyxl.load_workbook(io.BytesIO(added.content))


def test_looks_of_cells_stay_with_their_cells(made: Any, copy: Any) -> None:
    now = looked_at(copy)
    for key, cell in looked_at(made).items():
        way = LOOKS[key[2]][0]
        if way == "font":
            mine, theirs = cell.font, now[key].font
            said = [(f.name, f.size, bool(f.bold), bool(f.italic), f.underline) for f in (mine, theirs)]
            assert said[0] == said[1], key
        elif way == "border":
            assert [(s.style, s.color.rgb) for s in (now[key].border.left, now[key].border.top)] == [
                ("double", "FFC00000")
            ] * 2, key
        else:
            assert repr(cell.fill) == repr(now[key].fill), key


def test_whole_rows_and_columns_keep_their_colours(copy: Any) -> None:
    people, files = copy["People"], copy["Files"]
    last = column(people, "Role")
    assert {people.cell(7, n).fill.fgColor.rgb for n in range(1, last + 1)} == {"FFFFC7CE"}
    assert people.row_dimensions[7].fill.fgColor.rgb == "FFFFC7CE"
    assert people.row_dimensions[40].font.bold and people.cell(40, last).font.bold
    assert people.cell(8, last).fill.patternType is None
    assert files.column_dimensions[letters(column(files, "Image data"))].fill.fgColor.rgb == "FFFFC7CE"
    assert files.column_dimensions["A"].fill.patternType is None


def test_a_heading_keeps_a_colour_of_ones_own_and_else_ours(made: Any, copy: Any) -> None:
    assert copy["Specimens"].cell(5, column(copy["Specimens"], "Name")).fill.fgColor.rgb == "FFFFC7CE"
    assert next(c for c in copy["Study"]["A"] if c.value == "Keywords").font.color.rgb == "FF7030A0"
    for label in ("First name(s)", "Role"):
        one, two = (w["People"].cell(5, column(w["People"], label)) for w in (made, copy))
        assert one.fill.fgColor.rgb == two.fill.fgColor.rgb


def test_limits_and_prompts_of_ones_own_stay_and_take_the_place_of_ours(copy: Any) -> None:
    for title, label, kind, operator, bounds in LIMITS:
        at, rules = letters(column(copy[title], label)), copy[title].data_validations.dataValidation
        for row in (70, 83, 90):
            (found,) = [v for v in rules if f"{at}{row}" in v.sqref]
            assert (found.type, found.operator or "between", found.formula1, found.formula2) == (
                kind,
                operator,
                *bounds,
            )
        assert [(v.operator, v.formula1) for v in rules if f"{at}69" in v.sqref] != [(operator, bounds[0])]
    prompts = copy["Specimens"].data_validations.dataValidation
    assert [v.prompt for v in prompts if "A71" in v.sqref] == ["initials first"]
    assert len([v for v in prompts if "A73" in v.sqref]) == 1


@pytest.mark.parametrize(("title", "label"), [("Specimens", "Preparation method"), ("Files", "Image data")])
def test_conditional_formats_of_ones_own_stay(title: str, label: str, copy: Any) -> None:
    sheet = copy[title]
    at = letters(column(sheet, label))
    rules = {str(c.sqref): list(c.rules) for c in sheet.conditional_formatting}
    for n, rule in enumerate(RULES.values()):
        row = 100 + 10 * n
        (found,) = rules[f"{at}{row}:{at}{row + 5}"]
        assert found.formula == [text.format(f"{at}{row}", row) for text in rule.formula]
        assert (found.type, found.stopIfTrue, bool(found.dxf)) == (rule.type, rule.stopIfTrue, bool(rule.dxf))
        if rule.dxf and rule.dxf.fill:
            assert found.dxf.fill.bgColor.rgb == rule.dxf.fill.bgColor.rgb
        assert bool(found.colorScale or found.dataBar) == bool(rule.colorScale or rule.dataBar)
    priorities = [r.priority for several in rules.values() for r in several]
    assert len(set(priorities)) == len(priorities)


def test_one_format_over_many_columns_counts_from_each_of_them(made: Any, copy: Any) -> None:
    areas = {
        area.coord: rule.formula[0]
        for block in copy["Specimens"].conditional_formatting
        for rule in block.rules
        if rule.formula and rule.formula[0].endswith("=$A$200")
        for area in block.sqref.ranges
    }
    wide = column(made["Specimens"], "Preparation method")
    for label in (c.value for c in made["Specimens"][5][:wide]):
        at = letters(column(copy["Specimens"], label))
        assert f"{at}200:{at}210" in areas


def test_what_this_program_draws_is_no_ones_own(copy: Any) -> None:
    again = openpyxl.load_workbook(io.BytesIO(more(saved(copy)).content))
    for title in ("Study", "Files", "Image data", "Specimens", "People"):
        one, two = copy[title], again[title]
        rules = [sum(len(c.rules) for c in s.conditional_formatting) for s in (one, two)]
        assert rules[0] == rules[1], title
        assert len(one.data_validations.dataValidation) == len(two.data_validations.dataValidation), title
