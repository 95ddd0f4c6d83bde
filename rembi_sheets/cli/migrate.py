"""rembi-sheets migrate."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rembi_sheets.cli.options import WORKBOOK, ended, fail, limits, readable, spare, talk

if TYPE_CHECKING:
    from rembi_sheets.workbook.migrate import Migrated


@click.command()
@click.argument("workbook", type=WORKBOOK)
@click.argument("copy", type=WORKBOOK, metavar="COPY.xlsx", required=False)
@click.option("--dry-run", is_flag=True, help="Only say what would move; no copy is written.")
@click.option("--force", is_flag=True, help="Replace COPY.xlsx if it exists.")
@talk
def migrate(workbook: Path, copy: Path | None, dry_run: bool, force: bool, quiet: bool, verbose: bool) -> None:
    """Write a copy of an older workbook in today's form, and say what moved where.

    All that is filled in is kept, with your own columns, notes and sheets. What has no place any more is put on the
    sheet Left over. The workbook itself is never changed, and can be used as it is.

    \b
    Example:
      rembi-sheets migrate study.xlsx study-new.xlsx
      rembi-sheets migrate study.xlsx --dry-run
    """
    from rembi_sheets import pipeline
    from rembi_sheets.cells import TableError
    from rembi_sheets.output import OutputError, write_files
    from rembi_sheets.workbook.editing import AnnotateError
    from rembi_sheets.workbook.side import with_table

    if copy is None and not dry_run:
        raise click.UsageError("Name the copy to write, or say --dry-run.")
    read = pipeline.read(workbook, limits())
    readable(read)
    if workbook.suffix.casefold() != ".xlsx":
        fail("Both files should end in .xlsx; save the workbook as .xlsx first.")
    if copy is not None:
        copy = ended(copy)
        spare(copy, workbook, report=False)
    try:
        made = pipeline.migrate(read)
        if made is None:
            click.echo(f"{workbook} is in today's form already, version {read.schema.version}.", err=True)
            return
        if copy is not None and not dry_run:
            write_files(with_table(copy, made.content, read.book.side if read.book else None), force=force)
    except (OutputError, AnnotateError) as error:
        fail(str(error))
        return
    except TableError as error:
        fail(f"{error.what}.")
        return
    if quiet:
        return
    for line in _lines(made):
        click.echo(line)
    what = "nothing was written" if dry_run or copy is None else f"{copy} is ready; everything filled in is kept"
    click.echo(f"From version {made.old} to {made.new}: {what}.", err=True)


def _lines(made: Migrated) -> Iterator[str]:
    """What moved, what is newly asked, what is left over, a line each."""
    for m in made.moved:
        cells = f"{m.cells} {'cell' if m.cells == 1 else 'cells'}"
        yield f"{m.kind}: {' and '.join(m.old)} -> {' and '.join(m.new) or 'Left over'} ({cells})"
    for c in made.asked:
        yield f"{c.kind}: {' and '.join(c.new)}" + (f" ({c.detail})" if c.detail else "")
    for e in made.over:
        yield f"left over: {e.sheet} {e.cell} ({e.heading}): “{e.value if e.value is not None else e.note}”"
    for text in made.valued:
        yield f"value only: {text}; its formula could not be moved along"
    for text in made.left:
        yield f"not in the copy: {text}"
