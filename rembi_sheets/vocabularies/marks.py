"""Which terms of a vocabulary may bear a word, told in one step from a number that stands for the word, its mark.

Two words may have one mark, so that a term found has to be looked at; none that bears the word is missed. The marks
stand in order, each with the number of its term, and beside them where those begin that share their first bits: few
are read for a word, and nothing but these bytes is asked where no term bears it, as with most words in most
vocabularies.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence
from itertools import accumulate
from zlib import crc32

_BITS = 32  # of a mark
_TERM = (1 << _BITS) - 1  # the bits that hold the number of a term


def mark(word: str) -> int:
    """The mark of a word: 32 bits that are the same on every machine."""
    try:
        return crc32(word.encode())
    except UnicodeEncodeError:
        return crc32(word.encode("utf-8", "surrogatepass"))


def marks(words: Sequence[str]) -> list[int]:
    """`mark` of each of many words."""
    try:
        return list(map(crc32, map(str.encode, words)))
    except UnicodeEncodeError:
        return list(map(mark, words))


def ordered(marked: array[int], terms: array[int]) -> tuple[bytes, bytes]:
    """The two parts of a `Marked` for names with these marks, and the numbers of their terms beside them.

    They are sorted by counting: how many names are there makes no difference to the time that each takes.
    """
    bits = max(len(marked).bit_length() - 1, 0)
    shift = _BITS - bits
    counts = array("I", [0]) * ((1 << bits) + 1)
    for number in marked:
        counts[(number >> shift) + 1] += 1
    begins = array("I", accumulate(counts))
    free, entries = begins[:], array("Q", [0]) * len(marked)
    for number, term in zip(marked, terms, strict=True):
        place = free[number >> shift]
        free[number >> shift] = place + 1
        entries[place] = number << _BITS | term
    return _stored(begins), _stored(entries)


def _stored(numbers: array[int]) -> bytes:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


class Marked:
    """The names of a vocabulary by their marks."""

    __slots__ = ("_begins", "_entries", "_shift")

    def __init__(self, begins: bytes, entries: bytes) -> None:
        """From the two parts that `ordered` makes."""
        self._begins, self._entries = array("I", begins), array("Q", entries)
        if sys.byteorder == "big":
            self._begins.byteswap()
            self._entries.byteswap()
        self._shift = _BITS - (len(self._begins) - 1).bit_length() + 1

    def terms(self, mark: int) -> list[int]:
        """The numbers of the terms of which a name has this mark, once for each such name."""
        place, entries = mark >> self._shift, self._entries
        among = range(self._begins[place], self._begins[place + 1])
        return [entries[at] & _TERM for at in among if entries[at] >> _BITS == mark]
