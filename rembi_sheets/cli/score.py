"""rembi-sheets score."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rembi_sheets.cli.options import (
    ARCHIVE,
    OK,
    REPORT,
    UNUSABLE,
    emit,
    form_of,
    form_option,
    limits,
    spare,
    talk,
    today,
)
from rembi_sheets.cli.progress import working
from rembi_sheets.cli.workbooks import chosen, workbooks

if TYPE_CHECKING:
    from rembi_sheets.score import Score

_FORMS = ("text", "json", "csv")


@click.command()
@workbooks
@click.option("--archive", "archives", type=ARCHIVE, multiple=True, help="Archive (default: those of the sheet Study).")
@form_option(*_FORMS)
@click.option("--output", type=REPORT, help="File for the result.")
@talk
def score(
    paths: tuple[Path, ...],
    archives: tuple[str, ...],
    data: Path | None,
    data_root: Path | None,
    headers: bool,
    workers: int | None,
    form: str | None,
    output: Path | None,
    quiet: bool,
    verbose: bool,
) -> None:
    """Completeness per REMBI module, per archive and per reader; many workbooks give a table.

    \b
    Example:
      rembi-sheets score study.xlsx
      rembi-sheets score submissions --format csv --output scores.csv
    """
    from rembi_sheets import many
    from rembi_sheets.report import scores as report

    found, folders = chosen(paths, data, data_root, headers)
    spare(output, *found.workbooks)
    asked = many.Scoring(archives, data, folders, today(), limits(), headers)
    with working("Scoring", quiet, begun=False):
        results = list(many.score(asked, found.workbooks, workers or 0))
    made: dict[str, Score] = {}
    bad = 0
    for path, result in results:
        if isinstance(result, many.Failed):
            bad += 1
            click.echo(f"{path}: {result.reason}", err=True)
        else:
            made[path.as_posix()] = result
    if made:
        form = form_of(form, output, *_FORMS)
        if form == "text":
            shown = report.text(made, missing=1000 if verbose else 10)
        else:
            shown = {"json": report.as_json, "csv": report.as_csv}[form](made)
        if not quiet or output is not None:
            emit(shown, output)
    raise click.exceptions.Exit(UNUSABLE if bad else OK)
