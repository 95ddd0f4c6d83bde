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
from rembi_sheets.workbook.signs import PAD, OddError, begins, blanks, eights, holds, stand

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rembi_sheets.workbook.signs import Numbers

_HEAD = re.compile(
    rb'\s*(?:<\?xml(?: version="1\.0")?(?: encoding="(?:UTF|utf)-8")?(?: standalone="(?:yes|no)")? ?\?>)?'
)
MOST_HEAD = 1 << 16
_BARE, _KEPT, _END = b"<si><t>", b'<si><t xml:space="preserve">', b"</t></si>"
_TAGS = 4  # of one text
_ESCAPE = re.compile(rb"_x[0-9A-Fa-f]{4}_")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_REFERENCE = re.compile("&(?:([a-z]+);|#([0-9]{1,7});|#x([0-9A-Fa-f]{1,6});)?")


@dataclass(frozen=True)
class Texts:
    """The shared texts of a workbook, by their numbers; which of them are more than plain text, and not known."""

    texts: Sequence[str | None]
    odd: NDArray[np.bool_]


def shared(package: zipfile.ZipFile, part: str) -> Texts:
    """The shared texts of a workbook; a part of an unusual form has none that is known."""
    import numpy as np

    data = b"".join(parts(package, part)) if part in package.NameToInfo else b""
    try:
        found = _items(data) if usual(data[:MOST_HEAD]) and b"\r" not in data else []
    except OddError:
        found = []
    return Texts(found, np.fromiter(map(is_, found, repeat(None)), bool, len(found)))


def _items(data: bytes) -> list[str | None]:
    """The texts of a part; None for one that is more than plain text. Raises OddError for a part that is no such."""
    import numpy as np

    piece = data + PAD
    eight = eights(piece)
    tags = np.flatnonzero(np.frombuffer(data, np.uint8) == 0x3C)
    words = eight[tags]
    if any(begins(words, sign).any() for sign in (b"<!", b"<si/", b"<si ")) or begins(words[1:], b"<?").any():
        raise OddError
    items = np.flatnonzero(begins(words, b"<si>"))
    known = np.diff(items, append=len(tags) - 1) == _TAGS  # behind the last is the end of the part
    at = tags[items[known]]
    bare, kept = begins(eight[at], _BARE), stand(eight, at, _KEPT)
    start, end = at + np.where(kept, len(_KEPT), len(_BARE)), tags[items[known] + 2]
    plain_ = kept | (bare & ~(blanks(piece, start) | blanks(piece, end - 1) & (end > start)))
    plain_ &= stand(eight, end, _END)
    known[known] = plain_
    texts: list[str | None] = [*decoded(piece, start[plain_], end[plain_])]
    if b"&" in data:
        texts = [_plain_or_none(t) if t and "&" in t else t for t in texts]
    if escaped(data):
        texts = [None if t and _ESCAPE.search(t.encode()) else t for t in texts]
    if known.all():
        return texts
    left = iter(texts)
    return [next(left) if one else None for one in known.tolist()]


def decoded(piece: bytes, start: Numbers, end: Numbers) -> list[str]:
    """The texts between positions. Raises OddError where one is not UTF-8."""
    spans = zip(start.tolist(), end.tolist(), strict=True)
    try:
        if piece.isascii():
            whole = piece.decode("ascii")
            return [whole[a:b] for a, b in spans]
        return [piece[a:b].decode() for a, b in spans]
    except UnicodeDecodeError as e:
        raise OddError from e


def escaped(data: bytes) -> bool:
    """Is any sign written as _xHHHH_?"""
    return holds(data, b"_x") and _ESCAPE.search(data) is not None


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
