"""The workbook people fill in: blank, or with the values of `Tables`. The only door out of this room to bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rembi_sheets import collector, vocabularies
from rembi_sheets.cells import Raw, letters
from rembi_sheets.schema import Kind, Layout, Schema, Selection, SheetSpec
from rembi_sheets.workbook import form, lists, platemap, readme, sheets
from rembi_sheets.workbook.layout import HEAD_ROWS, Plan, Weight, plan, weight
from rembi_sheets.workbook.look import look
from rembi_sheets.workbook.stable import stable
from rembi_sheets.workbook.styles import Pen, Style, Styles
from rembi_sheets.workbook.valid import is_long

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

    from rembi_sheets.tables import Tables
    from rembi_sheets.vocabularies import Entry

META = "_meta"
# What XML cannot hold at all, and what a spreadsheet program would read as an escape (a file name like tile_x0012_).
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def blank(
    schema: Schema,
    selection: Selection,
    *,
    rows: int = 500,
    google_sheets: bool = False,
    further: Mapping[str, tuple[Entry, ...]] | None = None,
    wells: int | None = None,
) -> bytes:
    """A blank workbook of the sheets and columns of `selection`, its archives written into the study sheet.

    `rows`: data rows that have lists and formats (Files ten times as many); `google_sheets`: fixed ranges instead of
    growing ones for names chosen from other sheets; `further`: terms to offer besides those of a list, by its name;
    `wells`: those of the plates drawn in the sheet of plate maps (else as the profile says, 0: no such sheet).
    """
    layout = plan(schema, selection, rows=rows, google_sheets=google_sheets, wells=wells)
    return build(replace(layout, further=further or {}), {})


def filled(
    schema: Schema, selection: Selection, tables: Tables, *, rows: int = 500, google_sheets: bool = False
) -> bytes:
    """The same workbook with the values of `tables`; sheets and columns that hold values are added to `selection`."""
    from rembi_sheets.tables import OWN
    from rembi_sheets.values import to_cell

    data: dict[str, list[dict[str, Raw]]] = {}
    own: dict[str, tuple[str, ...]] = {}
    for table in tables:
        if table.source is not None:  # a table beside the workbook: the sheet stays empty
            continue
        names = [n for n in table.frame.columns if table.frame[n].notna().any()]
        records = table.frame[names].itertuples(index=False, name=None)
        data[table.sheet.name] = [
            {n.removeprefix(OWN): to_cell(v) for n, v in zip(names, record, strict=True)} for record in records
        ]
        own[table.sheet.name] = tuple(n.removeprefix(OWN) for n in names if n.startswith(OWN))
    wide = widened(schema, selection, {s: {n for r in records for n in r} for s, records in data.items()})
    needed = {s: len(records) for s, records in data.items()}
    held = {s: {n for r in records for n in r} for s, records in data.items()}
    made = plan(schema, wide, rows=rows, google_sheets=google_sheets, own=own, needed=needed, filled=held, wells=0)
    return build(made, data)


def widened(schema: Schema, selection: Selection, more: Mapping[str, set[str]]) -> Selection:
    """`selection` with further columns, by sheet and machine name, in the order of the schema.

    Each sheet gets its key; a sheet that was not shown, or is only referred to, comes with what it must have.
    """
    chosen = {sheet.name: {c.name for c in columns} for sheet, columns in selection.sheets}
    for sheet in schema.sheets:
        names = chosen.get(sheet.name, set()) | (more.get(sheet.name, set()) & {c.name for c in sheet.columns})
        if names:
            chosen[sheet.name] = (
                names | (set() if sheet.name in chosen else _due(sheet, selection)) | set(sheet.key[:1])
            )
    missing = {""}
    while missing:
        missing = {
            c.reference
            for sheet in schema.sheets
            for c in sheet.columns
            if c.name in chosen.get(sheet.name, ()) and c.kind is Kind.REFERENCE
        } - set(chosen)
        for name in missing:
            due = {
                c.name for c in schema[name].columns if weight(schema[name], c, selection.archives) is Weight.REQUIRED
            }
            chosen[name] = due | set(schema[name].key[:1])
    shown = ((s, tuple(c for c in s.columns if c.name in chosen[s.name])) for s in schema.sheets if s.name in chosen)
    return replace(selection, sheets=tuple(shown))


def _due(sheet: SheetSpec, selection: Selection) -> set[str]:
    """The columns of a sheet that the archives demand in every row."""
    return {c.name for c in sheet.columns if weight(sheet, c, selection.archives) is Weight.REQUIRED}


def build(layout: Plan, data: Mapping[str, Sequence[Mapping[str, Raw]]]) -> bytes:
    """The workbook of a layout, with `data` by sheet: one mapping a row, by machine name or own heading."""
    with collector.resting():  # tens of thousands of small objects, none of them garbage before the end
        return finish(draw(layout, data), layout)


def draw(layout: Plan, data: Mapping[str, Sequence[Mapping[str, Raw]]]) -> Workbook:
    """The same as an openpyxl workbook, still open for additions."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    styles = Styles(book)
    first = book.create_sheet(look().words["readme"])
    made = {s.spec.name: book.create_sheet(s.spec.title) for s in layout.sheets}
    readme.write(first, layout, styles)
    for sheet in layout.sheets:
        target = made[sheet.spec.name]
        records = [{n: safe(v) for n, v in r.items()} for r in data.get(sheet.spec.name, ())]
        if sheet.spec.layout is Layout.FORM:
            values = records[0] if records else {}
            if not data:
                values = _archives(layout)
            form.write(target, layout, sheet, styles, values)
        else:
            sheets.write(target, layout, sheet, styles, records)
        if sheet.spec.own and layout.wells:
            maps = book.create_sheet(look().words["plate_map"], book.index(target) + 1)
            platemap.write(maps, layout, sheet.spec, styles)
    lists.write(book, layout)
    lists.write_references(book, layout, any(is_long(len(rows)) for rows in data.values()))
    _meta(book, layout, styles)
    book.active = 0
    return book


