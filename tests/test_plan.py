"""Which archives suit a study, in which order, and what each lacks."""

from __future__ import annotations

import pytest

from rembi_sheets.plan import advise, rules
from rembi_sheets.schema import load
from tests import support

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
