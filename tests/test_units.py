"""Lengths: exact, by any usual spelling of the unit, and refused where a symbol means several things."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rembi_sheets import derive, units, vocabularies
from rembi_sheets.records import ImageData

LABELS = [e.label for e in vocabularies.entries("length_unit")]


@pytest.mark.parametrize(
    ("value", "unit", "angstrom"),
    [
        ("1.7", "Å", "1.7"),
        ("65", "nm", "650"),
        ("0.57", "µm", "5700"),
        ("0.57", "um", "5700"),
        ("0.57", "μm", "5700"),
        ("2", "microns", "20000"),
        ("0.001", "mm", "10000"),
        ("15.97", "nanometre", "159.7"),
    ],
)
def test_a_length_in_angstrom_is_exact(value: str, unit: str, angstrom: str) -> None:
    assert units.angstrom(Decimal(value), unit) == Decimal(angstrom)


@pytest.mark.parametrize("unit", ["A", "m", "M", "MM", "Mm", "NM", "pixel", "px", "", "inch"])
def test_a_symbol_that_is_ambiguous_or_no_length_is_refused(unit: str) -> None:
    assert units.factor(unit) is None
    assert units.convert(Decimal(1), unit, "nm") is None


@given(st.decimals("0.000001", "1000000", allow_nan=False, places=6), st.sampled_from(LABELS), st.sampled_from(LABELS))
def test_there_and_back_is_the_same(value: Decimal, unit: str, other: str) -> None:
    there = units.convert(value, unit, other)
    assert there is not None
    assert units.convert(there, other, unit) == value


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("15 x 12 x 8.719 µm", ("150000", "120000", "87190")),
        ("15 µm × 12 µm", ("150000", "120000")),
        ("10 nm", ("100",)),
        ("20x magnification", None),
        ("15 x 12", None),
        ("15 x 12 px", None),
    ],
)
def test_sizes_in_words(text: str, found: tuple[str, ...] | None) -> None:
    assert units.lengths(text) == (None if found is None else tuple(map(Decimal, found)))


def test_a_size_is_computed_from_extents_and_pixel_size() -> None:
    """The FIB-SEM of REMBI's WG2-1: 1000 x 15 nm, 800 x 15 nm, 546 x 15.97 nm."""
    image = ImageData(
        size_x=1000,
        size_y=800,
        size_z=546,
        pixel_size_x=Decimal(15),
        pixel_size_y=Decimal(15),
        pixel_size_z=Decimal("15.97"),
        pixel_size_unit="nm",
    )
    assert derive.size_text(image) == "15 x 12 x 8.72 µm"


@pytest.mark.parametrize("pixel", ["1e-300", "0.0001", "0.5", "1e20", "1e300"])
def test_a_size_is_made_of_any_pixel_size(pixel: str) -> None:
    size = Decimal(pixel)
    image = ImageData(size_x=1000, size_y=500, pixel_size_x=size, pixel_size_y=size, pixel_size_unit="nm")
    assert derive.computed_size_text(image).count(" x ") == 1
