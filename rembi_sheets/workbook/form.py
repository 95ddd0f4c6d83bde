"""The study sheet: a form with one value a line; the label at the left, who asks and what for at the right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rembi_sheets.cells import Raw
from rembi_sheets.schema import Kind
from rembi_sheets.workbook.layout import Field, Line, Plan, SheetPlan, Weight
from rembi_sheets.workbook.look import Group, lines, look, shown_example
from rembi_sheets.workbook.page import back, band_edge, page, small, title, view
from rembi_sheets.workbook.sheets import wraps
from rembi_sheets.workbook.styles import Edge, Pen, Style, Styles
from rembi_sheets.workbook.valid import conditional_formats, validation

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_LABEL, _VALUE, _WHO, _HELP = 1, 2, 3, 4


def write(target: Worksheet, plan: Plan, sheet: SheetPlan, styles: Styles, values: Mapping[str, Raw]) -> None:
    """Write the form with its `values` by machine name."""
    pen = Pen(target, styles)
    group = look().group[sheet.spec.group]
    words = look().words
    target.sheet_properties.tabColor = group.accent
    title(pen, sheet.spec.title, f"{words['form']}      {words['legend']}", group, _HELP)
    back(pen)
    for number in range(_VALUE, _HELP + 1):
        pen.put(2, number, None, small(look().colour["muted"]))
    _sections(pen, sheet, group)
    for f in sheet.fields:
        _line(pen, sheet, f, group, values.get(f.column.name))
        made = validation(plan, sheet, f)
        if made.type or made.prompt:
            target.data_validations.append(made)
    conditional_formats(sheet, plan, target)
    for letter, width in zip("ABCD", look().width["form"], strict=True):
        pen.column(letter, width)
    view(pen, "B3", f"B{sheet.first_row}", "bottomRight")
    page(pen, landscape=False, wide=1, high=1)
    target.print_area = f"A1:D{sheet.last_row}"


def _sections(pen: Pen, sheet: SheetPlan, group: Group) -> None:
    for row, band in sheet.sections.items():
        strong = band.line is Line.REMBI
        colour = group.accent if strong else look().colour["muted"]
        style = small(colour, bold=strong, vertical="bottom", bottom=band_edge(band, group))
        for number in range(_LABEL, _HELP + 1):
            pen.put(row, number, band.text if number == _LABEL else None, style)
        pen.height(row, look().height["band" if row == min(sheet.sections) else "section"])


def _line(pen: Pen, sheet: SheetPlan, f: Field, group: Group, value: Raw) -> None:
    """One field: label, value, who asks for it, help with an example."""
    colour, mark = look().colour, look().mark
    hair: Edge = ("thin", colour["hair"])
    line: Edge = ("thin", colour["line"])
    row = f.number
    pen.put(row, _LABEL, f.column.label, _label(f, group, hair))
    formats = {Kind.DATE: mark["date"], Kind.INTEGER: mark["integer"], Kind.NUMBER: mark["number"]}
    form = formats.get(f.column.kind, "@")
    pen.put(row, _VALUE, value, Style(format=form, wrap=wraps(f, sheet), bottom=line, right=line))
    who, strong = _who(f)
    style = small(colour["ink" if strong else "muted"], bold=strong, bottom=hair, wrap=True)
    pen.put(row, _WHO, who, style)
    pen.put(row, _HELP, _help(f), small(colour["muted"], bottom=hair, wrap=True))
    pen.room(row, _height(sheet, f, value))


def _height(sheet: SheetPlan, f: Field, value: Raw) -> float:
    """Points a line needs: for its kind, for its help, and for the value it holds already."""
    height, font, wide = look().height, look().font, look().width["form"]
    points = height["field"]
    if f.column.kind is Kind.LONGTEXT:
        points = height["field_required_longtext" if f.weight is Weight.REQUIRED else "field_longtext"]
    if value is not None and wraps(f, sheet):
        count = lines(str(value), wide[_VALUE - 1], font["text"])
        points = max(points, height["wrapped_line"] * count + height["wrapped_more"])
    helped = sum(lines(t, wide[_HELP - 1], font["help"]) for t in (f.column.help, shown_example(f.example, f.column)))
    return max(points, height["help_line"] * helped + height["help_more"])


def _label(f: Field, group: Group, hair: Edge) -> Style:
    colour, mark = look().colour, look().mark
    strong = f.weight in (Weight.REQUIRED, Weight.CONDITIONAL)
    text = {Weight.RECOMMENDED: colour["ink"], Weight.OPTIONAL: colour["muted"]}.get(f.weight, group.accent)
    sign = mark[f.weight.value]
    bars: dict[Weight, Edge] = {Weight.REQUIRED: ("thick", group.accent), Weight.CONDITIONAL: ("medium", group.accent)}
    return Style(
        bold=strong,
        colour=text,
        fill=group.tint if strong else colour["paper"],
        format=mark["heading"].format(sign) if sign else "@",
        bottom=("thin", colour["paper"]) if strong else hair,
        right=bars.get(f.weight, ("thin", colour["line"])),
        wrap=True,
    )


def _who(f: Field) -> tuple[str, bool]:
    """Who asks for a field, in words, and whether they are bold."""
    words = look().words
    if f.required:
        return words["required_by"].format(", ".join(f.required)), True
    if f.conditional:
        return words["conditional_by"].format(", ".join(f.conditional)), True
    return words["recommended" if f.weight is Weight.RECOMMENDED else "optional"], False


def _help(f: Field) -> Any:
    """Help, and in the next line the example in italics."""
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont
    from openpyxl.styles.colors import Color

    font, colour = look().font, look().colour
    plain = InlineFont(rFont=font["name"], sz=font["help"], color=Color(rgb=colour["muted"]))
    italic = InlineFont(rFont=font["name"], sz=font["help"], i=True, color=Color(rgb=colour["example"]))
    return CellRichText(TextBlock(plain, f"{f.column.help}\n"), TextBlock(italic, shown_example(f.example, f.column)))
