"""LibreOffice opens, fills and saves the workbooks, and nothing is lost or changed."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rembi_sheets import pipeline
from rembi_sheets.schema import Kind, load, select
from rembi_sheets.workbook.layout import Plan, plan
from rembi_sheets.workbook.write import filled
from tests import workbooks
from tests.support import LONG, STUDY, TODAY, study, tables
from tests.workbook import office
from tests.workbook.xlsx import MAIN, Xlsx, bounds

SCHEMA = load()
TEMPLATES = Path(__file__).parents[2] / "templates"
# Opening and saving takes seconds each: the two with sheets that no other has, all of them in `make long`.
PROFILES = [p.name for p in SCHEMA.profiles] if LONG else ["screen", "correlative"]


@pytest.fixture(scope="module", autouse=True)
def _office() -> None:
    reason = office.missing()
    if reason and os.environ.get("CI") == "true":
        pytest.fail(f"CI must have LibreOffice: {reason}")
    if reason:
        pytest.skip(reason)


@dataclass
class Saved:
    """One workbook before and after LibreOffice saved it."""

    before: Path
    after: Path

    @property
    def xlsx(self) -> tuple[Xlsx, Xlsx]:
        return Xlsx(self.before.read_bytes()), Xlsx(self.after.read_bytes())


def _study() -> dict[str, Any]:
    """A study with twenty files, columns of its own, and a reference to nothing."""
    files = [
        {"Path": f"stacks/organoid_{n:02}.tiff", "Image data": "Organoid stacks", "Time": f"{n * 5}", "Gene": "SEPT2"}
        for n in range(20)
    ]
    files[7]["Image data"] = "Organoid stack"
    return study(Files=files)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Saved]:
    """Templates and one filled workbook, opened and saved."""
    folder = tmp_path_factory.mktemp("saved")
    books = {name: Saved(TEMPLATES / f"{name}.xlsx", folder / f"{name}.xlsx") for name in PROFILES}
    given, _ = tables(_study())
    path = folder / "study.xlsx"
    path.write_bytes(filled(SCHEMA, select(SCHEMA, "light"), given))
    books["filled"] = Saved(path, folder / "study-saved.xlsx")
    office.run([{"open": str(b.before), "save": str(b.after)} for b in books.values()])
    return books


@pytest.fixture(params=[*PROFILES, "filled"])
def book(request: pytest.FixtureRequest, saved: dict[str, Saved]) -> Iterator[Saved]:
    yield saved[request.param]


KEPT = 1000  # rows beyond the last filled one for which LibreOffice saves validations


def _validations(xlsx: Xlsx, title: str, last: int) -> dict[str, tuple[Any, ...]]:
    """Cell range, cut at row `last` -> what its validation says; LibreOffice writes out what is the default."""
    return {
        _cut(v.get("sqref"), last): (
            v.get("type", "none"),
            v.findtext(f"{MAIN}formula1") if v.get("type", "none") != "none" else None,
            v.get("errorStyle", "stop") if v.get("showErrorMessage") in ("1", "true") else None,
            v.get("promptTitle"),
            v.get("prompt"),
        )
        for v in xlsx.validations(title)
    }


def _cut(cells: str, last: int) -> str:
    first, _, end = cells.partition(":")
    letters, row = re.fullmatch(r"([A-Z]+)(\d+)", end).groups() if end else ("", "0")
    return f"{first}:{letters}{min(int(row), last)}" if end else first


def test_validations_are_kept(book: Saved) -> None:
    before, after = book.xlsx
    assert list(before.sheets) == list(after.sheets)
    for title in before.sheets:
        filled_rows = [int(r.get("r")) for r in before.sheets[title].iter(f"{MAIN}row")]
        last = max(filled_rows, default=0) + KEPT
        assert _validations(after, title, last) == _validations(before, title, last), title


def test_names_are_kept(book: Saved) -> None:
    before, after = book.xlsx
    for name, text in before.names.items():
        assert re.sub(r"['\s]", "", after.names[name]) == re.sub(r"['\s]", "", text)
    assert len(before.names) > 20


def test_conditional_formats_are_kept(book: Saved) -> None:
    before, after = book.xlsx
    for title in before.sheets:
        assert after.conditions(title) == before.conditions(title), title


def test_headings_values_and_hidden_sheets_are_kept(book: Saved) -> None:
    from rembi_sheets.workbook.read import read

    one, _ = read(book.before)
    other, findings = read(book.after)
    assert one is not None and other is not None and not findings
    assert other.meta == one.meta
    for a, b in zip(one.sheets, other.sheets, strict=True):
        assert (a.title, a.hidden) == (b.title, b.hidden)
        for n, row in enumerate(a.rows):
            again = list(b.rows[n]) if n < len(b.rows) else []
            assert list(again + [None] * (len(row) - len(again)))[: len(row)] == list(row), f"{a.title} row {n + 1}"


def test_check_says_the_same_of_the_saved_file(book: Saved) -> None:
    before, after = (
        [(f.code, f.sheet, f.addresses) for f in pipeline.check(pipeline.read(path), today=TODAY).findings]
        for path in (book.before, book.after)
    )
    assert before == after
    assert before


LAYOUT = plan(SCHEMA, select(SCHEMA, "correlative", SCHEMA.archive_names, "full"))


def _address(layout: Plan, title: str, label: str, row: int) -> str:
    sheet = next(s for s in layout.sheets if s.spec.title == title)
    f = next(f for f in sheet.fields if f.column.label == label)
    return f"B{f.number}" if sheet.form else f"{f.letter}{sheet.first_row + row}"


def _typed(layout: Plan, content: dict[str, Any]) -> list[list[str]]:
    """The steps of a person who fills in a study, choosing every single reference from its dropdown."""
    steps: list[list[str]] = []
    for sheet in layout.sheets:
        given = content.get(sheet.spec.title, [])
        for n, record in enumerate([given] if isinstance(given, dict) else given):
            for label, value in record.items():
                column = next(c for c in sheet.spec.columns if c.label == label)
                single = column.kind is Kind.REFERENCE and ";" not in str(value)
                text = value.isoformat() if isinstance(value, dt.date) else str(value)
                place = _address(layout, sheet.spec.title, label, n)
                steps.append(["pick" if single else "type", sheet.spec.title, place, text])
    # names first, then who refers to them
    return sorted(steps, key=lambda step: step[0] == "pick")


def test_a_workbook_filled_cell_by_cell_converts(tmp_path: Path) -> None:
    new = tmp_path / "new.xlsx"
    new.write_bytes(workbooks.blank("correlative", SCHEMA.archive_names, "full"))
    content = study(
        Study={"EMPIAR release": "HP - with the publication"},
        Image_acquisition=[{**STUDY["Image acquisition"][0], "Name": "MARCH1"}, {"Name": "1-2"}],
    )
    content["Image acquisition"][1] = {**STUDY["Image acquisition"][0], "Name": "1-2"}
    content["Image data"][0]["Image acquisition"] = "MARCH1"
    content["Image data"].append({**content["Image data"][0], "Name": "00123", "Image acquisition": "1-2"})
    content["Files"].append({"Path": "1E5", "Image data": "00123"})
    done = tmp_path / "done.xlsx"
    (said,) = office.run([{"open": str(new), "steps": _typed(LAYOUT, content), "save": str(done)}])
    assert ["MARCH1", "1-2"] in said  # the dropdown held what had just been typed in the other sheet
    workbook = pipeline.read(done)
    assert workbook.tables is not None
    frame = workbook.tables["image_data"].frame
    assert list(frame["name"]) == ["Organoid stacks", "00123"]
    assert list(frame["image_acquisition"]) == ["MARCH1", "1-2"]
    assert list(workbook.tables["files"].frame["path"])[-1] == "1E5"
    assert workbook.tables["study"].frame["release_date"].iloc[0] == dt.date(2027, 3, 1)
    made = pipeline.convert(workbook, today=TODAY)
    assert {name.split("/")[0] for name in made.files} == set(SCHEMA.archive_names), [
        (f.code, f.sheet, f.addresses) for f in made.findings if f.severity == "error"
    ]


def test_dropdowns_grow_over_gaps_and_survive_a_deleted_first_row(tmp_path: Path) -> None:
    new = tmp_path / "new.xlsx"
    new.write_bytes(workbooks.blank("correlative", SCHEMA.archive_names, "full"))
    here = _address(LAYOUT, "Image data", "Study component", 0)
    (said,) = office.run(
        [
            {
                "open": str(new),
                "steps": [
                    ["offered", "Image data", here],
                    ["type", "Study components", "A6", "First"],
                    ["offered", "Image data", here],
                    ["type", "Study components", "A9", "Fourth"],
                    ["offered", "Image data", here],
                    ["remove row", "Study components", "6"],
                    ["offered", "Image data", here],
                ],
                "save": str(tmp_path / "done.xlsx"),
            }
        ]
    )
    assert said == [[], ["First"], ["First", "Fourth"], ["Fourth"]]
    name = Xlsx((tmp_path / "done.xlsx").read_bytes()).names["names_study_components"]
    assert "#REF" not in name and {b[4] for b in bounds(name)} == {504}
