"""A table of one's own as a source: any workbook or table of text, its columns matched to ours, plates read as drawn.

file -> sheets -> blocks and grids -> maps (proposed, or as MAP.toml says) -> proposals and joins
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rembi_sheets import collector
from rembi_sheets.fill.joins import Join
from rembi_sheets.fill.model import Batch, Proposal, Unplaced
from rembi_sheets.fill.sources.known import Known, SourceError
from rembi_sheets.fill.sources.table import layouts, mihcsme, rows, unseen
from rembi_sheets.fill.sources.table.blocks import blocks
from rembi_sheets.fill.sources.table.mapfile import Maps
from rembi_sheets.fill.sources.table.mapping import proposed
from rembi_sheets.fill.sources.table.model import TableMap
from rembi_sheets.workbook.package import Caps, RefusedError
from rembi_sheets.workbook.read import foreign

WHAT = "a table of your own (.xlsx, .ods, .csv, .tsv), a plate layout, a MIHCSME workbook"
_READ, _FILLED = 6_000_000, 2_000_000  # cells that a table may have, and that are filled from it one by one
_NO_TABLE = ("FILE-NOT-WORKBOOK", "FILE-MISSING")  # why nothing is read that may be something else


@collector.resting()
def known(path: Path, limits: Mapping[str, int], maps: Maps | None = None) -> Known | None:
    """What the tables of a file say; None where it has none. `maps`: how a person decided that they are understood.

    Raises SourceError for a file that is a workbook or a table and cannot be read.
    """
    if not path.is_file():
        return None
    try:
        sheets = foreign(path, Caps.of({"cells": _READ, **limits}))
    except RefusedError as e:
        if e.code in _NO_TABLE:
            return None
        raise SourceError(refusal(path, e)) from e
    decided = maps or Maps()
    proposals: list[Proposal] = []
    unplaced: list[Unplaced] = []
    joins: list[Join] = []
    made: list[TableMap] = []
    theirs = mihcsme.is_mihcsme(sheets)
    if theirs:
        proposals, unplaced = mihcsme.known(sheets, path.name)
    for sheet in sheets:
        if theirs and mihcsme.pairs_sheet(sheet):
            continue
        drawn = layouts.drawn(sheet)
        before = len(made)
        for grid, title, m in layouts.mapped(sheet, drawn, path.name, path.stem):
            made.append(decided.used(m))
            join, left = layouts.joined(grid, title, made[-1], path.stem)
            joins.append(join)
            unplaced += left
        for found in blocks(sheet) if not drawn else ():
            made.append(decided.used(proposed(found, path.name)))
            join, left = rows.joined(found, made[-1], path.stem)
            joins.append(join)
            unplaced += left
        if len(made) > before:
            unplaced += unseen.told(sheet, path.name)
    if not made and not theirs:
        return None
    if (cells := sum(map(_cells, joins))) > _FILLED:
        raise SourceError(_too_much(path, cells))
    return Known(proposals, unplaced, joins, made)


def _cells(join: Join) -> int:
    """How many cells a table would fill."""
    said = sum(len(said.keys) if isinstance(said, Batch) else 1 for said in join.said)
    return said + sum(map(len, join.held.values()))


def _too_much(path: Path, cells: int) -> str:
    return (
        f"{path.name} says {cells:,} cells, more than are filled in one by one ({_FILLED:,}). Put it beside the "
        "workbook as its list of files: give it the headings of the sheet Files, and the name of the workbook with "
        ".files.tsv (or .files.csv) at its end; the sheet then stays empty. Or leave columns out of it."
    )


def refusal(path: Path, e: RefusedError) -> str:
    """Why a file is not read, and what to do."""
    from rembi_sheets.findings import find

    finding = find(e.code, **{"value": path.name, **e.fields})  # type: ignore[arg-type]
    return f"{finding.message} {finding.fix}"
