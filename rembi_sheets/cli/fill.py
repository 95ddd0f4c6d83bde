"""rembi-sheets fill."""

from __future__ import annotations

import json
from pathlib import Path

import click

from rembi_sheets.cli import copies
from rembi_sheets.cli.options import (
    FOLDER,
    WORKBOOK,
    Choice,
    ended,
    fail,
    limits,
    online_option,
    sources_option,
    spare,
    talk,
)
from rembi_sheets.cli.progress import working


@click.command()
@click.argument("workbook", type=WORKBOOK)
@click.argument("copy", type=WORKBOOK, metavar="COPY.xlsx", required=False)
@sources_option(
    "What to fill from: your lab's defaults, an earlier study, a record of an archive; may be given several times."
)
@click.option("--data", type=FOLDER, help="Folder with the files of the study: what their headers say is filled in.")
@click.option("--no-headers", is_flag=True, help="Of the folder take names and sizes alone: Files is filled in.")
@click.option(
    "--map",
    "mapping",
    type=WORKBOOK,
    metavar="MAP.toml",
    help="How columns of your tables are understood: written if it does not exist, else used.",
)
@online_option
@click.option("--accept-guesses", is_flag=True, help="Fill in also what is only a guess.")
@click.option("--dry-run", is_flag=True, help="Only say what would be filled in; no copy is written.")
@click.option("--format", "form", type=Choice(["text", "json"]), default="text", help="Form of the output.")
@click.option("--force", is_flag=True, help="Replace COPY.xlsx if it exists.")
@talk
def fill(
    workbook: Path,
    copy: Path | None,
    sources: tuple[Path, ...],
    everything: bool,
    data: Path | None,
    no_headers: bool,
    mapping: Path | None,
    online: bool,
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
      rembi-sheets fill study.xlsx study-filled.xlsx --data images
      rembi-sheets fill study.xlsx study-filled.xlsx --online
      rembi-sheets fill study.xlsx --from earlier-study.xlsx --all --dry-run
      rembi-sheets fill study.xlsx study-filled.xlsx --from plates.xlsx --from library.csv --map map.toml
    """
    from rembi_sheets import pipeline
    from rembi_sheets.cells import TableError
    from rembi_sheets.fill.report import lines, of_maps
    from rembi_sheets.fill.sources import SourceError
    from rembi_sheets.fill.sources.table.mapfile import written
    from rembi_sheets.inventory import scan
    from rembi_sheets.output import OutputError, placed, write_file, write_files
    from rembi_sheets.workbook.editing import AnnotateError
    from rembi_sheets.workbook.package import Caps
    from rembi_sheets.workbook.plain import as_xlsx
    from rembi_sheets.workbook.side import with_table

    if copy is None and not dry_run:
        raise click.UsageError("Name the copy to write, or say --dry-run.")
    if not sources and data is None and not online:
        raise click.UsageError("Say what to fill from, with --from, --data or --online.")
    read = copies.original(workbook, quiet)
    if copy is not None:
        copy = ended(copy)
        spare(copy, workbook, *sources, *([mapping] if mapping else []), report=False)
    files: dict[Path, bytes] = {}
    try:
        with working(f"Filling {workbook.name}", quiet):
            decided = mapping.read_bytes() if mapping is not None and mapping.exists() else None
            known = pipeline.known(sources, everything=everything, maps=decided, limits=limits())
            content, left = as_xlsx(workbook, Caps.of(limits()))
            folder = scan(data) if data is not None and no_headers else data
            made = pipeline.fill(
                content,
                known,
                side=read.book.side if read.book else None,
                data=folder,
                online=online,
                accept_guesses=accept_guesses,
                merged_only=dry_run,
            )
            if mapping is not None and decided is None:
                write_file(mapping, written(known.maps).encode())
            if copy is not None and not dry_run:
                files = {**with_table(copy, made.content, made.side), **placed(copy, known.beside)}
                write_files(files, force=force)
    except OSError as error:
        fail(f"{error.filename or data or mapping} cannot be read: {error.strerror}.")
        return
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
    for path in (p for p in files if p != copy):
        click.echo(f"{path} belongs to it; keep both in one folder.", err=True)
    for line in (*of_maps(known.maps), *lines(made.merged, verbose)) if form == "text" else ():
        click.echo(line)
    for text in made.valued:
        click.echo(f"{text} holds its value; its formula could not be moved along.", err=True)
    for text in (*made.left, *left):
        click.echo(f"Not in the copy: {text}", err=True)
    if mapping is not None and decided is None:
        click.echo(f"{mapping} says how the columns were understood; change it and fill again with --map.", err=True)
    done = "Nothing was written." if copy is None or dry_run else f"{copy} is ready; everything you typed is kept."
    click.echo(done, err=True)
