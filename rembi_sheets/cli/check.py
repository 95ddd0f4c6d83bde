"""rembi-sheets check."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rembi_sheets.cli.options import (
    ARCHIVE,
    ERRORS,
    OK,
    WORKBOOK,
    colours,
    copy_ending,
    emit,
    fail,
    limits,
    readable,
    spare,
    talk,
    today,
)

if TYPE_CHECKING:
    from rembi_sheets.pipeline import Checked


@click.command()
@click.argument("workbook", type=WORKBOOK)
@click.option(
    "--archive",
    "archives",
    type=ARCHIVE,
    multiple=True,
    help="Archive to check for (default: those named in the sheet Study).",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder with the files; they are compared with what the workbook lists.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
    help="Form of the report.",
)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="File for the report.")
@click.option(
    "--annotate",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a copy of the workbook with the cells marked.",
)
@click.option("--online", is_flag=True, help="Ask EBI's Ontology Lookup Service for terms that no list at hand knows.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@talk
def check(
    workbook: Path,
    archives: tuple[str, ...],
    data: Path | None,
    form: str,
    output: Path | None,
    annotate: Path | None,
    online: bool,
    strict: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Check a workbook: every mistake at once, each at its cell, with the remedy.

    \b
    Example:
      rembi-sheets check study.xlsx --annotate study-marked.xlsx
    """
    from rembi_sheets import pipeline
    from rembi_sheets.findings import counts

    spare(output, workbook)
    spare(annotate, workbook, ending=copy_ending(workbook))
    _spare_others(annotate)
    if annotate is not None and workbook.is_dir():
        fail("A marked copy can be made of a workbook, not of a folder.")
    read = pipeline.read(workbook, limits())
    if form != "json":
        readable(read)
    if annotate is not None and read.readable:
        _markable(workbook)
    checked = pipeline.check(read, archives, data=data, today=today(), online=online)
    if not quiet or output is not None:
        emit(_report(checked, form, verbose, output), output)
    readable(read)
    if annotate is not None:
        _annotate(checked, workbook, annotate, quiet)
    n = counts(checked.findings)
    raise click.exceptions.Exit(ERRORS if n["error"] or (strict and n["warning"]) else OK)


def _report(checked: Checked, form: str, verbose: bool, output: Path | None) -> str:
    from rembi_sheets import pipeline

    name = checked.workbook.path.name
    if form == "json":
        return json.dumps(checked.as_json(), ensure_ascii=False, indent=1) + "\n"
    if form == "html":
        from rembi_sheets.report import page

        completeness = pipeline.completeness(checked)
        return page.page(checked.findings, name, checked.archives, checked.workbook.sha256, completeness)
    from rembi_sheets.report import text

    on_terminal = output is None and colours()
    width = shutil.get_terminal_size().columns if on_terminal else 100
    limit = None if verbose else 50
    return text.text(checked.findings, name, width, on_terminal, limit, checked.archives)


def _spare_others(annotate: Path | None) -> None:
    """A marked copy may be made again, but no other workbook is replaced by one."""
    if annotate is None or not annotate.exists():
        return
    from rembi_sheets.workbook.problems import TITLE

    try:
        with zipfile.ZipFile(annotate) as package:
            marked = f'name="{TITLE}"'.encode() in package.read("xl/workbook.xml")
    except (OSError, KeyError, zipfile.BadZipFile):
        marked = False
    if not marked:
        fail(f"{annotate} exists already and is no marked copy; give another name.")


def _markable(workbook: Path) -> None:
    """Before the long work of checking: a workbook of which no marked copy can be made."""
    from rembi_sheets.workbook.annotate import AnnotateError, markable

    try:
        markable(workbook.read_bytes())
    except (AnnotateError, OSError) as error:
        fail(str(error))


def _annotate(checked: Checked, workbook: Path, target: Path, quiet: bool) -> None:
    from rembi_sheets.output import OutputError, write_file
    from rembi_sheets.workbook.annotate import AnnotateError, annotate

    try:
        write_file(target, annotate(workbook.read_bytes(), checked.findings), force=True)
    except (OutputError, AnnotateError, OSError) as error:
        fail(str(error))
    if not quiet:
        click.echo(f"Marked copy: {target}", err=True)
