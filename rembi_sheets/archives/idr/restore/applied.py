"""Which protocols apply to which rows: the assays file names them, else all of a stage apply to all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from rembi_sheets.archives.idr.facts import headings
from rembi_sheets.archives.idr.restore.protocols import Protocol, Stage, protocol_name
from rembi_sheets.archives.idr.restore.sheet import Sheet

Applied = dict[Stage, list[tuple[Protocol, ...]]]


def applied(sheet: Sheet, found: Sequence[Protocol]) -> Applied:
    """The protocols of each stage for each row. Columns that name nothing else are taken from the sheet."""
    columns = sheet.named(headings.PROTOCOL_REF)
    sheet.take(c for c in columns if c.added)
    by_name = {p.name.casefold(): p for p in found}
    named: list[tuple[Protocol, ...]] = []
    known: dict[tuple[str, ...], tuple[Protocol, ...]] = {}
    for cells in zip(*(c.values for c in columns), strict=True) if columns else [()] * sheet.rows:
        if cells not in known:
            names = [n.strip().casefold() for c in cells for n in (c, *c.split(";"))]
            known[cells] = tuple(dict.fromkeys(p for n in names if n and (p := _called(n, by_name)) is not None))
        named.append(known[cells])
    out: Applied = {}
    for stage in Stage:
        rows = [tuple(p for p in ps if p.stage is stage) for ps in named]
        if not any(rows):
            rows = _of_specimens(sheet, [p for p in found if p.stage is stage])
        whole = tuple(p for p in found if p.stage is stage)
        unnamed = tuple(p for p in whole if not any(p in r for r in dict.fromkeys(rows)))
        if any(rows) and unnamed:
            rows = [(*r, *unnamed) for r in rows]  # nobody says where they apply
        if stage is Stage.IMAGING:
            rows = [r or whole for r in rows]  # no image is without one
        out[stage] = rows if any(rows) else [whole] * sheet.rows
    return out


def _called(name: str, known: Mapping[str, Protocol]) -> Protocol | None:
    """The protocol of a name, in spite of a slip in its spelling."""
    if name in known:
        return known[name]
    near = get_close_matches(name, known, 2, 0.95)
    return known[near[0]] if len(near) == 1 else None


def _of_specimens(sheet: Sheet, found: Sequence[Protocol]) -> list[tuple[Protocol, ...]]:
    """Several protocols of a stage that have the names of specimens apply to the rows of these."""
    by_name = {protocol_name(p.name).casefold(): p for p in found} if len(found) > 1 else {}
    known = sheet.values(headings.SPECIMEN)
    if not {v.casefold() for v in set(known)} & set(by_name):
        return [()] * sheet.rows
    return [(by_name[v.casefold()],) if v.casefold() in by_name else () for v in known]
