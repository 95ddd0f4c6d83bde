"""Which terms of a vocabulary may bear a word, told in one step from a number that stands for the word, its mark.

Two words may have one mark, so that a term found has to be looked at; none that bears the word is missed. The marks
stand in order, each with the number of its term, and beside them where those begin that share their first bits: few
are read for a word, and nothing but these bytes is asked where no term bears it, as with most words in most
vocabularies. What a word is makes no difference: a name, an identifier.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from zlib import crc32

if TYPE_CHECKING:
    from numpy.typing import NDArray

BITS = 32  # of a mark, and of a number beside it
_TERM = (1 << BITS) - 1  # the bits that hold the number of a term
_NOBODY: tuple[int, ...] = ()


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


def paired(marked: NDArray[Any], terms: NDArray[Any]) -> NDArray[Any]:
    """Marks, each with the number of its term, as `ordered` takes them."""
    import numpy as np

    pairs: NDArray[Any] = marked.astype(np.uint64) << np.uint64(BITS) | terms.astype(np.uint64)
    return pairs


def terms(pairs: NDArray[Any]) -> NDArray[Any]:
    """The numbers of the terms in pairs, whatever stands before them."""
    found: NDArray[Any] = pairs & pairs.dtype.type(_TERM)
    return found


def ordered(pairs: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """The two parts of a `Marked`: where the marks of each first bits begin, and the pairs, which are put in order."""
    import numpy as np

    pairs.sort()
    bits = max(len(pairs).bit_length() - 1, 0)
    firsts = (pairs >> np.uint64(BITS + BITS - bits)).astype(np.int64) if bits else np.zeros(len(pairs), np.int64)
    begins = np.zeros((1 << bits) + 1, dtype=np.uint32)
    np.cumsum(np.bincount(firsts, minlength=1 << bits), out=begins[1:])
    return begins, pairs


class Marked:
    """Words of a vocabulary by their marks."""

    __slots__ = ("_begins", "_pairs", "_shift")

    def __init__(self, begins: Sequence[int], pairs: Sequence[int]) -> None:
        """From the numbers in the two parts that `ordered` makes: of 32 and of 64 bits."""
        self._begins, self._pairs = begins, pairs
        self._shift = BITS - (len(begins) - 1).bit_length() + 1

    def terms(self, mark: int) -> Sequence[int]:
        """The numbers of the terms of which a word has this mark, once for each such word."""
        place, begins = mark >> self._shift, self._begins
        first, end = begins[place], begins[place + 1]
        if first == end:
            return _NOBODY
        pairs = self._pairs
        if end - first == 1:
            pair = pairs[first]
            return (pair & _TERM,) if pair >> BITS == mark else _NOBODY
        return [pair & _TERM for at in range(first, end) if (pair := pairs[at]) >> BITS == mark]
