"""Numbers and dates as a spreadsheet shows them; the signs that stand for errors, and raised and lowered ones."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rembi_sheets.cells import Raw
from rembi_sheets.shown import cut, dressed, general, number, shown
from rembi_sheets.signs import error_word, lowered, raised


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (0.25, "0%", "25%"),
        (0.125, "0.0%", "12.5%"),
        (42, "00000", "00042"),
        (3, '0" mM"', "3 mM"),
        (3, '"~"0', "~3"),
        (3, r"0\ \µ\M", "3 µM"),
        (3, 'General" h"', "3 h"),
        (2.5, "0.000", "2.500"),
        (1.5, "0.###", "1.5"),
        (1234567.5, "#,##0.00", "1,234,567.50"),
        (1234567, '0.0,," M"', "1.2 M"),
        (-4, "0.0;(0.0)", "(4.0)"),
        (-4, "0.0", "-4.0"),
        (0, '0;-0;"none"', "none"),
        (12000, "0.0E+00", "1.2E+04"),
        (0.00012, "##0.0E+0", "120.0E-6"),
        (0.5, "# ?/?", "1/2"),
        (2.25, "# ??/??", "2 1/4"),
        (0.375, "# ?/8", "3/8"),
        (123456789, "000-00-0000", "123-45-6789"),
        (5, "[Red][<10]0.0;0", "5.0"),
        (50, "[Red][<10]0.0;0", "50"),
        (7, "[$€-407] 0.00", "€ 7.00"),
        (0.1 + 0.2, "0.00", "0.30"),
        (2.675, "0.00", "2.68"),
        (dt.date(2026, 3, 4), "yyyy-mm-dd", "2026-03-04"),
        (dt.date(2026, 3, 4), "d. mmmm yyyy", "4. March 2026"),
        (dt.datetime(2026, 3, 4, 15, 7), "dd/mm/yyyy hh:mm", "04/03/2026 15:07"),
        (dt.datetime(2026, 3, 4, 15, 7), "yyyy-mm-dd h:mm AM/PM", "2026-03-04 3:07 PM"),
        (dt.time(1, 30), "hh:mm", "01:30"),
        (dt.timedelta(hours=30, minutes=5, seconds=9), "[h]:mm:ss", "30:05:09"),
        (dt.time(0, 2, 3), "mm:ss", "02:03"),
    ],
)
def test_a_number_format(value: Raw, code: str, text: str) -> None:
    made = shown(value, code)
    assert made is not None and (made.text, made.sure) == (text, True)


@pytest.mark.parametrize("value", [3.14159, 1e-30, 1e300, -7.5, 0.0, 12345678901234.0])
@pytest.mark.parametrize("code", ["[$-F800]dddd", "[ENG][$-409]0.0 x", "[h]", "yyyy", "0/0/0", ";;;"])
def test_what_cannot_be_rendered_is_the_bare_number(value: float, code: str) -> None:
    made = shown(value, code)
    assert made is not None and not made.sure and made.text == general(value)


@pytest.mark.parametrize("code", ["d-mmm", "mmm-yy", "d/m"])
def test_a_date_without_a_year_is_left_to_the_converter(code: str) -> None:
    assert shown(dt.date(2026, 9, 2), code) is None


def test_a_short_date_depends_on_the_computer() -> None:
    made = shown(dt.datetime(2026, 3, 4), "[$-F800]")
    assert made is not None and (made.text, made.sure) == ("2026-03-04", False)


def test_rounding_is_told() -> None:
    assert [shown(v, "0.0").rounded for v in (0.25, 0.3, 0.1 * 3)] == [True, False, False]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("code", "yes"),
    [('0" nm"', True), ("0%", True), ("0.00", False), ("#,##0", False), ("[$€-2] 0", True), ("0_)", False)],
)
def test_what_shows_a_unit(code: str, yes: bool) -> None:
    assert dressed(code) is yes


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1 * 3, "0.3"),
        (1920.0000000000002, "1920"),
        (5e-05, "0.00005"),
        (-2.5, "-2.5"),
        (7.0, "7"),
        (1e-12, "1E-12"),
        (2.5e22, "2.5E+22"),
        (1 / 3, "0.333333333333333"),
        (0.0, "0"),
        (123456789012345.0, "123456789012345"),
    ],
)
def test_a_bare_number(value: float, text: str) -> None:
    assert general(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_bare_number_is_its_fifteen_digits(value: float) -> None:
    assert Decimal(general(value)) == number(value)


@given(st.floats(-1e9, 1e9), st.sampled_from(["0", "0.00", "#,##0.0", "000.0", "0.0%", "0.00E+00", "?0.0", '0" x"']))
def test_what_is_shown_is_near(value: float, code: str) -> None:
    made = shown(value, code)
    assert made is not None and made.sure
    digits = made.text.replace(",", "").replace(" x", "")
    back = float(digits.rstrip("%")) / (100 if digits.endswith("%") else 1)
    assert abs(back - value) <= max(0.5, abs(value) * 0.006)


def test_digits_that_excel_has_cut() -> None:
    assert cut(4012345678901230.0) and not cut(1e22) and not cut(123456.0)


@pytest.mark.parametrize(
    "word",
    [
        "#REF!",
        "#NAME?",
        "#VALUE!",
        "#DIV/0!",
        "#N/A",
        "#NULL!",
        "#NUM!",
        "#SPILL!",
        "#CALC!",
        "#GETTING_DATA",
        "#BEZUG!",
        "#NV",
        "#WERT!",
        "#NOM?",
        "#VALEUR!",
        "#¿NOMBRE?",
        "#¡DIV/0!",
        "#RIF!",
        "#ЗНАЧ!",
        "#Н/Д",
        "#ARG!",
        "#VÆRDI!",
        "#DĚLENÍ_NULOU!",
        "Err:504",
        "Err:522",
        "#FIELD!",
        "#BLOCKED!",
        "#########",
        " #REF! ",
        "Loading...",
    ],
)
def test_error_words(word: str) -> None:
    assert error_word(word)


@pytest.mark.parametrize(
    "text", ["#1", "#", "# 12", "#tag", "#well!", "REF!", "Error", "N/A", "##", "#A1", "#Ref!x", ""]
)
def test_other_words(text: str) -> None:
    assert not error_word(text)


@pytest.mark.parametrize(
    ("text", "up", "down"),
    [
        ("12", "¹²", "₁₂"),
        ("-3", "⁻³", "₋₃"),
        ("2+", "²⁺", "₂₊"),
        ("th", "^th", "_th"),
        ("max", "^max", "_max"),
        ("-/-", "^(-/-)", "_(-/-)"),
        (" 6 ", " ⁶ ", " ₆ "),
        ("−1", "⁻¹", "₋₁"),
        (" ", " ", " "),
    ],
)
def test_raised_and_lowered(text: str, up: str, down: str) -> None:
    assert (raised(text), lowered(text)) == (up, down)


def test_a_registered_name_stays() -> None:
    assert raised("®") == "®"
