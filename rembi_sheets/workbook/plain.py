"""The .xlsx of which copies of a workbook are made: the workbook itself, or what is laid into a plain .xlsx.

Laid are the other forms that are read: an .ods, an .xls, a folder of tables. The cells stand where they stood, with
their notes, joined ranges and number formats; nothing is drawn. What a plain sheet cannot hold is named, and what was
laid is read again and compared before it is handed out.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from rembi_sheets.cells import Book, Mark, Raw, Sheet, a1
from rembi_sheets.workbook import lists, ods
from rembi_sheets.workbook.editing import AnnotateError, Package
from rembi_sheets.workbook.held import Difference, refuse
from rembi_sheets.workbook.look import look
from rembi_sheets.workbook.ods import Around
from rembi_sheets.workbook.package import Caps, RefusedError, opened, sniff
from rembi_sheets.workbook.read import META, book_of, whole
from rembi_sheets.workbook.sheetlist import SheetList
from rembi_sheets.workbook.spelling import TYPES_PART
from rembi_sheets.workbook.styles import put_raw
from rembi_sheets.workbook.write import ILLEGAL, safe

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_PLAIN_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_LONGEST, _ROWS, _COLUMNS = 32_767, 1_048_576, 16_384  # of an .xlsx: characters of a cell, rows and columns of a sheet
# What is not read from a file of another form, in words
_NOT_CARRIED = {
    "ods": "colours, links, dropdowns, pictures and charts of your own, which are not read from an .ods",
    "xls": "formulas (what they showed is kept), notes, colours, links, dropdowns, pictures and charts of your own, "
    "which are not read from an .xls",
}


def as_xlsx(path: Path, caps: Caps = Caps(), *, macros: bool = False) -> tuple[bytes, tuple[str, ...]]:  # noqa: B008
    """The .xlsx of which copies of a workbook that was read are made, and what of the workbook is not in there, in
    words. An .xlsx is itself, under whatever name; with `macros` an .xlsm is one too.

    Raises AnnotateError when it cannot be read, or a sheet holds more than one of an .xlsx can.
    """
    try:
        kind = "" if path.is_dir() else sniff(path.read_bytes())
        if kind == "xlsx":
            return (path.read_bytes(), ()) if macros else _without_macros(path.read_bytes())
        book, around = whole(path, caps), _around(path, caps) if kind == "ods" else {}
    except (RefusedError, OSError) as e:
        raise AnnotateError("The workbook cannot be read any more.") from e
    content = _drawn(book, around)
    refuse(_differences(book, content))
    not_carried = _NOT_CARRIED.get(kind)
    return content, (*_left(book, around), *([not_carried] if not_carried else []))


def _without_macros(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """A workbook as a plain .xlsx: its macros taken out, and said of what is no .xlsx otherwise (a template)."""
    package = Package(data)
    home = SheetList(package).home
    if _PLAIN_TYPE.encode() in package[TYPES_PART]:
        return data, ()
    package.typed(home, _PLAIN_TYPE)
    project = package.related(home, "vbaProject")
    if not project:
        return package.written(), ()
    package.drop(home, project)
    return package.written(), ("its macros",)


def _around(path: Path, caps: Caps) -> Mapping[str, Around]:
    with opened(path.read_bytes()) as package:
        return ods.around(package, caps.cells)


def _left(book: Book, around: Mapping[str, Around]) -> Iterator[str]:
    ours = {META, lists.SHEET, look().words["readme"]}
    for sheet in (s for s in book.sheets if s.title not in ours):
        for (row, column), text in around.get(sheet.title, Around()).formulas.items():
            yield f"{sheet.title} {a1(row, column)}: the formula {text} (what it showed is kept)"
        for (row, column), said in sheet.looks.items():
            if said.struck:
                yield f"{sheet.title} {a1(row, column)}: that “{'”, “'.join(said.struck)}” is struck out"
        for row, column, value in _filled(sheet):
            if isinstance(value, str) and ILLEGAL.search(value):
                yield f"{sheet.title} {a1(row, column)}: signs that no .xlsx can hold"


def _filled(sheet: Sheet) -> Iterator[tuple[int, int, Raw]]:
    """The cells that hold something, with row and column."""
    for row, cells in enumerate(sheet.rows, start=1):
        for column, value in enumerate(cells, start=1):
            if value is not None and value != "":
                yield row, column, value


def _differences(book: Book, content: bytes) -> Iterator[Difference]:
    """What of the cells of a book its .xlsx does not hold."""
    made = {s.title: s for s in book_of(content).sheets}
    for sheet in book.sheets:
        if sheet.title == META:
            continue
        theirs = {(row, column): value for row, column, value in _filled(made[sheet.title])}
        for row, column, value in _filled(sheet):
            now = theirs.get((row, column))
            if _as_kept(value) != _as_kept(now) and (row, column) not in sheet.marks:
                yield Difference(sheet.title, a1(row, column), str(value), "" if now is None else str(now))


def _as_kept(value: Raw) -> Raw:
    """A value to be compared: without signs that no .xlsx holds, a day as its midnight, 15 digits of a number."""
    if isinstance(value, str):
        return ILLEGAL.sub("", value).replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime.combine(value, dt.time())
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(f"{value:.15g}")
    return value


def _drawn(book: Book, around: Mapping[str, Around]) -> bytes:
    from openpyxl import Workbook

    made = Workbook()
    made.remove(made.worksheets[0])
    for sheet in book.sheets:
        if sheet.title != META:
            _sheet(made, sheet, around.get(sheet.title, Around()))
    meta = made.create_sheet(META)
    meta.sheet_state = "hidden"
    for row, pair in enumerate(book.meta.items(), start=1):
        for column, text in enumerate(pair, start=1):
            put_raw(meta.cell(row, column), safe(text))
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def _sheet(made: Workbook, sheet: Sheet, around: Around) -> None:
    """One sheet with its cells where they stood; signs of errors are errors again."""
    from openpyxl.cell.cell import ERROR_CODES
    from openpyxl.comments import Comment

    target: Any = made.create_sheet(sheet.title)
    target.sheet_state = "hidden" if sheet.hidden else "visible"
    for row, column, value in _filled(sheet):
        _fitting(sheet.title, row, column, value)
        put_raw(target.cell(row, column), int(value) if _whole(value) else safe(value))
    for (row, column), (mark, text) in sheet.marks.items():
        if mark is Mark.ERROR:
            cell = target.cell(row, column, text)
            cell.data_type = "e" if text in ERROR_CODES else "s"
    for (row, column), code in sheet.formats.items():
        target.cell(row, column).number_format = code
    for (row, column), (text, author) in around.notes.items():
        target.cell(row, column).comment = Comment(safe(text), author)
    for top, left, bottom, right in sheet.merged:
        target.merged_cells.add(f"{a1(top, left)}:{a1(bottom, right)}")  # `merge_cells` would empty all but the first


def _whole(value: Raw) -> TypeGuard[float]:
    return isinstance(value, float) and value.is_integer() and abs(value) < 1e15


def _fitting(title: str, row: int, column: int, value: Raw) -> None:
    what = ""
    if row > _ROWS or column > _COLUMNS:
        what = f"lies beyond the {_ROWS:,} rows and {_COLUMNS:,} columns"
    elif isinstance(value, str) and len(value) > _LONGEST:
        what = f"holds more than the {_LONGEST:,} characters"
    if what:
        raise AnnotateError(f"{title} {a1(row, column)} {what} that an .xlsx has; no copy is made.")
