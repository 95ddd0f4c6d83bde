"""Another workbook of this program as a source: a lab's defaults, or an earlier study."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from rembi_sheets.fill.identity import identity, makes_row
from rembi_sheets.fill.model import Key, Listed, Proposal, Unplaced
from rembi_sheets.fill.sources.known import Known, SourceError
from rembi_sheets.findings import Finding
from rembi_sheets.schema import Layout, load
from rembi_sheets.tables import Table, Tables, from_book
from rembi_sheets.values import UNREADABLE, to_cell
from rembi_sheets.workbook.package import Caps
from rembi_sheets.workbook.read import read

WHAT = "a workbook of this program (your lab's defaults, an earlier study)"
LONG = 10_000  # rows; more belong into a table beside the workbook
_OF_OTHERS = ("FILE-NOT-OURS", "FILE-NOT-WORKBOOK")  # why a file is not read that may be another kind of source


def known(path: Path, everything: bool, limits: Mapping[str, int]) -> Known | None:
    """What the workbook at `path` says: its defaults, or all of it; None for a file of another kind.

    Raises SourceError when it is a workbook that cannot be read.
    """
    book, findings = read(path, Caps.of(limits))
    if book is None:
        if findings[0].code in _OF_OTHERS:
            return None
        raise SourceError(f"{findings[0].message} {findings[0].fix}")
    tables, more = from_book(book, load())
    return of_tables(tables, path.name, everything, more)


def of_tables(tables: Tables, name: str, everything: bool, findings: Collection[Finding] = ()) -> Known:
    """The same of tables; `findings`: what was not understood when they were read."""
    proposals: list[Proposal] = []
    unplaced = [
        Unplaced(name, f"{f.sheet} {f.addresses[0]}", f.value, f.message)
        for f in findings
        if f.addresses and f.value and (everything or f.sheet in {t.title for t in tables if t.sheet.defaults})
    ]
    files: Listed | None = None
    for table in tables:
        if everything and _is_long(table):
            files = Listed(table, name)
        elif everything or table.sheet.defaults:
            proposals += _of_table(table, name, everything, unplaced)
    return Known(proposals, unplaced, files=files)


def _is_long(table: Table) -> bool:
    """Is it a list of more files than a sheet should hold? It then goes beside the workbook as it is."""
    return table.sheet.own is not None and (table.source is not None or len(table.rows) > LONG)


def _of_table(table: Table, name: str, everything: bool, unplaced: list[Unplaced]) -> Iterator[Proposal]:
    columns = [c for c in table.columns if everything or c in table.sheet.defaults]
    form = table.sheet.layout is Layout.FORM
    names = identity(table.sheet)
    for part in table.parts():
        for row, cells in part.records():
            record = dict(zip(part.names, cells, strict=True))
            place = table.place(row, names[0] if names else columns[0] if columns else "")
            key: Key | None = None if form else tuple(_text(record.get(n)) for n in names)
            said: dict[str, Any] = {c: record[c] for c in columns if record[c] not in (None, UNREADABLE)}
            if key is not None and not makes_row(table.sheet, key):
                text = "; ".join(f"{table.label(c)}: {to_cell(value)}" for c, value in said.items())
                unplaced.append(Unplaced(name, f"{place.sheet} {place.a1}", text, "its row has no name"))
                continue
            for column, value in said.items():
                at = table.place(row, column)
                yield Proposal(table.sheet.name, key, column, to_cell(value), name, f"{at.sheet} {at.a1}")


def _text(value: Any) -> str:
    return "" if value is None or value is UNREADABLE else str(to_cell(value))
