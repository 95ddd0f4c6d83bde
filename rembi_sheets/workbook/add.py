"""A copy of a workbook with more sheets and columns; everything that was filled in is kept.

The copy is made anew, so that lists, rules and names fit the new columns, and what the old one held is put in (see
`transfer`). It is compared with the old one before it is handed out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rembi_sheets import vocabularies
from rembi_sheets.cells import Raw
from rembi_sheets.schema import Layout, Schema, Selection, select, with_methods
from rembi_sheets.tables import OWN, is_plate_map, sheet_key
from rembi_sheets.workbook import held
from rembi_sheets.workbook.layout import Plan, plan
from rembi_sheets.workbook.transfer import Old, Transfer, load
from rembi_sheets.workbook.transferred import differences
from rembi_sheets.workbook.write import draw, finish, widened


class UnknownColumnError(ValueError):
    """No sheet or column has this name; `near` are the nearest ones, or all of the sheet when none is near."""

    def __init__(self, text: str, near: tuple[str, ...]) -> None:
        super().__init__(text)
        self.near = near


@dataclass(frozen=True)
class Added:
    """The copy, and what is new in it as "Sheet: Label".

    `valued`: cells whose formulas could not be moved along, so that they hold their values. `left`: texts above the
    head of a sheet, and names, that have no place in the copy. Both as "Sheet A1 ..".
    """

    content: bytes
    columns: tuple[str, ...]
    valued: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def add(
    data: bytes,
    schema: Schema,
    *,
    profile: str = "",
    archives: Iterable[str] = (),
    level: str = "",
    columns: Iterable[str] = (),
    methods: Iterable[str] | None = None,
) -> Added:
    """A copy of the .xlsx in `data` with what `profile`, `archives` and `level` show besides what it has already.

    `methods`: groups of method columns, none named for those of the profile; None for no such columns.

    Without a profile or level the workbook's own stay; `archives` come on top of its own. With `columns` alone
    ("Sheet: Label") only these are added. Raises UnknownColumnError, KeyError for an unknown profile, archive or
    level, AnnotateError when the copy would not hold all that the workbook holds.
    """
    old = load(data, schema)
    named = tuple(archives)
    single = tuple(columns)
    have = {t.sheet.name: {n for n in t.columns if not n.startswith(OWN)} for t in old.tables}
    chosen = _selection(old, schema, profile, named, level)
    if (single or methods is not None) and not (profile or named or level):
        chosen = Selection(chosen.profile, chosen.archives, chosen.level, ())
    if methods is not None:
        chosen = with_methods(schema, chosen, methods)
    more = {name: set(names) for name, names in have.items()}
    for text in single:
        sheet, name = _column(schema, text)
        more.setdefault(sheet, set()).add(name)
    wide = widened(schema, chosen, more)
    records, own, needed = _records(old)
    rows = int(old.book.meta.get("rows") or 500)
    google = old.book.meta.get("google sheets") == "yes"
    filled = {s: {n for r in lines for n, v in r.items() if v is not None} for s, lines in records.items()}
    # plates that are drawn already stay as they are; asked for a profile that draws them, the copy brings blank ones
    drawn = any(is_plate_map(s.title) for s in old.book.sheets)
    wells = None if profile and not drawn else 0
    layout = plan(schema, wide, rows=rows, google_sheets=google, own=own, needed=needed, filled=filled, wells=wells)
    transfer = Transfer(old, layout)
    if named:
        _name_archives(layout, records, old, transfer)
    book = draw(layout, records)
    transfer.into(book)
    content = transfer.finished(finish(book, layout))
    held.refuse(differences(transfer, content))
    new = tuple(
        f"{s.spec.title}: {f.column.label}"
        for s in layout.sheets
        for f in s.fields
        if f.column.name not in have.get(s.spec.name, set())
    )
    return Added(content, new, tuple(transfer.valued), tuple(transfer.left))


def _selection(old: Old, schema: Schema, profile: str, archives: tuple[str, ...], level: str) -> Selection:
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


def _records(old: Old) -> tuple[dict[str, list[dict[str, Raw]]], dict[str, tuple[str, ...]], dict[str, int]]:
    """What is filled in, by sheet: rows with their gaps, headings of own columns, number of rows."""
    records: dict[str, list[dict[str, Raw]]] = {}
    own: dict[str, tuple[str, ...]] = {}
    for table in old.tables:
        sheet = old.sheet(table.title)
        if sheet is None or not table.columns:
            continue
        if table.sheet.layout is Layout.FORM:
            records[table.sheet.name] = [{n: old.value(sheet, row, 2) for n, row in table.columns.items()}]
            continue
        last = max([len(sheet.rows), *(row for row, _ in old.special(sheet.title))])
        lines = [
            {n.removeprefix(OWN): old.value(sheet, row, number) for n, number in table.columns.items()}
            for row in range(table.heading_row + 1, last + 1)
        ]
        while lines and all(v is None for v in lines[-1].values()):
            lines.pop()
        records[table.sheet.name] = lines
        own[table.sheet.name] = table.own
    return records, own, {name: len(lines) for name, lines in records.items()}


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
