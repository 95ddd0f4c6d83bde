"""Large records of IDR: what is done follows the number of different values, not that of the cells."""

from __future__ import annotations

import csv
import tracemalloc
from collections import Counter
from pathlib import Path

import pytest

from rembi_sheets import checks, pipeline, vocabularies
from rembi_sheets.archives import package
from rembi_sheets.archives.idr.facts import headings
from rembi_sheets.archives.idr.parse import tables, texts
from rembi_sheets.fill.sources import recognised, workbook
from rembi_sheets.submission import from_tables
from rembi_sheets.vocabularies import lookup, phrases
from tests.archives.idr.again import items
from tests.archives.idr.test_other_records import record
from tests.support import TODAY

idr = package("idr")
HEAD = ["Plate", "Well", headings.ORGANISM, "Characteristics [Strain]", "Compound Name", "Channels"]


def screen(rows: int) -> list[list[str]]:
    wells = [f"{'ABCDEFGHIJKLMNOP'[n // 24]}{n % 24 + 1}" for n in range(384)]
    kept = ["Schizosaccharomyces pombe", "GFP:nucleus;RFP:membrane"]
    return [
        HEAD,
        *([f"p{n // 384}", wells[n % 384], kept[0], f"JX{n % 50}k", f"c{n % 700}", kept[1]] for n in range(rows)),
    ]


def calls(monkeypatch: pytest.MonkeyPatch, files: dict[str, bytes]) -> int:
    """How often a word is looked for while a record is restored."""
    counted = 0
    asked = vocabularies.resolve

    def counting(text: str, name: str) -> vocabularies.Resolution:
        nonlocal counted
        counted += 1
        return asked(text, name)

    with monkeypatch.context() as patched:
        patched.setattr(vocabularies, "resolve", counting)
        idr.restore(idr.parse(files).document)
    return counted


def test_words_are_looked_for_by_the_number_of_different_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = (record("Screen", screen(n), "Screen Type\tprimary screen") for n in (700, 7000))
    assert calls(monkeypatch, few) == calls(monkeypatch, many) > 50


def test_an_unknown_phrase_is_taken_apart_once(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Counter[str]()
    same = phrases.same

    def counting(text: str, name: str, known: phrases.Known) -> object:
        counted[f"{name}: {text}"] += 1
        return same(text, name, known)

    monkeypatch.setattr(phrases, "same", counting)
    for _ in range(3):
        for n in range(20):
            assert lookup.resolve(f"strain nobody has {n}", "biological_entity").entry is None
    assert len(counted) == 20
    assert set(counted.values()) == {1}


def test_a_record_of_many_rows_takes_memory_by_its_different_values() -> None:
    rows = 20_000
    content = "\n".join(",".join(row) for row in screen(rows)).encode()
    tracemalloc.start()
    try:
        table, odd = tables.read(texts.lines(content)[0])
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert not odd
    assert len(list(table)) == rows
    assert most < 8 * 1024 * 1024  # one str a cell would be more than 10
    assert [len(c.values) for c in table.columns()] == [53, 384, 1, 50, 700, 1]


def test_tables_are_read_as_the_csv_module_reads_them() -> None:
    rows = [["a", "b"], ["1", 'x"y'], ["2", "a\nb"], ["", ""], ["3", "ü, ;"], ["4"], ["5", "6", "7"]]
    content = "\ufeff" + "".join(",".join(f'"{c.replace(chr(34), chr(34) * 2)}"' for c in r) + "\r\n" for r in rows)
    lines, odd = texts.lines(content.encode())
    table, unfit = tables.read(lines)
    assert odd == ["begins with a byte order mark"]
    assert unfit == ["line 5: 1 cells, 2 headings", "line 6: 3 cells, 2 headings"]
    assert [list(r) for r in table] == [["1", 'x"y'], ["2", "a\nb"], ["3", "ü, ;"], ["4", ""], ["5", "6"]]


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("at", [0, 5, (1 << 20) - 1, 1 << 20, (1 << 20) + 3])
def test_the_first_byte_that_is_not_utf8_is_told(before: bytes, at: int) -> None:
    content = b"a" * at + b"\xb5" + b"m" * 9
    lines, odd = texts.lines(before + content)
    assert odd[-1] == f"is not UTF-8 at byte {at}; read as Windows-1252"
    assert "".join(lines) == content.decode("cp1252")


def test_a_letter_that_two_parts_share_is_utf8() -> None:
    content = "µ".join(["a" * ((1 << 20) - 1), "b"]).encode()
    assert texts.lines(content)[1] == []


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """The record of a screen that has more wells than a sheet should hold."""
    monkeypatch.setattr(workbook, "LONG", 500)
    files = record("Screen", screen(510), "Screen Type\tprimary screen")
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return files


def test_a_long_list_goes_beside_the_workbook_and_says_the_same(tmp_path: Path, files: dict[str, bytes]) -> None:
    known = recognised(tmp_path / "s")
    assert known.files is not None
    assert not [p for p in known.proposals if p.sheet == "files"]
    made = pipeline.fill(pipeline.blank("", ("idr",)), known)
    assert made.side is not None
    _, *rows = csv.reader(made.side.raw().decode().splitlines(), delimiter="\t")  # type: ignore[attr-defined]
    assert len(rows) == 510
    study = tmp_path / "study.xlsx"
    study.write_bytes(made.content)
    (tmp_path / "study.files.tsv").write_bytes(made.side.raw())  # type: ignore[attr-defined]
    read = pipeline.read(study)
    assert read.tables is not None
    errors = {f.code for f in checks.check(read.tables, ("idr",)) if f.severity == "error"}
    assert errors <= {"REQUIRED-EMPTY", "SHEET-EMPTY"}
    rendered = idr.render(idr.build(from_tables(read.tables), TODAY).document)
    again = {n: c if isinstance(c, bytes) else b"".join(c()) for n, c in rendered.files.items()}
    before, after = (idr.parse(f).document for f in (files, again))
    assert items(before, after)[1] == []


def test_a_workbook_that_has_a_list_beside_it_keeps_it(tmp_path: Path, files: dict[str, bytes]) -> None:
    known = recognised(tmp_path / "s")
    made = pipeline.fill(pipeline.blank("", ("idr",)), known)
    again = pipeline.fill(made.content, known, side=made.side)
    assert again.side is made.side
    assert any("too long" in u.why for u in again.merged.unplaced)
