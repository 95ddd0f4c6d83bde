"""Values that lean on other rows: ditto marks, "see above", and identifiers of one thing that stand in two rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from rembi_sheets.cells import a1
from rembi_sheets.findings import Finding, find
from rembi_sheets.schema import Kind, Layout
from rembi_sheets.tables import OWN, Table
from rembi_sheets.values import Variable, is_ditto, is_elsewhere

_PROSE = (Kind.TEXT, Kind.LONGTEXT, Kind.VARIABLE)


def check_cells(table: Table) -> list[Finding]:
    """Findings on the rows of a table, or of a part of one."""
    if table.sheet.layout is Layout.FORM or not table.rows:
        return []
    return [*_leaning(table), *_twice(table)]


def _leaning(table: Table) -> Iterator[Finding]:
    """Texts that mean what another cell says; a record in an archive stands alone."""
    for name in table.columns:
        column = table.sheet.own if name.startswith(OWN) else table.sheet[name]
        if column is None or column.kind not in _PROSE or name not in table.names:
            continue
        prose = not column.own and name not in table.sheet.key
        bad = {v: code for v in _doubtful(table.distinct(name), prose) if (code := _code(v, prose))}
        values = table.values(name) if bad else ()
        for n, (row, value) in enumerate(zip(table.rows, values, strict=True) if bad else ()):
            code = bad.get(value, "")
            if code:
                above = table.place(table.rows[n - 1], name) if n and values[n - 1] else None
                shown = f"the text of {a1(above.row, above.column)}" if above else "the text"
                first = next(t for t in _texts(value) if is_ditto(t) or is_elsewhere(t))
                yield find(code, table.place(row, name), value=first, above=shown)


def _doubtful(distinct: Collection[Any], prose: bool) -> Iterable[Any]:
    """Those of the values of a column that may lean on others.

    Nearly all texts of long columns are names with a number, and no ditto mark holds a digit.
    """
    if prose or set(map(type, distinct)) - {str, type(None)}:
        return distinct
    return _without_digit([v for v in distinct if v is not None])


def _without_digit(texts: Sequence[str]) -> Sequence[str]:
    """Those of the texts that hold no digit, by one look at the bytes of all; all, where one has several lines."""
    import numpy as np

    together = np.frombuffer(("\n".join(texts) + "\n").encode("utf-8", "surrogatepass"), np.uint8)
    ends = np.flatnonzero(together == ord("\n"))
    if len(texts) != len(ends):
        return texts
    digits = (together >= ord("0")) & (together <= ord("9"))
    held = np.logical_or.reduceat(digits, np.concatenate(([0], ends[:-1] + 1)))
    return [texts[n] for n in np.flatnonzero(~held).tolist()]


def _code(value: Any, prose: bool) -> str:
    """`prose`: a text that has to say something by itself, neither a name nor a value of a column of one's own."""
    texts = _texts(value)
    if any(map(is_ditto, texts)):
        return "DITTO"
    return "TEXT-ELSEWHERE" if prose and any(map(is_elsewhere, texts)) else ""


def _texts(value: Any) -> list[str]:
    """The texts of a cell."""
    texts = [v.text if isinstance(v, Variable) else v for v in (value if isinstance(value, tuple) else (value,))]
    return [t for t in texts if isinstance(t, str)]


def _twice(table: Table) -> Iterator[Finding]:
    """Identifiers of one thing that stand in several rows, at all their cells but the first."""
    for column in table.sheet.columns:
        if not column.distinct or column.name not in table.columns:
            continue
        rows: dict[str, list[int]] = {}
        for row, value in zip(table.rows, table.values(column.name), strict=True):
            if isinstance(value, str):
                rows.setdefault(value.casefold(), []).append(row)
        for value, found in rows.items():
            if len(found) > 1:
                at = [table.place(row, column.name) for row in found[1:]]
                shown = table.value(found[0], column.name)
                yield find("ID-TWICE", at, value=shown or value, rows=" and ".join(map(str, found)))
