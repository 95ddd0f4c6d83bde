"""rembi-sheets convert."""

from __future__ import annotations

from pathlib import Path

import click

from rembi_sheets.cli.options import (
    ARCHIVE,
    ERRORS,
    FOLDER,
    WORKBOOK,
    Where,
    colours,
    fail,
    limits,
    readable,
    talk,
    today,
    width,
)
from rembi_sheets.cli.progress import working


@click.command()
@click.argument("workbook", type=WORKBOOK)
@click.option(
    "--to", "archives", type=ARCHIVE, multiple=True, required=True, help="Archive; may be given several times."
)
@click.option("--output", required=True, type=Where(), help="Folder for the files.")
@click.option(
    "--data",
    type=FOLDER,
    help="Folder with the files, to list folders and patterns and to copy result tables from.",
)
@click.option("--force", is_flag=True, help="Replace the folder of an earlier conversion.")
@talk
def convert(
    workbook: Path, archives: tuple[str, ...], output: Path, data: Path | None, force: bool, quiet: bool, verbose: bool
) -> None:
    """Check a workbook and write the files that the archives take. With errors nothing is written.

    \b
    Example:
      rembi-sheets convert study.xlsx --to bioimage-archive --to idr --output deposit
    """
    from rembi_sheets import pipeline
    from rembi_sheets.findings import Severity
    from rembi_sheets.output import OutputError
    from rembi_sheets.report import text

    with working(f"Reading {workbook.name}", quiet):
        read = pipeline.read(workbook, limits())
    readable(read)
    with working(f"Converting {workbook.name}", quiet):
        made = pipeline.convert(read, archives, data=data, today=today())
    if not made.files:
        errors = [f for f in made.findings if f.severity is Severity.ERROR]
        click.echo(
            text.text(
                errors, workbook.name, width=width(), colour=colours(), limit=None if verbose else 50, whole=verbose
            ),
            nl=False,
        )
        click.echo("Nothing was written. Mend the errors, then convert again.", err=True)
        raise click.exceptions.Exit(ERRORS)
    try:
        with working(f"Writing {output.name}", quiet):
            paths = pipeline.write(made, output, force=force)
    except OutputError as error:
        fail(str(error))
        return
    if quiet:
        return
    shown = [f for f in made.findings if verbose or f.severity is not Severity.NOTE]
    if shown:
        click.echo(
            text.text(
                shown, workbook.name, width=width(), colour=colours(), limit=None if verbose else 20, whole=verbose
            ),
            nl=False,
        )
    for path in paths:
        click.echo(str(output / path.relative_to(output.absolute())))
    moved, lost = (sum(loss.went.startswith("lost") == gone for loss in made.losses) for gone in (False, True))
    click.echo(
        f"{len(paths)} files written. {moved} values stand as text in another place, {lost} have none in an archive; "
        f"{output / 'conversion.json'} lists them.",
        err=True,
    )
    click.echo("Next: read NEXT-STEPS.md in the folder of each archive.", err=True)
