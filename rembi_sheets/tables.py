"""Book <-> Tables: headings found by their labels, every cell converted once, true sheet rows kept.

`Tables` holds one pandas DataFrame per sheet: columns by machine name (own columns under `own:<heading>`),
dtype object, index = row number in the sheet, so that a failure case of pandera is already an address.
A form (Study) is a frame of one row with index 0; the row of each field is in `Table.columns`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from rembi_sheets import vocabularies
from rembi_sheets.cells import Book, Place, Raw, Sheet
from rembi_sheets.findings import Finding, find
from rembi_sheets.schema import Column, Layout, Schema, SheetSpec
from rembi_sheets.values import UNREADABLE, Problem, Value, clean, convert, to_cell

if TYPE_CHECKING:
    import pandas as pd

OWN = "own:"
_HEAD_ROWS = 40


@dataclass(frozen=True)
class Table:
    """One sheet as data. `columns`: machine name -> sheet column (table) or sheet row (form), from 1."""

    sheet: SheetSpec
    title: str
    frame: pd.DataFrame
    columns: Mapping[str, int]
    heading_row: int

    @property
    def own(self) -> tuple[str, ...]:
        """Headings of the user's own columns, in their order."""
        return tuple(c.removeprefix(OWN) for c in self.columns if c.startswith(OWN))

    def place(self, row: int, name: str) -> Place:
        """The cell of a column in a sheet row; a form ignores the row, column A stands in for a missing column."""
        label = self.sheet.by_name[name].label if name in self.sheet.by_name else name.removeprefix(OWN)
        if self.sheet.layout is Layout.FORM:
            return Place(self.title, self.columns.get(name, self.heading_row), 2, label)
        return Place(self.title, row, self.columns.get(name, 1), label)


@dataclass(frozen=True)
class Tables:
    """Every sheet of the schema by machine name; a sheet the workbook lacks is an empty table without columns."""

    schema: Schema
    tables: Mapping[str, Table]
    meta: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Table:
        return self.tables[name]

    def __iter__(self) -> Iterator[Table]:
        return iter(self.tables.values())

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """Sheet titles in the order of the schema."""
        return tuple(t.title for t in self)

    @property
    def archives(self) -> tuple[str, ...]:
        """Archives named in the study sheet, by command-line name; BioImage Archive (the first) when none is."""
        named = archive_labels(self)
        return tuple(a.name for a in self.schema.archives if a.label in named) or self.schema.archive_names[:1]


def archive_labels(tables: Tables) -> tuple[str, ...]:
    """Labels of the archives in the study sheet (BIA, EMPIAR, IDR); empty when the cell is."""
    for column in tables.schema["study"].columns:
        if column.list == "archive" and column.name in tables["study"].frame.columns:
            value = tables["study"].frame[column.name].iloc[0]
            return value if isinstance(value, tuple) else ()
    return ()


def from_book(book: Book, schema: Schema) -> tuple[Tables, list[Finding]]:
    """Read every sheet the schema knows; what is not understood becomes findings, nothing is dropped in silence."""
    findings: list[Finding] = []
    by_title = {_key(s.title): s for s in book.sheets}
    known = {_key(s.title): s for s in schema.sheets}
    for sheet in book.sheets:
        key = _key(sheet.title)
        if key in known or sheet.title.startswith("_") or key in ("read me", "problems"):
            continue
        near = vocabularies.nearest(sheet.title, [s.title for s in schema.sheets if _key(s.title) not in by_title], 1)
        findings.append(find("SHEET-UNKNOWN", sheet.title, value=sheet.title, suggestions=near))
    tables = {}
    for spec in schema.sheets:
        found = by_title.get(_key(spec.title))
        if found is None:
            tables[spec.name] = empty_table(spec)
        elif spec.layout is Layout.FORM:
            tables[spec.name] = _form(found, spec, findings)
        else:
            tables[spec.name] = _table(found, spec, findings)
    return Tables(schema, tables, book.meta), findings


def empty_table(spec: SheetSpec) -> Table:
    """The table of a sheet that is not in the workbook."""
    return Table(spec, spec.title, frame({c.name: [] for c in spec.columns if not c.own}, []), {}, 1)