def safe(value: Raw) -> Raw:
    """Text without what XML cannot hold, and with `_x0012_` told from an escape."""
    if not isinstance(value, str):
        return value
    return _ESCAPE.sub("_x005F_", ILLEGAL.sub("", value))


def _archives(layout: Plan) -> dict[str, Raw]:
    """The archives the workbook was made for, as the study sheet says them."""
    study = next((s for s in layout.sheets if s.form), None)
    column = next((f.column.name for f in study.fields if f.column.list == "archive"), "") if study else ""
    return {column: "; ".join(layout.labels)} if column else {}


def meta(layout: Plan) -> dict[str, str]:
    """What the workbook says of itself: the rows of `_meta`."""
    selection = layout.selection
    pairs = {
        "schema version": layout.schema.version,
        "schema digest": layout.schema.digest,
        "profile": selection.profile,
        "level": selection.level,
        "archives": "; ".join(selection.archives),
        "rows": str(layout.rows),
    }
    if layout.google_sheets:
        pairs["google sheets"] = "yes"
    pairs.update({f"vocabulary {name}": vocabularies.date(name) for name in lists.used(layout)})
    pairs.update({f"first row {s.spec.title}": str(s.first_row) for s in layout.sheets})
    return pairs


def _meta(book: Workbook, layout: Plan, styles: Styles) -> None:
    """The hidden sheet `_meta`, and the same in the properties of the document."""
    from openpyxl.packaging.custom import StringProperty

    properties: Any = book
    sheet = book.create_sheet(META)
    sheet.sheet_state = "hidden"
    pen = Pen(sheet, styles)
    text = Style(indent=0)
    for row, (key, value) in enumerate(meta(layout).items(), start=1):
        pen.put(row, 1, key, text)
        pen.put(row, 2, value, text)
        if not key.startswith("first row"):
            properties.custom_doc_props.append(StringProperty(name=key, value=value))
    pen.column("A", 34)
    pen.column("B", 70)
    book.properties.title = look().words["title"]
    book.properties.creator = "rembi-sheets"
    book.properties.subject = "REMBI"
    book.properties.keywords = "; ".join(layout.labels)


def finish(book: Workbook, layout: Plan) -> bytes:
    """Bytes that are the same whenever and wherever they are made; dated like the newest list."""
    from openpyxl.writer.excel import ExcelWriter

    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as plain:  # packed once, by `stable`
        ExcelWriter(book, plain).write_data()
    date = max(vocabularies.date(name) for name in lists.used(layout))
    text_numbers, rows = {}, {}
    for number, sheet in enumerate(book.worksheets, start=1):
        part = f"xl/worksheets/sheet{number}.xml"
        if sheet.title == lists.SHEET:
            rows[part] = lists.rows(layout)
        found = next((s for s in layout.sheets if s.spec.title == sheet.title), None)
        if found:
            last = max(found.last_row, HEAD_ROWS)
            text_numbers[part] = f"A1:{letters(found.last_column)}{last}"
        elif layout.wells and sheet.title == look().words["plate_map"]:
            text_numbers[part] = sheet.dimensions
    return stable(raw.getvalue(), date, text_numbers, rows)
