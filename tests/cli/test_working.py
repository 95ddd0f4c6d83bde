"""Long work is told on a terminal, and nowhere else; the line is gone when the work is done."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from rembi_sheets import examples, pipeline, steps
from rembi_sheets.cli import progress
from rembi_sheets.harvest import passes
from rembi_sheets.many import side_by_side
from rembi_sheets.pipeline import checking


def _terminal(monkeypatch: pytest.MonkeyPatch, long: float = 0.01) -> None:
    """Standard error as a terminal, on which so many seconds are long."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setattr(progress, "_SILENT", long)


def _until(capsys: pytest.CaptureFixture[str], words: str = " … ") -> str:
    """What is said on standard error until these words are; at most for ten seconds."""
    text = ""
    for _ in range(1000):
        text += capsys.readouterr().err
        if words in text:
            break
        time.sleep(0.01)
    return text


def test_long_work_on_a_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    _terminal(monkeypatch)
    with progress.working("Checking study.xlsx"):
        text = _until(capsys)
    out, err = capsys.readouterr()
    lines = (text + err).split("\r")
    assert not out
    assert lines[1].startswith("Checking study.xlsx … 0:00")
    assert lines[-1] == "" and not lines[-2].strip()  # blanks over it, and back to the start


def test_an_error_ends_the_line_as_well(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    _terminal(monkeypatch)
    with pytest.raises(ValueError), progress.working("Checking study.xlsx"):
        assert _until(capsys)
        raise ValueError
    assert capsys.readouterr().err.endswith(" \r")


@pytest.mark.parametrize("quiet", [True, False])
def test_short_or_quiet_work_says_nothing(
    quiet: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _terminal(monkeypatch, 0.01 if quiet else 5.0)
    with progress.working("Checking study.xlsx", quiet):
        time.sleep(0.03)
    assert capsys.readouterr() == ("", "")


def test_nothing_in_pipes(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_SILENT", 0.01)
    with progress.working("Checking study.xlsx"):
        time.sleep(0.03)
    assert capsys.readouterr() == ("", "")


def test_steps_say_how_far_it_is(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    _terminal(monkeypatch)
    with progress.working("Reading Uberon"):
        for step, words in (
            (("MB", 3, 12), "Reading Uberon: 3 of 12 MB … 0:"),
            (("MB", 12, 12), "Reading Uberon: 12 of 12 MB … 0:"),
            (("putting it in order",), "Reading Uberon: putting it in order … 0:"),
        ):
            steps.tell(*step)
            assert words in _until(capsys, words)


def test_steps_within_steps(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    _terminal(monkeypatch)
    with progress.working("Checking", begun=False):
        time.sleep(0.05)
        assert not capsys.readouterr().err, "no thread before the first step"
        for step, words in (
            (("workbooks", 0, 40), "Checking: 0 of 40 workbooks … "),
            (("rows of Files", 20_000), "Checking: 0 of 40 workbooks, 20,000 rows of Files … "),
            (("rows of Files", 40_000), "Checking: 0 of 40 workbooks, 40,000 rows of Files … "),
            (("workbooks", 1, 40), "Checking: 1 of 40 workbooks … "),
        ):
            steps.tell(*step)
            assert words in _until(capsys, words)


def test_a_terminal_that_is_made_narrower_is_not_written_beyond_its_edge(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = [100]
    monkeypatch.setattr(progress, "_width", lambda: wide[0])
    line = progress.Line()
    line.show("long words " * 20)
    wide[0] = 30
    line.show("short")
    line.clear()
    said = capsys.readouterr().err.split("\r")
    assert [len(part) for part in said] == [0, 99, 29, 5, 0]
    assert said[2].rstrip() == "short"


@pytest.mark.parametrize(
    ("size", "words"), [(0, ""), (812, "812 bytes"), (41_000, "41.0 kB"), (7_310_000_000, "7.3 GB")]
)
def test_a_harvest_tells_bytes_in_their_unit(
    size: int, words: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _terminal(monkeypatch)
    told = progress.Progress("auto")
    told(passes.Step("walk", 200, 0, size, 0))
    assert capsys.readouterr().err == "\r" + ", ".join(filter(None, ("looking for files: 200 files", words)))


_SCRIPT = """
import sys
from rembi_sheets import examples, pipeline, steps
from rembi_sheets.cli import progress
progress._SILENT = 0.01
with progress.working("Checking study.xlsx"):
    steps.tell("rows of Files", 340_000, 1_000_000)
    sys.stdin.readline()
    steps.tell("long words " * 20, 7)
    sys.stdin.readline()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminal")
def test_on_a_terminal_one_line_is_renewed_and_gone_at_the_end() -> None:
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    command = [sys.executable, "-c", _SCRIPT]
    run = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    assert run.stdin is not None
    text = _read(ours, "Checking study.xlsx: 340,000 of 1,000,000 rows of Files … 0:0")
    run.stdin.write(b"\n")
    run.stdin.flush()
    text += _read(ours, "long words long")
    out, _ = run.communicate(b"\n")
    text += _read(ours)
    os.close(ours)
    assert not out and "\n" not in text, "one line"
    shown = [line.rstrip() for line in text.split("\r")]
    assert all(a != b for a, b in pairwise(shown[:-2])), "nothing is drawn twice"
    assert max(map(len, shown)) == 99, "never as wide as the terminal, which would begin a new line"
    assert shown[-2:] == ["", ""], "blanks over it, and back to the start"


def _read(terminal: int, words: str = "") -> str:
    """What comes on a terminal until these words do, or to its end."""
    text = ""
    while not (words and words in text):
        try:
            more = os.read(terminal, 10_000)
        except OSError:  # Linux says so that nobody has the other side any more
            break
        if not more:
            break
        text += more.decode()
    return text


def test_a_long_workbook_says_how_many_rows_are_looked_at_and_for_what(tmp_path: Path) -> None:
    (book := tmp_path / "study.xlsx").write_bytes(examples.workbook_bytes("kidney-organoid-light-sheet"))
    tables = pipeline.read(book)
    for check_or_convert, rounds in ((pipeline.check, 1), (pipeline.convert, 2)):
        told: list[str] = []
        with pytest.MonkeyPatch.context() as patched, steps.heard_by(lambda s: told.append(s.things)):  # noqa: B023
            check_or_convert(tables)
            assert not told, "a few rows are nothing to be told of"
            patched.setattr(checking, "_LONG", 1)
            check_or_convert(tables)
        whole, *archives = told
        rows = whole.removesuffix(" of all sheets")
        assert int(rows.removesuffix(" rows").replace(",", "")) > 10
        assert archives == [f"{rows} for BioImage Archive", f"{rows} for Image Data Resource"] * rounds


def _tells(path: Path) -> int:
    steps.tell("rows", 1)
    return os.getpid()


def test_processes_beside_write_nothing_on_the_terminal(tmp_path: Path) -> None:
    heard = tmp_path / "heard"

    def listen(step: steps.Step) -> None:
        with heard.open("a") as file:
            file.write(f"{os.getpid()} {step.things}\n")

    with steps.heard_by(listen):
        made = dict(side_by_side.each(_tells, [tmp_path / "a", tmp_path / "b"], 2))
    assert os.getpid() not in made.values()
    assert {line.split()[0] for line in heard.read_text().splitlines()} == {str(os.getpid())}
