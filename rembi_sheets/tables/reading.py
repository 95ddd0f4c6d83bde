"""Book -> Tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from rembi_sheets import vocabularies
from rembi_sheets.cells import Book, ByColumns, Place, Raw, Sheet, SideTable, TableError, down, widest
from rembi_sheets.coded import Coded, by_values, different, kinds, shortened
from rembi_sheets.collector import resting
from rembi_sheets.findings import Finding, find
from rembi_sheets.schema import Column, Layout, Schema, SheetSpec
from rembi_sheets.tables.columns import Columns
from rembi_sheets.tables.headings import (
    blank,
    cell,
    form_lines,
    free_cells,
    heading_row,
    headings,
    is_plate_map,
    merged_cells,
    sheet_key,
)
from rembi_sheets.tables.kept import kept
from rembi_sheets.tables.looks import as_seen
from rembi_sheets.tables.memo import Memo
from rembi_sheets.tables.model import FILLED_IN, LEFT_OVER, OWN, Source, Table, Tables, empty_table
from rembi_sheets.tables.names import RowNames
from rembi_sheets.values import UNREADABLE, Problem, Value, convert, unchanged

_UNREAD = ("read me", "problems")
_CHUNK = 20_000


def as_written(book: Book, schema: Schema) -> tuple[Tables, list[Finding]]:
    """Read every sheet the schema knows; what is not understood becomes findings, nothing is dropped in silence."""
    findings: list[Finding] = []
    by_title = _by_title(book, schema, findings)
    tables = {}
    named = {s.name: by_title[sheet_key(s.title)] for s in schema.sheets if sheet_key(s.title) in by_title}
    names = RowNames(named, schema)
    for spec in schema.sheets:
        found = by_title.get(sheet_key(spec.title))
        if book.side is not None and spec.own is not None:
            tables[spec.name] = _beside(book.side, found, spec, names, findings)
        elif found is None:
            tables[spec.name] = empty_table(spec)
        elif spec.layout is Layout.FORM:
            tables[spec.name] = _form(found, spec, findings)
        else:
            tables[spec.name] = _table(found, spec, names, findings)
    return Tables(schema, tables, book.meta, names.of), findings


def _by_title(book: Book, schema: Schema, findings: list[Finding]) -> dict[str, Sheet]:
    """The sheets that are known, by folded title; the others are reported."""
    known = {sheet_key(s.title): s for s in schema.sheets}
    by_title: dict[str, Sheet] = {}
    others = []
    for sheet in book.sheets:
        key = sheet_key(sheet.title)
        if key not in known:
            others.append(sheet)
        elif key in by_title:
            findings.append(find("SHEET-TWICE", sheet.title, value=sheet.title, other=by_title[key].title))
        else:
            by_title[key] = sheet
    missing = [s.title for s in schema.sheets if sheet_key(s.title) not in by_title]
    for sheet in others:
        key = sheet_key(sheet.title)
        if (
            not sheet.title.startswith("_")
            and key not in _UNREAD
            and not key.startswith((LEFT_OVER.casefold(), FILLED_IN.casefold()))
            and not is_plate_map(sheet.title)
        ):
            near = vocabularies.near(sheet.title, missing, 1)
            findings.append(find("SHEET-UNKNOWN", sheet.title, value=sheet.title, suggestions=near))
    return by_title


def _form(sheet: Sheet, spec: SheetSpec, findings: list[Finding]) -> Table:
    """A form: the label stands in column A, its value in B; lines may stand in any order."""
    lines = form_lines(sheet, spec, findings)
    if not lines and any(not blank(c) for r in sheet.rows for c in r):
        findings.append(find("HEADING-MISSING", sheet.title, headings=[c.label for c in spec.columns[:3]]))
    by_line = {row: spec[name] for name, row in lines.items()}
    for top, left, bottom, right in sheet.merged:
        if left <= 2 <= right and sum(top <= row <= bottom for row in by_line) > 1:
            merged = Sheet(sheet.title, sheet.rows, merged=((top, left, bottom, right),))
            merged_cells(merged, 0, {2: by_line[min(r for r in by_line if r >= top)]}, findings)
    values: dict[str, list[Value]] = {}
    for column in spec.columns:
        row = lines.get(column.name)
        values[column.name] = [_value(sheet, column, row, findings) if row else None]
    return Table(spec, sheet.title, Columns(values, [0]), lines, min(lines.values(), default=1))


def _value(sheet: Sheet, column: Column, row: int, findings: list[Finding]) -> Value:
    place = Place(sheet.title, row, 2, column.label)
    mark = sheet.marks.get((row, 2))
    if mark is not None:
        findings.append(find(f"CELL-{mark[0].value.upper()}", place, value=mark[1]))
        return UNREADABLE
    raws = as_seen(sheet, column, column.label, 2, [row], [cell(sheet.rows, row, 2)], findings)
    value, problems = convert(raws[0], column)
    findings.extend(_finding(p, place) for p in problems)
    return value


def _finding(problem: Problem, place: Place) -> Finding:
    fields: dict[str, Any] = dict(problem.fields)
    return find(problem.code, place, value=problem.value, suggestions=problem.suggestions, **fields)


def _table(sheet: Sheet, spec: SheetSpec, names: RowNames, findings: list[Finding]) -> Table:
    head = heading_row(sheet, spec)
    if not head:
        if any(not blank(c) for r in sheet.rows for c in r):
            findings.append(find("HEADING-MISSING", sheet.title, headings=[c.label for c in spec.columns[:3]]))
        return empty_table(spec)
    columns = headings(sheet, spec, head, findings)
    merged_cells(sheet, head, {n: _spec(spec, name) for name, n in columns.items()}, findings)
    free_cells(sheet, head, columns.values(), findings)
    data = _frame(sheet, spec, columns, range(head + 1, len(sheet.rows) + 1), 0, names, findings)
    return Table(spec, sheet.title, data, columns, head)


def _spec(spec: SheetSpec, name: str) -> Column:
    column = spec.own if name.startswith(OWN) else spec[name]
    assert column is not None
    return column


def _frame(
    sheet: Sheet,
    spec: SheetSpec,
    columns: Mapping[str, int],
    numbers: Sequence[int],
    above: int,
    names: RowNames,
    findings: list[Finding],
) -> Columns:
    """The cells of the rows `numbers` (sheet rows); `sheet.rows[0]` is sheet row `above` + 1."""
    wanted = list(columns.values())
    marked = {row for row, column in sheet.marks if column in wanted}
    helps = {columns[c.name]: c.help for c in spec.columns if c.name in columns}
    rows: Sequence[Sequence[Raw]] = sheet.rows[numbers[0] - 1 - above : numbers[-1] - above] if numbers else []
    plain = _plainly_begun(rows, wanted, helps)
    index = list(numbers)
    if not all(different(plain)):
        begun = [
            n
            for n, (number, sure) in enumerate(zip(numbers, plain, strict=True))
            if sure or ((number in marked or _begun(rows[n], wanted)) and not _is_help(rows[n], wanted, helps))
        ]
        index, rows = [numbers[n] for n in begun], _some(rows, begun)
    values: dict[str, Sequence[Value] | None] = {c.name: None for c in spec.columns if not c.own}
    for name, n in columns.items():
        label = name.removeprefix(OWN) if name.startswith(OWN) else spec[name].label
        values[name] = _column(sheet, _spec(spec, name), label, n, index, down(rows, n), names, findings)
    return Columns(values, index)


def _some(rows: Sequence[Sequence[Raw]], places: Sequence[int]) -> Sequence[Sequence[Raw]]:
    """Some of the rows, by their places."""
    import numpy as np

    return rows.of_rows(np.array(places, np.int64)) if isinstance(rows, ByColumns) else [rows[n] for n in places]


def _plainly_begun(rows: Sequence[Sequence[Raw]], wanted: Sequence[int], helps: Mapping[int, str]) -> Sequence[bool]:
    """In which rows is the first known column filled with plain text that is not the help? In most of long tables."""
    if not rows or not wanted:
        return [False] * len(rows)
    said = {"", helps.get(wanted[0])}

    def plain(cells: Sequence[Any]) -> list[bool]:
        if set(map(type, cells)) == {str} and all(map(str.isascii, cells)) and said.isdisjoint(map(str.strip, cells)):
            return [True] * len(cells)
        return [isinstance(c, str) and c.isascii() and c.strip() not in said for c in cells]

    return by_values(down(rows, wanted[0]), plain)


def _begun(cells: Sequence[Raw], wanted: Sequence[int]) -> bool:
    """Has a row a filled cell in one of the columns?"""
    width = len(cells)
    return any(n <= width and (c := cells[n - 1]) != "" and not blank(c) for n in wanted)


def _is_help(cells: Sequence[Raw], wanted: Sequence[int], helps: Mapping[int, str]) -> bool:
    """A help line of the head that somebody moved below the headings: every filled cell is its column's help text."""
    filled = False
    for n in wanted:
        text = cells[n - 1] if n <= len(cells) else None
        if blank(text):
            continue
        if not isinstance(text, str) or text.strip() != helps.get(n):
            return False
        filled = True
    return filled


