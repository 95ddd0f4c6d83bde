"""Mending in place: what a cell's field offers, what the safe repairs are, and the user's own file with cells changed.

The same functions as `fix`: its repairs, its way to write a value into a cell of the user's own file.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import Any

from rembi_sheets import pipeline, repair, vocabularies
from rembi_sheets.cells import Raw, ranges
from rembi_sheets.inventory import Listing
from rembi_sheets.output import write_file
from rembi_sheets.report.words import shown
from rembi_sheets.schema import Column, Kind, Layout
from rembi_sheets.tables import OWN, Table, Tables
from rembi_sheets.values import UNREADABLE, convert
from rembi_sheets.web.books import Change
from rembi_sheets.web.excerpt import plain
from rembi_sheets.workbook.editing import AnnotateError
from rembi_sheets.workbook.insert import typed
from rembi_sheets.workbook.package import RefusedError, sniff

_RADIOS = 6  # words that stand as buttons all at once
_OFFERED = 300  # words that the browser's own list offers
_NEAR = 8


def written(original: Path, target: Path, changes: Sequence[Change], limits: dict[str, int]) -> list[str]:
    """The user's own file with `changes`, later ones over earlier ones, as `target`; addresses of cells left alone.

    Raises AnnotateError, OutputError.
    """
    workbook = pipeline.read(original, limits)
    assert workbook.tables is not None
    values: dict[tuple[str, int, int], Raw] = {}
    for change in changes:
        for row, column in change.cells:
            spec = _column(workbook.tables, change.sheet, row, column)
            values[change.sheet, row, column] = _raw(change.new, spec, workbook.tables)
    content, done = typed(_xlsx(original), values)
    write_file(target, content, force=True)
    for beside in original.parent.rglob("*"):  # a table of files, tables of results
        if beside != original and beside.is_file():
            write_file(target.parent / beside.relative_to(original.parent), beside.read_bytes(), force=True)
    left = [(row, column) for title, row, column in values.keys() - done]
    return list(ranges(left))


def _xlsx(path: Path) -> bytes:
    """A workbook into which something can be written. Raises AnnotateError for one of another kind."""
    content = path.read_bytes()
    with suppress(RefusedError):
        if sniff(content) == "xlsx":
            return content
    raise AnnotateError("Only .xlsx and .xlsm can be changed here; save the workbook as .xlsx and drop that.")


def _raw(text: str, column: Column | None, tables: Tables) -> Raw:
    """A typed text as its cell holds it: a number where the column is one and the text can be read so."""
    if not text:
        return None
    if column is not None and column.kind in (Kind.INTEGER, Kind.NUMBER):
        value, _ = convert(text, column, tables.rows_of(column))
        if value is not UNREADABLE and value is not None:
            return int(text) if text.lstrip("+-").isdigit() else float(str(value))
    return text


def _table(tables: Tables, title: str) -> Table | None:
    return next((t for t in tables if t.title == title), None)


def _column(tables: Tables, title: str, row: int, column: int) -> Column | None:
    """The column of the data dictionary to which a cell belongs."""
    table = _table(tables, title)
    if table is None:
        return None
    wanted = row if table.sheet.layout is Layout.FORM else column
    name = next((n for n, number in table.columns.items() if number == wanted), "")
    return table.sheet.own if name.startswith(OWN) else table.sheet.by_name.get(name)


def repairs(path: Path, limits: dict[str, int], disk: Listing | None) -> list[dict[str, Any]]:
    """The safe repairs and clear remedies of a workbook with its data folder; equal ones of a column are one."""
    workbook = pipeline.read(path, limits)
    if workbook.book is None:
        return []
    made = [c for c, _ in repair.repairs(workbook.book, suggestions=True, disk=disk)]
    made.sort(key=lambda c: (c.place.sheet, c.place.column, c.old, c.new, c.why, c.place.row))
    out = []
    for _, same in groupby(made, key=lambda c: (c.place.sheet, c.place.column, c.old, c.new, c.why)):
        equal = list(same)
        cells = [(c.place.row, c.place.column) for c in equal]
        first = equal[0]
        out.append(
            {
                "sheet": first.place.sheet,
                "at": ", ".join(ranges(cells)),
                "cells": cells,
                "old": first.old,
                "new": first.new,
                "why": first.why,
            }
        )
    return out


def field(path: Path, sheet: str, row: int, column: int, limits: dict[str, int]) -> dict[str, Any]:
    """What a cell holds and what its field offers: its column's help, its words or names.

    `offer` are words with a hint, to be taken by one press; `words` those for the browser's own list.
    """
    workbook = pipeline.read(path, limits)
    assert workbook.book is not None and workbook.tables is not None
    found = next((s for s in workbook.book.sheets if s.title == sheet), None)
    cells = found.rows[row - 1] if found and row <= len(found.rows) else ()
    value = plain(cells[column - 1]) if column <= len(cells) else ""
    spec = _column(workbook.tables, sheet, row, column)
    made: dict[str, Any] = {"value": value, "column": None, "offer": [], "words": [], "offered": ""}
    if spec is None:
        return made
    archives = workbook.schema.archives
    made["column"] = {
        "label": spec.label,
        "help": spec.help,
        "example": spec.example,
        "long": spec.kind is Kind.LONGTEXT,
        "number": spec.kind in (Kind.INTEGER, Kind.NUMBER),
        "date": spec.kind is Kind.DATE,
        "many": spec.many,
        "needed": [a.title for a in archives if a.name in spec.needed_by(workbook.tables.archives)],
    }
    if spec.kind is Kind.REFERENCE:
        return made | _names(workbook.tables, spec)
    if spec.list:
        return made | _words(spec, value)
    return made


def _names(tables: Tables, spec: Column) -> dict[str, Any]:
    """The names of the rows that a reference may point to."""
    table = tables[spec.reference]
    names = [n for n in table.frame[table.sheet.key[0]] if isinstance(n, str)]
    rows = [
        int(r) for r, n in zip(table.frame.index, table.frame[table.sheet.key[0]], strict=True) if isinstance(n, str)
    ]
    offer = [{"word": n, "hint": f"row {r}"} for n, r in zip(names, rows, strict=True)][:_NEAR]
    return {"offer": offer, "words": names[:_OFFERED], "offered": f"Names in {table.title}"}


def _words(spec: Column, value: str) -> dict[str, Any]:
    """The words of a list: all of a short one, the nearest of a long one."""
    entries = vocabularies.entries(spec.list)
    near = list(vocabularies.suggest(value, spec.list, _NEAR)) if value else []
    if len(entries) <= _RADIOS:
        near = [e.label for e in entries]
    by_label = {e.label: e for e in entries}
    offer = [
        {"word": w, "hint": ", ".join(filter(None, (e.id, *e.synonyms[:3]))) if (e := by_label.get(w)) else ""}
        for w in near
    ]
    words = [e.label for e in entries]
    return {"offer": offer, "words": words[:_OFFERED], "offered": "Words of the list"}


def told(change: Change) -> dict[str, Any]:
    """A change as the page tells it."""
    return {"where": f"{change.sheet} {change.at}", "old": shown(change.old), "new": shown(change.new)}
