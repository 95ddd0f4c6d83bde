"""A table sheet: five rows of head, then data to the end of what is promised; styles live on the columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from rembi_sheets.cells import Raw, letters
from rembi_sheets.schema import Kind
from rembi_sheets.workbook.layout import Field, Line, Plan, SheetPlan, Weight
from rembi_sheets.workbook.look import Group, is_chosen, lines, look, shown_example
from rembi_sheets.workbook.page import back, band_edge, page, scale, small, title, view
from rembi_sheets.workbook.styles import Edge, Pen, Style, Styles
from rembi_sheets.workbook.valid import conditional_formats, is_long, validation

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_NUMBERS = (Kind.INTEGER, Kind.NUMBER)
BAND, HELP, EXAMPLE, HEADING = 2, 3, 4, 5


def write(target: Worksheet, plan: Plan, sheet: SheetPlan, styles: Styles, data: Sequence[Mapping[str, Raw]]) -> None:
    """Write one table sheet with its `data`: one mapping a row, by machine name, own columns by their heading."""
    pen = Pen(target, styles)
    group = look().group[sheet.spec.group]
    words = look().words
    target.sheet_properties.tabColor = group.accent
    purpose = f"{words['one_row'].format(sheet.spec.row)}      {words['legend']}"
    title(pen, sheet.spec.title, purpose, group, sheet.last_column)
    back(pen, ("medium", group.accent))
    for f in sheet.fields:
        _head(pen, f, group, dividers(sheet, f))
    for n, heading in enumerate(sheet.own):
        _own_head(pen, sheet.own_start + n, heading, n == 0, group)
    cells = _columns(pen, sheet)
    _heights(pen, sheet)
    for f in sheet.fields:
        target.data_validations.append(validation(plan, sheet, f))
    conditional_formats(sheet, plan, target, len(data))
    _rows(pen, sheet, data, cells)
    view(pen, f"B{sheet.first_row}", f"A{sheet.first_row}", "bottomLeft")
    wide = 1 if sheet.last_column <= look().limit["page_columns"] else 2
    # LibreOffice looks for the scale of a long sheet for minutes, for every page anew
    percent = scale(_widths(pen, sheet), wide) if is_long(len(data)) else 0
    page(pen, landscape=True, wide=wide, percent=percent)
    target.print_title_rows = f"1:{HEADING}"
    if wide > 1:  # LibreOffice takes long over both, and on one page the names stand anyway
        target.print_title_cols = "A:A"
    if sheet.spec.own:
        target.auto_filter.ref = f"A{HEADING}:{letters(sheet.last_column)}{sheet.last_row}"


def dividers(sheet: SheetPlan, f: Field) -> tuple[Edge, Edge]:
    """The lines at the left and right of a column: the edges of its named band."""
    if not f.column.band:
        return None, None
    line: Edge = ("thin", look().colour["line"])
    beside = {x.number: x.column.band for x in sheet.fields}
    first = beside.get(f.number - 1) != f.column.band
    last = beside.get(f.number + 1) != f.column.band
    return line if first else None, line if last else None


def _head(pen: Pen, f: Field, group: Group, sides: tuple[Edge, Edge]) -> None:
    """Band, help, example and heading of one column."""
    colour, mark = look().colour, look().mark
    c = f.column
    number = c.kind in _NUMBERS
    align: dict[str, Any] = {"horizontal": "right", "indent": 0} if number else {}
    align.update(left=sides[0], right=sides[1])
    if f.number > 1:
        _band(pen, f, group)
    pen.put(HELP, f.number, c.help, small(colour["muted"], vertical="bottom", wrap=True, **align))
    form = mark["example_list" if is_chosen(c) else "example"]
    style = small(colour["example"], italic=True, format=form, wrap=True, **align)
    pen.put(EXAMPLE, f.number, f.example, style)
    short = c.short if c.band else ""
    pen.put(HEADING, f.number, c.label, _heading(f.weight, short, group, number, *sides))


def _band(pen: Pen, f: Field, group: Group) -> None:
    colour = look().colour
    band = f.band
    edge = band_edge(band, group)
    if not f.starts_band:
        pen.put(BAND, f.number, None, small(colour["muted"], bottom=edge))
    elif band.to:
        style = small(colour["link"], underline="single", bottom=edge)
        pen.link(BAND, f.number, band.text, band.to, "A6", style)
    elif band.line is Line.REMBI:
        pen.put(BAND, f.number, band.text, small(group.accent, bold=True, bottom=edge))
    else:
        pen.put(BAND, f.number, band.text, small(colour["muted"], bottom=edge))


@cache
def _heading(weight: Weight, short: str, group: Group, number: bool, left: Edge, right: Edge) -> Style:
    """The style of a heading: sign by number format, so that its value stays the exact label."""
    colour, mark = look().colour, look().mark
    text = {
        Weight.REQUIRED: colour["paper"],
        Weight.CONDITIONAL: group.accent,
        Weight.RECOMMENDED: colour["ink"],
        Weight.OPTIONAL: colour["muted"],
    }
    fill = {Weight.REQUIRED: group.accent, Weight.OPTIONAL: colour["paper"]}
    sign = mark[weight.value]
    if short:
        form = mark["short"].format(f"{sign}  {short}" if sign else short)
    else:
        form = mark["heading"].format(sign) if sign else "@"
    return Style(
        bold=weight in (Weight.REQUIRED, Weight.CONDITIONAL),
        colour=text[weight],
        fill=fill.get(weight, group.tint),
        format=form,
        horizontal="right" if number else "left",
        indent=0 if number else 1,
        wrap=True,
        bottom=("medium", group.accent),
        left=left,
        right=right,
    )


def _own_head(pen: Pen, number: int, text: str, first: bool, group: Group) -> None:
    """One prepared column of the user's own: a dotted frame around the cell that takes a heading."""
    colour, words = look().colour, look().words
    dotted: Edge = ("dotted", group.accent)
    pen.put(BAND, number, words["own"] if first else None, small(group.accent, bold=True, bottom=dotted))
    help_style = small(colour["muted"], vertical="bottom", wrap=True)
    pen.put(HELP, number, words["own_help"] if first else None, help_style)
    style = small(colour["example"], italic=True, format=look().mark["example"])
    pen.put(EXAMPLE, number, words["own_example"] if first else None, style)
    framed = Style(
        bold=True,
        colour=group.accent,
        fill=colour["paper"],
        wrap=True,
        top=dotted,
        left=dotted,
        right=dotted,
        bottom=("medium", group.accent),
    )
    pen.put(HEADING, number, text or None, framed)


