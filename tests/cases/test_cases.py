"""Every case of the files of cases is found at its cell; every code of the catalogue has a case."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from rembi_sheets.findings import catalogue
from tests.cases.harness import At, Case, Editor, cases, findings, place, where

TESTS = Path(__file__).parents[1]
CASES = list(cases())
# Said when a file that an archive's own parser or a second look refuses was about to be written: no edit is known.
NETS = {"EMPIAR-FILES-DIFFER", "IDR-IDENTIFIER-FORM", "IDR-REFUSED"}


@cache
def before(base: str, archives: tuple[str, ...], convert: bool) -> frozenset[tuple[str, At]]:
    return frozenset(where(findings(Editor(base), archives, convert)))


@pytest.mark.parametrize("base", ["good", "screen"])
def test_a_base_is_good(base: str) -> None:
    found = findings(Editor(base))
    assert not [f for f in found if f.severity == "error"]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_case_is_found_at_its_cell(case: Case) -> None:
    editor = Editor(case.base)
    editor.apply(case.edits)
    wanted = (case.code, place(editor, case.at))
    assert wanted not in before(case.base, case.archives, case.convert)
    assert wanted in where(findings(editor, case.archives, case.convert))


def test_every_code_has_a_case() -> None:
    """A code that no edit of a workbook can bring about (a bad file, the files on disk) is named by another test."""
    texts = (p.read_text("utf-8") for p in TESTS.rglob("test_*.py") if p.parent != Path(__file__).parent)
    others = [(TESTS / "workbook" / "bad_files.py").read_text("utf-8")]
    elsewhere = set(re.findall(r"\b[A-Z][A-Z0-9]+(?:-[A-Z0-9]+)+\b", "\n".join([*texts, *others])))
    missing = sorted(set(catalogue()) - {c.code for c in CASES} - elsewhere - NETS)
    assert not missing


def test_no_case_is_of_an_unknown_code() -> None:
    assert not {c.code for c in CASES} - set(catalogue())
