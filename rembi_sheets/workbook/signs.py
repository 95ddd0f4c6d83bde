"""Signs in a part of a workbook, looked for and compared many at a time, as numbers of up to eight bytes.

What is not written as it is known to the byte is an OddError: it is for a reader that takes everything.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]
    Words = NDArray[np.uint64]

PAD = b"\0" * 32
"""Behind every piece, so that eight bytes can be read from any of its own."""

_LONGEST = 7  # digits of a row, of a format, or of the number of a shared text


class OddError(Exception):
    """Something that is not known to the byte."""


def holds(text: bytes, sign: bytes) -> bool:
    """Is a sign of two or four bytes in a text? As numbers they are compared several times faster than searched."""
    import numpy as np

    width = len(sign)
    number = int.from_bytes(sign, sys.byteorder)
    return any(
        bool((np.frombuffer(text, f"u{width}", (len(text) - shift) // width, shift) == number).any())
        for shift in range(min(width, len(text) - width + 1))
    )


def eights(piece: bytes) -> Words:
    """The eight bytes from each position of a piece with its pad, as one number each, the first byte lowest."""
    import numpy as np

    return np.ndarray((len(piece) - 8,), np.dtype("<u8"), piece, strides=(1,))


def begins(words: Words, sign: bytes) -> NDArray[np.bool_]:
    """Which of the words begin with a sign of up to eight bytes."""
    import numpy as np

    wanted = np.uint64(int.from_bytes(sign, "little"))
    found: NDArray[np.bool_] = (words if len(sign) == 8 else words & masks()[len(sign)]) == wanted
    return found


def stand(eight: Words, at: Numbers, sign: bytes) -> NDArray[np.bool_]:
    """At which of the positions is a sign of any length? It may end at most two words behind the piece's own bytes."""
    found = begins(eight[at], sign[:8])
    for n in range(8, len(sign), 8):
        if found.any():
            found &= begins(eight[at + n], sign[n : n + 8])
    return found


@cache
def masks() -> Words:
    """The bits of the first 0 to 8 bytes of a word."""
    import numpy as np

    return np.array([(1 << 8 * n) - 1 for n in range(9)], np.uint64)


def demand(known: NDArray[np.bool_]) -> None:
    """Raises OddError where one is not."""
    if not known.all():
        raise OddError


def digits(words: Words, lengths: Numbers) -> Numbers:
    """The numbers that begin the eight bytes of each word, so many digits long. Raises OddError where one is none.

    All eight digits at once: bytes to pairs, pairs to fours, fours to eight, after the zeros in front are put there.
    """
    import numpy as np

    if len(lengths) and not (int(lengths.min()) >= 1 and int(lengths.max()) <= _LONGEST):
        raise OddError
    bits = (lengths * 8).astype(np.uint64)
    zeros = np.uint64(0x3030303030303030)
    w = (words << (np.uint64(64) - bits)) | (zeros >> bits)
    if (((w + np.uint64(0x4646464646464646)) | (w - zeros)) & np.uint64(0x8080808080808080)).any():
        raise OddError
    w = ((w & np.uint64(0x0F0F0F0F0F0F0F0F)) * np.uint64(2561)) >> np.uint64(8)
    w = ((w & np.uint64(0x00FF00FF00FF00FF)) * np.uint64(6553601)) >> np.uint64(16)
    w = ((w & np.uint64(0x0000FFFF0000FFFF)) * np.uint64(42949672960001)) >> np.uint64(32)
    numbers: Numbers = w.astype(np.int64)
    return numbers


def quoted(text: Any, eight: Words, start: Numbers) -> tuple[Numbers, Numbers]:
    """The numbers that begin there and end before a quotation mark, and of how many digits they are."""
    import numpy as np

    width = np.zeros(len(start), np.int64)
    for n in range(1, _LONGEST + 1):
        width[(width == 0) & (text[start + n] == 0x22)] = n
    return digits(eight[start], width), width


def blanks(piece: bytes, at: Numbers) -> NDArray[np.bool_]:
    """At which of the positions is a blank, a tab or the end of a line?"""
    import numpy as np

    found: NDArray[np.bool_] = _blanks()[np.frombuffer(piece, np.uint8)[at]]
    return found


@cache
def _blanks() -> NDArray[np.bool_]:
    """Which bytes are blanks."""
    import numpy as np

    return np.isin(np.arange(256), list(b" \t\n\r"))
