"""A workbook of another form laid into a plain .xlsx: an .ods, or a folder of tables.

The cells stand where they stood, with their notes, joined ranges and number formats; nothing is drawn. What a plain
sheet cannot hold is named.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from rembi_sheets.cells import Book, Mark, Raw, Sheet, a1
from rembi_sheets.workbook import ods
from rembi_sheets.workbook.editing import AnnotateError
from rembi_sheets.workbook.ods import Around
from rembi_sheets.workbook.package import Caps, RefusedError, opened
from rembi_sheets.workbook.read import META, whole
from rembi_sheets.workbook.styles import put_raw
from rembi_sheets.workbook.write import ILLEGAL, safe

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

SPREADSHEET = ".ods"
_LONGEST, _ROWS, _COLUMNS = 32_767, 1_048_576, 16_384  # of an .xlsx: characters of a cell, rows and columns of a sheet
_NOT_CARRIED = "colours, links, dropdowns, pictures and charts of your own, which are not read from an .ods"


def taken(path: Path) -> bool:
    """Is the workbook one of those that are laid into an .xlsx?"""
    return path.is_dir() or path.suffix.casefold() == SPREADSHEET


def laid(path: Path, caps: Caps = Caps()) -> tuple[bytes, tuple[str, ...]]:  # noqa: B008 - frozen
    """An .ods or a folder as .xlsx, and what of it is not in there, in words.

    Raises AnnotateError when it cannot be read, or a sheet holds more than one of an .xlsx can.
    """
    try:
        book, around = whole(path, caps), _around(path, caps)
    except (RefusedError, OSError) as e:
        raise AnnotateError("The workbook cannot be read any more.") from e
    return _drawn(book, around), tuple(_left(book, around, path))


def _around(path: Path, caps: Caps) -> Mapping[str, Around]:
    if path.is_dir():
        return {}
    with opened(path.read_bytes()) as package:
        return ods.around(package, caps.cells)


def _left(book: Book, around: Mapping[str, Around], path: Path) -> Iterator[str]:
    for sheet in book.sheets:
        for (row, column), text in around.get(sheet.title, Around()).formulas.items():
            yield f"{sheet.title} {a1(row, column)}: the formula {text} (what it showed is kept)"
        for (row, column), look in sheet.looks.items():
            if look.struck:
                yield f"{sheet.title} {a1(row, column)}: that “{'”, “'.join(look.struck)}” is struck out"
        for row, column, value in _filled(sheet):
            if isinstance(value, str) and ILLEGAL.search(value):
                yield f"{sheet.title} {a1(row, column)}: signs that no .xlsx can hold"
    if not path.is_dir():
        yield _NOT_CARRIED


def _filled(sheet: Sheet) -> Iterator[tuple[int, int, Raw]]:
    """The cells that hold something, with row and column."""
    for row, cells in enumerate(sheet.rows, start=1):
        for column, value in enumerate(cells, start=1):
            if value is not None and value != "":
                yield row, column, value


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
