"""A licence may be written as its deed, a journal or a repository writes it; another one is never taken for it."""

from __future__ import annotations

import pytest

from rembi_sheets import vocabularies

KINDS = {
    "BY": "Attribution",
    "BY-SA": "Attribution-ShareAlike",
    "BY-NC": "Attribution-NonCommercial",
    "BY-NC-SA": "Attribution-NonCommercial-ShareAlike",
    "BY-NC-ND": "Attribution-NonCommercial-NoDerivatives",
    "BY-ND": "Attribution-NoDerivatives",
}


def said(text: str) -> str:
    """The list's word for a text; "" where it has none."""
    found = vocabularies.resolve(text, "license")
    return found.entry.label if found.entry else ""


@pytest.mark.parametrize(("kind", "name"), KINDS.items())
@pytest.mark.parametrize(("version", "scope"), [("4.0", "International"), ("3.0", "Unported")])
def test_each_licence_is_known_by_its_short_and_its_long_name(kind: str, name: str, version: str, scope: str) -> None:
    short, whole = f"CC {kind}", f"CC {kind} {version}"
    for written in (
        whole, f"{whole} {scope}", f"{short} {version[0]}", f"{short} {version[0]} {scope}",
        f"{short}-{version}".replace(" ", "-"), whole.lower(), f"cc-{kind.lower()} {version[0]}",
        f"Creative Commons {name} {version}", f"Creative Commons {name} {version} {scope}",
        f"https://creativecommons.org/licenses/{kind.lower()}/{version}/",
    ):  # fmt: skip
        assert said(written) == whole, written


@pytest.mark.parametrize("text", ["CC BY 5", "CC BY 4.1", "CC BY 40", "CC BY 4.0 Unported", "CC BX 4", "CC 4.0"])
def test_a_licence_that_does_not_exist_is_none(text: str) -> None:
    assert not said(text)


def test_cc0_is_known_by_its_whole_name() -> None:
    assert {said(t) for t in ("CC0 1.0 Universal", "cc0 1.0", "Creative Commons Zero 1.0 Universal")} == {"CC0"}


@pytest.mark.parametrize(
    "text", ["public domain", "Public Domain Mark 1.0", "PDM", "no rights reserved", "CC0 or CC BY"]
)
def test_what_is_free_is_not_therefore_cc0(text: str) -> None:
    """A work of a government or of old age is in the public domain; nobody has waived their rights to it."""
    assert not said(text)
