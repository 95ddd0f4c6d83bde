"""Cell styles: described by `Style`, made once for a workbook, shared by all cells that have them."""

from __future__ import annotations

import datetime as dt
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from rembi_sheets.workbook.look import look

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

LineStyle: TypeAlias = Literal["thin", "medium", "thick", "dashed", "dotted"]
Edge: TypeAlias = tuple[LineStyle, str] | None  # line and colour


@dataclass(frozen=True, slots=True)
class Style:
    """How a cell looks: sizes in points, colours hexadecimal (`""`: automatic, or no fill)."""

    size: float = 11
    bold: bool = False
    italic: bool = False
    underline: Literal["", "single", "double"] = ""
    colour: str = ""
    fill: str = ""
    format: str = "@"
    horizontal: Literal["left", "right", "center"] = "left"
    vertical: Literal["center", "bottom"] = "center"
    indent: int = 1
    wrap: bool = False
    top: Edge = None
    bottom: Edge = None
    left: Edge = None
    right: Edge = None


def put_raw(cell: Any, value: Any) -> None:
    """A value into a cell without changing its style; text stays text, whatever it begins with."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"


class Styles:
    """The styles of one workbook. Giving each cell its own font and fill is what makes openpyxl slow."""

    def __init__(self, book: Workbook) -> None:
        self._scratch = book.create_sheet("scratch")
        book.remove(self._scratch)
        self._known: dict[Style, Any] = {}

    def of(self, style: Style) -> Any:
        """The style as openpyxl keeps it; shared, so never to be changed."""
        if style not in self._known:
            from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

            cell: Any = self._scratch.cell(1, len(self._known) + 1)
            cell.font = Font(
                name=look().font["name"],
                size=style.size,
                bold=style.bold,
                italic=style.italic,
                underline=style.underline or None,
                color=style.colour or None,
                family=2,
            )
            if style.fill:
                cell.fill = PatternFill("solid", fgColor=style.fill)
            cell.number_format = style.format
            cell.alignment = Alignment(
                horizontal=style.horizontal,
                vertical=style.vertical,
                indent=style.indent,
                wrap_text=style.wrap or None,
            )
            if style.top or style.bottom or style.left or style.right:
                sides = (style.left, style.right, style.top, style.bottom)
                left, right, top, bottom = (Side(e[0], color=e[1]) if e else Side() for e in sides)
                cell.border = Border(left=left, right=right, top=top, bottom=bottom)
            self._known[style] = cell._style
        return self._known[style]


class Pen:
    """Writes into one sheet with the shared styles of its workbook."""

    def __init__(self, sheet: Worksheet, styles: Styles) -> None:
        self.sheet = sheet
        self.styles = styles

    def put(self, row: int, number: int, value: Any, style: Style) -> None:
        """A value into the cell at row and column, both from 1. Text stays text, whatever it begins with."""
        cell: Any = self.sheet.cell(row, number)
        # openpyxl gives a date in a cell without a date format one of its own, which must not reach the others
        made = self.styles.of(style)
        cell._style = copy(made) if isinstance(value, (dt.date, dt.time, dt.timedelta)) else made
        put_raw(cell, value)

    def formula(self, row: int, number: int, value: str, style: Style) -> None:
        """A formula, which begins with =."""
        cell: Any = self.sheet.cell(row, number)
        cell._style = self.styles.of(style)
        cell.value = value

    def link(self, row: int, number: int, text: str, title: str, cell: str, style: Style) -> None:
        """A link to a cell of another sheet of this workbook."""
        from openpyxl.worksheet.hyperlink import Hyperlink

        target: Cell = self.sheet.cell(row, number)  # type: ignore[assignment]
        target.hyperlink = Hyperlink(ref="", location=f"'{title}'!{cell}", display=text)
        self.put(row, number, text, style)

    def column(self, letter: str, width: float, style: Style | None = None) -> None:
        """Width of a column in characters, and the style of its cells that have none of their own."""
        dimension: Any = self.sheet.column_dimensions[letter]
        dimension.width = width + 0.71  # what Excel adds at the edges
        if style is not None:
            dimension._style = self.styles.of(style)

    def height(self, row: int, points: float) -> None:
        """Height of a row."""
        self.sheet.row_dimensions[row].height = round(points, 1)
