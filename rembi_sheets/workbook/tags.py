"""The tags of a piece of a worksheet, all at once: where the cells of whole rows are and what stands in them.

Only what programs write for plain values is known here, exactly as they write it; a piece with anything else is odd,
and the sheet is then read another way. Positions are bytes from the start of the piece.

Rows and cells are found by how they begin. What stands between one of these and the next is compared with what is
known, eight bytes at a time, and each sign < and > of the piece has to be one of those that were compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rembi_sheets.workbook.signs import PAD, OddError, begins, demand, eights, masks, quoted, stand

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rembi_sheets.workbook.signs import Numbers, Words

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


def alike(piece: bytes, start: Numbers, end: Numbers) -> tuple[Numbers, Numbers]:
    """Short texts that are equal, found without making them: one of each kind, and of which kind each text is.

    Sixteen bytes are compared; every longer text is a kind of its own.
    """
    import numpy as np

    eight, length = eights(piece), end - start
    low = eight[start] & masks()[np.minimum(length, 8)]
    high = eight[start + 8] & masks()[np.clip(length - 8, 0, 8)]
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
    bits = masks()[width + 1]
    address = np.repeat(eight[heads[rows] + len(_ROW)] & bits, counts), np.repeat(bits, counts)
    at, column = _addressed(eight, heads[cells], address, np.repeat(width, counts))
    inside = np.diff(cells) == 1
    demand((np.diff(column) > 0) | ~inside)
    style = _styles(text, eight, at)
    holds, start, end, kept, tags = _held(eight, at, stop)
    for signs in (opening, text == 0x3E):
        if np.count_nonzero(signs) != len(rows) + closed + tags:
            raise OddError
    return Cells(numbers, np.repeat(numbers, counts), column, holds, start, end, style, kept)


def _rows(text: Any, eight: Words, begin: Numbers) -> tuple[Numbers, Numbers]:
    """The number of each row, and of how many digits it is."""
    import numpy as np

    demand(begins(eight[begin], _ROW))
    numbers, width = quoted(text, eight, begin + len(_ROW))
    if numbers[0] < 1:
        raise OddError
    demand(np.diff(numbers) > 0)
    return numbers, width


def _closed(text: Any, eight: Words, end: Numbers, behind: Numbers, counts: Numbers) -> int:
    """How many rows have an end of their own, which all have that hold cells; the others are one tag."""
    import numpy as np

    own = begins(eight[end - 8] >> np.uint64(16), _ROW_END)
    last = np.where(counts > 0, behind, end - len(_ROW_END) * own)  # behind the tag that begins the row
    demand(text[last - 1] == 0x3E)
    demand((text[last - 2] == 0x2F) == ~own)
    demand(own | (counts == 0))
    return int(own.sum())


def _addressed(eight: Words, start: Numbers, address: tuple[Words, Words], width: Numbers) -> tuple[Numbers, Numbers]:
    """Where the address of each cell ends, and its column; the rest of the address is what its row says."""
    import numpy as np

    demand(begins(eight[start], _CELL))
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
    demand(column > 0)
    row, bits = address
    demand(((eight[at] ^ row) & bits) == 0)
    return at + width + 1, column


def _styles(text: Any, eight: Words, at: Numbers) -> Numbers:
    """The formats that the cells name; `at` is moved behind them."""
    import numpy as np

    out = np.zeros(len(at), np.int64)
    named = np.flatnonzero(begins(eight[at], _FORMAT))
    out[named], width = quoted(text, eight, at[named] + len(_FORMAT))
    at[named] += len(_FORMAT) + width + 1
    return out


def _held(eight: Words, at: Numbers, stop: Numbers) -> tuple[Numbers, Numbers, Numbers, NDArray[np.bool_], int]:
    """What the cells hold between `at`, behind their address and format, and where they stop: kind, begin and end of
    the content, whether its blanks count; and how many tags they are."""
    import numpy as np

    word = eight[at]
    inline = begins(word, _INLINE[0])
    shared, number = (begins(word, t) for t in _TYPES)
    if inline.any():
        demand(begins(eight[at + len(_INLINE[0])], _INLINE[1]) | ~inline)
    behind = at + (len(_INLINE[0]) + len(_INLINE[1])) * inline + len(_TYPES[0]) * (shared | number)
    word, last = eight[behind], eight[stop - 8]
    text, kept, value = begins(word, _TEXT), begins(word, _KEPT[:8]), begins(word, _VALUE)
    written = text | kept
    demand(stand(eight, behind[kept], _KEPT))
    demand(np.where(inline, ~value, ~written))
    demand((begins(last, _TEXT_END[-8:]) & begins(eight[stop - len(_TEXT_END)], _TEXT_END[:8])) | ~written)
    demand(begins(last, _VALUE_END) | ~value)
    start = behind + len(_TEXT) * text + len(_KEPT) * kept + len(_VALUE) * value
    end = stop - len(_TEXT_END) * written - len(_VALUE_END) * value
    holding = written | value
    tags = 6 * np.count_nonzero(written) + 4 * np.count_nonzero(value)
    if not holding.all():
        tags += _empty(word[~holding], (stop - behind)[~holding])
    demand((start <= end) | ~holding)
    holds = WRITTEN * written + np.where(shared, SHARED, NUMBER) * value
    return holds, start, end, kept, int(tags)


def _empty(word: Words, length: Numbers) -> int:
    """How many tags the cells without content are: so many bytes of each are left behind its type."""
    import numpy as np

    tags = np.zeros(len(word), np.int64)
    for sign, number in _EMPTY:
        tags[begins(word, sign) & (length == len(sign))] = number
    demand(tags > 0)
    return int(tags.sum())
