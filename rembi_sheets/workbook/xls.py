"""Old workbooks (.xls): error cells, merged ranges, looks and number formats of cells, with xlrd.

The reader for values tells none of them. Which cells are formulas no reader of this format tells.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from typing import Any

from rembi_sheets.cells import Mark
from rembi_sheets.workbook.looks import BUILTIN, joined
from rembi_sheets.workbook.marks import Beside
from rembi_sheets.workbook.package import RefusedError


def read(data: bytes, cells: int) -> dict[str, Beside]:
    """What every sheet holds beside its values, by its title.

    Raises RefusedError when the file is encrypted or damaged, or a sheet has more cells than `cells`.
    """
    import xlrd

    try:
        with contextlib.redirect_stdout(io.StringIO()):
            book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO(), on_demand=True)
            return {name: _beside(book, book.sheet_by_name(name), cells) for name in book.sheet_names()}
    except (RefusedError, MemoryError):
        raise
    except Exception as e:  # of many kinds, of which xlrd declares one
        raise RefusedError("FILE-ENCRYPTED" if "encrypted" in str(e) else "FILE-DAMAGED") from e


def _beside(book: Any, sheet: Any, cells: int) -> Beside:
    import xlrd

    if sheet.nrows * sheet.ncols > cells:
        raise RefusedError(
            "FILE-TOO-LARGE", what=f"{sheet.nrows} rows x {sheet.ncols} columns in one sheet", limit=f"{cells} cells"
        )
    out, codes = Beside(), {}
    for row in range(sheet.nrows):
        for column, cell in enumerate(sheet.row(row)):
            at = row + 1, column + 1
            if cell.ctype == xlrd.XL_CELL_ERROR:
                out.marks[at] = Mark.ERROR, xlrd.error_text_from_code.get(cell.value, "#N/A")
            elif cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
                code = _code(book, cell)
                if code:
                    codes[at] = code
            if cell.ctype not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                ways = _ways(book.font_list[book.xf_list[cell.xf_index].font_index])
                rich = joined(_pieces(book, sheet.rich_text_runlist_map.get((row, column), ()), cell.value, ways))
                if rich is not None or ways:
                    out.seen.append((*at, rich, ways))
    out.formats = codes
    out.merged = tuple((top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells)
    return out


def _code(book: Any, cell: Any) -> str:
    """The number format of a cell; '' for the plain ones."""
    key = book.xf_list[cell.xf_index].format_key
    code = BUILTIN.get(key) or str(book.format_map[key].format_str)
    return "" if code.casefold() in ("general", "@") else code


def _pieces(book: Any, runs: Any, text: Any, ways: set[str]) -> Iterator[tuple[str, set[str]]]:
    """The pieces of a rich text; what stands before its first run has the font of the cell. Nothing for plain cells."""
    if not runs or not isinstance(text, str):
        return
    starts = [(0, ways), *((at, _ways(book.font_list[font])) for at, font in runs)]
    for (at, of), (end, _) in zip(starts, [*starts[1:], (len(text), set())], strict=True):
        yield text[at:end], of


def _ways(font: Any) -> set[str]:
    """In which ways a font changes how a text is to be read."""
    raised = {1: {"superscript"}, 2: {"subscript"}}.get(font.escapement, set())
    return raised | ({"strike"} if font.struck_out else set())
