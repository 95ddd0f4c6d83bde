"""What a link without its beginning was meant to be is offered, and never done without asking."""

from __future__ import annotations

import pytest

from rembi_sheets.archives import package
from rembi_sheets.values import addresses
from tests import support


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("www.example.org", "https://www.example.org"),
        ("WWW.example.org/Data?x=1", "https://WWW.example.org/Data?x=1"),
        ("gitlab.example.org/lab/code", "https://gitlab.example.org/lab/code"),
        ("example.org:8080/a", "https://example.org:8080/a"),
        ("http:/example.org/a", "http://example.org/a"),
        ("https//example.org/a", "https://example.org/a"),
        ("https:\\\\example.org\\a", ""),  # back slashes in it: what is a part of the path cannot be told
        ("https:\\\\example.org/a", "https://example.org/a"),
        ("htps://example.org", "https://example.org"),
        ("htttp://example.org", "http://example.org"),
        ("ttps://example.org", "https://example.org"),
        ("https;//example.org", "https://example.org"),
        ("https://example.org", ""),
        ("HTTPS://example.org", ""),
        ("ftp://example.org", ""),
        ("example.org", ""),  # may be the name of a file
        ("results.csv", ""),
        ("www.results", ""),
        ("figure 3 of www.example.org/a", ""),
        ("PXD012345", ""),
        ("10.1234/abcd.5678", ""),
        ("data/raw.zip", ""),
        ("", ""),
    ],
)
def test_an_address_that_was_meant(text: str, meant: str) -> None:
    assert addresses.near(text) == meant


def test_it_is_offered_at_the_link() -> None:
    sub = support.submission(support.study(Links=[{"Link": "www.example.org/a"}, {"Link": "XYZ12"}]))
    found = [f for f in package("bioimage-archive").check(sub, support.TODAY) if f.code == "BIA-LINK"]
    assert [(f.value, f.suggestions) for f in found] == [
        ("www.example.org/a", ("https://www.example.org/a",)),
        ("XYZ12", ()),
    ]
