"""Values into empty cells of a workbook, put into the sheets' own XML: all else stays as it is.

`retype` changes what stands in a cell; here cells, and rows, may have to be made first. `typed` does both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from rembi_sheets.cells import Raw, a1, letters
from rembi_sheets.workbook import held
from rembi_sheets.workbook.editing import AnnotateError, Package, SheetXml
from rembi_sheets.workbook.package import cell_number
from rembi_sheets.workbook.retype import ADDRESS, CELL, STYLE, TYPE, Cell, retyped, written
from rembi_sheets.workbook.room import Room, wrapping

_DATA = re.compile(rb"(<((?:[\w.\-]+:)?)sheetData(?:\s[^>]*?)?)(?:/>|>(.*)</\2sheetData>)", re.DOTALL)
_ROW = re.compile(rb"<((?:[\w.\-]+:)?)row((?:\s[^>]*?)?)(?:/>|>(.*?)</\1row>)", re.DOTALL)
_NUMBER = re.compile(rb"""\sr=["']([0-9]+)["']""")
_SPANS = re.compile(rb"""\sspans=["'][^"']*["']""")
_FORMATTED = re.compile(rb"""\scustomFormat=["'](?:1|true)["']""")

Style = Callable[[int], int]
"""The number of the cell format that a filled cell gets, by that which the empty one has."""


def typed(data: bytes, values: Mapping[Cell, Raw]) -> tuple[bytes, frozenset[Cell]]:
    """A copy of an .xlsx with `values` as somebody types them, into cells that hold something and into such that the
    file does not have yet; and the cells that were changed. None empties a cell.

    A cell with a formula keeps it and is not changed. Raises AnnotateError when the package is damaged.
    """
    content, done = retyped(data, values)
    package = Package(content)
    parts = package.sheets()
    made: set[Cell] = set()
    for title in dict.fromkeys(t for t, _, _ in values.keys() - done):
        if title not in parts:
            continue
        text = package[parts[title]]
        there = _written_cells(text)
        new = {(r, c): values[t, r, c] for t, r, c in values.keys() - done if t == title and (r, c) not in there}
        new = {at: value for at, value in new.items() if value not in (None, "")}
        if new:
            package[parts[title]] = inserted(text, new, lambda style: style, title, wrapping(package))
            made |= {(title, row, column) for row, column in new}
    if not made:
        return content, done
    whole = package.written()
    held.refuse(held.in_place(data, whole, {cell: values[cell] for cell in done | made}))
    return whole, done | made


def _written_cells(text: bytes) -> set[tuple[int, int]]:
    """The cells that a sheet's XML has, by row and column."""
    found = (ADDRESS.search(cell[2]) for cell in CELL.finditer(text))
    at = (cell_number(address[1].decode()) for address in found if address)
    return {place for place in at if place is not None}


def inserted(
    text: bytes, values: Mapping[tuple[int, int], Raw], style: Style, title: str, wrapped: frozenset[int]
) -> bytes:
    """The XML of a sheet with `values` by row and column. Raises AnnotateError where a cell holds something already.

    `wrapped`: the cell formats in which a long text goes on below, and for which the row gets room.
    """
    found = _DATA.search(text)
    if found is None:
        raise AnnotateError("A sheet of the workbook is damaged; open it in Excel and save it again.")
    by_row: dict[int, dict[int, Raw]] = {}
    for (row, column), value in values.items():
        by_row.setdefault(row, {})[column] = value
    sheet = SheetXml(text)
    room = Room(sheet, wrapped)
    writer = _Writer(found[2].decode(), _column_styles(sheet), style, title, room)
    made = room.given(writer.rows(found[3] or b"", by_row))
    head, prefix = found[1], found[2]
    return b"".join(
        (_without_dimension(text[: found.start()]), head, b">", made, b"</", prefix, b"sheetData>", text[found.end() :])
    )


def _without_dimension(head: bytes) -> bytes:
    """The part before the cells without its extent, which may be another now; it is optional."""
    return re.sub(rb"<(?:[\w.\-]+:)?dimension(?:\s[^>]*)?/>", b"", head)


def _column_styles(sheet: SheetXml) -> list[tuple[int, int, int]]:
    """First and last column, and the cell format of cells there that are not written."""
    found = (c for c in sheet.root.iter() if isinstance(c.tag, str) and c.tag.endswith("}col"))
    return [(int(c.get("min", "0")), int(c.get("max", "0")), int(c.get("style", "0"))) for c in found]


class _Writer:
    """Cells of one sheet. `prefix`: that of its elements."""

    def __init__(self, prefix: str, columns: list[tuple[int, int, int]], style: Style, title: str, room: Room) -> None:
        self._prefix, self._columns, self._style, self._title = prefix, columns, style, title
        self._room = room

    def rows(self, text: bytes, wanted: Mapping[int, Mapping[int, Raw]]) -> bytes:
        """The rows with those that are new among them."""
        pending = sorted(wanted, reverse=True)
        out: list[bytes] = []
        last = end = 0
        for found in _ROW.finditer(text):
            out.append(text[end : found.start()])
            end = found.end()
            said = _NUMBER.search(found[2])
            last = int(said[1]) if said else last + 1
            while pending and pending[-1] < last:
                out.append(self._new_row(number := pending.pop(), wanted[number]))
            if pending and pending[-1] == last:
                out.append(self._row(found, pending.pop(), wanted[last]))
            else:
                out.append(found[0])
        out.append(text[end:])
        out += [self._new_row(number, wanted[number]) for number in reversed(pending)]
        return b"".join(out)

    def _new_row(self, row: int, values: Mapping[int, Raw]) -> bytes:
        cells = b"".join(self._cell(row, n, self._of_column(n), values[n]) for n in sorted(values))
        prefix = self._prefix
        return f'<{prefix}row r="{row}">'.encode() + cells + f"</{prefix}row>".encode()

    def _row(self, found: re.Match[bytes], row: int, values: Mapping[int, Raw]) -> bytes:
        attributes = _SPANS.sub(b"", found[2])
        own = STYLE.search(attributes) if _FORMATTED.search(attributes) else None
        pending = sorted(values, reverse=True)
        out: list[bytes] = []
        last = 0
        for cell in CELL.finditer(found[3] or b""):
            address = ADDRESS.search(cell[2])
            at = cell_number(address[1].decode()) if address else None
            last = at[1] if at else last + 1
            while pending and pending[-1] < last:
                number = pending.pop()
                out.append(self._cell(row, number, int(own[1]) if own else self._of_column(number), values[number]))
            if pending and pending[-1] == last:
                out.append(self._into(cell, row, pending.pop(), values[last]))
            else:
                out.append(cell[0])
        for number in reversed(pending):
            out.append(self._cell(row, number, int(own[1]) if own else self._of_column(number), values[number]))
        prefix = found[1]
        return b"".join((b"<", prefix, b"row", attributes, b">", *out, b"</", prefix, b"row>"))

    def _into(self, cell: re.Match[bytes], row: int, column: int, value: Raw) -> bytes:
        if cell[3]:
            raise AnnotateError(f"{self._title} {a1(row, column)} holds something already, so no copy was made.")
        style = STYLE.search(cell[2])
        attributes = TYPE.sub(b"", STYLE.sub(b"", cell[2])).decode()
        now = int(style[1]) if style else 0
        number = self._style(now)
        self._room.hear(row, column, now, value)
        return written(self._prefix, f'{attributes} s="{number}"', value).encode()

    def _cell(self, row: int, column: int, style: int, value: Raw) -> bytes:
        self._room.hear(row, column, style, value)
        return written(self._prefix, f' r="{letters(column)}{row}" s="{self._style(style)}"', value).encode()

    def _of_column(self, column: int) -> int:
        return next((style for first, last, style in self._columns if first <= column <= last), 0)
