"""Texts as the XML of a workbook holds them: of single cells, and those that its sheets share.

Only what is known to the byte is plain text here; anything else is an OddError, or no text that is known.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import is_
from typing import TYPE_CHECKING

from rembi_sheets.workbook.package import parts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_HEAD = re.compile(
    rb'\s*(?:<\?xml(?: version="1\.0")?(?: encoding="(?:UTF|utf)-8")?(?: standalone="(?:yes|no)")? ?\?>)?'
)
MOST_HEAD = 1 << 16
_ITEM, _ITEM_END, _KEPT = "<si>", "</t></si>", '<t xml:space="preserve">'
_ESCAPE = re.compile(rb"_x[0-9A-Fa-f]{4}_")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_REFERENCE = re.compile("&(?:([a-z]+);|#([0-9]{1,7});|#x([0-9A-Fa-f]{1,6});)?")


class OddError(Exception):
    """Something that is not known to the byte."""


@dataclass(frozen=True)
class Texts:
    """The shared texts of a workbook, by their numbers; which of them are more than plain text, and not known."""

    texts: Sequence[str | None]
    odd: NDArray[np.bool_]


def shared(package: zipfile.ZipFile, part: str) -> Texts:
    """The shared texts of a workbook; a part of an unusual form has none that is known."""
    import numpy as np

    data = b"".join(parts(package, part)) if part in package.NameToInfo else b""
    found: list[str | None] = []
    if usual(data[:MOST_HEAD]) and not any(sign in data for sign in (b"<!", b"<si/", b"<si ", b"\r")):
        try:
            found = _items(data.decode(), escaped(data))
        except UnicodeDecodeError:
            found = []
    return Texts(found, np.fromiter(map(is_, found, repeat(None)), bool, len(found)))


def _items(data: str, escapes: bool) -> list[str | None]:
    """The texts of a part, that has signs written as _xHHHH_ or not; None for one that is more than plain text."""
    body = data[data.find(_ITEM) + len(_ITEM) + 3 : data.rfind(_ITEM_END)]  # as long as <t> is the tag of the first
    found: list[str | None] = [*body.split(f"{_ITEM_END}{_ITEM}<t>")]
    first_plain = data.startswith("<t>", data.find(_ITEM) + len(_ITEM))
    if not first_plain or body.count("<") != 4 * (len(found) - 1):  # one is no plain text, or keeps its blanks
        found = [_item(i) for i in data.split(_ITEM)[1:]]
    else:
        found = [t if t is not None and t.strip() == t else None for t in found]
    if "&" in body:
        found = [_plain_or_none(t) if t is not None and "&" in t else t for t in found]
    if escapes:
        found = [None if t is not None and _ESCAPE.search(t.encode()) else t for t in found]
    return found


def _item(item: str) -> str | None:
    """One text, from behind its beginning."""
    item = item.removesuffix("</sst>")
    kept = item.startswith(_KEPT)
    text = item[len(_KEPT) if kept else 3 : -len(_ITEM_END)]
    plain = (kept or item.startswith("<t>")) and item.endswith(_ITEM_END) and "<" not in text
    return text if plain and (kept or text.strip() == text) else None


def escaped(data: bytes) -> bool:
    """Is any sign written as _xHHHH_?"""
    import numpy as np

    text = np.frombuffer(data, np.uint8)  # much quicker than a search where one of the two signs is frequent
    return bool(((text[:-1] == 0x5F) & (text[1:] == 0x78)).any()) and _ESCAPE.search(data) is not None


def usual(head: bytes) -> bool:
    """Does a part begin as programs begin them, in UTF-8?"""
    found = _HEAD.match(head)
    return found is not None and head[found.end() :].lstrip()[:1] == b"<" and head[found.end() :].lstrip()[:2] != b"<?"


def plain(text: str) -> str:
    """A text with the signs that others stand for. Raises OddError for what is none of them."""
    return _REFERENCE.sub(_sign, text) if "&" in text else text


def _plain_or_none(text: str) -> str | None:
    try:
        return plain(text)
    except OddError:
        return None


def _sign(found: re.Match[str]) -> str:
    name, decimal, hexadecimal = found.groups()
    if name in _NAMED:
        return _NAMED[name]
    number = int(decimal) if decimal else int(hexadecimal or "0", 16)
    if not 0x20 < number < 0xD800 and not 0xE000 <= number < 0xFFFE and not 0x10000 <= number < 0x110000:
        raise OddError
    return chr(number)