def _column(
    sheet: Sheet,
    column: Column,
    label: str,
    number: int,
    index: Sequence[int],
    raws: Sequence[Raw],
    names: RowNames,
    findings: list[Finding],
) -> Sequence[Value]:
    """One column converted; equal cells are converted once, their problems reported at each."""
    raws = as_seen(sheet, column, label, number, index, raws, findings)
    out = _texts(raws, column) if kinds(raws) == {str} else None  # type: ignore[arg-type]
    if out is None:
        memos = {
            kind: Memo(column, names.of(column)) for kind in kinds(raws)
        }  # apart by type: 1, 1.0 and True are one key of a dict
        out = by_values(raws, lambda cells: [memos[type(raw)][raw] for raw in cells])
        if any(memo.problems for memo in memos.values()):
            for row, raw in zip(index, raws, strict=True):
                for problem in memos[type(raw)].problems.get(raw, ()):
                    findings.append(_finding(problem, Place(sheet.title, row, number, label)))
    return _marked(out, sheet, number, label, index, findings) if sheet.marks else out


def _texts(raws: Sequence[str], column: Column) -> Sequence[Value] | None:
    """A column of texts that mean what they say; None where one has to be looked at by itself."""
    distinct = raws.values if isinstance(raws, Coded) else set(raws)
    if not unchanged([t for t in distinct if t], column):
        return None
    if "" not in distinct:
        return raws
    return by_values(raws, lambda cells: [raw or None for raw in cells])


