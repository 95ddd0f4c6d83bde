"""A label that disagrees with its identifier: the identifier's own label is offered for a slip of the hand alone."""

from __future__ import annotations

import pytest

from rembi_sheets.cells import Book, Sheet
from rembi_sheets.repair import repairs
from tests import support
from tests.disk.made import check


def offered(sheet: str, label: str, text: str, identifier: str) -> list[tuple[str, ...]]:
    row = {**support.STUDY[sheet][0], label: text, f"{label} ID": identifier}
    found = check(support.study(**{sheet.replace(" ", "_"): [row]}), None)
    return [f.suggestions for f in found if f.code == "TERM-ID-MISMATCH"]


def fixed(sheet: str, label: str, text: str, identifier: str) -> list[str]:
    rows = [[label, f"{label} ID"], [text, identifier]]
    return [c.new for c, _ in repairs(Book("a.xlsx", "", (Sheet(sheet, rows),)), suggestions=True)]


@pytest.mark.parametrize(
    ("sheet", "label", "text", "identifier"),
    [
        ("Biosamples", "Organism", "Mus spretus", "NCBITaxon:10090"),
        ("Biosamples", "Organism", "Influenza B virus", "NCBITaxon:9606"),
        ("Biosamples", "Organism", "Xenopus borealis", "NCBITaxon:8355"),
        ("Biosamples", "Organism", "Drosophila simulans", "NCBITaxon:7227"),
        ("Biosamples", "Biological entity", "HEK293FT", "UBERON:0002113"),
        ("Study components", "Imaging method", "cathodoluminescence of cells", "FBbi:00000369"),
    ],
)
def test_another_thing_is_asked_about(sheet: str, label: str, text: str, identifier: str) -> None:
    assert offered(sheet, label, text, identifier) == [()]
    assert fixed(sheet, label, text, identifier) == []


@pytest.mark.parametrize(
    ("sheet", "label", "text", "identifier", "meant"),
    [
        ("Biosamples", "Organism", "Mus muscullus", "NCBITaxon:10090", "Mus musculus"),
        ("Biosamples", "Organism", "Danio reiro", "NCBITaxon:7955", "Danio rerio"),
        ("Biosamples", "Biological entity", "kidny", "UBERON:0002113", "kidney"),
        ("Study components", "Imaging method", "confocal microscpy", "FBbi:00000251", "confocal microscopy"),
    ],
)
def test_a_slip_beside_its_identifier_is_offered_and_mended(
    sheet: str, label: str, text: str, identifier: str, meant: str
) -> None:
    assert offered(sheet, label, text, identifier) == [(meant,)]
    assert fixed(sheet, label, text, identifier) == [meant]


@pytest.mark.parametrize(
    ("text", "identifier", "meant"),
    [
        ("Mus musculos", "NCBITaxon:10090", "Mus musculus"),
        ("Drosophila melanogastor", "NCBITaxon:7227", "Drosophila melanogaster"),
    ],
)
def test_a_wrong_vowel_is_offered_where_the_identifier_vouches_for_it(text: str, identifier: str, meant: str) -> None:
    assert offered("Biosamples", "Organism", text, identifier) == [(meant,)]
    assert fixed("Biosamples", "Organism", text, identifier) == []  # asked, not taken