def frame(columns: Mapping[str, Sequence[Value]], index: Sequence[int]) -> pd.DataFrame:
    """A DataFrame of Python objects: no guessing of types, None stays None."""
    import numpy as np
    import pandas as pd

    data = {}
    for name, values in columns.items():
        array = np.empty(len(values), dtype=object)
        for i, value in enumerate(values):  # an element at a time: numpy would unpack tuples
            array[i] = value
        data[name] = array
    return pd.DataFrame(data, index=pd.Index(list(index), dtype="int64"), dtype=object)


def _key(text: object) -> str:
    """A heading as compared: case, kinds of blank, signs of need and Unicode form do not matter."""
    plain = unicodedata.normalize("NFKC", clean(str(text)))
    plain = re.sub(r"[\s*●◊○▼–—-]+", " ", plain)
    return plain.strip().casefold()


def sheet_key(title: str) -> str:
    """A sheet title as compared: case, blanks and Unicode form do not matter."""
    return _key(title)


def _cell(sheet: Sheet, row: int, column: int) -> Raw:
    cells = sheet.rows[row - 1] if 0 < row <= len(sheet.rows) else ()
    return cells[column - 1] if 0 < column <= len(cells) else None


def _blank(raw: Raw) -> bool:
    return raw is None or (isinstance(raw, str) and not raw.strip(" \t\r\n\u00a0"))


def _form(sheet: Sheet, spec: SheetSpec, findings: list[Finding]) -> Table:
    """A form: the label stands in column A, its value in B; lines may stand in any order."""
    labels = {_key(c.label): c for c in spec.columns}
    rows: dict[str, int] = {}
    for number, cells in enumerate(sheet.rows, start=1):
        text = cells[0] if cells else None
        if _blank(text):
            continue
        column = labels.get(_key(text))
        if column is None:
            value = _cell(sheet, number, 2)
            near = vocabularies.nearest(str(text), [c.label for c in spec.columns if c.name not in rows], 1)
            if near and not _blank(value) and number > 3:
                at = Place(sheet.title, number, 1)
                findings.append(find("HEADING-UNKNOWN", at, value=text, suggestions=near))
        elif column.name in rows:
            findings.append(find("HEADING-TWICE", Place(sheet.title, number, 1, column.label), value=column.label))
        else:
            rows[column.name] = number
    values: dict[str, list[Value]] = {}
    for column in spec.columns:
        row = rows.get(column.name)
        values[column.name] = [_value(sheet, column, row, 2, findings) if row else None]
    return Table(spec, sheet.title, frame(values, [0]), rows, min(rows.values(), default=1))


def _value(sheet: Sheet, column: Column, row: int, number: int, findings: list[Finding]) -> Value:
    place = Place(sheet.title, row, number, column.label)
    mark = sheet.marks.get((row, number))
    if mark is not None:
        findings.append(find(f"CELL-{mark[0].value.upper()}", place, value=mark[1]))
        return UNREADABLE
    value, problems = convert(_cell(sheet, row, number), column)
    for p in problems:
        findings.append(_finding(p, place))
    return value


def _finding(problem: Problem, place: Place) -> Finding:
    fields: dict[str, Any] = dict(problem.fields)
    return find(problem.code, place, value=problem.value, suggestions=problem.suggestions, **fields)


def heading_row(sheet: Sheet, spec: SheetSpec) -> int:
    """The row that holds most of the sheet's labels; 0 when no row holds one.

    Found by content, so that rows inserted, moved or deleted above it do no harm.
    """
    labels = {_key(c.label) for c in spec.columns if not c.own}
    best, row = 0, 0
    for number, cells in enumerate(sheet.rows[:_HEAD_ROWS], start=1):
        score = len({_key(c) for c in cells if isinstance(c, str)} & labels)
        if score > best:
            best, row = score, number
    return row


def _table(sheet: Sheet, spec: SheetSpec, findings: list[Finding]) -> Table:
    head = heading_row(sheet, spec)
    if not head:
        if any(not _blank(c) for r in sheet.rows[3:] for c in r):
            findings.append(find("HEADING-MISSING", sheet.title, headings=[c.label for c in spec.columns[:3]]))
        return empty_table(spec)
    columns = _headings(sheet, spec, head, findings)
    specs = {name: spec.by_name.get(name, spec.own) for name in columns}
    begun = [n for n in range(head + 1, len(sheet.rows) + 1) if _begun(sheet, n, columns)]
    index = [n for n in begun if not _is_help(sheet, n, columns, spec)]
    values: dict[str, list[Value]] = {c.name: [None] * len(index) for c in spec.columns if not c.own}
    for name, number in columns.items():
        column = specs[name]
        assert column is not None
        values[name] = _column(sheet, column, name, number, index, findings)
    return Table(spec, sheet.title, frame(values, index), columns, head)


