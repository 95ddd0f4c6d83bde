"""People and grants of another study: a row that leaves more gaps than the workbook has is asked, not added."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from rembi_sheets import examples, pipeline
from rembi_sheets.fill import Proposal, State, merge
from rembi_sheets.fill.report import lines
from rembi_sheets.fill.sources.workbook import of_tables
from rembi_sheets.schema import load
from rembi_sheets.score import score
from rembi_sheets.tables import Tables
from rembi_sheets.tables.spare import spare, without
from tests.support import STUDY
from tests.support import tables as read

PERSON = {"First name(s)": "Ada", "Last name": "Beispiel", "E-mail": "ada@example.org", "ORCID": "0000-0002-1825-0097"}
CELLS = (("email", "bo@example.org"), ("organisations", "Example Institute"))
NAMES = ("apo-ferritin", "mitochondria-benchmark", "kidney-organoid-light-sheet", "chromosome-condensation-screen")


def people(*cells: tuple[str, str], **merging: bool) -> tuple[list[str], list[str]]:
    """Last names after Bo Muster was proposed with some cells, and why cells are asked."""
    there = read({**STUDY, "People": [{**STUDY["People"][0], **PERSON}]})[0]
    key = ("Muster", "Bo")
    said = [
        Proposal("people", key, c, v, "other.xlsx") for c, v in (("last_name", key[0]), ("first_names", key[1]), *cells)
    ]
    made = merge(there, said, **merging)
    return made.tables["people"].frame["last_name"].tolist(), [e.why for e in made.of(State.QUESTIONS)]


def test_a_person_without_what_others_have_is_asked() -> None:
    names, why = people(*CELLS)
    assert names == ["Beispiel"] and why and all("ORCID" in w and "E-mail" not in w for w in why)


def test_the_same_person_is_added_when_asked_for() -> None:
    assert people(*CELLS, accept_guesses=True) == (["Beispiel", "Muster"], [])


def test_nobody_is_asked_where_no_row_is_yet() -> None:
    there = read({**STUDY, "People": []})[0]
    made = merge(there, [Proposal("people", ("Muster", "Bo"), "last_name", "Muster", "other.xlsx")])
    assert not made.of(State.QUESTIONS)


ROR = "https://ror.org/02s6k3f65"
PLACE = {"Name": "Institute", "ROR ID": "https://ror.org/02catss52", "Country": "United Kingdom"}


def placed(rows: list[dict[str, str]], **cells: str) -> tuple[Tables, Tables, list[str]]:
    """A person without organisation before and after a source said one of these cells; why cells are asked."""
    label = load()["people"]["organisations"].label
    person = {k: v for k, v in {**STUDY["People"][0], **PERSON}.items() if k != label}
    there = read({**STUDY, "Organisations": rows, "People": [person, {**STUDY["People"][0], "Last name": "Other"}]})[0]
    said = [Proposal("organisations", ("Lab",), c, v, "other.xlsx") for c, v in {"name": "Lab", **cells}.items()]
    key = (person["Last name"], person["First name(s)"])
    made = merge(there, [*said, Proposal("people", key, "organisations", "Lab", "other.xlsx")])
    return there, made.tables, [e.why for e in made.of(State.QUESTIONS)]


@pytest.mark.parametrize(
    ("cells", "filled"),
    [
        ({}, False),
        ({"town": "Basel"}, False),
        ({"country": "Switzerland", "town": "Basel"}, False),
        ({"country": "Switzerland", "town": "Basel", "postcode": "4056", "ror_id": ROR}, True),
    ],
)
def test_an_organisation_with_less_than_others_is_asked_for_a_person_who_has_none(
    cells: dict[str, str], filled: bool
) -> None:
    whole = {**STUDY["Organisations"][0], **PLACE, "Name": STUDY["Organisations"][0]["Name"]}
    there, made, why = placed([whole], **cells)
    assert made["people"].frame["organisations"].iloc[0] == (("Lab",) if filled else None)
    assert bool(why) != filled
    before, after = (score(without(t, spare(t)), t.archives).total for t in (there, made))
    assert after >= before


def test_a_new_person_is_asked_in_one_line() -> None:
    there = read({**STUDY, "People": [{**STUDY["People"][0], **PERSON}]})[0]
    said = [
        Proposal("people", key, c, v, "other.xlsx", f"People {c}{n}")
        for n, key in enumerate([("Muster", "Bo"), ("Zweite", "Cy")])
        for c, v in (("last_name", key[0]), ("first_names", key[1]), *CELLS)
    ]
    told = [line for line in lines(merge(there, said)) if "ORCID" in line]
    assert len(told) == 2 and all(word in told[0] for word in ("Muster", "Bo", "bo@example.org"))
    assert len([line for line in lines(merge(there, said), verbose=True) if "ORCID" in line]) == 8


@pytest.fixture(scope="module")
def studies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tables]:
    out: dict[str, Tables] = {}
    for name in NAMES:
        path: Path = tmp_path_factory.mktemp("studies") / f"{name}.xlsx"
        path.write_bytes(examples.workbook_bytes(name))
        tables = pipeline.read(path).tables
        assert tables is not None
        out[name] = tables
    return out


@pytest.mark.parametrize(("name", "other"), list(itertools.permutations(NAMES, 2)))
def test_another_study_lowers_no_score(studies: dict[str, Tables], name: str, other: str) -> None:
    there = studies[name]
    said = of_tables(studies[other], f"{other}.xlsx", everything=False).proposals
    made = merge(there, said).tables
    assert not merge(made, said).of(State.FILLED)
    before, after = (score(without(t, spare(t)), t.archives) for t in (there, made))
    assert after.total >= before.total
    for part in ("modules", "archives", "readers"):
        old = {p.name: p.score for p in getattr(before, part)}
        assert all(p.score >= old.get(p.name, 0) for p in getattr(after, part))
