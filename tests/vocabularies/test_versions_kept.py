"""Software with its version: no version is lost for a name that a list knows."""

from __future__ import annotations

import re

import pytest

from rembi_sheets.schema import load
from rembi_sheets.vocabularies import bundled, listed

LISTS = [spec.name for spec in load().lists.values() if spec.versions]
NAMES = [(name, entry.label) for name in LISTS for entry in bundled.entries(name)]


@pytest.mark.parametrize("name", LISTS)
def test_no_other_spelling_of_a_name_is_the_name_with_a_version(name: str) -> None:
    for entry in bundled.entries(name):
        for spelling in entry.synonyms:
            assert not re.fullmatch(rf"{re.escape(entry.label)}[ -]?[vV]?\d[\d.]*", spelling), spelling


@pytest.mark.parametrize(("name", "label"), NAMES)
def test_a_version_behind_a_name_stays(name: str, label: str) -> None:
    for typed in (f"{label} 9.71", f"{label}-9.71", f"{label} v9.71", f"{label} version 9.71", f"{label.lower()} 9.71"):
        assert re.fullmatch(rf"{re.escape(label)} v?9\.71", listed(typed, name)), typed
    assert listed(label, name) == label
