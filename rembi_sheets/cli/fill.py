"""rembi-sheets fill."""

from __future__ import annotations

import json
from pathlib import Path

import click

from rembi_sheets.cli.options import WORKBOOK, ended, fail, limits, readable, sources_option, spare, talk


@click.command()
@click.argument("workbook", type=WORKBOOK)
@click.argument("copy", type=WORKBOOK, metavar="COPY.xlsx", required=False)
@sources_option(
    "What to fill from: your lab's defaults, an earlier study, a record of an archive; may be given several times."
)
@click.option("--accept-guesses", is_flag=True, help="Fill in also what is only a guess.")
@click.option("--dry-run", is_flag=True, help="Only say what would be filled in; no copy is written.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Form of the output.")
@click.option("--force", is_flag=True, help="Replace COPY.xlsx if it exists.")
@talk
def fill(
    workbook: Path,
    copy: Path | None,
    sources: tuple[Path, ...],
    everything: bool,
    accept_guesses: bool,
    dry_run: bool,
    form: str,
    force: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Write a copy of a workbook with what is known elsewhere filled in, and say what came from where.

    Only empty cells are filled. What you typed stays as it is; where a source says something else, both are listed.
    The copy marks what was filled in and lists it on its sheet Filled in. Filling again changes nothing.

    \b
    Example:
      rembi-sheets fill study.xlsx study-filled.xlsx --from lab.xlsx
      rembi-sheets fill study.xlsx --from earlier-study.xlsx --all --dry-run
    """
    from rembi_sheets import pipeline
    from rembi_sheets.cells import TableError
    from rembi_sheets.fill.report import lines
    from rembi_sheets.fill.sources import SourceError
    from rembi_sheets.output import OutputError, placed, write_files
    from rembi_sheets.workbook.editing import AnnotateError
    from rembi_sheets.workbook.side import with_table

    if copy is None and not dry_run:
        raise click.UsageError("Name the copy to write, or say --dry-run.")
    if not sources:
        raise click.UsageError("Say what to fill from, with --from.")
    read = pipeline.read(workbook, limits())
    readable(read)
    if workbook.suffix.casefold() != ".xlsx":
        fail("Both files should end in .xlsx; save the workbook as .xlsx first.")
    if copy is not None:
        copy = ended(copy)
        spare(copy, workbook, *sources, report=False)
    try:
        known = pipeline.known(sources, everything=everything, limits=limits())
        made = pipeline.fill(workbook.read_bytes(), known, accept_guesses=accept_guesses)
        if copy is not None and not dry_run:
            files = with_table(copy, made.content, read.book.side if read.book else None)
            write_files({**files, **placed(copy, known.beside)}, force=force)
    except (OutputError, AnnotateError, SourceError) as error:
        fail(str(error))
        return
    except TableError as error:
        fail(f"{error.what}.")
        return
    if form == "json":
        click.echo(json.dumps(made.merged.as_json(), ensure_ascii=False, indent=1))
    if quiet:
        return
    for line in lines(made.merged, verbose) if form == "text" else ():
        click.echo(line)
    for text in made.valued:
        click.echo(f"{text} holds its value; its formula could not be moved along.", err=True)
    for text in made.left:
        click.echo(f"Not in the copy: {text}", err=True)
    done = "Nothing was written." if copy is None or dry_run else f"{copy} is ready; everything you typed is kept."
    click.echo(done, err=True)
