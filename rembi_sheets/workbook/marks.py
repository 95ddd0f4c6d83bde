"""Cells that hold no plain value: errors, and formulas whose result was never stored. Also the extent of a sheet.

The reader for values blanks both. A sheet's XML is therefore scanned, piece by piece; only a sheet that has an
error or a formula is parsed, to name the cells.
"""

from __future__ import annotations

import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from xml.etree import ElementTree as ET

from rembi_sheets.cells import Mark
from rembi_sheets.workbook.package import BROKEN, RefusedError, cell_number, parts

Marks = dict[tuple[int, int], tuple[Mark, str]]
Merged = tuple[tuple[int, int, int, int], ...]

_MARKED = re.compile(rb"""[<:]f[\s/>]|\bt\s*=\s*["']e["']""")
_MARKED_SIGNS = (b"<f", b":f", b't="e')
_ODD = re.compile(rb"""\sr\s+=|\sr\s*=\s*'|\sr\s*=\s+""")
_UNUSUAL = re.compile(rb'r="(?![A-Z]?[0-9]{1,5}")')  # none in a piece: its cells are all within A1:Z99999
_WIDE = re.compile(rb'r="[A-Z][A-Z]')
_WIDER = re.compile(rb'r="[A-Z][A-Z][A-Z]')
_LONG = re.compile(rb'r="[A-Z][A-Z0-9][0-9]{5}')
_OUTSIDE = re.compile(rb'r="(?:[A-Za-z]{4}|[A-Za-z]{0,3}[0-9]{7}|[a-z$-])')
_ADDRESS = re.compile(rb"""<(?:\w+:)?(?:c|row)\s[^>]*?\br\s*=\s*["']([^"']*)["']""")
_REFERENCE = re.compile(rb"[A-Z]{0,3}[0-9]{1,7}")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_TAIL = 400
_ODS_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_ODS_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_ODS_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CALC_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"


@dataclass(frozen=True, slots=True)
class Scan:
    """What a pass over an XML part tells: is it a worksheet, and has it errors or formulas?"""

    sheet: bool
    marked: bool


def scan(package: zipfile.ZipFile, name: str, cells: int) -> Scan:
    """Look through one XML part, a piece at a time.

    Raises RefusedError when it is damaged, declares entities, or is a worksheet with an extent over `cells`.
    """
    sheet = marked = wide = long = far = False
    tail = b""
    for piece in parts(package, name):
        text = tail + piece
        if b"<!ENTITY" in text:
            raise RefusedError("FILE-ENTITIES")
        tail = text[-_TAIL:]
        sheet = sheet or b"sheetData" in text
        if not sheet:
            continue
        # An expression over every tag takes long: it looks only where a sign of what it seeks is.
        unusual = (b"'" in text and _holds(text, b"='")) or _spaced(text)
        if not marked and (unusual or any(_holds(text, sign) for sign in _MARKED_SIGNS)):
            marked = _MARKED.search(text) is not None
        if _UNUSUAL.search(text):
            # A used range of 26 columns is within bounds however long it is, and so is one of few rows up to ZZ.
            wide = wide or _WIDE.search(text) is not None
            long = long or _LONG.search(text) is not None
            far = far or _OUTSIDE.search(text) is not None or (wide and (long or _WIDER.search(text) is not None))
        far = far or (unusual and _ODD.search(text) is not None)
    if far:
        _extent(package, name, cells)
    return Scan(sheet, marked)


def _spaced(text: bytes) -> bool:
    """May there be a blank beside the = of an attribute? Programs write none."""
    return any(
        blank in text and (_holds(text, blank + b"=") or _holds(text, b"=" + blank))
        for blank in (b" ", b"\n", b"\t", b"\r")
    )


