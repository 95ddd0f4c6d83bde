"""What people type for dates, numbers, DOIs and identifiers: read where one reading is left, else asked for."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rembi_sheets.findings import find
from rembi_sheets.schema import Column, load
from rembi_sheets.values import (
    UNREADABLE,
    convert,
    dates,
    fits,
    mended,
    near,
    numbers,
    of_other_registry,
    typed_as,
    undress,
)

SCHEMA = load()
FORMS = SCHEMA.formats
DATE, WIDTH, SIZE = (
    SCHEMA["study"]["release_date"],
    SCHEMA["image_data"]["size_x"],
    SCHEMA["image_data"]["pixel_size_x"],
)


@pytest.mark.parametrize(
    "text",
    """15.06.2027|15/06/2027|06/15/2027|15-06-2027|15 June 2027|15 Jun 2027|15-JUN-2027|June 15, 2027|Jun. 15th, 2027|
    15th of June 2027|15. Juni 2027|15 juin 2027|2027/06/15|2027.06.15|2027-06-15T12:30:00Z|2027-06-15 00:00:00|
    2027-06-15T00:00:00.000+02:00|20270615|2027 June 15|2027年6月15日|15 . 06 . 2027""".replace("\n", "").split("|"),
)
def test_a_date_with_one_reading(text: str) -> None:
    value, problems = convert(text.strip(), DATE)
    assert value is UNREADABLE
    assert [p.suggestions for p in problems] == [("2027-06-15",)]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("03/04/2027", ("2027-04-03", "2027-03-04")),
        ("3-4-2027", ("2027-04-03", "2027-03-04")),
        ("05.05.2027", ("2027-05-05",)),
        ("31.02.2027", ()),
        ("15.06.27", ("2027-06-15", "2015-06-27")),
        ("June 2027", ()),
        ("2027", ()),
        ("Ju 15, 2027", ()),
        ("next spring", ()),
        ("2027-13-01", ()),
    ],
)
def test_a_date_in_doubt(text: str, days: tuple[str, ...]) -> None:
    assert tuple(d.isoformat() for d in dates.readings(text)) == days


@given(st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2200, 1, 1)))
def test_every_day_is_read_in_its_forms(day: dt.date) -> None:
    assert dates.read(day.isoformat()) == day
    for text in (f"{day:%Y/%m/%d}", f"{day:%Y%m%d}", f"{day.isoformat()}T00:00:00Z"):
        assert dates.readings(text) == (day,)
    assert day in dates.readings(f"{day:%d.%m.%Y}") and day in dates.readings(f"{day:%m/%d/%Y}")


@pytest.mark.parametrize(
    ("text", "column", "number"),
    [
        ("1 024", WIDTH, 1024),
        ("12 345 678", WIDTH, 12345678),
        ("1'024", WIDTH, 1024),
        ("2.0", WIDTH, 2),
        ("1e3", WIDTH, 1000),
        ("1 300.5", SIZE, Decimal("1300.5")),
        ("1.300", SIZE, Decimal("1.3")),
        ("6.5e-2", SIZE, Decimal("0.065")),
        (".5", SIZE, Decimal("0.5")),
    ],
)
def test_a_number_is_read(text: str, column: Column, number: object) -> None:
    assert convert(text, column) == (number, ())


@pytest.mark.parametrize(
    ("text", "column", "readings"),
    [
        ("2048 2048", WIDTH, ()),
        ("19 20", WIDTH, ()),
        ("6 00", WIDTH, ()),
        ("12 34 567", WIDTH, ()),
        ("0 123", WIDTH, ()),
        ("1 024'000", WIDTH, ()),
        ("0.5 7", SIZE, ()),
        ("- 5", SIZE, ()),
        ("65 nm", SIZE, ()),
        ("5-6", SIZE, ()),
        ("2.000", WIDTH, ("2", "2000")),
        ("2,048", WIDTH, ("2048",)),
        ("1,300", SIZE, ("1300", "1.300")),
        ("0,57", SIZE, ("0.57",)),
        ("0,575", SIZE, ("0.575",)),
        ("12,345,678", WIDTH, ("12345678",)),
        ("1.234,5", SIZE, ("1234.5",)),
        ("1,234.5", SIZE, ("1234.5",)),
        ("\u22120.5", SIZE, ("-0.5",)),
        ("512 px", WIDTH, ("512",)),
        ("2048pixels", WIDTH, ("2048",)),
        ("1.024 Pixel", WIDTH, ("1024",)),
        ("512 nm", WIDTH, ()),
        ("512 x 512 px", WIDTH, ()),
        ("1 024 px", WIDTH, ("1024",)),
        ("640 480 px", WIDTH, ()),
        ("512 px 512 px", WIDTH, ()),
        ("2^11", WIDTH, ()),
        ("2048\u00b2", WIDTH, ()),
        ("1024\u00d71024", WIDTH, ()),
        ("10^3 px", WIDTH, ()),
    ],
)
def test_a_number_is_not_read(text: str, column: Column, readings: tuple[str, ...]) -> None:
    value, problems = convert(text, column)
    assert value is UNREADABLE
    assert [(p.code, p.suggestions) for p in problems] == [("NUMBER-BAD", readings)]


def test_two_sizes_in_a_cell_are_told() -> None:
    value, problems = convert("640 480", WIDTH)
    assert (value, [p.code for p in problems]) == (640480, ["NUMBER-BLANK"])


@given(st.integers(0, 10**9), st.sampled_from([" ", "'"]))
def test_groups_of_three(number: int, gap: str) -> None:
    assert numbers.read(f"{number:,}".replace(",", gap), whole=True) == number


@given(st.from_regex(r"\d{1,4} \d{1,4}", fullmatch=True))
def test_two_numbers_never_become_one(text: str) -> None:
    first, last = text.split(" ")
    if len(last) != 3 or len(first) > 3:
        assert numbers.read(text, whole=True) is None


OLD = "10.1002/(SICI)1096-8644(199601)99:1<1::AID-AJPA1>3.0.CO;2-1"
WHOLE = [OLD, OLD[:-1] + "#", "10.1130/0091-7613(1998)026<0671:LOTPOT>2.3.CO;2", "10.1016/S0092-8674(00)80239-1",
         "10.1234/a&b", "10.1000.10/123_4~5", "10.1134/S1062360410020013", "10.3389/fimmu.2020.00001"]  # fmt: skip


@pytest.mark.parametrize("doi", WHOLE)
def test_a_doi_is_kept_whole(doi: str) -> None:
    form = FORMS["doi"]
    assert fits(doi, form) and undress(doi, form) == doi and mended(doi, form) == doi
    for dressed in (f"https://doi.org/{doi}", f"doi:{doi}", f"DOI: {doi}", f"DOI {doi}", f"http://dx.doi.org/{doi}"):
        assert undress(dressed, form) == doi
    escaped = doi.replace("<", "%3C").replace(">", "%3E").replace("#", "%23")
    for address in (f"https://doi.org/{escaped}", f"https://onlinelibrary.wiley.com/doi/abs/{escaped}"):
        assert mended(address, form) == doi


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.1101/2021.03.04.433919v1", "10.1101/2021.03.04.433919"),
        ("10.1101/2021.03.04.433919v3.full.pdf", "10.1101/2021.03.04.433919"),
        ("https://www.biorxiv.org/content/10.1101/2021.03.04.433919v2.abstract", "10.1101/2021.03.04.433919"),
        ("https://www.medrxiv.org/content/10.1101/2020.06.01.20119149v1.full-text", "10.1101/2020.06.01.20119149"),
        ("https://www.biorxiv.org/content/10.64898/2025.12.09.693112v1", "10.64898/2025.12.09.693112"),
        ("https://www.biorxiv.org/content/10.1101/215491v2.full", "10.1101/215491"),
        ("10.48550/arXiv.2101.00001v2", "10.48550/arXiv.2101.00001"),
        ("10.1083/jcb.201909\u2013110", "10.1083/jcb.201909-110"),
        ("https://doi.org/10.1083/jcb.201909110#references", "10.1083/jcb.201909110"),
        ("https://doi.org/10.1083/jcb.201909110?via=hub", "10.1083/jcb.201909110"),
        ("https://rupress.org/jcb/article?doi=10.1083/jcb.201909110", "10.1083/jcb.201909110"),
        ("https://link.springer.com/content/pdf/10.1007/s00418-020-01924-z.pdf", "10.1007/s00418-020-01924-z"),
        ("https://www.frontiersin.org/articles/10.3389/fcell.2021.1/full", "10.3389/fcell.2021.1"),
        ("www.doi.org/10.1083/jcb.201909110.", "10.1083/jcb.201909110"),
        (OLD.replace("<", "&lt;").replace(">", "&gt;"), OLD),
        ("https://doi.org/10.1130/0091-7613(1998)026&lt;0671:LOTPOT&gt;2.3.CO;2", WHOLE[2]),
        ("10.1234/a&amp;b", "10.1234/a&b"),
    ],
)  # fmt: skip
def test_a_doi_among_its_dressing(text: str, doi: str) -> None:
    assert mended(text, FORMS["doi"]) == doi
    assert text == doi or not fits(text, FORMS["doi"])


@pytest.mark.parametrize(
    "text",
    ["10.1083/a 10.1083/b", "10.1083/a; 10.1083/b", "10.1083/a b", "in preparation", "https://example.org/paper"],
)
def test_no_doi_is_made_up(text: str) -> None:
    assert mended(text, FORMS["doi"]) == text and typed_as(text, FORMS["doi"]) == ""


@pytest.mark.parametrize(
    ("text", "form", "other"),
    [
        ("PMC7654321", "pubmed", "pmc"),
        ("31527839", "pmc", "pubmed"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC7654321/", "pubmed", "pmc"),
        ("10.1083/jcb.201909110", "pmc", "doi"),
        ("https://doi.org/10.1083/jcb.201909110", "pubmed", "doi"),
        ("0000-0002-1825-0097", "email", "orcid"),
        ("ada@example.org", "orcid", "email"),
        ("EMD-4321", "doi", "emdb"),
        ("EMPIAR-10310", "doi", "empiar"),
        ("S-BIAD144", "doi", "biostudies"),
        ("grid.4709.a", "ror", "grid"),
        ("0000-0002-1825-0097", "ror", "orcid"),
        ("idr0043", "pubmed", "idr_accession"),
    ],
)
def test_a_number_of_another_registry(text: str, form: str, other: str) -> None:
    assert near(text, FORMS[form]) == ()
    found = of_other_registry(text, FORMS[form], FORMS.values())
    assert found is not None and found.name == other


def test_every_registry_knows_its_own_numbers() -> None:
    examples = {c.format.name: c.example for s in SCHEMA.sheets for c in s.columns if c.format and c.format.called}
    for name, example in examples.items():
        assert of_other_registry(example, FORMS[name], FORMS.values()) is None or fits(example, FORMS[name])
        for form in FORMS.values():
            if form.called and form.name != name:
                assert not fits(undress(example, form), form), (example, form.name)


@pytest.mark.parametrize(
    ("text", "curie"),
    [
        ("NCBITaxon:7955\u00b7", "NCBITaxon:7955"),
        ("NCBITaxon:7955 \u2022", "NCBITaxon:7955"),
        ("NCBITaxon:NCBITaxon 7955", "NCBITaxon:7955"),
        ("NCBITaxon:NCBITaxon_7955", "NCBITaxon:7955"),
        ("UBERON:UBERON:0002113", "UBERON:0002113"),
        ("EFO 0001185", "EFO:0001185"),
        ("CVCL_0030;", ""),
        ("NCBITaxon 7955 7956", ""),
    ],
)
def test_an_identifier_is_read_as_meant(text: str, curie: str) -> None:
    column = (
        SCHEMA["biosamples"]["organism_ids"] if "Taxon" in text else SCHEMA["image_acquisition"]["imaging_method_ids"]
    )
    value, problems = convert(text.rstrip(";"), column)
    if curie:
        assert (value, [(p.code, p.suggestions) for p in problems]) == ((curie,), [("READ-AS", (curie,))])
    else:
        assert not [p for p in problems if p.code == "READ-AS"]


@pytest.mark.parametrize("text", ["NCBITaxon_7955", "taxon:7955", "txid7955", "7955", "NCBITaxon:7955\u00a0",
                                  "http://purl.obolibrary.org/obo/NCBITaxon_7955"])  # fmt: skip
def test_an_identifier_in_another_spelling(text: str) -> None:
    assert convert(text, SCHEMA["biosamples"]["organism_ids"]) == (("NCBITaxon:7955",), ())


BULLETS = ["EMPIAR-11058\u00b7", "\u2022 S-BIAD1344", "https://example.org/a \u2219", "P68871\u30fb"]


@pytest.mark.parametrize("text", BULLETS)
def test_a_bullet_is_no_part_of_an_accession(text: str) -> None:
    bare = text.strip(" \u00b7\u2022\u2219\u30fb")
    value, problems = convert(text, SCHEMA["links"]["link"])
    assert (value, [(p.code, p.suggestions) for p in problems]) == (bare, [("READ-AS", (bare,))])
    assert convert(bare, SCHEMA["links"]["link"]) == (bare, ())
    path = SCHEMA["files"]["path"]
    assert convert("a/b\u00b7", path) == ("a/b\u00b7", ())


@pytest.mark.parametrize("text", ["a@b.org; c@d.org", "a@b.org, c@d.org", "a@b.org/c@d.org", "a@b.org c@d.org"])
def test_two_addresses_are_not_made_one(text: str) -> None:
    assert near(text, FORMS["email"]) == () and mended(text, FORMS["email"]) == text


def test_every_problem_has_its_text() -> None:
    methods = SCHEMA["image_acquisition"]["imaging_method_ids"]
    for text, column in (("640 480", WIDTH), ("03/04/2027", DATE), ("EFO 0001185", methods)):
        for p in convert(text, column)[1]:
            assert find(p.code, value=p.value, suggestions=p.suggestions, **p.fields).message
