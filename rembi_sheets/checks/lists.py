"""Lists of free words (keywords, authors): signs other than semicolons make many values one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rembi_sheets.findings import Finding, find
from rembi_sheets.schema import Kind
from rembi_sheets.tables import Table

_BETWEEN = re.compile(
    r"\s*[,\uff0c\u3001]\s+|(?<=[^\W\d])[,\uff0c\u3001](?=[^\W\d])|\s+/\s+|\s*[|\u2022\u00b7\uff1b\t]\s*"
)
_INITIALS = re.compile(r"(?:[^\W\d_a-z]\.?[ -]?){1,4}")
_MOST_WORDS = 5  # longer parts are clauses of a sentence


def check_cells(table: Table) -> Iterator[Finding]:
    """Findings on every column of a table, or of a part of it, that takes several values and knows none of them."""
    for column in table.sheet.columns:
        free = column.many and column.kind is Kind.TEXT and not (column.format or column.ids_of or column.parallel_to)
        if not free or column.name not in table.columns:
            continue
        for row, values in zip(table.rows, table.values(column.name), strict=True):
            for value in values if isinstance(values, tuple) else ():
                parts = _parts(value)
                if parts:
                    at = table.place(row, column.name)
                    yield find("LIST-COMMAS", at, value=value, parted="; ".join(parts), n=len(parts))


def _parts(text: str) -> tuple[str, ...]:
    """What stands between commas, strokes or dots where it can be a list; () for a sentence and "Beispiel, J. K."."""
    parts = tuple(p.strip() for p in _BETWEEN.split(text) if p and p.strip())
    if len(parts) < 2 or any(len(p.split()) > _MOST_WORDS or _INITIALS.fullmatch(p) for p in parts):
        return ()
    return parts
