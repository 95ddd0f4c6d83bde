"""Defaults of any lab, good or hostile: no error comes, no score falls, nothing typed changes, twice is once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rembi_sheets import examples, pipeline
from rembi_sheets.checks import check, check_submission
from rembi_sheets.fill import State, merge
from rembi_sheets.fill.sources.workbook import of_tables
from rembi_sheets.findings import Severity
from rembi_sheets.schema import load
from rembi_sheets.score import Score, score
from rembi_sheets.submission import from_tables
from rembi_sheets.tables import Tables
from rembi_sheets.tables.spare import spare, unmuted, without
from tests.support import LONG, TODAY, study
from tests.support import tables as read

SCHEMA = load()
SHEETS = ("organisations", "funding", "image_acquisition")
CELLS = st.sampled_from(
    ["", "Example Institute", "Light sheet 20x", "37", "300-400", "oil", "Germany", "= 1 + 1", "a; b"]
)


@st.composite
def labs(draw: Any) -> dict[str, Any]:
    """Sheets of a lab's workbook: rows filled in anyhow, some called as those of the study."""
    out: dict[str, Any] = {"Study": {"License": draw(st.sampled_from(["CC0", "MIT", "none", ""]))}}
    for name in draw(st.sets(st.sampled_from(SHEETS), min_size=1)):
        sheet = SCHEMA[name]
        columns = [c.label for c in sheet.columns if not c.own]
        rows = st.lists(st.dictionaries(st.sampled_from(columns), CELLS | st.text(max_size=6), max_size=5), max_size=3)
        first = sheet[sheet.key[0]].label
        out[sheet.title] = [{first: draw(CELLS), **r} for r in draw(rows)]
    return out


def scored(there: Tables) -> Score:
    return score(without(there, spare(there)), there.archives)


def errors(there: Tables) -> int:
    found = [*check(there, there.archives), *check_submission(from_tables(there), there.archives)]
    return sum(f.severity is Severity.ERROR for f in unmuted(found, there, spare(there)))


@given(labs())
@settings(
    max_examples=150 if LONG else 8, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
def test_any_defaults_bring_no_error_and_lower_no_score(lab: dict[str, Any]) -> None:
    there = read(study())[0]
    source, findings = read(lab)
    found = of_tables(source, "lab.xlsx", False, findings).proposals
    made = merge(there, found).tables
    assert not merge(made, found).of(State.FILLED)
    for table in there:
        then = made[table.sheet.name].frame
        assert all(v is None or then.at[r, n] == v for n in table.frame for r, v in table.frame[n].items())
    assert errors(made) <= errors(there)
    before, after = scored(there), scored(made)
    assert after.total >= before.total
    for part in ("modules", "archives", "readers"):
        old = {p.name: p.score for p in getattr(before, part)}
        assert all(p.score >= old.get(p.name, 0) for p in getattr(after, part))


HOSTILE: list[Any] = [
    '=HYPERLINK("http://example.org","x")',
    "#REF!",
    "x" * 32_000,
    "a\tb\nc",
    "a; b; a",
    "\u202eevil",
    10**15,
    True,
    "../../etc/passwd",
    "file: /etc/passwd",
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A facility's workbook whose cells hold what nobody should write there: one kind a row, and rows called alike."""
    path = tmp_path_factory.mktemp("lab") / "lab.xlsx"
    path.write_bytes(examples.workbook_bytes("light-microscopy-facility"))
    book: Any = openpyxl.load_workbook(path)
    for title in ("Image acquisition", "Organisations"):
        sheet = book[title]
        for n, value in enumerate(HOSTILE, 20):
            sheet.cell(n, 1).value = "Twice" if n % 2 else value
            for column in range(2, 12):
                sheet.cell(n, column).value = value
    book.save(path)
    return path


def test_hostile_defaults_are_listed_and_bring_no_error(hostile: Path, tmp_path: Path) -> None:
    known = pipeline.known([hostile])
    made = pipeline.fill(pipeline.blank("light"), known)
    assert made.merged.of(State.FILLED) and made.merged.unplaced
    assert all(e.why for e in made.merged.of(State.NOT_UNDERSTOOD))
    target = tmp_path / "study.xlsx"
    target.write_bytes(made.content)
    found = pipeline.check(pipeline.read(target), today=TODAY).findings
    assert {f.code for f in found if f.severity is Severity.ERROR} == {"FILE-DEFAULTS"}, found
