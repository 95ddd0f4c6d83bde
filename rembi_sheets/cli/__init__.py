"""The command line: parse, call, print, exit status. Each command has a module of its own, loaded when it is used."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from rembi_sheets import collector
from rembi_sheets.cli import streams
from rembi_sheets.version import __version__

# Command -> (module, what one line of help says). The line stands here so that `--help` loads no command.
COMMANDS = {
    "new": ("new", "Write a blank workbook to fill in."),
    "check": ("check", "Check a workbook and name every mistake at its cell."),
    "convert": ("convert", "Check a workbook and write the files for the archives."),
    "fill": ("fill", "Write a copy with what is known elsewhere filled in."),
    "fix": ("fix", "Write a copy with the safe repairs done, and list the changes."),
    "add": ("add", "Write a copy of a workbook with further sheets and columns."),
    "migrate": ("migrate", "Write a copy of an older workbook in today's form."),
    "plan": ("plan", "Say which archives suit, in which order, and what each still lacks."),
    "score": ("score", "Say how complete a workbook is, and for whom that suffices."),
    "harvest": ("harvest", "Say what the headers of images state: sizes, channels, instrument."),
    "terms": ("terms", "Look up terms, and add vocabularies of your own."),
    "serve": ("serve", "Open the page in the browser: drop a workbook, see what is wrong, mend it."),
    "examples": ("examples", "List the worked examples and copy one."),
    "demo": ("demo", "Copy, check and convert the examples, and say what to open."),
    "schema": ("schema", "Print the data dictionary: sheets, columns, where each goes."),
    "explain": ("explain", "Explain a code of a finding, with an example and the remedy."),
}


class Commands(click.Group):
    """A group that loads a command's module only when the command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands, in the order in which a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"rembi_sheets.cli.{COMMANDS[cmd_name][0]}")
        command = getattr(module, cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands for `--help`, without loading one."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, but an unknown command is answered with the nearest one."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in COMMANDS:
            from difflib import get_close_matches

            near = get_close_matches(name, COMMANDS, 1)
            hint = f" Did you mean {near[0]}?" if near else " See rembi-sheets --help."
            raise click.UsageError(f"There is no command {name}.{hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", message="rembi-sheets %(version)s")
def cli() -> None:
    """One Excel workbook after REMBI, checked and written for BioImage Archive, EMPIAR and IDR.

    \b
    Start here:
      rembi-sheets new study.xlsx                                   a blank workbook
      rembi-sheets check study.xlsx                                 what is still wrong, cell by cell
      rembi-sheets convert study.xlsx --to bioimage-archive --output deposit
    """


def main(args: list[str] | None = None) -> None:
    """Run the command line; nobody ever sees a traceback unless asked for with -v."""
    collector.seldom()
    streams.prepare()
    status = _run(args if args is not None else sys.argv[1:])
    unwritten = streams.finish()
    if unwritten:
        click.echo(f"The result could not be written: {unwritten}.", err=True)
        status = 2
    sys.exit(status)


def _run(args: list[str]) -> int:
    """The exit status of the command."""
    try:
        return int(cli.main(args=args, prog_name="rembi-sheets", standalone_mode=False) or 0)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except OSError as error:  # a disk that is full, a folder that went away
        if _verbose(args):
            raise
        what = f"{error.filename} cannot be read or written" if error.filename else "The result could not be written"
        click.echo(f"{what}: {error.strerror or error}.", err=True)
        return 2
    except Exception as error:  # the last door: a defect of ours is told as such
        if _verbose(args):
            raise
        _report(error)
        return 2


def _verbose(args: list[str]) -> bool:
    return any(a in ("-v", "--verbose") for a in args)


def _report(error: Any) -> None:
    click.echo(
        f"rembi-sheets met a defect of its own ({type(error).__name__}: {error}).\n"
        "Nothing was written. Run the command again with -v and send what it prints to the authors.",
        err=True,
    )
