"""A cell is framed as missing while the workbook is filled in only where `check` misses it, too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from rembi_sheets import examples, pipeline
from tests import workbooks
from tests.workbook.xlsx import Xlsx

RULE = re.compile(r"AND\(LEN\((\$[A-Z]+)6\)=0,COUNTA\(([^)]*)\)>0(?:,COUNTA\(([^)]*)\)=0)?\)")


def _rules(data: bytes, title: str) -> list[tuple[str, str, str]]:
    """Of a sheet of rows: the column that is framed, the cells that begin a row, those that fill it as well."""
    found = (RULE.fullmatch(f) for formulas in Xlsx(data).conditions(title).values() for f in formulas)
    return [(m[1].strip("$"), m[2], m[3] or "") for m in found if m]


def _given(sheet: Worksheet, cells: str, row: int) -> int:
    """How many cells hold something, of those that a rule names for row 6, in another row."""
    named = [re.sub(r"(?<=[A-Z])6", str(row), c) for c in cells.replace("$", "").split(",") if c]
    return sum(c.value is not None for n in named for line in sheet[f"{n}:{n}" if ":" not in n else n] for c in line)


@pytest.mark.parametrize("name", examples.names())
def test_no_cell_of_an_example_is_framed_that_is_not_missed(name: str, tmp_path: Path) -> None:
    data = examples.workbook_bytes(name)
    (path := tmp_path / f"{name}.xlsx").write_bytes(data)
    book, framed = workbooks.opened(data), set()
    for sheet in book:
        for column, begun, filled in _rules(data, sheet.title):
            for row in range(6, min(sheet.max_row, 200) + 1):
                empty = sheet[f"{column}{row}"].value is None and not _given(sheet, filled, row)
                if empty and _given(sheet, begun, row):
                    framed.add((sheet.title, f"{column}{row}"))
    found = pipeline.check(pipeline.read(path)).findings
    assert framed <= {(f.sheet, a) for f in found if f.code == "REQUIRED-EMPTY" for a in f.addresses}


def test_method_columns_fill_the_text_that_they_are_composed_into() -> None:
    rules = {c: filled for c, _, filled in _rules(workbooks.blank("correlative", (), "full"), "Image correlation")}
    book = workbooks.opened(workbooks.blank("correlative", (), "full"))
    heads = {c.value: c.column_letter for c in book["Image correlation"][5]}
    text, method = heads["Spatial and temporal alignment"], heads["Alignment method"]
    assert f"${method}6" in rules[text] and not rules[heads["Name"]]
