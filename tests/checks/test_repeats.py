"""Ditto marks, texts that only point elsewhere, identifiers in two rows, check digits of RORs, absurd sizes."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from rembi_sheets import checks
from rembi_sheets.findings import Finding
from rembi_sheets.repair import repairs
from rembi_sheets.values import is_ditto, is_elsewhere, ror_check_digits
from tests.support import STUDY, book, tables

SPECIMEN = {"Name": "S", "Biosample": "Wild type HeLa", "Preparation method": "Fixed in methanol."}


def check(sheets: dict[str, Any]) -> list[Finding]:
    made, findings = tables(sheets)
    return [*findings, *checks.check(made, ("bioimage-archive",))]


def with_rows(title: str, *rows: dict[str, Any]) -> dict[str, Any]:
    data = copy.deepcopy(STUDY)
    data[title] = [*data[title], *rows]
    return data


@pytest.mark.parametrize(
    "text",
    ['"', "''", "〃", "”", "„", "- \" -", "–″–", "ditto", "Ditto.", "dito", "idem", "same as above", "(as above)",
     "same as previous row", "wie oben", "w. o."],
)  # fmt: skip
def test_a_ditto_mark_is_known(text: str) -> None:
    assert is_ditto(text)


@pytest.mark.parametrize(
    "text",
    ["see above", "See below.", "cf. above", "as described previously", "As previously described", "see row 6",
     "as described in the paper", "see Methods section", "was done as described above", "as in the previous specimen",
     "same as in the previous study", "described elsewhere", "see supplementary information", "siehe oben",
     "performed essentially as described before", "see the publication", "refer to main text", "like before",
     "see protocol", "see attached SOP", "as described in our protocols", "see lab book", "see the wiki"],
)  # fmt: skip
def test_a_text_that_only_points_elsewhere_is_known(text: str) -> None:
    assert is_elsewhere(text) and not is_ditto(text)


@pytest.mark.parametrize(
    "text",
    ["as described in 10.1234/abcd.5678", "as described by Smith et al. 2010", "Fixed as described above, then stained",
     "See-through cuvette", "Above the stage", 'A 5" dish', "same as HeLa", "published protocol of Jones, 2 h at 4 °C",
     "idem et idem", "see https://example.org/protocol", "described in PMID 123456", "before treatment", "below 4 °C",
     "see protocol of Jones et al., 2020", "protocol", "fixed as in protocol 3, then washed"],
)  # fmt: skip
def test_a_text_that_says_something_is_not(text: str) -> None:
    assert not is_ditto(text) and not is_elsewhere(text)


@pytest.mark.parametrize(
    ("sheet", "label", "value", "code"),
    [
        ("Specimens", "Preparation method", "see above", "TEXT-ELSEWHERE"),
        ("Specimens", "Growth protocol", "as described previously", "TEXT-ELSEWHERE"),
        ("Image acquisition", "Instrument attributes", '"', "DITTO"),
        ("Image acquisition", "Image acquisition parameters", "dito", "DITTO"),
        ("Study components", "Study component description", "same as above", "DITTO"),
        ("Biosamples", "Intrinsic variable", "〃", "DITTO"),
        ("Files", "Temperature", '"', "DITTO"),
    ],
)
def test_a_text_that_leans_on_another_is_found_at_its_cell(sheet: str, label: str, value: str, code: str) -> None:
    row = {**STUDY[sheet][0], label: value}
    found = [f for f in check(with_rows(sheet, row)) if f.code == code]
    assert [(f.sheet, f.column, f.severity, f.cells[0][0]) for f in found] == [
        (sheet, label, "warning", 6 + len(STUDY[sheet]))
    ]


def test_fix_repeats_what_a_ditto_mark_stands_for() -> None:
    rows = [{**SPECIMEN, "Name": f"S{n}", "Preparation method": '"', "Biosample": "ditto"} for n in range(6)]
    data = with_rows("Specimens", *rows)
    changes = {c.place: new for c, new in repairs(book(data))}
    made = [n for n in changes.values() if n == STUDY["Specimens"][0]["Preparation method"]]
    assert len(made) == 6
    assert list(changes.values()).count("Wild type HeLa") == 6


def test_fix_leaves_a_mark_that_stands_for_nothing() -> None:
    data = copy.deepcopy(STUDY)
    data["Specimens"] = [{**SPECIMEN, "Preparation method": '"'}, {**SPECIMEN, "Name": '"'}]
    changed = [c for c, _ in repairs(book(data)) if c.why == "a ditto mark"]
    assert changed == []


@pytest.mark.parametrize(
    ("sheet", "label", "value"),
    [
        ("People", "ORCID", "0000-0002-1825-0097"),
        ("Publications", "DOI", "10.1234/abcd.5678"),
        ("Publications", "PubMed ID", "123456"),
        ("Publications", "PMC ID", "PMC7654321"),
    ],
)
def test_an_identifier_of_one_thing_stands_in_one_row(sheet: str, label: str, value: str) -> None:
    data = copy.deepcopy(STUDY)
    person = {**STUDY["People"][0], "First name(s)": "Bo", "Role": None}
    base = person if sheet == "People" else {"Title": "A paper", "Published": "no"}
    first = STUDY["People"][0] if sheet == "People" else {"Title": "Another", "Published": "no"}
    data[sheet] = [
        {**first, label: value},
        {**base, label: value},
        {**base, label: None},
        {**base, label: value.lower()},
    ]
    found = [f for f in check(data) if f.code == "ID-TWICE"]
    assert next((f.sheet, f.column, [r for r, _ in f.cells]) for f in found) == (sheet, label, [7, 9])


@pytest.mark.parametrize("ror", ["02mhbdp94", "05a28rw58", "03yrm5c26", "00f54p054", "04xs57h96"])
def test_the_check_digits_of_a_ror(ror: str) -> None:
    assert ror_check_digits(ror) == ror[-2:]
    wrong = f"{ror[:-2]}{(int(ror[-2:]) + 1) % 97:02d}"
    data = copy.deepcopy(STUDY)
    for given, bad in ((ror, False), (wrong, True), (f"https://ror.org/{wrong}", True)):
        data["Organisations"][0]["ROR ID"] = given
        assert ("FORMAT-BAD" in [f.code for f in check(data)]) is bad


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("Dimension extents - X", 1e300),
        ("Dimension extents - Y", 10**12),
        ("Dimension extents - Z", "1e30"),
        ("Dimension extents - C", 99999999),
        ("Dimension extents - T", 1e20),
        ("Frames per image", 1e300),
        ("Number of images", 1e17),
        ("Pixel/voxel size - X", 1e200),
        ("Pixel/voxel size - Z", 1e12),
    ],
)
def test_a_size_that_nothing_has_is_an_error(label: str, value: object) -> None:
    data = copy.deepcopy(STUDY)
    data["Image data"][0] |= {label: value, "Pixel/voxel size unit": "µm"}
    found = [f for f in check(data) if f.column == label]
    assert [(f.code, f.severity) for f in found] == [("NUMBER-RANGE", "error")]
    assert len(found[0].message) < 150


@pytest.mark.parametrize(("label", "value"), [("Dimension extents - X", 250_000), ("Number of images", 5_000_000)])
def test_a_large_size_that_is_met_passes(label: str, value: int) -> None:
    data = copy.deepcopy(STUDY)
    data["Image data"][0][label] = value
    assert [f for f in check(data) if f.column == label] == []