def _marked(
    values: Sequence[Value], sheet: Sheet, number: int, label: str, index: Sequence[int], findings: list[Finding]
) -> Sequence[Value]:
    """The values of a column without those of cells that hold none, which are reported."""
    out = list(values)
    for i, row in enumerate(index):
        mark = sheet.marks.get((row, number))
        if mark is not None:
            place = Place(sheet.title, row, number, label)
            findings.append(find(f"CELL-{mark[0].value.upper()}", place, value=mark[1]))
            out[i] = UNREADABLE
    return out


def _beside(side: SideTable, sheet: Sheet | None, spec: SheetSpec, names: RowNames, findings: list[Finding]) -> Table:
    """The table of files beside the workbook; rows in the sheet as well would be read by nobody, hence an error."""
    if sheet is not None:
        within = _table(sheet, spec, names, [])
        if within.rows:
            first = within.place(within.rows[0], spec.key[0])
            findings.append(find("FILES-TWICE", first, value=side.name, n=len(within.rows)))
    try:
        top = side.top()
    except TableError as e:
        findings.append(find(e.code, side.name, value=side.name, what=e.what))
        return empty_table(spec)
    begin = Sheet(side.name, top)
    head = heading_row(begin, spec)
    if not head:
        findings.append(find("HEADING-MISSING", side.name, headings=[c.label for c in spec.columns[:3]]))
        return empty_table(spec)
    columns = headings(begin, spec, head, findings)
    nothing = Columns(dict.fromkeys((*(c.name for c in spec.columns if not c.own), *_own(columns))), [])
    return Table(spec, side.name, nothing, columns, head, _source(side, spec, columns, head, names))


def _own(columns: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(n for n in columns if n.startswith(OWN))


def _source(side: SideTable, spec: SheetSpec, columns: Mapping[str, int], head: int, names: RowNames) -> Source:
    """Reads a side table a part at a time; a call after the first whole one takes up what was read."""

    def parts(findings: list[Finding] | None) -> Iterator[Columns]:
        found: list[Finding] = [] if findings is None else findings
        above = head
        whole = False
        read = side.rows(head)
        while not whole:
            rows: list[Sequence[Raw]] = []
            with resting():
                try:
                    rows.extend(islice(read, _CHUNK))  # where it fails, what came before is read
                    whole = len(rows) < _CHUNK
                except TableError as e:
                    found.append(find(e.code, side.name, value=side.name, what=e.what))
                    whole = True
                part = _part(side.name, spec, columns, rows, above, names, found) if rows else None
            if part is not None:
                yield part
                above += len(rows)

    return kept(parts, f"rows of {spec.title}")


def _part(
    name: str,
    spec: SheetSpec,
    columns: Mapping[str, int],
    rows: Sequence[Sequence[Raw]],
    above: int,
    names: RowNames,
    findings: list[Finding],
) -> Columns:
    width = max(columns.values(), default=0)
    for row, cells in enumerate(rows, start=above + 1) if widest(rows) > width else ():
        if len(cells) > width and any(not blank(c) for c in cells[width:]):
            at = Place(name, row, next(n for n in range(width + 1, len(cells) + 1) if not blank(cells[n - 1])))
            findings.append(find("HEADING-NONE", at, value=cells[at.column - 1]))
    even = any(rows) and len(set(map(len, rows))) == 1
    sheet = Sheet(name, ByColumns(list(map(shortened, zip(*rows, strict=True)))) if even else rows)
    return _frame(sheet, spec, columns, range(above + 1, above + len(rows) + 1), above, names, findings)