def _holds(text: bytes, sign: bytes) -> bool:
    """Is a sign of two or four bytes in a text? As numbers they are compared several times faster than searched."""
    import numpy as np

    width = len(sign)
    number = int.from_bytes(sign, sys.byteorder)
    return any(
        bool((np.frombuffer(text, f"u{width}", (len(text) - shift) // width, shift) == number).any())
        for shift in range(min(width, len(text) - width + 1))
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


def _marks(package: zipfile.ZipFile, part: str) -> Marks:
    out: Marks = {}
    row = column = 0
    try:
        with package.open(part) as stream:
            for event, element in ET.iterparse(stream, ("start", "end")):
                name = element.tag.rpartition("}")[2]
                if event == "start":
                    if name == "row":
                        row = int(element.get("r") or row + 1)
                        column = 0
                    elif name == "c":
                        at = cell_number(element.get("r") or "")
                        column = at[1] if at else column + 1
                    continue
                if name == "c":
                    mark = _xlsx_mark(element)
                    if mark:
                        out[row, column] = mark
                    element.clear()
                elif name == "row":
                    element.clear()
    except BROKEN as e:
        raise RefusedError("FILE-DAMAGED") from e
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


def ods(package: zipfile.ZipFile, cells: int) -> tuple[dict[str, Marks], dict[str, Merged]]:
    """The marks and the merged ranges of every table of an OpenDocument spreadsheet, by its title.

    Raises RefusedError when a table's cells are more than `cells` (a repeated cell counts as often as it repeats).
    """
    out: dict[str, Marks] = {}
    merged: dict[str, Merged] = {}
    try:
        with package.open("content.xml") as stream:
            for title, row, column, repeat, element in _ods_cells(stream, cells):
                down, right = (int(element.get(_ODS_TABLE + f"number-{n}-spanned", "1")) for n in ("rows", "columns"))
                if down * right > 1:
                    area = (row, column, row + down - 1, column + right - 1)
                    merged[title] = (*merged.get(title, ()), area)
                mark = _ods_mark(element)
                if mark:
                    for r in range(min(repeat[0], 1000)):
                        for c in range(min(repeat[1], 1000)):
                            out.setdefault(title, {})[row + r, column + c] = mark
    except BROKEN as e:
        raise RefusedError("FILE-DAMAGED") from e
    return out, merged


def _ods_cells(stream: IO[bytes], cells: int) -> Iterator[tuple[str, int, int, tuple[int, int], ET.Element]]:
    """Cells with a value or a formula: table, row, column, how often they repeat down and right, the element."""
    title, row, column, rows, last_row, last_column = "", 1, 1, 1, 0, 0
    for event, element in ET.iterparse(stream, ("start", "end")):
        tag = element.tag
        if event == "start":
            if tag == _ODS_TABLE + "table":
                title, row, last_row, last_column = element.get(_ODS_TABLE + "name", ""), 1, 0, 0
            elif tag == _ODS_TABLE + "table-row":
                column, rows = 1, int(element.get(_ODS_TABLE + "number-rows-repeated", "1"))
            continue
        if tag in (_ODS_TABLE + "table-cell", _ODS_TABLE + "covered-table-cell"):
            wide = int(element.get(_ODS_TABLE + "number-columns-repeated", "1"))
            if len(element) or element.get(_ODS_OFFICE + "value-type") or element.get(_ODS_TABLE + "formula"):
                last_row, last_column = max(last_row, row + rows - 1), max(last_column, column + wide - 1)
                if last_row * last_column > cells:
                    raise RefusedError(
                        "FILE-TOO-LARGE",
                        what=f"{last_row} rows x {last_column} columns in one sheet",
                        limit=f"{cells} cells",
                    )
                yield title, row, column, (rows, wide), element
            column += wide
            element.clear()
        elif tag == _ODS_TABLE + "table-row":
            row += rows
            element.clear()


def _ods_mark(cell: ET.Element) -> tuple[Mark, str] | None:
    formula = cell.get(_ODS_TABLE + "formula")
    shown = "".join(t for p in cell.iter(_ODS_TEXT + "p") for t in p.itertext())
    if cell.get(_CALC_TYPE) == "error":
        return Mark.ERROR, shown or "#N/A"
    if formula and not cell.get(_ODS_OFFICE + "value-type") and not shown:
        return Mark.FORMULA, "=" + formula.partition("=")[2]
    return None
