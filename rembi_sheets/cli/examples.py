"""rembi-sheets examples list, examples copy."""

from __future__ import annotations

from pathlib import Path

import click

from rembi_sheets.cli.options import WORKBOOK, ended, fail, typed


@click.group()
def examples() -> None:
    """The worked examples: filled workbooks of published studies, and defaults as facilities hand them out."""


@examples.command("list")
def list_() -> None:
    """List the examples: name, archives, what each shows."""
    from rembi_sheets import examples as shelf

    names = (*shelf.names(), *shelf.defaults())
    width = max(map(len, names), default=0)
    for name in names:
        info = shelf.info(name)
        archives = ", ".join(info.archives) if name in shelf.names() else "defaults"
        click.echo(f"{name:<{width}}  {archives}  {info.title}")


def _names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Names of examples that begin as typed, for shells."""
    from rembi_sheets import examples as shelf

    return [n for n in (*shelf.names(), *shelf.defaults()) if n.startswith(incomplete)]


@examples.command()
@click.argument("name", shell_complete=_names)
@click.argument("workbook", type=WORKBOOK)
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
def copy(name: str, workbook: Path, force: bool) -> None:
    """Copy the example NAME to WORKBOOK, and its result tables to the data folder beside it.

    \b
    Example:
      rembi-sheets examples copy toxoplasma-fib-sem study.xlsx
      rembi-sheets examples copy cryo-em-facility lab.xlsx
    """
    from rembi_sheets import examples as shelf
    from rembi_sheets.output import OutputError, write_file
    from rembi_sheets.vocabularies import nearest

    known = (*shelf.names(), *shelf.defaults())
    if name not in known:
        near = nearest(name, known, 1)
        hint = f"Did you mean {near[0]}?" if near else "They are listed by: rembi-sheets examples list"
        fail(f"There is no example {name}. {hint}")
    workbook = ended(workbook)
    try:
        write_file(workbook, shelf.workbook_bytes(name), force=force)
        for path, content in shelf.data_files(name).items():
            write_file(workbook.parent / path, content, force=force)
            click.echo(f"{workbook.parent / path} holds a result table of the example.", err=True)
    except OutputError as error:
        fail(str(error))
    click.echo(f"{workbook} is ready. Open it in Excel, or run: rembi-sheets check {typed(workbook)}", err=True)
