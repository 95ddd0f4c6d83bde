"""Method columns: in the data dictionary, in the workbook, on the records, and in what score counts."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest

from rembi_sheets import pipeline
from rembi_sheets.schema import CURRENT, Need, Origin, SchemaError, groups, load, select, with_methods
from rembi_sheets.schema.load import load_folder
from rembi_sheets.values import convert

HOME = Path(__file__).parents[1] / "rembi_sheets" / "schema" / CURRENT
METHODS = [c for s in load().sheets for c in s.columns if c.origin is Origin.METHOD]


def test_they_are_not_too_many_and_one_list_of_theirs_is_closed() -> None:
    lists = {c.list for c in METHODS if c.list}

    assert 79 <= len(METHODS) <= 95  # more would hide those that matter
    assert len(lists) >= 29
    assert {name for name in lists if load().lists[name].closed} == {"gain_correction"}


@pytest.mark.parametrize("c", METHODS, ids=lambda c: f"{c.sheet}.{c.name}")
def test_the_archives_that_take_the_text_take_the_value(c) -> None:
    sheet, _, name = c.into.partition(".")
    text = load()[sheet][name]

    for archive, target in c.archives.items():
        unused = text.need(archive) is Need.UNUSED
        assert target.need is (Need.UNUSED if unused else Need.OPTIONAL)
        assert bool(target.targets) is not unused


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('into = "specimens.preparation"', 'into = "specimens.preparations"', "goes into specimens.preparations"),
        ('into = "specimens.preparation"', 'into = "specimens.biosamples"', "which is no text"),
        ('phrase = "Buffer"', 'phrase = "blotting"', "has the phrase"),
        ('group = "sample"', 'group = "samples"', "no group is called samples"),
        ('group = "sample"', 'group = "grid"', "do not stand together"),
        ("[[column.specimens]]", "[[column.specimen]]", "no sheet is called specimen"),
        ('list = "fixative"', 'list = "fixer"', "no list is called fixer"),
        ('phrase = "Buffer"', 'phrase = "Buffer: pH"', "cannot hold"),
    ],
)
def test_the_loader_refuses_method_columns_that_do_not_fit(tmp_path: Path, old: str, new: str, message: str) -> None:
    folder = tmp_path / CURRENT
    shutil.copytree(HOME, folder)
    text = (folder / "methods.toml").read_text("utf-8")
    assert old in text
    (folder / "methods.toml").write_text(text.replace(old, new, 1), "utf-8")

    with pytest.raises(SchemaError, match=message):
        load_folder(folder, CURRENT)


@pytest.mark.parametrize("profile", [p.name for p in load().profiles])
def test_methods_are_shown_at_level_full_and_when_asked_for(profile: str) -> None:
    schema = load()

    def shown(chosen) -> set[str]:
        return {c.name for _, columns in chosen.sheets for c in columns if c.origin is Origin.METHOD}

    wanted = {c.name for c in METHODS if profile in c.profiles}
    essential, recommended, full = (select(schema, profile, (), level) for level in schema.levels)
    assert not shown(essential) and not shown(recommended)
    assert shown(full) <= wanted
    assert shown(with_methods(schema, recommended, ())) == shown(full)
    for group in groups(schema):
        assert shown(with_methods(schema, essential, [group])) == {c.name for c in METHODS if c.group == group}


def test_a_group_is_one_folded_outline_with_its_name_in_the_head() -> None:
    from openpyxl import load_workbook

    sheet = load_workbook(io.BytesIO(pipeline.blank("cryo", methods=())))["Specimens"]
    heads = {c.value: c for c in sheet[5]}
    dims = sheet.column_dimensions
    grid = [heads[c.label].column_letter for c in METHODS if c.sheet == "specimens" and c.group == "grid"]

    assert sheet[f"{grid[0]}2"].value == "Grid"
    assert not dims[grid[0]].hidden and dims[grid[0]].collapsed and dims[grid[0]].outlineLevel == 1
    assert all(dims[letter].hidden and dims[letter].outlineLevel == 2 for letter in grid[1:])


def test_ranges_are_cells_of_text() -> None:
    from openpyxl import load_workbook

    sheet = load_workbook(io.BytesIO(pipeline.blank("cryo", methods=["focus"])))["Image acquisition"]
    defocus = next(c for c in sheet[5] if c.value and "defocus" in str(c.value))

    assert sheet.column_dimensions[defocus.column_letter].outlineLevel == 1
    assert sheet.column_dimensions[defocus.column_letter].number_format == "@"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("serialem 4.1.8", "SerialEM 4.1.8"),
        ("Epu v3.2", "EPU v3.2"),
        ("Atlas 5", "Atlas 5"),
        ("My tool 2", "My tool 2"),
    ],
)
def test_software_is_known_with_its_version(typed: str, read: str) -> None:
    c = next(c for c in METHODS if c.name == "acquisition_software")

    assert convert(typed, c) == ((read,), ())


def test_values_stand_on_the_records_in_the_order_of_the_sheet() -> None:
    from decimal import Decimal

    from rembi_sheets import tables
    from rembi_sheets.records import Method
    from rembi_sheets.submission import from_tables
    from rembi_sheets.values import Range
    from tests.cases.harness import Editor

    editor = Editor("good")
    editor.apply(
        {
            "set": {
                "Image acquisition/Nominal defocus/1": "0.8–2 µm",
                "Image acquisition/Microscope/1": "titan krios",
                "Image acquisition/Camera or detector/1": "gatan k3; my camera",
                "Image acquisition/Accelerating voltage/1": "200 V",
            }
        }
    )
    read, _ = tables.from_book(editor.made(), load())
    record = from_tables(read).image_acquisition[0]

    assert record.methods == (
        Method("microscope", "FEI Titan Krios"),
        Method("nominal_defocus", Range(Decimal("0.8"), Decimal(2))),
        Method("detector", ("Gatan K3", "my camera")),
    )


def test_score_counts_a_method_for_its_readers_where_it_is_filled() -> None:
    from rembi_sheets import score, tables
    from tests.cases.harness import Editor

    def wholes(edits: dict[str, str]) -> list[float]:
        editor = Editor("good")
        editor.apply({"set": edits})
        read, _ = tables.from_book(editor.made(), load())
        return [part.whole for part in score.score(read, (), ()).readers]

    before = wholes({})
    after = wholes({"Image acquisition/Working distance/1": "4", "Specimens/Buffer and pH/1": "PBS, pH 7.4"})
    assert [b - a for a, b in zip(before, after, strict=True)] == [1, 1, 0]
