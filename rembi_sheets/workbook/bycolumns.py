"""A long worksheet by columns: one pass over its part, several times faster than a reader that goes cell by cell.

It takes only what it knows to the byte: plain texts and numbers, as Excel, LibreOffice and the usual libraries write
them. A formula, an error, a date, a text whose looks say something, an unusual spelling of the XML: the answer is None,
and the sheet is read as every other is. What it takes is what the reader for values gives, cell for cell.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import TYPE_CHECKING, Any

from rembi_sheets.cells import ByColumns, Raw
from rembi_sheets.coded import Coded, objects
from rembi_sheets.workbook import tags
from rembi_sheets.workbook.looks import Formats
from rembi_sheets.workbook.package import cell_number, parts
from rembi_sheets.workbook.signs import PAD, OddError, blanks, demand, digits, eights
from rembi_sheets.workbook.xmltexts import MOST_HEAD, Texts, decoded, escaped, plain, usual

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONG = 1 << 20
"""From so many bytes on a part is worth the effort."""

_DATA = b"<sheetData>"
_DATA_END = b"</sheetData>"
_ROW_END = b"</row>"
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]+[0-9]+):([A-Z]+[0-9]+)" ?/>')
_NUMBER = re.compile(rb"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_SPARSE = 4  # a piece with more rows than so many for each that is written is left alone


@dataclass(frozen=True)
class Long:
    """A long sheet: its rows, kept by columns, and its merged ranges as in `Sheet`."""

    rows: ByColumns
    merged: tuple[tuple[int, int, int, int], ...]


def is_long(package: zipfile.ZipFile, part: str) -> bool:
    """Is a part a worksheet by its name, and so long that it is worth the effort?"""
    return part.startswith("xl/worksheets/") and part.endswith(".xml") and package.NameToInfo[part].file_size >= LONG


def read(
    package: zipfile.ZipFile,
    part: str,
    strings: Texts,
    styles: Formats,
    most: int,
) -> Long | None:
    """The rows of a worksheet; None where anything is in it that is not known to the byte.

    `most`: so many cells at most. Raises RefusedError when the part cannot be unpacked.
    """
    sheet = _Sheet(strings, styles, most)
    try:
        rest = b""
        stage = _before
        for piece in parts(package, part):
            rest, stage = stage(sheet, rest + piece)
            while stage is _rows and _DATA_END in rest:
                rest, stage = _last(sheet, rest)
        return sheet.finished(rest) if stage is _behind else None
    except OddError:
        return None


def _before(sheet: _Sheet, text: bytes) -> tuple[bytes, Any]:
    """What comes before the rows."""
    head, found, rest = text.partition(_DATA)
    if len(head) > MOST_HEAD or b"<!" in head or b"sheetData" in head or not usual(head):
        raise OddError
    return _rows(sheet, rest) if found else (text, _before)


def _rows(sheet: _Sheet, text: bytes) -> tuple[bytes, Any]:
    """Whole rows; what is left of one."""
    if _DATA_END in text:
        return text, _rows
    end = text.rfind(_ROW_END) + len(_ROW_END)
    if end >= len(_ROW_END):
        sheet.take(text[:end])
        return text[end:], _rows
    if len(text) > MOST_HEAD << 6:
        raise OddError
    return text, _rows


def _last(sheet: _Sheet, text: bytes) -> tuple[bytes, Any]:
    rows, _, rest = text.partition(_DATA_END)
    if rows:
        sheet.take(rows)
    return rest, _behind


def _behind(sheet: _Sheet, text: bytes) -> tuple[bytes, Any]:
    """What comes behind the rows."""
    return text, _behind


@dataclass
class _Sheet:
    """A sheet as it grows: `blocks` hold for some rows which of the values stands in each column."""

    strings: Texts
    styles: Formats
    most: int
    blocks: list[NDArray[np.int32]] = field(default_factory=list)
    width: int = 0
    height: int = 0
    row: int = 0

    def __post_init__(self) -> None:
        """The values are an empty text, the shared texts, and what the cells hold themselves as it is met."""
        self.values: list[Raw] = ["", *self.strings.texts]
        self.written: dict[str, int] = {}
        self.numbers: dict[bytes, int] = {}

    def take(self, rows: bytes) -> None:
        """More rows, as they are written."""
        piece = rows + PAD
        cells = tags.read(piece)
        if cells.numbers[0] <= self.row or b"\r" in rows or escaped(rows):
            raise OddError
        self.row = int(cells.numbers[-1])
        self._refuse_styles(cells)
        self._place(cells, self._codes(piece, cells))

    def _refuse_styles(self, cells: tags.Cells) -> None:
        """Numbers that may be dates, and texts whose looks may say something, are for others."""
        import numpy as np

        every = (tags.NUMBER, tags.SHARED, tags.WRITTEN)
        for styles, kinds in ((self.styles.dating, every[:1]), (self.styles.telling, every)):
            if styles:
                used = np.unique(cells.style[np.isin(cells.holds, kinds)]).tolist()
                if not styles.isdisjoint(used):
                    raise OddError

    def _codes(self, piece: bytes, cells: tags.Cells) -> NDArray[np.int32]:
        """The place among the values of what each cell holds."""
        import numpy as np

        out = np.zeros(len(cells.holds), np.int32)
        for kind, codes in ((tags.SHARED, self._shared), (tags.NUMBER, self._numbers), (tags.WRITTEN, self._texts)):
            at = np.flatnonzero(cells.holds == kind)
            if len(at):
                out[at] = codes(piece, cells, at)
        return out

    def _shared(self, piece: bytes, cells: tags.Cells, at: NDArray[Any]) -> Any:
        eight = eights(piece)
        numbers = digits(eight[cells.start[at]], cells.end[at] - cells.start[at])
        if int(numbers.max()) >= len(self.strings.odd) or self.strings.odd[numbers].any():
            raise OddError
        return numbers + 1

    def _numbers(self, piece: bytes, cells: tags.Cells, at: NDArray[Any]) -> Any:
        start, end = cells.start[at], cells.end[at]
        first, same = tags.alike(piece, start, end)
        spans = zip(start[first].tolist(), end[first].tolist(), strict=True)
        places = [self._number(piece[a:b]) for a, b in spans]
        return _int32(places)[same]

    def _number(self, text: bytes) -> int:
        place = self.numbers.get(text)
        if place is None:
            value = float(text) if _NUMBER.fullmatch(text) else float("nan")
            if not isfinite(value):
                raise OddError
            place = self.numbers[text] = len(self.values)
            self.values.append(value)
        return place

    def _texts(self, piece: bytes, cells: tags.Cells, at: NDArray[Any]) -> Any:
        start, end = cells.start[at], cells.end[at]
        bare = ~cells.kept[at] & (end > start)
        demand(~blanks(piece, start[bare]))
        demand(~blanks(piece, end[bare] - 1))
        first, same = tags.alike(piece, start, end)
        texts = decoded(piece, start[first], end[first])
        if b"&" in piece:
            texts = list(map(plain, texts))
        new = len(self.values)
        codes = list(map(self.written.setdefault, texts, range(new, new + len(texts))))
        self.values += [t if code >= new else None for t, code in zip(texts, codes, strict=True)]
        return _int32(codes)[same]

    def _place(self, cells: tags.Cells, codes: NDArray[np.int32]) -> None:
        """Codes into their columns, empty texts between."""
        import numpy as np

        held = np.flatnonzero(cells.holds != tags.NOTHING)
        if not len(held):
            return
        row, column = cells.row[held], cells.column[held]
        high, self.width = int(row[-1]) - self.height, max(int(column.max()), self.width)
        if high > _SPARSE * len(cells.numbers) + LONG // 16 or int(row[-1]) * self.width > self.most:
            raise OddError
        block = np.zeros((self.width, high), np.int32)
        block[column - 1, row - 1 - self.height] = codes[held]
        self.blocks.append(block)
        self.height += high

    def _columns(self) -> list[Coded[Raw]]:
        """What was placed; a column that a block does not reach has empty texts there."""
        import numpy as np

        values = objects(self.values)
        codes = np.zeros((self.width, self.height), np.int32)
        row = 0
        for block in self.blocks:
            codes[: len(block), row : row + block.shape[1]] = block
            row += block.shape[1]
        return [Coded(values, line) for line in codes]

    def finished(self, rest: bytes) -> Long:
        """The sheet, when what comes behind its rows is understood as well."""
        if b"<!" in rest or b"sheetData" in rest or b"rPr>" in rest or rest.rstrip()[-12:] != b"</worksheet>":
            raise OddError
        found = _MERGED.findall(rest)
        if len(found) != rest.count(b"mergeCell "):
            raise OddError
        merged = []
        for first, last in found:
            a, b = cell_number(first.decode()), cell_number(last.decode())
            if a is None or b is None:
                raise OddError
            merged.append((*a, *b))
        return Long(ByColumns(self._columns()), tuple(merged))


def _int32(numbers: Sequence[int]) -> NDArray[np.int32]:
    import numpy as np

    return np.array(numbers, np.int32)
