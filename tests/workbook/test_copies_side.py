"""The table of files beside a workbook, in each of its kinds: read, and brought along by every copy."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from click.testing import CliRunner

from rembi_sheets import pipeline
from rembi_sheets.cells import TableError
from rembi_sheets.cli import cli
from rembi_sheets.workbook.package import Caps
from rembi_sheets.workbook.side import SideFile, beside
from tests.support import TODAY
from tests.workbook.test_read_side import placed, rows

KINDS = [
    (".files.tsv", "\t", "utf-8"),
    (".files.csv", ",", "utf-8-sig"),
    (".files.csv", ";", "utf-8"),
    (".files.csv", ";", "utf-16"),
    (".files.txt", "\t", "utf-16"),
    (".files.tsv.gz", "\t", "utf-8"),
    (".files.csv.gz", ",", "utf-8"),
]


def laid(tmp_path: Path, ending: str, separator: str, encoding: str) -> Path:
    """The good study with its files in a table of this kind, one reference with a blank behind it."""
    lines = rows()
    lines[1][1] += " "
    path = placed(tmp_path, lines)
    plain = tmp_path / "study.files.tsv"
    text = plain.read_text("utf-8").replace("\t", separator).encode(encoding)
    plain.unlink()
    (tmp_path / f"study{ending}").write_bytes(gzip.compress(text) if ending.endswith(".gz") else text)
    return path


def run(*args: str | Path) -> str:
    done = CliRunner().invoke(cli, [str(a) for a in args], env={"REMBI_SHEETS_TODAY": str(TODAY)})
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.parametrize(("ending", "separator", "encoding"), KINDS)
def test_it_is_read_and_comes_along(tmp_path: Path, ending: str, separator: str, encoding: str) -> None:
    path = laid(tmp_path, ending, separator, encoding)
    original = (tmp_path / f"study{ending}").read_bytes()
    run("fix", path, tmp_path / "fixed.xlsx")
    run("add", path, tmp_path / "more.xlsx", "--column", "Biosamples: Description")
    run("check", path, "--annotate", tmp_path / "marked.xlsx")
    assert (tmp_path / f"study{ending}").read_bytes() == original
    for name in ("more", "marked"):
        assert (tmp_path / f"{name}{ending}").read_bytes() == original
    before = list(SideFile(tmp_path / f"study{ending}").rows(0))
    after = list(SideFile(tmp_path / f"fixed{ending}").rows(0))
    assert before[2][1] == after[2][1] + " "
    before[2][1] = before[2][1].rstrip()
    assert before == after
    for name in ("study", "fixed", "more", "marked"):
        checked = pipeline.check(pipeline.read(tmp_path / f"{name}.xlsx"), today=TODAY)
        assert checked.submission is not None and not [f for f in checked.findings if f.severity == "error"]
        assert sum(len(p.rows) for p in checked.submission.file_parts()) == len(rows())


def test_what_is_mended_is_told(tmp_path: Path) -> None:
    path = laid(tmp_path, ".files.csv", ",", "utf-8")
    assert "study.files.csv B3" in run("fix", path, "--dry-run")
    assert [p.name for p in sorted(tmp_path.iterdir())] == ["study.files.csv", "study.xlsx"]


@pytest.mark.parametrize("kind", [".files.tsv", ".files.csv"])
def test_another_table_is_never_replaced_unasked(tmp_path: Path, kind: str) -> None:
    path = laid(tmp_path, ".files.tsv", "\t", "utf-8")
    (tmp_path / f"copy{kind}").write_text("mine", "utf-8")
    for command in (["fix", path, "copy.xlsx"], ["add", path, "copy.xlsx", "--level", "full"]):
        done = CliRunner().invoke(cli, [str(tmp_path / a) if a == "copy.xlsx" else str(a) for a in command])
        assert done.exit_code == 2
    done = CliRunner().invoke(cli, ["check", str(path), "--annotate", str(tmp_path / "copy.xlsx")])
    assert done.exit_code == 2
    assert (tmp_path / f"copy{kind}").read_text("utf-8") == "mine"
    assert not (tmp_path / "copy.xlsx").exists()


def test_two_tables_beside_one_workbook(tmp_path: Path) -> None:
    path = laid(tmp_path, ".files.tsv", "\t", "utf-8")
    (tmp_path / "study.files.csv").write_text("Path,Image data\n", "utf-8")
    (finding,) = pipeline.read(path).findings
    assert finding.code == "FILE-TWICE"


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = placed(tmp_path, [])
    (tmp_path / "study.files.tsv").unlink()
    packed = tmp_path / "study.files.tsv.gz"
    packed.write_bytes(gzip.compress(b"Path\tImage data\n" + b"a.tif\tStacks\n" * 400_000))
    assert path.is_file()
    with pytest.raises(TableError, match="TABLE-BAD"):
        for _ in SideFile(packed, Caps(unpacked=1 << 20)).rows(0):
            pass
    packed.write_bytes(packed.read_bytes()[:-200])
    with pytest.raises(TableError, match="TABLE-BAD"):
        list(SideFile(packed).rows(0))
    side = beside(path)
    assert side is not None and side.name == "study.files.tsv.gz"


@pytest.mark.parametrize("kind", [".files.tsv", ".files.csv.gz"])
def test_slips_of_typing_are_mended_when_asked_for(tmp_path: Path, kind: str) -> None:
    lines = rows()
    meant, far = lines[1][1], "Another thing altogether"
    slip = meant[:1] + meant[2] + meant[1] + meant[3:]
    lines[1][1], lines[2][1] = f"{slip} ", far
    path = placed(tmp_path, lines)
    plain = tmp_path / "study.files.tsv"
    if kind != ".files.tsv":
        text = plain.read_text("utf-8").replace("\t", ",").encode()
        plain.unlink()
        (tmp_path / f"study{kind}").write_bytes(gzip.compress(text))
    run("fix", path, tmp_path / "safe.xlsx")
    said = run("fix", path, tmp_path / "fixed.xlsx", "--suggestions")
    assert f"study{kind} B" in said and "REF-UNKNOWN" in said
    held = {n: [r[1] for r in list(SideFile(tmp_path / f"{n}{kind}").rows(0))[2:4]] for n in ("safe", "fixed")}
    assert held == {"safe": [slip, far], "fixed": [meant, far]}
