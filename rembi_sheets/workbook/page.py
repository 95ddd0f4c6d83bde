"""What all sheets share: the view, the printed page, the lines under bands."""

from __future__ import annotations

from functools import cache
from typing import Any

from rembi_sheets.workbook.layout import Band, Line
from rembi_sheets.workbook.look import Group, look
from rembi_sheets.workbook.styles import Edge, Pen, Style


def view(pen: Pen, freeze: str, start: str, pane: str) -> None:
    """No grid lines, head frozen at the cell `freeze`, the cell `start` of a pane chosen."""
    sheet: Any = pen.sheet
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = 100
    sheet.freeze_panes = freeze
    sheet.sheet_view.pane.activePane = pane
    for selection in sheet.sheet_view.selection:
        selection.activeCell = selection.sqref = start if selection.pane == pane else None


def page(pen: Pen, *, landscape: bool, wide: int, high: int = 0) -> None:
    """A4, so many pages wide (and high), the sheet's name and the page in the footer."""
    sheet: Any = pen.sheet
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth = wide
    sheet.page_setup.fitToHeight = high
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom = 0.5, 0.6
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
