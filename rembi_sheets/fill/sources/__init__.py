"""The sources: each a module that says what it is (`WHAT`) and what a file of its kind knows (`known`).

A file is recognised by what it holds. A new source is one module and its place in this list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from rembi_sheets.fill.sources import record, workbook
from rembi_sheets.fill.sources.known import Known, SourceError, joined

__all__ = ["Known", "SourceError", "joined", "recognised"]

_SOURCES: tuple[tuple[str, Callable[[Path, bool, Mapping[str, int]], Known | None]], ...] = (
    (workbook.WHAT, workbook.known),
    (record.WHAT, record.known),
)


def recognised(path: Path, everything: bool = False, limits: Mapping[str, int] | None = None) -> Known:
    """What a file or folder knows. `everything`: of an earlier study all, not only what serves as defaults.

    `limits`: as in `pipeline.read`. Raises SourceError when it is nothing that can be used, or cannot be read.
    """
    for _, known in _SOURCES:
        found = known(path, everything, limits or {})
        if found is not None:
            return found
    kinds = "; ".join(what for what, _ in _SOURCES)
    raise SourceError(f"{path} cannot be filled from. What can be used: {kinds}.")
