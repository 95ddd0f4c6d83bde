"""An example with mistakes planted in its cells."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from rembi_sheets import examples

EXAMPLE = "kidney-organoid-light-sheet"
WRONG: Mapping[tuple[str, str, int], Any] = {
    ("Study", "Release date", 0): "01.06.2027",
    ("People", "ORCID", 6): "0000-0002-1825-0098",
    ("People", "E-mail", 6): "bettina.wilm(at)example.org",
    ("Biosamples", "Organism", 6): "Mus musculos",
    ("Specimens", "Biosample", 6): "Wild type kidney E13",
    ("Image data", "Pixel/voxel size - X", 6): "0,57",
    ("Files", "Image data", 6): "Organoid view",
    ("Files", "Image data", 7): "Organoid view",
    ("Files", "Image data", 8): "Organoid view",
}


def planted(folder: Path, cells: Mapping[tuple[str, str, int], Any] = WRONG, example: str = EXAMPLE) -> bytes:
    """The workbook of an example with other values in some cells, known by sheet, heading and row (0: a line)."""
    workbook = load_workbook(BytesIO(examples.workbook_bytes(example)))
    for (title, label, row), value in cells.items():
        sheet = workbook[title]
        if row:
            column = next(c.column for c in sheet[5] if c.value == label)
            sheet.cell(row, column).value = value
        else:
            line = next(c.row for c in sheet["A"] if c.value == label)
            sheet.cell(line, 2).value = value
    path = folder / "planted.xlsx"
    workbook.save(path)
    return path.read_bytes()
