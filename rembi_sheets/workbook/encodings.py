"""The text of a foreign table, whose bytes do not say how they are to be read: UTF-8, UTF-16, Windows, Mac.

Bytes that are no Unicode are read as the encoding by which more of their signs stand where such signs stand in words:
Excel for Mac writes é as Windows writes Ž, which no word has in its middle.
"""

from __future__ import annotations

import re
from unicodedata import category

_HEAD = 1 << 14  # bytes by which UTF-16 without a mark is known
_UNUSED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")  # bytes without a sign in Windows-1252
_BEYOND = re.compile(rb"[\x80-\xff]")
_LOOKED = 2000  # signs that are looked at
_SIGNS = frozenset("°µ±×·–—’‘“”„…€£²³®©™«»½≤≥¿")  # that stand in tables of the West
_INSIDE = "’·µ"  # and between letters, too


def decoded(data: bytes) -> str:
    """The text: UTF-8, UTF-16 with or without its mark, else what Windows or an old Mac writes in the West."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    zeros = [data[n : n + _HEAD : 2].count(0) * 4 > min(len(data), _HEAD) for n in (0, 1)]
    if any(zeros) and not all(zeros):  # every second byte of a Latin text in UTF-16 is zero
        return data.decode("utf-16-be" if zeros[0] else "utf-16-le", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        if e.start >= len(data) - 3 and len(data) % _HEAD == 0:
            return data[: e.start].decode("utf-8-sig")  # cut within a sign
        return _of_the_west(data)


def _of_the_west(data: bytes) -> str:
    windows = "latin-1" if _UNUSED.search(data) else "cp1252"
    places = [found.start() for _, found in zip(range(_LOOKED), _BEYOND.finditer(data), strict=False)]
    pieces = [(data[n - 1 : n] or b" ") + data[n : n + 2] for n in places]
    of = {encoding: sum(_fits(p.decode(encoding)) for p in pieces) for encoding in (windows, "mac_roman")}
    return data.decode("mac_roman" if of["mac_roman"] > of[windows] else windows)


def _fits(piece: str) -> int:
    """How well a sign stands between its two neighbours: 1 as in words and measures, -1 as in none, else 0."""
    before, sign, behind = tuple(piece.ljust(3))
    if sign in _SIGNS:
        return int(sign in _INSIDE or not (before.isalpha() and behind.isalpha()))
    if category(sign) not in ("Ll", "Lu"):
        return -1
    if sign.isupper() and (before.islower() or (before.isupper() and behind.islower())):
        return -1
    return int(before.isalpha() or behind.isalpha() or sign.isupper())
