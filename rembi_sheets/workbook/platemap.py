"""The sheet of plate maps: blank plates below one another, each with a cell for its column of Files and its plates.

`plates` reads it like any map that people draw themselves: nothing of it depends on where things stand here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING

from rembi_sheets.cells import letters
from rembi_sheets.plates import PLATES
from rembi_sheets.schema import SheetSpec
from rembi_sheets.workbook.layout import Plan
from rembi_sheets.workbook.look import Group, look
from rembi_sheets.workbook.page import back, page, small, title, view
from rembi_sheets.workbook.styles import Edge, Pen, Style, Styles
from rembi_sheets.workbook.valid import attentions

if TYPE_CHECKING:
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.worksheet import Worksheet

_HELP, _FIRST = 3, 4  # rows: help, and where the first map begins
START = "A5"


@dataclass(frozen=True)
class Layout:
    """Where the maps stand: `tops` are the rows of their labels; then follow heading, numbers and the rows."""

    rows: int
    columns: int
    tops: tuple[int, ...]

    def wells(self, top: int) -> str:
        """The wells of the map whose labels stand in row `top`."""
        return f"$B${top + 3}:${letters(self.columns + 1)}${top + 2 + self.rows}"


def layout(plan: Plan) -> Layout:
    """The maps of a workbook whose plates have `plan.wells` wells."""
    rows, columns = next(p for p in PLATES if p[0] * p[1] == plan.wells)
    step = 3 + rows + look().plates["gap"]
    return Layout(rows, columns, tuple(_FIRST + n * step for n in range(look().plates["maps"])))


def write(target: Worksheet, plan: Plan, spec: SheetSpec, styles: Styles) -> None:
    """Write the sheet for the table of files `spec`."""
    pen = Pen(target, styles)
    made = layout(plan)
    words = look().words
    group = look().group[spec.group]
    target.sheet_properties.tabColor = group.accent
    title(pen, words["plate_map"], words["plate_map_purpose"], group, made.columns + 1)
    back(pen)
    for number in range(1, made.columns + 2):
        corner = f"{letters(made.rows)}{made.columns}"
        text = words["plate_map_help"].format(corner) if number == 1 else None
        pen.put(_HELP, number, text, small(look().colour["muted"]))
    for top in made.tops:
        _map(pen, made, top, group)
    target.data_validations.dataValidation.extend(_headings(plan, spec, made))
    _missing(target, made)
    plain = Style()
    pen.column("A", look().width["plate_edge"], plain)
    for number in range(2, made.columns + 2):
        pen.column(letters(number), look().width["plate_well"], plain)
    view(pen, "B3", START, "bottomLeft")
    page(pen, landscape=True, wide=ceil(made.columns / 12))
    target.print_title_cols = "A:A"


def _map(pen: Pen, made: Layout, top: int, group: Group) -> None:
    """One blank plate: labels, the two cells above the plate, numbers, letters, wells."""
    colour, words = look().colour, look().words
    dotted: Edge = ("dotted", group.accent)
    hair: Edge = ("thin", colour["hair"])
    label = small(group.accent, bold=True, vertical="bottom")
    pen.put(top, 1, words["plate_map_column"], label)
    pen.put(top, 2, words["plate_map_plates"], label)
    framed = Style(bold=True, colour=group.accent, top=dotted, left=dotted, right=dotted, bottom=dotted)
    pen.put(top + 1, 1, None, framed)
    pen.put(top + 1, 2, None, replace(framed, bold=False))
    edge = Style(bold=True, colour=group.accent, fill=group.tint, horizontal="center", indent=0, format="General")
    head = replace(edge, bottom=("medium", group.accent))
    pen.put(top + 2, 1, None, head)
    for number in range(1, made.columns + 1):
        pen.put(top + 2, number + 1, number, head)
    well = Style(bottom=hair, right=hair)
    for row in range(1, made.rows + 1):
        pen.put(top + 2 + row, 1, letters(row), replace(edge, bottom=hair))
        for number in range(1, made.columns + 1):
            pen.put(top + 2 + row, number + 1, None, well)
    pen.height(top, look().height["band"])
    pen.height(top + 1, look().height["readme_row"])


def _headings(plan: Plan, spec: SheetSpec, made: Layout) -> Iterator[DataValidation]:
    """The headings of Files to choose from: right of the columns that say which well a row is, the user's own too."""
    from openpyxl.worksheet.datavalidation import DataValidation

    files = plan.by_name[spec.name]
    keys = [f.number for f in files.fields if f.column.name in spec.key]
    first, heading = min(max(keys, default=0) + 1, files.last_column), files.first_row - 1
    offered = f"{spec.title}!${letters(first)}${heading}:${letters(files.last_column)}${heading}"
    cells = " ".join(f"A{top + 1}" for top in made.tops)
    yield DataValidation(type="list", formula1=offered, sqref=cells, allow_blank=True, showErrorMessage=False)


def _missing(target: Worksheet, made: Layout) -> None:
    """A map that is filled in while its heading is empty: the heading is framed."""
    from openpyxl.formatting.rule import Rule

    number = attentions(target.parent)["missing"]
    for top in made.tops:
        formula = f"AND(LEN($A${top + 1})=0,COUNTA({made.wells(top)})>0)"
        target.conditional_formatting.add(f"A{top + 1}", Rule(type="expression", dxfId=number, formula=[formula]))
