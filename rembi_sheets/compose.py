"""Method columns in an archive's texts: `phrase: value unit` behind the free text, and taken apart again.

The free text stands first, untouched; the filled columns follow in the order of the sheet, each once. Several values
have commas between them, one that holds a comma stands in quotation marks, yes/no stands only for yes, a line break
typed within a value becomes a blank.

Taken apart is only what composes to the same text again, so that nothing gets lost or changes on the way back. Two
things cannot be told from a text: a free text one part of which begins as a line does is such a line, and one that said
the same as a column keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from rembi_sheets.records import Method, Record
from rembi_sheets.schema import Column, Kind, SheetSpec
from rembi_sheets.values import UNREADABLE, Term, convert, to_cell
from rembi_sheets.values.ranges import plain

_CLOSE = ("°", "x")  # units that stand at the number without a blank


def parts_of(sheet: SheetSpec, name: str) -> tuple[Column, ...]:
    """The method columns that are composed into a text of the sheet, in its order."""
    into = f"{sheet.name}.{name}"
    return tuple(c for c in sheet.columns if c.into == into)


def into_texts(record: Record, sheet: SheetSpec, between: str) -> Record:
    """The record with its method columns in the texts they belong to, `between` the lines; short texts stay."""
    if not record.methods:
        return record
    texts = {n: getattr(record, n) for n in _homes(sheet) if sheet[n].kind is Kind.LONGTEXT}
    whole: dict[str, Any] = {n: text(t, lines(record, sheet, n), between) for n, t in texts.items()}
    return replace(record, **whole)


def out_of_texts(record: Record, sheet: SheetSpec, between: str) -> Record:
    """The record with its method columns taken out of its texts, converted; the opposite of `into_texts`.

    Out of a short text, the lines in the brackets at its end are taken (`in_brackets`). Columns that the record has
    already stay.
    """
    held = {m.column: m for m in record.methods}
    free: dict[str, Any] = {}
    for name in _homes(sheet):
        short, own = sheet[name].kind is not Kind.LONGTEXT, getattr(record, name)
        free[name], found = out_of_brackets(own, sheet, name) if short else out_of_text(own, sheet, name, between)
        held = {m.column: m for m in found} | held
    return replace(record, methods=tuple(held[c.name] for c in sheet.columns if c.name in held), **free)


def out_of_text(composed: str, sheet: SheetSpec, name: str, between: str) -> tuple[str, tuple[Method, ...]]:
    """The free text of a composed one (field `name` of a sheet), and the method columns in it, converted."""
    columns = parts_of(sheet, name)
    parts = composed.split(between)
    for at in (i for i, part in enumerate(parts) if _begun(part, columns)):
        free, found = between.join(parts[:at]), _methods(parts[at:], columns, between)
        if composed == text(free, (f"{c.phrase}: {value(c, held)}" for c, held in found), between):
            return free, tuple(Method(c.name, held) for c, held in found)
    return composed, ()


def out_of_brackets(shown: str, sheet: SheetSpec, name: str) -> tuple[str, tuple[Method, ...]]:
    """What stands before the brackets of `in_brackets`, and the method columns in them, converted."""
    at = shown.find(" [") if shown.endswith("]") else -1
    while at >= 0:
        free, found = out_of_text(shown[at + 2 : -1], sheet, name, ", ")
        if found and not free:
            return shown[:at], found
        at = shown.find(" [", at + 1)
    return shown, ()


def _homes(sheet: SheetSpec) -> tuple[str, ...]:
    """The texts of a sheet that method columns go into, by field name."""
    return tuple(dict.fromkeys(c.into.partition(".")[2] for c in sheet.columns if c.into))


def lines(record: Record, sheet: SheetSpec, name: str) -> tuple[str, ...]:
    """The lines of the filled method columns that belong to a text of the sheet."""
    held = {m.column: m.value for m in record.methods}
    shown = ((c, value(c, held[c.name])) for c in parts_of(sheet, name) if c.name in held)
    return tuple(f"{c.phrase}: {v}" for c, v in shown if v)


def text(free: str, lines: Iterable[str], between: str) -> str:
    """The free text and the lines behind it; a line that stands in the free text already is not repeated."""
    return between.join([*([free] if free else []), *(line for line in lines if not _stands(line, free))])


def _stands(line: str, free: str) -> bool:
    """Is a line in the text as it is, and not the beginning of a longer word or number?"""
    at = free.find(line)
    return at >= 0 and not free[at + len(line) : at + len(line) + 1].isalnum()


def in_brackets(record: Record, sheet: SheetSpec, name: str) -> str:
    """The lines behind a short text: ` [Excitation: 488 nm, Detection: 500-550 nm]`; '' for none."""
    found = lines(record, sheet, name)
    return f" [{', '.join(found)}]" if found else ""


def value(column: Column, held: Any) -> str:
    """A value as the text has it, with the unit; '' for no."""
    if held is False:
        return ""
    shown = ", ".join(_quoted(_one(v)) for v in held) if isinstance(held, tuple) else _one(held)
    return f"{shown}{'' if column.unit in _CLOSE else ' '}{column.unit}" if column.unit and shown else shown


def _quoted(shown: str) -> str:
    """One of several values; in typographic quotation marks (IDR has no others) where a comma in it would part it."""
    return f"“{shown}”" if ", " in shown or shown.endswith(",") or shown.startswith("“") else shown


def _several(shown: str) -> tuple[str, ...]:
    """The values that `_quoted` wrote, with commas between them."""
    return tuple(quoted or bare for quoted, bare in re.findall(r"(?:“(.+?)”|(.+?))(?:, |\Z)", shown))


def _one(held: Any) -> str:
    """One value, on one line and without unit."""
    if isinstance(held, Decimal):
        return plain(held)
    shown = held.label if isinstance(held, Term) else str(to_cell(held))
    return " ".join(shown.split())


def _methods(parts: Iterable[str], columns: Sequence[Column], between: str) -> list[tuple[Column, Any]]:
    """The lines that begin in `parts`, in the order of the sheet, with their values; none where one is unreadable.

    A part that begins no line which may follow belongs to the value before it: that may hold what parts the lines.
    """
    found: list[tuple[Column, str]] = []
    for part in parts:
        column = _begun(part, columns)
        if column is not None:
            columns = columns[columns.index(column) + 1 :]
            found.append((column, part.partition(": ")[2]))
        else:
            found[-1] = (found[-1][0], found[-1][1] + between + part)
    read = [(c, convert(_cell(c, shown), c)[0]) for c, shown in found]
    return [] if any(held in (None, UNREADABLE) for _, held in read) else read


def _begun(part: str, columns: Sequence[Column]) -> Column | None:
    """The column whose line begins so."""
    phrase, colon, _ = part.partition(": ")
    return next((c for c in columns if c.phrase == phrase), None) if colon else None


def stated(said: str, column: Column) -> str:
    """What a line of a text says of a column, as its cell would hold it; '' for no such line."""
    found = (line for line in said.split("\n") if _begun(line, (column,)))
    return next((_cell(column, line.partition(": ")[2]) for line in found), "")


def _cell(column: Column, shown: str) -> str:
    """A value of the text as its cell holds it: without the unit, several with semicolons."""
    bare = shown.removesuffix(column.unit).rstrip() if column.unit else shown
    return "; ".join(_several(bare)) if column.many else bare
