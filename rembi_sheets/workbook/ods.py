"""OpenDocument spreadsheets: error cells, formulas, merged ranges, looks, number formats and notes of cells.

The reader for values tells none of them. What a number looks like stands in the file as its program showed it.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.etree import ElementTree as ET

from rembi_sheets.cells import Mark
from rembi_sheets.workbook.looks import joined
from rembi_sheets.workbook.marks import Beside
from rembi_sheets.workbook.package import BROKEN, RefusedError

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
_CALC_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_FOUR_DIGITS = re.compile(r"(?<!\d)\d{4}(?!\d)")
_DIGITS = re.compile(r"-?\d(?:[\d.,\u00a0\u202f]*\d)?")
_REPEATED = 1000


def read(package: zipfile.ZipFile, cells: int) -> dict[str, Beside]:
    """What every table of a spreadsheet holds beside its values, by its title.

    Raises RefusedError when a table's cells are more than `cells` (a repeated cell counts as often as it repeats).
    """
    out: dict[str, Beside] = {}
    ways: dict[str, set[str]] = {}
    codes: dict[str, dict[tuple[int, int], str]] = {}
    try:
        with package.open("content.xml") as stream:
            for title, row, column, repeat, element in _cells(stream, cells, ways):
                found = out.setdefault(title, Beside())
                down, right = (int(element.get(_TABLE + f"number-{n}-spanned", "1")) for n in ("rows", "columns"))
                if down * right > 1:
                    found.merged = (*found.merged, (row, column, row + down - 1, column + right - 1))
                mark, code = _mark(element), _code(element)
                rich = joined(_pieces(element, ways))
                own = ways.get(element.get(_TABLE + "style-name", ""), set())
                if mark is None and not code and rich is None and not own:
                    continue
                for r in range(row, row + min(repeat[0], _REPEATED)):
                    for c in range(column, column + min(repeat[1], _REPEATED)):
                        if mark:
                            found.marks[r, c] = mark
                        if code:
                            codes.setdefault(title, {})[r, c] = code
                        if rich is not None or own:
                            found.seen.append((r, c, rich, own))
    except BROKEN as e:
        raise RefusedError("FILE-DAMAGED") from e
    for title, of_table in codes.items():
        out[title].formats = of_table
    return out


@dataclass
class Around:
    """What stands at the cells of one table and is none of their values: notes with their authors, and formulas."""

    notes: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)


def around(package: zipfile.ZipFile, cells: int) -> dict[str, Around]:
    """Notes and formulas of every table, by its title. Raises as `read`."""
    out: dict[str, Around] = {}
    try:
        with package.open("content.xml") as stream:
            for title, row, column, _, element in _cells(stream, cells, {}):
                found = out.setdefault(title, Around())
                note, formula = element.find(_OFFICE + "annotation"), element.get(_TABLE + "formula", "")
                if note is not None:
                    found.notes[row, column] = _shown(note, "\n"), note.findtext(_CREATOR, "")
                if formula:
                    found.formulas[row, column] = "=" + formula.partition("=")[2]
    except BROKEN as e:
        raise RefusedError("FILE-DAMAGED") from e
    return out


def _shown(element: ET.Element, between: str = "") -> str:
    """The paragraphs of a cell, without those of its note; or of a note."""
    return between.join("".join(p.itertext()) for p in element.findall(_TEXT + "p"))


def _pieces(cell: ET.Element, ways: dict[str, set[str]]) -> Iterator[tuple[str, set[str]]]:
    """The text of a cell in pieces with their ways; lines of several paragraphs are parted by line breaks."""
    for number, paragraph in enumerate(cell.findall(_TEXT + "p")):
        if number:
            yield "\n", set()
        yield from _runs(paragraph, set(), ways)


def _runs(element: ET.Element, outer: set[str], ways: dict[str, set[str]]) -> Iterator[tuple[str, set[str]]]:
    here = outer | ways.get(element.get(_TEXT + "style-name", ""), set())
    if element.tag == _TEXT + "s":
        yield " " * int(element.get(_TEXT + "c", "1")), here
    elif element.tag == _TEXT + "line-break":
        yield "\n", here
    yield element.text or "", here
    for child in element:
        yield from _runs(child, here, ways)
        yield child.tail or "", here


def _ways(style: ET.Element) -> set[str]:
    """In which ways a style changes how a text is to be read."""
    out = set()
    for properties in style.iter(_STYLE + "text-properties"):
        if properties.get(_STYLE + "text-line-through-style", "none") != "none":
            out.add("strike")
        position = properties.get(_STYLE + "text-position", "").split(" ")[0]
        if position == "super" or (position.endswith("%") and position.strip("-%").strip("0") and position[0] != "-"):
            out.add("superscript")
        elif position == "sub" or position.startswith("-"):
            out.add("subscript")
    return out


def _code(cell: ET.Element) -> str:
    """The number format that shows a number or a date as its program did; '' where that is the plain value."""
    kind = cell.get(_OFFICE + "value-type", "")
    seen = _shown(cell).strip()
    if kind == "date":
        return "yyyy-mm-dd" if _FOUR_DIGITS.search(seen) else ""
    if kind not in ("float", "percentage", "currency") or not seen:
        return ""
    value = float(cell.get(_OFFICE + "value", "0"))
    found = _DIGITS.search(seen)
    if found is None:
        return _quoted(seen)
    before, behind = seen[: found.start()], seen[found.end() :]
    for group, point in ((",", "."), (".", ","), ("\u00a0", ","), ("\u202f", ",")):
        plain = found[0].replace(group, "").replace(point, ".")
        whole, _, rest = plain.lstrip("-").partition(".")
        if not whole.isdigit() or not (rest.isdigit() or not rest):
            continue
        if abs(float(plain) - value * (100 if "%" in behind else 1)) > 0.5000001 * 10 ** -len(rest):
            continue
        if not before and not behind and plain == f"{float(plain):.15g}" and group not in found[0]:
            return ""  # nothing but digits: at most some that are not shown
        digits = "#,##0" if group in found[0] else "0" * len(whole) if whole.startswith("0") else "0"
        return _quoted(before) + digits + ("." + "0" * len(rest) if rest else "") + _quoted(behind)
    return _quoted(seen)


def _quoted(text: str) -> str:
    """A text as part of a number format; the sign for per cent keeps its meaning."""
    return "%".join(f'"{part}"' if part else "" for part in text.replace('"', "").split("%"))


def _cells(
    stream: IO[bytes], cells: int, ways: dict[str, set[str]]
) -> Iterator[tuple[str, int, int, tuple[int, int], ET.Element]]:
    """Cells with a value or a formula: table, row, column, how often they repeat down and right, the element.

    The styles, which stand before, are put into `ways` as far as they say something.
    """
    title, row, column, rows, last_row, last_column = "", 1, 1, 1, 0, 0
    for event, element in ET.iterparse(stream, ("start", "end")):
        tag = element.tag
        if event == "start":
            if tag == _TABLE + "table":
                title, row, last_row, last_column = element.get(_TABLE + "name", ""), 1, 0, 0
            elif tag == _TABLE + "table-row":
                column, rows = 1, int(element.get(_TABLE + "number-rows-repeated", "1"))
            continue
        if tag == _STYLE + "style":
            made = _ways(element)
            if made:
                ways[element.get(_STYLE + "name", "")] = made
        elif tag in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
            wide = int(element.get(_TABLE + "number-columns-repeated", "1"))
            if len(element) or element.get(_OFFICE + "value-type") or element.get(_TABLE + "formula"):
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
        elif tag == _TABLE + "table-row":
            row += rows
            element.clear()


def _mark(cell: ET.Element) -> tuple[Mark, str] | None:
    formula = cell.get(_TABLE + "formula")
    shown = _shown(cell)
    if cell.get(_CALC_TYPE) == "error":
        return Mark.ERROR, shown or "#N/A"
    if formula and not cell.get(_OFFICE + "value-type") and not shown:
        return Mark.FORMULA, "=" + formula.partition("=")[2]
    return None
