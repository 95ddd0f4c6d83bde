"""How a table of results finds its rows: by equal headings, their equivalents, joined ones; else nothing stops."""

from __future__ import annotations

import copy
import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from rembi_sheets.archives import package
from rembi_sheets.archives.idr.facts.joins import best, spelled, taken_apart
from rembi_sheets.submission import Submission
from tests.archives.idr.studies import RESULTS, SCREEN, files
from tests.support import STUDY, TODAY, submission

idr = package("idr")

ANALYSIS = {**SCREEN["Analysed data"][0], "Image data": "Organoid stacks"}


def experiment(table: str, links: list[str], described: list[str], rows: list[Mapping[str, Any]]) -> Submission:
    data = copy.deepcopy(STUDY)
    data["Analysed data"] = [ANALYSIS]
    data["Processed data columns"] = [
        {"Analysed data": "Mitotic index", "Column name": n, "Column type": "other", "Links to Files": "yes"}
        for n in links
    ] + [{"Analysed data": "Mitotic index", "Column name": n, "Column type": "other"} for n in described]
    for row, cells in zip(data["Files"], rows, strict=True):
        row.update(cells)
    return replace(submission(data), attachments={RESULTS: table.encode()})


def scores(found: Submission) -> list[str]:
    text = next(t for n, t in files(found).items() if n.endswith("-annotation.csv"))
    return [row.get("Score", "-") for row in csv.DictReader(io.StringIO(text))]


def codes(found: Submission) -> dict[str, str]:
    return {f.code: f.severity.value for f in idr.check(found, TODAY) if f.code.startswith(("IDR-LINK", "IDR-COL"))}


A, C = "Experimental Condition [Antibody]", "Experimental Condition [Compound]"
TWO = [{A: "anti-1", C: "x_1"}, {A: "anti-2", C: "x_2"}]
NAMES = ["organoid_01.tiff", "organoid_02.tiff"]


@pytest.mark.parametrize(
    ("header", "keys", "links", "rows"),
    [
        ("image_name", NAMES, ["image_name"], [{}, {}]),
        ("image_name", NAMES, ["Image Name"], [{}, {}]),
        ("ImageName", NAMES, ["ImageName"], [{}, {}]),
        ("Image_File", NAMES, ["Image File"], [{}, {}]),
        ("gene id", ["E1", "E2"], ["gene id"], [{"Gene Identifier": "E1"}, {"Gene Identifier": "E2"}]),
        ("Gene", ["TP", "MD"], ["Gene"], [{"Comment [Gene Symbol]": "TP"}, {"Comment [Gene Symbol]": "MD"}]),
        (f"{A}_{C}", ["anti-1_x_1", "anti-2_x_2"], [f"{A}_{C}"], TWO),
        (f"{A}\t{C}", ["anti-1\tx_1", "anti-2\tx_2"], [f"{A}_{C}"], TWO),
        ("Antibody_Compound", ["anti-1_x_1", "anti-2_x_2"], ["Antibody_Compound"], TWO),
        (
            "dataset_name\timage_name",
            [f"d\t{n}" for n in NAMES],
            ["Dataset Name_Image Name"],
            [{"Dataset": "d"}, {"Dataset": "d"}],
        ),
        ("Cell_Line_Dose", ["a_1", "b_2"], ["Cell_Line_Dose"], [{"Cell_Line_Dose": "a_1"}, {"Cell_Line_Dose": "b_2"}]),
    ],
)
def test_the_join_is_looked_for(header: str, keys: list[str], links: list[str], rows: list[Mapping[str, Any]]) -> None:
    table = f"{header}\tScore\n{keys[0]}\t1\n{keys[1]}\t2\n"
    found = experiment(table, links, ["Score"], rows)
    assert scores(found) == ["1", "2"]
    assert codes(found) in ({}, {"IDR-COLUMN-UNDESCRIBED": "note"})
    assert [f.code for f in idr.check(found, TODAY) if f.severity == "error"] == []


@pytest.mark.parametrize(
    ("header", "keys"),
    [
        ("Plate_Well", ["plate1_A01", "plate2_a2"]),
        ("plate_name\twell_name", ["plate1\tA1", "plate2\tA02"]),
        ("Plate_Well", ["plate1_A1", "plate2_A2"]),
    ],
)
def test_wells_are_joined_with_their_plates_in_any_spelling(header: str, keys: list[str]) -> None:
    data = copy.deepcopy(SCREEN)
    link = {"Column name": "Plate_Well", "Column type": "location", "Links to Files": "yes"}
    data["Processed data columns"] = [{"Analysed data": "Mitotic index", **link}]
    table = f"{header}\tScore\n{keys[0]}\t1\n{keys[1]}\t2\n"
    found = replace(submission(data), attachments={RESULTS: table.encode()})
    assert scores(found) == ["1", "", "", "2"]
    assert set(codes(found)) <= {"IDR-COLUMN-UNDESCRIBED"}


@pytest.mark.parametrize(
    ("links", "described", "wanted"),
    [
        (["Cell"], ["Score", "Volume"], "IDR-LINK-UNKNOWN"),
        (["Cell_Image Name"], ["Score", "Volume"], "IDR-LINK-UNKNOWN"),
        ([], ["Cell", "Score", "Volume"], "IDR-LINK-MISSING"),
    ],
)
def test_what_cannot_be_joined_is_said_and_stops_nothing(links: list[str], described: list[str], wanted: str) -> None:
    found = experiment("Cell\tScore\tVolume\n1\t1\t3\n2\t2\t4\n", links, described, [{}, {}])
    said = next(f for f in idr.check(found, TODAY) if f.code == wanted)
    assert said.severity == "warning" and "Score" in said.message and "Volume" in said.message
    assert [f.code for f in idr.check(found, TODAY) if f.severity == "error"] == []
    assert scores(found) == ["-", "-"]
    processed = next(t for n, t in files(found).items() if n.endswith("-processed.txt"))
    assert processed.splitlines()[1] == "1\t1\t3"


def test_a_linking_column_that_the_table_lacks_stops_nothing() -> None:
    found = experiment("Cell\tScore\n1\t1\n2\t2\n", ["Image Name"], ["Score"], [{}, {}])
    assert codes(found)["IDR-COLUMN-UNKNOWN"] == "warning"
    assert scores(found) == ["-", "-"]


def test_headings_are_taken_apart_from_the_longest_part() -> None:
    known = {"A": 1, "A_B": 2, "C": 3}
    assert taken_apart("A_B_C", known.get) == (2, 3)
    assert taken_apart("A_C", known.get) == (1, 3)
    assert taken_apart("A_D", known.get) == ()
    assert best("Well name", ["Score", "well"]) == 1
    assert spelled("Plate_Well", "p_1_b02") == "p_1_B2"


@pytest.mark.parametrize("sign", [";", ",", "\t"])
@pytest.mark.parametrize("heading", ["Image Name", '"Image Name"'])
def test_what_parts_the_cells_of_a_table_is_seen(sign: str, heading: str) -> None:
    table = "\n".join(sign.join(row) for row in ([heading, "Score"], [NAMES[0], "1"], [NAMES[1], "2"])) + "\n"
    found = experiment(table, ["Image Name"], ["Score"], [{}, {}])
    assert codes(found) == {} and scores(found) == ["1", "2"]
