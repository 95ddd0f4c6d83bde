"""The tags of a piece of a worksheet, all at once: where the cells of whole rows are and what stands in them.

Only what programs write for plain values is known here, exactly as they write it; a piece with anything else is None,
and the sheet is then read another way. Positions are bytes from the start of the piece.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

PAD = b"\0" * 32
"""Behind every piece, so that eight bytes can be read from any of its own."""

ROW, ROW_EMPTY, ROW_END, CELL, CELL_EMPTY, CELL_END, VALUE, VALUE_END, INLINE, INLINE_END, TEXT, KEPT, TEXT_END = range(
    1, 14
)
_CLOSED = (ROW_EMPTY, ROW_END)
# the first two bytes of each tag, and the length of those that have no attributes (from < to >)
_KINDS = {
    b"ro": (ROW, 0), b"/r": (ROW_END, 5), b"c ": (CELL, 0), b"/c": (CELL_END, 3), b"v>": (VALUE, 2),
    b"/v": (VALUE_END, 3), b"is": (INLINE, 3), b"/i": (INLINE_END, 4), b"t>": (TEXT, 2), b"t ": (KEPT, 23),
    b"/t": (TEXT_END, 3),
}  # fmt: skip
_NEXT = {
    ROW: (CELL, CELL_EMPTY, ROW_END), ROW_EMPTY: (ROW, ROW_EMPTY), ROW_END: (ROW, ROW_EMPTY),
    CELL: (VALUE, INLINE, CELL_END), CELL_EMPTY: (CELL, CELL_EMPTY, ROW_END), CELL_END: (CELL, CELL_EMPTY, ROW_END),
    VALUE: (VALUE_END,), VALUE_END: (CELL_END,), INLINE: (TEXT, KEPT), INLINE_END: (CELL_END,), TEXT: (TEXT_END,),
    KEPT: (TEXT_END,), TEXT_END: (INLINE_END,),
}  # fmt: skip
_LONGER = {ROW_END: b"</row>", INLINE_END: b"</is>"}  # what two bytes and the length do not say all of
_LONGEST = 7  # digits of a row, or of the number of a shared text

SHARED, NUMBER, WRITTEN, NOTHING = 1, 2, 3, 0
"""What a cell holds: the number of a shared text, a number, a text of its own, nothing."""


@dataclass(frozen=True)
class Cells:
    """The rows of a piece by number, and its cells in their order: row and column (from 1), what each holds, where that
    begins and ends, the number of its format, and whether blanks at the ends of its text count."""

    numbers: Numbers
    row: Numbers
    column: Numbers
    holds: Numbers
    start: Numbers
    end: Numbers
    style: Numbers
    kept: NDArray[np.bool_]


def digits(words: NDArray[np.uint64], lengths: Numbers) -> Numbers | None:
    """The numbers that begin the eight bytes of each word, so many digits long; None where one is no such number.

    All eight digits at once: bytes to pairs, pairs to fours, fours to eight, after the zeros in front are put there.
    """
    import numpy as np

    if len(lengths) and not (int(lengths.min()) >= 1 and int(lengths.max()) <= _LONGEST):
        return None
    bits = (lengths * 8).astype(np.uint64)
    zeros = np.uint64(0x3030303030303030)
    w = (words << (np.uint64(64) - bits)) | (zeros >> bits)
    if (((w + np.uint64(0x4646464646464646)) | (w - zeros)) & np.uint64(0x8080808080808080)).any():
        return None
    w = ((w & np.uint64(0x0F0F0F0F0F0F0F0F)) * np.uint64(2561)) >> np.uint64(8)
    w = ((w & np.uint64(0x00FF00FF00FF00FF)) * np.uint64(6553601)) >> np.uint64(16)
    w = ((w & np.uint64(0x0000FFFF0000FFFF)) * np.uint64(42949672960001)) >> np.uint64(32)
    numbers: Numbers = w.astype(np.int64)
    return numbers


def eights(piece: bytes) -> NDArray[np.uint64]:
    """The eight bytes from each position of a piece with its pad, as one number each, the first byte lowest."""
    import numpy as np

    return np.ndarray((len(piece) - 8,), np.dtype("<u8"), piece, strides=(1,))


def alike(piece: bytes, start: Numbers, end: Numbers) -> tuple[Numbers, Numbers]:
    """Short texts that are equal, found without making them: the first of each kind, and of which kind each text is.

    Sixteen bytes are compared; every longer text is a kind of its own.
    """
    import numpy as np

    eight, length = eights(piece), end - start
    low = eight[start] & _masks()[np.minimum(length, 8)]
    high = eight[start + 8] & _masks()[np.clip(length - 8, 0, 8)]
    key = low * np.uint64(0x9E3779B97F4A7C15) ^ high * np.uint64(0xC2B2AE3D27D4EB4F)
    key = np.where(length <= 16, key, np.arange(len(start), dtype=np.uint64))
    _, first, same = np.unique(key, return_index=True, return_inverse=True)
    if ((low != low[first][same]) | (high != high[first][same]) | (length != length[first][same])).any():
        return np.arange(len(start)), np.arange(len(start))  # two kinds under one key
    return first, same


@cache
def _masks() -> Any:
    """The bits of the first 0 to 8 bytes of a word."""
    import numpy as np

    return np.array([(1 << 8 * n) - 1 for n in range(9)], np.uint64)


def _word(text: bytes) -> Any:
    import numpy as np

    return np.uint64(int.from_bytes(text, "little"))


def _first(text: bytes) -> Any:
    """The bits of so many bytes of a word."""
    import numpy as np

    return np.uint64((1 << 8 * len(text)) - 1)


@cache
def _tables() -> tuple[Any, Any]:
    """Kind and 16 times the length by the first two bytes of a tag, and which kind may follow which."""
    import numpy as np

    signs, follows = np.zeros(1 << 16, np.int16), np.zeros((16, 16), bool)
    for sign, (kind, length) in _KINDS.items():
        signs[int.from_bytes(sign, "little")] = kind + 16 * length
    for kind, others in _NEXT.items():
        follows[kind, list(others)] = True
    return signs, follows.reshape(-1)


def read(piece: bytes) -> Cells | None:
    """The cells of a piece that begins with a row, ends with one, and has PAD behind it; None if anything is odd."""
    import numpy as np

    size = len(piece) - len(PAD)
    text = np.frombuffer(piece, np.uint8)
    angles = np.flatnonzero((text & 0xFD) == 0x3C)  # < and >, which differ in that bit
    if len(angles) % 2 or not len(angles) or angles[0] or angles[-1] != size - 1:
        return None
    begin, close = np.ascontiguousarray(angles[::2]), np.ascontiguousarray(angles[1::2])
    if not (text[begin] == 0x3C).all() or not (text[close] == 0x3E).all():
        return None
    of_sign, follows = _tables()
    eight = eights(piece)
    found = of_sign[np.ndarray((size,), np.dtype("<u2"), piece, 1, (1,))[begin]]
    kind, length = found & 15, found >> 4
    if not kind.all() or ((length != close - begin) & (length != 0)).any():
        return None
    free = np.flatnonzero(length == 0)
    kind[free] += text[close[free] - 1] == 0x2F  # an empty row or cell is the kind behind
    if not follows[kind[:-1].astype(np.intp) * 16 + kind[1:]].all() or kind[-1] not in _CLOSED:
        return None
    holding = (kind == VALUE) | (kind == TEXT) | (kind == KEPT)
    if ((close[:-1] + 1 != begin[1:]) & ~holding[:-1]).any():
        return None
    for one, sign in _LONGER.items():
        if ((eight[begin[kind == one]] & _first(sign)) != _word(sign)).any():
            return None
    keeping = begin[kind == KEPT]
    for n, sign in enumerate((b"<t xml:s", b'pace="pr', b'eserve">')):
        if (eight[keeping + 8 * n] != _word(sign)).any():
            return None
    rows = np.flatnonzero((kind == ROW) | (kind == ROW_EMPTY))
    if kind[0] not in (ROW, ROW_EMPTY):
        return None
    numbered = _rows(text, eight, begin[rows])
    if numbered is None:
        return None
    cells = np.flatnonzero((kind == CELL) | (kind == CELL_EMPTY))
    of_row = np.searchsorted(rows, cells) - 1
    return _cells(text, eight, begin, close, kind, cells, of_row, *numbered)


def _rows(text: Any, eight: Any, begin: Numbers) -> tuple[Numbers, Numbers] | None:
    """The number of each row, and of how many digits it is; None where one is not said first of all."""
    import numpy as np

    sign = b'<row r="'
    if (eight[begin] != _word(sign)).any():
        return None
    start = begin + len(sign)
    width = np.zeros(len(begin), np.int64)
    for n in range(1, _LONGEST + 1):
        width[(width == 0) & (text[start + n] == 0x22)] = n
    numbers = digits(eight[start], width)
    if numbers is None or (np.diff(numbers) <= 0).any() or numbers[0] < 1:
        return None
    return numbers, width


def _cells(
    text: Any, eight: Any, begin: Any, close: Any, kind: Any, cells: Numbers, of_row: Numbers, numbers: Any, width: Any
) -> Cells | None:
    import numpy as np

    start, empty = begin[cells], kind[cells] == CELL_EMPTY
    end = close[cells] - empty
    end -= empty & (text[end - 1] == 0x20)
    sign = b'<c r="'
    if ((eight[start] & _first(sign)) != _word(sign)).any():
        return None
    at = start + len(sign)
    column = np.zeros(len(cells), np.int64)
    inside = np.ones(len(cells), bool)
    for _ in range(3):
        letter = text[at]
        inside &= (letter >= 0x41) & (letter <= 0x5A)
        column = np.where(inside, column * 26 + letter - 64, column)
        at = at + inside
    # the digits of the address are those of the row
    bits = (width * 8).astype(np.uint64)
    mask = ((np.uint64(1) << bits) - np.uint64(1))[of_row]
    own = np.zeros(len(numbers), np.uint64)
    first = np.flatnonzero(np.diff(of_row, prepend=-1))
    own[of_row[first]] = eight[at[first]]
    found = digits(own[of_row[first]], width[of_row[first]])
    if found is None or (found != numbers[of_row[first]]).any() or not column.all():
        return None
    if ((eight[at] ^ own[of_row]) & mask).any() or (text[at + width[of_row]] != 0x22).any():
        return None
    at = at + width[of_row] + 1
    if (np.diff(column)[np.diff(of_row) == 0] <= 0).any():
        return None
    last = eight[end - 8]
    typed = [(last >> np.uint64(8 * (8 - len(s)))) == _word(s) for s in (b' t="s"', b' t="n"')]
    written = (last == _word(b'lineStr"')) & (eight[end - 14] == _word(b' t="inli'))
    end = end - 6 * (typed[0] | typed[1]) - 14 * written
    style = _styles(text, eight, at, end)
    if style is None:
        return None
    after = np.where(empty, CELL_END, kind[np.minimum(cells + 1, len(kind) - 1)])
    holds = np.where(after == VALUE, np.where(typed[0], SHARED, NUMBER), np.where(after == INLINE, WRITTEN, NOTHING))
    if ((holds == WRITTEN) != (written & (holds != NOTHING))).any():
        return None
    inner = cells + np.where(holds == WRITTEN, 2, 1)
    inner = np.minimum(inner, len(kind) - 2)
    return Cells(
        numbers, numbers[of_row], column, holds, close[inner] + 1, begin[inner + 1], style, kind[inner] == KEPT
    )


def _styles(text: Any, eight: Any, at: Numbers, end: Numbers) -> Numbers | None:
    """The formats that the cells name between two positions; None where anything else stands there."""
    import numpy as np

    out = np.zeros(len(at), np.int64)
    named = np.flatnonzero(at != end)
    start, behind = at[named], end[named]
    sign = b' s="'
    if ((eight[start] & _first(sign)) != _word(sign)).any() or (text[behind - 1] != 0x22).any():
        return None
    found = digits(eight[start + len(sign)], behind - 1 - start - len(sign))
    if found is None:
        return None
    out[named] = found
    return out
