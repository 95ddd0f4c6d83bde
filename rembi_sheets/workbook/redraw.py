"""A workbook drawn anew in today's form, with all that it held: what `add` and `migrate` have in common.

The copy is compared with the workbook before it is handed out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rembi_sheets.cells import Raw, Sheet
from rembi_sheets.schema import Layout, Schema, Selection, select
from rembi_sheets.tables import OWN, Table, sheet_key
from rembi_sheets.values import to_cell
from rembi_sheets.workbook import held, leftover
from rembi_sheets.workbook.editing import AnnotateError
from rembi_sheets.workbook.layout import HEAD_ROWS, Plan, plan
from rembi_sheets.workbook.leftover import LeftOver
from rembi_sheets.workbook.transfer import Old, Transfer
from rembi_sheets.workbook.transferred import differences
from rembi_sheets.workbook.write import draw, finish


@dataclass(frozen=True)
class Copy:
    """The copy and its layout. `valued`, `left`: as `Added` has them; `over`: what its sheet Left over holds."""

    content: bytes
    layout: Plan
    valued: tuple[str, ...]
    left: tuple[str, ...]
    over: tuple[LeftOver, ...]


def redrawn(old: Old, wide: Selection, *, wells: int | None = 0, name_archives: bool = False) -> Copy:
    """A copy of a workbook with the sheets and columns of `wide`, among them all that it has.

    `wells` of plates to be drawn (None: as the profile has them); `name_archives`: those of `wide` are written into
    the study sheet. Raises AnnotateError when the copy would not hold all that the workbook holds.
    """
    schema = old.tables.schema
    records, own, needed = _records(old)
    rows = int(old.book.meta.get("rows") or 500)
    google = old.book.meta.get("google sheets") == "yes"
    layout = plan(schema, wide, rows=rows, google_sheets=google, own=own, needed=needed, wells=wells)
    transfer = Transfer(old, layout)
    taken = {sheet_key(s.spec.title) for s in layout.sheets} & {sheet_key(t) for t in transfer.further}
    if taken:
        title = next(t for t in transfer.further if sheet_key(t) in taken)
        raise AnnotateError(f"The sheet “{title}” is yours, and a sheet of today's form is called so. Rename it first.")
    transfer.changed |= _rewritten(old, layout)
    if name_archives:
        _name_archives(layout, records, old, transfer)
    book = draw(layout, records)
    transfer.into(book)
    over = leftover.found(transfer)
    leftover.draw(book, over, transfer.further)
    content = transfer.finished(finish(book, layout))
    held.refuse(differences(transfer, content))
    return Copy(content, layout, tuple(transfer.valued), tuple(transfer.left), over)


def selection(old: Old, schema: Schema, profile: str, archives: tuple[str, ...], level: str) -> Selection:
    """Sheets and columns of today for what is named here, else for what the workbook was made for."""
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


def _rewritten(old: Old, layout: Plan) -> set[tuple[str, int, int]]:
    """The cells of the copy (title, row, column) that say in today's form what older ones said."""
    made = set()
    for sheet in layout.sheets:
        table = old.tables[sheet.spec.name]
        for name, rows in table.former.rewritten.items():
            number = sheet.by_name[name].number
            shift = HEAD_ROWS - table.heading_row
            made |= {(sheet.spec.title, *((number, 2) if sheet.form else (row + shift, number))) for row in rows}
    return made


def _records(old: Old) -> tuple[dict[str, list[dict[str, Raw]]], dict[str, tuple[str, ...]], dict[str, int]]:
    """What is filled in, by sheet: rows with their gaps, headings of own columns, number of rows."""
    records: dict[str, list[dict[str, Raw]]] = {}
    own: dict[str, tuple[str, ...]] = {}
    for table in old.tables:
        sheet = old.sheet(table.title)
        if sheet is None or not table.columns:
            continue
        if table.sheet.layout is Layout.FORM:
            records[table.sheet.name] = [{n: _value(old, sheet, table, n, row, 2) for n, row in table.columns.items()}]
            continue
        last = max([len(sheet.rows), *(row for row, _ in old.special(sheet.title))])
        lines = [
            {n.removeprefix(OWN): _value(old, sheet, table, n, row, number) for n, number in table.columns.items()}
            for row in range(table.heading_row + 1, last + 1)
        ]
        while lines and all(v is None for v in lines[-1].values()):
            lines.pop()
        records[table.sheet.name] = lines
        own[table.sheet.name] = table.own
    return records, own, {name: len(lines) for name, lines in records.items()}


def _value(old: Old, sheet: Sheet, table: Table, name: str, row: int, column: int) -> Raw:
    """What a cell is drawn with: what it was, or what it says in today's form."""
    if not table.rewritten(row, name):
        return old.value(sheet, row, column)
    value: Any = table.frame.at[0 if table.sheet.layout is Layout.FORM else row, name]
    return to_cell(value)


def _name_archives(layout: Plan, records: dict[str, list[dict[str, Raw]]], old: Old, transfer: Transfer) -> None:
    """Put the archives asked for into the study sheet, behind those it names already."""
    for sheet in layout.sheets:
        for f in sheet.fields:
            if sheet.form and f.column.list == "archive":
                values = records.setdefault(sheet.spec.name, [{}])[0]
                present = str(values.get(f.column.name) or "")
                known = {layout.schema.archive(a).label for a in old.tables.archives} if present else set()
                missing = [label for label in layout.labels if label not in known]
                values[f.column.name] = "; ".join([*([present] if present else []), *missing])
                transfer.changed.add((sheet.spec.title, f.number, 2))
