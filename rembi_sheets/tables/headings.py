"""Where the columns of a sheet and the lines of a form are: by their labels, whatever their order and place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from rembi_sheets import vocabularies
from rembi_sheets.cells import Mark, Place, Raw, Sheet, down, widest
from rembi_sheets.findings import Finding, find
from rembi_sheets.schema import Column, SheetSpec, load
from rembi_sheets.signs import error_word
from rembi_sheets.tables.model import OWN
from rembi_sheets.values import clean

_HEAD_ROWS = 40
_SIGNS = re.compile(r"[\s*●◊○▼–—-]+")
_BETWEEN_WORDS = re.compile(r"[\W_]+")


def key(text: object) -> str:
    """A heading as compared: case, kinds of blank, signs of need, a colon behind and Unicode form do not matter."""
    return _key(str(text))


@lru_cache(maxsize=2048)  # the labels of the dictionary are asked for with every sheet
def _key(text: str) -> str:
    plain = unicodedata.normalize("NFKC", clean(text))
    return _SIGNS.sub(" ", plain).strip(" :").casefold()


def sheet_key(title: str) -> str:
    """A sheet title as compared: case, blanks and Unicode form do not matter."""
    return key(title)


def is_plate_map(title: str) -> bool:
    """Does a sheet hold plate maps? Its title begins with “Plate map”; `plates` reads it."""
    return _BETWEEN_WORDS.sub("", sheet_key(title)).startswith("platemap")


def blank(raw: Raw) -> bool:
    """Is there nothing to see in a cell?"""
    return raw is None or (isinstance(raw, str) and not (raw and raw.strip(" \t\r\n\u00a0\u200b\ufeff")))


def cell(rows: Sequence[Sequence[Raw]], row: int, column: int) -> Raw:
    """The cell of a sheet row and column from 1; None beyond what is filled."""
    cells = rows[row - 1] if 0 < row <= len(rows) else ()
    return cells[column - 1] if 0 < column <= len(cells) else None


def form_lines(sheet: Sheet, spec: SheetSpec, findings: list[Finding]) -> dict[str, int]:
    """Machine name -> sheet row of every line of a form that is understood; the label stands in column A."""
    labels = {key(c.label): c for c in spec.columns}
    rows: dict[str, int] = {}
    unknown: list[tuple[int, str]] = []
    for number, cells in enumerate(sheet.rows, start=1):
        text = cells[0] if cells else None
        if blank(text):
            continue
        column = labels.get(key(text))
        if column is None:
            unknown.append((number, clean(str(text))))
        elif column.name in rows:
            findings.append(find("HEADING-TWICE", Place(sheet.title, number, 1, column.label), value=column.label))
        else:
            rows[column.name] = number
    first = min(rows.values(), default=0)
    for number, text in unknown:
        if blank(cell(sheet.rows, number, 2)) and (number, 2) not in sheet.marks:
            continue  # a heading between the lines
        if number < first and text == spec.title:
            continue
        near = vocabularies.near(text, [c.label for c in spec.columns if c.name not in rows], 1)
        # Above the first line stand the title of the sheet and what it is for.
        if number > first or near:
            at = Place(sheet.title, number, 1, text)
            findings.append(find("HEADING-UNKNOWN", at, value=text, own="", suggestions=near))
    return rows


def heading_row(sheet: Sheet, spec: SheetSpec) -> int:
    """The row that holds most of the sheet's labels; 0 when no row holds one.

    Found by content, so that rows inserted, moved or deleted above it do no harm.
    """
    labels = {key(c.label) for c in spec.columns if not c.own}
    best, row = 0, 0
    for number, cells in enumerate(sheet.rows[:_HEAD_ROWS], start=1):
        score = len({key(c) for c in cells if isinstance(c, str)} & labels)
        if score > best:
            best, row = score, number
    return row


def headings(sheet: Sheet, spec: SheetSpec, head: int, findings: list[Finding]) -> dict[str, int]:
    """Machine name -> sheet column for every heading that is understood; own columns as `own:<heading>`."""
    labels = {key(c.label): c for c in spec.columns if not c.own}
    columns: dict[str, int] = {}
    unknown: list[tuple[int, str]] = []
    for number, text in enumerate(sheet.rows[head - 1], start=1):
        mark = sheet.marks.get((head, number))
        if mark is not None or (isinstance(text, str) and error_word(text)):
            kind, value = mark or (Mark.ERROR, clean(str(text)))
            findings.append(find(f"CELL-{kind.value.upper()}", Place(sheet.title, head, number), value=value))
            continue
        if blank(text):
            continue
        column = labels.get(key(text))
        if column is None:
            unknown.append((number, clean(str(text))))
        elif column.name in columns:
            findings.append(find("HEADING-TWICE", Place(sheet.title, head, number, column.label), value=column.label))
        else:
            columns[column.name] = number
    taken: set[str] = set()
    for number, text in unknown:
        place = Place(sheet.title, head, number, text)
        missing = [c.label for c in spec.columns if not c.own and c.name not in columns]
        near = vocabularies.near(text, missing, 1)
        if spec.own is None or near:
            findings.append(find("HEADING-UNKNOWN", place, value=text, own=_elsewhere(spec), suggestions=near))
        elif key(text) in taken:
            findings.append(find("HEADING-TWICE", place, value=text))
        else:
            taken.add(key(text))
            columns[OWN + text] = number
    return columns


def _elsewhere(spec: SheetSpec) -> str:
    """Where a column of the user's own belongs, on a sheet that takes none; else what it must be called to be one."""
    if spec.own:
        return " A column of your own is read once its heading is less like one of the sheet."
    titles = [s.title for s in load().sheets if s.own]
    return f" Columns of your own are read in the sheet {' and '.join(titles)} only; here one stays in the workbook."


def free_cells(sheet: Sheet, head: int, columns: Iterable[int], findings: list[Finding]) -> None:
    """Cells below the headings that stand under none: a finding for each such column."""
    known = set(columns) | {n for n, c in enumerate(sheet.rows[head - 1], start=1) if not blank(c)}
    known |= {column for row, column in sheet.marks if row == head}
    for number in sorted(set(range(1, widest(sheet.rows[head:]) + 1)) - known):
        filled = [
            Place(sheet.title, row, number)
            for row, value in enumerate(down(sheet.rows[head:], number), start=head + 1)
            if not blank(value)
        ]
        if filled:
            findings.append(find("HEADING-NONE", filled, value=cell(sheet.rows, filled[0].row, number)))


def merged_cells(sheet: Sheet, head: int, columns: Mapping[int, Column], findings: list[Finding]) -> None:
    """Merged cells among the data: only the first of them holds the value."""
    from rembi_sheets.cells import a1

    for top, left, bottom, right in sheet.merged:
        within = [n for n in columns if left <= n <= right]
        if bottom > head and within and (bottom > max(top, head + 1) or len(within) > 1):
            at = Place(sheet.title, max(top, head + 1), left, columns[within[0]].label)
            findings.append(find("MERGED-CELLS", at, value=f"{a1(top, left)}:{a1(bottom, right)}"))
