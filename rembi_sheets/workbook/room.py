"""Room for texts that are put into a sheet's own XML: rows as high as their longest wrapped cell needs.

A program measures a row anew when somebody types into it, and not all do so when they open a file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from rembi_sheets.cells import Raw
from rembi_sheets.workbook.editing import Package, SheetXml, parsed
from rembi_sheets.workbook.look import lines, look

_ROW = re.compile(rb"<((?:[\w.\-]+:)?)row((?:\s[^>]*?)?)(/?)>")
_NUMBER = re.compile(rb"""\sr=["']([0-9]+)["']""")
_HEIGHT = re.compile(rb"""\sht=["']([0-9.]+)["']""")
_WISH = re.compile(rb"""\scustomHeight=["'](?:1|true)["']""")
_MOST = 409.0  # points; Excel knows no higher row
_EDGE = 0.71  # characters of a column's width that its text cannot have
_USUAL = 8.43  # characters of a column whose width nobody has set


def wrapping(package: Package) -> frozenset[int]:
    """The cell formats of a workbook in which a long text goes on below."""
    home = package.related("", "officeDocument") or "xl/workbook.xml"
    part = package.related(home, "styles")
    if not part:
        return frozenset()
    formats = next((e for e in parsed(package[part]) if isinstance(e.tag, str) and e.tag.endswith("}cellXfs")), ())
    found = set()
    for number, one in enumerate(formats):
        ways = (e.get("wrapText") for e in one if isinstance(e.tag, str) and e.tag.endswith("}alignment"))
        if any(way in ("1", "true") for way in ways):
            found.add(number)
    return frozenset(found)


class Room:
    """What the rows of one sheet need. `wrapping`: its formats in which a long text goes on below."""

    def __init__(self, sheet: SheetXml, wrapping: frozenset[int]) -> None:
        columns = [c for c in sheet.root.iter() if isinstance(c.tag, str) and c.tag.endswith("}col")]
        self._widths = [
            (int(c.get("min", "0")), int(c.get("max", "0")), float(c.get("width", _USUAL)) - _EDGE) for c in columns
        ]
        self._wrapping, self._size = wrapping, look().font["text"]
        self._lines: dict[int, int] = {}

    def hear(self, row: int, column: int, style: int, value: Raw) -> None:
        """Take note of a value that is put into a cell."""
        if style not in self._wrapping or not isinstance(value, str):
            return
        width = next((w for first, last, w in self._widths if first <= column <= last), _USUAL)
        count = lines(value, width, self._size)
        if count > self._lines.get(row, 1):
            self._lines[row] = count

    def given(self, text: bytes) -> bytes:
        """The XML of the sheet with that room. No row becomes lower, and one whose height somebody wished keeps it."""
        if not self._lines:
            return text
        height = look().height
        needed: Mapping[int, float] = {
            row: min(height["wrapped_line"] * count + height["wrapped_more"], _MOST)
            for row, count in self._lines.items()
        }
        last = 0

        def put(found: re.Match[bytes]) -> bytes:
            nonlocal last
            said = _NUMBER.search(found[2])
            last = int(said[1]) if said else last + 1
            if last not in needed or _WISH.search(found[2]):
                return found[0]
            now = _HEIGHT.search(found[2])
            if now and float(now[1]) >= needed[last]:
                return found[0]
            attributes = _HEIGHT.sub(b"", found[2])
            return b'<%brow%b ht="%b"%b>' % (found[1], attributes, f"{needed[last]:g}".encode(), found[3])

        return _ROW.sub(put, text)
