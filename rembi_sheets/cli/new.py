"""rembi-sheets new."""

from __future__ import annotations

from pathlib import Path

import click

from rembi_sheets.cli.options import (
    ARCHIVE,
    FOLDER,
    LEVEL,
    PROFILE,
    WORKBOOK,
    asked,
    ended,
    fail,
    limits,
    methods_option,
    online_option,
    sources_option,
    spare,
    talk,
    typed,
)
from rembi_sheets.cli.progress import working


@click.command()
@click.argument("workbook", type=WORKBOOK)
@click.option(
    "--profile",
    type=PROFILE,
    help="Kind of study; light when none is named.",
)
@click.option(
    "--archive", "archives", type=ARCHIVE, multiple=True, help="Archive to prepare for; may be given several times."
)
@click.option(
    "--level",
    type=LEVEL,
    help="How many columns: recommended, or essential where neither profile nor archive is named.",
)
@click.option(
    "--rows", type=click.IntRange(10, 100_000), default=500, show_default=True, help="Rows prepared in each sheet."
)
@click.option(
    "--wells",
    type=click.Choice(["96", "384", "1536"]),
    help="Wells of the plates drawn in the sheet Plate map; screen draws 384, which a plate of 96 fits into.",
)
@click.option("--google-sheets", is_flag=True, help="Dropdowns that Google Sheets shows too.")
@click.option(
    "--terms",
    multiple=True,
    metavar="LIST=NAME",
    help="Offer terms of your vocabulary NAME in the dropdown of LIST, for example organism=ncbi (see terms list).",
)
@methods_option("Show method columns, of this group or, alone, those of the profile.")
@sources_option(
    "Fill it at once from your lab's defaults, an earlier study or a record of an archive; may be given several times."
)
@click.option("--data", type=FOLDER, help="Fill it at once with what the headers of the files in this folder say.")
@online_option
@click.option("--accept-guesses", is_flag=True, help="Fill in also what is only a guess.")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
@talk
def new(
    workbook: Path,
    profile: str | None,
    archives: tuple[str, ...],
    level: str | None,
    rows: int,
    wells: str | None,
    google_sheets: bool,
    terms: tuple[str, ...],
    methods: tuple[str, ...],
    sources: tuple[Path, ...],
    everything: bool,
    data: Path | None,
    online: bool,
    accept_guesses: bool,
    force: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Write a blank workbook to fill in with Excel, LibreOffice or Google Sheets.

    With neither profile nor archive it is the least that suffices: light microscopy for BioImage Archive. An earlier
    study or a record that it is filled from says its archives where none is named.

    \b
    Example:
      rembi-sheets new study.xlsx
      rembi-sheets new study.xlsx --profile cryo --archive empiar --archive bioimage-archive
      rembi-sheets new study.xlsx --from lab.xlsx
      rembi-sheets new study.xlsx --profile cryo --data session
      rembi-sheets new study.xlsx --from page.json
    """
    from rembi_sheets import pipeline
    from rembi_sheets.cells import TableError
    from rembi_sheets.fill.report import lines, of_maps
    from rembi_sheets.fill.sources import SourceError, named_archives
    from rembi_sheets.output import OutputError, placed, write_files
    from rembi_sheets.schema import load
    from rembi_sheets.workbook.editing import AnnotateError
    from rembi_sheets.workbook.side import with_table

    workbook = ended(workbook)
    if workbook.exists() and not force:
        fail(f"{workbook} exists already; give another name, or --force to replace it.")
    spare(workbook, *sources, report=False)
    drawn = int(wells) if wells else None
    told: list[str] = []
    beside: dict[Path, bytes] = {}
    try:
        with working(f"Making {workbook.name}", quiet):
            known = pipeline.known(sources, everything=everything, limits=limits())
            chosen = archives or named_archives(known, load())
            content = pipeline.blank(
                profile or "", chosen, level or "", rows, google_sheets, _terms(terms), drawn, asked(methods)
            )
            if sources or data is not None or online:
                made = pipeline.fill(content, known, data=data, online=online, accept_guesses=accept_guesses)
                content, told = made.content, [*of_maps(known.maps), *lines(made.merged, verbose)]
                beside = {**with_table(workbook, content, made.side), **placed(workbook, known.beside)}
            write_files({**beside, workbook: content}, force=force)
    except (OutputError, SourceError, AnnotateError, OSError) as error:
        fail(str(error))
    except TableError as error:
        fail(f"{error.what}.")
    if not quiet:
        for line in told:
            click.echo(line)
        for path in (p for p in beside if p != workbook):
            click.echo(f"{path} belongs to it; keep both in one folder.", err=True)
        click.echo(f"{workbook} is ready. Open it in Excel; its first sheet says how to fill it in.", err=True)
        click.echo(f"Then run: rembi-sheets check {typed(workbook)}", err=True)


def _terms(pairs: tuple[str, ...]) -> dict[str, str]:
    """LIST=NAME pairs; a list or vocabulary that does not exist ends the command."""
    if not pairs:
        return {}
    from rembi_sheets.schema import load
    from rembi_sheets.vocabularies import cache, nearest

    lists = [n for n, spec in load().lists.items() if not spec.closed]
    own = [c.name for c in cache.known()]
    out = {}
    for pair in pairs:
        name, _, vocabulary = pair.partition("=")
        for word, known, kind in ((name, lists, "list"), (vocabulary, own, "vocabulary of yours")):
            if word not in known:
                near = nearest(word, known, 1)
                fail(
                    f"There is no {kind} called {word or '(nothing)'}." + (f" Did you mean {near[0]}?" if near else "")
                )
        out[name] = vocabulary
    return out
