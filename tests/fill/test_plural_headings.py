"""A heading in the plural means what its singular means, unless the table has that one too."""

from __future__ import annotations

from tests.fill.test_table import to, understood

ROWS = [["a.tif", "A1", "TP53"], ["b.tif", "A2", "MYC"]]


def test_a_plural_is_read_as_the_singular() -> None:
    found = to(understood([["Paths", "Wells", "Gene Symbols"], *ROWS]))
    assert found == {"Paths": "path", "Wells": "well", "Gene Symbols": "own:Gene Symbol"}
    found = to(understood([["Files", "Plates", "Compounds"], *ROWS]))
    assert found == {"Files": "path", "Plates": "plate", "Compounds": "own:Compound Name"}


def test_the_singular_goes_first() -> None:
    found = to(understood([["Wells", "Well", "Path"], ["3", "A1", "a.tif"], ["4", "A2", "b.tif"]]))
    assert found["Well"] == "well"
    assert found["Wells"] == "own:Wells"
