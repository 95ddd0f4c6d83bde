"""The same result wherever it runs: pipes and files are UTF-8, a console gets what it can show, nothing crashes."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rembi_sheets import examples
from rembi_sheets.cli import streams
from tests.support import LONG

# The one that lacks most beside the one that has all; two between them are tried on a console in every run.
ENCODINGS = ("ascii", "utf-8", *(("cp1252", "cp437", "utf-16") if LONG else ()))
SEPARATOR = "\n=-=-=\n"

# Each command of the list, in one process, so that the libraries are loaded once for an encoding.
PROGRAM = """
import sys
from rembi_sheets.cli import main
for line in sys.argv[1].splitlines():
    try:
        main(line.split(" "))
    except SystemExit as end:
        print(f"\\nended with {end.code}" + sys.argv[2], end="", flush=True)
"""
COMMANDS = (
    "check müller.xlsx --verbose",
    "check müller.xlsx --format json",
    "check müller.xlsx --format json --output out.json",
    "check müller.xlsx --format html --output out.html",
    "check . --format csv",
    "score müller.xlsx",
    "plan müller.xlsx",
    "explain IDR-UNIT",
    "explain --list",
    "convert müller.xlsx --to bioimage-archive --output deposit --force",
    "fix müller.xlsx --dry-run",
    "terms search Å",
    "schema",
    "check no-such-µ.xlsx",
)


@pytest.fixture(scope="module")
def workbook() -> bytes:
    """A workbook whose cells hold letters that no old encoding has."""
    import openpyxl

    book = openpyxl.load_workbook(Path(examples.folder()) / "red-blood-cells" / "red-blood-cells.xlsx")
    sheet = book["People"]
    sheet.cell(6, 2).value = "Łukasiewicz-Παπαδόπουλος 陳"
    sheet.cell(7, 3).value = "0000-0002-1825-009β"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def folder(tmp_path: Path, workbook: bytes) -> Path:
    """Where that workbook lies, under a name with such a letter."""
    (tmp_path / "müller.xlsx").write_bytes(workbook)
    return tmp_path


def run(folder: Path, encoding: str, *commands: str, locale: str = "C") -> subprocess.CompletedProcess[bytes]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHON"))}
    environment |= {
        "LC_ALL": locale,
        "PYTHONUTF8": "0",
        "PYTHONIOENCODING": encoding,
        "REMBI_SHEETS_TODAY": "2026-11-22",
    }
    home = str(Path(__file__).parents[2])
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, "\n".join(commands), SEPARATOR],
        cwd=folder,
        env=environment | {"PYTHONPATH": home},
        capture_output=True,
        check=False,
    )


def test_pipes_and_files_are_the_same_in_every_encoding(folder: Path) -> None:
    seen: dict[str, list[str]] = {}
    for encoding in ENCODINGS:
        done = run(folder, encoding, *COMMANDS)
        assert b"\r" not in done.stdout + done.stderr
        written = [(folder / name).read_text("utf-8") for name in ("out.json", "out.html")]
        seen[encoding] = [*done.stdout.decode("utf-8").split(SEPARATOR), *written, done.stderr.decode("utf-8")]
    first = seen["utf-8"]
    assert len(first) == len(COMMANDS) + 1 + 3
    assert "defect" not in first[-1] and "no-such-µ.xlsx" in first[-1]
    assert "0000-0002-1825-009β" in first[0] and "“" in first[0] and "█" in first[5]
    assert json.loads(first[-3])["workbook"] == "müller.xlsx"
    for encoding, found in seen.items():
        for command, one, other in zip((*COMMANDS, "", "json", "html", "stderr"), first, found, strict=True):
            assert one == other or not _differ(one, other), (encoding, command)


def _differ(one: str, other: str) -> str:
    """The first line that differs, shown short: whole reports would take long to compare."""
    lines = zip(one.splitlines(), other.splitlines(), strict=False)
    return next((f"{a[:200]!r} is {b[:200]!r}" for a, b in lines if a != b), "one is longer")


@pytest.mark.parametrize(
    ("closed", "command", "status"),
    [
        (">&-", "explain --list", 0),
        ("2>&-", "explain --list", 0),
        ("2>&-", "check no-such-µ.xlsx", 2),
        (">&- 2>&-", "check müller.xlsx", 1),
    ],
)
def test_closed_before_the_program_begins(folder: Path, closed: str, command: str, status: int) -> None:
    line = f'exec "$0" -m rembi_sheets {command} {closed}'
    done = subprocess.run(["sh", "-c", line, sys.executable], cwd=folder, capture_output=True, check=False)
    assert done.returncode == status
    assert b"defect" not in done.stderr and b"Exception" not in done.stderr


def test_a_reader_who_has_enough_changes_no_status(folder: Path) -> None:
    """`| head -1`: the status is that of the check, and nothing is said of the pipe."""
    pipe = subprocess.Popen(
        [sys.executable, "-m", "rembi_sheets", "schema"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert pipe.stdout is not None and pipe.stderr is not None
    pipe.stdout.readline()
    pipe.stdout.close()
    said = pipe.stderr.read()
    assert pipe.wait() == 0 and said == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_said_plainly(folder: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "rembi_sheets", "explain", "--list"]
        done = subprocess.run(command, cwd=folder, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert b"could not be written" in done.stderr and b"defect" not in done.stderr and b"Exception" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminal")
@pytest.mark.parametrize(("encoding", "bar", "quote"), [("cp437", "█", '"'), ("cp1252", "#", "“"), ("ascii", "#", '"')])
def test_a_console_gets_what_it_can_show(folder: Path, encoding: str, bar: str, quote: str) -> None:
    import pty

    shown = b""
    ours, theirs = pty.openpty()
    done = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "score müller.xlsx\ncheck müller.xlsx", ""],
        cwd=folder,
        stdout=theirs,
        env=os.environ | {"PYTHONIOENCODING": encoding, "NO_COLOR": "1"},
    )
    os.close(theirs)
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(ours)
    assert done.wait() == 0 and shown.count(b"ended with") == 2
    text = shown.decode(encoding)
    assert bar * 3 in text and f"{quote}0000-0002-1825-009" in text
    assert "\ufffd" not in text


@pytest.mark.parametrize(
    ("text", "encoding", "written"),
    [
        ("“1 µm” → …", "ascii", b'"1 um" -> ...'),
        ("“1 µm”", "cp1252", "“1 µm”".encode("cp1252")),
        ("Hériché 陳", "ascii", b"Heriche ?"),
        ("caf\udcc3\udca9", "utf-8", "café".encode()),
        ("a\ud800b", "utf-8", b"a?b"),
        ("a\udcffb", "ascii", b"a?b"),
    ],
)
def test_what_an_encoding_lacks_becomes_the_nearest(text: str, encoding: str, written: bytes) -> None:
    assert text.encode(encoding, streams.NEAREST) == written
