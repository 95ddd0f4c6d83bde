"""What can be a slip of the hand, and what is another thing: families of both, and every entry of every list."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rembi_sheets import vocabularies
from rembi_sheets.vocabularies import entries, is_typing, near, near_listed
from rembi_sheets.vocabularies.slips import may_be

# typed, meant: `fix` may take it when asked for suggestions
TYPING = [
    ("Kidny cells", "Kidney cells"),
    ("Kdiney cells", "Kidney cells"),
    ("Kidneyy cells", "Kidney cells"),
    ("Kidnet cells", "Kidney cells"),
    ("KIDNEY-cells", "Kidney cells"),
    ("Müller glia", "Muller glia"),
    ("U-2 OS", "U2OS"),
    ("hipocampus slices 3", "hippocampus slices 3"),
    ("Saccharomyces cerevisae", "Saccharomyces cerevisiae"),
]
# offered, but asked for
OFFERED = [
    ("hepatocite", "hepatocyte"),
    ("flourescense microscopy", "fluorescence microscopy"),
    ("microscopy, confocal", "confocal microscopy"),
    ("Kidney cell", "Kidney cells"),
    ("Kidney (left)", "Kidney left"),
    ("prostrate", "prostate"),
]
# another thing, or what nobody can know: never offered
OTHERS = [
    ("CC BY-NC 4.0", "CC BY 4.0"),
    ("CC BY-SA 4.0", "CC BY-NC-SA 4.0"),
    ("CC BY 3.0", "CC BY 4.0"),
    ("CCO", "CC0"),
    ("Rattus rattus", "Rattus norvegicus"),
    ("Xenopus borealis", "Xenopus laevis"),
    ("SARS-CoV", "SARS-CoV-2"),
    ("HIV-1", "HIV-2"),
    ("Vero E6", "Vero"),
    ("HEK293", "HEK293T"),
    ("MCF-7", "MCF-10A"),
    ("C57BL/6J", "C57BL/6N"),
    ("Sample A", "Sample B"),
    ("Sample A", "Sample"),
    ("E14.5", "E13.5"),
    ("day 1-2", "day 12"),
    ("day 1 2", "day 12"),
    ("10⁶ cells", "106 cells"),
    ("5 nM drug", "5 µM drug"),
    ("CD8-", "CD8"),
    ("CD8- cells", "CD8 cells"),
    ("CD4+ cells", "CD4 cells"),
    ("p53 +/-", "p53 -/-"),
    ("50 %", "50"),
    ("University of Dresden", "University of Freiburg"),
    ("Technical University of Munich", "University of Munich"),
    ("left kidney", "kidney"),
    ("untreated cells", "treated cells"),
    ("co-investigator", "investigator"),
    ("ethanol", "methanol"),
    ("efferent", "afferent"),
    ("osteoclast", "osteoblast"),
    ("hypotonic buffer", "hypertonic buffer"),
    ("intracellular", "intercellular"),
    ("sulfite", "sulfate"),
    ("MAPKK inhibitor", "MAPKKK inhibitor"),
    ("ACGTA", "ACGTT"),
    ("phase XVII", "phase XVIII"),
    ("nM", "nm"),
    ("mm", "µm"),
    ("well A01", "well A10"),
    ("EMD-1234", "EMD-1235"),
    ("肾脏细胞样", "肾脏细胞样本"),
    ("", "Kidney cells"),
]


@pytest.mark.parametrize(("typed", "meant"), TYPING)
def test_a_slip_of_typing(typed: str, meant: str) -> None:
    assert may_be(typed, meant) and is_typing(typed, meant)


@pytest.mark.parametrize(("typed", "meant"), OFFERED)
def test_a_slip_that_is_asked_for(typed: str, meant: str) -> None:
    assert may_be(typed, meant) and not is_typing(typed, meant)


@pytest.mark.parametrize(("typed", "meant"), OTHERS)
def test_another_thing(typed: str, meant: str) -> None:
    for one, other in ((typed, meant), (meant, typed)):
        assert not may_be(one, other) and not is_typing(one, other)
        assert near(one, [other]) == ()


@given(st.text(max_size=30), st.text(max_size=30))
def test_digits_and_words_are_never_lost(typed: str, meant: str) -> None:
    assert not may_be(typed, typed)
    if may_be(typed, meant):
        assert sorted(re.findall(r"\d", typed)) == sorted(re.findall(r"\d", meant))
    if is_typing(typed, meant):
        assert may_be(typed, meant)


WORDS = st.lists(
    st.sampled_from(["kidney", "liver", "cells", "treated", "E13", "CD8", "4", "left", "HeLa", "0.5", "+", "%"]),
    min_size=1,
    max_size=5,
)


@given(WORDS, WORDS)
def test_other_words_are_another_name(one: list[str], other: list[str]) -> None:
    typed, meant = " ".join(one), " ".join(other)
    if is_typing(typed, meant):
        assert typed.replace(" ", "").casefold() == meant.replace(" ", "").casefold()
    if may_be(typed, meant):
        assert sorted(typed.replace(" ", "").casefold()) == sorted(meant.replace(" ", "").casefold())


@pytest.mark.parametrize("name", vocabularies.names())
def test_no_entry_is_a_slip_for_another(name: str) -> None:
    """Were an entry not in its list, no other one would be put for it."""
    spellings = {spelling: e for e in entries(name) for spelling in (e.label, *e.synonyms)}
    for label in [e.label for e in entries(name)][:700]:
        own = vocabularies.resolve(label, name)
        if own.entry is None:  # a homonym
            continue
        for spelling in near_listed(label, name):
            if is_typing(label, spelling) and spelling in spellings:
                found = vocabularies.resolve(spelling, name)
                same = found.entry == own.entry or own.entry in found.alternatives
                assert same, f"{label} would become {spelling}"


def test_what_is_in_the_cell_is_not_offered_again() -> None:
    assert near("Kidny cells", ["Kidney cells"], taken=["kidney cells"]) == ()
    assert near_listed("zebrafsh", "organism") == ("zebrafish",)
    assert near_listed("zebrafsh", "organism", taken=["Danio rerio"]) == ()
