"""A copy of a workbook with more filled in: the user's own, with the new values on a pale ground and a list of them.

Only empty cells are written. The sheet Filled in lists every value with its source; what an earlier copy listed as
filled stays in the list. The copy is compared with the workbook before it is handed out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rembi_sheets.cells import Raw
from rembi_sheets.tables import FILLED_IN, sheet_key
from rembi_sheets.tables.elsewhere import FILLED, HEADINGS
from rembi_sheets.workbook import held, listing
from rembi_sheets.workbook.contents import Content, Contents
from rembi_sheets.workbook.editing import Package
from rembi_sheets.workbook.insert import inserted
from rembi_sheets.workbook.listing import Formats, Head, Line
from rembi_sheets.workbook.look import look
from rembi_sheets.workbook.room import wrapping
from rembi_sheets.workbook.sheetlist import SheetList
from rembi_sheets.workbook.stylesheet import Stylesheet

Cell = tuple[str, int, int]  # title of the sheet, row and column from 1
_WIDTHS = (20, 8, 26, 44, 30, 44, 12, 12)
_SEVERAL = {"question": "questions"}  # states that are called otherwise where there are several
_MOST = 100_000
_LEFT = 2  # the column of Read me in which its lines of text begin


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the list, as its headings say. `found`: what stands in the cell, where that is something else."""

    sheet: str
    cell: str
    column: str
    value: str
    found: str
    source: str
    confidence: str
    state: str

    @property
    def texts(self) -> tuple[str, ...]:
        """In the order of the headings."""
        return (
            self.sheet,
            self.cell,
            self.column,
            self.value,
            self.found,
            self.source,
            self.confidence,
            self.state,
        )


def fill(data: bytes, values: Mapping[Cell, Raw], notes: Sequence[Note]) -> bytes:
    """A copy of the .xlsx or .xlsm in `data` with `values` in cells that are empty, and `notes` in its list.

    Raises AnnotateError when a cell holds something already, or the copy would not hold all that the workbook holds.
    """
    old = Contents(data)
    package = Package(data)
    book = SheetList(package)
    styles = Stylesheet(package, book.home, book.strict)
    earlier = _earlier(old)
    if earlier:
        book.drop(FILLED_IN)
    written = dict(values)
    explained, like = _explained(old) if values else ({}, 0)
    written |= explained
    parts = book.sheets()
    wrapped = wrapping(package)
    known: dict[int, int] = {}

    def ground(style: int) -> int:
        if style not in known:
            known[style] = styles.coloured(style, look().colour["filled"])
        return known[style]

    for title in dict.fromkeys(t for t, _, _ in written):
        mine = {(row, column): v for (t, row, column), v in written.items() if t == title}
        in_readme = any(t == title for t, _, _ in explained)
        style = (lambda _: ground(like)) if in_readme else ground
        package[parts[title]] = inserted(package[parts[title]], mine, style, title, wrapped)
    lines = _together(earlier, notes)
    if lines:
        _add_list(package, book, old, lines, styles)
    styles.save()
    book.save()
    made = package.written()
    held.refuse(held.in_place(data, made, written, frozenset([FILLED_IN] if earlier else [])))
    return made


def _earlier(old: Contents) -> list[Note]:
    """What the list of an earlier copy says was filled; empty where there is no list of ours."""
    if FILLED_IN not in old.sheets:
        return []
    rows: dict[int, dict[int, str]] = {}
    for (row, column), content in old.cells(FILLED_IN):
        rows.setdefault(row, {})[column] = _text(content)
    head = next((r for r, cells in rows.items() if tuple(cells.get(n, "") for n in range(1, 9)) == HEADINGS), 0)
    if not head:
        return []
    listed = [Note(*(cells.get(n, "") for n in range(1, 9))) for r, cells in sorted(rows.items()) if r > head]
    return [n for n in listed if n.state == FILLED] or [Note(*[""] * 8)]


def _text(content: Content) -> str:
    return str(content.value)


def _together(earlier: Sequence[Note], notes: Sequence[Note]) -> list[Note]:
    """What was filled before, then what is new; a value that was filled before is not told again as confirmed."""
    before = [n for n in earlier if n.sheet]
    told = {(n.sheet, n.cell, n.source, n.value) for n in before}
    fresh = [n for n in notes if (n.sheet, n.cell, n.source, n.value) not in told]
    return [*before, *sorted(fresh, key=lambda n: n.state != FILLED)]


def _explained(old: Contents) -> tuple[dict[Cell, Raw], int]:
    """The line of Read me that says what the colour means, and the cell format of the one above it, its last.

    None where it is said already.
    """
    title = next((t for t in old.sheets if sheet_key(t) == sheet_key(look().words["readme"])), None)
    if title is None:
        return {}, 0
    text = look().words["readme_filled"].format(FILLED_IN)
    last = style = 0
    for row, column, element in old.elements(title):
        if column == _LEFT and len(element):
            last, style = row, int(element.get("s", "0"))
    if any(content.value == text for _, content in old.cells(title)):
        return {}, 0
    return {(title, last + 1, _LEFT): text}, style


def _add_list(package: Package, book: SheetList, old: Contents, lines: Sequence[Note], styles: Stylesheet) -> None:
    """Put the list behind the last sheet that is seen."""
    formats = Formats(styles)
    shown = lines[:_MOST]
    made = []
    for n in shown:
        kinds = [formats.text] * len(HEADINGS)
        linked = bool(n.cell) and n.sheet in book.titles
        if linked:
            kinds[1] = formats.link
        made.append(Line(n.texts, kinds, 2 if linked else 0, listing.at(n.sheet, n.cell) if linked else ""))
    further = f"The first {_MOST} are listed." if len(shown) < len(lines) else ""
    head = Head(_summary(lines), further, HEADINGS, _WIDTHS)
    part = package.free("xl/worksheets/filled{}.xml")
    package[part] = listing.sheet(head, made, formats, book.namespace, tab="2A6143", first=False)
    titles = book.titles
    seen = [n for n, t in enumerate(titles) if t not in old.sheets or old.sheets[t].state == "visible"]
    title, number = FILLED_IN, 2
    while title.casefold() in {t.casefold() for t in titles}:
        title, number = f"{FILLED_IN} {number}", number + 1
    book.insert(max(seen, default=-1) + 1, title, part)


def _summary(lines: Sequence[Note]) -> str:
    counts = {s: sum(n.state == s for n in lines) for s in dict.fromkeys(n.state for n in lines)}
    said = (f"{n} {_SEVERAL.get(state, state) if n > 1 else state}" for state, n in counts.items())
    return ", ".join(said) + ". Nothing that was typed has been changed."
