"""Cells that hold no plain value: errors, and formulas whose result was never stored. Also the extent of a sheet.

The reader for values blanks both. A sheet's XML is therefore scanned, piece by piece; only a sheet that has an
error or a formula is parsed, to name the cells.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from rembi_sheets.cells import ByColumns, Look, Mark
from rembi_sheets.workbook.package import BROKEN, RefusedError, cell_number, parts
from rembi_sheets.workbook.signs import holds

Marks = dict[tuple[int, int], tuple[Mark, str]]

# A formula, one with a prefix: each begins with a sign of its own, for the search then goes from sign to sign, many
# times faster than through both at once. An error is sought where its quoted letter is.
_FORMULA = tuple(map(re.compile, (rb"<f[\s/>]", rb":f[\s/>]")))
_QUOTED_E = (b'"e"', b"'e'")
_ERROR = re.compile(rb"""t\s*=\s*["']e["']""")
_RUN = b"rPr>"  # the end of the looks of a piece of rich text
_TELLING = (b"vertAlign", b"strike")
# What stands before a sign is looked at behind it, so that the search goes from sign to sign here as well.
_ODD = re.compile(rb"""r(?<=\sr)(?:\s+=|='|=\s)""")
_AN_R = rb'r="(?<=[^A-Za-z]r=")'  # the attribute, none of which the name only ends with this letter
_UNUSUAL = re.compile(_AN_R + rb'(?![A-Z]?[0-9]{1,5}")')  # none in a piece: its cells are all within A1:Z99999
_WIDE = re.compile(rb'r="[A-Z][A-Z]')
_WIDER = re.compile(rb'r="[A-Z][A-Z][A-Z]')
_LONG = re.compile(rb'r="[A-Z][A-Z0-9][0-9]{5}')
_OUTSIDE = re.compile(_AN_R + rb"(?:[A-Za-z]{4}|[A-Za-z]{0,3}[0-9]{7}|[a-z$-])")
_ADDRESS = re.compile(rb"""<(?:\w+:)?(?:c|row)\s[^>]*?\br\s*=\s*["']([^"']*)["']""")
_REFERENCE = re.compile(rb"[A-Z]{0,3}[0-9]{1,7}")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_TAIL = 400


@dataclass(frozen=True)
class Rich:
    """A text with its raised and lowered signs in plain characters, and what its looks say."""

    text: str
    look: Look


Seen = tuple[int, int, Rich | None, set[str]]
"""Row, column, the cell's own rich text, and the ways of its format: strike, superscript, subscript."""


@dataclass
class Beside:
    """What one sheet holds beside the values of its cells, by (row, column) from 1; and these, where they are known."""

    marks: Marks = field(default_factory=dict)
    merged: tuple[tuple[int, int, int, int], ...] = ()
    seen: list[Seen] = field(default_factory=list)
    formats: Mapping[tuple[int, int], str] = field(default_factory=dict)
    rows: ByColumns | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    """What a pass over an XML part tells: is it a worksheet, has it errors or formulas, and rich text whose looks say
    something (raised, lowered, struck out)?"""

    sheet: bool
    marked: bool
    rich: bool = False


def scan(package: zipfile.ZipFile, name: str, cells: int, read: bool = True) -> Scan:
    """Look through one XML part, a piece at a time; of one that is not `read` only for what makes it a danger.

    Raises RefusedError when it is damaged, declares entities, or is a worksheet with an extent over `cells`.
    """
    sheet = marked = wide = long = far = rich = False
    tail = b""
    for piece in parts(package, name):
        text = tail + piece
        if b"<!ENTITY" in text:
            raise RefusedError("FILE-ENTITIES")
        tail = text[-_TAIL:]
        rich = rich or (read and any(sign in text for sign in _TELLING) and holds(text, _RUN))
        sheet = sheet or b"sheetData" in text
        if not sheet:
            continue
        # An expression over every tag takes long: it looks only where a sign of what it seeks is.
        unusual = (b"'" in text and holds(text, b"='")) or _spaced(text)
        marked = marked or (read and _marked(text))
        if _UNUSUAL.search(text):
            # A used range of 26 columns is within bounds however long it is, and so is one of few rows up to ZZ.
            wide = wide or _WIDE.search(text) is not None
            long = long or _LONG.search(text) is not None
            far = far or _OUTSIDE.search(text) is not None or (wide and (long or _WIDER.search(text) is not None))
        far = far or (unusual and _ODD.search(text) is not None)
    if far:
        _extent(package, name, cells)
    return Scan(sheet, marked, rich)


def _marked(text: bytes) -> bool:
    """May there be a formula or an error?"""
    error = any(sign in text for sign in _QUOTED_E) and _ERROR.search(text)
    return bool(error or any(sign.search(text) for sign in _FORMULA))


def _spaced(text: bytes) -> bool:
    """May there be a blank beside the = of an attribute? Programs write none."""
    return any(
        blank in text and (holds(text, blank + b"=") or holds(text, b"=" + blank))
        for blank in (b" ", b"\n", b"\t", b"\r")
    )


def xlsx(package: zipfile.ZipFile, part: str, scanned: Scan) -> Marks:
    """The marks of one worksheet. Raises RefusedError when it is damaged."""
    if not scanned.sheet:  # the reader for values would take it for an empty sheet
        raise RefusedError("FILE-DAMAGED")
    return _marks(package, part) if scanned.marked else {}


def _extent(package: zipfile.ZipFile, part: str, cells: int) -> None:
    """Refuse a sheet whose used range is larger than `cells`: one cell far out makes readers fill all before it.

    A cell outside the format's own limits makes the reader for values fail in ways that end the program.
    """
    rows = columns = 0
    tail = b""
    for piece in parts(package, part):
        text = tail + piece
        for found in _ADDRESS.finditer(text):
            place = _checked(found[1])
            rows, columns = max(rows, place[0]), max(columns, place[1])
        tail = text[-_TAIL:]
    if rows * columns > cells:
        raise RefusedError(
            "FILE-TOO-LARGE", what=f"{rows} rows x {columns} columns in one sheet", limit=f"{cells} cells"
        )


def _checked(reference: bytes) -> tuple[int, int]:
    """Row and column of a cell (column 0 of a row). Raises RefusedError for what lies outside every sheet."""
    if _REFERENCE.fullmatch(reference):
        text = reference.decode()
        place = cell_number(text) or (int(text), 0)
        if 0 < place[0] <= _LAST_ROW and place[1] <= _LAST_COLUMN:
            return place
    raise RefusedError("FILE-DAMAGED")


class _Count:
    """Row and column of the cell that begins, of elements in their order: places that are not named follow on."""

    row = column = 0

    def cell(self, element: ET.Element) -> bool:
        """Counts an element; is it a cell? Raises ValueError for a row without a number."""
        name = element.tag.rpartition("}")[2]
        if name == "row":
            self.row = int(element.get("r") or self.row + 1)
            self.column = 0
        elif name == "c":
            at = cell_number(element.get("r") or "")
            self.column = at[1] if at else self.column + 1
            return True
        return False


def cells(package: zipfile.ZipFile, part: str) -> Iterator[tuple[int, int, ET.Element]]:
    """Every cell of a worksheet that is written down: row, column, element, which is emptied when the next is asked.

    Raises RefusedError when the sheet is damaged.
    """
    count = _Count()
    try:
        with package.open(part) as stream:
            for event, element in ET.iterparse(stream, ("start", "end")):
                if event == "start":
                    count.cell(element)
                    continue
                name = element.tag.rpartition("}")[2]
                if name == "c":
                    yield count.row, count.column, element
                    element.clear()
                elif name == "row":
                    element.clear()
    except BROKEN as e:
        raise RefusedError("FILE-DAMAGED") from e


def cells_within(sheet: ET.Element) -> Iterator[tuple[int, int, ET.Element]]:
    """As `cells`, of a worksheet that is read already, whose elements are left as they are."""
    count = _Count()
    try:
        for element in sheet.iter():
            if count.cell(element):
                yield count.row, count.column, element
    except BROKEN as e:
        raise RefusedError("FILE-DAMAGED") from e


def _marks(package: zipfile.ZipFile, part: str) -> Marks:
    out: Marks = {}
    for row, column, element in cells(package, part):
        mark = _xlsx_mark(element)
        if mark:
            out[row, column] = mark
    return out


def _xlsx_mark(cell: ET.Element) -> tuple[Mark, str] | None:
    formula = value = None
    for child in cell:
        name = child.tag.rpartition("}")[2]
        if name == "f":
            formula = child
        elif name == "v":
            value = child
    text = (value.text or "") if value is not None else ""
    if cell.get("t") == "e":
        return Mark.ERROR, text or "#N/A"
    # A formula whose result is the empty text is stored as type str with an empty value.
    if formula is not None and not text and not (cell.get("t") == "str" and value is not None):
        return Mark.FORMULA, "=" + (formula.text or "")
    return None
