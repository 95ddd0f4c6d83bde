"""The examples and templates as they were released: checked, converted, migrated, and converted to the same."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from rembi_sheets import examples, pipeline
from rembi_sheets.findings import Severity
from rembi_sheets.schema import load

HERE = Path(__file__).parent
EXAMPLES = sorted(p.parent for p in HERE.glob("*/examples/*/example.toml"))
TEMPLATES = sorted(HERE.glob("*/templates/*.xlsx"))
DAY = dt.date(2026, 11, 22)

# Version, example, file -> what a mended fault changed there: what stood there, what stands there now, and why.
MENDED = {
    ("1.0", "apo-ferritin", "empiar/entry.xml"): ("&#39;", "'", "an apostrophe needs no other spelling in text"),
}
_CELLS = re.compile(r"\([A-Z]{1,3}\d+(?:[:,; ]+[A-Z]{1,3}\d+)*\)")


def _id(path: Path) -> str:
    return path.relative_to(HERE).as_posix()


def _outputs(workbook: pipeline.Workbook, home: Path) -> dict[str, bytes]:
    """The files of a conversion but for the record of it."""
    made = pipeline.convert(workbook, examples.info(workbook.path.stem).archives, today=DAY)
    assert not [f for f in made.findings if f.severity is Severity.ERROR]
    pipeline.write(made, home)
    return _tree(home)


def _tree(home: Path) -> dict[str, bytes]:
    files = (p for p in home.rglob("*") if p.is_file() and p.name != "conversion.json")
    return {p.relative_to(home).as_posix(): p.read_bytes() for p in files}


def _elsewhere(name: str, content: bytes) -> bytes:
    """A guide with its addresses left out: a column of a copy may stand at another letter."""
    return _CELLS.sub("()", content.decode()).encode() if name.endswith("NEXT-STEPS.md") else content


@pytest.mark.parametrize("example", EXAMPLES, ids=_id)
def test_an_old_example_converts_as_ever_and_so_does_its_migrated_copy(example: Path, tmp_path: Path) -> None:
    name, version = example.name, example.parents[1].name
    before, after = tmp_path / "before" / f"{name}.xlsx", tmp_path / "after" / f"{name}.xlsx"
    for home in (before.parent, after.parent):
        home.mkdir()
        for path, content in examples.data_files(name).items():
            (home / path).parent.mkdir(parents=True, exist_ok=True)
            (home / path).write_bytes(content)
    before.write_bytes((example / f"{name}.xlsx").read_bytes())
    old = pipeline.read(before)
    made = _outputs(old, tmp_path / "made")

    expected = _tree(example / "expected")
    for file in expected:
        was, now, _why = MENDED.get((version, name, file), ("", "", ""))
        if was:
            assert made[file] != expected[file], "this difference is no more"
            expected[file] = expected[file].decode().replace(was, now).encode()
    assert made == expected
    today = _tree(Path(__file__).parents[2] / "examples" / name / "expected")
    assert sorted(made) == sorted(today)

    migrated = pipeline.migrate(old)
    assert migrated is not None and migrated.new == load().version and not migrated.left
    after.write_bytes(migrated.content)
    copy = pipeline.read(after)
    assert copy.tables is not None and copy.tables.way is None
    again = _outputs(copy, tmp_path / "again")
    assert {n: _elsewhere(n, c) for n, c in again.items()} == {n: _elsewhere(n, c) for n, c in made.items()}


@pytest.mark.parametrize("template", TEMPLATES, ids=_id)
def test_an_old_template_is_blank_still_and_migrates_to_one_of_today(template: Path, tmp_path: Path) -> None:
    old = pipeline.read(template)
    assert old.tables is not None and old.tables.blank
    migrated = pipeline.migrate(old)
    assert migrated is not None and not (migrated.over or migrated.left or migrated.valued)
    (tmp_path / template.name).write_bytes(migrated.content)
    copy = pipeline.read(tmp_path / template.name)
    assert copy.tables is not None and copy.book is not None and copy.tables.blank and not copy.findings
    assert copy.book.meta["schema version"] == load().version
    assert {t.sheet.name for t in old.tables if t.columns} <= {t.sheet.name for t in copy.tables if t.columns}
