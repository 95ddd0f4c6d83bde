"""How people set up sheets of ours to be seen and printed, and how that goes into sheets that are drawn anew.

Widths and heights that were given, what is hidden, the frozen head, zoom, page and colour of the tab come along, where
they are not as they are drawn. Protection and filters do not: the copy says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from xml.etree import ElementTree as ET

from rembi_sheets.cells import a1, letters
from rembi_sheets.workbook.contents import Contents
from rembi_sheets.workbook.layout import HEAD_ROWS
from rembi_sheets.workbook.moves import Places
from rembi_sheets.workbook.paint import ours

_SLIGHT: Final = 0.5  # of a width or height: what programs round when they save
_FORM_COLUMNS: Final = 4
_MOST: Final = 1000  # of a run of columns with one width
_TRUE: Final = ("1", "true")
_PAGE: Final = {"printOptions": "print_options", "pageMargins": "page_margins", "pageSetup": "page_setup"}


@dataclass
class Setup:
    """Of a sheet: widths of columns and heights of rows that were given, what is hidden, how many columns and rows are
    frozen, the zoom in percent (0: none said), colour of the tab, what is said of the page, by element; `words`: what
    does not come along."""

    widths: dict[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    hidden_columns: set[int] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    frozen: tuple[int, int] = (0, 0)
    zoom: int = 0
    tab: str = ""
    page: dict[str, ET.Element] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)


def read(contents: Contents, title: str) -> Setup:
    """The setup of a sheet. Raises RefusedError when it is damaged."""
    out = Setup()
    for element in contents.xml(title):
        name = element.tag.rpartition("}")[2]
        if name in _TAKE:
            _TAKE[name](out, element)
        elif name in (*_PAGE, "headerFooter"):
            out.page[name] = element
    return out


def _column(out: Setup, said: ET.Element) -> None:
    first, last = _number(said, "min"), _number(said, "max")
    for number in range(int(first), min(int(last), int(first) + _MOST) + 1):
        if said.get("customWidth") in _TRUE:
            out.widths[number] = _number(said, "width")
        if said.get("hidden") in _TRUE:
            out.hidden_columns.add(number)


def _row(out: Setup, said: ET.Element) -> None:
    number = int(_number(said, "r"))
    if said.get("customHeight") in _TRUE and _number(said, "ht"):
        out.heights[number] = _number(said, "ht")
    if said.get("hidden") in _TRUE:
        out.hidden_rows.add(number)


def _pane(out: Setup, said: ET.Element) -> None:
    if said.get("state") in ("frozen", "frozenSplit"):
        out.frozen = int(_number(said, "xSplit")), int(_number(said, "ySplit"))


def _view(out: Setup, said: ET.Element) -> None:
    out.zoom = out.zoom or int(_number(said, "zoomScale"))


def _tab(out: Setup, said: ET.Element) -> None:
    rgb = said.get("rgb", "")
    out.tab = "" if ours((("rgb", rgb),)) else rgb


def _protection(out: Setup, said: ET.Element) -> None:
    if said.get("sheet") in _TRUE:
        out.words.append("its protection (all its cells can be changed)")


def _filter(out: Setup, _: ET.Element) -> None:
    out.words.append("its filter (all its rows are shown)")


_TAKE: Final = {
    "col": _column,
    "row": _row,
    "pane": _pane,
    "sheetView": _view,
    "tabColor": _tab,
    "sheetProtection": _protection,
    "filterColumn": _filter,
}


def _number(said: ET.Element, name: str) -> float:
    try:
        return float(said.get(name, "0"))
    except ValueError:
        return 0


def _columns(place: Places) -> Mapping[int, int]:
    """Old and new numbers of the columns that keep their setup."""
    return {n: n for n in range(1, _FORM_COLUMNS + 1)} if place.plan.form else place.columns


def _new_row(place: Places, row: int) -> int | None:
    """Where a row of data stands; None for one of the head, which is drawn anew."""
    new = place.move.row(row)
    return new if new is not None and (place.plan.form or new > HEAD_ROWS) else None


def _frozen(setup: Setup, place: Places) -> tuple[int, int]:
    """What is to be frozen, where the head stands as it is drawn; (0, 0) for what is drawn."""
    columns, rows = setup.frozen
    if not rows and not columns:
        return 0, 0
    if not place.plan.form and (place.table.heading_row != HEAD_ROWS or rows < HEAD_ROWS):
        return 0, 0
    return max((_columns(place).get(n, 0) for n in range(1, columns + 1)), default=0), rows


def into(sheet: Any, setup: Setup, place: Places) -> list[str]:
    """Set up a sheet that was drawn as it was; what cannot come along, as "Sheet: what"."""
    from openpyxl.worksheet.dimensions import RowDimension

    for number, new in _columns(place).items():
        dimension = sheet.column_dimensions[letters(new)]
        if number in setup.widths and abs(setup.widths[number] - dimension.width) > _SLIGHT:
            dimension.width = setup.widths[number]
        dimension.hidden = dimension.hidden or number in setup.hidden_columns
    filtered = any("filter" in word for word in setup.words)
    for row in sorted({*setup.heights, *(() if filtered else setup.hidden_rows)}):
        to = _new_row(place, row)
        if to is None:
            continue
        old = sheet.row_dimensions[to]
        made: Any = RowDimension(sheet, index=to, ht=setup.heights.get(row, old.ht), hidden=row in setup.hidden_rows)
        made._style = old._style
        sheet.row_dimensions[to] = made
    frozen, pane = _frozen(setup, place), sheet.sheet_view.pane
    if frozen not in ((0, 0), (int(pane.xSplit or 0), int(pane.ySplit or 0)) if pane else None):
        _freeze(sheet, frozen)
    sheet.sheet_view.zoomScale = setup.zoom or sheet.sheet_view.zoomScale
    if setup.tab:
        sheet.sheet_properties.tabColor = setup.tab
    strange = [] if _page(sheet, setup.page) else ["what was said of its page"]
    return [f"{place.old.title}: {word}" for word in (*dict.fromkeys(setup.words), *strange)]


def _freeze(sheet: Any, frozen: tuple[int, int]) -> None:
    from openpyxl.worksheet.views import Selection

    sheet.sheet_view.pane, sheet.sheet_view.selection = None, [Selection(activeCell="A1", sqref="A1")]
    sheet.freeze_panes = a1(frozen[1] + 1, frozen[0] + 1)


def _page(sheet: Any, said: Mapping[str, Any]) -> bool:
    """Take over what is said of the page; False when it cannot be understood."""
    from openpyxl.worksheet.header_footer import HeaderFooter
    from openpyxl.worksheet.page import PageMargins, PrintOptions, PrintPageSetup

    forms: dict[str, Any] = {"printOptions": PrintOptions, "pageMargins": PageMargins, "pageSetup": PrintPageSetup}
    try:
        for name, element in said.items():
            if name in forms:
                made = forms[name].from_tree(element)
                if name == "pageSetup":
                    made.id = None  # what the printer of another machine was told
                    made._parent = sheet
                setattr(sheet, _PAGE[name], made)
            else:
                sheet.HeaderFooter = HeaderFooter.from_tree(element)
    except (TypeError, ValueError):
        return False
    return True


def lost(before: Setup, after: Setup, place: Places) -> Iterator[str]:
    """What of a setup its copy does not have, in words."""
    for number, new in _columns(place).items():
        if number in before.widths and abs(before.widths[number] - after.widths.get(new, 0)) > _SLIGHT + 0.01:
            yield f"the width of column {letters(number)}"
        if number in before.hidden_columns and new not in after.hidden_columns:
            yield f"that column {letters(number)} is hidden"
    for row, height in before.heights.items():
        to = _new_row(place, row)
        if to is not None and abs(height - after.heights.get(to, 0)) > _SLIGHT:
            yield f"the height of row {row}"
    frozen = _frozen(before, place)
    if frozen not in ((0, 0), after.frozen):
        yield "what is frozen"
    for name in ("orientation", "paperSize", "scale"):
        said = [s.page["pageSetup"].get(name) if "pageSetup" in s.page else None for s in (before, after)]
        if said[0] not in (None, said[1]):
            yield f"its page ({name})"
