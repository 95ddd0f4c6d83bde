"""New values for cells of a workbook, put into the sheets' own XML: all else stays as it is, byte for byte."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.sax.saxutils import escape

from rembi_sheets.cells import Raw
from rembi_sheets.workbook import held
from rembi_sheets.workbook.editing import Package, SheetXml, fit
from rembi_sheets.workbook.package import cell_number
from rembi_sheets.workbook.room import Room, wrapping

CELL = re.compile(rb"<((?:[\w.\-]+:)?)c(\s[^>]*?)(?:/>|>(.*?)</\1c>)", re.DOTALL)
ADDRESS = re.compile(rb"""\sr=["']([A-Z]{1,3}[0-9]{1,7})["']""")
STYLE = re.compile(rb"""\ss=["']([0-9]+)["']""")
TYPE = re.compile(rb"""\st=["'][^"']*["']""")
_FORMULA = re.compile(rb"<(?:[\w.\-]+:)?f[\s/>]")

Cell = tuple[str, int, int]  # title of the sheet, row and column from 1


def retyped(data: bytes, values: Mapping[Cell, Raw]) -> tuple[bytes, frozenset[Cell]]:
    """A copy of an .xlsx in which `values` stand, and the cells that were changed; None empties a cell.

    A cell with a formula keeps it and is not changed. Raises AnnotateError when the package is damaged.
    """
    package = Package(data)
    places = package.sheets()
    wrapped = wrapping(package)
    done: set[Cell] = set()
    for title in dict.fromkeys(t for t, _, _ in values):
        part = places.get(title)
        if part is None:
            continue
        wanted = {(row, column): v for (t, row, column), v in values.items() if t == title}
        text, changed = _sheet(package[part], wanted, wrapped)
        if changed:
            package[part] = text
            done |= {(title, row, column) for row, column in changed}
    made = package.written()
    held.refuse(held.in_place(data, made, {cell: values[cell] for cell in done}))
    return made, frozenset(done)


def _sheet(
    text: bytes, wanted: Mapping[tuple[int, int], Raw], wrapped: frozenset[int]
) -> tuple[bytes, set[tuple[int, int]]]:
    done: set[tuple[int, int]] = set()
    rooms: list[Room] = []

    def put(found: re.Match[bytes]) -> bytes:
        address = ADDRESS.search(found[2])
        at = cell_number(address[1].decode()) if address else None
        if at is None or at not in wanted or (found[3] and _FORMULA.search(found[3])):
            return found[0]
        done.add(at)
        style = STYLE.search(found[2])
        if not rooms:
            rooms.append(Room(SheetXml(text), wrapped))
        rooms[0].hear(*at, int(style[1]) if style else 0, wanted[at])
        prefix, attributes = found[1].decode(), TYPE.sub(b"", found[2]).decode()
        return written(prefix, attributes, wanted[at]).encode()

    text = CELL.sub(put, text)
    return rooms[0].given(text) if rooms else text, done


def written(prefix: str, attributes: str, value: Raw) -> str:
    """The XML of a cell with this value, text in the cell itself."""
    if value is None or value == "":
        return f"<{prefix}c{attributes}/>"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"<{prefix}c{attributes}><{prefix}v>{value!r}</{prefix}v></{prefix}c>"
    text = escape(fit(str(value)))
    inside = f'<{prefix}is><{prefix}t xml:space="preserve">{text}</{prefix}t></{prefix}is>'
    return f'<{prefix}c{attributes} t="inlineStr">{inside}</{prefix}c>'
