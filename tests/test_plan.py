"""Which archives suit a study, in which order, and what each lacks."""

from __future__ import annotations

from pathlib import Path

import pytest

import rembi_sheets
from rembi_sheets import pipeline
from rembi_sheets.plan import advise, rules
from rembi_sheets.report import advice
from rembi_sheets.schema import load
from tests import support, workbooks

SCHEMA = load()


def plan(method: str, scale: str = "cell", license: str = "CC0") -> dict[str, bool]:
    sheets = support.study(Study={"License": license})
    sheets["Study components"][0] |= {"Imaging method": method, "Scale": scale}
    return {a.archive: a.suits for a in advise(support.submission(sheets), (), {})}


def test_every_archive_has_its_rule() -> None:
    assert {r["name"] for r in rules()} == set(SCHEMA.archive_names)


@pytest.mark.parametrize(
    ("method", "scale", "suiting"),
    [
        ("confocal microscopy", "cell", {"bioimage-archive", "idr"}),
        ("single-particle cryo-EM", "molecule", {"bioimage-archive", "empiar"}),
        ("FIB-SEM", "cell", {"bioimage-archive", "empiar", "idr"}),
    ],
)
def test_the_imaging_method_and_scale_decide(method: str, scale: str, suiting: set[str]) -> None:
    assert {a for a, suits in plan(method, scale).items() if suits} == suiting


def test_a_licence_that_an_archive_does_not_take_is_the_reason() -> None:
    advice = {
        a.archive: a for a in advise(support.submission(support.study(Study={"License": "CC BY-NC 4.0"})), (), {})
    }
    assert not advice["idr"].suits
    assert "licence" in advice["idr"].reason


def test_an_archive_that_needs_anothers_accession_comes_after_it() -> None:
    sheets = support.study()
    sheets["Study components"][0] |= {"Imaging method": "FIB-SEM"}
    order = [a.archive for a in advise(support.submission(sheets), (), {}) if a.suits]
    for rule in rules():
        for before in rule["after"]:
            if before in order and rule["name"] in order:
                assert order.index(before) < order.index(rule["name"])


@pytest.mark.parametrize("method", [None, "our own way of looking"])
def test_what_cannot_be_said_yet_is_asked_and_never_ranked(method: str | None) -> None:
    sheets = support.study()
    sheets["Study components"][0] |= {"Imaging method": method, "Scale": None}
    made = {a.archive: a for a in advise(support.submission(sheets), (), {})}
    assert [a for a, advice in made.items() if advice.suits] == ["bioimage-archive"]
    assert made["empiar"].needs == ("Imaging method in Study components",)
    assert made["idr"].needs == ("Imaging method and Scale in Study components",)
    said = advice.text(list(made.values()), "study.xlsx")
    assert said.index("1. BioImage Archive") < said.index("Open: EMPIAR") and "2. " not in said
    assert {a["archive"]: a["suits"] for a in advice.as_json(list(made.values()), "x")["archives"]}["empiar"] is None


@pytest.mark.parametrize("profile", [p.name for p in SCHEMA.profiles])
def test_a_blank_workbook_of_any_profile_ranks_none_but_the_archive_that_takes_all(
    profile: str, tmp_path: Path
) -> None:
    path = tmp_path / "study.xlsx"
    path.write_bytes(workbooks.blank(profile))
    workbook = rembi_sheets.read(path)
    made = pipeline.plan(workbook, today=support.TODAY)
    assert [a.archive for a in made if a.suits] == ["bioimage-archive"]
    assert all(a.needs for a in made if not a.suits)
    assert {len(a.lacks) for a in made} == {1}


def test_a_scale_that_is_missing_alone_asks_nothing() -> None:
    assert plan("confocal microscopy", scale="")["idr"]
