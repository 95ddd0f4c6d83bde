"""Starting up: `--help` loads no heavy library and every command explains itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from rembi_sheets.cli import COMMANDS, cli, main

SMALL = Path(__file__).parents[2] / "examples/red-blood-cells/red-blood-cells.xlsx"
HEAVY = ("pandas", "numpy", "pandera", "openpyxl", "python_calamine", "xlrd", "jinja2", "lxml", "rapidfuzz", "rich")


@pytest.mark.parametrize("args", [["--help"], ["--version"], ["check", "--help"], ["convert", "--help"]])
def test_help_loads_no_heavy_library(args: list[str]) -> None:
    program = (
        "import sys, contextlib\nfrom rembi_sheets.cli import main\n"
        f"with contextlib.suppress(SystemExit): main({args!r})\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert "rembi-sheets" in done.stdout


def test_a_check_that_finds_nothing_misspelt_loads_nothing_to_look_for_it() -> None:
    program = (
        "import sys, contextlib\nfrom rembi_sheets.cli import main\n"
        f"with contextlib.suppress(SystemExit): main(['check', {str(SMALL)!r}, '--quiet'])\n"
        "print([m for m in ('pandas', 'rapidfuzz', 'multiprocessing', 'openpyxl') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "['pandas']"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    done = CliRunner().invoke(cli, [name, "--help"])
    assert done.exit_code == 0
    assert "Usage: " in done.output


def test_a_misspelt_command_is_answered_with_the_nearest() -> None:
    done = CliRunner().invoke(cli, ["chek", "x.xlsx"])
    assert done.exit_code == 2
    assert "Did you mean check?" in done.output


def test_a_defect_of_ours_gives_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("rembi_sheets.pipeline.read", broken)
    with pytest.raises(SystemExit) as end:
        main(["check", "x.xlsx"])
    assert end.value.code == 2
    said = capsys.readouterr().err
    assert "defect of its own" in said and "Traceback" not in said
