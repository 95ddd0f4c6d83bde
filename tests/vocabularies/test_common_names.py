"""Everyday and short names: what is mostly meant is proposed, all of it where there are several, and nothing taken."""

import pytest

from rembi_sheets.vocabularies import resolve
from rembi_sheets.vocabularies.phrase_rules import rules
from rembi_sheets.vocabularies.proposals import propose
from tests import support
from tests.disk.made import check

LISTS = ("imaging_method", "organism", "biological_entity", "study_type", "phenotype")


@pytest.mark.parametrize("name", LISTS)
def test_what_is_often_meant_is_a_term_of_the_list(name: str) -> None:
    rule = rules(name)
    assert rule is not None
    for word, meant in rule.often.items():
        assert meant and all(resolve(one, name) is not None for one in meant), word


@pytest.mark.parametrize(
    ("organism", "proposed"),
    [
        ("frogs", ["Xenopus laevis", "Xenopus tropicalis"]),
        ("hamster", ["Cricetulus griseus", "Mesocricetus auratus"]),
        ("Mosquito", ["Aedes aegypti", "Anopheles gambiae", "Anopheles stephensi"]),
        ("sea star", ["Patiria miniata"]),
        ("COS-7", ["Chlorocebus sabaeus"]),
        ("slime mould", ["Dictyostelium discoideum", "Physarum polycephalum"]),
    ],
)
def test_organisms(organism: str, proposed: list[str]) -> None:
    sample = {**support.STUDY["Biosamples"][0], "Organism": organism}
    found = [
        f
        for f in check(support.study(Biosamples=[sample]), None)
        if f.code.startswith("TERM") and f.column == "Organism"
    ]
    assert [list(f.suggestions) for f in found] == [proposed]


@pytest.mark.parametrize(
    ("method", "proposed"),
    [
        ("HAADF", "scanning transmission electron microscopy"),
        ("WF", "widefield fluorescence microscopy"),
        ("FIB", "focused ion beam scanning electron microscopy"),
        ("Giemsa", "brightfield microscopy"),
        ("BSE", "back-scattered electron imaging"),
    ],
)
def test_methods(method: str, proposed: str) -> None:
    part = {**support.STUDY["Study components"][0], "Imaging method": method}
    found = [f for f in check(support.study(Study_components=[part]), None) if f.code.startswith("TERM")]
    assert [f.suggestions[0] for f in found] == [proposed]


@pytest.mark.parametrize(
    "organism",
    [
        "Influenza B virus",
        "HIV 2",
        "HSV-2",
        "Xenopus borealis",
        "Salmonella bongori",
        "Leishmania donovani",
        "Hydra viridissima",
        "Tribolium confusum",
        "Plasmodium ovale",
    ],
)
def test_a_relative_is_not_proposed(organism: str) -> None:
    """A word that mostly means one species does not do so before the name of another one."""
    assert propose(organism, "organism").labels == ()


@pytest.mark.parametrize(
    ("organism", "first"),
    [
        ("Xenopus embryos", "Xenopus laevis"),
        ("HIV infected cells", "Human immunodeficiency virus 1"),
        ("adult Tribolium", "Tribolium castaneum"),
        ("HeLa Kyoto", "Homo sapiens"),
    ],
)
def test_words_around_a_common_name_do_no_harm(organism: str, first: str) -> None:
    assert propose(organism, "organism").labels[0] == first
