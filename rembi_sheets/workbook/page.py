"""What all sheets share: the view, the printed page, the lines under bands."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from rembi_sheets.workbook.layout import Band, Line
from rembi_sheets.workbook.look import Group, look
from rembi_sheets.workbook.styles import Edge, Pen, Style

_SIDE = 0.4  # inches at the left and right of a printed page
_PAPER = 11.69 - 2 * _SIDE  # inches that a landscape page of A4 has for columns
_CHARACTER = 7 / 96  # inches of a character of the standard font, of which widths of columns are multiples
_SLACK = 0.85  # programs draw columns wider than they should, most of all without the font


def view(pen: Pen, freeze: str, start: str, pane: str) -> None:
    """No grid lines, head frozen at the cell `freeze`, the cell `start` of a pane chosen."""
    sheet: Any = pen.sheet
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = 100
    sheet.freeze_panes = freeze
    sheet.sheet_view.pane.activePane = pane
    for selection in sheet.sheet_view.selection:
        selection.activeCell = selection.sqref = start if selection.pane == pane else None


def scale(widths: Sequence[float], wide: int) -> int:
    """Percent at which columns of these widths stand on so many pages of A4 landscape, the first again on each."""
    return next((percent for percent in range(100, 10, -1) if _pages(widths, percent) <= wide), 10)


def _pages(widths: Sequence[float], percent: int) -> int:
    room = _PAPER * _SLACK / (percent / 100) / _CHARACTER
    pages, used = 1, widths[0]
    for width in widths[1:]:
        if used + width > room:
            pages, used = pages + 1, widths[0]
        used += width
    return pages


def page(pen: Pen, *, landscape: bool, wide: int, high: int = 0, percent: int = 0) -> None:
    """A4, so many pages wide (and high), the sheet's name and the page in the footer. `percent`: the scale, if set."""
    sheet: Any = pen.sheet
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = 9
    if percent:
        sheet.page_setup.scale = percent
    else:
        sheet.page_setup.fitToWidth = wide
        sheet.page_setup.fitToHeight = high
    sheet.sheet_properties.pageSetUpPr.fitToPage = not percent
    sheet.page_margins.left = sheet.page_margins.right = _SIDE
    sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.5, 0.6, 0.3
    sheet.oddFooter.left.text = "&A"
    sheet.oddFooter.right.text = "&P / &N"


def band_edge(band: Band, group: Group) -> Edge:
    """The line under a band, by where its columns come from."""
    colour = look().colour
    edges: dict[Line, Edge] = {
        Line.REMBI: ("medium", group.accent),
        Line.LINK: ("thin", colour["line"]),
        Line.EXTRA: ("dashed", colour["muted"]),
        Line.OWN: ("dotted", group.accent),
    }
    return edges[band.line]


@cache
def small(colour: str, **more: Any) -> Style:
    """The style of help and other small words on white paper."""
    return Style(size=look().font["help"], colour=colour, fill=look().colour["paper"], **more)


def back(pen: Pen, bottom: Edge = None) -> None:
    """The way back to Read me, in A2."""
    words = look().words
    style = small(look().colour["link"], underline="single", bottom=bottom)
    pen.link(2, 1, words["back"], words["readme"], "A1", style)


def title(pen: Pen, text: str, purpose: str, group: Group, last_column: int) -> None:
    """Title and purpose in row 1, on white paper as far as the sheet is prepared."""
    colour, font = look().colour, look().font
    plain = Style(size=font["purpose"], colour=colour["muted"], fill=colour["paper"])
    pen.put(1, 1, text, Style(size=font["title"], bold=True, colour=group.accent, fill=colour["paper"]))
    for number in range(2, last_column + 1):
        pen.put(1, number, purpose if number == 2 else None, plain)
    pen.height(1, look().height["title"])
    pen.height(2, look().height["band"])
