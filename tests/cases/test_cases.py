"""Every case of the files of cases is found at its cell; every code of the catalogue has a case."""

from __future__ import annotations

import re
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

from rembi_sheets.findings import Finding, catalogue
from tests.cases.harness import At, Case, Editor, cases, findings, place, where

TESTS = Path(__file__).parents[1]
CASES = list(cases())
# Said when a file that was written does not say what it should, or an archive's program would refuse it: nothing is
# known that brings it about and is not found before.
NETS = {"BIA-TSV-LEFT-OUT", "IDR-REFUSED"}


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
    wanted = (case.by or case.code, place(editor, case.at))
    assert wanted not in before(case.base, case.archives, case.convert)
    found = findings(editor, case.archives, case.convert)
    assert wanted in where(found)
    assert case.convert or not said_twice(found)


def said_twice(found: list[Finding]) -> list[set[str]]:
    """The codes at cells that say more than once what is wrong there."""
    cells: dict[tuple[str, tuple[int, int]], set[str]] = {}
    for f in found:
        for cell in f.cells:
            cells.setdefault((f.sheet, cell), set()).add(f.code)
    return [codes for codes in cells.values() if _twice(codes)]


def _twice(codes: set[str]) -> bool:
    kinds = [catalogue()[c] for c in codes]
    alone = any(k.alone for k in kinds) and not all(k.general for k in kinds)
    return alone or any(k.before and k.before in codes for k in kinds)


def test_every_code_has_a_case() -> None:
    """What no edit of a workbook can bring about (a file that cannot be read, the network) is named by another test."""
    files = (
        "workbook/*.py",
        "released/*.py",
        "checks/test_online.py",
        "checks/test_own_vocabularies.py",
        "checks/test_spare.py",
        "fill/test_differs.py",
    )
    others = (TESTS.glob(names) for names in files)
    named = set(
        re.findall(r"\b[A-Z][A-Z0-9]+(?:-[A-Z0-9]+)+\b", "\n".join(p.read_text("utf-8") for p in chain(*others)))
    )
    outside = {
        c
        for c in catalogue()
        if c.startswith(("FILE-", "FILL-", "TABLE-")) or c in ("TERM-ONLINE", "TERM-STORE", "ONLINE-FAILED")
    }
    with_case = {c.code for c in CASES}
    assert sorted(set(catalogue()) - with_case - NETS - (outside & named)) == []
    assert not NETS & with_case


def test_no_case_is_of_an_unknown_code() -> None:
    assert not {c.code for c in CASES} - set(catalogue())
