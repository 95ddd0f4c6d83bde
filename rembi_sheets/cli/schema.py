"""rembi-sheets schema."""

from __future__ import annotations

from pathlib import Path

import click

from rembi_sheets.cli.options import REPORT, emit, form_of, form_option

_FORMS = ("text", "json", "markdown")


def _version(ctx: click.Context, param: click.Parameter, value: str | None) -> str:
    """A version that is shipped, today's when none is named."""
    from rembi_sheets.schema import load, versions

    if value is not None and value not in versions():
        raise click.BadParameter(f"there is no version {value}; there are {', '.join(versions())}.")
    return value or load().version


@click.group(invoke_without_command=True)
@form_option(*_FORMS)
@click.option("--output", type=REPORT, help="File for the dictionary.")
@click.pass_context
def schema(ctx: click.Context, form: str | None, output: Path | None) -> None:
    """Print the data dictionary: sheets, columns, rules, and where each column goes.

    \b
    Example:
      rembi-sheets schema --output columns.md
      rembi-sheets schema diff 1.0 1.1
      rembi-sheets schema sources
    """
    if ctx.invoked_subcommand is not None:
        return
    from rembi_sheets.report import dictionary
    from rembi_sheets.schema import load

    made = {"text": dictionary.text, "json": dictionary.as_json, "markdown": dictionary.markdown}
    emit(made[form_of(form, output, *_FORMS)](load()), output)


@schema.command()
@click.argument("old", callback=_version)
@click.argument("new", callback=_version, required=False)
@form_option("text", "json")
@click.option("--output", type=REPORT, help="File for the changes.")
def diff(old: str, new: str, form: str | None, output: Path | None) -> None:
    """Print what changed from one version of the sheets and columns to another (today's when only one is named).

    \b
    Example:
      rembi-sheets schema diff 1.0 1.1
    """
    from rembi_sheets import schema as dictionary
    from rembi_sheets.report import versions

    if dictionary.number(old) > dictionary.number(new):
        raise click.UsageError(f"{old} came after {new}; name the older version first.")
    made = {"text": versions.text, "json": versions.as_json}[form_of(form, output, "text", "json")]
    emit(made(dictionary.diff(old, new), old, new), output)


@schema.command()
@form_option("text", "json")
@click.option("--output", type=REPORT, help="File for the list.")
def sources(form: str | None, output: Path | None) -> None:
    """List what each list of words and each archive's rules rest on, with dates, oldest first.

    \b
    Example:
      rembi-sheets schema sources
    """
    from rembi_sheets.report import versions

    made = {"text": versions.sources_text, "json": versions.sources_json}[form_of(form, output, "text", "json")]
    emit(made(), output)
