"""The rows of a table as proposals: each cell with the row it is about and where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rembi_sheets.cells import Mark, Place, Raw, a1, ranges
from rembi_sheets.fill.identity import identity
from rembi_sheets.fill.joins import Join
from rembi_sheets.fill.model import Batch, Key, Proposal, Said, Unplaced, each
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
_ON_ITS_SIDE = "its wells stand in a line; turn the table so that each has a row (copy, paste with Transpose)"
_NAMED = 3  # rows of which an unplaced list names cells


def joined(block: Block, made: TableMap, stem: str) -> tuple[Join, list[Unplaced]]:
    """What the rows of a table say, and what of it goes nowhere. `stem`: the name of the file without its ending."""
    unplaced = list(_left_out(block, made))
    sheet = load().by_name.get(made.about)
    if sheet is None:
        return Join(), unplaced
    columns = {a.number: _values(block, a, sheet, made.file, unplaced) for a in made.aims if a.to}
    block, columns = _well_by_well(block, made, columns)
    keys = _keys(block, made, sheet, columns)
    aims = [a for a in made.aims if a.to and (a.to not in identity(sheet) or made.by)]
    aims = [a for a in aims if a.to not in (WELL_ROW, WELL_COLUMN)]
    at = f"{block.sheet.title} " if block.sheet.title != stem else ""
    empty = [r for r, key in zip(block.rows, keys, strict=True) if key is None]
    said: list[Said] = []
    for aim in aims:
        where = f"{at}{a1(1, aim.number)[:-1]}"
        values = columns[aim.number]
        said.append(Batch(sheet.name, aim.to, keys, values, block.rows, made.file, where, aim.confidence))
        if aim.unit_to:
            units = [None if v is None else aim.unit for v in values]
            said.append(Batch(sheet.name, aim.unit_to, keys, units, block.rows, made.file, where, aim.confidence))
    if not made.by:
        said += _only_keys(sheet, made, block, keys, [columns[a.number] for a in aims], at)
    if empty:
        told = f"its row does not say which {'file or well' if sheet.own else 'row'} it is about"
        unplaced.append(Unplaced(made.file, f"{at}{shown(empty)}", "", told))
    if made.by:
        held: dict[str, list[Proposal]] = {}
        for p in each(p for p in said if p.column != made.by):
            if p.key:
                held.setdefault(fold(p.key[0]), []).append(p)
        return Join(by=made.by, held=held), unplaced
    names = tuple(
        n for n in (block.sheet.title, stem) if squeezed(n).rstrip("0123456789") not in map(squeezed, listed("sheets"))
    )
    return Join(said, names if sheet.own else ()), unplaced


def _well_by_well(block: Block, made: TableMap, columns: dict[int, list[Raw]]) -> tuple[Block, dict[int, list[Raw]]]:
    """A row that names several wells as one for each of them; its other cells are said of every one."""
    aim = made.of(_WELL)
    if aim is None or made.by:
        return block, columns
    raws = columns[aim.number]
    texts: set[Raw] = {v for v in raws if isinstance(v, str)}
    named: set[Raw] = {v for v in texts if not wells.well(v)}
    plate = wells.plate_of(texts) if named else (0, 0)
    known = {v: found for v in named if len(found := wells.several(v, plate)) > 1}
    if not known:
        return block, columns
    at = [n for n, v in enumerate(raws) for _ in known.get(v, ("",))]
    spread: dict[int, list[Raw]] = {number: [values[n] for n in at] for number, values in columns.items()}
    spread[aim.number] = [w for v in raws for w in known.get(v, (v,))]
    return replace(block, rows=tuple(block.rows[n] for n in at)), spread


def _only_keys(
    sheet: SheetSpec,
    made: TableMap,
    block: Block,
    keys: Sequence[Key | None],
    columns: Sequence[Sequence[Raw]],
    at: str,
) -> Iterator[Proposal]:
    """Rows that say nothing but what tells them apart."""
    name = identity(sheet)[0]
    aim = made.of(name)
    if aim is None or any(None not in values for values in columns):
        return
    says = [any(v is not None for v in cells) for cells in zip(*columns, strict=True)] if columns else []
    said = {k for k, s in zip(keys, says, strict=True) if s} if says else set()
    for row, key in zip(block.rows, keys, strict=True):
        if key is not None and key[0] and key not in said:
            yield Proposal(sheet.name, key, name, key[0], made.file, f"{at}{a1(row, aim.number)}", aim.confidence)


def _left_out(block: Block, made: TableMap) -> Iterator[Unplaced]:
    """Columns without an aim, and lines of totals: told once each."""
    at = f"{block.sheet.title} "
    across = [h for h in block.headings if wells.well(h.text)]
    if not made.about and len(across) * 2 > len(block.headings):
        first = across[0]
        yield Unplaced(made.file, f"{at}{a1(made.head, first.number)}", f"{first.text} ...", _ON_ITS_SIDE)
    for aim in made.aims:
        if not aim.to and not (across and not made.about):
            yield Unplaced(made.file, f"{at}{a1(made.head, aim.number)}", aim.heading, aim.reason)
    if block.totals:
        yield Unplaced(made.file, f"{at}{shown(block.totals)}", "", "a line of totals is no row")


def shown(rows: Sequence[int]) -> str:
    """Rows in words: row 3, rows 3:5, 9 and 2 more."""
    found = [r.replace("A", "") for r in ranges((row, 1) for row in rows)]
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    return f"row{'s' if len(rows) > 1 else ''} {', '.join(found[:_NAMED])}{more}"


def _values(block: Block, aim: Aim, sheet: SheetSpec, file: str, unplaced: list[Unplaced]) -> list[Raw]:
    """The cells under one heading, as they are seen; errors and formulas without a result are none."""
    column = _column(sheet, aim.to)
    raws = block.values(aim.number)
    if block.sheet.formats and column is not None:
        raws = list(as_seen(block.sheet, column, aim.heading, aim.number, block.rows, raws, []))
    if column is not None and column.kind is Kind.RANGE and aim.unit and not aim.unit_to:
        raws = [f"{clean(str(v))} {aim.unit}" if v is not None else None for v in raws]
    marked = [(row, mark) for (row, number), mark in block.sheet.marks.items() if number == aim.number]
    places = {row: n for n, row in enumerate(block.rows)} if marked else {}
    for row, (kind, text) in marked:
        if row in places:
            place = Place(block.sheet.title, row, aim.number, aim.heading)
            code = "CELL-ERROR" if kind is Mark.ERROR else "CELL-FORMULA"
            unplaced.append(
                Unplaced(file, f"{block.sheet.title} {place.a1}", text, find(code, place, value=text).message)
            )
            raws[places[row]] = None
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
            parts.append(_texts(raws) if aim else [""] * len(block.rows))
    named = parts[identity(sheet).index(_WELL)] if sheet.own else parts[0]
    keys = zip(*parts, strict=True)
    return [key if first or other else None for key, first, other in zip(keys, parts[0], named, strict=True)]


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


def _texts(raws: Sequence[Raw]) -> list[str]:
    """The texts of a column; one of plain letters alone is not looked at cell by cell."""
    texts = [v for v in raws if type(v) is str]
    whole = "".join(texts)
    if len(texts) == len(raws) and whole.isascii() and whole.isprintable():
        return [v.strip() for v in texts]
    return [_text(v) for v in raws]


def _text(raw: Raw) -> str:
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return "" if raw is None else clean(raw) if isinstance(raw, str) else str(raw)
