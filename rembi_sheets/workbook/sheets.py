"""A table sheet: five rows of head, then data to the end of what is promised; styles live on the columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rembi_sheets.cells import Raw, letters
from rembi_sheets.schema import Kind
from rembi_sheets.workbook.layout import Band, Field, Line, Plan, SheetPlan, Weight
from rembi_sheets.workbook.look import Group, lines, look
from rembi_sheets.workbook.styles import Styles, column, put
from rembi_sheets.workbook.valid import conditional_formats, example, validation

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_NUMBERS = (Kind.INTEGER, Kind.NUMBER)
TITLE, BAND, HELP, EXAMPLE, HEADING = 1, 2, 3, 4, 5


def write(target: Worksheet, plan: Plan, sheet: SheetPlan, styles: Styles, data: Sequence[Mapping[str, Raw]]) -> None:
    """Write one table sheet with its `data`: one mapping a row, by machine name, own columns by their heading."""
    group = look().group[sheet.spec.group]
    dividers = _dividers(sheet)
    target.sheet_properties.tabColor = group.accent
    for f in sheet.fields:
        _head(target, sheet, f, group, styles, dividers.get(f.number, ""))
    _own_head(target, sheet, group, styles)
    _title(target, sheet, group, styles)
    cell_styles = _columns(target, sheet, styles, dividers)
    _heights(target, sheet)
    for f in sheet.fields:
        target.data_validations.append(validation(plan, sheet, f))
    conditional_formats(sheet, plan, target)
    _rows(target, sheet, data, cell_styles)
    _view(target, sheet)


def _dividers(sheet: SheetPlan) -> dict[int, str]:
    """Columns with a line at their left or right: the edges of the named bands."""
    out: dict[int, str] = {}
    named = [bool(f.column.band) for f in sheet.fields]
    for n, f in enumerate(sheet.fields):
        if named[n] and (n == 0 or sheet.fields[n - 1].column.band != f.column.band):
            out[f.number] = out.get(f.number, "") + "l"
        if named[n] and (n + 1 == len(named) or sheet.fields[n + 1].column.band != f.column.band):
            out[f.number] = out.get(f.number, "") + "r"
    return out


def _edges(sides: str) -> dict[str, tuple[str, str]]:
    line = ("thin", look().colour["line"])
    return {name: line for letter, name in (("l", "left"), ("r", "right")) if letter in sides}


def _title(target: Worksheet, sheet: SheetPlan, group: Group, styles: Styles) -> None:
    colour, font, words = look().colour, look().font, look().words
    blank = styles.make(fill=colour["paper"])
    for n in range(2, sheet.last_column + 1):
        put(target.cell(TITLE, n), None, blank)
    title = styles.make(size=font["title"], bold=True, colour=group.accent, fill=colour["paper"])
    put(target.cell(TITLE, 1), sheet.spec.title, title)
    if len(sheet.fields) > 1 or sheet.own:
        purpose = f"{words['one_row'].format(sheet.spec.row)}      {words['legend']}"
        put(
            target.cell(TITLE, 2),
            purpose,
            styles.make(size=font["purpose"], colour=colour["muted"], fill=colour["paper"]),
        )
    _link(target, BAND, 1, words["back"], words["readme"], "A1")
    line = ("medium", group.accent)
    put(
        target.cell(BAND, 1),
        words["back"],
        styles.make(
            size=font["help"], underline="single", colour=colour["link"], fill=colour["paper"], bottom=line, format="@"
        ),
    )


def _link(target: Worksheet, row: int, number: int, text: str, title: str, cell: str) -> None:
    from openpyxl.worksheet.hyperlink import Hyperlink

    target.cell(row, number).hyperlink = Hyperlink(ref="", location=f"'{title}'!{cell}", display=text)


def band_edge(band: Band, group: Group) -> tuple[str, str]:
    """The line under a band, by where its columns come from."""
    colour = look().colour
    return {
        Line.REMBI: ("medium", group.accent),
        Line.LINK: ("thin", colour["line"]),
        Line.EXTRA: ("dashed", colour["muted"]),
        Line.OWN: ("dotted", group.accent),
    }[band.line]


def _head(target: Worksheet, sheet: SheetPlan, f: Field, group: Group, styles: Styles, sides: str) -> None:
    """Band, help, example and heading of one column."""
    colour, font = look().colour, look().font
    edges = _edges(sides)
    number = f.column.kind in _NUMBERS
    align: dict[str, Any] = {"horizontal": "right", "indent": 0} if number else {}
    paper = colour["paper"]
    if f.number > 1:
        band = f.band
        link = band.line is Line.LINK and bool(band.to)
        strong = band.line is Line.REMBI
        style = styles.make(
            size=font["help"],
            bold=strong,
            underline="single" if link else "",
            colour=colour["link"] if link else group.accent if strong else colour["muted"],
            fill=paper,
            bottom=band_edge(band, group),
        )
        if link and f.starts_band:
            _link(target, BAND, f.number, band.text, band.to, "A6")
        put(target.cell(BAND, f.number), band.text if f.starts_band else None, style)
    put(
        target.cell(HELP, f.number),
        f.column.help,
        styles.make(
            size=font["help"], colour=colour["muted"], fill=paper, vertical="bottom", wrap=True, **align, **edges
        ),
    )
    mark = look().mark["example_list" if f.column.list or f.column.kind is Kind.REFERENCE else "example"]
    put(
        target.cell(EXAMPLE, f.number),
        example(f.column),
        styles.make(
            size=font["help"], italic=True, colour=colour["example"], fill=paper, format=mark, **align, **edges
        ),
    )
    put(target.cell(HEADING, f.number), f.column.label, _heading_style(f, group, styles, align, edges))


def _heading_style(f: Field, group: Group, styles: Styles, align: dict[str, Any], edges: dict[str, Any]) -> Any:
    colour, mark = look().colour, look().mark
    bold = f.weight in (Weight.REQUIRED, Weight.CONDITIONAL)
    text = {
        Weight.REQUIRED: colour["paper"],
        Weight.CONDITIONAL: group.accent,
        Weight.RECOMMENDED: colour["ink"],
        Weight.OPTIONAL: colour["muted"],
    }[f.weight]
    fill = {Weight.REQUIRED: group.accent, Weight.OPTIONAL: colour["paper"]}.get(f.weight, group.tint)
    sign = mark[f.weight.value]
    if f.column.short and f.column.band:
        format = mark["short"].format(f"{sign}  {f.column.short}" if sign else f.column.short)
    else:
        format = mark["heading"].format(sign) if sign else "@"
    return styles.make(
        bold=bold,
        colour=text,
        fill=fill,
        format=format,
        wrap=True,
        bottom=("medium", group.accent),
        **align,
        **edges,
    )


def _own_head(target: Worksheet, sheet: SheetPlan, group: Group, styles: Styles) -> None:
    """The prepared columns of the user's own: dotted frames around cells that take a heading."""
    if not sheet.own:
        return
    colour, font, words = look().colour, look().font, look().words
    dotted = ("dotted", group.accent)
    paper = colour["paper"]
    small = font["help"]
    for n, heading in enumerate(sheet.own):
        number = sheet.own_start + n
        first = n == 0
        put(
            target.cell(BAND, number),
            words["own"] if first else None,
            styles.make(size=small, bold=True, colour=group.accent, fill=paper, bottom=dotted),
        )
        put(
            target.cell(HELP, number),
            words["own_help"] if first else None,
            styles.make(size=small, colour=colour["muted"], fill=paper, vertical="bottom", wrap=True),
        )
        put(
            target.cell(EXAMPLE, number),
            words["own_example"] if first else None,
            styles.make(size=small, italic=True, colour=colour["example"], fill=paper, format=look().mark["example"]),
        )
        put(
            target.cell(HEADING, number),
            heading or None,
            styles.make(
                bold=True,
                colour=group.accent,
                fill=paper,
                wrap=True,
                top=dotted,
                left=dotted,
                right=dotted,
                bottom=("medium", group.accent),
            ),
        )


