"""What the workers do, called here: what a drop costs beside a check."""

from __future__ import annotations

import pytest

from rembi_sheets import examples
from rembi_sheets.tables import Columns
from rembi_sheets.web import jobs


def test_a_report_takes_the_tables_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(Columns, "frame", property(lambda self: asked.append(len(self))))
    made = jobs.check(examples.folder() / "red-blood-cells" / "red-blood-cells.xlsx", jobs.Asked())
    assert not asked, "a data frame of a long table takes a twentieth of its check"
    assert made["readable"] and made["files"] == 10 and made["title"].startswith("Red blood cells in")
