"""Plates below each other, each with a line that names it; one plate that is named above its table."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from rembi_sheets.fill.joins import resolved
from rembi_sheets.fill.merge import merge
from rembi_sheets.fill.model import State
from rembi_sheets.fill.sources import Known, Maps, recognised
from rembi_sheets.fill.sources.table.mapfile import written
from rembi_sheets.plates.wells import name
from rembi_sheets.tables import Tables
from tests.support import STUDY
from tests.support import tables as read

WELLS = [name((r, c)) for r in range(1, 5) for c in range(1, 7)]
PLATES = ("P1", "P2", "17")
Said = dict[tuple[str, str], object]


@cache
def workbook() -> Tables:
    rows = [
        {"Image data": "Organoid stacks", "Path": f"{p}/{w}.tif", "Plate": p, "Well": w} for p in PLATES for w in WELLS
    ]
    return read({**STUDY, "Files": rows})[0]


def filled(known: Known) -> tuple[Said, list[str]]:
    said, left = resolved(workbook(), known.proposals, known.joins)
    made = merge(workbook(), said)
    frame = workbook()["files"].frame
    at = {row: (str(p), str(w)) for row, p, w in zip(frame.index, frame["plate"], frame["well"], strict=True)}
    out: Said = {at[e.row]: e.value for e in made.of(State.FILLED) if e.row is not None and e.row in at}
    untold = [e.why for e in made.entries if e.state in (State.NOT_UNDERSTOOD, State.DIFFERS)]
    return out, [u.why for u in (*known.unplaced, *left, *made.unplaced)] + untold


def rows(plate: str) -> str:
    return "".join(f"{w},{plate}-{w}\n" for w in WELLS)


def stacked(before: str, head: str = "Well,Compound\n", once: str = "", after: str = "") -> str:
    """`before`: the line that names a plate; `head`: headings of each part; `once`: headings above all of them."""
    return once + "".join(before.format(p) + head + rows(p) + after for p in PLATES)


SHAPES = {
    "named above each": stacked("Plate,{}\n"),
    "with a colon": stacked("Plate:,{}\n\n", after="\n"),
    "in one cell": stacked("Plate ID: {}\n"),
    "another word": stacked("Barcode,{}\n"),
    "with notes between": stacked("Plate,{}\nRead,2024-05-01\nBy reader 3\n", after="\n"),
    "headings once": stacked("Plate,{}\n", "", "Well,Compound\n"),
    "an unknown heading": stacked("Plate,{}\n", "Well,Sticker\n"),
    "notes above all": stacked("Plate,{}\n", once="Screen 12\nBy foo\n\n"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_each_row_is_one_of_the_plate_above_it(shape: str, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(SHAPES[shape], encoding="utf-8")
    known = recognised(tmp_path / "x.csv")
    said, told = filled(known)
    assert said == {(p, w): f"{p}-{w}" for p in PLATES for w in WELLS}
    assert not told
    again = recognised(tmp_path / "x.csv", maps=Maps(written(known.maps).encode()))
    assert filled(again)[0] == said


def test_one_plate_named_above_its_table(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("Screen,S1\nPlate,P2\n\nWell,Compound\n" + rows("P2"))
    assert filled(recognised(tmp_path / "x.csv"))[0] == {("P2", w): f"P2-{w}" for w in WELLS}


@pytest.mark.parametrize(
    "text",
    [
        "Plate,Treatment\nP1,DMSO\nP2,Drug\n17,Other\n",  # a table of plates, no labels
        "Plate,Well,Compound\n" + "".join(f"P1,{w},x\n" for w in WELLS),
        "Plate,P9\nPlate,Well,Compound\n" + "".join(f"P1,{w},x\n" for w in WELLS),  # its own column counts
    ],
)
def test_a_column_of_plates_is_none_of_labels(text: str, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(text)
    known = recognised(tmp_path / "x.csv")
    assert [m.of("plate") is not None for m in known.maps] == [True]
    aim = known.maps[0].of("plate")
    assert aim is not None and aim.number == 1
