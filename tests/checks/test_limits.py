"""A number beyond the limits of its column is said once, not as unlikely as well."""

from __future__ import annotations

import pytest

from rembi_sheets import checks
from rembi_sheets.schema import load
from rembi_sheets.tables import from_book
from tests.cases.base import GOOD
from tests.support import book, submission


@pytest.mark.parametrize("size", [0, -0.3, 1e300, "1e40"])
@pytest.mark.parametrize("axis", ["X", "Y"])
def test_what_cannot_be_is_not_unlikely_as_well(size: float | str, axis: str) -> None:
    images = [dict(GOOD["Image data"][0]), *GOOD["Image data"][1:]]
    images[0][f"Pixel/voxel size - {axis}"] = size
    sheets = {**GOOD, "Image data": images}
    tables, _ = from_book(book(sheets), load())
    found = [f for f in checks.check(tables, ("bioimage-archive",)) if f.sheet == "Image data"]
    found += [f for f in checks.check_submission(submission(sheets), ("bioimage-archive",)) if f.sheet == "Image data"]
    assert [f.code for f in found] == ["NUMBER-RANGE"]
    assert len(found[0].message) < 120
