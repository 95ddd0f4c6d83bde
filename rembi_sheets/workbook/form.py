"""The study sheet: a form with one value a line; the label at the left, who asks and what for at the right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rembi_sheets.cells import Raw
from rembi_sheets.schema import Kind
from rembi_sheets.workbook.layout import Field, Line, Plan, SheetPlan, Weight
from rembi_sheets.workbook.look import Group, lines, look
from rembi_sheets.workbook.sheets import _link, band_edge, page, view, wraps
from rembi_sheets.workbook.styles import Styles, put
from rembi_sheets.workbook.valid import conditional_formats, example, validation

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_LABEL, _VALUE, _WHO, _HELP = 1, 2, 3, 4


def write(target: Worksheet, plan: Plan, sheet: SheetPlan, styles: Styles, values: Mapping[str, Raw]) -> None:
    """Write the form with its `values` by machine name."""
    group = look().group[sheet.spec.group]
    target.sheet_properties.tabColor = group.accent
    _title(target, sheet, group, styles)
    for row, band in sheet.sections.items():
        strong = band.line is Line.REMBI
        style = styles.make(
            size=look().font["help"],
            bold=strong,
            colour=group.accent if strong else look().colour["muted"],
            fill=look().colour["paper"],
            vertical="bottom",
            bottom=band_edge(band, group),
        )
        for n in range(1, 5):
            put(target.cell(row, n), band.text if n == _LABEL else None, style)
        target.row_dimensions[row].height = look().height["section" if row > 3 else "band"]
    for f in sheet.fields:
        _line(target, sheet, f, group, styles, values.get(f.column.name))
        target.data_validations.append(validation(plan, sheet, f))
    conditional_formats(sheet, plan, target)
    for letter, width in zip("ABCD", look().width["form"], strict=True):
        target.column_dimensions[letter].width = width + 0.71
    view(target, "B3", f"B{sheet.first_row}", "bottomRight")
    page(target, landscape=False, wide=1, high=1)
    target.print_area = f"A1:D{sheet.last_row}"


def _title(target: Worksheet, sheet: SheetPlan, group: Group, styles: Styles) -> None:
    colour, font, words = look().colour, look().font, look().words
    paper = colour["paper"]
    title = styles.make(size=font["title"], bold=True, colour=group.accent, fill=paper)
    put(target.cell(1, 1), sheet.spec.title, title)
    purpose = styles.make(size=font["purpose"], colour=colour["muted"], fill=paper)
    put(target.cell(1, 2), f"{words['form']}      {words['legend']}", purpose)
    for row in (1, 2):
        for n in range(3 if row == 1 else 2, 5):
            put(target.cell(row, n), None, purpose)
    _link(target, 2, 1, words["back"], words["readme"], "A1")
    put(
        target.cell(2, 1),
        words["back"],
        styles.make(size=font["help"], underline="single", colour=colour["link"], fill=paper),
    )
    target.row_dimensions[1].height = look().height["title"]
    target.row_dimensions[2].height = look().height["band"]


def _line(target: Worksheet, sheet: SheetPlan, f: Field, group: Group, styles: Styles, value: Raw) -> None:
    """One field: label, value, who asks for it, help with an example."""
    colour, font, height = look().colour, look().font, look().height
    hair = ("thin", colour["hair"])
    line = ("thin", colour["line"])
    row = f.number
    put(target.cell(row, _LABEL), f.column.label, _label_style(f, group, styles, hair))
    number = f.column.kind in (Kind.INTEGER, Kind.NUMBER)
    format = look().mark["date" if f.column.kind is Kind.DATE else "number"] if number or _dated(f) else "@"
    wrap = wraps(f, sheet)
    put(target.cell(row, _VALUE), value, styles.make(format=format, wrap=wrap, bottom=line, right=line))
    who, strong = _who(f)
    put(
        target.cell(row, _WHO),
        who,
        styles.make(
            size=font["help"],
            bold=strong,
            colour=colour["ink"] if strong else colour["muted"],
            fill=colour["paper"],
            bottom=hair,
            wrap=True,
        ),
    )
    put(
        target.cell(row, _HELP),
        _help(f),
        styles.make(size=font["help"], colour=colour["muted"], fill=colour["paper"], bottom=hair, wrap=True),
    )
    points = height["field"]
    if f.column.kind is Kind.LONGTEXT:
        points = height["field_required_longtext" if f.weight is Weight.REQUIRED else "field_longtext"]
    wide = look().width["form"]
    if value is not None and wrap:
        points = max(points, height["wrapped_line"] * lines(str(value), wide[1], font["text"]) + height["wrapped_more"])
    helped = lines(f.column.help, wide[3], font["help"]) + lines("e.g. " + example(f.column), wide[3], font["help"])
    target.row_dimensions[row].height = max(points, height["help_line"] * helped + height["help_more"])


def _dated(f: Field) -> bool:
    return f.column.kind is Kind.DATE


def _label_style(f: Field, group: Group, styles: Styles, hair: tuple[str, str]) -> Any:
    colour, mark = look().colour, look().mark
    strong = f.weight in (Weight.REQUIRED, Weight.CONDITIONAL)
    text = {Weight.RECOMMENDED: colour["ink"], Weight.OPTIONAL: colour["muted"]}.get(f.weight, group.accent)
    sign = mark[f.weight.value]
    bar = {Weight.REQUIRED: "thick", Weight.CONDITIONAL: "medium"}.get(f.weight, "")
    return styles.make(
        bold=strong,
        colour=text,
        fill=group.tint if strong else colour["paper"],
        format=mark["heading"].format(sign) if sign else "@",
        bottom=("thin", colour["paper"]) if strong else hair,
        right=(bar, group.accent) if bar else ("thin", colour["line"]),
        wrap=True,
    )


def _who(f: Field) -> tuple[str, bool]:
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

    listed = bool(f.column.list) or f.column.kind is Kind.REFERENCE
    sign = look().mark["example_list" if listed else "example"].split('"')[1]
    font, colour = look().font, look().colour
    plain = InlineFont(rFont=font["name"], sz=font["help"], color=colour["muted"])
    italic = InlineFont(rFont=font["name"], sz=font["help"], i=True, color=colour["example"])
    return CellRichText(TextBlock(plain, f"{f.column.help}\n"), TextBlock(italic, f"{sign}{example(f.column)}"))
