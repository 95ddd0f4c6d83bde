"""The one place where the rules of filling stand: the table of rules, rows, units, and what never happens."""

from __future__ import annotations

import os
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rembi_sheets.checks import check, check_submission
from rembi_sheets.fill import Confidence, Merged, Proposal, State, identity, merge
from rembi_sheets.findings import Severity
from rembi_sheets.schema import load
from rembi_sheets.submission import from_tables
from rembi_sheets.tables import OWN, Tables
from tests.support import STUDY
from tests.support import tables as read

SCHEMA = load()
RUNS = int(os.environ.get("REMBI_SHEETS_RANDOM", "8"))
READ, DERIVED, GUESS = Confidence


def proposal(
    sheet: str,
    key: tuple[str, ...] | None,
    column: str,
    value: Any,
    confidence: Confidence = READ,
    source: str = "one.xlsx",
) -> Proposal:
    return Proposal(sheet, key, column, value, source, "A1", confidence)


def with_rows(**sheets: Any) -> Tables:
    return read({**STUDY, **{k.replace("_", " "): v for k, v in sheets.items()}})[0]


def image(**cells: Any) -> Tables:
    return with_rows(**{"Image data": [{**STUDY["Image data"][0], **cells}]})


def states(merged: Merged) -> list[str]:
    return [e.state.value for e in merged.entries]


def cell(made: Tables, sheet: str, column: str, row: int = -1) -> Any:
    return made[sheet].frame[column].iloc[row]


# The table of the rules: what stands in the cell, what is proposed and how surely; what comes of it, what stands then
RULES = [
    ("", "Ada's thanks", READ, ["filled"], "Ada's thanks"),
    ("", "Ada's thanks", DERIVED, ["filled"], "Ada's thanks"),
    ("", "Ada's thanks", GUESS, ["questions"], None),
    ("Ada's thanks", "ada's  thanks", READ, ["confirmed"], "Ada's thanks"),
    ("Ada's thanks", "ada's thanks", DERIVED, ["confirmed"], "Ada's thanks"),
    ("Ada's thanks", "Ada's thanks", GUESS, [], "Ada's thanks"),
    ("Ada's thanks", "Eve's thanks", READ, ["differs"], "Ada's thanks"),
    ("Ada's thanks", "Eve's thanks", DERIVED, ["differs"], "Ada's thanks"),
    ("Ada's thanks", "Eve's thanks", GUESS, [], "Ada's thanks"),
]


@pytest.mark.parametrize(("typed", "proposed", "confidence", "wanted", "then"), RULES)
def test_the_table_of_the_rules(
    typed: str, proposed: str, confidence: Confidence, wanted: list[str], then: str | None
) -> None:
    study = {**STUDY["Study"], "Acknowledgements": typed}
    made = merge(with_rows(Study=study), [proposal("study", None, "acknowledgements", proposed, confidence)])
    assert states(made) == wanted
    assert cell(made.tables, "study", "acknowledgements") == then


def test_of_two_sources_that_differ_neither_is_taken_and_both_are_listed() -> None:
    one = proposal("study", None, "acknowledgements", "Thanks to Ada.")
    two = proposal("study", None, "acknowledgements", "Thanks to Eve.", source="two.xlsx")
    made = merge(with_rows(), [one, two])
    assert states(made) == ["differs", "differs"]
    assert [(e.value, e.found) for e in made.entries] == [(one.value, two.value), (two.value, one.value)]
    assert cell(made.tables, "study", "acknowledgements") is None


def test_of_two_sources_that_agree_one_fills_and_the_other_confirms() -> None:
    both = [proposal("study", None, "acknowledgements", "Thanks.", source=s) for s in ("one", "two")]
    assert states(merge(with_rows(), both)) == ["filled", "confirmed"]


def test_a_guess_beside_something_sure_is_left() -> None:
    sure = proposal("study", None, "acknowledgements", "Thanks.")
    guess = proposal("study", None, "acknowledgements", "None.", GUESS)
    assert states(merge(with_rows(), [guess, sure])) == ["filled"]


def test_accepted_guesses_fill() -> None:
    made = merge(with_rows(), [proposal("study", None, "acknowledgements", "T.", GUESS)], accept_guesses=True)
    assert states(made) == ["filled"]
    assert made.entries[0].proposal.confidence is GUESS


# Units

KEY = ("Organoid stacks",)


def pixels(x: str, unit: str, source: str = "a.czi") -> list[Proposal]:
    found = {"pixel_size_x": x, "pixel_size_unit": unit}
    return [proposal("image_data", KEY, column, value, source=source) for column, value in found.items()]


@pytest.mark.parametrize(
    ("x", "unit"), [("570", "nm"), ("0.57", "µm"), ("5700", "Å"), ("0.00057", "mm"), ("0.57", "um")]
)
def test_a_length_is_confirmed_in_any_unit(x: str, unit: str) -> None:
    there = image(**{"Pixel/voxel size - X": 0.57, "Pixel/voxel size unit": "µm"})
    assert states(merge(there, pixels(x, unit))) == ["confirmed", "confirmed"]


