"""Broken packages and odd cells by chance: they end in findings, never in an exception, and never in a hang.

500 mutations in every run; REMBI_SHEETS_FUZZ=100000 makes more, REMBI_SHEETS_FUZZ_SEED others.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import random
import signal
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from rembi_sheets.findings import stops
from rembi_sheets.repair import repairs
from rembi_sheets.report.page import page
from rembi_sheets.report.text import text
from rembi_sheets.schema import load
from rembi_sheets.tables import from_book
from rembi_sheets.workbook.annotate import AnnotateError, annotate
from rembi_sheets.workbook.read import read
from tests.cases.harness import Editor, findings
from tests.workbook.bad_files import packed, parts

RUNS = int(os.environ.get("REMBI_SHEETS_FUZZ", "500"))
SEED = int(os.environ.get("REMBI_SHEETS_FUZZ_SEED", "20261122"))
BLOCKS = 10
CELLS_A_RUN = 50  # cells that are changed before one check
LIMIT = 60  # seconds for one file or one check


@contextmanager
def limited(what: str) -> Iterator[None]:
    """Raises when it takes too long, where the system has alarms."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def late(*_: object) -> None:
        raise TimeoutError(what)

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(LIMIT)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@cache
def small() -> dict[str, bytes]:
    """The parts of a small workbook: quick to read, so that many mutations fit."""
    made = openpyxl.Workbook()
    study = made.active
    study.title = "Study"
    for row in (
        ["Study title", "Kidney organoids under light"],
        ["Release date", dt.date(2027, 1, 1)],
        ["License", "CC0"],
    ):
        study.append(row)
    people = made.create_sheet("People")
    people.append(["Last name", "E-mail", "Role"])
    people.append(["Beispiel", "a@example.org", "=1+1"])
    made.create_sheet("_meta").append(["schema version", "1.0"])
    people.merge_cells("A4:B5")
    out = io.BytesIO()
    made.save(out)
    return parts(out.getvalue())


XML = [
    b"<",
    b">",
    b"</c>",
    b"<c>",
    b"<row>",
    b"<f>",
    b'r="',
    b"&amp;",
    b"&#0;",
    b"&x;",
    b"\0",
    b"\xff",
    b"<![CDATA[",
    b"<!--",
]
WORDS = [
    b"1048577",
    b"-1",
    b"99999999999999999999",
    b"XFD1048576",
    b"A0",
    b"1e309",
    b"NaN",
    b"",
    b"\xf0\x9f\x98\x80",
    b"e",
    b"s",
]


def mutated_bytes(rng: random.Random, data: bytes) -> bytes:
    made = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(made)) if made else 0
        kind = rng.randrange(6)
        if kind == 0:
            made[at : at + 1] = bytes([rng.randrange(256)])
        elif kind == 1:
            del made[at : at + rng.randint(1, 40)]
        elif kind == 2:
            made[at:at] = rng.choice(XML)
        elif kind == 3:
            made[at:at] = made[at : at + rng.randint(1, 200)]
        elif kind == 4:
            made[at : at + rng.randint(1, 8)] = rng.choice(WORDS)
        else:
            numbers = [i for i, b in enumerate(made[:4000]) if 48 <= b <= 57]
            if numbers:
                start = rng.choice(numbers)
                made[start : start + 1] = rng.choice(WORDS)
    return bytes(made)


def mutated_package(rng: random.Random) -> bytes:
    contents = dict(small())
    if rng.random() < 0.3:
        return mutated_bytes(rng, packed(contents))
    for name in rng.sample(sorted(contents), rng.randint(1, 3)):
        if rng.random() < 0.1:
            del contents[name]
        else:
            contents[name] = mutated_bytes(rng, contents[name])
    method = zipfile.ZIP_STORED if rng.random() < 0.5 else zipfile.ZIP_DEFLATED
    return packed(contents, method)


