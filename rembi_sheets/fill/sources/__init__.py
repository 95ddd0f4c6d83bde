"""The sources: each a module that says what it is (`WHAT`) and what a file of its kind knows (`known`).

A file is recognised by what it holds. A new source is one module and its place in this list. What none of them knows
may still be a table: columns are matched to ours, as a person has decided it where there is a map.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from rembi_sheets.fill.sources import record, table, workbook
from rembi_sheets.fill.sources.known import Known, SourceError, joined, named_archives
from rembi_sheets.fill.sources.table.mapfile import Maps

__all__ = ["Known", "Maps", "SourceError", "joined", "named_archives", "recognised"]

_SOURCES: tuple[tuple[str, Callable[[Path, bool, Mapping[str, int]], Known | None]], ...] = (
    (workbook.WHAT, workbook.known),
    (record.WHAT, record.known),
)


def recognised(
    path: Path, everything: bool = False, limits: Mapping[str, int] | None = None, maps: Maps | None = None
) -> Known:
    """What a file or folder knows. `everything`: of an earlier study all, not only what serves as defaults.

    `limits`: as in `pipeline.read`; `maps`: how tables are understood.
    Raises SourceError when it is nothing that can be used, or cannot be read.
    """
    for _, known in _SOURCES:
        found = known(path, everything, limits or {})
        if found is not None:
            return found
    own = table.known(path, limits or {}, maps)
    if own is not None:
        return own
    if why := record.damage(path):
        raise SourceError(f"{path} cannot be read: {why}.")
    kinds = "; ".join([*(what for what, _ in _SOURCES), table.WHAT])
    raise SourceError(f"{path} cannot be filled from. What can be used: {kinds}.")
