"""Dates in other languages, with the day of the week, a year of two digits or signs of other keyboards."""

from __future__ import annotations

import datetime as dt

import pytest

from rembi_sheets.values import dates

WIDE = str.maketrans({chr(n): chr(n + 0xFEE0) for n in range(0x21, 0x7F)})


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("7 de setembro de 2026", "2026-09-07"),
        ("23 февраля 2028", "2028-02-23"),
        ("23 февраля 2028 г.", "2028-02-23"),
        ("9 maja 2027 r.", "2027-05-09"),
        ("17. května 2027", "2027-05-17"),
        ("4 oktober 2026", "2026-10-04"),
        ("30 giugno 2027", "2027-06-30"),
        ("29 ekim 2026", "2026-10-29"),
        ("6. joulukuuta 2026", "2026-12-06"),
        ("25 μαρτίου 2027", "2027-03-25"),
        ("24 серпня 2027", "2027-08-24"),
        ("1 listopada 2026", ""),  # November in Polish, October in Croatian
        ("5 lip 2026", ""),
        ("Thu, 14 Jan 2027", "2027-01-14"),
        ("Donnerstag, 14. Januar 2027", "2027-01-14"),
        ("quinta-feira, 14 de janeiro de 2027", "2027-01-14"),
        ("Thursday January 14, 2027", "2027-01-14"),
        ("Fri, 14 Jan 2027", ""),  # which was a Thursday
        ("14-Jan-27", "2027-01-14 2014-01-27"),
        ("31-Aug-29", "2029-08-31 2031-08-29"),
        ("14.01.27", "2027-01-14 2014-01-27"),
        ("05/06/27", "2027-06-05 2027-05-06 2005-06-27"),
        ("30.11.99", "1999-11-30"),
        ("14/Jan/2027", "2027-01-14"),
        ("the 2nd of June 2027", "2027-06-02"),
        ("Jan 2027", ""),
        ("31 April 2027", ""),
    ],
)
def test_what_a_date_may_mean(text: str, days: str) -> None:
    assert [d.isoformat() for d in dates.readings(text)] == days.split()
    assert dates.readings(text.translate(WIDE)) == dates.readings(text)


@pytest.mark.parametrize("dash", "‐‑‒–—―−－")
def test_any_dash_stands_for_the_plain_one(dash: str) -> None:
    assert dates.readings(f"2027{dash}08{dash}15") == (dt.date(2027, 8, 15),)


def test_no_name_of_a_month_is_read_as_another_month() -> None:
    for name, month in dates._names("months"):
        same = {m for other, m in dates._names("months") if other == name}
        read = dates.readings(f"3 {name} 2027") if len(name) > 2 else ()
        assert read == ((dt.date(2027, month, 3),) if same == {month} else ()), name
