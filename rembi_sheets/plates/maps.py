"""The plate maps of a workbook, understood: which column of Files, which plates, which value in which well."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rembi_sheets import vocabularies
from rembi_sheets.cells import Book, Place, Sheet, a1
from rembi_sheets.findings import Finding, find
from rembi_sheets.plates.grids import Cell, Grid, cells, empty, grids
from rembi_sheets.plates.headings import Heading, MapHeadings, confirmed, headings
from rembi_sheets.plates.wells import name
from rembi_sheets.schema import Column, SheetSpec
from rembi_sheets.tables import OWN, Table, is_plate_map
from rembi_sheets.tables.looks import as_seen
from rembi_sheets.values import Value, clean, convert

_KEYS = ("path", "plate", "well")


@dataclass(frozen=True)
class Map:
    """One map: where its heading stands, the column it fills, its plates ((): all), its converted values by well."""

    at: Place
    column: str
    plates: tuple[str, ...]
    values: Mapping[Cell, tuple[Value, Place]] = field(default_factory=dict)


def maps(book: Book, table: Table, findings: list[Finding]) -> list[Map]:
    """The maps of all sheets of plate maps, for the table of files; what is not understood is added to `findings`.

    Maps in which nothing is written are passed over: a blank one is part of the workbook of a screen.
    """
    sheets = [s for s in book.sheets if is_plate_map(s.title)]
    if not sheets:
        return []
    columns = MapHeadings(table)
    drawn = [(sheet, grids(sheet)) for sheet in sheets]
    if not any(not g.blank for _, found in drawn for g in found):
        findings += [find("PLATE-MAP-FORM", s.title) for s, found in drawn if not found and any(cells(s))]
        return []
    plates = _plates(table)
    read = [(sheet, headings(sheet, found, columns, plates)) for sheet, found in drawn]
    confirmed([h for _, found in read for h in found if not h.grid.blank], columns)
    out: list[Map] = []
    for sheet, found in read:
        if not found:
            findings += [find("PLATE-MAP-FORM", sheet.title)] if any(cells(sheet)) else []
            continue
        for h in found:
            out += _map(h, columns, table.sheet, findings)
        findings += _unread(sheet, found)
    return out


def _plates(table: Table) -> Collection[str]:
    """The folded names of the plates of Files."""
    names = (str(p).casefold() for part in table.parts() for p in part.values("plate") if isinstance(p, str))
    return frozenset(names)


def _map(h: Heading, columns: MapHeadings, sheet: SheetSpec, findings: list[Finding]) -> Iterator[Map]:
    """The map under a heading, if it is understood and anything is written into it."""
    if h.grid.blank:
        return
    findings += _astray(h.grid)
    if not h.name and h.text:
        near = vocabularies.nearest(h.text, columns.labels, 2)
        findings.append(find("PLATE-MAP-UNKNOWN", h.at, value=h.text, suggestions=near))
    elif not h.name:
        findings.append(find("PLATE-MAP-HEADING", h.at))
    elif h.name in _KEYS:
        findings.append(find("PLATE-MAP-COLUMN", h.at, value=h.text))
    else:
        yield Map(h.at, h.name, h.plates, dict(_values(h, _column(sheet, h.name), findings)))


def _column(sheet: SheetSpec, column: str) -> Column:
    found = sheet.own if column.startswith(OWN) else sheet[column]
    assert found is not None
    return found


def _values(h: Heading, column: Column, findings: list[Finding]) -> Iterator[tuple[Cell, tuple[Value, Place]]]:
    """Well -> its converted value and the cell that says it; broken and merged cells are findings."""
    sheet = h.grid.sheet
    for row, number in h.grid.filled:
        at = Place(sheet.title, row, number, h.text)
        mark = sheet.marks.get((row, number))
        if mark is not None:
            findings.append(find(f"CELL-{mark[0].value.upper()}", at, value=mark[1]))
            continue
        raws = as_seen(sheet, column, h.text, number, [row], [sheet.rows[row - 1][number - 1]], findings)
        value, problems = convert(raws[0], column)
        for p in problems:
            fields: dict[str, Any] = dict(p.fields)
            findings.append(find(p.code, at, value=p.value, suggestions=p.suggestions, **fields))
        if value is not None:
            yield h.grid.wells[row, number], (value, at)
    for top, left, bottom, right in sheet.merged:
        if (top, left) in h.grid.filled and (top, left) != (bottom, right):
            merged = f"{a1(top, left)}:{a1(bottom, right)}"
            findings.append(find("MERGED-CELLS", Place(sheet.title, top, left, h.text), value=merged))


def _astray(grid: Grid) -> Iterator[Finding]:
    """Values on lines without a letter between lines that have one."""
    if grid.astray:
        places = [Place(grid.sheet.title, *cell) for cell in grid.astray]
        row = places[0].row
        yield find("PLATE-MAP-ROW", places, value=_shown(grid.sheet, grid.astray[0]), row=row, n=len(places))


def _unread(sheet: Sheet, found: Sequence[Heading]) -> Iterator[Finding]:
    """Texts between, beside and below the maps, which go nowhere. What stands above a map is its title."""
    top = min((c[0] for h in found for c in h.used), default=min(h.grid.top for h in found))
    used = {c for h in found for c in h.used} | {c for h in found if not h.name for c in h.other}
    over = {c for h in found if h.name for c in h.other}
    left = [
        cell
        for cell, raw in cells(sheet)
        if cell in over
        or (cell[0] >= top and cell not in used and not any(h.grid.holds(cell) for h in found) and not empty(raw))
    ]
    left = [c for c in left if any(ch.isalnum() for ch in _shown(sheet, c))]
    if left:
        yield find("PLATE-MAP-NOTES", [Place(sheet.title, *c) for c in left], value=_shown(sheet, left[0]), n=len(left))


def _shown(sheet: Sheet, cell: Cell) -> str:
    line = sheet.rows[cell[0] - 1]
    return clean(str(line[cell[1] - 1])) if cell[1] <= len(line) and line[cell[1] - 1] is not None else ""


def wells_of(places: Sequence[Cell]) -> str:
    """Some wells as they are told: all up to six, else the first ones and the last."""
    shown = [name(p) for p in sorted(places)]
    return ", ".join(shown) if len(shown) <= 6 else f"{', '.join(shown[:3])} .. {shown[-1]}"
