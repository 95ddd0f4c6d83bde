"""The commands that the pages show: found, run in a folder of their own, and their output put beneath them.

In a page, `<!-- here: study.xlsx = red-blood-cells -->` lays an example out under a name for the commands that follow;
`; Specimens!A6 = x` after it writes into a cell. `sh` blocks are run line by line where a line begins with
`rembi-sheets`; a comment `# status 1` in the line says how it ends (0 without one). `python` blocks are run, too.
A `text` block under `<!-- output -->` or `<!-- output: 12 lines -->` holds what the block before it printed.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

TODAY = "2026-11-22"
_BLOCK = re.compile(r"^(?P<indent> *)```(?P<kind>\w*)\n(?P<body>.*?)^(?P=indent)```$", re.M | re.S)
# `name = obo` and the like: a small vocabulary of that form, for the commands that add one.
VOCABULARIES = {
    "obo": "format-version: 1.2\n\n[Term]\nid: CL:0000540\nname: neuron\n",
    "ncbi names": "9644\t|\tUrsus arctos\t|\t\t|\tscientific name\t|\n",
    "table": "id\tlabel\nCVCL:0030\tour HeLa\n",
}
_HERE = re.compile(r"<!-- here: (?P<what>.+?) -->")
_OUTPUT = re.compile(r"<!-- output(?:: (?P<lines>\d+) lines)? -->\s*$")
_STATUS = re.compile(r"#.*\bstatus (\d)")


@dataclass
class Ran:
    """A command of a page: line, status it should end with, status it ended with, what it printed."""

    line: str
    expected: int
    status: int
    output: str


@dataclass
class Page:
    """What a page's commands did, and its text with the output blocks of today."""

    ran: list[Ran] = field(default_factory=list)
    text: str = ""


def run(text: str, folder: Path) -> Page:
    """Run a page's commands in `folder`, in their order."""
    page, done, last = Page(), 0, ""
    with _workplace(folder):
        for block in _BLOCK.finditer(text):
            between = text[done : block.start()]
            for here in _HERE.finditer(between):
                _lay_out(here["what"])
            body = block["body"]
            marker = _OUTPUT.search(between)
            if block["kind"] == "text" and marker:
                body = _quoted(last, marker["lines"], block["indent"])
            elif block["kind"] == "sh":
                ran = [_command(line) for line in commands(body)]
                page.ran += ran
                last = "".join(r.output for r in ran)
            elif block["kind"] == "python":
                last = _program(body)
            page.text += between + f"{block['indent']}```{block['kind']}\n{body}{block['indent']}```"
            done = block.end()
    page.text += text[done:]
    return page


def commands(body: str) -> list[str]:
    """The lines of a block that call rembi-sheets, continued lines joined."""
    lines = (line.strip() for line in body.replace("\\\n", " ").splitlines())
    return [line for line in lines if line.startswith("rembi-sheets")]


@contextlib.contextmanager
def _workplace(folder: Path) -> Iterator[None]:
    before = dict(os.environ)
    os.environ |= {"REMBI_SHEETS_TODAY": TODAY, "REMBI_SHEETS_CACHE": str(folder / ".cache"), "NO_COLOR": "1"}
    try:
        with contextlib.chdir(folder):
            yield
    finally:
        os.environ.clear()
        os.environ |= before


def _lay_out(what: str) -> None:
    """`name.xlsx = example; Sheet!A1 = value`: the example under that name, its result files where it expects them."""
    from rembi_sheets import examples

    first, *cells = [part.split(" = ", 1) for part in what.split("; ")]
    path, name = Path(first[0]), first[1]
    if name in VOCABULARIES:
        path.write_text(VOCABULARIES[name], encoding="utf-8")
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(examples.workbook_bytes(name))
    for inner, content in examples.data_files(name).items():
        (path.parent / inner).parent.mkdir(parents=True, exist_ok=True)
        (path.parent / inner).write_bytes(content)
    if cells:
        import openpyxl

        book = openpyxl.load_workbook(path)
        for place, value in cells:
            sheet, cell = place.split("!")
            book[sheet][cell] = value
        book.save(path)


def _command(line: str) -> Ran:
    from click.testing import CliRunner

    from rembi_sheets.cli import cli

    status = _STATUS.search(line)
    words = shlex.split(line, comments=True)[1:]
    target = None
    if ">" in words:
        target = words[words.index(">") + 1]
        words = words[: words.index(">")]
    args = [a for w in words for a in (sorted(map(str, Path().glob(w))) if "*" in w else [w])]
    done = CliRunner().invoke(cli, args, prog_name="rembi-sheets")
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    if target:
        Path(target).write_text(done.stdout, encoding="utf-8")
    shown = "" if target else done.output
    return Ran(line, int(status[1]) if status else 0, done.exit_code, shown)


def _program(body: str) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(body, "page", "exec"), {})
    return out.getvalue()


def _quoted(output: str, lines: str | None, indent: str) -> str:
    shown = [line.rstrip() for line in output.rstrip().splitlines()]
    if lines and len(shown) > int(lines):
        shown = [*shown[: int(lines)], "..."]
    return "".join(f"{indent}{line}".rstrip() + "\n" for line in shown)
