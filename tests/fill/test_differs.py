"""What differs between a workbook and its sources has a finding with a code at its cell, and stops nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from rembi_sheets.cli import cli
from rembi_sheets.fill import Confidence, Proposal, State, merge
from rembi_sheets.fill.differing import findings
from rembi_sheets.findings import Severity
from tests.support import STUDY, tables

LAB = Path(__file__).parents[2] / "examples" / "red-blood-cells" / "red-blood-cells.xlsx"
KIDNEY = LAB.parents[1] / "kidney-organoid-light-sheet" / "kidney-organoid-light-sheet.xlsx"


def differing(*proposals: Proposal) -> list[tuple[str, str, tuple[str, ...], str]]:
    merged = merge(tables(STUDY)[0], proposals)
    found = findings(merged)
    assert [e.code for e in merged.of(State.DIFFERS)] == [f.code for f in found]
    assert all(f.severity is Severity.NOTE and f.fix for f in found)
    return [(f.code, f.sheet, f.addresses, f.message) for f in found]


def test_a_typed_value_that_a_source_contradicts() -> None:
    named = Proposal("organisations", ("Example Institute",), "town", "Mannheim", "lab.xlsx", "Organisations D6")
    typed = differing(named, Proposal("study", None, "license", "CC BY 4.0", "lab.xlsx", "Study B8"))
    assert [(code, sheet, cells) for code, sheet, cells, _ in typed] == [
        ("FILL-DIFFERS", "Study", ("B8",)),
        ("FILL-DIFFERS", "Organisations", ("B6",)),
    ]
    assert typed[1][3] == "“Heidelberg” stands there; lab.xlsx, Organisations D6 says “Mannheim”."


def test_two_sources_that_contradict_each_other() -> None:
    both = [Proposal("study", None, "acknowledgements", text, f"{text}.xlsx") for text in ("Ada", "Eve")]
    found = differing(*both)
    assert [code for code, *_ in found] == ["FILL-SOURCES-DIFFER"] * 2
    assert "Ada.xlsx says “Ada”, another source “Eve”" in found[0][3]


@pytest.mark.parametrize("value", ["Heidelberg", " heidelberg", "Lyon"])
def test_what_agrees_or_is_only_a_guess_has_none(value: str) -> None:
    sure = Confidence.GUESS if value == "Lyon" else Confidence.READ
    assert differing(Proposal("organisations", ("Example Institute",), "town", value, "x", "", sure)) == []


def test_the_command_prints_codes_that_explain_knows() -> None:
    run = CliRunner().invoke
    text = run(cli, ["fill", str(KIDNEY), "--from", str(LAB), "--dry-run"]).stdout
    assert "FILL-DIFFERS" in text and "explain CODE" in text
    report = json.loads(run(cli, ["fill", str(KIDNEY), "--from", str(LAB), "--dry-run", "--format", "json"]).stdout)
    assert {e["code"] for e in report["differs"]} == {"FILL-DIFFERS"}
    assert not any("code" in e for name in ("filled", "confirmed", "questions") for e in report[name])
    for code in ("FILL-DIFFERS", "FILL-SOURCES-DIFFER", "FILE-DEFAULTS", "ORGANISATION-UNUSED"):
        assert run(cli, ["explain", code]).exit_code == 0
