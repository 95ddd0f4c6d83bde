"""Where the table of a sheet is: notes above it passed over, headings of several lines as one, totals left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from rembi_sheets.cells import Raw, Sheet, down
from rembi_sheets.fill.sources.table import labels
from rembi_sheets.fill.sources.table.labels import Label
from rembi_sheets.fill.sources.table.words import is_unit, listed, parted, squeezed, synonyms
from rembi_sheets.plates.grids import empty
from rembi_sheets.schema import load
from rembi_sheets.values import clean

_TOP, _FAR = 60, 500  # the rows among which headings are looked for; farther down where none are there
_NOTES = 12  # lines between a label and the headings of its part
_FIRST = 3  # letters of a cell that tell whether it may be a heading again
_BELOW = 20  # rows below that tell whether they are headings
_NUMBER = re.compile(r"[-+]?[\d.,\s]+(?:e[-+]?\d+)?%?\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: the number of its column on the sheet, its words without the unit, the unit, and as it is written."""

    number: int
    name: str
    unit: str
    text: str


@dataclass(frozen=True)
class Block:
    """A table on a sheet: the row of its headings, the headings, the numbers of its rows, lines of totals left out.

    `lines`: what lines of one word and its value say of the rows below each (labels), where the table has no column
    for it; its heading is the last one, under a number that no column of the sheet has.
    """

    sheet: Sheet
    head: int
    headings: tuple[Heading, ...]
    rows: tuple[int, ...]
    totals: tuple[int, ...] = ()
    lines: tuple[Label, ...] = ()

    def values(self, number: int, rows: Sequence[int] | None = None) -> list[Raw]:
        """The cells of a column, row by row (of some rows where these are given); blank ones are None."""
        if self.lines and number == self.headings[-1].number:
            return labels.spread(self.lines, self.rows if rows is None else rows)
        if rows is None:
            column = down(self.sheet.rows, number)
            found = [column[r - 1] for r in self.rows]
        else:
            found = list(down([self.sheet.rows[r - 1] for r in rows], number))
        blank = {v for v in set(found) if isinstance(v, str) and not v.strip()}
        return [None if v in blank else v for v in found] if blank else found


def block(sheet: Sheet) -> Block | None:
    """The first table of a sheet; None where there is none."""
    return next(iter(blocks(sheet)), None)


def blocks(sheet: Sheet) -> list[Block]:
    """The tables of a sheet: one, or several side by side with the same headings."""
    head = _head(sheet)
    if not head:
        return []
    texts = _texts(sheet, head)
    last = head
    units: Mapping[int, str] = {}
    below = _line(sheet, head + 1)
    named = {n: clean(str(v)).strip("[]()") for n, v in below.items()}
    if named and all(map(is_unit, named.values())) and not any(v.isdigit() for v in named.values()):
        units, last = named, head + 1
    out = []
    for part in _side_by_side(texts):
        headings = []
        for number, text in sorted(part.items()):
            name, unit = parted(text)
            headings.append(Heading(number, name, unit or units.get(number, ""), text))
        rows, totals, lines = _rows(sheet, last, part)
        if not labels.has_column(h.text for h in headings):
            lines = [*labels.above(sheet, head), *lines]
            if lines:
                headings.append(Heading(_beyond(sheet, head), lines[0].text, "", lines[0].text))
        else:
            lines = []
        if rows:
            out.append(Block(sheet, head, tuple(headings), tuple(rows), tuple(totals), tuple(lines)))
    return out


def _beyond(sheet: Sheet, head: int) -> int:
    """A number that no column has."""
    return max(len(sheet.rows[row - 1]) for row in range(head, min(len(sheet.rows), head + _BELOW) + 1)) + 1


def _side_by_side(texts: Mapping[int, str]) -> list[Mapping[int, str]]:
    """The headings, parted before each that begins them again; whole where what follows is not the same again."""
    numbers = sorted(texts)
    words = [squeezed(texts[n]) for n in numbers]
    starts = [n for n, word in enumerate(words) if word == words[0]]
    ends = [*starts[1:], len(words)]
    parts = [set(words[a:b]) for a, b in zip(starts, ends, strict=True)]
    if any(len(p) < 2 or not (p <= parts[0] or p >= parts[0]) for p in parts):
        return [texts]
    return [{n: texts[n] for n in numbers[a:b]} for a, b in zip(starts, ends, strict=True)]


def _line(sheet: Sheet, row: int) -> dict[int, Raw]:
    """The filled cells of a row."""
    cells = sheet.rows[row - 1] if 0 < row <= len(sheet.rows) else ()
    return {n: raw for n, raw in enumerate(cells, start=1) if not empty(raw)}


def _worded(raw: Raw) -> bool:
    return isinstance(raw, str) and not _NUMBER.match(raw.strip())


