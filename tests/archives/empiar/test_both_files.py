"""From sheets to both files: valid for judges of others, and saying the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rembi_sheets.archives import package
from rembi_sheets.archives.empiar.document import Deposition
from rembi_sheets.archives.empiar.render import verify
from tests.archives.empiar.judges import deposition, errors, lint, rendered, schema_errors, xsd_errors
from tests.archives.empiar.studies import FIB_SEM
from tests.support import STUDY, TODAY, submission

empiar = package("empiar")

STUDIES = [pytest.param(STUDY, id="light"), pytest.param(FIB_SEM, id="fib-sem")]


@pytest.fixture(params=STUDIES)
def files(request: pytest.FixtureRequest) -> dict[str, bytes]:
    return rendered(deposition(request.param))


def test_files(files: dict[str, bytes]) -> None:
    assert sorted(files) == ["NEXT-STEPS.md", "deposition.json", "entry.xml", "rembi.yml"]


def test_json_is_clean_for_the_depositor(files: dict[str, bytes], tmp_path: Path) -> None:
    assert schema_errors(files["deposition.json"]) == []
    assert lint(files["deposition.json"], tmp_path) == ""


def test_xml_is_valid(files: dict[str, bytes]) -> None:
    assert verify.xml_faults(files["entry.xml"]) == []
    assert xsd_errors(files["entry.xml"]) == []


@pytest.mark.parametrize("sheets", STUDIES)
def test_read_back(sheets: dict[str, Any]) -> None:
    document = deposition(sheets)
    files = rendered(document)
    both = empiar.parse(files)
    assert both.not_understood == ()
    assert both.document == document
    assert isinstance(both.document, Deposition)


def test_same_bytes_each_time() -> None:
    assert rendered(deposition(FIB_SEM)) == rendered(deposition(FIB_SEM))


def test_fib_sem_values() -> None:
    data = json.loads(rendered(deposition(FIB_SEM))["deposition.json"])
    assert data["experiment_type"] == 5
    assert data["scale"] == "3"
    assert data["release_date"] == "HP"
    raw, aligned = data["imagesets"]
    assert (raw["directory"], raw["micrographs_file_pattern"]) == (
        "/data/fib_2026/slices",
        "data/fib_2026/slices/*.tif",
    )
    assert (raw["pixel_width"], raw["image_height"], raw["voxel_type"]) == (50, 2400, "('T1', '')")
    assert (aligned["directory"], aligned["category"], aligned["pixel_height"]) == (
        "/data/fib_2026/aligned",
        "('T13', '')",
        50,
    )


def test_no_errors() -> None:
    assert errors(submission(STUDY)) == []
    assert errors(submission(FIB_SEM)) == []
    assert TODAY.year == 2026