def test_another_length_differs_in_the_unit_of_the_row() -> None:
    there = image(**{"Pixel/voxel size - X": 0.57, "Pixel/voxel size unit": "µm"})
    made = merge(there, pixels("57", "nm"))
    assert next((e.state, e.value, e.found) for e in made.entries) == (State.DIFFERS, 0.057, 0.57)


def test_a_length_comes_into_the_unit_that_is_typed_already() -> None:
    made = merge(image(**{"Pixel/voxel size unit": "µm"}), pixels("570", "nm"))
    assert cell(made.tables, "image_data", "pixel_size_x") == Decimal("0.57")


def test_no_unit_is_put_to_a_number_of_another() -> None:
    made = merge(image(**{"Pixel/voxel size - X": 0.57}), pixels("570", "nm"))
    assert states(made) == ["differs", "questions"]
    assert cell(made.tables, "image_data", "pixel_size_unit") is None


def test_no_number_without_its_unit() -> None:
    made = merge(image(), pixels("570", "nm")[:1])
    assert states(made) == ["questions"]


def test_two_headers_in_two_units_agree() -> None:
    made = merge(image(), [*pixels("570", "nm"), *pixels("0.57", "µm", "b.czi")])
    assert sorted(states(made)) == ["confirmed", "confirmed", "filled", "filled"]
    assert cell(made.tables, "image_data", "pixel_size_x") == Decimal(570)


# Rows


def test_rows_are_matched_by_key_and_new_ones_go_below_the_last() -> None:
    made = merge(
        with_rows(),
        [
            proposal("organisations", ("example  INSTITUTE",), "ror_id", "00f54p054"),
            proposal("organisations", ("Second Institute",), "town", "Lyon"),
            proposal("organisations", ("Second Institute",), "country", "France"),
        ],
    ).tables["organisations"]
    assert made.frame["name"].tolist() == ["Example Institute", "Second Institute"]
    assert made.frame.index.tolist() == [6, 7]
    assert made.frame["country"].tolist()[-1] == "France"


def test_a_row_of_nothing_but_guesses_is_not_begun() -> None:
    made = merge(with_rows(), [proposal("organisations", ("Second",), "town", "Lyon", GUESS)])
    assert states(made) == ["questions", "questions"]
    assert len(made.tables["organisations"].frame) == 1
    assert made.entries[0].as_json()["cell"] == ""


def test_files_are_matched_by_their_path_alone() -> None:
    path = STUDY["Files"][0]["Path"]
    made = merge(with_rows(), [proposal("files", (path, "", "", ""), "checksum", "0" * 32)])
    rows = [r["Path"] for r in STUDY["Files"]]
    assert [e.row for e in made.entries] == [6 + n for n, p in enumerate(rows) if p == path]
    made = merge(with_rows(), [proposal("files", (path.upper(), "", "", ""), "checksum", "0" * 32)])
    assert made.tables["files"].frame["path"].tolist().count(path) == rows.count(path)


def test_files_are_found_by_plate_and_well_however_it_is_written() -> None:
    files = [{"Path": f"p1/{w}.tif", "Image data": KEY[0], "Plate": "P1", "Well": w} for w in ("A1", "A02", "B3")]
    for well, row in (("A01", 6), ("a2", 7), ("B03", 8)):
        made = merge(with_rows(Files=files), [proposal("files", ("", "p1", well, ""), OWN + "Dose", "5")])
        assert [(e.state, e.row) for e in made.entries if e.proposal.column == OWN + "Dose"] == [(State.FILLED, row)]
        assert len(made.tables["files"].frame) == 3


def test_a_row_that_says_less_is_completed_by_the_one_key_that_fits() -> None:
    files = [{"Path": "p1/a.tif", "Image data": KEY[0]}]
    one = proposal("files", ("p1/a.tif", "P1", "A1", ""), OWN + "Dose", "5")
    made = merge(with_rows(Files=files), [one])
    assert made.tables["files"].frame["well"].tolist() == ["A1"]
    two = proposal("files", ("p1/a.tif", "P1", "A2", ""), OWN + "Dose", "6")
    made = merge(with_rows(Files=files), [one, two])
    assert made.tables["files"].frame["path"].tolist().count("p1/a.tif") == 3 or not made.of(State.FILLED)


def test_a_row_that_stands_for_several_wells_is_one_row() -> None:
    wells = proposal("files", ("p1.ome.tif", "P1", "A1:B3; C4", ""), "image_data", KEY[0])
    made = merge(with_rows(), [wells])
    assert made.tables["files"].frame["well"].tolist()[-1] == "A1:B3; C4"
    assert not merge(made.tables, [wells]).of(State.FILLED)


def test_a_preprint_and_its_paper_of_one_title_are_two() -> None:
    found = [
        proposal("publications", ("Nuclei in organoids", doi), "journal", journal)
        for doi, journal in (("10.1101/2020.01.01.000001", "bioRxiv"), ("10.1038/s41586-020-0001-1", "Nature"))
    ]
    assert merge(with_rows(), found).tables["publications"].frame["journal"].tolist() == ["bioRxiv", "Nature"]


