"""Options and messages that several commands share."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from rembi_sheets.schema import Schema, groups, load

if TYPE_CHECKING:
    from rembi_sheets.pipeline import Workbook

F = TypeVar("F", bound=Callable[..., Any])

if TYPE_CHECKING:
    _ParamType = click.ParamType[str]  # generic for type checkers only: older releases of click are not
else:
    _ParamType = click.ParamType

OK, ERRORS, UNUSABLE = 0, 1, 2

_WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xlsb", ".xls", ".ods")
_OTHERS = (".csv", ".tsv", ".txt", ".json", ".html", ".htm", ".pdf", ".docx", ".zip", ".numbers")
_FORMS = {
    ".json": "json",
    ".html": "html",
    ".htm": "html",
    ".csv": "csv",
    ".tsv": "tsv",
    ".md": "markdown",
    ".txt": "text",
}


class Where(click.Path):
    """A path on the command line; ~ is the home folder also where no shell has said so.

    An empty one comes of a variable that a script has not set, and would be the folder in which the command runs.
    """

    def __init__(self, **rules: Any) -> None:
        super().__init__(path_type=Path, **rules)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path, with the home folder in the place of ~."""
        if value == "":
            self.fail("an empty name is no file or folder; for the folder you are in write a point.", param, ctx)
        return super().convert(Path(value).expanduser(), param, ctx)


class Target(Where):
    """A file to write; - is standard output, as without the option."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path, or None for -."""
        return None if value == "-" else super().convert(value, param, ctx)


WORKBOOK = Where()
FOLDER = Where(exists=True, file_okay=False)
REPORT = Target()


class Names(_ParamType):
    """A choice whose words are read from the data dictionary when they are asked for."""

    def __init__(self, name: str, words: Callable[[Schema], dict[str, str]]) -> None:
        """`words`: accepted word (lower case) -> the name it stands for."""
        self.name = name
        self._words = words

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name a typed word stands for; case does not matter."""
        words = self._words(load())
        found = words.get(str(value).strip().casefold())
        if found is None:
            known = ", ".join(dict.fromkeys(words.values()))
            near = meant(str(value).casefold(), words)
            self.fail(f"{value} is not one of {known}.{near and f' Did you mean {words[near]}?'}", param, ctx)
        return found

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """The words, as click shows those of a choice."""
        return f"[{'|'.join(dict.fromkeys(self._words(load()).values()))}]"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        """The names that begin as typed."""
        from click.shell_completion import CompletionItem

        names = dict.fromkeys(self._words(load()).values())
        return [CompletionItem(n) for n in names if n.startswith(incomplete)]


ARCHIVE = Names("archive", lambda s: {w.casefold(): a.name for a in s.archives for w in (a.name, a.label, a.title)})
PROFILE = Names("profile", lambda s: {p.name: p.name for p in s.profiles})
LEVEL = Names("level", lambda s: {level: level for level in s.levels})


METHODS = Names("group of methods", lambda s: {"all": "all", **{g: g for g in groups(s)}})


def methods_option(text: str) -> Callable[[F], F]:
    """--methods, alone or with the name of a group, several times; `asked` makes of it what the pipeline takes."""
    return click.option(
        "--methods",
        "methods",
        type=METHODS,
        multiple=True,
        is_flag=False,
        flag_value="all",
        metavar="[GROUP]",
        help=text,
    )


def sources_option(text: str) -> Callable[[F], F]:
    """--from, several times: what is to be filled from, and --all for all of an earlier study."""

    def both(function: F) -> F:
        function = click.option(
            "--all",
            "everything",
            is_flag=True,
            help="Take all of an earlier study, its samples, images and files too; else only what serves as defaults.",
        )(function)
        named: F = click.option("--from", "sources", type=WORKBOOK, multiple=True, metavar="SOURCE", help=text)(
            function
        )
        return named

    return both


def online_option(function: F) -> F:
    """--online: services on the net are asked."""
    text = (
        "Ask services on the net what identifiers in the workbook stand for: DOI and PubMed ID of papers, ROR ID, "
        "ORCID, entries of EMDB and EMPIAR. Nothing else of it is sent."
    )
    return click.option("--online", is_flag=True, help=text)(function)


def asked(methods: tuple[str, ...]) -> tuple[str, ...] | None:
    """The groups named with --methods; none when it stands alone, None when it is not there."""
    return tuple(m for m in methods if m != "all") if methods else None


def meant(word: str, known: Iterable[str]) -> str:
    """The nearest of the known words, for a hint; '' when none is near."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, known, 1)), "")


class Choice(click.Choice[str]):
    """One of a few words; the nearest is named for another one."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word that was typed; case does not matter."""
        word = str(value).strip().casefold()
        if word not in self.choices:
            near = meant(word, self.choices)
            self.fail(
                f"{value} is not one of {', '.join(self.choices)}.{near and f' Did you mean {near}?'}", param, ctx
            )
        return word


def form_option(*forms: str) -> Callable[[F], F]:
    """--format; where it is not given, the ending of --output decides, else it is text."""
    return click.option(
        "--format",
        "form",
        type=Choice(forms),
        help="Form of the output.  [default: by the ending of --output, else text]",
    )


