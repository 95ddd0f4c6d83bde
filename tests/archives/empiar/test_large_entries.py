"""Entries of many image sets: the work of restoring them follows their number, not its square."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from rembi_sheets.archives import package
from rembi_sheets.fill.sources import SourceError, recognised, record

empiar = package("empiar")


def files(sets: int) -> dict[str, bytes]:
    """A deposition of so many image sets."""
    one = {
        "category": "('T1','')",
        "header_format": "('T1','')",
        "data_format": "('T1','')",
        "num_images_or_tilt_series": 1,
        "details": "Biosample: cell\nSpecimen: grid",
    }
    entry = {
        "title": "T",
        "release_date": "RE",
        "experiment_type": 3,
        "scale": 3,
        "imagesets": [{**one, "name": f"Set {n}", "directory": f"/data/{n}"} for n in range(sets)],
    }
    return {"x.json": json.dumps(entry).encode()}


def calls(sets: int) -> int:
    number = 0

    def count(*_: object) -> None:
        nonlocal number
        number += 1

    document = empiar.parse(files(sets)).document
    assert document is not None
    sys.setprofile(count)
    try:
        restored = empiar.restore(document)
    finally:
        sys.setprofile(None)
    assert len(restored.submission.image_data) == sets
    return number


def test_many_image_sets_are_work_by_their_number() -> None:
    calls(20)  # what is made once for all
    least = calls(20)
    assert calls(160) - least < 1.2 * (160 - 20) / (60 - 20) * (calls(60) - least)


def test_more_image_sets_than_a_workbook_is_made_for_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.json").write_bytes(files(12)["x.json"])
    monkeypatch.setattr(record, "_ROWS", 12)
    assert recognised(tmp_path / "x.json").proposals
    monkeypatch.setattr(record, "_ROWS", 11)
    with pytest.raises(SourceError, match=r"12 rows of \w+.*more than a workbook is made for"):
        recognised(tmp_path / "x.json")
