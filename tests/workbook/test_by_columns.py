"""A long sheet read by columns says what it says read cell by cell: same values, addresses, looks and findings.

Every workbook here is read both ways. REMBI_SHEETS_DIFFERENTIAL=20000 makes more of them by chance.
"""

from __future__ import annotations

import datetime as dt
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from rembi_sheets import examples, pipeline
from rembi_sheets.cells import Book, ByColumns, Sheet
from rembi_sheets.schema import load
from rembi_sheets.tables import from_book
from rembi_sheets.workbook import bycolumns, package, read
from tests.support import LONG
from tests.workbook.bad_files import packed, parts
from tests.workbook.odd_sheets import Odd

RUNS = int(os.environ.get("REMBI_SHEETS_DIFFERENTIAL", "150"))
SEED = int(os.environ.get("REMBI_SHEETS_DIFFERENTIAL_SEED", "19"))
# workbooks that once were read otherwise: dates of the language of a machine, an end of a tag that is damaged,
# a first shared text that keeps its blanks, alone among all
FOUND = (21_000_724, 21_000_936, 31_005_073, 107_001_171)
Ways = Callable[[int], None]


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> Ways:
    """Says whether sheets are read by columns however short they are, in pieces of so many bytes, or never (0)."""

    def say(size: int) -> None:
        monkeypatch.setattr(bycolumns, "LONG", 0 if size else 1 << 60)
        monkeypatch.setattr(package, "_PART", size or 1 << 20)

    return say


def _said(path: Path, tables: bool = True) -> tuple[Any, bool]:
    """All that a workbook says, values with their types; and whether any sheet was read by columns."""
    book, findings = read.read(path)
    if book is None:
        return findings, False
    by_columns = any(isinstance(s.rows, ByColumns) for s in book.sheets)
    if not tables:
        return (_plain(book), findings), by_columns
    try:
        made, more = from_book(book, load())
    except package.RefusedError as e:  # a sheet whose formats are asked for, and that is damaged
        return (_plain(book), findings, e.code), by_columns
    frames = {t.sheet.name: (t.frame.index.tolist(), _typed(t.frame.to_numpy().tolist()), t.columns) for t in made}
    return (_plain(book), frames, findings, more), by_columns


def _plain(book: Book) -> Any:
    return [
        (s.title, s.hidden, _typed(map(list, s.rows)), dict(s.marks), s.merged, dict(s.looks), _formats(s))
        for s in book.sheets
    ]


def _formats(sheet: Sheet) -> Any:
    """The formats of a sheet, or that it is damaged, which shows when they are asked for."""
    try:
        return dict(sheet.formats)
    except package.RefusedError as e:
        return e.code


def _typed(rows: Any) -> list[list[tuple[str, str]]]:
    return [[(type(v).__name__, repr(v)) for v in row] for row in rows]


def test_by_chance(tmp_path: Path, ways: Ways) -> None:
    path = tmp_path / "odd.xlsx"
    taken = 0
    for n, seed in enumerate((*FOUND, *range(SEED * 1_000_000, SEED * 1_000_000 + RUNS))):
        path.write_bytes(Odd(seed).made())
        tables = n % 5 == 0  # they take most of the time
        ways(0)
        slow, never = _said(path, tables)
        ways((1 << 20, 700, 3000)[n % 3])
        fast, by_columns = _said(path, tables)
        assert not never
        assert fast == slow, f"Odd({seed})"
        taken += by_columns
    assert taken > RUNS / 5, "hardly any workbook was read by columns, so that nothing was compared"


@pytest.mark.parametrize("name", examples.names()[:: 1 if LONG else 5])
def test_the_examples(name: str, tmp_path: Path, ways: Ways) -> None:
    path = tmp_path / "example.xlsx"
    path.write_bytes(examples.workbook_bytes(name))
    ways(0)
    slow, _ = _said(path)
    ways(1 << 14)
    fast, by_columns = _said(path)
    assert by_columns
    assert fast == slow


@pytest.fixture(scope="module")
def sheets() -> Callable[..., bytes]:
    """Workbooks as openpyxl writes them, with a longer sheet Files and other values in some cells."""

    def made(**cells: Any) -> bytes:
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = "Files"
        sheet.append(["Path", "Image data", "Size in bytes", "Comments"])
        for n in range(300):
            sheet.append([f"images/plate_{n // 96}/image_{n:07}.tif", "Stacks", n * 7, "a text of some length here"])
        for at, value in cells.items():
            sheet[at] = value
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    return made


@pytest.mark.parametrize(
    ("last", "taken"),
    [(7, True), ("<&>", True), ("=A2", False), ("#N/A", False), (dt.date(2026, 1, 5), False), (True, False)],
)
def test_what_stands_in_the_last_rows(
    tmp_path: Path, ways: Ways, sheets: Callable[..., bytes], last: object, taken: bool
) -> None:
    path = tmp_path / "long.xlsx"
    path.write_bytes(sheets(D299=last))
    ways(0)
    slow, _ = _said(path)
    ways(2000)
    fast, by_columns = _said(path)
    assert by_columns is taken
    assert fast == slow


def test_only_long_sheets(tmp_path: Path, sheets: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "long.xlsx"
    path.write_bytes(sheets())
    assert not _said(path)[1]
    monkeypatch.setattr(bycolumns, "LONG", 10_000)
    assert _said(path)[1]


def test_the_same_findings(tmp_path: Path, ways: Ways, sheets: Callable[..., bytes]) -> None:
    path = tmp_path / "long.xlsx"
    path.write_bytes(sheets(A200="images/plate_0/image_0000001.tif", B100="Nothing", C150="many", D9="see above"))
    ways(0)
    slow = pipeline.check(pipeline.read(path)).findings
    ways(5000)
    read_by_columns = pipeline.read(path)
    assert pipeline.check(read_by_columns).findings == slow
    assert {"PATH-TWICE", "DITTO", "REF-UNKNOWN"} & {f.code for f in slow}


def test_a_damage_that_shows_when_formats_are_asked_for_is_a_finding(
    tmp_path: Path, sheets: Callable[..., bytes]
) -> None:
    made = load_workbook(io.BytesIO(sheets(D7=0.5)))
    made["Files"]["D7"].number_format = "0.00"
    out = io.BytesIO()
    made.save(out)
    contents = parts(out.getvalue())
    name = next(n for n in contents if n.startswith("xl/worksheets/"))
    for whole, broken in ((b'<c r="D7"', b'<c <="D7"'), (b'<row r="7"', b'<row <="7"')):
        damaged = contents[name].replace(whole, broken)
        assert damaged != contents[name]
        (tmp_path / "study.xlsx").write_bytes(packed({**contents, name: damaged}))
        read_ = pipeline.read(tmp_path / "study.xlsx")
        assert read_.readable or [f.code for f in read_.findings] == ["FILE-DAMAGED"]
    (tmp_path / "study.xlsx").write_bytes(
        packed({**contents, name: contents[name].replace(b'<c r="D7"', b'<c <="D7"')})
    )
    assert not pipeline.read(tmp_path / "study.xlsx").readable
