"""Tables of one's own that are too long to be filled from end in words that say what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from rembi_sheets.fill.sources import SourceError, recognised, table


def written(folder: Path, rows: int) -> Path:
    path = folder / "results.csv"
    lines = (f"d/{n}.tif,G{n % 7},{n % 5}" for n in range(rows))
    path.write_text("\n".join(["Path,Gene,Score", *lines]) + "\n")
    return path


def test_more_cells_than_are_filled_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, 20)
    assert recognised(path).joins
    monkeypatch.setattr(table, "_FILLED", 30)
    with pytest.raises(SourceError, match=r"results\.csv says \d+ cells.*files\.tsv"):
        recognised(path)


def test_more_cells_than_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, 20)
    monkeypatch.setattr(table, "_READ", 30)
    with pytest.raises(SourceError, match="30 cells"):
        recognised(path)
    assert recognised(path, limits={"cells": 100}).joins  # a person may know better
