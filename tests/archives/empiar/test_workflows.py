"""A workflow that image data name goes into EMPIAR's own fields, and stays in the details."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.disk.made import convert, text
from tests.test_compose import SCHEMA, study

WORKFLOW = SCHEMA["image_data"]["processing_workflow"]


def deposition(typed: str, **sheets: Any) -> Any:
    made = study(WORKFLOW, **sheets)
    made["Image data"][0][WORKFLOW.label] = typed
    return json.loads(text(convert(made, None, "empiar"), "deposition.json"))


@pytest.mark.parametrize(
    ("typed", "addresses", "file"),
    [
        ("https://workflowhub.eu/workflows/12", ["https://workflowhub.eu/workflows/12"], ""),
        ("HTTPS://WorkflowHub.eu/workflows/12", ["https://WorkflowHub.eu/workflows/12"], ""),
        ("file: runs/first.json; file: runs/second.json", [], "runs/first.json"),
        ("https://workflowhub.eu/workflows/7; file: a/b.ga", ["https://workflowhub.eu/workflows/7"], "a/b.ga"),
        ("https://doi.org/10.5281/zenodo.1234567", [], ""),
        ("http://workflowhub.eu/workflows/12", [], ""),
    ],
)
def test_own_fields(typed: str, addresses: list[str], file: str) -> None:
    made = deposition(typed)
    assert [w["url"] for w in made.get("workflows", [])] == addresses
    path = made.get("workflow_file", {}).get("path", "")
    assert path.endswith(file) and bool(path) == bool(file)
    for value in typed.split("; "):
        assert value in made["imagesets"][0]["details"]


def test_the_file_of_an_analysis_comes_first() -> None:
    analysis = {
        "Name": "Flow",
        "Image data": "Organoid stacks",
        "Analysis result type": "processing workflow",
        "Analysis method and details": "As in the file",
        "Result files": "flow.json",
    }
    made = deposition("file: runs/first.json", Analysed_data=[analysis])
    assert made["workflow_file"]["path"].endswith("flow.json")
