"""What facilities hand out: the two worked examples, no studies, are right and do what the page for facilities says."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rembi_sheets import examples, pipeline
from rembi_sheets.cli import cli
from rembi_sheets.fill import State
from rembi_sheets.submission import from_tables
from rembi_sheets.workbook import read as reader
from tests import workbooks
from tests.support import TODAY

ROOT = Path(__file__).parents[1]
_spec = importlib.util.spec_from_file_location("build_examples", ROOT / "tools" / "build_examples.py")
assert _spec and _spec.loader
builder = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(builder)
NAMES = builder.defaults()


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in args])


def test_there_are_two_and_they_are_no_studies() -> None:
    assert examples.defaults() == NAMES == ("cryo-em-facility", "light-microscopy-facility")
    assert not set(NAMES) & set(examples.names())
    listed = run("examples", "list").stdout
    assert all(name in listed for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_workbook_is_the_one_built_from_its_tables(name: str, tmp_path: Path) -> None:
    made = []
    for content in (examples.workbook_bytes(name), builder.build(name)):
        (tmp_path / "lab.xlsx").write_bytes(content)
        book, findings = reader.read(tmp_path / "lab.xlsx")
        assert book is not None and not findings
        made.append([(s.title, list(s.rows)) for s in book.sheets])
    assert made[0] == made[1]


@pytest.mark.parametrize("name", NAMES)
def test_it_holds_defaults_alone_each_in_its_right_words(name: str, tmp_path: Path) -> None:
    lab = tmp_path / "lab.xlsx"
    lab.write_bytes(builder.build(name))
    checked = pipeline.check(pipeline.read(lab), today=TODAY)
    assert [f.code for f in checked.findings] == ["FILE-DEFAULTS"]
    tables = checked.workbook.tables
    assert tables is not None and tables.archives == examples.info(name).archives
    methods = [c.name for c in tables["image_acquisition"].sheet.columns if c.group]
    assert tables["image_acquisition"].frame[methods].notna().any(axis=1).all(), "method columns in each row"


@pytest.mark.parametrize("name", NAMES)
def test_a_new_workbook_has_all_of_it_and_only_what_is_used_is_judged(name: str, tmp_path: Path) -> None:
    lab = tmp_path / "lab.xlsx"
    lab.write_bytes(builder.build(name))
    known = pipeline.known([lab])
    made = pipeline.fill(workbooks.blank(examples.info(name).profile), known)
    assert {e.state for e in made.merged.entries} == {State.FILLED} and not made.merged.unplaced
    study = tmp_path / "study.xlsx"
    study.write_bytes(made.content)
    handed = pipeline.read(study)
    assert [f.code for f in pipeline.check(handed, today=TODAY).findings] == ["FILE-DEFAULTS"]
    again = pipeline.fill(made.content, known)
    assert again.content == made.content and not again.merged.of(State.FILLED)
    assert handed.tables is not None
    rows = from_tables(handed.tables).image_acquisition
    assert len(rows) > 2 and all(row.name for row in rows)
