"""Plates written shortly: ranges of wells in one row of Files, and plate maps on sheets of their own.

A `Well` such as A1:P24, or B2;B3, stands for that many wells: the row is repeated, each with its well;
all of them have the place of the row as written.

A plate map is a sheet whose title begins with “Plate map”. It holds one or more maps below one another:

    Compound Name | plate1; plate2 |      |         heading of a column of Files; plates (none: all of them)
                  | 1              | 2    | 3       numbers of the columns
    A             | DMSO           |      | taxol   letter of the row, then a value for each well
    B             | ...

Values go into that column of Files, into the rows of those plates and wells; a heading that Files does not have becomes
a column. What a row of Files says itself goes before the map.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from rembi_sheets.cells import Book, Place, Raw, Sheet, letters
from rembi_sheets.findings import Finding, find
from rembi_sheets.schema import Column, SheetSpec
from rembi_sheets.tables import OWN, PLATE_MAP, REPEAT, Table, Tables, frame, sheet_key
from rembi_sheets.values import UNREADABLE, Value, clean, convert

if TYPE_CHECKING:
    import pandas as pd

_WELL = re.compile(r"([A-Za-z]{1,2})(0*)(\d{1,2})\Z")
_MANY = re.compile(r"[;,:]|\s-\s")
_LAST_ROW, _LAST_COLUMN = 32, 48
FILES = "files"


@dataclass(frozen=True)
class Map:
    """One map: where it stands, the column it fills, its plates ((): all), and its values by row and column."""

    sheet: str
    heading: str
    at: Place
    plates: tuple[str, ...]
    wells: Mapping[tuple[int, int], tuple[Raw, Place]]


@dataclass
class _Filling:
    """A map on its way into Files: its column, its converted values, and the wells that were found."""

    map: Map
    name: str
    values: dict[tuple[int, int], tuple[Value, Place]]
    met: set[tuple[int, int]] = field(default_factory=set)


def position(well: str) -> tuple[int, int] | None:
    """Row and column of a well from 1: B02 -> (2, 2), AF48 -> (32, 48); None for anything else."""
    found = _WELL.match(well.strip())
    if not found or not int(found[3]):
        return None
    row = 0
    for letter in found[1].upper():
        row = row * 26 + ord(letter) - 64
    return (row, int(found[3])) if row <= _LAST_ROW and int(found[3]) <= _LAST_COLUMN else None


def wells(text: str) -> tuple[str, ...] | None:
    """The wells that a cell stands for, row by row; one well as it is written; None when it cannot be read."""
    if not _MANY.search(text):
        return (text,) if position(text) else None
    out: list[str] = []
    for part in re.split(r"[;,]", text):
        ends = [e.strip() for e in re.split(r":|\s-\s", part)]
        places = [position(e) for e in ends]
        if len(ends) > 2 or not all(places):
            return None
        if len(ends) == 1:
            out.append(ends[0])
            continue
        (top, left), (bottom, right) = (p for p in places if p)
        width = 2 if re.search(r"[A-Za-z]0\d", ends[0]) else 1
        out += [
            f"{letters(row)}{column:0{width}d}"
            for row in range(min(top, bottom), max(top, bottom) + 1)
            for column in range(min(left, right), max(left, right) + 1)
        ]
    return tuple(dict.fromkeys(out))


def expand(tables: Tables, book: Book) -> tuple[Tables, list[Finding]]:
    """Tables with every row of Files for one well, plate maps filled in; and what could not be read or placed.

    Tables in which no row stands for several wells, of a book without plate maps, come back as they are.
    """
    findings: list[Finding] = []
    table = tables[FILES]
    fillings = _fillings([m for s in book.sheets for m in maps(s, findings)], table, findings)
    if table.source is not None:
        made = _streamed(table, fillings)
    else:
        made = _filled(_expanded(table, findings), fillings, findings)
        findings += _left(made, fillings)
    if made is table:
        return tables, findings
    return Tables(tables.schema, {**tables.tables, FILES: made}, tables.meta), findings


def is_map(sheet: Sheet) -> bool:
    """Whether a sheet holds plate maps, by its title."""
    return sheet_key(sheet.title).startswith(PLATE_MAP)


def maps(sheet: Sheet, findings: list[Finding]) -> Iterator[Map]:
    """The maps of a sheet; findings tell of one that has no heading, and of a sheet without any."""
    if not is_map(sheet):
        return
    found = 0
    for number, cells in enumerate(sheet.rows, start=1):
        if not _counts(cells):
            continue
        found += 1
        above = next((n for n in range(number - 1, 0, -1) if any(not _blank(c) for c in sheet.rows[n - 1])), 0)
        head = sheet.rows[above - 1] if above else ()
        heading = clean(str(head[0])) if head and not _blank(head[0]) else ""
        at = Place(sheet.title, above or number, 1, heading)
        if not heading or position(f"{heading}1"):
            findings.append(find("PLATE-MAP-HEADING", Place(sheet.title, above or max(1, number - 1), 1)))
            continue
        plates = tuple(p for c in head[1:] if not _blank(c) for p in _names(c))
        yield Map(sheet.title, heading, at, plates, dict(_values(sheet, number, heading, findings)))
    if not found:
        findings.append(find("PLATE-MAP-FORM", sheet.title))


def _names(cell: Raw) -> list[str]:
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    return [p for p in (clean(part) for part in re.split(r"[;\n]", text)) if p and p.casefold() != "all"]


def _counts(cells: Sequence[Raw]) -> bool:
    """Whether a row holds nothing but 1, 2, 3 .. from its second cell on."""
    if len(cells) < 3 or not _blank(cells[0]):
        return False
    filled = [c for c in cells[1:] if not _blank(c)]
    numbers = [_integer(c) for c in filled]
    return len(filled) > 1 and numbers == list(range(1, len(filled) + 1)) and not _blank(cells[1])


def _integer(cell: Raw) -> int | None:
    text = str(cell).strip()
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return int(text) if text.isdigit() else None


def _values(
    sheet: Sheet, top: int, heading: str, findings: list[Finding]
) -> Iterator[tuple[tuple[int, int], tuple[Raw, Place]]]:
    """Values by row and column, from the rows below the numbers down to the first that has no letter."""
    for number in range(top + 1, len(sheet.rows) + 1):
        cells = sheet.rows[number - 1]
        place = position(f"{clean(str(cells[0]))}1") if cells and not _blank(cells[0]) else None
        if place is None:
            return
        for column, cell in enumerate(cells[1:], start=1):
            at = Place(sheet.title, number, column + 1, heading)
            mark = sheet.marks.get((number, column + 1))
            if mark is not None:
                findings.append(find(f"CELL-{mark[0].value.upper()}", at, value=mark[1]))
            elif not _blank(cell):
                yield (place[0], column), (cell, at)


def _blank(cell: Raw) -> bool:
    return cell is None or (isinstance(cell, str) and not clean(cell))


def _fillings(found: Iterable[Map], table: Table, findings: list[Finding]) -> list[_Filling]:
    """The column of each map, and its values converted as those of that column."""
    out = []
    labels = {sheet_key(c.label): c.name for c in table.sheet.columns if not c.own}
    own = {sheet_key(h): OWN + h for h in table.own}
    for m in found:
        name = labels.get(sheet_key(m.heading)) or own.setdefault(sheet_key(m.heading), OWN + m.heading)
        if name in ("plate", "well", "path"):
            findings.append(find("PLATE-MAP-COLUMN", m.at, value=m.heading))
            continue
        column = _column(table.sheet, name)
        values: dict[tuple[int, int], tuple[Value, Place]] = {}
        for place, (raw, at) in m.wells.items():
            value, problems = convert(raw, column)
            for p in problems:
                fields: dict[str, Any] = dict(p.fields)
                findings.append(find(p.code, at, value=p.value, suggestions=p.suggestions, **fields))
            if value is not None:
                values[place] = (value, at)
        out.append(_Filling(m, name, values))
    return out


def _column(sheet: SheetSpec, name: str) -> Column:
    column = sheet.own if name.startswith(OWN) else sheet[name]
    assert column is not None
    return column


def _expanded(table: Table, findings: list[Finding]) -> Table:
    """Every row that stands for several wells repeated."""
    made = _one_well_a_row(table.frame, table.place, findings)
    return table if made is table.frame else replace(table, frame=made)


def _one_well_a_row(
    data: pd.DataFrame, place: Callable[[int, str], Place], findings: list[Finding] | None
) -> pd.DataFrame:
    if "well" not in data.columns:
        return data
    given = data["well"].tolist()
    many = {w for w in set(given) if isinstance(w, str) and _MANY.search(w)}
    if not many:
        return data
    several = [n for n, w in enumerate(given) if w in many]
    known: dict[int, tuple[str, ...]] = {}
    for n in several:
        text = data["well"].iloc[n]
        meant = wells(text)
        if meant is not None:
            known[n] = meant
        elif findings is not None:
            findings.append(find("PLATE-RANGE", place(int(data.index[n]), "well"), value=text))
    rows = [n for n in range(len(data)) for _ in known.get(n, ("",))]
    column = [w for n in range(len(data)) for w in known.get(n, (data["well"].iloc[n],))]
    made: dict[str, Sequence[Value]] = {str(name): list(data[name].iloc[rows].tolist()) for name in data.columns}
    index = [int(data.index[n]) + k * REPEAT for n in range(len(data)) for k in range(len(known.get(n, ("",))))]
    return frame({**made, "well": column}, index)


def _filled(table: Table, fillings: list[_Filling], findings: list[Finding] | None) -> Table:
    """The maps' values in the rows of their plates and wells."""
    if not fillings:
        return table
    data, columns = _with_values(table.frame, fillings, findings, table.place), dict(table.columns)
    free = max(columns.values(), default=0)
    for f in fillings:
        if f.name not in columns:
            free += 1
            columns[f.name] = free
    return replace(table, frame=data, columns=columns)


