"""rembi-sheets schema."""

from __future__ import annotations

import click


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="Form of the output.",
)
def schema(form: str) -> None:
    """Print the data dictionary: sheets, columns, rules, and where each column goes.

    \b
    Example:
      rembi-sheets schema --format markdown > columns.md
    """
    from rembi_sheets.report import dictionary
    from rembi_sheets.schema import load

    click.echo(
        {"text": dictionary.text, "json": dictionary.as_json, "markdown": dictionary.markdown}[form](load()), nl=False
    )
