"""What people expect of a program: endings, hints, forms by the ending, completion, width, codes that are listed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from rembi_sheets import examples
from rembi_sheets.cli import cli, options
from rembi_sheets.findings import catalogue
from rembi_sheets.findings.samples import sample
from rembi_sheets.schema import load
from tests.support import TODAY


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REMBI_SHEETS_TODAY", TODAY.isoformat())


def rembi(*args: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(cli, [str(a) for a in args])
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "cells.xlsx"
    path.write_bytes(examples.workbook_bytes("red-blood-cells"))
    return path


# --- names of files ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "made"),
    [("study", "study.xlsx"), ("study.v2", "study.v2.xlsx"), ("a/b/study", "a/b/study.xlsx"), ("S.XLSX", "S.XLSX")],
)
def test_the_ending_of_a_workbook_is_put_to_its_name(typed: str, made: str, tmp_path: Path, workbook: Path) -> None:
    for number, command in enumerate((("new",), ("fix", workbook), ("add", workbook, "--column", "Links: Link"))):
        home = tmp_path / str(number)
        assert rembi(command[0], *command[1:2], home / typed, *command[2:])[0] == 0
        assert [p.relative_to(home).as_posix() for p in home.rglob("*") if p.is_file()] == [made]


@pytest.mark.parametrize("name", ["study.xls", "study.csv", "study.ods", "study.json"])
def test_a_workbook_of_another_kind_is_refused(name: str, tmp_path: Path) -> None:
    status, _, said = rembi("new", tmp_path / name)
    assert status == 2 and "should end in .xlsx" in said
    assert not list(tmp_path.iterdir())


def test_the_home_folder_is_known(tmp_path: Path, workbook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert rembi("check", "~/cells.xlsx", "--output", "~/report.txt")[0] == 0
    assert (tmp_path / "report.txt").is_file()


def test_a_name_nearly_right_is_answered_with_the_file(workbook: Path) -> None:
    for typed in ("cells", "cell.xlsx", "celsl.xlsx"):
        status, _, said = rembi("check", workbook.with_name(typed))
        assert status == 2 and "Did you mean" in said and "cells.xlsx?" in said


# --- forms ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("r.html", "<!DOCTYPE html>"),
        ("r.HTM", "<!DOCTYPE"),
        ("r.json", "{"),
        ("r.csv", "Workbook,"),
        ("r.txt", "The file"),
    ],
)
def test_the_ending_of_the_output_says_the_form(name: str, begins: str, workbook: Path, tmp_path: Path) -> None:
    target = tmp_path / "new folder" / name
    assert rembi("check", workbook, "--output", target)[0] == 0
    assert target.read_text("utf-8").startswith(begins) or name == "r.txt"
    assert rembi("check", workbook, "--output", target, "--format", "text")[0] == 0
    assert "Passed" in target.read_text("utf-8")


def test_standard_output_has_a_name(workbook: Path) -> None:
    assert rembi("check", workbook, "--output", "-")[1] == rembi("check", workbook)[1]


def test_a_folder_is_no_file_for_a_report(workbook: Path, tmp_path: Path) -> None:
    status, _, said = rembi("check", workbook, "--output", tmp_path)
    assert status == 2 and "is a folder" in said


# --- strict -----------------------------------------------------------------------------------------------------


def test_strict_says_why_it_did_not_pass(workbook: Path) -> None:
    import openpyxl

    book = openpyxl.load_workbook(workbook)
    book.create_sheet("Biosample")
    book.save(workbook)
    assert rembi("check", workbook)[0] == 0 and "Passed" in rembi("check", workbook)[1]
    status, said, _ = rembi("check", workbook, "--strict")
    assert status == 1 and "Not passed" in said and "--strict counts the warning" in " ".join(said.split())
    assert not re.search(r"^Passed", said, re.M)
    assert '"passed": false' in rembi("check", workbook, "--strict", "--format", "json")[1]
    assert "Not passed" in rembi("check", workbook, "--strict", "--format", "html", "--output", "-")[1]
    assert "not passed (strict)" in rembi("check", workbook, "--strict", "--format", "csv")[1]


# --- hints ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "near"),
    [
        (("new", "x.xlsx", "--profile", "lihgt"), "light"),
        (("new", "x.xlsx", "--profile", "correlativ"), "correlative"),
        (("new", "x.xlsx", "--level", "recomended"), "recommended"),
        (("check", "x.xlsx", "--archive", "bioimage archiv"), "bioimage-archive"),
        (("convert", "x.xlsx", "--output", "d", "--to", "empair"), "empiar"),
        (("explain", "REF-UNKOWN"), "REF-UNKNOWN"),
        (("explain", "file missing"), "FILE-MISSING"),
        (("examples", "copy", "red-blod-cells", "x.xlsx"), "red-blood-cells"),
        (("terms", "search", "x", "--field", "organsim"), "organism"),
        (("scor", "x.xlsx"), "score"),
    ],
)
def test_an_unknown_word_is_answered_with_the_nearest(args: tuple[str, ...], near: str) -> None:
    status, _, said = rembi(*args)
    assert status == 2 and f"Did you mean {near}" in said


@pytest.mark.parametrize("command", ["new", "check", "convert", "score", "add"])
def test_the_help_names_the_archives(command: str) -> None:
    said = "".join(rembi(command, "--help")[1].split())
    assert f"[{'|'.join(load().archive_names)}]" in said


# --- completion -------------------------------------------------------------------------------------------------


def complete(*args: str) -> set[str]:
    shell = ShellComplete(cli, {}, "rembi-sheets", "_X")
    return {item.value for item in shell.get_completions(list(args[:-1]), args[-1])}


def test_a_shell_completes_words_that_the_program_knows() -> None:
    assert complete("explain", "ref-") == {c for c in catalogue() if c.startswith("REF-")}
    assert complete("examples", "copy", "red") == {"red-blood-cells"}
    assert complete("new", "x.xlsx", "--profile", "c") == {"cryo", "correlative"}
    assert complete("convert", "x.xlsx", "--to", "") == set(load().archive_names)
    assert complete("add", "a.xlsx", "b.xlsx", "--column", "links") == {
        f"Links: {c.label}" for c in load()["links"].columns
    }
    assert "organism" in complete("terms", "search", "x", "--field", "org")
    assert "check" in complete("ch")


@pytest.mark.parametrize(
    "words", ["rembi-sheets explain REF", "rembi-sheets add a b --column Links", "rembi-sheets new --profile c"]
)
def test_completion_loads_no_heavy_library(words: str) -> None:
    program = (
        "import os, sys, contextlib\nfrom rembi_sheets.cli import main\n"
        "with contextlib.suppress(SystemExit): main([])\n"
        "print([m for m in ('pandas', 'openpyxl', 'lxml', 'rapidfuzz') if m in sys.modules], file=sys.stderr)"
    )
    environment = {
        "_REMBI_SHEETS_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True)
    assert done.stderr.strip().endswith("[]") and "plain," in done.stdout


# --- terminals --------------------------------------------------------------------------------------------------


class Terminal:
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("variables", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_without_colours_the_width_is_kept(
    variables: dict[str, str], coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "63")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert options.width() == 63 and options.colours() is coloured
    assert options.width(Path("report.txt")) == 100


# --- codes ------------------------------------------------------------------------------------------------------


def test_codes_are_listed() -> None:
    for args in ((), ("--list",)):
        listed = rembi("explain", *args)[1]
        assert re.findall(r"^[A-Z][A-Z0-9-]+", listed, re.M) == sorted(catalogue())
    assert set(re.findall(r"^[A-Z]+", rembi("explain", "--list", "empiar")[1], re.M)) == {"EMPIAR"}


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_an_explanation_has_a_real_finding_and_never_blanks(code: str) -> None:
    said = rembi("explain", code)[1]
    assert not re.search(r"“\s*”|\{\w*\}|‹|…|\(\)|  ,", said), said
    for label in ("Example", "Says", "Remedy"):
        assert re.search(rf"^{label}: +\S", said, re.M)


def test_no_two_codes_say_the_same() -> None:
    said = [sample(kind)[0] for kind in catalogue().values()]
    assert len(set(said)) == len(said)
    explained = [kind.explain + kind.example for kind in catalogue().values()]
    assert len(set(explained)) == len(explained)


def test_every_leaf_command_has_an_example() -> None:
    def leaves(command: click.Command, ctx: click.Context) -> list[click.Command]:
        if not isinstance(command, click.Group):
            return [command]
        found = (command.get_command(ctx, name) for name in command.list_commands(ctx))
        return [leaf for sub in found if sub for leaf in leaves(sub, ctx)]

    for leaf in leaves(cli, click.Context(cli)):
        assert "Example" in (leaf.help or "") or not leaf.params, leaf.name


@pytest.mark.parametrize(
    "command", [["check"], ["score"], ["fix", "--dry-run"], ["convert", "--output", "x", "--to", "idr"]]
)
def test_an_empty_name_is_not_the_folder_one_is_in(command: list[str]) -> None:
    status, out, err = rembi(*command, "")
    assert (status, out) == (2, "")
    assert "an empty name" in err
