"""Which row of Image acquisition a group of images was taken by: its instrument's profile, or one like it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rembi_sheets.fill.compare import same
from rembi_sheets.harvest.facts import ACQUISITION
from rembi_sheets.schema import Kind, SheetSpec
from rembi_sheets.tables import Tables
from rembi_sheets.values import UNREADABLE, convert

_SHORTEST = 3  # signs of a serial number that can be found in a text
_NUMBERS = (Kind.NUMBER, Kind.INTEGER, Kind.RANGE)


def profiles(tables: Tables, instrument: str, said: Mapping[str, str]) -> list[str]:
    """Names of the rows that name an instrument by its number, and no other setting than the headers do.

    `said`: what the headers say, by columns. Words may differ: a row calls the microscope as people do.
    """
    if len(instrument) < _SHORTEST:
        return []
    number = re.compile(rf"(?<!\w){re.escape(instrument)}(?!\w)", re.IGNORECASE)
    table = tables[ACQUISITION]
    return [
        str(row["name"])
        for row in table.frame.to_dict("records")
        if isinstance(row.get("name"), str)
        and any(number.search(_text(v)) for v in row.values())
        and not _otherwise(table.sheet, row, said)
    ]


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(map(_text, value))
    return value if isinstance(value, str) else ""


def _otherwise(sheet: SheetSpec, row: Mapping[Any, Any], said: Mapping[str, str]) -> bool:
    """Has a row another number in a cell of which the headers say something?"""
    for name, text in said.items():
        typed = row.get(name)
        if typed is None or typed is UNREADABLE or sheet[name].kind not in _NUMBERS:
            continue
        value, problems = convert(text, sheet[name])
        if not problems and not same(sheet[name], typed, value):
            return True
    return False
