"""The sheet Left over: what stood in a workbook of an earlier version and has no place in today's form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rembi_sheets.cells import Raw, a1
from rembi_sheets.schema import Layout
from rembi_sheets.tables import LEFT_OVER, Table, sheet_key
from rembi_sheets.values import UNREADABLE
from rembi_sheets.workbook.held import shown
from rembi_sheets.workbook.moves import VALUE, Places, cell_at
from rembi_sheets.workbook.notes import without_ours
from rembi_sheets.workbook.styles import put_raw
from rembi_sheets.workbook.transfer import Transfer

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

HEADINGS = ("Sheet", "Cell", "Heading", "Row", "Value", "Note")
_WIDTHS = (22, 8, 30, 30, 60, 40)


@dataclass(frozen=True, slots=True)
class LeftOver:
    """One cell of the earlier form: where it stood, under which heading, in the row of which name, what it held."""

    sheet: str
    cell: str
    heading: str
    row: str
    value: Raw
    note: str = ""


def found(transfer: Transfer) -> tuple[LeftOver, ...]:
    """What the sheets of a workbook hold that has no place in the copy, in the order of the sheets."""
    return tuple(entry for place in transfer.places.values() for entry in _of(transfer, place))


def _of(transfer: Transfer, place: Places) -> Iterator[LeftOver]:
    table = place.table
    notes = without_ours(transfer.old.contents.around(place.old.title).notes)
    contents = dict(transfer.old.contents.cells(place.old.title))
    unread = _unread(table)
    for at in sorted({*contents, *notes}):
        heading = place.heading_gone(*at)
        kept = at in contents and (at in unread or place.dropped(*at))
        note = notes.get(at, "") if heading else ""
        if not kept and not note:
            continue
        value = cell_at(place.old, *at) if kept else None
        if kept and value is None:
            value = shown(contents[at])
        yield LeftOver(place.old.title, a1(*at), heading or unread[at], _name(place, at[0]), value, note)


def _unread(table: Table) -> dict[tuple[int, int], str]:
    """Cells that were taken apart or put together and of which some part could not be understood: their headings."""
    out = {}
    form = table.sheet.layout is Layout.FORM
    for name, rows in table.former.rewritten.items():
        values: Any = table.frame[name]
        for row in rows:
            if values[row] is UNREADABLE:
                for number in table.former.sources.get(name, (table.columns[name],)):
                    out[(number, VALUE) if form else (row, number)] = table.label(name)
    return out


def _name(place: Places, row: int) -> str:
    """What a row is called, by its key."""
    key = place.table.sheet.key[:1]
    number = place.table.columns.get(key[0], 0) if key and not place.plan.form else 0
    value = cell_at(place.old, row, number) if number else None
    return "" if value is None else str(value)


def draw(book: Workbook, entries: Sequence[LeftOver], titles: Sequence[str]) -> None:
    """Put the sheet before the hidden ones, where there is anything to put; `titles` are taken already."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    if not entries:
        return
    taken = {sheet_key(t) for t in (*titles, *book.sheetnames)}
    names = (LEFT_OVER, *(f"{LEFT_OVER} {n}" for n in range(2, len(taken) + 3)))
    title = next(n for n in names if sheet_key(n) not in taken)
    sheet: Any = book.create_sheet(title, len(book.sheetnames) - 2)
    for number, (heading, width) in enumerate(zip(HEADINGS, _WIDTHS, strict=True), start=1):
        sheet.cell(1, number, heading).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = width
    for row, e in enumerate(entries, start=2):
        for number, value in enumerate((e.sheet, e.cell, e.heading, e.row, e.value, e.note), start=1):
            if value not in (None, ""):
                put_raw(sheet.cell(row, number), value)
                sheet.cell(row, number).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