def data_style(f: Field, sheet: SheetPlan) -> Style:
    """The style of a data cell: no fill, automatic colour, text format but for numbers and dates."""
    key = f.column.name in sheet.spec.key[:1] and not sheet.spec.own
    return _data_style(f.column.kind, key, wraps(f, sheet), *dividers(sheet, f))


@cache
def _data_style(kind: Kind, key: bool, wrap: bool, left: Edge, right: Edge) -> Style:
    mark = look().mark
    hair: Edge = ("thin", look().colour["hair"])
    if kind in _NUMBERS:
        form = mark["integer" if kind is Kind.INTEGER else "number"]
        return Style(format=form, horizontal="right", indent=0, bottom=hair, left=left, right=right)
    form = mark["date"] if kind is Kind.DATE else "@"
    return Style(bold=key, format=form, wrap=wrap, bottom=hair, left=left, right=right)


def wraps(f: Field, sheet: SheetPlan) -> bool:
    """Do long values run on below? Keys, identifiers, paths and single choices do not."""
    c = f.column
    if c.many or c.kind in (Kind.TERM, Kind.LONGTEXT, Kind.VARIABLE):
        return True
    return c.kind is Kind.TEXT and c.name not in sheet.spec.key and c.format is None


def _widths(pen: Pen, sheet: SheetPlan) -> list[float]:
    """The widths of the columns that are not folded away."""
    there: Any = [pen.sheet.column_dimensions[letters(n)] for n in range(1, sheet.last_column + 1)]
    return [d.width for d in there if not d.hidden]


