"""A released version of the data dictionary never changes, and its workbooks stay readable for ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from rembi_sheets import pipeline
from rembi_sheets.schema import CURRENT, load, versions

HERE = Path(__file__).parent
# Version -> digest of its folder, as it stands in every workbook of that version.
DIGESTS = {p.parent.name: p.read_text("utf-8").strip() for p in HERE.glob("*/digest.txt")}
WORKBOOKS = sorted(HERE.glob("*/templates/*.xlsx")) + sorted(HERE.glob("*/examples/*/*.xlsx"))


def test_a_released_folder_never_changes() -> None:
    assert {v: load(v).digest for v in versions() if v != CURRENT} == DIGESTS


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda p: p.relative_to(HERE).as_posix())
def test_a_released_workbook_is_read(path: Path) -> None:
    workbook = pipeline.read(path)
    assert workbook.readable
    assert not [f for f in workbook.findings if f.code.startswith(("FILE-", "SHEET-", "HEADING-"))]
