"""Formulas of which the cells they refer to have moved."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rembi_sheets.cells import letters
from rembi_sheets.tables import sheet_key
from rembi_sheets.workbook.package import cell_number

# These count or build places themselves, so that no change of references makes them right.
_POSITIONS = frozenset(("INDIRECT(", "OFFSET(", "ADDRESS(", "CELL(", "ROW(", "ROWS(", "COLUMN(", "COLUMNS("))
_SHEET = re.compile(r"(?:'((?:[^']|'')+)'|([^'!\[\]:(),;\s]+))!(.+)", re.DOTALL)
_CELL = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([0-9]{1,7})")
_COLUMN = re.compile(r"(\$?)([A-Za-z]{1,3})")
_ROW = re.compile(r"(\$?)([0-9]{1,7})")


@dataclass(frozen=True)
class Move:
    """Where the cells of one sheet have gone, column by column and row by row; None: nowhere."""

    column: Callable[[int], int | None]
    row: Callable[[int], int | None]

    def cell(self, row: int, column: int) -> tuple[int, int] | None:
        """The new place of a cell."""
        to = self.row(row), self.column(column)
        return None if to[0] is None or to[1] is None else (to[0], to[1])


def moved(formula: str, home: str, moves: Mapping[str, Move], names: Mapping[str, str]) -> str | None:
    """A formula (without =) of the sheet `home` with its references where their cells are now; None if not sure.

    `moves` by folded title: of other sheets nothing has moved. `names`: those that the copy knows, in capitals.
    """
    from openpyxl.formula import Tokenizer

    try:
        tokens = Tokenizer("=" + formula).items
    except Exception:  # what it does not understand, it says in several ways
        return None
    out = ["="]
    for token in tokens:
        value: str | None = token.value
        if token.type == "FUNC" and token.value.upper() in _POSITIONS:
            return None
        if token.type == "OPERAND" and token.subtype == "RANGE":
            value = _operand(token.value, home, moves, names)
        if value is None:
            return None
        out.append(value)
    return "".join(out)[1:]


def _operand(text: str, home: str, moves: Mapping[str, Move], names: Mapping[str, str]) -> str | None:
    if "[" in text or "#" in text:  # another workbook, or a table
        return None
    found = _SHEET.fullmatch(text)
    title = (found[1] or found[2]).replace("''", "'") if found else home
    body = found[3] if found else text
    ends = body.split(":")
    places = [_CELL.fullmatch(e) or _COLUMN.fullmatch(e) or _ROW.fullmatch(e) for e in ends]
    if len(ends) > 2 or not all(places) or (len(ends) == 1 and not _CELL.fullmatch(body)):
        return text if body.upper() in names else None
    move = moves.get(sheet_key(title))
    if move is None:
        return text
    at = [_end(e, move) for e in ends]
    if None in at or not _together(ends, move):
        return None
    return text[: len(text) - len(body)] + ":".join(str(a) for a in at)


def _end(text: str, move: Move) -> str | None:
    found = _CELL.fullmatch(text)
    if found:
        row, column = move.row(int(found[4])), move.column(_number(found[2]))
        return None if row is None or column is None else f"{found[1]}{letters(column)}{found[3]}{row}"
    found = _COLUMN.fullmatch(text)
    if found:
        column = move.column(_number(found[2]))
        return None if column is None else found[1] + letters(column)
    found = _ROW.fullmatch(text)
    row = move.row(int(found[2])) if found else None
    return None if row is None or found is None else f"{found[1]}{row}"


def _number(text: str) -> int:
    at = cell_number(text.upper() + "1")
    return at[1] if at else 0


def _together(ends: list[str], move: Move) -> bool:
    """Do the columns of a range stand side by side as before, and its rows?"""
    if len(ends) == 1:
        return True
    columns = [_number(f[2] if (f := _CELL.fullmatch(e)) else e.strip("$")) for e in ends if not _ROW.fullmatch(e)]
    rows = [int(f[4]) for e in ends if (f := _CELL.fullmatch(e))]
    return _side_by_side(columns, move.column) and _side_by_side(rows, move.row)


def _side_by_side(ends: list[int], to: Callable[[int], int | None]) -> bool:
    if len(ends) < 2:
        return True
    first = to(ends[0])
    if first is None or ends[1] - ends[0] > 20_000:
        return to(ends[1]) is not None and first is not None and ends[1] - ends[0] == (to(ends[1]) or 0) - first
    return all(to(n) == first + n - ends[0] for n in range(ends[0], ends[1] + 1))