def test_references_are_spelled_as_the_sheet_has_them() -> None:
    people = [{k: v for k, v in STUDY["People"][0].items() if k != "Organisation"}]
    made = merge(
        with_rows(People=people), [proposal("people", ("Beispiel", "Ada"), "organisations", "example institute")]
    )
    assert cell(made.tables, "people", "organisations") == ("Example Institute",)


# What is refused


@pytest.mark.parametrize(
    ("sheet", "key", "column", "value"),
    [
        ("image_data", KEY, "size_x", "many"),
        ("image_data", KEY, "size_y", "-4"),
        ("image_data", KEY, "specimens", "Nobody"),
        ("people", ("Beispiel", "Ada"), "initials", "A\x07"),
        ("study", None, "empiar_release", "tomorrow"),
        ("study", None, "no_such_column", "x"),
        ("organisations", ("Example Institute",), "ror_id", "https://ror.org/00f54p055"),
        ("files", ("/etc/passwd", "", "", ""), "image_data", KEY[0]),
    ],
)
def test_what_the_check_would_refuse_is_listed_with_its_reason(sheet: str, key: Any, column: str, value: str) -> None:
    study = {k: v for k, v in STUDY["Study"].items() if k != "EMPIAR release"}
    data = [{k: v for k, v in STUDY["Image data"][0].items() if k not in ("Specimen",)}]
    there = with_rows(**{"Study": study, "Image data": data})
    made = merge(there, [proposal(sheet, key, column, value)])
    assert {e.state for e in made.entries} <= {State.NOT_UNDERSTOOD, State.CONFIRMED}
    assert all(e.why for e in made.of(State.NOT_UNDERSTOOD)) and made.of(State.NOT_UNDERSTOOD)


def test_a_sheet_or_row_that_cannot_be_told_is_listed() -> None:
    made = merge(with_rows(), [proposal("moon", ("a",), "b", "c"), proposal("people", None, "email", "a@b.org")])
    assert [u.value for u in made.unplaced] == ["a@b.org", "c"] and all(u.why for u in made.unplaced)


def test_a_finished_workbook_gets_no_row_that_lacks_something_but_one_in_the_making_does() -> None:
    lens = proposal("image_acquisition", ("Second microscope",), "instrument", "Spinning disk")
    begun = with_rows(People=[])
    assert State.FILLED in {e.state for e in merge(begun, [lens]).entries}


def test_a_new_row_whose_name_cannot_be_written_is_not_begun() -> None:
    someone = proposal("people", ("Bei\x97spiel", "Ada"), "email", "ada@example.org")
    made = merge(with_rows(People=[]), [someone])
    assert not made.of(State.FILLED)
    assert made.of(State.NOT_UNDERSTOOD)


# Whatever the workbook, whatever the proposals

_SHEETS = [
    s for s in SCHEMA.sheets if s.name in ("study", "organisations", "people", "image_data", "files", "channels")
]
_WORDS = st.sampled_from(
    ["", "Ada", "Beispiel", *KEY, "Example Institute", "12", "0.57", "nm", "µm", "uint8", "CC0", "yes", "A1", "P1"]
) | st.text(max_size=8)


@st.composite
def proposals(draw: Any) -> Proposal:
    sheet = draw(st.sampled_from(_SHEETS))
    size = len(identity(sheet))
    key = tuple(draw(st.lists(_WORDS, min_size=size, max_size=size))) if size else None
    names = [c.name for c in sheet.columns if not c.own] + ([OWN + "Dose"] if sheet.own else [])
    return Proposal(
        sheet.name,
        key,
        draw(st.sampled_from(names)),
        draw(_WORDS),
        draw(st.sampled_from("ab")),
        "",
        draw(st.sampled_from(Confidence)),
    )


@given(st.lists(proposals(), max_size=12), st.dictionaries(st.sampled_from(sorted(STUDY)), st.booleans(), max_size=4))
@settings(max_examples=RUNS, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
def test_nothing_typed_is_changed_twice_is_once_and_no_error_comes(
    found: list[Proposal], without: dict[str, bool]
) -> None:
    there = read({k: v for k, v in STUDY.items() if not without.get(k)})[0]
    once = merge(there, found)
    for table in there:
        then = once.tables[table.sheet.name].frame
        for name in table.frame.columns:
            for row, value in table.frame[name].items():
                assert value is None or then.at[row, name] == value
    again = merge(once.tables, found)
    assert not again.of(State.FILLED)
    for table in once.tables:
        assert table.frame.equals(again.tables[table.sheet.name].frame)
    assert _errors(once.tables) <= _errors(there) or _errors(there)


def _errors(there: Tables) -> int:
    """Errors of the cells and of the records: a workbook with any of them is still being filled in."""
    found = [*check(there, there.archives), *check_submission(from_tables(there), there.archives)]
    return sum(f.severity is Severity.ERROR for f in found)
