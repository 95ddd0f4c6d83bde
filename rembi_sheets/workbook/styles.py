"""Cell styles of openpyxl, each made once for a workbook and then shared by all cells that have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rembi_sheets.workbook.look import look

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.dimensions import ColumnDimension

_Edge = tuple[str, str] | None  # line style, colour


class Styles:
    """The styles of one workbook. Setting a font or a fill on each cell is what makes openpyxl slow."""

    def __init__(self, book: Workbook) -> None:
        self._scratch = book.create_sheet("scratch")
        self._known: dict[tuple[Any, ...], Any] = {}
        book.remove(self._scratch)

    def make(
        self,
        *,
        size: float = 11,
        bold: bool = False,
        italic: bool = False,
        underline: str = "",
        colour: str = "",
        fill: str = "",
        format: str = "@",
        horizontal: str = "left",
        vertical: str = "center",
        indent: int = 1,
        wrap: bool = False,
        top: _Edge = None,
        bottom: _Edge = None,
        left: _Edge = None,
        right: _Edge = None,
    ) -> Any:
        """The style with these properties; colours and fills are hexadecimal, edges (style, colour)."""
        key = (
            *(size, bold, italic, underline, colour, fill, format, horizontal, vertical, indent, wrap),
            *(top, bottom, left, right),
        )
        if key not in self._known:
            from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

            cell = self._scratch.cell(1, len(self._known) + 1)
            cell.font = Font(
                name=look().font["name"],
                size=size,
                bold=bold,
                italic=italic,
                underline=underline or None,
                color=colour or None,
                family=2,
            )
            if fill:
                cell.fill = PatternFill("solid", fgColor=fill)
            cell.number_format = format
            cell.alignment = Alignment(horizontal=horizontal, vertical=vertical, indent=indent, wrap_text=wrap or None)
            edges = {"top": top, "bottom": bottom, "left": left, "right": right}
            if any(edges.values()):
                cell.border = Border(**{n: Side(e[0], color=e[1]) for n, e in edges.items() if e})
            self._known[key] = cell._style
        return self._known[key]


def put(cell: Cell, value: Any, style: Any) -> None:
    """A value and a shared style into a cell; text stays text, whatever it begins with."""
    import datetime as dt
    from copy import copy

    # openpyxl gives a date in a cell without a date format one of its own, which must not reach the others
    cell._style = copy(style) if isinstance(value, (dt.date, dt.time, dt.timedelta)) else style
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"


def column(dimension: ColumnDimension, style: Any) -> None:
    """A shared style for all cells of a column that have none of their own."""
    dimension._style = style
