"""A copy of a workbook with more sheets and columns; everything that was filled in is kept.

The copy is made anew, so that lists, rules and names fit the new columns, and what the old one held is put in (see
`redraw`). A workbook of an earlier version comes out in today's form.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rembi_sheets import vocabularies
from rembi_sheets.schema import Schema, Selection
from rembi_sheets.tables import OWN, is_plate_map, sheet_key
from rembi_sheets.workbook.redraw import redrawn, selection
from rembi_sheets.workbook.transfer import load
from rembi_sheets.workbook.write import widened


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
) -> Added:
    """A copy of the .xlsx in `data` with what `profile`, `archives` and `level` show besides what it has already.

    Without a profile or level the workbook's own stay; `archives` come on top of its own. With `columns` alone
    ("Sheet: Label") only these are added. Raises UnknownColumnError, KeyError for an unknown profile, archive or
    level, AnnotateError when the copy would not hold all that the workbook holds.
    """
    old = load(data, schema)
    named = tuple(archives)
    single = tuple(columns)
    have = {t.sheet.name: {n for n in t.columns if not n.startswith(OWN)} for t in old.tables}
    chosen = selection(old, schema, profile, named, level)
    if single and not (profile or named or level):
        chosen = Selection(chosen.profile, chosen.archives, chosen.level, ())
    more = {name: set(names) for name, names in have.items()}
    for text in single:
        sheet, name = _column(schema, text)
        more.setdefault(sheet, set()).add(name)
    wide = widened(schema, chosen, more)
    # plates that are drawn already stay as they are; asked for a profile that draws them, the copy brings blank ones
    drawn = any(is_plate_map(s.title) for s in old.book.sheets)
    copy = redrawn(old, wide, wells=None if profile and not drawn else 0, name_archives=bool(named))
    new = tuple(
        f"{s.spec.title}: {f.column.label}"
        for s in copy.layout.sheets
        for f in s.fields
        if f.column.name not in have.get(s.spec.name, set())
    )
    return Added(copy.content, new, copy.valued, copy.left)


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
