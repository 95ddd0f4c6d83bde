"""rembi-sheets fix."""

from __future__ import annotations

from pathlib import Path

import click

from rembi_sheets.cli import copies
from rembi_sheets.cli.options import FOLDER, WORKBOOK, copy_ending, limits, talk


@click.command()
@click.argument("workbook", type=WORKBOOK)
@click.argument("copy", type=WORKBOOK, metavar="COPY.xlsx", required=False)
@click.option("--dry-run", is_flag=True, help="Only list the changes; no copy is written.")
@click.option(
    "--suggestions",
    is_flag=True,
    help="Also take the suggested term or name where only a slip of typing explains the value.",
)
@click.option(
    "--data",
    type=FOLDER,
    metavar="DIR",
    help="The data folder; paths pasted from your computer become paths below it.",
)
@click.option("--force", is_flag=True, help="Replace COPY.xlsx if it exists.")
@talk
def fix(
    workbook: Path,
    copy: Path | None,
    dry_run: bool,
    suggestions: bool,
    data: Path | None,
    force: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Write a copy of a workbook with the safe repairs done, and list every changed cell.

    Safe are blanks and invisible characters, the spelling of list values and names, identifiers typed with an
    address around them, dates and numbers that can be read in one way, placeholders such as N/A, which are emptied,
    and with --data paths as your computer shows them. The workbook itself is never changed.

    \b
    Example:
      rembi-sheets fix study.xlsx study-fixed.xlsx
      rembi-sheets fix study.xlsx --dry-run --suggestions
    """
    from rembi_sheets import repair
    from rembi_sheets.report.words import shown

    target = copies.named(copy, workbook, dry_run, copy_ending(workbook))
    with copies.copying(f"Mending {workbook.name}", quiet):
        made = repair.fix(workbook, suggestions, limits(), data)
        copies.write(target, made.content, made.table, force)
    if quiet:
        return
    for c in made.changes:
        new = f"“{shown(c.new)}”" if c.new else "(empty)"
        click.echo(f"{c.place.sheet} {c.place.a1}: “{shown(c.old)}” -> {new}: {c.why}")
    for text in made.left:
        click.echo(f"Not in the copy: {text}", err=True)
    n = len(made.changes)
    cells = f"{n} {'cell' if n == 1 else 'cells'}"
    if not n:
        click.echo("Nothing to repair" + (f"; {target} says the same." if target else "."), err=True)
    elif dry_run:
        click.echo(f"{cells} would change; nothing was written.", err=True)
    else:
        click.echo(f"{cells} changed in {target}.", err=True)
