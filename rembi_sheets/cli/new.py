"""rembi-sheets new."""

from __future__ import annotations

from pathlib import Path

import click

from rembi_sheets.cli.options import ARCHIVE, LEVEL, PROFILE, WORKBOOK, fail, talk


@click.command()
@click.argument("workbook", type=WORKBOOK)
@click.option(
    "--profile",
    type=PROFILE,
    default="light",
    show_default=True,
    help="Kind of study: light, screen, cryo, volume or correlative.",
)
@click.option(
    "--archive", "archives", type=ARCHIVE, multiple=True, help="Archive to prepare for; may be given several times."
)
@click.option("--level", type=LEVEL, default="recommended", show_default=True, help="essential, recommended or full.")
@click.option(
    "--rows", type=click.IntRange(10, 100_000), default=500, show_default=True, help="Rows prepared in each sheet."
)
@click.option("--google-sheets", is_flag=True, help="Dropdowns that Google Sheets shows too.")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
@talk
def new(
    workbook: Path,
    profile: str,
    archives: tuple[str, ...],
    level: str,
    rows: int,
    google_sheets: bool,
    force: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Write a blank workbook to fill in with Excel, LibreOffice or Google Sheets.

    \b
    Example:
      rembi-sheets new study.xlsx --profile cryo --archive empiar --archive bioimage-archive
    """
    from rembi_sheets import pipeline
    from rembi_sheets.output import OutputError, write_file

    if workbook.suffix.casefold() != ".xlsx":
        fail(f"{workbook} should end in .xlsx.")
    if workbook.exists() and not force:
        fail(f"{workbook} exists already; give another name, or --force to replace it.")
    content = pipeline.blank(profile, archives, level, rows, google_sheets)
    try:
        write_file(workbook, content, force=force)
    except OutputError as error:
        fail(str(error))
    if not quiet:
        click.echo(f"{workbook} is ready. Open it in Excel; its first sheet says how to fill it in.", err=True)
        click.echo(f"Then run: rembi-sheets check {workbook}", err=True)
