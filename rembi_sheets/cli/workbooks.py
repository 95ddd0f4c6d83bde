"""What the commands share that take many workbooks: their arguments and options, and what they stand for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from rembi_sheets.cli.options import FOLDER, WORKBOOK, fail

if TYPE_CHECKING:
    from rembi_sheets.many import DataFolders, Gathered

F = TypeVar("F", bound=Callable[..., Any])


def workbooks(function: F) -> F:
    """WORKBOOK... | FOLDER, --data, --data-root, --headers, --workers."""
    for decorate in (
        click.option(
            "--workers", type=click.IntRange(1), help="Processes side by side.  [default: one a processor]", metavar="N"
        ),
        click.option("--headers", is_flag=True, help="Compare what was typed with what the headers of the files say."),
        click.option(
            "--data-root",
            type=FOLDER,
            help="Folder below which each workbook's Data folder is looked for; the files in it are compared.",
        ),
        click.option("--data", type=FOLDER, help="Folder with the files of the one workbook; they are compared."),
        click.argument("paths", type=WORKBOOK, nargs=-1, required=True, metavar="WORKBOOK... | FOLDER"),
    ):
        function = decorate(function)
    return function


def chosen(
    paths: Sequence[Path], data: Path | None, data_root: Path | None, headers: bool = False
) -> tuple[Gathered, DataFolders | None]:
    """The workbooks that the arguments stand for, and where their Data folders are; what does not fit ends the command.

    A folder without a workbook is named on stderr, and ends the command when nothing else is there.
    """
    from rembi_sheets import many

    try:
        found = many.gather(paths)
        if data is not None and data_root is not None:
            raise click.UsageError("Give --data or --data-root, not both.")
        if headers and data is None and data_root is None:
            raise click.UsageError("--headers needs the folder with the files: name it with --data.")
        if data is not None and found.many:
            raise click.UsageError(
                "--data is the folder of one workbook; for many, give --data-root with the folder that holds theirs."
            )
        folders = many.DataFolders(data_root) if data_root is not None else None
    except OSError as error:
        fail(f"{error.filename} cannot be read: {(error.strerror or str(error)).lower()}.")
        raise AssertionError from error
    for folder in found.unread:
        click.echo(f"{folder} cannot be read and is left out.", err=True)
    for folder in found.without:
        click.echo(f"{folder} holds no workbook.", err=True)
    if not found.workbooks:
        fail("There is nothing to do.")
    return found, folders
