"""rembi-sheets explain."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from rembi_sheets.cli.options import fail, meant, width

if TYPE_CHECKING:
    from rembi_sheets.findings import Kind


def _codes(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Codes that begin as typed, for shells."""
    from rembi_sheets.findings import catalogue

    return [code for code in sorted(catalogue()) if code.startswith(incomplete.upper())]


@click.command()
@click.argument("codes", nargs=-1, metavar="CODE...", shell_complete=_codes)
@click.option("--list", "listed", is_flag=True, help="List all codes, or those that begin with CODE.")
def explain(codes: tuple[str, ...], listed: bool) -> None:
    """Explain a code of a finding, with an example and the remedy. Without a code all are listed, for the beginning of
    codes (DISK) those that begin so.

    \b
    Example:
      rembi-sheets explain REF-UNKNOWN
      rembi-sheets explain --list BIA
    """
    from rembi_sheets.findings import catalogue

    kinds = catalogue()
    if listed or not codes:
        starts = tuple(code.upper() for code in codes) or ("",)
        found = [kinds[code] for code in sorted(kinds) if code.startswith(starts)]
        if not found:
            fail(f"No code begins with {' or '.join(codes)}.")
        _list(found)
        return
    for number, code in enumerate(codes):
        kind = kinds.get(code.strip().upper())
        begun = [kinds[known] for known in sorted(kinds) if known.startswith(f"{code.strip().upper().rstrip('-')}-")]
        if kind is None and begun:
            _list(begun)
        elif kind is None:
            near = meant(code.upper(), kinds)
            hint = f"Did you mean {near}?" if near else "All are listed by: rembi-sheets explain --list"
            fail(f"There is no code {code}. {hint}")
            return
        else:
            if number:
                click.echo()
            _tell(kind)


def _list(kinds: Iterable[Kind]) -> None:
    for kind in kinds:
        click.echo(f"{kind.code:<26} {kind.severity.value:<8} {kind.title}")


def _tell(kind: Kind) -> None:
    """Meaning, example, and what a finding says, wrapped for the terminal."""
    import textwrap

    from rembi_sheets.findings.samples import sample
    from rembi_sheets.report.words import shown

    says, remedy = sample(kind)
    columns = width() if sys.stdout.isatty() else sys.maxsize  # a program finds each text in one line
    click.echo(f"{kind.code} ({kind.severity.value}): {kind.title}\n")
    click.echo(f"{textwrap.fill(kind.explain, columns, break_on_hyphens=False)}\n")
    for label, text in (("Example", kind.example), ("Says", says), ("Remedy", remedy)):
        head = f"{label + ':':<10}"
        click.echo(
            textwrap.fill(
                shown(text), columns, initial_indent=head, subsequent_indent=" " * len(head), break_on_hyphens=False
            )
        )
