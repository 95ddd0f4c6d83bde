"""Numbers, ranges and series in one cell: what a person types is read as meant, or refused with the right form."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rembi_sheets.schema import Column, Kind, load
from rembi_sheets.values import UNREADABLE, convert, ranges, to_cell
from rembi_sheets.values.ranges import Range

COLUMNS = [c for s in load().sheets for c in s.columns if c.kind is Kind.RANGE]
NUMBERS = st.decimals(-100000, 100000, places=2)
STEPS = st.decimals("0.01", 1000, places=2)
GAPS = st.sampled_from(["", " "])


def column(name: str) -> Column:
    return next(c for c in COLUMNS if c.name == name)


@given(NUMBERS, NUMBERS, st.none() | STEPS)
def test_what_is_written_is_read_back(one: Decimal, other: Decimal, step: Decimal | None) -> None:
    low, high = sorted((one, other))
    meant = Range(low, high, step if step is not None and step <= high - low else None)

    assert ranges.read(meant.text) == meant


@given(NUMBERS, NUMBERS, st.none() | STEPS, st.data())
def test_every_way_to_type_it_is_read_as_meant(
    one: Decimal, other: Decimal, step: Decimal | None, data: st.DataObject
) -> None:
    low, high = sorted((one, other))
    step = step if step is not None and step <= high - low else None
    c = data.draw(st.sampled_from(COLUMNS))
    unit = data.draw(st.sampled_from(["", c.unit, f" {c.unit}"])).rstrip()
    between = data.draw(st.sampled_from(["-", " - ", "–", " – ", " to ", "..", "…", " — ", " .. "]))
    sign = data.draw(st.sampled_from(["-", "−", "–"]))
    typed = [ranges.plain(n).replace("-", sign) + unit for n in (low, high)]
    text = between.join(typed)
    if step is not None:
        way = data.draw(st.sampled_from([" by {}", ", {} steps", " in steps of {}", ", by {}", " every {}"]))
        text += way.format(ranges.plain(step) + unit)

    assert ranges.read(text, c.unit) == Range(low, high, step), text


@given(st.text(alphabet="0123456789-–+.,;:/ tobyens±µk°e'", max_size=14))
def test_nothing_typed_is_changed_silently(text: str) -> None:
    """Whatever is read is written so that it is read the same; what is proposed instead can be read."""
    found = ranges.read(text, "µm")
    if found is not None:
        assert ranges.read(found.text) == found and found.low <= found.high
    else:
        for near in ranges.readings(text, "µm"):
            assert ranges.read(near) is not None, (text, near)


@pytest.mark.parametrize(
    ("name", "text", "near"),
    [
        ("nominal_defocus", "3.5-1.5", ("1.5-3.5",)),
        ("nominal_defocus", "1,5-3,5", ("1.5-3.5",)),
        ("nominal_defocus", "0,8", ("0.8",)),
        ("nominal_defocus", "2 ± 0.5", ("1.5-2.5",)),
        ("tilt_angles", "60 to -60 by 3", ("-60 to 60 by 3",)),
        ("tilt_angles", "60 to -60 by -2", ("-60 to 60 by 2",)),
        ("magnification", "81,000", ("81000", "81")),
        ("excitation_wavelength", "405, 640", ("405; 640",)),
        ("excitation_wavelength", "405/640 nm", ("405; 640",)),
        ("accelerating_voltage", "200 V", ()),
        ("accelerating_voltage", "about 200", ()),
        ("slice_thickness", "8-16-32", ()),
        ("tilt_angles", "0 to 10 by 20", ()),
        ("tilt_angles", "1 to 2 by 0", ()),
        ("magnification", "10^5", ()),
        ("accelerating_voltage", "2^3 kV", ()),
        ("slice_thickness", "10\u00b2 nm", ()),
        ("slice_thickness", "8 nm\u00b2", ()),
        ("excitation_wavelength", "488 nm 561 nm", ()),
        ("accelerating_voltage", "200 kV 300 kV", ()),
    ],
)
def test_another_form_is_refused_with_the_right_one(name: str, text: str, near: tuple[str, ...]) -> None:
    value, problems = convert(text, column(name))

    assert value is UNREADABLE
    assert [(p.code, p.suggestions) for p in problems] == [("RANGE-BAD", near)]


@pytest.mark.parametrize(
    "text", ["40 e-/\u00c5\u00b2", "40 E-/A^2", "40 e\u207b/\u00c52", "40 e/\u212b\u00b2", "40e-/A2"]
)
def test_a_unit_of_area_in_its_spellings(text: str) -> None:
    unit = next(c.unit for c in COLUMNS if "\u00b2" in c.unit)

    assert ranges.read(text, unit) == Range(Decimal(40), Decimal(40))


@pytest.mark.parametrize("raw", [dt.datetime(2026, 4, 2), dt.date(2026, 4, 2), dt.time(12, 30)])
@pytest.mark.parametrize("c", COLUMNS, ids=lambda c: c.name)
def test_what_excel_made_a_date_is_said(c: Column, raw: dt.date) -> None:
    value, problems = convert(raw, c)

    assert value is UNREADABLE and [p.code for p in problems] == ["EXCEL-CHANGED"]


@pytest.mark.parametrize("c", COLUMNS, ids=lambda c: c.name)
def test_numbers_of_a_cell_and_the_own_unit_are_read(c: Column) -> None:
    for raw in (7, 7.0, "7", f"7 {c.unit}", f"7{c.unit}"):
        value, problems = convert(raw, c)
        assert not problems and value == ((Range(Decimal(7), Decimal(7)),) if c.many else Range(Decimal(7), Decimal(7)))
        assert to_cell(value) == "7"
