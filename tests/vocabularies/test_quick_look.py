"""The quick look for an identifier misses none, however it is written."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rembi_sheets.vocabularies.identifiers import labelled, may_identify, normalise_id

FORMS = (
    "{p}:{n}", "{p}_{n}", " {p}:{n} ", "<{p}_{n}>", "http://purl.obolibrary.org/obo/{p}_{n}", "txid{n}", "TaxID {n}",
    "ncbi txid={n}", " < taxon {n}", "<<taxonomy:{n}>>", "www.example.org/taxonomy/{n}", "NCBI{n}", "a [{p}:{n}]",
    "cell ({p}_{n})", "{n}", " {n} ",
)  # fmt: skip
PREFIXES = ("CL", "NCBITaxon", "CVCL", "LAB")
NUMBERS = st.from_regex(r"[0-9]{1,8}", fullmatch=True)


@settings(max_examples=60)
@given(st.sampled_from(FORMS), st.sampled_from(PREFIXES), NUMBERS)
def test_whatever_is_an_identifier_may_be_one(form, prefix, number):
    text = form.format(p=prefix, n=number)
    for written in (text, text.upper(), text.casefold(), text.title(), f"\u00a0{text}\t"):
        if normalise_id(written) or labelled(written) or written.strip().isdigit():
            assert may_identify(written), written


@pytest.mark.parametrize("text", ["HeLa", "U2OS cells", "3T3 fibroblasts", "Danio rerio", "HCT116-Cas9", "", " "])
def test_plain_words_are_none(text):
    assert not may_identify(text)
