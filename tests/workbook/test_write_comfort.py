"""What a person meets while filling in: rows that grow, sheets in an order in which each can be filled, nothing cut."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rembi_sheets import pipeline
from rembi_sheets.schema import Kind, load, select
from rembi_sheets.workbook.annotate import annotate
from rembi_sheets.workbook.layout import Plan, plan
from rembi_sheets.workbook.look import lines, look, shown_example
from rembi_sheets.workbook.sheets import example_lines
from rembi_sheets.workbook.valid import _unlisted, prompt
from rembi_sheets.workbook.write import filled
from tests import workbooks
from tests.support import study, tables
from tests.workbook import office
from tests.workbook.xlsx import MAIN, Xlsx

SCHEMA = load()
PROFILES = [p.name for p in SCHEMA.profiles]
LONG = "Cleared in a solution of benzyl alcohol, step by step, and mounted in agarose. " * 6


def layout(profile: str, level: str = "full") -> Plan:
    return plan(SCHEMA, select(SCHEMA, profile, SCHEMA.archive_names, level))


# Rows grow


@pytest.mark.parametrize("profile", PROFILES)
def test_no_row_that_is_typed_into_has_a_fixed_height(profile: str) -> None:
    """Excel keeps the height of a row that the file calls custom, and of all rows when it calls the default so."""
    given, _ = tables(study(Specimens=[{"Name": "Cleared", "Biosample": "HeLa", "Preparation method": LONG}]))
    selection = select(SCHEMA, profile)
    shown = plan(SCHEMA, selection).sheets
    tables_only = [s for s in shown if not s.form]  # the form of a filled workbook has further lines
    for content, sheets in ((workbooks.blank(profile), shown), (filled(SCHEMA, selection, given), tables_only)):
        xlsx = Xlsx(content)
        for sheet in sheets:
            root = xlsx.sheets[sheet.spec.title]
            (default,) = root.iter(f"{MAIN}sheetFormatPr")
            assert default.get("customHeight") in (None, "0"), sheet.spec.title
            for row in root.iter(f"{MAIN}row"):
                number = int(row.get("r"))
                if number >= sheet.first_row and number not in sheet.sections:
                    assert row.get("customHeight") in (None, "0"), (sheet.spec.title, number)


@pytest.mark.skipif(bool(office.missing()), reason=office.missing())
def test_rows_grow_as_text_is_typed_also_in_the_marked_copy(tmp_path: Path) -> None:
    path, marked = tmp_path / "study.xlsx", tmp_path / "marked.xlsx"
    path.write_bytes(workbooks.filled("light"))
    checked = pipeline.check(pipeline.read(path))
    marked.write_bytes(annotate(path.read_bytes(), checked.findings))
    shown = {s.spec.title: s for s in layout("light", "recommended").sheets}
    wrapped = shown["Specimens"].by_name["preparation"]
    description = shown["Study"].by_name["study_description"]
    cells = [("Specimens", wrapped.letter, 8), ("Study", "B", description.number)]
    steps = []
    for sheet, letter, row in cells:
        steps += [["height", sheet, row], ["type", sheet, f"{letter}{row}", LONG * 3], ["height", sheet, row]]
    jobs = [{"open": str(p), "save": [], "steps": steps} for p in (path, marked)]
    for before, after, form_before, form_after in office.run(jobs):
        assert before < 20 and after > 8 * before
        assert form_after > 2 * form_before


# Words of lists


@pytest.mark.skipif(bool(office.missing()), reason=office.missing())
def test_an_accepted_spelling_is_not_shown_as_a_stranger(tmp_path: Path) -> None:
    path = tmp_path / "study.xlsx"
    path.write_bytes(workbooks.blank("light"))
    shown = {s.spec.title: s for s in layout("light", "recommended").sheets}
    words = {
        ("Study components", "imaging_methods"): {
            "Light-Sheet Fluorescence Microscopy": False,
            "lightsheet fluorescence microscopy": False,
            "FBbi:00000369": False,
            "some new microscopy": True,
        },
        ("Biosamples", "organisms"): {"mus musculus": False, "mouse": False, "Mus musculos": True},
        ("Biosamples", "biological_entities"): {"hela cells": False, "fibroblasts": False, "Fibroblsts": True},
        ("Image data", "file_format"): {"OME TIFF": False, "ometiff": False, "tiffs": False, "scroll": True},
    }
    steps: list[list[str]] = []
    expected = []
    for (title, name), cases in words.items():
        f = next(f for f in shown[title].fields if f.column.name == name)
        for word, italic in cases.items():
            steps += [["type", title, f"{f.letter}6", word], ["evaluate", title, _unlisted(shown[title], f)]]
            expected.append(italic)
    (said,) = office.run([{"open": str(path), "save": [], "steps": steps}])
    assert said == expected, [step[3] for step in steps[::2]]


def test_dialogs_name_no_button_that_another_program_lacks() -> None:
    """Excel offers Yes and No, or Retry; LibreOffice OK and Cancel."""
    for name, text in look().words.items():
        if name.startswith("error_"):
            assert not re.search(r"\b(Yes|No|Retry|Cancel|OK)\b", text), name


# Order


@pytest.mark.parametrize("profile", PROFILES)
def test_a_cell_that_refers_to_a_later_sheet_says_so(profile: str) -> None:
    order = [s.spec.name for s in layout(profile).sheets]
    later = set()
    for sheet in layout(profile).sheets:
        for f in sheet.fields:
            c = f.column
            if c.kind is Kind.REFERENCE and order.index(c.reference) > order.index(sheet.spec.name):
                later.add((sheet.spec.name, c.name))
                assert f"come from {SCHEMA[c.reference].title}" in prompt(f)[1].replace("\n", " ")
            elif c.kind is Kind.REFERENCE:
                assert not f.after
    assert later <= {("channels", "image_data")}  # and that one is for few: empty means all image data


@pytest.mark.parametrize("profile", PROFILES)
def test_sheets_of_one_group_stand_together(profile: str) -> None:
    groups = [s.spec.group for s in layout(profile).sheets]
    runs = [g for n, g in enumerate(groups) if n == 0 or groups[n - 1] != g]
    assert len(runs) == len(set(runs))


# Nothing cut


@pytest.mark.parametrize("profile", PROFILES)
def test_examples_fit_their_cells(profile: str) -> None:
    size = look().font["help"]
    for sheet in layout(profile).sheets:
        if sheet.form:
            continue
        room = example_lines(sheet)
        assert room <= look().height["example_lines"]
        for f in sheet.fields:
            assert lines(shown_example(f.example, f.column), f.width, size) <= room, (sheet.spec.title, f.column.label)


def test_the_steps_of_read_me_fit_a_small_screen() -> None:
    words, wide = look().words, look().width["readme"]
    for name, text in words.items():
        if re.match(r"step_|legend_|state_", name):
            bold = name in ("legend_required", "legend_conditional", "state_twice")
            size = look().font["text" if name.startswith("legend_") else "purpose"]
            assert lines(f"●  {text}" if "legend" in name else text, wide["steps"], size, bold=bold) == 1, name
    columns = [wide["spine"], wide["group"], wide["sheet"], wide["row"], wide["rows"], wide["gap"], wide["steps"]]
    all_archives = [*columns, *[wide["archive"]] * len(SCHEMA.archives)]
    assert sum(w * 7 + 5 + 5 for w in all_archives) * 1.03 < 1366 - 40 - 20
    for sheet in SCHEMA.sheets:
        assert lines(re.split("[;:]", sheet.row)[0], wide["row"], look().font["purpose"]) == 1, sheet.title


# Examples by profile


def test_a_row_of_examples_is_known_whatever_the_profile() -> None:
    from rembi_sheets.checks import habits

    for profile in ("", *PROFILES):
        sheet = SCHEMA["image_acquisition"]
        row = {c.label: c.example_for(profile) for c in sheet.columns if c.name in ("name", "instrument", "parameters")}
        given, _ = tables(study(Image_acquisition=[row, {"Name": "Own", "Instrument attributes": "Own"}]))
        found = habits.check_cells(given["image_acquisition"])
        assert [(f.code, f.addresses) for f in found] == [("EXAMPLE-ROW", ("A6",))], profile


def test_examples_are_of_the_kind_of_study() -> None:
    krios = {f.column.name: f.example for f in layout("cryo").by_name["image_data"].fields}
    assert krios["pixel_size_unit"] == "Å" and krios["file_format"] == "MRC"
    texts = " ".join(f.example for s in layout("cryo").sheets for f in s.fields)
    assert "kidney" not in texts and "488 nm" not in texts
    for profile in PROFILES:
        first = SCHEMA.profile(profile).first["length_unit"][0]
        assert layout(profile).by_name["image_data"].by_name["pixel_size_unit"].example == first
