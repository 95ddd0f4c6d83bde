"""The rows of a table as proposals: each cell with the row it is about and where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rembi_sheets.cells import Mark, Place, Raw, a1, ranges
from rembi_sheets.fill.identity import identity
from rembi_sheets.fill.joins import Join
from rembi_sheets.fill.model import Key, Proposal, Unplaced
from rembi_sheets.fill.sources.table import wells
from rembi_sheets.fill.sources.table.blocks import Block
from rembi_sheets.fill.sources.table.model import Aim, TableMap
from rembi_sheets.fill.sources.table.words import WELL_COLUMN, WELL_ROW, listed, squeezed
from rembi_sheets.findings import find
from rembi_sheets.schema import Column, Kind, SheetSpec, load
from rembi_sheets.tables import OWN
from rembi_sheets.tables.looks import as_seen
from rembi_sheets.values import clean, fold

_WELL = "well"
_NAMED = 3  # rows of which an unplaced list names cells


def joined(block: Block, made: TableMap, stem: str) -> tuple[Join, list[Unplaced]]:
    """What the rows of a table say, and what of it goes nowhere. `stem`: the name of the file without its ending."""
    unplaced = list(_left_out(block, made))
    sheet = load().by_name.get(made.about)
    if sheet is None:
        return Join(), unplaced
    columns = {a.number: _values(block, a, sheet, made.file, unplaced) for a in made.aims if a.to}
    keys = _keys(block, made, sheet, columns)
    aims = [a for a in made.aims if a.to and (a.to not in identity(sheet) or made.by)]
    aims = [a for a in aims if a.to not in (WELL_ROW, WELL_COLUMN)]
    at = f"{block.sheet.title} " if block.sheet.title != stem else ""
    by_key: list[tuple[Key | None, Proposal]] = []
    empty = [r for r, key in zip(block.rows, keys, strict=True) if key is None]
    for aim in aims:
        letter = a1(1, aim.number)[:-1]
        column = columns[aim.number]
        for row, key, raw in zip(block.rows, keys, column, strict=True):
            if key is not None and raw is not None:
                p = Proposal(sheet.name, key, aim.to, raw, made.file, f"{at}{letter}{row}", aim.confidence)
                by_key.append((key, p))
                if aim.unit_to:
                    by_key.append((key, _unit(p, aim)))
    if not made.by:
        by_key += _only_keys(sheet, made, block, keys, {k for k, _ in by_key}, at)
    if empty:
        said = f"its row does not say which {'file or well' if sheet.own else 'row'} it is about"
        unplaced.append(Unplaced(made.file, f"{at}{_shown(empty)}", "", said))
    if made.by:
        held: dict[str, list[Proposal]] = {}
        for key, p in by_key:
            if key and p.column != made.by:
                held.setdefault(fold(key[0]), []).append(p)
        return Join(by=made.by, held=held), unplaced
    names = tuple(
        n for n in (block.sheet.title, stem) if squeezed(n).rstrip("0123456789") not in map(squeezed, listed("sheets"))
    )
    return Join(tuple(p for _, p in by_key), names if sheet.own else ()), unplaced


def _only_keys(
    sheet: SheetSpec, made: TableMap, block: Block, keys: Sequence[Key | None], said: set[Key | None], at: str
) -> Iterator[tuple[Key, Proposal]]:
    """Rows that say nothing but what tells them apart."""
    name = identity(sheet)[0]
    aim = made.of(name)
    for row, key in zip(block.rows, keys, strict=True):
        if key is not None and key[0] and key not in said and aim:
            yield key, Proposal(sheet.name, key, name, key[0], made.file, f"{at}{a1(row, aim.number)}", aim.confidence)


def _unit(p: Proposal, aim: Aim) -> Proposal:
    return Proposal(p.sheet, p.key, aim.unit_to, aim.unit, p.source, p.where, p.confidence)


def _left_out(block: Block, made: TableMap) -> Iterator[Unplaced]:
    """Columns without an aim, and lines of totals: told once each."""
    at = f"{block.sheet.title} "
    for aim in made.aims:
        if not aim.to:
            yield Unplaced(made.file, f"{at}{a1(made.head, aim.number)}", aim.heading, aim.reason)
    if block.totals:
        yield Unplaced(made.file, f"{at}{_shown(block.totals)}", "", "a line of totals is no row")


def _shown(rows: Sequence[int]) -> str:
    found = [r.replace("A", "") for r in ranges((row, 1) for row in rows)]
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    return f"row{'s' if len(rows) > 1 else ''} {', '.join(found[:_NAMED])}{more}"


def _values(block: Block, aim: Aim, sheet: SheetSpec, file: str, unplaced: list[Unplaced]) -> list[Raw]:
    """The cells under one heading, as they are seen; errors and formulas without a result are none."""
    column = _column(sheet, aim.to)
    raws = block.values(aim.number)
    if block.sheet.formats and column is not None:
        raws = as_seen(block.sheet, column, aim.heading, aim.number, block.rows, raws, [])
    if column is not None and column.kind is Kind.RANGE and aim.unit and not aim.unit_to:
        raws = [f"{clean(str(v))} {aim.unit}" if v is not None else None for v in raws]
    for row, number in block.sheet.marks:
        if number == aim.number and row in block.rows:
            kind, text = block.sheet.marks[row, number]
            place = Place(block.sheet.title, row, number, aim.heading)
            code = "CELL-ERROR" if kind is Mark.ERROR else "CELL-FORMULA"
            unplaced.append(
                Unplaced(file, f"{block.sheet.title} {place.a1}", text, find(code, place, value=text).message)
            )
            raws[block.rows.index(row)] = None
    return raws


def _column(sheet: SheetSpec, name: str) -> Column | None:
    return sheet.own if name.startswith(OWN) else sheet.by_name.get(name)


def _keys(block: Block, made: TableMap, sheet: SheetSpec, columns: dict[int, list[Raw]]) -> list[Key | None]:
    """The key of each row: the parts that tell rows of the sheet apart; None where it says none."""
    if made.by:
        by = made.of(made.by)
        values = columns[by.number] if by else []
        return [(_text(v),) if v is not None else None for v in values]
    parts: list[list[str]] = []
    for name in identity(sheet):
        aim = made.of(name)
        raws = columns[aim.number] if aim else []
        if name == _WELL and sheet.own:
            parts.append(_wells(made, raws, columns, len(block.rows)))
        else:
            parts.append([_text(v) for v in raws] if aim else [""] * len(block.rows))
    own = [0, identity(sheet).index(_WELL)] if sheet.own else [0]
    return [key if any(key[n] for n in own) else None for key in zip(*parts, strict=True)]


def _wells(made: TableMap, raws: Sequence[Raw], columns: dict[int, list[Raw]], count: int) -> list[str]:
    row, column = made.of(WELL_ROW), made.of(WELL_COLUMN)
    if raws:
        named: set[Raw] = {v for v in raws if v is not None}
        width = wells.columns_of(named)
        known = {v: wells.well(v, width) or _text(v) for v in named}
        return [known.get(v, "") for v in raws]
    if row and column:
        pairs = zip(columns[row.number], columns[column.number], strict=True)
        return [wells.joined(r, c) for r, c in pairs]
    return [""] * count


def _text(raw: Raw) -> str:
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return "" if raw is None else clean(raw) if isinstance(raw, str) else str(raw)
