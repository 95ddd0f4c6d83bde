"""What services can be asked about: the well-formed identifiers of a workbook, told by the formats of their columns."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from rembi_sheets.fill.online.desk import services
from rembi_sheets.schema import Format, Layout
from rembi_sheets.tables import Table
from rembi_sheets.values import fits, undress


def identifiers(table: Table) -> Iterator[tuple[int, dict[str, list[str]]]]:
    """For each row: by format, the well-formed identifiers that stand in it."""
    if table.source is not None or table.sheet.layout is Layout.FORM:
        return
    asked = {form for about in services().values() for form in about.forms}
    columns = {
        c.name: forms
        for c in table.sheet.columns
        if c.name in table.frame.columns and c.format is not None and (forms := _forms(c.format, asked))
    }
    for row, *cells in zip(table.frame.index, *(table.frame[n] for n in columns), strict=True) if columns else ():
        found: dict[str, list[str]] = {}
        for forms, value in zip(columns.values(), cells, strict=True):
            for part in value if isinstance(value, tuple) else (value,):
                for form in forms if isinstance(part, str) else ():
                    bare = undress(part.rstrip("/"), form)  # an address may end so
                    if fits(bare, form):
                        found.setdefault(form.name, []).append(bare)
        yield int(row), found


def _forms(form: Format, asked: Collection[str]) -> tuple[Format, ...]:
    return tuple(f for f in (form, *form.one_of) if f.name in asked)
