"""rembi-sheets migrate."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rembi_sheets.cli import copies
from rembi_sheets.cli.options import WORKBOOK, limits, talk

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
    sheet Left over. The workbook itself is never changed, and can be used as it is. It may be of any form
    that can be checked; the copy is an .xlsx.

    \b
    Example:
      rembi-sheets migrate study.xlsx study-new.xlsx
      rembi-sheets migrate study.xlsx --dry-run
    """
    from rembi_sheets import pipeline

    target = copies.named(copy, workbook, dry_run)
    read = copies.original(workbook, quiet)
    with copies.copying(f"Copying {workbook.name}", quiet):
        made = pipeline.migrate(read, limits())
        if made is not None:
            copies.write(target, made.content, made.side, force)
    if made is None:
        click.echo(f"{workbook} is in today's form already, version {read.schema.version}.", err=True)
        return
    if quiet:
        return
    for line in _lines(made):
        click.echo(line)
    what = f"{target} is ready; everything filled in is kept" if target else "nothing was written"
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
