"""Method columns in an archive's texts: `phrase: value unit` behind the free text, and taken apart again.

The free text stands first, untouched; the filled columns follow in the order of the sheet, each once. Several values
have commas between them, yes/no stands only for yes, a line break typed within a value becomes a blank.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from rembi_sheets.records import Record
from rembi_sheets.schema import Column, Kind, SheetSpec
from rembi_sheets.values import Term, to_cell
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
    homes = dict.fromkeys(c.into.partition(".")[2] for c in sheet.columns if c.into)
    texts = {n: getattr(record, n) for n in homes if sheet[n].kind is Kind.LONGTEXT}
    whole: dict[str, Any] = {n: text(t, lines(record, sheet, n), between) for n, t in texts.items()}
    return replace(record, **whole)


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
    values = held if isinstance(held, tuple) else (held,)
    shown = ", ".join(_one(v) for v in values)
    return f"{shown}{'' if column.unit in _CLOSE else ' '}{column.unit}" if column.unit and shown else shown


def _one(held: Any) -> str:
    if isinstance(held, Decimal):
        return plain(held)
    shown = held.label if isinstance(held, Term) else str(to_cell(held))
    return " ".join(shown.split())


def apart(composed: str, columns: Iterable[Column], between: str) -> tuple[str, Mapping[str, str]]:
    """The free text of a composed one, and what the cells of the method columns held, by column name.

    What follows a line and begins with no phrase belongs to that line, as a value may hold what parts the lines.
    """
    by_phrase = {c.phrase: c for c in columns}
    free: list[str] = []
    found: dict[str, list[str]] = {}
    home = free
    for part in composed.split(between):
        phrase, colon, rest = part.partition(": ")
        column = by_phrase.get(phrase) if colon else None
        if column is not None and column.name not in found:
            home = found[column.name] = [rest]
        else:
            home.append(part)
    cells = ((by, between.join(found[by.name])) for by in by_phrase.values() if by.name in found)
    return between.join(free), {c.name: _cell(c, shown) for c, shown in cells}


def _cell(column: Column, shown: str) -> str:
    """A value of the text as its cell holds it: without the unit, several with semicolons."""
    bare = shown.removesuffix(column.unit).rstrip() if column.unit else shown
    return "; ".join(bare.split(", ")) if column.many else bare
