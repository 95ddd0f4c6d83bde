"""A name that IDR's files have no place for is named as lost; one that stands in them is not."""

from __future__ import annotations

import pytest

from rembi_sheets import archives
from tests import support
from tests.disk.made import check


def lost(sheets: dict[str, object]) -> set[tuple[str, str]]:
    built = archives.package("idr").build(support.submission(sheets), support.TODAY)
    return {(x.sheet, x.value) for x in built.losses if x.column == "Name" and x.went == "lost"}


IMAGES = ("Image data", "Organoid stacks")
ANALYSIS = ("Analysed data", "Cell tracking")


def analysed(name: str) -> dict[str, str]:
    return {"Name": name, "Image data": "Organoid stacks", "Analysis method and details": f"Way of {name}."}


def test_image_data_of_an_experiment_name_its_dataset() -> None:
    assert IMAGES not in lost(support.study())


def test_image_data_whose_files_all_name_another_dataset_lose_theirs() -> None:
    files = [{"Path": "a.tiff", "Image data": "Organoid stacks", "Dataset": "day 1"}]
    assert IMAGES in lost(support.study(Files=files))
    mixed = [*files, {"Path": "b.tiff", "Image data": "Organoid stacks"}]
    assert IMAGES not in lost(support.study(Files=mixed))


def test_image_data_of_a_screen_lose_their_name() -> None:
    wells = [{"Path": "p/A1.tiff", "Image data": "Organoid stacks", "Plate": "p", "Well": "A1"}]
    assert IMAGES in lost(support.study(Files=wells))


def test_a_lone_analysis_has_the_name_of_its_kind_and_two_have_their_own() -> None:
    assert ANALYSIS in lost(support.study(Analysed_data=[analysed("Cell tracking")]))
    two = [analysed("Cell tracking"), analysed("Counting")]
    assert ANALYSIS not in lost(support.study(Analysed_data=two))


@pytest.mark.parametrize(
    ("typed", "told"),
    [("Unknown", False), ("unknown", False), ("Παράδειγμα", True), ("王", True), ("Hériché", False), ("?", True)],
)
def test_a_last_name_without_letters_for_the_folder(typed: str, told: bool) -> None:
    person = {**support.STUDY["People"][0], "Last name": typed}
    assert ("IDR-LAST-NAME" in [f.code for f in check(support.study(People=[person]), None, "idr")]) is told
