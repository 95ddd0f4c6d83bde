"""The tags of a piece of a worksheet, all at once: where the cells of whole rows are and what stands in them.

Only what programs write for plain values is known here, exactly as they write it; a piece with anything else is odd,
and the sheet is then read another way. Positions are bytes from the start of the piece.

Rows and cells are found by how they begin. What stands between one of these and the next is compared with what is
known, eight bytes at a time, and each sign < and > of the piece has to be one of those that were compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from rembi_sheets.workbook.xmltexts import OddError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]
    Words = NDArray[np.uint64]

PAD = b"\0" * 32
"""Behind every piece, so that eight bytes can be read from any of its own."""

_LONGEST = 7  # digits of a row, of a format, or of the number of a shared text
_ROW, _ROW_END, _CELL, _FORMAT = b'<row r="', b"</row>", b'<c r="', b' s="'
_INLINE = (b' t="inli', b'neStr"')
_TYPES = (b' t="s"', b' t="n"')
_VALUE, _VALUE_END = b"><v>", b"</v></c>"
_TEXT, _TEXT_END = b"><is><t>", b"</t></is></c>"
_KEPT = b'><is><t xml:space="preserve">'
_EMPTY = ((b"></c>", 2), (b"/>", 1), (b" />", 1))  # with the number of its tags

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


def eights(piece: bytes) -> Words:
    """The eight bytes from each position of a piece with its pad, as one number each, the first byte lowest."""
    import numpy as np

    return np.ndarray((len(piece) - 8,), np.dtype("<u8"), piece, strides=(1,))


def blank(piece: bytes, at: Numbers) -> bool:
    """Does a blank, a tab or the end of a line stand at any of the positions?"""
    import numpy as np

    return bool(_blanks()[np.frombuffer(piece, np.uint8)[at]].any())


@cache
def _blanks() -> NDArray[np.bool_]:
    """Which bytes are blanks."""
    import numpy as np

    return np.isin(np.arange(256), list(b" \t\n\r"))


def alike(piece: bytes, start: Numbers, end: Numbers) -> tuple[Numbers, Numbers]:
    """Short texts that are equal, found without making them: one of each kind, and of which kind each text is.

    Sixteen bytes are compared; every longer text is a kind of its own.
    """
    import numpy as np

    eight, length = eights(piece), end - start
    low = eight[start] & _masks()[np.minimum(length, 8)]
    high = eight[start + 8] & _masks()[np.clip(length - 8, 0, 8)]
    key = low * np.uint64(0x9E3779B97F4A7C15) ^ high * np.uint64(0xC2B2AE3D27D4EB4F)
    key = np.where(length <= 16, key, np.arange(len(start), dtype=np.uint64))
    order = np.argsort(key)
    ordered = key[order]
    another = np.concatenate(([True], ordered[1:] != ordered[:-1]))
    first = order[another]
    same = np.empty(len(key), np.int64)
    same[order] = np.cumsum(another) - 1
    of_first = first[same]
    if ((low != low[of_first]) | (high != high[of_first]) | (length != length[of_first])).any():
        return np.arange(len(start)), np.arange(len(start))  # two kinds under one key
    return first, same


@cache
def _masks() -> Words:
    """The bits of the first 0 to 8 bytes of a word."""
    import numpy as np

    return np.array([(1 << 8 * n) - 1 for n in range(9)], np.uint64)


def _begins(words: Words, sign: bytes) -> NDArray[np.bool_]:
    """Which of the words begin with a sign of up to eight bytes."""
    import numpy as np

    wanted = np.uint64(int.from_bytes(sign, "little"))
    found: NDArray[np.bool_] = (words if len(sign) == 8 else words & _masks()[len(sign)]) == wanted
    return found


def _demand(known: NDArray[np.bool_]) -> None:
    if not known.all():
        raise OddError


def read(piece: bytes) -> Cells:
    """The cells of a piece that begins with a row, ends with one, and has PAD behind it.

    Raises OddError where anything in it is not written as it is known here.
    """
    import numpy as np

    size = len(piece) - len(PAD)
    text = np.frombuffer(piece, np.uint8)
    eight = eights(piece)
    opening = text[:size] == 0x3C
    heads = np.flatnonzero(opening & ((text[1 : size + 1] | 0x11) == 0x73))  # <c and <r, also <b and <s
    behind = np.append(heads[1:], size)
    is_row = text[heads + 1] == 0x72
    if not len(heads) or heads[0] or not is_row[0]:
        raise OddError
    rows = np.flatnonzero(is_row)
    counts = np.diff(rows, append=len(heads)) - 1
    numbers, width = _rows(text, eight, heads[rows])
    closed = _closed(text, eight, np.append(heads[rows[1:]], size), behind[rows], counts)
    cells = np.flatnonzero(~is_row)
    stop = behind[cells] - len(_ROW_END) * np.append(is_row, True)[cells + 1]
    bits = _masks()[width + 1]
    address = np.repeat(eight[heads[rows] + len(_ROW)] & bits, counts), np.repeat(bits, counts)
    at, column = _addressed(eight, heads[cells], address, np.repeat(width, counts))
    inside = np.diff(cells) == 1
    _demand((np.diff(column) > 0) | ~inside)
    style = _styles(text, eight, at)
    holds, start, end, kept, tags = _held(eight, at, stop)
    for signs in (opening, text == 0x3E):
        if np.count_nonzero(signs) != len(rows) + closed + tags:
            raise OddError
    return Cells(numbers, np.repeat(numbers, counts), column, holds, start, end, style, kept)


def _rows(text: Any, eight: Words, begin: Numbers) -> tuple[Numbers, Numbers]:
    """The number of each row, and of how many digits it is."""
    import numpy as np

    _demand(_begins(eight[begin], _ROW))
    numbers, width = _quoted(text, eight, begin + len(_ROW))
    if numbers[0] < 1:
        raise OddError
    _demand(np.diff(numbers) > 0)
    return numbers, width


def _quoted(text: Any, eight: Words, start: Numbers) -> tuple[Numbers, Numbers]:
    """The numbers that begin there and end before a quotation mark, and of how many digits they are."""
    import numpy as np

    width = np.zeros(len(start), np.int64)
    for n in range(1, _LONGEST + 1):
        width[(width == 0) & (text[start + n] == 0x22)] = n
    return digits(eight[start], width), width


def _closed(text: Any, eight: Words, end: Numbers, behind: Numbers, counts: Numbers) -> int:
    """How many rows have an end of their own, which all have that hold cells; the others are one tag."""
    import numpy as np

    own = _begins(eight[end - 8] >> np.uint64(16), _ROW_END)
    last = np.where(counts > 0, behind, end - len(_ROW_END) * own)  # behind the tag that begins the row
    _demand(text[last - 1] == 0x3E)
    _demand((text[last - 2] == 0x2F) == ~own)
    _demand(own | (counts == 0))
    return int(own.sum())


def _addressed(eight: Words, start: Numbers, address: tuple[Words, Words], width: Numbers) -> tuple[Numbers, Numbers]:
    """Where the address of each cell ends, and its column; the rest of the address is what its row says."""
    import numpy as np

    _demand(_begins(eight[start], _CELL))
    at = start + len(_CELL)
    word = eight[at]
    column = np.zeros(len(start), np.int64)
    more = np.arange(len(start))
    for n in range(3):
        letter = ((word >> np.uint64(8 * n)) & np.uint64(0xFF)).astype(np.int64) - 0x40
        letters = (letter >= 1) & (letter <= 26)
        if not letters.all():
            more, word, letter = more[letters], word[letters], letter[letters]
        if not len(more):
            break
        column[more] = column[more] * 26 + letter
        at[more] += 1
    _demand(column > 0)
    row, bits = address
    _demand(((eight[at] ^ row) & bits) == 0)
    return at + width + 1, column


def _styles(text: Any, eight: Words, at: Numbers) -> Numbers:
    """The formats that the cells name; `at` is moved behind them."""
    import numpy as np

    out = np.zeros(len(at), np.int64)
    named = np.flatnonzero(_begins(eight[at], _FORMAT))
    out[named], width = _quoted(text, eight, at[named] + len(_FORMAT))
    at[named] += len(_FORMAT) + width + 1
    return out


def _held(eight: Words, at: Numbers, stop: Numbers) -> tuple[Numbers, Numbers, Numbers, NDArray[np.bool_], int]:
    """What the cells hold between `at`, behind their address and format, and where they stop: kind, begin and end of
    the content, whether its blanks count; and how many tags they are."""
    import numpy as np

    word = eight[at]
    written = _begins(word, _INLINE[0])
    shared, number = (_begins(word, t) for t in _TYPES)
    if written.any():
        _demand(_begins(eight[at + len(_INLINE[0])], _INLINE[1]) | ~written)
    behind = at + (len(_INLINE[0]) + len(_INLINE[1])) * written + len(_TYPES[0]) * (shared | number)
    word, last = eight[behind], eight[stop - 8]
    text, value = _begins(word, _TEXT), _begins(word, _VALUE)
    kept = _begins(word, _KEPT[:8])
    _keeping(eight, behind[kept])
    written &= text | kept
    _demand((text | kept) == written)
    _demand((_begins(last, _TEXT_END[-8:]) & _begins(eight[stop - len(_TEXT_END)], _TEXT_END[:8])) | ~written)
    _demand(_begins(last, _VALUE_END) | ~value)
    start = behind + len(_TEXT) * text + len(_KEPT) * kept + len(_VALUE) * value
    end = stop - len(_TEXT_END) * written - len(_VALUE_END) * value
    holding = written | value
    tags = 6 * np.count_nonzero(written) + 4 * np.count_nonzero(value)
    if not holding.all():
        tags += _empty(word[~holding], (stop - behind)[~holding])
    _demand((start <= end) | ~holding)
    holds = WRITTEN * written + np.where(shared, SHARED, NUMBER) * value
    return holds, start, end, kept, int(tags)


def _keeping(eight: Words, at: Numbers) -> None:
    """Demands the tag of texts whose blanks count."""
    for n in range(8, len(_KEPT), 8):
        _demand(_begins(eight[at + n], _KEPT[n : n + 8]))


def _empty(word: Words, length: Numbers) -> int:
    """How many tags the cells without content are: so many bytes of each are left behind its type."""
    import numpy as np

    tags = np.zeros(len(word), np.int64)
    for sign, number in _EMPTY:
        tags[_begins(word, sign) & (length == len(sign))] = number
    _demand(tags > 0)
    return int(tags.sum())
