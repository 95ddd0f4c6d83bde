"""rembi-sheets schema."""

from __future__ import annotations

from pathlib import Path

import click

from rembi_sheets.cli.options import REPORT, emit, form_of, form_option

_FORMS = ("text", "json", "markdown")


@click.command()
@form_option(*_FORMS)
@click.option("--output", type=REPORT, help="File for the dictionary.")
def schema(form: str | None, output: Path | None) -> None:
    """Print the data dictionary: sheets, columns, rules, and where each column goes.

    \b
    Example:
      rembi-sheets schema --output columns.md
    """
    from rembi_sheets.report import dictionary
    from rembi_sheets.schema import load

    made = {"text": dictionary.text, "json": dictionary.as_json, "markdown": dictionary.markdown}
    emit(made[form_of(form, output, *_FORMS)](load()), output)
