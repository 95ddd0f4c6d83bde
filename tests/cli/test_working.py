"""Long work is told on a terminal, and nowhere else; the line is gone when the work is done."""

from __future__ import annotations

import time

import pytest

from rembi_sheets.cli import progress


def _terminal(monkeypatch: pytest.MonkeyPatch, long: float = 0.01) -> None:
    """Standard error as a terminal, on which so many seconds are long."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setattr(progress, "_SILENT", long)


def _told(capsys: pytest.CaptureFixture[str]) -> str:
    """What is said on standard error, once it is; at most for ten seconds."""
    text = ""
    for _ in range(1000):
        text += capsys.readouterr().err
        if text:
            break
        time.sleep(0.01)
    return text


def test_long_work_on_a_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    _terminal(monkeypatch)
    with progress.working("Checking study.xlsx"):
        text = _told(capsys)
    out, err = capsys.readouterr()
    lines = (text + err).split("\r")
    assert not out
    assert lines[1].startswith("Checking study.xlsx … 0:00")
    assert lines[-1] == "" and not lines[-2].strip()  # blanks over it, and back to the start


def test_an_error_ends_the_line_as_well(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    _terminal(monkeypatch)
    with pytest.raises(ValueError), progress.working("Checking study.xlsx"):
        assert _told(capsys)
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


def test_a_file_that_is_read_has_a_bar_and_is_then_put_in_order(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _terminal(monkeypatch)
    with progress.Reading("Uberon   ") as tell:
        assert tell is not None
        tell(50, 200)
        tell(200, 200)
        tell(200, 200)  # the end of a file is told twice
        bar = capsys.readouterr().err
        ordering = _told(capsys) if "order" not in bar else bar
    assert "25%" in bar and bar.count("100%") == 1 and "Uberon" in bar
    assert "Uberon: putting it in order … 0:00" in ordering


def test_a_file_read_into_a_pipe_is_not_told() -> None:
    with progress.Reading("Uberon") as tell:
        assert tell is None