def form_of(form: str | None, output: Path | None, *forms: str) -> str:
    """The form of a result: the one asked for, else the one that the ending of the file says."""
    by_ending = _FORMS.get(output.suffix.casefold(), "") if output else ""
    return form or (by_ending if by_ending in forms else "text")


def talk(function: F) -> F:
    """-q/--quiet and -v/--verbose."""
    function = click.option("-v", "--verbose", is_flag=True, help="Say more: every finding, every file.")(function)
    return click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")(function)


def colours(stream: Any = None) -> bool:
    """Colours are for terminals that have them, and NO_COLOR turns them off."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return not plain and bool((stream or sys.stdout).isatty())


def width(output: Path | None = None) -> int:
    """Columns for a text: those of the terminal, with colours or without; 100 in a file or a pipe."""
    return shutil.get_terminal_size((100, 24)).columns if output is None and sys.stdout.isatty() else 100


def today() -> dt.date:
    """The day that release dates are compared with; REMBI_SHEETS_TODAY (year-month-day) sets another."""
    fixed = os.environ.get("REMBI_SHEETS_TODAY")
    if not fixed:
        return dt.date.today()
    try:
        return dt.date.fromisoformat(fixed)
    except ValueError:
        raise click.UsageError(f"REMBI_SHEETS_TODAY is {fixed}; it should read like 2027-03-01.") from None


def limits() -> dict[str, int]:
    """How much a workbook may hold, where REMBI_SHEETS_LIMITS says it: cells=60000000,ratio=500."""
    from rembi_sheets.workbook.package import Caps

    given = os.environ.get("REMBI_SHEETS_LIMITS", "")
    try:
        pairs = [part.split("=") for part in given.replace(",", " ").split()]
        found = {name: int(number) for name, number in pairs}
        Caps.of(found)
    except ValueError as error:
        why = error if "=" in given and " is none of " in str(error) else "it should read like cells=60000000,ratio=500"
        raise click.UsageError(f"REMBI_SHEETS_LIMITS is {given}: {why}.") from None
    return found


def fail(message: str) -> NoReturn:
    """Say on stderr why nothing can be done, and end with status 2."""
    click.echo(message, err=True)
    raise click.exceptions.Exit(UNUSABLE)


def typed(path: Path) -> str:
    """A path as it has to be typed: in quotes when it holds a blank."""
    return f'"{path}"' if " " in str(path) else str(path)


def readable(workbook: Workbook) -> None:
    """End with status 2 and the reason when the file could not be read."""
    if not workbook.readable:
        for f in workbook.findings:
            name = "" if workbook.path.name in f.message else f"{workbook.path.name}: "
            near = _beside(workbook.path) if f.code == "FILE-MISSING" else ""
            click.echo(f"{name}{f.message} {near or f.fix}", err=True)
        raise click.exceptions.Exit(UNUSABLE)


def _beside(path: Path) -> str:
    """A file in the same folder that may have been meant, as a hint."""
    try:
        names = [p.name for p in path.absolute().parent.iterdir() if not p.name.startswith((".", "~"))]
    except OSError:
        return ""
    near = path.name + ".xlsx" if path.name + ".xlsx" in names else meant(path.name, names)
    return f"Did you mean {typed(path.with_name(near))}?" if near else ""


def copy_ending(workbook: Path) -> str:
    """The ending that a copy of a workbook must have: one with macros keeps its own."""
    return ".xlsm" if workbook.suffix.casefold() == ".xlsm" else ".xlsx"


def ended(target: Path, ending: str = ".xlsx") -> Path:
    """The name of a workbook to write: the ending is put to a name that has none; another kind ends the command."""
    if target.suffix.casefold() == ending:
        return target
    if target.suffix.casefold() in (*_WORKBOOKS, *_OTHERS):
        fail(f"{target} should end in {ending}.")
    return target.with_name(target.name + ending)


def spare(target: Path | None, *workbooks: Path, report: bool = True) -> None:
    """End with status 2 when writing `target` would replace a workbook, or gives a report the ending of one."""
    if target is None:
        return
    if any(
        target.absolute() == w.absolute() or (target.exists() and w.exists() and target.samefile(w)) for w in workbooks
    ):
        fail(f"{target} is the workbook itself, which is never changed; give another name.")
    if report and target.suffix.casefold() in _WORKBOOKS:
        fail(f"{target} has the ending of a workbook, but a report is text; let it end in .txt, .json, .html or .csv.")


def emit(text: str | Iterable[str], output: Path | None) -> None:
    """A result, whole or in parts that end their lines themselves, to stdout or to the file named."""
    if output is None:
        whole = isinstance(text, str) and not text.endswith("\n")
        for part in (text,) if isinstance(text, str) else text:
            click.echo(part, nl=whole)
        return
    if output.is_dir():
        fail(f"{output} is a folder; name a file in it.")
    from rembi_sheets.cli.streams import encoded
    from rembi_sheets.output import OutputError, write_file

    try:
        write_file(output, encoded(text) if isinstance(text, str) else map(encoded, text), force=True)
    except OutputError as error:
        fail(str(error))
