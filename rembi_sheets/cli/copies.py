"""What the commands that write a copy of a workbook share: what they take, how they write it, why they cannot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rembi_sheets.cli.options import ended, fail, limits, readable, spare
from rembi_sheets.cli.progress import working

if TYPE_CHECKING:
    from rembi_sheets.cells import SideTable
    from rembi_sheets.pipeline import Workbook


def original(workbook: Path, quiet: bool) -> Workbook:
    """A workbook, read; ends with status 2 where it cannot be."""
    from rembi_sheets import pipeline

    with working(f"Reading {workbook.name}", quiet):
        read = pipeline.read(workbook, limits())
    readable(read)
    return read


def named(copy: Path | None, workbook: Path, dry_run: bool = False, ending: str = ".xlsx") -> Path | None:
    """The copy to write, None for none; ends with status 2 where it is the workbook itself or of another kind."""
    if copy is None and not dry_run:
        raise click.UsageError("Name the copy to write, or say --dry-run.")
    target = ended(copy, ending) if copy is not None else None
    spare(target, workbook, report=False)
    return None if dry_run else target


@contextmanager
def copying(what: str, quiet: bool) -> Iterator[None]:
    """Around what makes and writes a copy, of which `what` is told while it goes on: ends with status 2 and the reason
    where one of them cannot be done.
    """
    from rembi_sheets.cells import TableError
    from rembi_sheets.output import OutputError
    from rembi_sheets.repair import RepairError
    from rembi_sheets.workbook.editing import AnnotateError

    try:
        with working(what, quiet):
            yield
    except (OutputError, AnnotateError, RepairError, OSError) as error:
        fail(str(error))
    except TableError as error:
        fail(f"{error.what}.")


def write(copy: Path | None, content: bytes, table: SideTable | None, force: bool) -> None:
    """The copy and the table of files that comes with it (`workbook.side`); nothing for no copy.

    Raises OutputError and TableError.
    """
    from rembi_sheets.output import write_files
    from rembi_sheets.workbook.side import with_table

    if copy is not None:
        write_files(with_table(copy, content, table), force=force)
