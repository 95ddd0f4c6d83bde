"""Plate, well and field by the names of each system, and nothing for names that only look like them."""

from __future__ import annotations

import pytest

from rembi_sheets.harvest.screens import Spot, spots

NAMES = [
    (
        "P7__2024-01-02T10_00_00-Measurement 1/Images/r02c12f03p01-ch1sk1fk1fl1.tiff",
        "P7__2024-01-02T10_00_00-Measurement 1/Images/r16c24f01p01-ch2sk1fk1fl1.tiff",
        ("P7", "B12", "03"),
        ("P7", "P24", "01"),
    ),
    ("run/P7/002012003.flex", "run/P7/016024000.flex", ("P7", "B12", "003"), ("P7", "P24", "000")),
    (
        "P7/AssayPlate_Greiner_B02_T0001F003L01A01Z01C01.tif",
        "P7/AssayPlate_Greiner_P24_T0001F001L01A02Z01C02.tif",
        ("P7", "B2", "003"),
        ("P7", "P24", "001"),
    ),
    (
        "P7/B - 2(fld 3 wv DAPI - DAPI).tif",
        "P7/P - 24(fld 1 wv Cy5 - Cy5).tif",
        ("P7", "B2", "3"),
        ("P7", "P24", "1"),
    ),
    (
        "P7/data/B2--W00026--P00003--Z00000--T00000--DAPI.tif",
        "P7/data/P24--W00384--P00001--Z00000--T00000--DAPI.tif",
        ("P7", "B2", "00003"),
        ("P7", "P24", "00001"),
    ),
    (
        "P7/TimePoint_1/exp_B02_s3_w1AB12.tif",
        "P7/TimePoint_1/exp_P24_s1_w2AB12.TIF",
        ("P7", "B2", "3"),
        ("P7", "P24", "1"),
    ),
    ("P7/B2-Site_3.ome.tif", "P7/P24-Site_1.ome.tif", ("P7", "B2", "3"), ("P7", "P24", "1")),
]


@pytest.mark.parametrize(("one", "other", "first", "second"), NAMES, ids=lambda v: v if isinstance(v, str) else "")
def test_names_of_a_system(one: str, other: str, first: tuple[str, str, str], second: tuple[str, str, str]) -> None:
    found = spots([one, other])
    assert [(s.plate, s.well, s.field) for s in found.values()] == [first, second]


def test_plates_of_one_experiment_are_told_apart_by_their_numbers() -> None:
    """MetaXpress: experiment, day, number of the plate. The same wells are on each of them."""
    paths = [f"Exp 5/2024-02-03/{n}/exp_A01_s{s}_w1AB12CD34-0000.tif" for n in (1181, 1182) for s in (1, 2)]
    assert [s.plate for s in spots(paths).values()] == ["Exp 5 1181", "Exp 5 1181", "Exp 5 1182", "Exp 5 1182"]
    within = [p.partition("/")[2] for p in paths]
    assert {s.plate for s in spots(within, "Exp 5").values()} == {"Exp 5 1181", "Exp 5 1182"}
    assert {s.plate for s in spots(within[:2], "Exp 5").values()} == {"Exp 5"}  # the only one


def test_one_other_name_among_them_and_it_is_no_screen() -> None:
    assert spots([NAMES[6][0], NAMES[6][1], "P7/overview.tif"]) == {}
    assert spots([NAMES[6][0]]) == {}
    assert spots(["control/B12_s3.tif", "control/cells.tif"]) == {}


def test_rows_behind_z_have_two_letters() -> None:
    paths = [f"P/Images/r{row:02}c01f01p01-ch1sk1fk1fl1.tiff" for row in (26, 27, 32)]
    assert [s.well for s in spots(paths).values()] == ["Z1", "AA1", "AF1"]
    assert isinstance(spots(paths)[paths[0]], Spot)
