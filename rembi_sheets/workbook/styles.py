"""Cell styles: described by `Style`, made once for a workbook, shared by all cells that have them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import cache
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
    """The styles of one workbook, each part of a style registered once.

    Giving each cell its own font, fill and border, as openpyxl's attributes do, is what makes it slow.
    """

    def __init__(self, book: Workbook) -> None:
        self._book: Any = book
        self._known: dict[Style, Any] = {}
        self._parts: dict[tuple[Any, ...], int] = {}
        self._seen: dict[int, tuple[Style, Any]] = {}  # by identity, which is quicker to ask than equality

    def of(self, style: Style) -> Any:
        """The style as openpyxl keeps it; shared, so never to be changed."""
        seen = self._seen.get(id(style))
        if seen is not None:
            return seen[1]
        made = self._known.get(style)
        if made is None:
            made = self._known[style] = self._made(style)
        self._seen[id(style)] = (style, made)
        return made

    def _made(self, style: Style) -> Any:
        from openpyxl.styles.cell_style import StyleArray
        from openpyxl.styles.numbers import BUILTIN_FORMATS_MAX_SIZE, BUILTIN_FORMATS_REVERSE

        array: Any = StyleArray()
        font = (style.size, style.bold, style.italic, style.underline, style.colour)
        edges = (style.left, style.right, style.top, style.bottom)
        alignment = (style.horizontal, style.vertical, style.indent, style.wrap)
        array.fontId = self._part("_fonts", font, _font)
        array.fillId = self._part("_fills", (style.fill,), _fill) if style.fill else 0
        array.borderId = self._part("_borders", edges, _border) if any(edges) else 0
        array.alignmentId = self._part("_alignments", alignment, _alignment)
        builtin = BUILTIN_FORMATS_REVERSE.get(style.format)
        if builtin is None:
            builtin = self._book._number_formats.add(style.format) + BUILTIN_FORMATS_MAX_SIZE
        array.numFmtId = builtin
        return array

    def _part(self, kind: str, key: tuple[Any, ...], make: Callable[..., Any]) -> int:
        """The number of a font, fill, border or alignment in the workbook."""
        number = self._parts.get((kind, *key))
        if number is None:
            number = self._parts[(kind, *key)] = getattr(self._book, kind).add(make(*key))
        return number


def _font(size: float, bold: bool, italic: bool, underline: Literal["", "single", "double"], colour: str) -> Any:
    from openpyxl.styles import Font

    name = look().font["name"]
    return Font(
        name=name, size=size, bold=bold, italic=italic, underline=underline or None, color=colour or None, family=2
    )


def _fill(colour: str) -> Any:
    from openpyxl.styles import PatternFill

    return PatternFill("solid", fgColor=colour)


def _border(*edges: Edge) -> Any:
    from openpyxl.styles import Border, Side

    left, right, top, bottom = (Side(e[0], color=e[1]) if e else Side() for e in edges)
    return Border(left=left, right=right, top=top, bottom=bottom)


def _alignment(
    horizontal: Literal["left", "right", "center"], vertical: Literal["center", "bottom"], indent: int, wrap: bool
) -> Any:
    from openpyxl.styles import Alignment

    return Alignment(horizontal=horizontal, vertical=vertical, indent=indent, wrap_text=wrap or None)


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
        """The fixed height of a row of a head, which nobody types into."""
        self.sheet.row_dimensions[row].height = round(points, 1)

    def room(self, row: int, points: float) -> None:
        """The height a row that is typed into begins with; it grows with its text."""
        self.sheet.row_dimensions[row] = _growing()(self.sheet, index=row, ht=round(points, 1))


@cache
def _growing() -> Any:
    """A row whose height is a stored measurement and not someone's wish: programs measure it anew when it is edited.

    openpyxl calls every height that is given a wish (`customHeight`), by which text that does not fit is cut.
    """
    from openpyxl.worksheet.dimensions import RowDimension

    class Growing(RowDimension):
        customHeight = False  # noqa: N815

    return Growing