def data_style(f: Field, sheet: SheetPlan, styles: Styles, sides: str = "") -> Any:
    """The style of a data cell: no fill, automatic colour, text format but for numbers and dates."""
    mark = look().mark
    c = f.column
    hair = ("thin", look().colour["hair"])
    if c.kind in _NUMBERS:
        format = mark["integer" if c.kind is Kind.INTEGER else "number"]
        return styles.make(format=format, horizontal="right", indent=0, bottom=hair, **_edges(sides))
    return styles.make(
        bold=c.name in sheet.spec.key[:1] and not sheet.spec.own,
        format=mark["date"] if c.kind is Kind.DATE else "@",
        wrap=wraps(f, sheet),
        bottom=hair,
        **_edges(sides),
    )


def wraps(f: Field, sheet: SheetPlan) -> bool:
    """Do long values run on below? Keys, identifiers, paths and single choices do not."""
    c = f.column
    if c.many or c.kind in (Kind.TERM, Kind.LONGTEXT, Kind.VARIABLE):
        return True
    return c.kind is Kind.TEXT and c.name not in sheet.spec.key and c.format is None


def _columns(target: Worksheet, sheet: SheetPlan, styles: Styles, dividers: dict[int, str]) -> dict[int, Any]:
    """Width, style and outline of each column; the styles by column number, for the cells that are written."""
    out: dict[int, Any] = {}
    deepest = 0
    for f in sheet.fields:
        dimension = target.column_dimensions[f.letter]
        dimension.width = f.width + 0.71
        out[f.number] = data_style(f, sheet, styles, dividers.get(f.number, ""))
        column(dimension, out[f.number])
        if f.outline:
            dimension.outlineLevel = f.outline
            deepest = max(deepest, f.outline)
    own = styles.make(bottom=("thin", look().colour["hair"]))
    for n in range(len(sheet.own)):
        number = sheet.own_start + n
        dimension = target.column_dimensions[letters(number)]
        dimension.width = look().width["own"] + 0.71
        column(dimension, own)
        out[number] = own
    if deepest:
        target.column_dimensions.max_outline = deepest
        target.sheet_properties.outlinePr.summaryRight = False
    return out