def _columns(pen: Pen, sheet: SheetPlan) -> dict[int, Style]:
    """Width, style and outline of each column; the styles by column number, for the cells that are written."""
    out: dict[int, Style] = {}
    for f in sheet.fields:
        out[f.number] = data_style(f, sheet)
        pen.column(f.letter, f.width, out[f.number])
        if f.outline:
            pen.sheet.column_dimensions[f.letter].outlineLevel = f.outline
        if f.folded:
            pen.sheet.column_dimensions[f.letter].hidden = True
        elif f.number > 1 and any(x.folded for x in sheet.fields if x.number == f.number + 1):
            pen.sheet.column_dimensions[f.letter].collapsed = True
    own = Style(bottom=("thin", look().colour["hair"]))
    for n in range(len(sheet.own)):
        number = sheet.own_start + n
        pen.column(letters(number), look().width["own"], own)
        out[number] = own
    deepest = max(f.outline for f in sheet.fields)
    if deepest:
        properties: Any = pen.sheet.sheet_properties
        properties.outlinePr.summaryRight = False
        # openpyxl writes the depth before it looks at the columns; without it Excel shows no buttons
        pen.sheet.column_dimensions.max_outline = deepest
    return out


def help_lines(sheet: SheetPlan) -> int:
    """Lines of the longest help of this sheet, as far as the head gives them room."""
    size, room = look().font["help"], int(look().height["help_lines"])
    texts = [(f.column.help, f.width) for f in sheet.fields]
    if sheet.own:
        texts.append((look().words["own_help"], look().width["own"]))
    most = 1
    for text, width in sorted(texts, key=lambda t: len(t[0]) / t[1], reverse=True):
        if most >= room:
            break
        most = max(most, lines(text, width, size))
    return min(most, room)


def example_lines(sheet: SheetPlan) -> int:
    """Lines of the longest example of this sheet; the widths of columns give every one room in two."""
    size = look().font["help"]
    return max((lines(shown_example(f.example, f.column), f.width, size) for f in sheet.fields), default=1)


def _heights(pen: Pen, sheet: SheetPlan) -> None:
    height = look().height
    pen.height(HELP, height["help_line"] * help_lines(sheet) + height["help_more"])
    pen.height(EXAMPLE, height["help_line"] * example_lines(sheet) + height["example_more"])
    pen.height(HEADING, height["heading"])
    # Only what a program takes anyway for a row of this font: were it called custom, no row would grow with its text.
    pen.sheet.sheet_format.defaultRowHeight = height["data"]


def _rows(pen: Pen, sheet: SheetPlan, data: Sequence[Mapping[str, Raw]], cells: Mapping[int, Style]) -> None:
    """The rows that are filled in already, each as high as its longest wrapped cell needs."""
    height, size = look().height, look().font["text"]
    wrapped = {f.column.name: f.width for f in sheet.fields if wraps(f, sheet)}
    numbers = {f.column.name: f.number for f in sheet.fields}
    numbers.update({h: sheet.own_start + n for n, h in enumerate(sheet.own) if h})
    for row, record in enumerate(data, start=sheet.first_row):
        count = 1
        for name, value in record.items():
            if value is None or value == "" or name not in numbers:
                continue
            pen.put(row, numbers[name], value, cells[numbers[name]])
            if name in wrapped:
                count = max(count, lines(str(value), wrapped[name], size))
        if count > 1:
            pen.room(row, height["wrapped_line"] * count + height["wrapped_more"])