def _with_values(
    data: pd.DataFrame,
    fillings: list[_Filling],
    findings: list[Finding] | None,
    place: Callable[[int, str], Place],
) -> pd.DataFrame:
    made: dict[str, Sequence[Value]] = {str(name): list(data[name].tolist()) for name in data.columns}
    plates = [p if isinstance(p, str) else "" for p in data["plate"].tolist()]
    places = [position(w) if isinstance(w, str) else None for w in data["well"].tolist()]
    for f in fillings:
        column = list(made.get(f.name, [None] * len(data)))
        wanted = {p.casefold() for p in f.map.plates}
        for n, (plate, at) in enumerate(zip(plates, places, strict=True)):
            if at is None or at not in f.values or (wanted and plate.casefold() not in wanted):
                continue
            f.met.add(at)
            value, cell = f.values[at]
            if column[n] is None or column[n] is UNREADABLE:
                column[n] = value
            elif column[n] != value and findings is not None:
                shown = place(int(data.index[n]), f.name)
                findings.append(find("PLATE-MAP-UNLIKE", cell, value=value, other=column[n], cell=shown.a1))
        made[f.name] = column
    return frame(made, [int(n) for n in data.index])


def _left(table: Table, fillings: list[_Filling]) -> Iterator[Finding]:
    """Plates and wells of the maps that no row of Files has."""
    named = {p.casefold() for p in table.frame["plate"].tolist() if isinstance(p, str)}
    for f in fillings:
        unknown = [p for p in f.map.plates if p.casefold() not in named]
        if unknown:
            yield find("PLATE-MAP-PLATE", f.map.at, value="; ".join(unknown))
            continue
        for at, (_, cell) in f.values.items():
            if at not in f.met:
                yield find("PLATE-MAP-WELL", cell, value=f"{letters(at[0])}{at[1]}")


def _streamed(table: Table, fillings: list[_Filling]) -> Table:
    """A table beside the workbook, each of its parts expanded and filled as it is read."""
    source = table.source
    assert source is not None
    bare = replace(table, source=None)
    made = _filled(bare, fillings, None)

    def parts(findings: list[Finding] | None) -> Iterator[pd.DataFrame]:
        for part in source(findings):
            rows = _one_well_a_row(part, bare.place, findings)
            yield _with_values(rows, fillings, findings, made.place) if fillings else rows

    return replace(made, source=parts)