def help_lines(sheet: SheetPlan) -> int:
    """Lines of the longest help of this sheet."""
    size = look().font["help"]
    most = max(lines(f.column.help, f.width, size) for f in sheet.fields)
    if sheet.own:
        most = max(most, lines(look().words["own_help"], look().width["own"], size))
    return most


def _heights(target: Worksheet, sheet: SheetPlan) -> None:
    height = look().height
    rows = target.row_dimensions
    rows[TITLE].height = height["title"]
    rows[BAND].height = height["band"]
    count = min(help_lines(sheet), height["help_lines"])
    rows[HELP].height = round(height["help_line"] * count + height["help_more"], 1)
    rows[EXAMPLE].height = height["example"]
    rows[HEADING].height = height["heading"]
    target.sheet_format.defaultRowHeight = height["files" if sheet.spec.own else "data"]
    target.sheet_format.customHeight = True


def _rows(
    target: Worksheet, sheet: SheetPlan, data: Sequence[Mapping[str, Raw]], cell_styles: Mapping[int, Any]
) -> None:
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
            put(target.cell(row, numbers[name]), value, cell_styles[numbers[name]])
            if name in wrapped:
                count = max(count, lines(str(value), wrapped[name], size))
        if count > 1:
            target.row_dimensions[row].height = height["wrapped_line"] * count + height["wrapped_more"]


def _view(target: Worksheet, sheet: SheetPlan) -> None:
    """Frozen head, start cell, print set-up; a filter in Files only."""
    corner = f"B{sheet.first_row}"
    view(target, corner, f"A{sheet.first_row}", "bottomLeft")
    page(target, landscape=True, wide=1 if sheet.last_column <= look().limit["page_columns"] else 2)
    target.print_title_rows = f"1:{HEADING}"
    target.print_title_cols = "A:A"
    if sheet.spec.own:
        last = letters(sheet.last_column)
        target.auto_filter.ref = f"A{HEADING}:{last}{sheet.last_row}"


def view(target: Worksheet, freeze: str, start: str, pane: str) -> None:
    """No grid lines, frozen at one cell, with another one chosen."""
    target.sheet_view.showGridLines = False
    target.sheet_view.zoomScale = 100
    target.freeze_panes = freeze
    target.sheet_view.pane.activePane = pane
    for selection in target.sheet_view.selection:
        if selection.pane == pane:
            selection.activeCell = selection.sqref = start
        else:
            selection.activeCell = selection.sqref = None


def page(target: Worksheet, *, landscape: bool, wide: int, high: int = 0) -> None:
    """A4, so many pages wide, the sheet's name and the page in the footer."""
    target.page_setup.orientation = "landscape" if landscape else "portrait"
    target.page_setup.paperSize = 9
    target.page_setup.fitToWidth = wide
    target.page_setup.fitToHeight = high
    target.sheet_properties.pageSetUpPr.fitToPage = True
    target.page_margins.left = target.page_margins.right = 0.4
    target.page_margins.top, target.page_margins.bottom = 0.5, 0.6
    target.oddFooter.left.text = "&A"
    target.oddFooter.right.text = "&P / &N"
