"""rembi-sheets plan."""

from __future__ import annotations

import json
from pathlib import Path

import click

from rembi_sheets.cli.options import (
    REPORT,
    WORKBOOK,
    emit,
    form_of,
    form_option,
    limits,
    readable,
    spare,
    talk,
    today,
)
from rembi_sheets.cli.progress import working

_FORMS = ("text", "json")


@click.command()
@click.argument("workbook", type=WORKBOOK)
@form_option(*_FORMS)
@click.option("--output", type=REPORT, help="File for the advice.")
@talk
def plan(workbook: Path, form: str | None, output: Path | None, quiet: bool, verbose: bool) -> None:
    """Which archives suit the study and why, in which order to deposit, and what each still lacks.

    \b
    Example:
      rembi-sheets plan study.xlsx
    """
    from rembi_sheets import pipeline
    from rembi_sheets.report import advice

    spare(output, workbook)
    with working(f"Reading {workbook.name}", quiet):
        read = pipeline.read(workbook, limits())
    readable(read)
    with working(f"Checking {workbook.name}", quiet):
        made = pipeline.plan(read, today=today())
    if form_of(form, output, *_FORMS) == "json":
        said = json.dumps(advice.as_json(made, workbook.name), ensure_ascii=False, indent=1)
    else:
        said = advice.text(made, workbook.name, limit=None if verbose else 8)
    if not quiet or output is not None:
        emit(said.removesuffix("\n") + "\n", output)
