"""No command writes over a workbook: not over its own, and not over another by way of a report or a marked copy."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from rembi_sheets import examples
from rembi_sheets.cli import cli


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REMBI_SHEETS_TODAY", "2026-11-22")
    for name in ("study.xlsx", "other.xlsx"):
        (tmp_path / name).write_bytes(examples.workbook_bytes("red-blood-cells"))
    (tmp_path / "link.xlsx").symlink_to("study.xlsx")
    return tmp_path


@pytest.mark.parametrize(
    "args",
    [
        "check study.xlsx --output study.xlsx",
        "check study.xlsx --output ../{folder}/study.xlsx",
        "check study.xlsx --output other.xlsx --format html",
        "check study.xlsx --annotate study.xlsx",
        "check study.xlsx --annotate link.xlsx",
        "check study.xlsx --annotate other.xlsx",
        "check study.xlsx --annotate marked.txt",
        "score study.xlsx other.xlsx --output other.xlsx --format csv",
        "new study.xlsx",
        "examples copy apo-ferritin study.xlsx",
        "add study.xlsx study.xlsx --level full",
        "add study.xlsx other.xlsx --level full",
        "add study.xlsx link.xlsx --level full --force",
        "fix study.xlsx study.xlsx --force",
        "fix study.xlsx link.xlsx --force",
        "fix study.xlsx other.xlsx",
        "convert study.xlsx --to bioimage-archive --output study.xlsx --force",
        "convert study.xlsx --to bioimage-archive --output . --force",
    ],
)
def test_a_workbook_is_never_replaced_unasked(args: str, folder: Path) -> None:
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    done = CliRunner().invoke(cli, args.format(folder=folder.name).split())
    assert done.exit_code == 2, done.output
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before


def test_a_marked_copy_may_be_made_again(folder: Path) -> None:
    for _ in range(2):
        done = CliRunner().invoke(cli, ["check", "study.xlsx", "--annotate", "marked.xlsx"])
        assert done.exit_code == 0, done.output
    assert (folder / "marked.xlsx").is_file()
