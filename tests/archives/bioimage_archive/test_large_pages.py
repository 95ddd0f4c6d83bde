"""Pages with long file lists: the work follows the number of files, and the list goes beside the workbook."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from rembi_sheets.archives import package
from rembi_sheets.fill.sources import recognised, workbook

bia = package("bioimage-archive")


def files(rows: int) -> dict[str, bytes]:
    """A page of one component with a list of so many files."""
    named = [{"name": n, "value": v} for n, v in (("Name", "C"), ("Description", "d"), ("File List", "list.tsv"))]
    study = {"type": "Study", "accno": "s", "attributes": [{"name": "Title", "value": "T"}]}
    page = {
        "accno": "S-BIAD9999",
        "attributes": [{"name": "Title", "value": "T"}, {"name": "AttachTo", "value": "BioImages"}],
        "section": {**study, "subsections": [{"type": "Study Component", "accno": "c", "attributes": named}]},
    }
    lines = [f"p{n // 96}/{n}.tif\tG{n % 7}" for n in range(rows)]
    return {"page.json": json.dumps(page).encode(), "list.tsv": "\n".join(["Files\tGene", *lines]).encode()}


def calls(rows: int) -> int:
    number = 0

    def count(*_: object) -> None:
        nonlocal number
        number += 1

    given = files(rows)
    sys.setprofile(count)
    try:
        restored = bia.restore(bia.parse(given).document)
    finally:
        sys.setprofile(None)
    assert len(restored.submission.tables["files"].frame) == rows
    return number


def test_long_lists_are_work_by_their_number() -> None:
    calls(100)  # what is made once for all
    least = calls(100)
    assert calls(1700) - least < 1.2 * (1700 - 100) / (500 - 100) * (calls(500) - least)


def test_a_long_list_goes_beside_the_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "LONG", 50)
    for name, content in files(60).items():
        (tmp_path / name).write_bytes(content)
    known = recognised(tmp_path / "page.json")
    assert known.files is not None
    assert len(known.files.table.frame) == 60
    assert not [p for p in known.proposals if p.sheet == "files"]
