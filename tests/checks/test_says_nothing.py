"""Texts that lean on something else, in the words people use, and those that only look alike."""

import pytest

from rembi_sheets.values import is_ditto, is_elsewhere
from tests import support
from tests.disk.made import check


@pytest.mark.parametrize("text", ["ibid.", "Ibidem", "same as before", "the same as previous", "lo mismo", "同上"])
def test_the_cell_above(text: str) -> None:
    assert is_ditto(text)


@pytest.mark.parametrize(
    "text",
    [
        "same", "(the same)", "in the manuscript", "as in Fig. 3", "in Table S2", "like in S4", "Standard procedure",
        "following our usual protocol", "by routine methods", "according to the manufacturer's protocol",
        "per manufacturers instructions", "Meyer et al., 2018", "Lee and Park (2020a)", "siehe Methoden", "см. выше",
        "according to manufacturer", "per the manufacturer's recommendations", "see Table S1", "see SOP 12",
        "cf. protocol 4",        "Protocol available on request", "details are available upon reasonable request",
    ],
)  # fmt: skip
def test_another_place(text: str) -> None:
    assert is_elsewhere(text)


@pytest.mark.parametrize(
    "text",
    [
        "Fixed as in Meyer et al., 2018, for 10 min in 4 % PFA", "Standard M9 medium", "same-day fixation in PFA",
        "↑", "Zebrafish 2019", "in agarose", "Idaho", "routine haematoxylin and eosin stain", "Leica 2021",
    ],
)  # fmt: skip
def test_what_says_something(text: str) -> None:
    assert not is_ditto(text) and not is_elsewhere(text)


def test_names_and_own_columns_are_no_prose() -> None:
    specimen = {**support.STUDY["Specimens"][0], "Name": "Standard protocol"}
    image = {**support.STUDY["Image data"][0], "Specimen": "Standard protocol"}
    files = [{**row, "Orientation": "same"} for row in support.STUDY["Files"][:2]]
    found = check(support.study(Specimens=[specimen], Image_data=[image], Files=files), None)
    assert not [f for f in found if f.code in ("DITTO", "TEXT-ELSEWHERE")]
