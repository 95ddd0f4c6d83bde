"""Names of single models lead to their family, and are never told by its name."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rembi_sheets import vocabularies
from rembi_sheets.fill.compare import same
from rembi_sheets.schema import load
from rembi_sheets.values import convert

WITH_MODELS = [n for n in vocabularies.sources() if any("models" in e.extra for e in vocabularies.entries(n))]
MODELS = [
    (name, entry, model)
    for name in WITH_MODELS
    for entry in vocabularies.entries(name)
    for model in filter(None, entry.extra["models"].split("|"))
]
COLUMNS = {"instrument_model": "microscope", "detector_model": "detector"}


def test_both_lists_of_instruments_have_models() -> None:
    assert set(WITH_MODELS) == set(COLUMNS) and len(MODELS) > 100


@pytest.mark.parametrize("name", COLUMNS)
def test_a_model_keeps_its_name_however_it_is_spelled(name: str) -> None:
    for listed, entry, model in MODELS:
        if listed == name:
            for text in (model, model.upper(), model.replace(" ", "-"), f" {model} "):
                assert vocabularies.listed(text, name) == model, text
            assert vocabularies.resolve(model, name).entry == entry
            assert vocabularies.listed(entry.label, name) == entry.label


@pytest.mark.parametrize("name", COLUMNS)
def test_other_spellings_of_a_label_still_become_the_label(name: str) -> None:
    for entry in vocabularies.entries(name):
        models = {*filter(None, entry.extra["models"].split("|"))}
        for spelling in set(entry.synonyms) - models:
            assert vocabularies.listed(spelling, name) == entry.label


@pytest.mark.parametrize(("typed", "column", "read"), [
    ("Axiocam506m", "detector", ("Axiocam506m",)), ("K3; axiocam 503", "detector", ("Gatan K3", "Axiocam 503")),
    ("LSM710", "microscope", "LSM 710"), ("Titan Krios", "microscope", "FEI Titan Krios"),
    ("helios nanolab 650", "microscope", "Helios NanoLab 650"),
])  # fmt: skip
def test_a_typed_model_is_taken_without_a_word(typed: str, column: str, read: object) -> None:
    value, problems = convert(typed, load()["image_acquisition"][column])
    assert not problems and value in (read, (read,))
    each = read if isinstance(read, tuple) else (read,)
    name = load()["image_acquisition"][column].list
    assert all(vocabularies.listed(v, name) == v for v in each)


@pytest.mark.parametrize(("one", "other", "alike"), [
    ("ZEISS Axiocam", "Axiocam506m", True), ("Axiocam 506", "Axiocam-506", True), ("Axiocam 506", "Axiocam 503", False),
    ("Gatan K3", "K3", True), ("Gatan K3", "Gatan K2 Summit", False), ("ZEISS Axiocam", "Cam of mine", False),
    (("ZEISS Axiocam", "Gatan K3"), ("Axiocam 503", "Gatan K3"), True),
    (("Axiocam 506", "Gatan K3"), ("Axiocam 503", "Gatan K3"), False),
    (("ZEISS Axiocam",), ("Axiocam 503", "Gatan K3"), False), ("ZEISS Axiocam", ("Axiocam 503",), False),
])  # fmt: skip
def test_a_family_and_its_model_say_the_same(one: object, other: object, alike: bool) -> None:
    column = load()["image_acquisition"]["detector"]
    assert same(column, one, other) is alike and same(column, other, one) is alike  # type: ignore[arg-type]
    assert not same(load()["image_data"]["pixel_size_x"], Decimal(1), Decimal(2))
