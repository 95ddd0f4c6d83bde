"""Groups are called so that people know which is which: folders, what a series has alike, a file that is alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rembi_sheets.harvest.folder import harvest
from rembi_sheets.harvest.naming import Called, Home, called, names
from tests.harvest import folders, written


@pytest.mark.parametrize(
    ("paths", "told"),
    [
        (["plate_01/a.tif", "plate_02/a.tif"], ("plate",)),
        (["day 1/a.tif", "day 1/b.tif", "day 2/a.tif"], ("day",)),
        (["2024-05-01/a.tif", "2024-05-12/a.tif"], ("2024-05",)),
        (["2024-05-01/a.tif", "2024-05-12/a.tif", "2025-01-01/a.tif"], ()),
        (["exp 3 rep 1/a.tif", "exp 3 rep 2/a.tif"], ("exp 3 rep",)),
        (["s1_01_ctrl/a.tif", "s2_02_ctrl/a.tif"], ("s_ctrl",)),
        (["run/A1/a.tif", "run/B12/a.tif"], ("run",)),
        (["run/1/a.tif", "run/2/a.tif"], ("run",)),
        (["p1/raw/a.tif", "p2/raw/a.tif"], ("p", "raw")),
        (["only 1/raw_2/a.tif", "only 1/raw_2/b.tif"], ("only 1", "raw_2")),
        (["a.tif", "b.tif"], ()),
        (["x/y/a.tif", "x/b.tif"], ("x",)),
    ],
)
def test_a_series_of_folders_is_called_by_what_all_have_alike(paths: list[str], told: tuple[str, ...]) -> None:
    home = Home(paths[0])
    for path in paths:
        home.add(path)
    assert home.folders == told


@pytest.mark.parametrize(
    ("groups", "made"),
    [
        ([Called(("ctrl", "images"), "TIFF")], ["images, TIFF"]),
        (
            [Called(("ctrl", "images"), "TIFF"), Called(("drug", "Images"), "TIFF"), Called(("drug",), "TIFF")],
            ["ctrl/images, TIFF", "drug/Images, TIFF", "drug, TIFF"],
        ),
        (
            [Called(("a", "x", "raw"), "CZI"), Called(("b", "x", "raw"), "CZI"), Called(("raw",), "CZI")],
            ["a/x/raw, CZI", "b/x/raw, CZI", "raw, CZI"],
        ),
        ([Called(("em",), "TIFF"), Called(("em",), "TIFF")], ["em, TIFF 1", "em, TIFF 2"]),
        ([Called(("em",), "TIFF"), Called(("em",), "TIFF", "overview.tif")], ["em, TIFF", "overview.tif"]),
        ([Called((), "MRC", "map.mrc"), Called((), "TIFF")], ["map.mrc", "TIFF"]),
        (
            [Called(("a",), "TIFF", "1.tif"), Called(("a",), "TIFF", "1.TIF"), Called(("b",), "CZI", "only.czi")],
            ["a, TIFF 1", "a, TIFF 2", "b, CZI"],
        ),
    ],
)  # fmt: skip
def test_what_would_be_called_alike_is_told_apart(groups: list[Called], made: list[str]) -> None:
    assert names(groups) == made


PIECE = st.sampled_from(["a", "A", "raw", "1", "2", "TIFF", "TIFF 1"])


@given(st.lists(st.builds(Called, st.lists(PIECE, max_size=3).map(tuple), st.sampled_from(["TIFF", "CZI"]), PIECE)))
def test_no_two_groups_are_called_alike(groups: list[Called]) -> None:
    made = [n.casefold() for n in names(groups)]
    assert len(set(made)) == len(groups) and all(made)


def test_a_name_is_the_same_whether_files_come_one_by_one_or_together() -> None:
    paths = ["e/day 1/a.czi", "e/day 2/b.czi"]
    assert called(paths, "CZI") == Called(("e", "day"), "CZI")
    assert called(paths[:1], "CZI") == Called(("e", "day 1"), "CZI", "a.czi")


def test_treated_and_control_are_not_called_by_numbers(tmp_path: Path) -> None:
    image = written.tiff()
    data = folders.lay(tmp_path, {f"{d}/images/{n}.tif": image for d in ("control", "treated") for n in (1, 2)})
    assert [g.name for g in harvest(data).groups] == ["control/images, TIFF", "treated/images, TIFF"]
