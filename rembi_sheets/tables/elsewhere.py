"""What the sheet Filled in says of a workbook: which of its values come from elsewhere, or were confirmed there.

The list is of the day when it was made. A value that has been changed since is nobody's but the person's; rows may
have been moved, so that a value counts wherever in its column it stands now, once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rembi_sheets.cells import Book, Raw
from rembi_sheets.tables.model import FILLED_IN, Table, Tables
from rembi_sheets.values import UNREADABLE, to_cell

HEADINGS = ("Sheet", "Cell", "Column", "Value", "In the cell", "Where from", "Confidence", "State")
FILLED, CONFIRMED = "filled", "confirmed"
_SHEET, _CELL, _COLUMN, _VALUE, _THERE, _STATE = 0, 1, 2, 3, 4, 7


@dataclass(frozen=True, slots=True)
class Checked:
    """Of the `values` that a workbook holds, how many were filled in from a source, and how many a source confirms."""

    values: int
    filled: int
    confirmed: int


def checked(book: Book, tables: Tables) -> Checked | None:
    """The same of a workbook; None where it has no list of what was filled in."""
    lines = list(_lines(book))
    if not lines:
        return None
    there = {(t.title, t.label(n)): _texts(t, n) for t in tables for n in t.columns if n in t.names}
    told: dict[tuple[str, str, str], tuple[bool, set[str]]] = {}
    for line in lines:
        filled, said = told.get((line[_SHEET], line[_COLUMN], line[_CELL]), (False, set()))
        texts = said | {t for t in (line[_VALUE], line[_THERE]) if t}
        told[line[_SHEET], line[_COLUMN], line[_CELL]] = (filled or line[_STATE] == FILLED, texts)
    counts = {FILLED: 0, CONFIRMED: 0}
    left = {place: Counter(texts) for place, texts in there.items()}
    for (sheet, column, _), (filled, texts) in told.items():
        held = left.get((sheet, column), Counter())
        text = next((t for t in sorted(texts) if held[t] > 0), None)
        if text is not None:
            held[text] -= 1
            counts[FILLED if filled else CONFIRMED] += 1
    return Checked(sum(map(len, there.values())), counts[FILLED], counts[CONFIRMED])


def _lines(book: Book) -> Iterator[Sequence[str]]:
    """The lines of the list that name a cell which was filled or confirmed."""
    for sheet in book.sheets:
        if sheet.title != FILLED_IN:
            continue
        begun = False
        for row in sheet.rows:
            cells = [_text(c) for c in row[: len(HEADINGS)]]
            cells += [""] * (len(HEADINGS) - len(cells))
            if begun and cells[_CELL] and cells[_STATE] in (FILLED, CONFIRMED):
                yield cells
            begun = begun or tuple(cells) == HEADINGS


def _texts(table: Table, name: str) -> list[str]:
    """The filled cells of a column, as the list writes them."""
    return [_text(to_cell(v)) for v in table.values(name) if v is not None and v is not UNREADABLE]


def _text(value: Raw) -> str:
    return "" if value is None else str(value)
