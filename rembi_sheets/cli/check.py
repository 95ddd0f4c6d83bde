"""rembi-sheets check."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rembi_sheets.cli import copies
from rembi_sheets.cli.options import (
    ARCHIVE,
    ERRORS,
    OK,
    REPORT,
    Where,
    colours,
    copy_ending,
    emit,
    ended,
    fail,
    form_of,
    form_option,
    limits,
    readable,
    spare,
    talk,
    today,
    width,
)
from rembi_sheets.cli.progress import working
from rembi_sheets.cli.streams import encoded
from rembi_sheets.cli.workbooks import chosen, workbooks

if TYPE_CHECKING:
    from rembi_sheets.many import Check
    from rembi_sheets.pipeline import Checked
    from rembi_sheets.report.many import Outcome

_FORMS = ("text", "json", "html", "csv")


@click.command()
@workbooks
@click.option(
    "--archive",
    "archives",
    type=ARCHIVE,
    multiple=True,
    help="Archive to check for (default: those named in the sheet Study).",
)
@form_option(*_FORMS)
@click.option("--output", type=REPORT, help="File for the report; a folder for the pages of many workbooks (html).")
@click.option("--annotate", type=Where(dir_okay=False), help="Write a copy of the workbook with the cells marked.")
@click.option("--online", is_flag=True, help="Ask EBI's Ontology Lookup Service for terms that no list at hand knows.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@talk
def check(
    paths: tuple[Path, ...],
    archives: tuple[str, ...],
    data: Path | None,
    data_root: Path | None,
    headers: bool,
    workers: int | None,
    form: str | None,
    output: Path | None,
    annotate: Path | None,
    online: bool,
    strict: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Check a workbook: every mistake at once, each at its cell, with the remedy. Or many: a line for each.

    \b
    Example:
      rembi-sheets check study.xlsx --annotate study-marked.xlsx
      rembi-sheets check study.xlsx --data images --headers
      rembi-sheets check submissions --output submissions.csv
      rembi-sheets check submissions --format html --output report --data-root /data
    """
    from rembi_sheets import many

    found, folders = chosen(paths, data, data_root, headers)
    form = form_of(form, output, *_FORMS)
    spare(output, *found.workbooks)
    asked = many.Check(archives, data, folders, today(), limits(), headers, online, strict)
    if found.many or form == "csv":
        if annotate is not None:
            raise click.UsageError("--annotate marks one workbook; name it alone, with text, json or html as its form.")
        status = _many(found.workbooks, asked, form, output, workers or 0, quiet)
    else:
        status = _one(found.workbooks[0], asked, form, output, annotate, quiet, verbose)
    raise click.exceptions.Exit(status)


def _many(workbooks: Sequence[Path], asked: Check, form: str, output: Path | None, workers: int, quiet: bool) -> int:
    """A line for each workbook, or a page for each; the exit status."""
    from rembi_sheets import many
    from rembi_sheets.report import many as report

    pages = form == "html"
    if pages and output is None:
        raise click.UsageError("The pages of many workbooks need a folder: --output FOLDER.")
    with working("Checking", quiet, begun=False):
        outcomes = list(many.check(replace(asked, pages=pages), workbooks, workers))
    if pages:
        assert output is not None
        _pages(outcomes, output)
        if not quiet:
            click.echo(f"{report.summary(outcomes)}. Open {output / report.INDEX}", err=True)
    elif not quiet or output is not None:
        emit({"text": report.text, "json": report.as_json, "csv": report.as_csv}[form](outcomes), output)
    return OK if report.passed(outcomes) else ERRORS


def _pages(outcomes: Sequence[Outcome], folder: Path) -> None:
    """The index and the pages into a folder, in the place of those of an earlier check."""
    from rembi_sheets.output import OutputError, write_folder
    from rembi_sheets.report import many as report

    contents = {name: encoded(text) for name, text in report.pages(outcomes).items()}
    try:
        write_folder(folder, contents, index=(report.RECORD, lambda _: encoded(report.as_json(outcomes))), force=True)
    except OutputError as error:
        fail(str(error))


def _one(
    workbook: Path,
    asked: Check,
    form: str,
    output: Path | None,
    annotate: Path | None,
    quiet: bool,
    verbose: bool,
) -> int:
    """All that is to be said of one workbook; the exit status."""
    if annotate is not None:
        annotate = ended(annotate, copy_ending(workbook))
        spare(annotate, workbook, report=False)
        _spare_others(annotate)
    from rembi_sheets.report.words import stopped

    with working(f"Reading {workbook.name}", quiet):
        read, data = asked.read(workbook)
    if form != "json":
        readable(read)
    original: tuple[bytes, tuple[str, ...]] | None = None
    if annotate is not None and read.readable:
        from rembi_sheets.workbook.package import Caps
        from rembi_sheets.workbook.plain import as_xlsx

        with copies.copying(f"Copying {workbook.name}", quiet):
            original = as_xlsx(workbook, Caps.of(limits()), macros=True)
    if asked.folders is not None and data is None and read.readable:
        click.echo("The Data folder was not found below the folder given, so no file is compared.", err=True)
    with working(f"Checking {workbook.name}", quiet):
        checked = asked.checked(read, data)
    if not quiet or output is not None:
        emit(_report(checked, form, verbose, output, asked.strict), output)
    readable(read)
    if annotate is not None and original is not None:
        _annotate(checked, original, annotate, quiet)
    return ERRORS if stopped(checked.findings, asked.strict) else OK


def _report(checked: Checked, form: str, verbose: bool, output: Path | None, strict: bool) -> str:
    from rembi_sheets import pipeline

    name = checked.workbook.path.name
    if form == "json":
        return json.dumps(checked.as_json(strict), ensure_ascii=False, indent=1) + "\n"
    if form == "html":
        return pipeline.page(checked, strict)
    from rembi_sheets.report import text

    return text.text(
        checked.findings,
        name,
        width(output),
        output is None and colours(),
        None if verbose else 50,
        checked.archives,
        strict=strict,
        whole=verbose,
    )


def _spare_others(annotate: Path) -> None:
    """A marked copy may be made again, but no other workbook is replaced by one."""
    if not annotate.exists():
        return
    from rembi_sheets.workbook.problems import TITLE

    try:
        with zipfile.ZipFile(annotate) as package:
            marked = f'name="{TITLE}"'.encode() in package.read("xl/workbook.xml")
    except (OSError, KeyError, zipfile.BadZipFile):
        marked = False
    if not marked:
        fail(f"{annotate} exists already and is no marked copy; give another name.")


def _annotate(checked: Checked, original: tuple[bytes, tuple[str, ...]], target: Path, quiet: bool) -> None:
    from rembi_sheets.workbook.annotate import annotate

    book = checked.workbook.book
    content, left = original
    with copies.copying(f"Marking {target.name}", quiet):
        made = annotate(content, checked.findings)
        # a marked copy is made again, its table with it; no other table is replaced
        copies.write(target, made, book.side if book else None, force=target.exists())
    if not quiet:
        for text in left:
            click.echo(f"Not in the copy: {text}", err=True)
        click.echo(f"Marked copy: {target}", err=True)
