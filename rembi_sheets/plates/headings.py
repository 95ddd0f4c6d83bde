"""What the lines above a drawing of a plate say: the column of Files its values go into, and its plates.

A heading is a heading of Files or a well-known one. Any other text is one only where a second map has it as well:
else the notes that people write above a plate would become columns.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rembi_sheets import vocabularies
from rembi_sheets.cells import Place, Raw, Sheet
from rembi_sheets.plates.grids import Cell, Grid, cells, empty
from rembi_sheets.tables import OWN, Table, sheet_key
from rembi_sheets.values import clean
from rembi_sheets.values.parts import parted

_PLATES = re.compile(r"plates?(?: names?)?\s*(?:[:=]\s*(?P<names>.*))?\Z", re.IGNORECASE | re.DOTALL)
_NUMBERED = re.compile(r"(.*\D) ?\d+\Z")
# a heading that nobody knows may be new, a date or a sentence is none
_NOTE = re.compile(r"\d{3}|\d[-/.:]\d|[.!?]\Z|[.!?;:] |,")
_WORDS = 5


@dataclass
class Heading:
    """What was found above a grid. `name`: machine name in Files, "" while it is not known; `text` as it is written.

    `at`: where the heading stands, or should; `used`: cells that were understood, or are a title above all that;
    `other`: texts that were not.
    """

    grid: Grid
    at: Place
    name: str = ""
    text: str = ""
    plates: tuple[str, ...] = ()
    used: set[Cell] = field(default_factory=set)
    other: list[Cell] = field(default_factory=list)


class MapHeadings:
    """The headings that a map may have: those of Files (as they are and as the workbook's version had them), with the
    user's own ones, and those of the list."""

    def __init__(self, table: Table) -> None:
        self._known = {sheet_key(c.label): c.name for c in table.sheet.columns if not c.own}
        for heading, name in table.former.headings.items():
            self._known.setdefault(sheet_key(heading), name)
        self._known |= {sheet_key(h): OWN + h for h in table.own}
        for heading in reversed(table.own):  # by another name of the same thing too
            label = _listed(heading)
            if label:
                self._known.setdefault(sheet_key(label), OWN + heading)
        self.labels = tuple(
            dict.fromkeys(
                [c.label for c in table.sheet.columns if not c.own]
                + [*table.own, *(e.label for e in vocabularies.entries("own_column"))]
            )
        )

    def find(self, text: str) -> str:
        """The machine name of the column that a heading names; "" where it is not known."""
        key = sheet_key(text)
        if key in self._known:
            return self._known[key]
        label = _listed(text)
        if not label:
            return ""
        name = self._known.setdefault(sheet_key(label), OWN + (label if sheet_key(label) == key else text))
        return self._known.setdefault(key, name)

    def new(self, text: str) -> str:
        """The machine name of a column that a map brings with it."""
        return self._known.setdefault(sheet_key(text), OWN + text)


def _listed(text: str) -> str:
    """The label of a well-known own column, with its number (siRNA Identifier 2); "" for any other."""
    found = vocabularies.resolve(text, "own_column").entry
    if found is not None:
        return found.label
    parts = _NUMBERED.match(text)
    base = vocabularies.resolve(parts[1].strip(), "own_column").entry if parts else None
    return f"{base.label} {text[len(parts[1]) :].strip()}" if base and parts else ""


def headings(sheet: Sheet, found: Sequence[Grid], columns: MapHeadings, plates: Collection[str]) -> list[Heading]:
    """The heading and the plates of each drawing of a sheet; `plates`: folded names of those that Files has."""
    filled = dict(cells(sheet))
    return [_Above(sheet, g, found, filled, columns, plates).heading() for g in found]


def confirmed(found: Iterable[Heading], columns: MapHeadings) -> None:
    """Texts that stand above two maps or more become headings, where they read like one and do not contradict."""
    alike: dict[str, list[Heading]] = {}
    for h in found:
        if not h.name and h.text and not _NOTE.search(h.text) and len(h.text.split()) <= _WORDS:
            alike.setdefault(sheet_key(h.text), []).append(h)
    for several in alike.values():
        if len(several) > 1 and not _contradict(several):
            for h in several:
                h.name = columns.new(several[0].text)


def _contradict(several: Sequence[Heading]) -> bool:
    """Do maps of the same plates say different things of the same wells? Then the text above is no column."""
    said: dict[tuple[str, Cell], Raw] = {}
    for h in several:
        for cell in h.grid.filled:
            raw = h.grid.sheet.rows[cell[0] - 1][cell[1] - 1]
            for plate in h.plates or ("",):
                if said.setdefault((plate.casefold(), h.grid.wells[cell]), raw) != raw:
                    return True
    return False


class _Above:
    """The lines above one drawing, as far as they belong to it."""

    def __init__(
        self,
        sheet: Sheet,
        grid: Grid,
        found: Sequence[Grid],
        filled: dict[Cell, Raw],
        columns: MapHeadings,
        plates: Collection[str],
    ) -> None:
        self.sheet, self.grid, self.columns, self.plates = sheet, grid, columns, plates
        beside = [g for g in found if g is not grid and g.top <= grid.bottom and grid.top <= g.bottom]
        self.first = grid.left if any(g.right < grid.left for g in beside) else 1
        self.last = min((g.left - 1 for g in beside if g.left > grid.right), default=1 << 20)
        above = [g for g in found if g.bottom < grid.top and g.left <= self.last and g.right >= self.first]
        self.start = max((g.bottom + 1 for g in above), default=1)
        self.lines: dict[int, list[Cell]] = {}
        for cell in filled:
            if self.start <= cell[0] < grid.top and self.first <= cell[1] <= self.last and not empty(filled[cell]):
                self.lines.setdefault(cell[0], []).append(cell)
        self.filled = filled

    def heading(self) -> Heading:
        """The heading: in the block of lines next to the plate, else in its corner, else further up."""
        grid = self.grid
        corner = (grid.top, grid.left)
        out = Heading(grid, Place(self.sheet.title, max(1, grid.top - 1), grid.left))
        near = list(self._block())
        for row in near:
            self._plates(row, out)
        far = [row for row in sorted(self.lines, reverse=True) if row not in near]
        candidates = [
            *(line[0] for row in near if (line := self._line(row, out))),
            *([corner] if corner in self.filled else []),
            *(line[0] for row in (far if self.start == 1 else ()) if (line := self._line(row, out))),
        ]
        known = next((c for c in candidates if self.columns.find(self._text(c))), None)
        if known is not None:
            out.name = self.columns.find(self._text(known))
        else:
            next_line = [c for c in candidates if c[0] == grid.top - 1 and c[1] <= grid.left]
            known = next(iter([*next_line, *(c for c in candidates if c == corner and _worded(self._text(c)))]), None)
        if known is not None:
            out.text = self._text(known)
            out.at = Place(self.sheet.title, *known, out.text)
            out.used.add(known)
            if known != corner:
                self._beside(known, out)
        top = min((c[0] for c in out.used), default=grid.top)
        over = [c for row in near if row > top for c in self.lines[row]]
        out.other = [c for c in (*over, corner) if c in self.filled and c not in out.used]
        out.used.update(c for row in near if row <= top for c in self.lines[row])  # a title
        return out

    def _block(self) -> Iterator[int]:
        """The rows of the nearest lines above, with no blank line between them; the nearest first."""
        row = max(self.lines, default=0)
        while row in self.lines:
            yield row
            row -= 1

    def _text(self, cell: Cell) -> str:
        return clean(str(self.filled[cell])).rstrip(" :")

    def _line(self, row: int, out: Heading) -> list[Cell]:
        return [c for c in self.lines[row] if c not in out.used]

    def _names(self, cell: Raw) -> list[str]:
        """The plates that a cell names, with commas between them where Files has every one; "all" names none."""
        text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
        typed = [p for p in (clean(part) for part in re.split(r"[;\n]", text)) if p and p.casefold() != "all"]
        return [p for part in typed for p in (parted(part, lambda t: t.casefold() in self.plates) or (part,))]

    def _plates(self, row: int, out: Heading) -> None:
        """A line that names plates: “Plate: plate1”, Plate and a name beside it, or nothing but plates of Files."""
        line = self.lines[row]
        found = _PLATES.match(clean(str(self.filled[line[0]])))
        given = self._names(found["names"]) if found and found["names"] else []
        if found and (given or len(line) > 1):
            out.plates += (*given, *(p for c in line[1:] for p in self._names(self.filled[c])))
            out.used.update(line)
        elif all(p.casefold() in self.plates for c in line for p in self._names(self.filled[c])):
            out.plates += tuple(p for c in line for p in self._names(self.filled[c]))
            out.used.update(line)

    def _beside(self, heading: Cell, out: Heading) -> None:
        """What stands beside a heading are its plates."""
        for cell in self.lines[heading[0]]:
            if cell[1] > heading[1] and cell not in out.used:
                out.plates += tuple(self._names(self.filled[cell]))
                out.used.add(cell)


def _worded(text: str) -> bool:
    return any(ch.isalpha() for ch in text)
