"""Cells dragged down count up; names that number the rows of a sheet do so rightly."""

from __future__ import annotations

from typing import Any

import pytest

from rembi_sheets.checks import check
from tests import support


def counted(sheet: str, rows: list[dict[str, Any]]) -> list[str]:
    tables, _ = support.tables({sheet: rows})
    return [f.column for f in check(tables, ()) if f.code == "COUNTS-UP"]


@pytest.mark.parametrize(
    ("sheet", "naming", "name", "beside"),
    [
        ("Processed data columns", "Column name", "Phenotype {}", {"Column type": "phenotype"}),
        ("Processed data columns", "Column name", "siRNA {}", {"Annotation level": "well"}),
        ("Channels", "Channel name", "Channel {}", {"Channel - content": "GFP"}),
        ("Phenotypes", "Name", "class {}", {"Phenotype term": "mitosis arrested"}),
        ("Specimens", "Name", "Slice {}", {"Preparation method": "cut on a vibratome"}),
    ],
)
def test_names_of_rows_may_count(sheet: str, naming: str, name: str, beside: dict[str, str]) -> None:
    rows = [{naming: name.format(n), **beside} for n in range(1, 6)]
    assert counted(sheet, rows) == []


@pytest.mark.parametrize(
    ("sheet", "column", "text", "beside"),
    [
        ("Funding", "Grant ID", "BB/T00{}", {"Funder": "Example Fund"}),
        ("Specimens", "Preparation method", "Fixed in PFA, protocol {}", {"Growth protocol": "in DMEM"}),
        ("Processed data columns", "Description", "Score of plate {}", {"Column type": "data"}),
    ],
)
def test_what_was_dragged_is_said(sheet: str, column: str, text: str, beside: dict[str, str]) -> None:
    rows = [{column: text.format(n), **beside} for n in range(1, 6)]
    assert counted(sheet, rows) == [column]
