"""What would add most, as the page offers it: one value for all empty cells, or row by row where it is its own."""

from __future__ import annotations

from typing import Any

from rembi_sheets.score import score
from rembi_sheets.tables import from_book
from rembi_sheets.web.completeness import completeness
from tests import support


def adds(**sheets: Any) -> dict[str, dict[str, Any]]:
    made = support.book(support.study(**sheets))
    tables, _ = from_book(made, support.load())
    return {a["column"]: a for a in completeness(score(tables, ("bioimage-archive",)), tables, made)["adds"]}


def test_an_identifier_of_a_person_is_asked_of_one_person_at_a_time() -> None:
    one = support.STUDY["People"][0]
    people = [{**one, "First name(s)": name, "ORCID": None, "Role": None} for name in ("Ada", "Bea", "Cleo")]
    found = adds(People=people)
    assert (found["ORCID"]["places"], found["ORCID"]["at"]) == ([(6, 3)], ["C6"])
    assert found["Role"]["places"] == [(6, 6), (7, 6), (8, 6)]


def test_the_next_one_is_asked_when_the_first_is_given() -> None:
    one = support.STUDY["People"][0]
    found = adds(People=[one, {**one, "First name(s)": "Bea", "ORCID": None}])
    assert found["ORCID"]["places"] == [(7, 3)]
