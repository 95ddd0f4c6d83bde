"""Identifiers as people and programs spell them: other signs between, other cases, full-width and foreign digits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rembi_sheets.schema import load
from rembi_sheets.signs import narrow
from rembi_sheets.values import convert, fits, mended, near, undress

FORMATS = load().formats
LINK = load()["links"]["link"]
BETWEEN = [" ", "  ", "_", ":", ": ", "\u2013", "\uff1a", "\uff0d", "\u00a0"]


def wide(text: str) -> str:
    """Text as a Japanese or Chinese keyboard types it."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def arabic(text: str) -> str:
    return text.translate({ord(str(n)): chr(0x0660 + n) for n in range(10)})


@pytest.mark.parametrize(
    ("head", "number", "right"),
    [
        ("EMPIAR", "11058", "EMPIAR-11058"),
        ("EMD", "30913", "EMD-30913"),
        ("emdb", "7770", "EMD-7770"),
        ("S-BIAD", "1026", "S-BIAD1026"),
        ("s-bsst", "265", "S-BSST265"),
        ("IDR", "0079", "idr0079"),
    ],
)
@pytest.mark.parametrize("between", BETWEEN)
def test_a_link_is_read_as_the_accession_it_spells(head: str, number: str, right: str, between: str) -> None:
    for typed in (f"{head}{between}{number}", f"{head}{between}{arabic(number)}", wide(right), f"{right}."):
        value, problems = convert(typed, LINK)
        assert value == right, typed
        assert [(p.code, p.suggestions) for p in problems] == [("READ-AS", (right,))]


@pytest.mark.parametrize(
    "typed",
    ["EMPIAR-11058", "https://www.ebi.ac.uk/empiar/EMPIAR-11058/", "S-EPMC123", "PRJNA1234", "idr0079-smith", "Q9Y6K9"],
)
def test_a_link_that_needs_no_reading_stays(typed: str) -> None:
    assert convert(typed, LINK) == (typed, ())


@pytest.mark.parametrize(
    ("name", "typed", "right"),
    [
        ("pmc", "pmc7327624", "PMC7327624"),
        ("pmc", "PMC7327624.0", "PMC7327624"),
        ("pubmed", "32604400.0", "32604400"),
        ("pubmed", "PMID: 32604400.00", "32604400"),
        ("pubmed", "32,604,400", "32604400"),
        ("pubmed", "2 604 400", "2604400"),
        ("pmc", "PMCID: Pmc 7327624", "PMC7327624"),
        ("pmc", "ＰＭＣ７３２７６２４", "PMC7327624"),
        ("pubmed", "PubMed ID: 31911621", "31911621"),
        ("pubmed", "３１９１１６２１", "31911621"),
        ("taxon", "１００９０", "NCBITaxon:10090"),
        ("curie", "GO：0005739", "GO:0005739"),
        ("curie", "UBERON\u20130000955", "UBERON:0000955"),
        ("curie", "CL;٠٠٠٠٢٣٦", "CL:0000236"),
        ("orcid", "ORCID iD: 0000-0001-5109-3700", "0000-0001-5109-3700"),
        ("orcid", "0000.0001.5109.3700", "0000-0001-5109-3700"),
        ("ror", "ROR: 03YRM5C26", "https://ror.org/03yrm5c26"),
        ("email", "grace＠example．org", "grace@example.org"),
        ("doi", "https：//doi．org／10.7554/eLife.00001", "10.7554/eLife.00001"),
        ("idr_accession", "IDR-0101", "idr0101"),
        ("checksum", "0cc175b9c0f1b6a831c399e269772661", "md5:0cc175b9c0f1b6a831c399e269772661"),
        ("checksum", "SHA-256 " + "ab" * 32, "sha256:" + "ab" * 32),
        ("well", "H 12", "H12"),
        ("range", "3 to 40", "3-40"),
        ("range", "3…40", "3-40"),
        ("pages", "pp. 101–110", "101–110"),
        ("pages", "101 to 110", "101-110"),
    ],
)
def test_what_is_meant_is_offered_and_mended(name: str, typed: str, right: str) -> None:
    form = FORMATS[name]
    assert mended(typed, form) == right
    assert undress(typed, form) == right or near(typed, form)[0] == right
    assert fits(right, form) and mended(right, form) == right


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("curie", "HEK-293"),
        ("curie", "HeLa 229"),
        ("pmc", "PNC 7327624"),
        ("idr_accession", "idr 79"),
        ("pages", "to"),
        ("pubmed", "32604400.5"),
        ("pubmed", "32,604 400"),
        ("pubmed", "123456789.0"),
        ("pubmed", "0.0"),
    ],
)
def test_what_is_no_spelling_of_one_is_not_made_one(name: str, typed: str) -> None:
    assert mended(typed, FORMATS[name]) == typed


def test_no_form_takes_the_digits_of_another_script() -> None:
    columns = [(c, c.format) for s in load().sheets for c in s.columns if c.format]
    columns = [(c, form) for c, form in columns if form.called or form.identifier]
    assert columns
    for column, form in columns:
        value, _ = convert(column.example, column)
        assert convert(wide(column.example), column)[0] == value, column.label
        bare = str(undress(column.example, form))
        assert arabic(bare) == bare or not fits(arabic(bare), form), column.label


@given(st.text("0123456789abcXYZ-:./ \u00b5é\uff0d\uff1a０９٣", max_size=30))
def test_narrow_keeps_every_sign(text: str) -> None:
    assert len(narrow(text)) == len(text) and narrow(narrow(text)) == narrow(text)
    assert [a for a, b in zip(text, narrow(text), strict=True) if a != b and a.isascii()] == []
