"""The report as text: where first, then what, then the remedy; a count that is never capped; nothing steers."""

from __future__ import annotations

import re

import pytest

from rembi_sheets.cells import Place
from rembi_sheets.findings import Severity, find
from rembi_sheets.report.text import text

B6 = Place("Specimens", 6, 2, "Biosample")
UNKNOWN = find("REF-UNKNOWN", B6, value="HeLa ctrl", target="Biosamples", suggestions=("HeLa control",))
PLACEHOLDER = find("PLACEHOLDER", [Place("People", r, 3, "ORCID") for r in (6, 7, 8, 12)], value="TBD")
BOTH = ("bioimage-archive", "empiar")


def test_address_message_remedy_in_this_order() -> None:
    lines = text([UNKNOWN], "study.xlsx").splitlines()
    assert lines[0] == "Specimens"
    assert re.match(r"  B6 +error: “HeLa ctrl”.*REF-UNKNOWN$", lines[1])
    assert "HeLa control" in "".join(lines[2:4])
    assert "study.xlsx: 1 error, no warnings, no notes." in lines


def test_ranges_and_sheets() -> None:
    shown = text([PLACEHOLDER, UNKNOWN, find("FILE-OLDER", value="a.xlsx", version="0", known="1")], "a.xlsx")
    assert "C6:C8, C12" in shown
    assert re.findall(r"^(\S.*)$", shown, re.MULTILINE)[:3] == ["People", "Specimens", "The file as a whole"]


@pytest.mark.parametrize("width", [40, 60, 100, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert max(map(len, text([UNKNOWN, PLACEHOLDER], "study.xlsx", width=width).splitlines())) <= width


def test_the_limit_caps_what_is_shown_and_never_what_is_counted() -> None:
    notes = [find("HUMAN-DATA", Place("Biosamples", r, 1)) for r in range(6, 106)]
    shown = text([*notes, UNKNOWN], "a.xlsx", limit=5)
    assert shown.count("HUMAN-DATA") == 4 and "REF-UNKNOWN" in shown
    assert "96 more" in shown and "1 error, no warnings, 100 notes" in shown


def test_a_clear_verdict() -> None:
    assert "Passed for BioImage Archive and EMPIAR" in text([PLACEHOLDER], "a", archives=BOTH)
    assert "Not passed for BioImage Archive and EMPIAR." in text([UNKNOWN], "a", archives=BOTH)
    one = find("FORMAT-BAD", B6, value="x", words="y", other="", where="", archives=("empiar",))
    shown = text([one], "a", archives=BOTH)
    assert "Not passed for EMPIAR. Passed for BioImage Archive." in shown and "[EMPIAR]" in shown


@pytest.mark.parametrize("evil", ["\x1b[31mred", "a\rb", "\x9b2J", "\u202eabc", "\x07", "a\nError: b"])
def test_values_cannot_steer_a_terminal(evil: str) -> None:
    found = find("REF-UNKNOWN", Place(evil, 6, 2, evil), value=evil, target=evil)
    shown = text([found], evil, colour=False)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", shown)
    assert "Error: b" not in shown.splitlines()


def test_colours_change_nothing_else() -> None:
    findings = [UNKNOWN, PLACEHOLDER, find("HUMAN-DATA", Place("Biosamples", 6, 3, "[red]Organism[/red]"))]
    coloured = text(findings, "a.xlsx", colour=True)
    assert re.search("\x1b\\[[0-9;]*31m", coloured)
    plain = re.sub("\x1b\\[[0-9;]*m", "", coloured)
    assert [line.rstrip() for line in plain.splitlines()] == text(findings, "a.xlsx").splitlines()


def test_severity_of_the_finding_is_shown() -> None:
    assert "warning:" in text([find("HUMAN-DATA", B6, severity=Severity.WARNING)], "a")
