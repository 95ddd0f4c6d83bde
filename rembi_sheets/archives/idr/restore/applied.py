"""Which protocols apply to which rows: the assays file names them, else all of a stage apply to all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from rembi_sheets.archives.idr.facts import headings
from rembi_sheets.archives.idr.restore.protocols import Protocol, Stage, protocol_name
from rembi_sheets.archives.idr.restore.sheet import Sheet
from rembi_sheets.coded import Coded, throughout, together

Applied = dict[Stage, Coded[tuple[Protocol, ...]]]


def applied(sheet: Sheet, found: Sequence[Protocol]) -> Applied:
    """The protocols of each stage for each row. Columns that name nothing else are taken from the sheet."""
    columns = sheet.named(headings.PROTOCOL_REF)
    sheet.take(c for c in columns if c.added)
    by_name = {p.name.casefold(): p for p in found}

    def named_by(cells: Sequence[str]) -> tuple[Protocol, ...]:
        names = [n.strip().casefold() for c in cells for n in (c, *c.split(";"))]
        return tuple(dict.fromkeys(p for n in names if n and (p := _called(n, by_name)) is not None))

    named = together(sheet.rows, *(c.values for c in columns)).mapped(named_by)
    return {stage: _of_stage(stage, named, sheet, tuple(p for p in found if p.stage is stage)) for stage in Stage}


def _of_stage(
    stage: Stage, named: Coded[tuple[Protocol, ...]], sheet: Sheet, whole: tuple[Protocol, ...]
) -> Coded[tuple[Protocol, ...]]:
    """The protocols of one stage for each row; `whole` are all of them."""
    rows = named.mapped(lambda ps: tuple(p for p in ps if p.stage is stage))
    if not any(rows.values):
        rows = _of_specimens(sheet, whole)
    unnamed = tuple(p for p in whole if not any(p in r for r in rows.values))
    if any(rows.values) and unnamed:
        rows = rows.mapped(lambda r: (*r, *unnamed))  # nobody says where they apply
    if stage is Stage.IMAGING:
        rows = rows.mapped(lambda r: r or whole)  # no image is without one
    return rows if any(rows.values) else throughout(whole, sheet.rows)


def _called(name: str, known: Mapping[str, Protocol]) -> Protocol | None:
    """The protocol of a name, in spite of a slip in its spelling."""
    if name in known:
        return known[name]
    near = get_close_matches(name, known, 2, 0.95)
    return known[near[0]] if len(near) == 1 else None


def _of_specimens(sheet: Sheet, found: Sequence[Protocol]) -> Coded[tuple[Protocol, ...]]:
    """Several protocols of a stage that have the names of specimens apply to the rows of these."""
    by_name = {protocol_name(p.name).casefold(): p for p in found} if len(found) > 1 else {}
    return sheet.values(headings.SPECIMEN).mapped(lambda v: (by_name[v.casefold()],) if v.casefold() in by_name else ())