def _begun(sheet: Sheet, row: int, columns: Mapping[str, int]) -> bool:
    cells = sheet.rows[row - 1]
    return any(n <= len(cells) and not _blank(cells[n - 1]) for n in columns.values()) or any(
        (row, n) in sheet.marks for n in columns.values()
    )


def _is_help(sheet: Sheet, row: int, columns: Mapping[str, int], spec: SheetSpec) -> bool:
    """A help line of the head that somebody moved below the headings: every filled cell is its column's help text."""
    filled = [(n, _cell(sheet, row, c)) for n, c in columns.items() if not _blank(_cell(sheet, row, c))]
    return bool(filled) and all(n in spec.by_name and str(v).strip() == spec.by_name[n].help for n, v in filled)


def _headings(sheet: Sheet, spec: SheetSpec, head: int, findings: list[Finding]) -> dict[str, int]:
    """Machine name -> sheet column for every heading that is understood; own columns as `own:<heading>`."""
    labels = {_key(c.label): c for c in spec.columns if not c.own}
    columns: dict[str, int] = {}
    unknown: list[tuple[int, str]] = []
    for number, text in enumerate(sheet.rows[head - 1], start=1):
        if _blank(text):
            continue
        column = labels.get(_key(text))
        if column is None:
            unknown.append((number, clean(str(text))))
        elif column.name in columns:
            findings.append(find("HEADING-TWICE", Place(sheet.title, head, number, column.label), value=column.label))
        else:
            columns[column.name] = number
    for number, text in unknown:
        place = Place(sheet.title, head, number, text)
        missing = [c.label for c in spec.columns if not c.own and c.name not in columns]
        near = vocabularies.nearest(text, missing, 1)
        if spec.own is None or (near and _nearly(text, near[0])):
            findings.append(find("HEADING-UNKNOWN", place, value=text, suggestions=near))
        elif OWN + text in columns:
            findings.append(find("HEADING-TWICE", place, value=text))
        else:
            columns[OWN + text] = number
    return columns


def _nearly(text: str, label: str) -> bool:
    """A slip of a letter or two, and not a heading of the user's own."""
    from difflib import SequenceMatcher

    return SequenceMatcher(None, _key(text), _key(label)).ratio() >= 0.85


def _column(
    sheet: Sheet, column: Column, name: str, number: int, index: Sequence[int], findings: list[Finding]
) -> list[Value]:
    """One column converted; equal cells are converted once, their problems reported at each."""
    seen: dict[tuple[type, Raw], tuple[Value, tuple[Problem, ...]]] = {}
    out: list[Value] = []
    rows, marks = sheet.rows, sheet.marks
    for row in index:
        if marks and (row, number) in marks:
            out.append(_value(sheet, column, row, number, findings))
            continue
        cells = rows[row - 1]
        raw = cells[number - 1] if number <= len(cells) else None
        known = seen.get((type(raw), raw))
        if known is None:
            value, problems = convert(raw, column)
            seen[(type(raw), raw)] = (value, problems)
        else:
            value, problems = known
        for p in problems:
            place = Place(sheet.title, row, number, column.label if not column.own else name.removeprefix(OWN))
            findings.append(_finding(p, place))
        out.append(value)
    return out


def to_book(tables: Tables, name: str = "") -> Book:
    """Tables -> sheets with the labels in row 1 (tables) or column A (forms) and what is filled in."""
    sheets = []
    for table in tables:
        if not len(table.frame):
            continue
        if table.sheet.layout is Layout.FORM:
            row = table.frame.iloc[0]
            rows: list[list[Raw]] = [[c.label, to_cell(row[c.name])] for c in table.sheet.columns]
        else:
            names = list(table.frame.columns)
            heads = [table.sheet.by_name[n].label if n in table.sheet.by_name else n.removeprefix(OWN) for n in names]
            rows = [[*heads], *([to_cell(v) for v in record] for record in table.frame.itertuples(index=False))]
        sheets.append(Sheet(table.title, rows))
    return Book(name, "", tuple(sheets), tables.meta)
