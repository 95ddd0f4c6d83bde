"""Remedies that speak of a sheet or column the workbook lacks end with the command that puts it in.

One place for all findings: what a text names stands in `Finding.names` and in its own place, what the workbook has in
the tables. So a workbook made for less than it is checked for can always be completed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from rembi_sheets.cells import Book
from rembi_sheets.findings import Finding, catalogue
from rembi_sheets.schema import Column, Need, SheetSpec
from rembi_sheets.tables import Tables, sheet_key

_LACKS = "The workbook lacks {what}: `{command}` makes a copy that has {what}."
_LACKS_HERE = "The workbook lacks {what}; press Add, and go on with a copy that has {what}."


def ready(
    findings: Iterable[Finding], tables: Tables, book: Book, workbook: Path, archives: tuple[str, ...]
) -> list[Finding]:
    """The findings, each remedy with the command for the columns that it names and `workbook` has not."""
    there = frozenset(sheet_key(s.title) for s in book.sheets)
    out = []
    for f in findings:
        columns = list({(c.sheet, c.name): c for c in _lacking(f, tables, there, archives)}.values())
        if columns:
            what = "it" if len(columns) == 1 else "them"
            names = tuple(f"{tables[c.sheet].sheet.title}: {c.label}" for c in columns)
            said = _LACKS.format(what=what, command=_command(workbook, names))
            f = replace(
                f,
                fix=f"{f.fix} {said}".strip(),
                here=f"{f.on_page} {_LACKS_HERE.format(what=what)}".strip(),
                adds=names,
            )
        out.append(f)
    return out


def _lacking(f: Finding, tables: Tables, there: frozenset[str], archives: tuple[str, ...]) -> Iterator[Column]:
    """The columns that a finding speaks of and the workbook has not, those of its own place first."""
    for sheet, column in (*_place(f, tables), *f.names):
        table = tables[sheet]
        if table.source is not None or column in table.columns:
            continue  # a table beside the workbook has the columns that its program gives it
        if column != "*":
            yield table.sheet[column]
        elif not table.columns and sheet_key(table.sheet.title) not in there:
            yield from _worth(table.sheet, tables, archives)


def _place(f: Finding, tables: Tables) -> Iterator[tuple[str, str]]:
    """Sheet and column of the finding itself, as machine names; the column of identifiers where that is meant."""
    table = next((t for t in tables if t.title == f.sheet), None)
    if table is None:
        return
    sheet = table.sheet
    column = next((c for c in sheet.columns if not c.own and table.label(c.name) == f.column), None)
    if column is None:
        yield sheet.name, "*"
        return
    yield sheet.name, column.name
    if catalogue()[f.code].beside:
        yield from ((sheet.name, c.name) for c in sheet.columns if c.ids_of == column.name)


def _worth(sheet: SheetSpec, tables: Tables, archives: tuple[str, ...]) -> Iterator[Column]:
    """The columns without which a sheet is of no use: its name, and what the archives ask for or refer by."""
    for c in sheet.columns:
        due = any(c.need(a) in (Need.REQUIRED, Need.CONDITIONAL) for a in archives)
        if c.name in sheet.key[:1] or (due and not c.own and (not c.reference or tables[c.reference].columns)):
            yield c


def _command(workbook: Path, columns: Iterable[str]) -> str:
    options = " ".join(f'--column "{name}"' for name in columns)
    names = (f"{workbook.stem}{more}.xlsx" for more in ("", "-more"))
    return " ".join(["rembi-sheets add", *(f'"{n}"' if " " in n else n for n in names), options])
