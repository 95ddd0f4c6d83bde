"""Which columns and rows of the sheets of an .xlsx are hidden; their tags are enough, which are found fast."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace

from rembi_sheets.cells import Sheet, Unseen
from rembi_sheets.workbook.package import opened, parts, sheet_parts

_TAG = re.compile(rb"""<(?:[\w.\-]+:)?(col|row)\s([^>]*\bhidden=["'](?:1|true)["'][^>]*)>""")
_NUMBER = re.compile(rb"""\b(min|max|r)=["'](\d{1,7})["']""")
_MOST = 2**14  # columns of a sheet


def told(data: bytes, sheets: Sequence[Sheet]) -> tuple[Sheet, ...]:
    """The sheets of the workbook in `data` with what of each is hidden."""
    with opened(data) as package:
        found = {s.title: _read(package, s.part) for s in sheet_parts(package)}
    return tuple(replace(s, unseen=found[s.title]) if s.title in found else s for s in sheets)


def _read(package: zipfile.ZipFile, part: str) -> Unseen:
    columns, rows = set[int](), set[int]()
    tail = b""
    for piece in parts(package, part):
        text = tail + piece
        end = text.rfind(b"<")
        tail, text = text[end:], text[:end]
        if b"hidden=" not in text:
            continue
        for found in _TAG.finditer(text):
            said = {name: int(number) for name, number in _NUMBER.findall(found[2])}
            if found[1] == b"col":
                columns.update(range(said.get(b"min", 1), min(said.get(b"max", 0), _MOST) + 1))
            elif b"r" in said:
                rows.add(said[b"r"])
    return Unseen(frozenset(columns), frozenset(rows))
