"""Which columns and rows of the sheets of an .xlsx or .ods are hidden; their tags are enough, which are found fast."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import unescape

from rembi_sheets.cells import Sheet, Unseen
from rembi_sheets.workbook.package import opened, parts, sheet_parts

_TAG = re.compile(rb"""<(?:[\w.\-]+:)?(col|row)\s([^>]*\bhidden=["'](?:1|true)["'][^>]*)>""")
_NUMBER = re.compile(rb"""\b(min|max|r)=["'](\d{1,7})["']""")
_MOST = 2**14  # columns of a sheet
_MOST_ROWS = 2**20
_OF_ODS = re.compile(rb"<(?:[\w.\-]+:)?(table|table-column|table-row)(\s[^>]*)?/?>")
_SAID = re.compile(rb"""\b(name|visibility|number-columns-repeated|number-rows-repeated)=(?:"([^"]*)"|'([^']*)')""")
_HIDDEN = (b"collapse", b"filter")


def told(data: bytes, sheets: Sequence[Sheet], kind: str = "xlsx") -> tuple[Sheet, ...]:
    """The sheets of the workbook in `data` with what of each is hidden; none of an .xls, which is another format."""
    if kind not in ("xlsx", "ods"):
        return tuple(sheets)
    with opened(data) as package:
        if kind == "ods":
            found = dict(_of_ods(package))
        else:
            found = {s.title: _read(package, s.part) for s in sheet_parts(package)}
    return tuple(replace(s, unseen=found[s.title]) if s.title in found else s for s in sheets)


def _tags(package: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The content of a part in pieces that end before a tag."""
    tail = b""
    for piece in parts(package, part):
        text = tail + piece
        end = text.rfind(b"<")
        tail = text[end:]
        yield text[:end]
    yield tail


def _of_ods(package: zipfile.ZipFile) -> Iterator[tuple[str, Unseen]]:
    """Title of each table, and what of it is hidden: a column or row may stand for many."""
    title, columns, rows = "", set[int](), set[int]()
    column = row = 1
    for text in _tags(package, "content.xml"):
        for found in _OF_ODS.finditer(text):
            said = {name: one or other for name, one, other in _SAID.findall(found[2] or b"")}
            hidden = said.get(b"visibility") in _HIDDEN
            if found[1] == b"table":
                yield title, Unseen(frozenset(columns), frozenset(rows))
                title, columns, rows = unescape(said.get(b"name", b"").decode("utf-8", "replace")), set(), set()
                column = row = 1
            elif found[1] == b"table-column":
                last = column + _number(said.get(b"number-columns-repeated"))
                columns.update(range(column, min(last, _MOST + 1)) if hidden else ())
                column = last
            else:
                last = row + _number(said.get(b"number-rows-repeated"))
                rows.update(range(row, min(last, _MOST_ROWS + 1)) if hidden else ())
                row = last
    yield title, Unseen(frozenset(columns), frozenset(rows))


def _number(text: bytes | None) -> int:
    return int(text) if text and text.isdigit() and len(text) <= len(str(_MOST_ROWS)) else 1


def _read(package: zipfile.ZipFile, part: str) -> Unseen:
    columns, rows = set[int](), set[int]()
    for text in _tags(package, part):
        if b"hidden=" not in text:
            continue
        for found in _TAG.finditer(text):
            said = {name: int(number) for name, number in _NUMBER.findall(found[2])}
            if found[1] == b"col":
                columns.update(range(said.get(b"min", 1), min(said.get(b"max", 0), _MOST) + 1))
            elif b"r" in said:
                rows.add(said[b"r"])
    return Unseen(frozenset(columns), frozenset(rows))
