"""Files that are no workbooks, or odd ones: one clear finding each, never an exception, and quickly."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

import rembi_sheets
from rembi_sheets import pipeline
from rembi_sheets.cli import cli
from rembi_sheets.workbook.package import Caps
from rembi_sheets.workbook.read import read
from tests.workbook import bad_files


def test_a_bad_file_is_refused_with_one_finding(tmp_path: Path) -> None:
    seen = 0
    for name, content, code in bad_files.bad():
        path = tmp_path / name
        path.write_bytes(content)
        book, findings = read(path)
        assert book is None, name
        assert [f.code for f in findings] == [code], name
        assert name in findings[0].message or code == "FILE-MISSING"
        assert not pipeline.read(path).readable, name
        seen += 1
    assert seen >= 40


def test_an_odd_file_is_read(tmp_path: Path) -> None:
    seen = 0
    for name, content, code in bad_files.odd():
        path = tmp_path / name
        path.write_bytes(content)
        book, findings = read(path)
        assert [f.code for f in findings] == ([code] if code else []), name
        assert book is not None, name
        assert pipeline.check(pipeline.read(path), ("bioimage-archive",)).workbook.readable, name
        seen += 1
    assert seen >= 10


def test_what_is_not_there_or_no_file(tmp_path: Path) -> None:
    assert [f.code for f in read(tmp_path / "a.xlsx")[1]] == ["FILE-MISSING"]
    assert [f.code for f in read(tmp_path / "a\0b.xlsx")[1]] == ["FILE-MISSING"]
    assert [f.code for f in read(tmp_path / ("a" * 300))[1]] == ["FILE-UNREADABLE"]
    assert [f.code for f in read(tmp_path)[1]] == ["FILE-NOT-OURS"]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.xlsx")
        assert [f.code for f in read(tmp_path / "pipe.xlsx")[1]] == ["FILE-NOT-WORKBOOK"]


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), OSError(5, "Input/output error")])
def test_a_locked_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(bad_files.good())

    def refuse(self: Path) -> bytes:
        raise error

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert [f.code for f in read(path)[1]] == ["FILE-UNREADABLE"]


@pytest.mark.parametrize(
    "caps",
    [Caps(size=100), Caps(entries=3), Caps(unpacked=1000), Caps(ratio=2, ratio_from=0), Caps(cells=1)],
)
def test_the_limits_can_be_set(tmp_path: Path, caps: Caps) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(bad_files.good() if caps.cells > 1 else bad_files.far("XFD9"))
    assert [f.code for f in read(path, caps)[1]] == ["FILE-TOO-LARGE"]


def test_the_limits_can_be_set_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(bad_files.far("AB99999"))
    run = CliRunner().invoke
    assert run(cli, ["check", str(path)]).exit_code < 2
    assert not rembi_sheets.read(path, {"cells": 1_000_000}).readable
    monkeypatch.setenv("REMBI_SHEETS_LIMITS", "cells=1000000,ratio=500")
    assert run(cli, ["check", str(path)]).exit_code == 2
    for odd in ("cells", "cells=many", "rows=5", "cells=0"):
        monkeypatch.setenv("REMBI_SHEETS_LIMITS", odd)
        done = run(cli, ["check", str(path)])
        assert done.exit_code == 2 and "REMBI_SHEETS_LIMITS" in done.output and "Traceback" not in done.output


def test_a_folder_of_tables(tmp_path: Path) -> None:
    (tmp_path / "People.tsv").write_text("Last name\tE-mail\nBeispiel\ta@example.org\n", "utf-8")
    (tmp_path / "Study.csv").write_text("Study title;A title\nLicense;CC0\n", "utf-8-sig")
    (tmp_path / "notes.txt").write_text("a", "utf-8")
    book, findings = read(tmp_path)
    assert book is not None and not findings
    assert [s.title for s in book.sheets] == ["Study", "People", "notes"]
    assert book.sheets[1].rows[1] == ["Beispiel", "a@example.org"]
    (tmp_path / "people.csv").write_text("Last name\n", "utf-8")
    assert [f.code for f in read(tmp_path)[1]] == ["FILE-TWICE"]


def test_tables_of_a_folder_that_cannot_be_read(tmp_path: Path) -> None:
    people = tmp_path / "People.csv"
    people.write_bytes("Last name\nMüller\n".encode("cp1252"))
    assert [f.code for f in read(tmp_path)[1]] == ["FILE-ENCODING"]
    people.write_bytes(b'Last name,"E-mail\nMueller\n')
    assert [f.code for f in read(tmp_path)[1]] == ["TABLE-BAD"]
    people.write_bytes("Last name\tE-mail\nMüller\ta@b.org\n".encode("utf-16"))
    book, findings = read(tmp_path)
    assert book is not None and book.sheets[0].rows[1][0] == "Müller" and not findings
