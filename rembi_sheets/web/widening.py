"""Copies of a workbook with more in it, as `add` and `migrate` write them, to go on with on the page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rembi_sheets import pipeline
from rembi_sheets.cells import SideTable, TableError
from rembi_sheets.output import write_files
from rembi_sheets.workbook.editing import AnnotateError
from rembi_sheets.workbook.side import with_table


def widened(path: Path, columns: Sequence[str], target: Path, limits: dict[str, int]) -> dict[str, Any]:
    """A copy with columns, named "Sheet: Label", in the folder `target`; or why there is none. Raises OutputError."""
    try:
        read = pipeline.read(path, limits)
        made = pipeline.widen(read, columns=columns)
        copy = target / f"{path.stem}-more.xlsx"
        return _kept(copy, made.content, read.book.side if read.book else None, (*made.valued, *made.left))
    except (AnnotateError, TableError) as error:
        return {"refused": str(error)}


def migrated(path: Path, target: Path, limits: dict[str, int]) -> dict[str, Any]:
    """A copy in today's form, as `widened`."""
    try:
        read = pipeline.read(path, limits)
        made = pipeline.migrate(read, limits)
        if made is None:
            return {"refused": "It is in today's form already."}
        over = [f"{e.sheet} {e.cell}, now on the sheet Left over" for e in made.over]
        copy = target / f"{path.stem}-{made.new}.xlsx"
        return _kept(copy, made.content, made.side, (*made.valued, *made.left, *over))
    except (AnnotateError, TableError) as error:
        return {"refused": str(error)}


def _kept(copy: Path, content: bytes, side: SideTable | None, came: Sequence[str]) -> dict[str, Any]:
    write_files(with_table(copy, content, side), force=True)
    return {"name": copy.name, "came": list(came)}
