"""rembi-sheets add."""

from __future__ import annotations

from pathlib import Path

import click

from rembi_sheets.cli import copies
from rembi_sheets.cli.options import ARCHIVE, LEVEL, PROFILE, WORKBOOK, asked, fail, limits, methods_option, talk


def _columns(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Columns that begin as typed, for shells."""
    from rembi_sheets.schema import load

    names = (f"{s.title}: {c.label}" for s in load().sheets for c in s.columns if not c.own)
    return [n for n in names if n.casefold().startswith(incomplete.casefold())]


@click.command()
@click.argument("workbook", type=WORKBOOK)
@click.argument("copy", type=WORKBOOK, metavar="COPY.xlsx")
@click.option("--profile", type=PROFILE, help="Add the sheets and columns of this profile.")
@click.option("--archive", "archives", type=ARCHIVE, multiple=True, help="Add what this archive uses.")
@click.option("--level", type=LEVEL, help="Add the columns of this level.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar='"Sheet: Label"',
    shell_complete=_columns,
    help="Add this column.",
)
@methods_option("Add the method columns of this group; alone, those of the profile.")
@click.option("--force", is_flag=True, help="Replace COPY.xlsx if it exists.")
@talk
def add(
    workbook: Path,
    copy: Path,
    profile: str | None,
    archives: tuple[str, ...],
    level: str | None,
    columns: tuple[str, ...],
    methods: tuple[str, ...],
    force: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Write a copy of a workbook with further sheets and columns; all that is filled in is kept.

    \b
    Example:
      rembi-sheets add study.xlsx study-idr.xlsx --archive idr
      rembi-sheets add study.xlsx more.xlsx --column "Biosamples: Description"
      rembi-sheets add study.xlsx more.xlsx --methods fixation --methods staining
    """
    from rembi_sheets import pipeline
    from rembi_sheets.workbook.add import UnknownColumnError

    if not (profile or archives or level or columns or methods):
        raise click.UsageError("Say what to add: --profile, --archive, --level, --column or --methods.")
    read = copies.original(workbook, quiet)
    target = copies.named(copy, workbook)
    try:
        with copies.copying(f"Copying {workbook.name}", quiet):
            made = pipeline.widen(read, profile or "", archives, level or "", columns, asked(methods), limits())
            copies.write(target, made.content, read.book.side if read.book else None, force)
    except UnknownColumnError as error:
        fail(f"There is no column {error}. {_hint(error.near)}")
    if quiet:
        return
    for name in made.columns:
        click.echo(name)
    n = len(made.columns)
    more = f"{n} {'column' if n == 1 else 'columns'} more" if n else "nothing was missing"
    for text in made.valued:
        click.echo(f"{text} holds its value; its formula could not be moved along.", err=True)
    for text in made.left:
        click.echo(f"Not in the copy: {text}", err=True)
    click.echo(f"{target} is ready: {more}; everything filled in is kept.", err=True)


def _hint(near: tuple[str, ...]) -> str:
    """A few near names, or, where the whole sheet is offered, its labels as a list."""
    if not near:
        return 'Write it as "Sheet: Label", for example "Biosamples: Description".'
    if len(near) <= 3:
        return f"Did you mean {' or '.join(near)}?"
    sheet = near[0].partition(": ")[0]
    return f"{sheet} has: {', '.join(name.partition(': ')[2] for name in near)}."
