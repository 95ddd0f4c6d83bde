"""Which words a vocabulary surely does not hold, in a bit or so a word: most words are in none of several vocabularies.

Each word sets one bit of a field of 8 to 16 bits a word, so that one word in eight to sixteen that is not held is
looked for in vain; none that is held is missed.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from zlib import crc32

_PER_WORD = 8


def mark(word: str) -> int:
    """The number by which a word is sieved: 32 bits that are the same on every machine."""
    return crc32(word.encode("utf-8", "surrogatepass"))


def marks(words: Sequence[str]) -> list[int]:
    """`mark` of each of many words."""
    try:
        return list(map(crc32, map(str.encode, words)))
    except UnicodeEncodeError:
        return list(map(mark, words))


def woven(marks: array[int]) -> bytes:
    """The sieve for words with these marks: a power of two of bits, at least one byte."""
    size = 8
    while size < len(marks) * _PER_WORD:
        size *= 2
    field, most = bytearray(size // 8), size - 1
    for number in marks:
        place = number & most
        field[place >> 3] |= 1 << (place & 7)
    return bytes(field)


def holds(field: bytes, number: int) -> int:
    """Whether the word with this mark may be among those the sieve was woven for: 1, or 0."""
    return field[(number & len(field) * 8 - 1) >> 3] >> (number & 7) & 1


def held(field: bytes, marked: Mapping[str, int]) -> list[str]:
    """The words, of those given with their marks, that may be among those the sieve was woven for."""
    most = len(field) * 8 - 1
    return [word for word, number in marked.items() if field[(number & most) >> 3] >> (number & 7) & 1]
