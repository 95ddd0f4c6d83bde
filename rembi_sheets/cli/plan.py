"""rembi-sheets plan."""

from __future__ import annotations

import json
from pathlib import Path

import click

from rembi_sheets.cli.options import WORKBOOK, limits, readable, talk, today


@click.command()
@click.argument("workbook", type=WORKBOOK)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Form.")
@talk
def plan(workbook: Path, form: str, quiet: bool, verbose: bool) -> None:
    """Which archives suit the study and why, in which order to deposit, and what each still lacks.

    \b
    Example:
      rembi-sheets plan study.xlsx
    """
    from rembi_sheets import pipeline
    from rembi_sheets.report import advice

    read = pipeline.read(workbook, limits())
    readable(read)
    made = pipeline.plan(read, today=today())
    if form == "json":
        click.echo(json.dumps(advice.as_json(made, workbook.name), ensure_ascii=False, indent=1))
    else:
        click.echo(advice.text(made, workbook.name, limit=None if verbose else 8), nl=False)
