"""rembi-sheets demo."""

from __future__ import annotations

from pathlib import Path

import click

from rembi_sheets.cli.options import ERRORS, Where, fail, limits, talk, today, typed


@click.command()
@click.argument("folder", type=Where(file_okay=False), metavar="DIR")
@talk
def demo(folder: Path, quiet: bool, verbose: bool) -> None:
    """Copy the examples to DIR, check and convert them to all their archives, and say what to open.

    \b
    Example:
      rembi-sheets demo demo
    """
    from rembi_sheets import examples as shelf
    from rembi_sheets import pipeline
    from rembi_sheets.output import OutputError, write_file
    from rembi_sheets.report.words import summary

    failed = False
    try:
        for name in shelf.names():
            home = folder / name
            workbook = home / f"{name}.xlsx"
            write_file(workbook, shelf.workbook_bytes(name), force=True)
            for path, content in shelf.data_files(name).items():
                write_file(home / path, content, force=True)
            read = pipeline.read(workbook, limits())
            made = pipeline.convert(read, shelf.info(name).archives, today=today())
            if not made.files:
                failed = True
                click.echo(
                    f"{name}: {summary(made.findings)}; nothing written. See: rembi-sheets check {typed(workbook)}"
                )
                continue
            paths = pipeline.write(made, home / "deposit", force=True)
            if not quiet:
                _tell(name, shelf.info(name).title, workbook, made.archives, paths, summary(made.findings), verbose)
    except OutputError as error:
        fail(str(error))
    if not quiet and not failed:
        click.echo(
            f"Open {folder} and begin with a workbook in Excel or LibreOffice; "
            "the folder deposit beside it holds what each archive takes, with its NEXT-STEPS.md."
        )
        click.echo("Next, in the browser: rembi-sheets serve opens a page; drop one of these workbooks on it.")
    if failed:
        raise click.exceptions.Exit(ERRORS)


def _tell(
    name: str,
    title: str,
    workbook: Path,
    archives: tuple[str, ...],
    paths: list[Path],
    said: str,
    verbose: bool,
) -> None:
    click.echo(f"{name}: {title}")
    click.echo(f"  workbook  {workbook}  ({said})")
    root = workbook.absolute().parent / "deposit"
    for archive in archives:
        own = [p for p in paths if (root / archive) in p.parents]
        click.echo(f"  {archive:<17} {len(own)} files in {workbook.parent / 'deposit' / archive}")
        if verbose:
            for p in own:
                click.echo(f"    {p.relative_to(root / archive).as_posix()}")
    click.echo("")
