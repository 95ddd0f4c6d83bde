"""The same bytes in every zone of time, with every decimal separator, in every encoding, with every line end."""

from __future__ import annotations

import io
import locale
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rembi_sheets import examples
from rembi_sheets.cli import main
from rembi_sheets.workbook.read import read
from tests.support import LONG

COMMANDS = {
    "check": "check müller.xlsx --verbose",
    "json": "check müller.xlsx --format json --output said.json",
    "score": "score müller.xlsx",
    "plan": "plan müller.xlsx",
    "explain": "explain IDR-UNIT",
    "terms": "terms search Å",
}
COPIES = {
    "convert": "convert müller.xlsx --to bioimage-archive --output deposit --force",
    "new": "new blank.xlsx --profile cryo --archive empiar --force",
    "add": "add müller.xlsx more.xlsx --archive idr --force",
    "fix": "fix müller.xlsx fixed.xlsx --force",
}
OLD = ("cp437", "cp1252", *(("cp850", "cp932", "koi8-r", "utf-16", "ascii") if LONG else ()))
# minutes before and after UTC by which the day is another one; half an hour more; none at all
ZONES = ("<+14>-14", "<-0330>3:30", *(("America/Adak", "Asia/Kathmandu", "Pacific/Kiritimati") if LONG else ()))


class Console(io.TextIOWrapper):
    """What a window of Windows is to a program."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with letters of many alphabets and a number with decimals."""
    import openpyxl

    book = openpyxl.load_workbook(Path(examples.folder()) / "red-blood-cells" / "red-blood-cells.xlsx")
    book["People"].cell(6, 2).value = "Łukasiewicz-Παπαδόπουλος 陳"
    made = tmp_path_factory.mktemp("anywhere")
    book.save(made / "müller.xlsx")
    return made


@pytest.fixture(autouse=True)
def here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("REMBI_SHEETS_TODAY", "2026-11-22")
    monkeypatch.setenv("NO_COLOR", "1")


def said(monkeypatch: pytest.MonkeyPatch, line: str, encoding: str = "utf-8", console: bool = False) -> bytes:
    """What a command writes to its two streams, one after the other, in this process."""
    raw = [io.BytesIO(), io.BytesIO()]
    kind = Console if console else io.TextIOWrapper
    with monkeypatch.context() as patch:
        for name, buffer in zip(("stdout", "stderr"), raw, strict=True):
            patch.setattr(sys, name, kind(buffer, encoding=encoding, errors="strict", newline="\r\n"))
        with pytest.raises(SystemExit) as end:
            main(line.split(" "))
        sys.stdout.flush()
        sys.stderr.flush()
        return b"\n".join([raw[0].getvalue(), raw[1].getvalue(), f"ended with {end.value.code}".encode()])


@pytest.fixture(scope="module")
def usual(folder: Path) -> Iterator[dict[str, bytes]]:
    """What each command says, and writes, where nothing is special."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("REMBI_SHEETS_TODAY", "2026-11-22")
        patch.setenv("NO_COLOR", "1")
        yield {name: said(patch, line) for name, line in (COMMANDS | COPIES).items()} | written(folder)


def written(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.parametrize("encoding", OLD)
def test_files_and_pipes_are_utf8(encoding: str, usual: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, line in COMMANDS.items():
        assert said(monkeypatch, line, encoding) == usual[name], name
    assert b"ended with 0" in usual["check"] and "█".encode() in usual["score"]
    assert Path("said.json").read_bytes() == usual["said.json"]


@pytest.mark.parametrize("encoding", ["cp437", "cp850", "cp932", "ascii"])
def test_a_window_shows_what_it_can(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("check", "score"):
        text = said(monkeypatch, COMMANDS[name], encoding, console=True).decode(encoding)
        assert "ended with 0" in text and "defect" not in text and "\ufffd" not in text, name


def test_files_do_not_know_the_zone_of_time(usual: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        for zone in ZONES:
            monkeypatch.setenv("TZ", zone)
            if hasattr(time, "tzset"):
                time.tzset()
            same(usual, monkeypatch)
    finally:
        monkeypatch.undo()
        if hasattr(time, "tzset"):
            time.tzset()


def test_files_do_not_know_the_decimal_separator(
    usual: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = locale.setlocale(locale.LC_ALL)
    monkeypatch.setattr(locale, "_override_localeconv", {"decimal_point": ",", "thousands_sep": "."}, raising=False)
    try:
        comma = with_comma(tmp_path)
        assert not comma or f"{1234.5:n}" in ("1.234,5", "1234,5", "1 234,5", "1\u202f234,5")
        same(usual, monkeypatch)
    finally:
        locale.setlocale(locale.LC_ALL, before)


def with_comma(folder: Path) -> str:
    """A locale whose decimal separator is a comma, set; '' where the system has none and can make none."""
    names = ["de_DE.UTF-8", "fr_FR.UTF-8", "pl_PL.UTF-8", "German_Germany.1252"]
    if shutil.which("localedef"):
        made = folder / "de_DE.UTF-8"
        subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", str(made)], capture_output=True, check=False)
        if made.is_dir():
            os.environ["LOCPATH"] = str(folder)
    for name in names:
        try:
            return locale.setlocale(locale.LC_ALL, name)
        except locale.Error:
            continue
        finally:
            os.environ.pop("LOCPATH", None)
    return ""


def same(usual: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is written anew, and is as it was."""
    for name, line in {"json": COMMANDS["json"], "score": COMMANDS["score"], **COPIES}.items():
        assert said(monkeypatch, line) == usual[name], name
    for name, content in written(Path()).items():
        assert content == usual[name], name


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r"], ids=repr)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_line_ends_of_a_folder_of_tables_say_nothing(ending: str, encoding: str, tmp_path: Path) -> None:
    lines = ["Name;Town or city;Street", "Institute;Kraków;3,5 km road", '"Second; one";Århus;']
    with (tmp_path / "Organisations.csv").open("w", encoding=encoding, newline="") as file:
        file.write(ending.join([*lines, ""]))
    book, findings = read(tmp_path)
    assert book is not None and not findings
    rows = [[v or None for v in row] for row in book.sheets[0].rows]
    assert rows == [
        ["Name", "Town or city", "Street"],
        ["Institute", "Kraków", "3,5 km road"],
        ["Second; one", "Århus", None],
    ]
