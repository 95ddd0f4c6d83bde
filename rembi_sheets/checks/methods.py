"""Method columns beside the text they belong to: a number in the text that differs from that of the column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from rembi_sheets.compose import stated, value
from rembi_sheets.findings import Finding, find
from rembi_sheets.records import Record
from rembi_sheets.schema import Column, Kind
from rembi_sheets.submission import Submission
from rembi_sheets.values import Range

_CLAUSE = re.compile(r"[;\n]|[.,](?=\s|$)")
_WORD = re.compile(r"[^\W\d_]{4,}")
# Quantities of many things: such a number is that of the column only where the same clause has a word of its phrase.
_EVERYDAY = frozenset(("%", "°", "°C", "x", "nm", "µm", "mm", "µs", "ms", "s", "mg/ml", "V"))
_SPELLINGS = str.maketrans({"\u03bc": "\u00b5", "\u212b": "\u00c5", "\u00d7": "x", "\u2212": "-"})


def check(sub: Submission) -> Iterator[Finding]:
    """A warning at each method column whose number, in its unit, is another one in the text."""
    for sheet in sub.schema.sheets:
        for record in getattr(sub, sheet.name, ()) if any(c.into for c in sheet.columns) else ():
            held = {m.column: m.value for m in record.methods}
            for column in sheet.columns:
                if column.name in held and isinstance(held[column.name], Range):
                    said = _otherwise(sub, record, column, held[column.name])
                    if said:
                        at = sub.place(record, column.name)
                        yield find("METHOD-DIFFERS", at, value=value(column, held[column.name]), said=said)


def _otherwise(sub: Submission, record: Record, column: Column, held: Range) -> str:
    """What the text says of a column, where that is another number; '' where it says the same, or nothing."""
    sheet = sub.schema[record.SHEET]
    name = column.into.partition(".")[2]
    text = getattr(record, name)
    if sheet[name].kind is not Kind.LONGTEXT or not text or not column.unit:
        return ""
    text = text.translate(_SPELLINGS)
    line = stated(text, column)
    if line:
        text = f"{column.phrase} {line} {column.unit}"
    found = [q for clause in _CLAUSE.split(text) if _is_about(clause, column) for q in _quantities(clause, column.unit)]
    if not found or any(held.low <= number <= held.high for number in found):
        return ""
    return f"{found[0]} {column.unit}"


def _is_about(clause: str, column: Column) -> bool:
    words = {w.casefold() for w in _WORD.findall(column.phrase)}
    return column.unit not in _EVERYDAY or bool(words & {w.casefold() for w in _WORD.findall(clause)})


def _quantities(clause: str, unit: str) -> Iterator[Decimal]:
    """The numbers of a clause with this unit; 81,000 is one."""
    for found in re.finditer(rf"(?<![\w.,])(\d+(?:,\d{{3}})*(?:\.\d+)?)\s*{re.escape(unit)}(?![\w/])", clause):
        yield Decimal(found[1].replace(",", ""))
