"""Plates as vendors draw them: grids with letters and numbers, each with a title that says what it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rembi_sheets.cells import Place, Raw, Sheet, a1
from rembi_sheets.fill.joins import Join
from rembi_sheets.fill.model import Confidence, Proposal, Unplaced
from rembi_sheets.fill.sources.table.blocks import Heading
from rembi_sheets.fill.sources.table.mapping import aim_of
from rembi_sheets.fill.sources.table.model import Aim, TableMap
from rembi_sheets.fill.sources.table.words import listed, parted, squeezed
from rembi_sheets.findings import find
from rembi_sheets.plates import PLATES
from rembi_sheets.plates.grids import Cell, Grid, empty, grids
from rembi_sheets.plates.wells import name
from rembi_sheets.schema import SheetSpec, load
from rembi_sheets.tables import OWN
from rembi_sheets.tables.looks import as_seen
from rembi_sheets.values import clean

_ABOVE = 6  # lines above a grid that may say what it is
_PARTS = re.compile(r"\s[-–—|]\s|[:=;|\n]|,\s")
_LONG = 2000  # rows of a sheet from which drawings are looked for only where a row has the letter A
_SMALLEST = 24  # a smaller grid may be any table with letters and numbers


@dataclass(frozen=True)
class Title:
    """What stands above a grid: the column that its values go into, and its plate; "" for what is not said."""

    aim: Aim | None
    plate: str
    text: str


def drawn(sheet: Sheet) -> list[Grid]:
    """The plates on a sheet."""
    if len(sheet.rows) > _LONG and not any("A" in line for line in sheet.rows):
        return []  # a long table without the letter of a first row is no drawing
    wanted = [g for g in grids(sheet) if len(g.wells) >= _SMALLEST and g.filled]
    sizes = {(rows, columns) for rows, columns in PLATES}
    return [g for g in wanted if _size(g) in sizes or len(g.filled) >= _SMALLEST]


def _size(grid: Grid) -> tuple[int, int]:
    return max(r for r, _ in grid.wells.values()), max(c for _, c in grid.wells.values())


def mapped(sheet: Sheet, found: Sequence[Grid], file: str, stem: str) -> list[tuple[Grid, Title, TableMap]]:
    """Each grid with its title, and how it is understood. `stem`: the name of the file without its ending."""
    files = next(s for s in load().sheets if s.own)
    titles = _titles(sheet, found, files)
    usual = _aim(sheet.title, files) or _aim(stem, files)
    out = []
    for grid, title in zip(found, titles, strict=True):
        aim = title.aim or usual
        if aim is None:
            said = "the title above the plate does not say what its wells hold"
            text = title.text or sheet.title
            aim = Aim(grid.left, text, f"{OWN}{text}", Confidence.GUESS, said)
        out.append((grid, title, TableMap(file, sheet.title, grid.top, files.name, (aim,))))
    return out


def joined(grid: Grid, title: Title, made: TableMap, stem: str) -> tuple[Join, list[Unplaced]]:
    """What the wells of a grid say."""
    sheet, files = grid.sheet, load()[made.about]
    aim = made.aims[0]
    unplaced: list[Unplaced] = []
    if not aim.to:
        return Join(), [Unplaced(made.file, f"{sheet.title} {a1(grid.top, grid.left)}", aim.heading, aim.reason)]
    column = files.own if aim.to.startswith(OWN) else files[aim.to]
    assert column is not None
    plates = tuple(n for n in (title.plate, sheet.title, stem) if n and not _generic(n))
    proposals: list[Proposal] = []
    joined_to = _joined_cells(grid)
    for cell in grid.filled:
        place = Place(sheet.title, *cell, aim.heading)
        where = f"{sheet.title} {place.a1}" if sheet.title != stem else place.a1
        mark = sheet.marks.get(cell)
        if mark is not None:
            said = find(f"CELL-{mark[0].value.upper()}", place, value=mark[1]).message
            unplaced.append(Unplaced(made.file, where, mark[1], said))
            continue
        raw: Raw = sheet.rows[cell[0] - 1][cell[1] - 1]
        raw = as_seen(sheet, column, aim.heading, cell[1], [cell[0]], [raw], [])[0] if sheet.formats else raw
        for one in joined_to.get(cell, (cell,)):
            key = ("", title.plate, name(grid.wells[one]), "")
            proposals.append(Proposal(files.name, key, aim.to, raw, made.file, where, aim.confidence))
            if aim.unit_to:
                proposals.append(Proposal(files.name, key, aim.unit_to, aim.unit, made.file, where, aim.confidence))
    return Join(tuple(proposals), plates), unplaced


def _joined_cells(grid: Grid) -> Mapping[Cell, Sequence[Cell]]:
    """First cell of joined ones -> those of the plate among them: what stands there is said of each well."""
    return {
        (top, left): [c for r in range(top, bottom + 1) for n in range(left, right + 1) if (c := (r, n)) in grid.wells]
        for top, left, bottom, right in grid.sheet.merged
        if (top, left) in grid.wells
    }


def _generic(text: str) -> bool:
    return squeezed(text).rstrip("0123456789") in {squeezed(t) for t in listed("sheets")}


def _titles(sheet: Sheet, found: Sequence[Grid], files: SheetSpec) -> list[Title]:
    """The title of each grid; a plate that a first grid names is that of those below it that name none."""
    out: list[Title] = []
    for grid in found:
        made = _title(list(_texts(sheet, grid, found)), files)
        if not made.plate and out:
            made = Title(made.aim, out[-1].plate, made.text)
        out.append(made)
    return out


def _texts(sheet: Sheet, grid: Grid, found: Sequence[Grid]) -> Iterator[tuple[str, str]]:
    """Texts above a grid and in its corner, the nearest first, each with what stands right of it."""
    others = [g for g in found if g is not grid]
    for row in range(grid.top, max(0, grid.top - _ABOVE), -1):
        last = grid.left if row == grid.top else grid.right
        line: Sequence[Raw] = sheet.rows[row - 1] if row <= len(sheet.rows) else ()
        if any(g.top <= row <= g.bottom and g.left <= grid.right and g.right >= grid.left for g in others):
            return
        cells: list[Cell] = [(row, n) for n in range(1, min(last, len(line)) + 1) if not empty(line[n - 1])]
        cells = [c for c in cells if not any(g.holds(c) for g in others)]
        cells = [c for c in cells if c[1] >= grid.left or not any(g.right < grid.left for g in others)]
        for n, (_, column) in enumerate(cells):
            beside = line[cells[n + 1][1] - 1] if n + 1 < len(cells) else None
            yield _plain(line[column - 1]), _plain(beside)


def _plain(raw: Raw) -> str:
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return "" if raw is None else clean(str(raw))


def _title(texts: Sequence[tuple[str, str]], files: SheetSpec) -> Title:
    aim, plate, rest = None, "", ""
    plates = {squeezed(w) for w in listed("plates")}
    for text, beside in texts:
        parts = [p for p in (part.strip() for part in _PARTS.split(text)) if p]
        for n, part in enumerate(parts):
            words = part.split(maxsplit=1)
            if squeezed(part) in plates:
                plate = plate or (parts[n + 1] if n + 1 < len(parts) else beside)
                if n + 1 < len(parts):
                    parts[n + 1] = ""
            elif _aim(part, files):
                aim = aim or _aim(part, files)
            elif len(words) > 1 and squeezed(words[0]) in plates and len(words[1].split()) == 1:
                plate = plate or words[1]
            elif part and len(parts) > 1 and n == 0 and any(_aim(p, files) for p in parts[1:]):
                plate = plate or part  # “SCR001: Compound”
            else:
                rest = rest or part
    return Title(aim, plate, rest)


def _aim(text: str, files: SheetSpec) -> Aim | None:
    """The aim of values under a title, where it is one of those that Files knows."""
    unit = parted(text)
    found = aim_of(files, Heading(1, *unit, clean(text)))
    return found if found and found.to not in files.key else None
