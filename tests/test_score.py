"""Completeness: 0 for nothing, never lower for one more cell, for whom it suffices, and what would add most."""

from __future__ import annotations

import copy
import dataclasses
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rembi_sheets
from rembi_sheets import pipeline, vocabularies
from rembi_sheets import score as scoring
from rembi_sheets.report import scores
from rembi_sheets.schema import Layout, load
from rembi_sheets.score import Missing, Score, counting, rules, score
from tests import support, workbooks

ARCHIVES = load().archive_names
SCHEMA = load()


def scored(sheets: dict[str, Any]) -> Score:
    return score(support.tables(sheets)[0], ARCHIVES)


def test_nothing_scores_zero() -> None:
    empty = scored({})
    assert empty.total == 0
    assert {p.score for p in (*empty.modules, *empty.archives, *empty.readers)} == {0.0}


def test_readers_of_the_papers_first_figure_need_attributes_that_exist() -> None:
    known = {c.rembi for s in SCHEMA.sheets for c in s.columns}
    assert [r["title"] for r in rules()["reader"]] == ["Biologist", "Imaging scientist", "Computer-vision researcher"]
    for reader in rules()["reader"]:
        assert set(reader["attributes"]) <= known
        assert len(set(reader["attributes"])) == len(reader["attributes"])
    assert set(rules()["modules"]["counted"] + rules()["modules"]["if_used"]) == {k.split("/")[0] for k in known if k}


def test_a_module_score_follows_the_formula() -> None:
    """Study component: method and description are required (weight 3 each); one of two rows lacks its description."""
    sheets = support.study()
    sheets["Study components"].append({"Name": "Second", "Imaging method": "confocal microscopy"})
    part = {p.name: p for p in scored(sheets).modules}["Study component"]
    assert part.whole == 6
    assert part.score == round(100 * (3 * 1 + 3 * 0.5) / 6, 1)


def test_a_begun_correlation_has_a_score_but_takes_nothing_from_the_total() -> None:
    before = scored(support.study())
    sheets = support.study(Image_correlation=[{"Name": "Overlay", "Image data": "Organoid stacks"}])
    after = scored(sheets)
    assert "Image correlation" not in {p.name for p in before.modules}
    assert {p.name: p.score for p in after.modules}["Image correlation"] == 0
    assert after.total == before.total


RUNS = int(os.environ.get("REMBI_SHEETS_RANDOM", "10"))
EXAMPLES = [(s, c) for s in SCHEMA.sheets for c in s.columns if not c.own]


@settings(max_examples=RUNS, deadline=None)
@given(data=st.data())
def test_filling_a_missing_cell_never_lowers_a_score(data: st.DataObject) -> None:
    sheets = support.study()
    sheets["Biosamples"].append({"Identity": "Second"})
    for _ in range(data.draw(st.integers(0, 6))):  # a workbook of any state
        sheet, column = data.draw(st.sampled_from(EXAMPLES))
        if sheet.title in sheets:
            _fill(sheets, sheet, column, data.draw(st.integers(0, 1)))
    before = scored(sheets)
    more = copy.deepcopy(sheets)
    sheet, column = data.draw(st.sampled_from([e for e in EXAMPLES if e[0].title in sheets]))
    _fill(more, sheet, column, data.draw(st.integers(0, 1)))
    after = scored(more)
    assert after.total >= before.total
    for old, new in zip(before.archives + before.readers, after.archives + after.readers, strict=True):
        assert new.score >= old.score, (sheet.title, column.label, old, new)


def _fill(sheets: dict[str, Any], sheet: Any, column: Any, row: int) -> None:
    if sheet.layout is Layout.FORM:
        sheets[sheet.title].setdefault(column.label, column.example)
    else:
        rows = sheets[sheet.title]
        rows[row % len(rows)].setdefault(column.label, column.example)


def test_missing_cells_are_ranked_by_what_they_add_and_named_by_address() -> None:
    sheets = support.study()
    sheets["Biosamples"].append({"Identity": "Second", "Biological entity": "HeLa"})
    missing = scored(sheets).missing
    assert [m.gain for m in missing] == sorted((m.gain for m in missing), reverse=True)
    assert ("Biosamples", "Organism", ("C7",)) in {(m.sheet, m.column, m.cells) for m in missing}


def test_filling_what_is_ranked_first_gains_what_it_says() -> None:
    sheets = support.study()
    before = scored(sheets)
    first = next(m for m in before.missing if m.sheet == "Specimens" and m.column == "Experimental status")
    sheets["Specimens"][0]["Experimental status"] = "test"
    assert abs(scored(sheets).total - before.total - first.gain) < 0.11


def test_text_names_the_readers_and_csv_guards_formulas() -> None:
    made = scored(support.study())
    said = scores.text({"study.xlsx": made})
    assert "Computer-vision researcher" in said and "█" in said
    table = scores.as_csv({"=cmd.xlsx": made, "b.xlsx": made}).splitlines()
    assert table[1].startswith("'=cmd.xlsx,")
    assert len({line.count(",") for line in table}) == 1


def test_the_picture_is_well_formed_and_says_its_numbers_in_words() -> None:
    from lxml import etree

    made = scored(support.study())
    svg = etree.fromstring(scores.picture(made).encode())
    assert svg.get("role") == "img"
    assert f"REMBI in all {made.total:.0f} percent" in (svg.findtext("{*}desc") or "")


