"""rembi-sheets explain."""

from __future__ import annotations

import re

import click

from rembi_sheets.cli.options import fail


@click.command()
@click.argument("code")
def explain(code: str) -> None:
    """Explain a code of a finding, with an example and the remedy.

    \b
    Example:
      rembi-sheets explain REF-UNKNOWN
    """
    from rembi_sheets.findings import catalogue
    from rembi_sheets.vocabularies import nearest

    kinds = catalogue()
    kind = kinds.get(code.upper())
    if kind is None:
        near = nearest(code.upper(), kinds, 1)
        fail(f"There is no code {code}." + (f" Did you mean {near[0]}?" if near else ""))
        return
    click.echo(f"{kind.code} ({kind.severity.value}): {kind.title}\n")
    click.echo(f"{kind.explain}\n")
    click.echo(f"Example:  {kind.example}")
    click.echo(f"Says:     {_plain(kind.message)}")
    click.echo(f"Remedy:   {_plain(kind.fix)}")


def _plain(template: str) -> str:
    """A message with … where each finding has its own words."""
    return re.sub(r"\{\w+\}", "…", template)
