"""A copy of a workbook of an earlier version in today's form, and what moved where."""

from __future__ import annotations

from dataclasses import dataclass

from rembi_sheets.cells import SideTable
from rembi_sheets.schema import Change, Schema, changes
from rembi_sheets.tables import OWN, Moved
from rembi_sheets.workbook.leftover import LeftOver
from rembi_sheets.workbook.redraw import redrawn, selection
from rembi_sheets.workbook.transfer import load
from rembi_sheets.workbook.write import widened


@dataclass(frozen=True)
class Migrated:
    """The copy, and what is to be said of it.

    `moved`: what became of filled columns; `asked`: changes after which the copy shows a column that the workbook had
    not, or demands one; `over`: what has no place any more; `valued`, `left` as in `add.Added`; `side`: the table of
    files that belongs beside the copy.
    """

    content: bytes
    old: str
    new: str
    moved: tuple[Moved, ...]
    asked: tuple[Change, ...]
    over: tuple[LeftOver, ...]
    valued: tuple[str, ...]
    left: tuple[str, ...]
    side: SideTable | None = None


def migrate(data: bytes, schema: Schema) -> Migrated | None:
    """The .xlsx in `data` in the form of `schema`; None when it is of that version already, or says none.

    Raises AnnotateError when the copy would not hold all that the workbook holds.
    """
    old = load(data, schema)
    way = old.tables.way
    if way is None:
        return None
    have = {t.sheet.name: {n for n in t.columns if not n.startswith(OWN)} for t in old.tables}
    copy = redrawn(old, widened(schema, selection(old, schema, "", (), ""), have))
    shown = {f"{s.spec.title}: {f.column.label}" for s in copy.layout.sheets for f in s.fields}
    there = {f"{t.sheet.title}: {t.sheet[n].label}" for t in old.tables for n in have[t.sheet.name]}
    archives = {schema.archive(a).label for a in copy.layout.selection.archives}
    asked = tuple(
        c
        for c in changes(way)
        if (c.kind == "added" and set(c.new) & (shown - there))
        or (c.kind == "required" and set(c.new) & shown and archives & set(c.detail.split(", ")))
    )
    moved = tuple(m for t in old.tables for m in t.former.moved if m.cells)
    return Migrated(copy.content, way.old.version, schema.version, moved, asked, copy.over, copy.valued, copy.left)
