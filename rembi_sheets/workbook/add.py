"""A copy of a workbook with more sheets and columns; everything that was filled in is kept.

The copy is made anew, so that lists, rules and names fit the new columns, and what the old one held is put in:
values at their rows, gaps included, unknown headings and lines, further sheets, notes. A formula gives its last
value, or its own text where it was never calculated.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rembi_sheets import vocabularies
from rembi_sheets.cells import Book, Raw, Sheet
from rembi_sheets.schema import Layout, Schema, Selection, select
from rembi_sheets.tables import OWN, Table, Tables, from_book, is_plate_map, sheet_key
from rembi_sheets.workbook.layout import HEAD_ROWS, Plan, SheetPlan, plan
from rembi_sheets.workbook.look import look
from rembi_sheets.workbook.styles import put_raw
from rembi_sheets.workbook.write import META, draw, finish, widened

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

TOOL = "rembi-sheets"
_OURS = ("problems",)


# _x005F_ and the like, by which a workbook writes characters; openpyxl leaves them as they stand
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


class UnknownColumnError(ValueError):
    """No sheet or column has this name; `near` are the nearest ones, or all of the sheet when none is near."""

    def __init__(self, text: str, near: tuple[str, ...]) -> None:
        super().__init__(text)
        self.near = near


@dataclass(frozen=True)
class Added:
    """The copy, and what is new in it as "Sheet: Label"."""

    content: bytes
    columns: tuple[str, ...]


@dataclass
class _Old:
    """What the old workbook holds: values, formulas without a value, notes; by sheet title, (row, column) from 1."""

    book: Book
    tables: Tables
    source: Workbook
    notes: dict[str, dict[tuple[int, int], tuple[str, str]]] = field(default_factory=dict)

    def sheet(self, title: str) -> Sheet | None:
        """The sheet of this title, case and blanks aside."""
        return next((s for s in self.book.sheets if sheet_key(s.title) == sheet_key(title)), None)


def add(
    data: bytes,
    schema: Schema,
    *,
    profile: str = "",
    archives: Iterable[str] = (),
    level: str = "",
    columns: Iterable[str] = (),
) -> Added:
    """A copy of the .xlsx in `data` with what `profile`, `archives` and `level` show besides what it has already.

    Without a profile or level the workbook's own stay; `archives` come on top of its own. With `columns` alone
    ("Sheet: Label") only these are added. Raises UnknownColumnError, and KeyError for an unknown profile, archive
    or level.
    """
    old = _load(data, schema)
    named = tuple(archives)
    single = tuple(columns)
    have = {t.sheet.name: {n for n in t.columns if not n.startswith(OWN)} for t in old.tables}
    chosen = _selection(old, schema, profile, named, level)
    if single and not (profile or named or level):
        chosen = Selection(chosen.profile, chosen.archives, chosen.level, ())
    more = {name: set(names) for name, names in have.items()}
    for text in single:
        sheet, name = _column(schema, text)
        more.setdefault(sheet, set()).add(name)
    wide = widened(schema, chosen, more)
    records, own, needed = _records(old)
    rows = int(old.book.meta.get("rows") or 500)
    google = old.book.meta.get("google sheets") == "yes"
    # plates that are drawn already stay as they are; asked for a profile that draws them, the copy brings blank ones
    drawn = any(is_plate_map(s.title) for s in old.book.sheets)
    wells = None if profile and not drawn else 0
    layout = plan(schema, wide, rows=rows, google_sheets=google, own=own, needed=needed, wells=wells)
    if named:
        _name_archives(layout, records, old)
    book = draw(layout, records)
    for sheet_plan in layout.sheets:
        _carry(book, layout, sheet_plan, old)
    _further_sheets(book, schema, old)
    new = tuple(
        f"{s.spec.title}: {f.column.label}"
        for s in layout.sheets
        for f in s.fields
        if f.column.name not in have.get(s.spec.name, set())
    )
    return Added(finish(book, layout), new)


def _load(data: bytes, schema: Schema) -> _Old:
    from openpyxl import load_workbook

    source = load_workbook(io.BytesIO(data), data_only=True)
    formulas = load_workbook(io.BytesIO(data))
    sheets: list[Sheet] = []
    meta: dict[str, str] = {}
    notes: dict[str, dict[tuple[int, int], tuple[str, str]]] = {}
    for sheet in source.worksheets:
        other = formulas[sheet.title]
        rows: list[list[Raw]] = []
        for row, cells in enumerate(sheet.iter_rows(), start=1):
            line: list[Raw] = []
            for number, cell in enumerate(cells, start=1):
                value: Any = cell.value
                if value is None:  # a formula that was never calculated
                    value = other.cell(row, number).value
                line.append(_ESCAPE.sub(_character, value) if isinstance(value, str) else value)
                if cell.comment is not None:
                    note = (cell.comment.text, cell.comment.author or "")
                    notes.setdefault(sheet.title, {})[(row, number)] = note
            rows.append(line)
        if sheet.title == META:
            meta = {str(r[0]): str(r[1]) for r in rows if len(r) > 1 and r[0] is not None}
        sheets.append(Sheet(sheet.title, rows, sheet.sheet_state != "visible"))
    book = Book("", "", tuple(sheets), meta)
    return _Old(book, from_book(book, schema)[0], source, notes)


def _character(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


def _selection(old: _Old, schema: Schema, profile: str, archives: tuple[str, ...], level: str) -> Selection:
    meta = old.book.meta
    profiles = {p.name for p in schema.profiles}
    had = meta.get("profile", "")
    base = tuple(a for a in meta.get("archives", "").split("; ") if a in schema.archive_names)
    chosen = (*(base or old.tables.archives), *archives)
    known = meta.get("level", "")
    return select(
        schema,
        profile or (had if had in profiles else schema.profiles[0].name),
        chosen,
        level or (known if known in schema.levels else ""),
    )


def _column(schema: Schema, text: str) -> tuple[str, str]:
    """ "Sheet: Label" -> machine names of both. A label may hold a colon itself, a sheet may not."""
    title, _, label = text.partition(":")
    titles = {sheet_key(s.title): s for s in schema.sheets}
    sheet = titles.get(sheet_key(title))
    if sheet is not None:
        for c in sheet.columns:
            if not c.own and sheet_key(c.label) == sheet_key(label):
                return sheet.name, c.name
    else:
        near = vocabularies.nearest(title.strip(), [s.title for s in schema.sheets], 1)
        sheet = titles[sheet_key(near[0])] if near else None
    if sheet is None:
        raise UnknownColumnError(text, ())
    labels = [c.label for c in sheet.columns if not c.own]
    nearest = vocabularies.nearest(label.strip(), labels, 3) or tuple(labels)
    raise UnknownColumnError(text, tuple(f"{sheet.title}: {near}" for near in nearest))


def _records(old: _Old) -> tuple[dict[str, list[dict[str, Raw]]], dict[str, tuple[str, ...]], dict[str, int]]:
    """What is filled in, by sheet: rows with their gaps, headings of own columns, number of rows."""
    records: dict[str, list[dict[str, Raw]]] = {}
    own: dict[str, tuple[str, ...]] = {}
    for table in old.tables:
        sheet = old.sheet(table.title)
        if sheet is None or not table.columns:
            continue
        if table.sheet.layout is Layout.FORM:
            records[table.sheet.name] = [{n: _at(sheet, row, 2) for n, row in table.columns.items()}]
            continue
        lines = [
            {n.removeprefix(OWN): _at(sheet, row, number) for n, number in table.columns.items()}
            for row in range(table.heading_row + 1, len(sheet.rows) + 1)
        ]
        while lines and all(v is None for v in lines[-1].values()):
            lines.pop()
        records[table.sheet.name] = lines
        own[table.sheet.name] = table.own
    return records, own, {name: len(lines) for name, lines in records.items()}


def _at(sheet: Sheet, row: int, number: int) -> Raw:
    cells = sheet.rows[row - 1] if row <= len(sheet.rows) else ()
    return cells[number - 1] if number <= len(cells) else None


def _name_archives(layout: Plan, records: dict[str, list[dict[str, Raw]]], old: _Old) -> None:
    """Put the archives asked for into the study sheet, behind those it names already."""
    for sheet in layout.sheets:
        for f in sheet.fields:
            if sheet.form and f.column.list == "archive":
                values = records.setdefault(sheet.spec.name, [{}])[0]
                present = str(values.get(f.column.name) or "")
                known = {layout.schema.archive(a).label for a in old.tables.archives} if present else set()
                missing = [label for label in layout.labels if label not in known]
                values[f.column.name] = "; ".join([*([present] if present else []), *missing])


def _carry(book: Workbook, layout: Plan, sheet: SheetPlan, old: _Old) -> None:
    """Cells beside the known ones, and notes, from the old sheet into the new one."""
    source = old.sheet(sheet.spec.title)
    table = old.tables[sheet.spec.name]
    if source is None:
        return
    target = book[sheet.spec.title]
    move = _form_moves(sheet, table, source) if sheet.form else _table_moves(sheet, table, source)
    for at, to in move.items():
        value = _at(source, *at)
        if value is not None and target.cell(*to).value is None:
            put_raw(target.cell(*to), value)
    places = dict(move)
    for name, number in table.columns.items():
        f = sheet.by_name.get(name)
        if f and sheet.form:
            places[(number, 2)] = (f.number, 2)
        elif not sheet.form:
            own = sheet.own.index(name.removeprefix(OWN)) if name.startswith(OWN) else 0
            column = f.number if f else sheet.own_start + own
            for row in range(table.heading_row + 1, len(source.rows) + 1):
                places[(row, number)] = (row - table.heading_row + HEAD_ROWS, column)
    _notes(target, old.notes.get(source.title, {}), places)


def _table_moves(sheet: SheetPlan, table: Table, source: Sheet) -> dict[tuple[int, int], tuple[int, int]]:
    """Columns whose headings nobody knows, or that have none: to the right of all others."""
    known = set(table.columns.values())
    width = max((len(r) for r in source.rows), default=0)
    moves: dict[tuple[int, int], tuple[int, int]] = {}
    to = sheet.last_column
    for number in range(1, width + 1):
        rows = [r for r in range(max(table.heading_row, 1), len(source.rows) + 1) if _at(source, r, number) is not None]
        if number in known or not rows:
            continue
        to += 1
        moves.update({(r, number): (r - table.heading_row + HEAD_ROWS, to) for r in rows})
    return moves


def _form_moves(sheet: SheetPlan, table: Table, source: Sheet) -> dict[tuple[int, int], tuple[int, int]]:
    """Lines whose labels nobody knows go below the form; what stands right of it stays in its line."""
    rows = {row: sheet.by_name[n].number for n, row in table.columns.items() if n in sheet.by_name}
    to = sheet.last_row + 1
    moves: dict[tuple[int, int], tuple[int, int]] = {}
    for row in range(1, len(source.rows) + 1):
        if row not in rows and row > 2 and _at(source, row, 2) is not None:
            to += 1
            moves[(row, 1)], moves[(row, 2)] = (to, 1), (to, 2)
        for number in range(5, len(source.rows[row - 1]) + 1):
            if _at(source, row, number) is not None:
                moves[(row, number)] = (rows.get(row, to), number)
    return moves


def _notes(
    target: Any, notes: Mapping[tuple[int, int], tuple[str, str]], places: Mapping[tuple[int, int], tuple[int, int]]
) -> None:
    """Notes of people; those of this tool tell of findings and are left behind."""
    from openpyxl.comments import Comment

    for at, (text, author) in notes.items():
        if at in places and author != TOOL:
            target.cell(*places[at]).comment = Comment(text, author)


def _further_sheets(book: Workbook, schema: Schema, old: _Old) -> None:
    """Sheets that are none of ours, with their values and formats, behind the others."""
    ours = {sheet_key(t) for t in (*_OURS, look().words["readme"], *(s.title for s in schema.sheets))}
    for source in old.source.worksheets:
        if sheet_key(source.title) in ours or source.title.startswith("_") or source.title in book.sheetnames:
            continue
        target: Any = book.create_sheet(source.title, len(book.sheetnames) - 2)
        values = old.sheet(source.title)
        for cells in source.iter_rows():
            for cell in cells:
                if cell.value is None and not cell.has_style:
                    continue
                value = _at(values, cell.row, cell.column) if values else cell.value  # type: ignore[arg-type]
                made = target.cell(cell.row, cell.column)
                put_raw(made, value)
                made.font, made.fill, made.border = copy(cell.font), copy(cell.fill), copy(cell.border)
                made.alignment, made.number_format = copy(cell.alignment), cell.number_format
        for letter, dimension in source.column_dimensions.items():
            target.column_dimensions[letter].width = dimension.width
        for row, height in source.row_dimensions.items():
            target.row_dimensions[row].height = height.height
        target.sheet_view.showGridLines = source.sheet_view.showGridLines
        target.freeze_panes = source.freeze_panes
        target.data_validations = copy(source.data_validations)
        target.sheet_state = source.sheet_state
