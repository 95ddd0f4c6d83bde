"""rembi-sheets score."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rembi_sheets.cli.options import ARCHIVE, OK, UNUSABLE, WORKBOOK, emit, limits, spare, talk, today

if TYPE_CHECKING:
    from rembi_sheets.score import Score


@click.command()
@click.argument("workbooks", type=WORKBOOK, nargs=-1, required=True, metavar="WORKBOOK...")
@click.option("--archive", "archives", type=ARCHIVE, multiple=True, help="Archive (default: those of the sheet Study).")
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder with the files of the workbook: says how many of them are there.",
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True, help="Form."
)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="File for the result.")
@talk
def score(
    workbooks: tuple[Path, ...],
    archives: tuple[str, ...],
    data: Path | None,
    form: str,
    output: Path | None,
    quiet: bool,
    verbose: bool,
) -> None:
    """Completeness per REMBI module, per archive and per reader; many workbooks give a table.

    \b
    Example:
      rembi-sheets score study.xlsx
      rembi-sheets score submissions/*.xlsx --format csv --output scores.csv
    """
    from rembi_sheets.report import scores as report

    spare(output, *workbooks)
    made: dict[str, Score] = {}
    bad = 0
    for path, result in _all(workbooks, archives, data, quiet):
        if isinstance(result, str):
            bad += 1
            click.echo(f"{path}: {result}", err=True)
        else:
            made[str(path)] = result
    if made:
        if form == "text":
            shown = report.text(made, missing=1000 if verbose else 10)
        else:
            shown = {"json": report.as_json, "csv": report.as_csv}[form](made)
        emit(shown, output)
    raise click.exceptions.Exit(UNUSABLE if bad else OK)


def _all(
    paths: tuple[Path, ...], archives: tuple[str, ...], data: Path | None, quiet: bool
) -> Iterator[tuple[Path, Score | str]]:
    """Results in the order of the paths; several workbooks are read side by side."""
    if len(paths) == 1:
        yield paths[0], score_one(paths[0], archives, data)
        return
    from concurrent.futures import ProcessPoolExecutor

    shown = sys.stderr.isatty() and not quiet
    with ProcessPoolExecutor() as pool:
        results = pool.map(score_one, paths, [archives] * len(paths), [data] * len(paths))
        pairs = zip(paths, results, strict=True)
        if not shown:
            yield from pairs
            return
        with click.progressbar(pairs, length=len(paths), label="Scoring", file=sys.stderr) as bar:
            yield from bar


def score_one(path: Path, archives: tuple[str, ...], data: Path | None = None) -> Score | str:
    """The score of one workbook, or why it cannot be read."""
    from rembi_sheets import pipeline

    return pipeline.score(pipeline.read(path, limits()), archives, data=data, today=today())