def _head(sheet: Sheet) -> int:
    """The row whose cells are most like headings: known ones, words above many filled cells; 0 where there is none."""
    best, found = 0, 0
    for row in range(1, min(len(sheet.rows), _FAR) + 1):
        if found and row > _TOP:
            break
        line = _line(sheet, row)
        words = {n: squeezed(parted(str(raw))[0]) for n, raw in line.items() if _worded(raw)}
        if len(words) < 2 or not any(len(_line(sheet, r).keys() & words) > 1 for r in range(row + 1, row + _BELOW)):
            continue
        known = len({w for w in words.values() if w in _known()})
        score = 3 * known + len(words) - 2 * (len(line) - len(words)) - (labels.label(row, line) is not None)
        if score > best:
            best, found = score, row
    return found


def _known() -> Mapping[str, object]:
    if not _LABELS:
        _LABELS.update({squeezed(c.label): c for s in load().sheets for c in s.columns if not c.own})
        _LABELS.update(synonyms())
    return _LABELS


_LABELS: dict[str, object] = {}


def _texts(sheet: Sheet, head: int) -> dict[int, str]:
    """The headings by column: a group above is put before one that stands twice, and is one where none is below."""
    line = {n: clean(str(v)) for n, v in _line(sheet, head).items()}
    above = {n: clean(str(v)) for n, v in _line(sheet, head - 1).items() if _worded(v)}
    below = [_line(sheet, r) for r in range(head + 1, min(len(sheet.rows), head + _BELOW) + 1)]
    groups = _spread(sheet, head - 1, above, max(line))
    twice = {t for t, n in Counter(map(squeezed, line.values())).items() if n > 1}
    out = dict(line)
    for number, text in line.items():
        if squeezed(text) in twice and number in groups:
            out[number] = f"{groups[number]} {text}"
    for number, text in above.items():
        if number not in line and number < max(line) + 2 and any(number in b for b in below):
            out[number] = text
    return out


def _spread(sheet: Sheet, row: int, above: Mapping[int, str], last: int) -> dict[int, str]:
    """Column -> the group above it: a text goes as far as its joined cells, else to the next text."""
    out: dict[int, str] = {}
    joined = {left: right for top, left, _, right in sheet.merged if top == row}
    starts = sorted(above)
    for n, start in enumerate(starts):
        end = joined.get(start, (starts[n + 1] - 1) if n + 1 < len(starts) else last)
        out.update(dict.fromkeys(range(start, end + 1), above[start]))
    return out


def _rows(sheet: Sheet, head: int, texts: Mapping[int, str]) -> tuple[list[int], list[int], list[Label]]:
    """The rows below the headings: blank ones, repeated headings, lines of totals and labels are none.

    What stands between a label and the headings that follow it soon are notes.
    """
    rows, totals = list[int](), list[int]()
    lines: list[Label] = []
    wide = sorted(texts)
    said = {n: squeezed(t) for n, t in texts.items()}
    words = set(listed("totals"))
    begins = {_beginning(w) for w in (*words, *labels.words(), said[wide[0]], texts[wide[0]])}
    column = down(sheet.rows, wide[0])[head:]
    unlike = {b for b in {v[:_FIRST] for v in column if v.__class__ is str} if _unlike(b, begins)}
    for row, first in enumerate(column, start=head + 1):
        if first.__class__ in _NUMBERS or (first.__class__ is str and first[:_FIRST] in unlike):
            rows.append(row)  # neither a word for totals nor a heading again
            continue
        cells = sheet.rows[row - 1]
        filled = [(n, cells[n - 1]) for n in wide if n <= len(cells) and not empty(cells[n - 1])]
        if not filled:
            continue
        begun = filled[0][1]
        if found := labels.label(row, dict(filled)):
            lines.append(found)
        elif isinstance(begun, str) and len(filled) < len(wide) and clean(begun).casefold().rstrip(" :") in words:
            totals.append(row)
        elif isinstance(begun, str) and squeezed(begun) == said[filled[0][0]] and _again(filled, said):
            while lines and rows and lines[-1].row < rows[-1] and row - lines[-1].row <= _NOTES:
                rows.pop()
        else:
            rows.append(row)
    return rows, totals, lines


_NUMBERS = frozenset((int, float, bool))


def _unlike(text: str, begins: Collection[str]) -> bool:
    """Does a text begin as none of some words does, by its first letters? What begins with another sign may."""
    first = text[:1]
    return first.isascii() and first.isalnum() and _beginning(text) not in begins


def _beginning(text: str) -> str:
    return text[:_FIRST].lower().rstrip(" :=")


def _again(filled: Sequence[tuple[int, Raw]], said: Mapping[int, str]) -> bool:
    return all(isinstance(v, str) and squeezed(v) == said[n] for n, v in filled)