@pytest.mark.parametrize("block", range(BLOCKS))
def test_packages(block: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    rng = random.Random(SEED + block)
    path = tmp_path / "a.xlsx"
    for run in range(RUNS // 2 // BLOCKS):
        data = mutated_package(rng)
        path.write_bytes(data)
        with limited(f"block {block}, run {run}"):
            book, found = read(path)
            if book is None:
                assert len(found) == 1
                continue
            _, more = from_book(book, load())
            if run % 5 == 0:
                try:
                    annotate(data, more)
                except AnnotateError:
                    continue


VALUES: list[Any] = [
    None,
    "",
    " ",
    "a",
    "0",
    "-1",
    "1,5",
    "1e400",
    "n/a",
    "=1+1",
    "@a",
    ";",
    ";;;",
    "a;b",
    "[",
    "]",
    "[:]",
    "a [b:c]",
    "%%",
    "..",
    "/",
    "../a",
    "a/",
    "\\",
    "\n",
    "\t",
    "\0",
    "\ud800",
    "\u202e",
    "{",
    "{}",
    "{value}",
    "{0}",
    "<b>",
    "'",
    '"',
    "NaN",
    "Infinity",
    "nocodazole" * 4000,
    "BIA",
    "IDR; EMPIAR",
    "Homo sapiens",
    "10.1/",
    "a@b",
    "A1",
    "Z99",
    "1-2",
    "x x x µm",
    0,
    -1,
    1,
    2**53,
    10**30,
    0.1,
    -0.0,
    1e308,
    float("inf"),
    float("nan"),
    True,
    False,
    dt.date(1900, 1, 1),
    dt.date(9999, 12, 31),
    dt.datetime(2027, 1, 1, 1, 1),
    dt.time(1, 2),
    dt.timedelta(days=-1),
]


def value(rng: random.Random) -> Any:
    if rng.random() < 0.6:
        return rng.choice(VALUES)
    return "".join(
        rng.choice("aµ;:[]{}/\\.-_ @0123456789\n\u200b\u00e9\u4e2d%#<>&'\"") for _ in range(rng.randint(1, 30))
    )


@pytest.mark.parametrize("block", range(BLOCKS))
def test_cells(block: int) -> None:
    rng = random.Random(SEED - block - 1)
    for run in range(max(1, RUNS // 2 // BLOCKS // CELLS_A_RUN)):
        editor = Editor(rng.choice(["good", "screen"]))
        for _ in range(CELLS_A_RUN):
            title = rng.choice(sorted(editor.rows))
            rows = editor.rows[title]
            row = rng.randint(3, len(rows) + 2)
            editor.put(title, row, rng.randint(1, max(map(len, rows)) + 1), value(rng))
        with limited(f"block {block}, run {run}"):
            found = findings(editor, load().archive_names if run % 2 else ())
            text(found, "a.xlsx", limit=None)
            page(found, "a.xlsx")
            repairs(editor.made(), suggestions=bool(run % 2))


@pytest.mark.parametrize("block", range(BLOCKS))
def test_conversions(block: int) -> None:
    """Whatever passes the check for an archive is written for it."""
    rng = random.Random(SEED + 100 + block)
    for run in range(max(3, RUNS // 500)):
        editor = Editor(rng.choice(["good", "screen"]))
        for _ in range(rng.choice([1, 2, 4])):
            title = rng.choice(sorted(editor.rows))
            rows = editor.rows[title]
            editor.put(title, rng.randint(6, len(rows) + 1), rng.randint(1, max(map(len, rows))), value(rng))
        with limited(f"block {block}, run {run}"):
            for name in load().archive_names:
                if not stops(findings(editor, (name,)), name):
                    findings(editor, (name,), convert=True)


def test_many_were_read_and_many_refused(tmp_path: Path) -> None:
    """The mutations are worth their time: some leave a workbook, some do not."""
    rng = random.Random(SEED)
    path = tmp_path / "a.xlsx"
    outcome = []
    for _ in range(100):
        path.write_bytes(mutated_package(rng))
        outcome.append(read(path)[0] is not None)
    assert 5 < sum(outcome) < 95
