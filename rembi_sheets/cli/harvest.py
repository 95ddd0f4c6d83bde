"""rembi-sheets harvest."""

from __future__ import annotations

from pathlib import Path

import click

from rembi_sheets.cli.options import FOLDER, OK, REPORT, emit, form_of, form_option, spare, talk

_FORMS = ("text", "json", "tsv")


@click.command()
@click.argument("folder", type=FOLDER, metavar="DIR")
@form_option(*_FORMS)
@click.option("--output", type=REPORT, help="File for the result.")
@talk
def harvest(folder: Path, form: str | None, output: Path | None, quiet: bool, verbose: bool) -> None:
    """Say what the headers of images and the logs beside them state: sizes, pixel sizes, channels, instrument.

    Nothing is changed. A value that no file states is left out; names of people and paths of machines, too.

    \b
    Example:
      rembi-sheets harvest images
      rembi-sheets harvest images --format json --output images.json
    """
    from rembi_sheets.harvest.folder import harvest as walk_through
    from rembi_sheets.report import harvested

    spare(output)
    made = walk_through(folder)
    form = form_of(form, output, *_FORMS)
    if form == "text":
        shown = harvested.text(made, verbose)
    else:
        shown = {"json": harvested.as_json, "tsv": harvested.as_tsv}[form](made)
    if not quiet or output is not None:
        emit(shown, output)
    raise click.exceptions.Exit(OK)