def test_a_blank_workbook_of_any_profile_scores_zero(tmp_path: Path) -> None:
    for profile in SCHEMA.profiles:
        path = tmp_path / f"{profile.name}.xlsx"
        path.write_bytes(workbooks.blank(profile.name))
        made = pipeline.score(rembi_sheets.read(path), today=support.TODAY)
        assert isinstance(made, Score)
        assert {made.total, *(p.score for p in (*made.modules, *made.archives, *made.readers))} == {0.0}


def test_files_found_on_disk_stand_beside_completeness() -> None:
    paths = [row["Path"] for row in support.STUDY["Files"]]
    made = score(support.tables(support.study())[0], ARCHIVES, disk={paths[0]: 1})
    assert (made.correctness["files_listed"], made.correctness["files_found"]) == (len(paths), 1)
    assert f"1 of {len(paths)} files found" in scores.text({"study.xlsx": made})
    assert "files_listed" not in scored(support.study()).correctness


# --- only what applies is asked for -----------------------------------------------------------------------------


def asked(sheets: dict[str, Any], archives: tuple[str, ...] = ARCHIVES) -> set[tuple[str, str]]:
    made = score(support.tables(sheets)[0], archives)
    return {(m.sheet, m.column) for m in made.missing}


DECLARED = [(s, c) for s in SCHEMA.sheets for c in s.columns if not c.asked or c.applies]


def test_what_steers_or_is_computed_is_never_asked_for() -> None:
    wanted = asked(support.study())
    assert not {(s.title, c.label) for s, c in DECLARED if not c.asked} & wanted
    assert len([c for _, c in DECLARED if not c.asked]) > 20


def test_words_of_conditions_are_words_of_their_lists() -> None:
    for sheet, column in ((s, c) for s in SCHEMA.sheets for c in s.columns):
        for when in (column.applies, *(t.when for t in column.archives.values())):
            if when and when.column:
                words = {e.label for e in vocabularies.entries(sheet[when.column].list)}
                assert set(when.has) <= words, (column.name, set(when.has) - words)


@pytest.mark.parametrize(("sheet", "column"), [(s, c) for s, c in DECLARED if c.applies and c.applies.column])
def test_a_column_is_asked_for_where_it_applies_and_where_nothing_says_yet(sheet: Any, column: Any) -> None:
    """Tilts of a tilt series, processing of a processed image, the state of a country that has states."""
    first = sheet.columns[0].label
    decides = sheet[column.applies.column]
    other = next(e.label for e in vocabularies.entries(decides.list) if e.label not in column.applies.has)
    for value, wanted in ((column.applies.has[0], True), (column.applies.has[-1], True), (other, False), (None, True)):
        sheets = {sheet.title: [{first: "One", decides.label: value}]}
        shares = shares_of(sheets, column.name)
        assert shares and all((share is not None) is wanted for share in shares), (value, column.label)
        sheets[sheet.title][0][column.label] = column.example
        assert all(share == 1 for share in shares_of(sheets, column.name))  # what is given counts everywhere


def shares_of(sheets: dict[str, Any], column: str) -> list[float | None]:
    """What of a column is filled in, for each archive that takes it; None where it applies to no row."""
    made = support.tables(sheets)[0]
    items = [i for a in ARCHIVES for i in scoring._archive_items(made, a) if i.name == column]
    shares = counting.shares(items)
    return [shares[i.key] for i in items]


def test_only_the_rows_a_column_applies_to_are_named_and_counted() -> None:
    tilts, processing = (SCHEMA["image_data"][name].label for name in ("tilts_views", "processing"))
    rows = [
        {"Name": name, "Type": kind, tilts: None, processing: None}
        for name, kind in (("A", "primary image"), ("B", "tilt series"), ("C", "processed image"), ("D", None))
    ]
    named = {m.column: m for m in scored(support.study(Image_data=rows)).missing if m.sheet == "Image data"}
    assert [cell[1:] for cell in named[tilts].cells] == ["7", "9"]
    assert [cell[-1:] for cell in named[processing].cells] == ["9"]  # C8:C9, one run


def test_what_a_profile_does_not_have_is_not_asked_of_it(tmp_path: Path) -> None:
    hidden = {(s.title, c.label) for s in SCHEMA.sheets for c in s.columns if c.profiles and "light" not in c.profiles}
    path = tmp_path / "study.xlsx"
    path.write_bytes(workbooks.blank("light"))
    workbook = rembi_sheets.read(path)
    made = pipeline.score(workbook, ARCHIVES, today=support.TODAY)
    assert isinstance(made, Score)
    demanded = {(s.title, c.label) for s in SCHEMA.sheets for c in s.columns if c.needed_by(ARCHIVES)}
    assert not {(m.sheet, m.column) for m in made.missing} & (hidden - demanded)


def test_a_column_that_is_not_there_comes_with_the_command_that_adds_it() -> None:
    missing = Missing("People", "ORCID", (), 2.0, "", absent=True)
    said = scores.text({"s.xlsx": dataclasses.replace(scored({}), missing=(missing,))})
    assert 'rembi-sheets add WORKBOOK COPY.xlsx --column "People: ORCID"' in said


@pytest.mark.parametrize("kind", ["micrographs", "tilt series", "focal pairs", "class averages", "picked particles"])
def test_flat_images_are_not_asked_for_depth_or_time(kind: str) -> None:
    labels = [SCHEMA["image_data"][n].label for n in ("size_z", "size_c", "size_t", "pixel_size_z")]
    rows = [{"Name": "A", "Type": kind, **dict.fromkeys(labels)}]
    assert not {m.column for m in scored(support.study(Image_data=rows)).missing if m.sheet == "Image data"} & set(
        labels
    )
