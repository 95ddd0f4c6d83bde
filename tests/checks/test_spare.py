"""Rows that came with a template and that nothing uses: filled in partly, they are no mistake, and count nowhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rembi_sheets import pipeline
from rembi_sheets.archives import Content
from rembi_sheets.findings import Finding, Severity
from rembi_sheets.schema import Kind, load
from rembi_sheets.tables import from_book
from rembi_sheets.tables.spare import spare
from tests.support import STUDY, TODAY, book, study

SCHEMA = load()
SPARE = ("organisations", "image_acquisition")


def workbook(sheets: Any) -> pipeline.Workbook:
    made = book(sheets)
    tables, findings = from_book(made, SCHEMA)
    return pipeline.Workbook(Path("study.xlsx"), SCHEMA, tuple(findings), made, tables)


def checked(sheets: Any, archives: tuple[str, ...] = ()) -> list[Finding]:
    return list(pipeline.check(workbook(sheets), archives, today=TODAY).findings)


def bad(sheets: Any) -> set[tuple[str, str, str]]:
    return {(f.code, f.sheet, f.addresses[0] if f.addresses else "") for f in checked(sheets) if f.severity != "note"}


def with_row(sheet: str, cells: dict[str, Any]) -> dict[str, Any]:
    title = SCHEMA[sheet].title
    return study(**{title.replace(" ", "_"): [*STUDY[title], cells]})


def test_the_sheets_are_those_whose_rows_are_defaults_and_named_elsewhere() -> None:
    named = {c.reference for s in SCHEMA.sheets for c in s.columns if c.kind is Kind.REFERENCE}
    assert {s.name for s in SCHEMA.sheets if s.defaults and s.name in named} == set(SPARE)


@pytest.mark.parametrize("sheet", SPARE)
def test_any_cell_of_a_spare_row_may_be_empty_or_odd(sheet: str) -> None:
    """Each column alone beside the name, filled with its example and with what no column takes."""
    there = bad(STUDY)
    name = SCHEMA[sheet][SCHEMA[sheet].key[0]].label
    assert bad(with_row(sheet, {name: "Spare"})) == there
    examples = {c.label: c.example for c in SCHEMA[sheet].columns if not c.own and c.label != name}
    odd: dict[str, Any] = dict.fromkeys(examples, "\u00a7 none of that")
    halves = list(examples.items())
    for cells in (examples, odd, dict(halves[::2]), dict(halves[1::2])):
        assert bad(with_row(sheet, {name: "Spare", **cells})) == there


def test_one_that_is_used_is_judged() -> None:
    sheets = with_row("image_acquisition", {"Name": "Spare"})
    sheets["Image data"] = [{**STUDY["Image data"][0], "Image acquisition": "Spare"}]
    assert any(code == "REQUIRED-EMPTY" and sheet == "Image acquisition" for code, sheet, _ in bad(sheets))
    people = study(People=[{**STUDY["People"][0], "Organisation": "Spare"}])
    people["Organisations"] = [{"Name": "Spare", "ROR ID": "no such number"}, *STUDY["Organisations"]]
    assert ("FORMAT-BAD", "Organisations", "B6") in bad(people)


def test_a_name_that_leads_nowhere_may_mean_a_row_that_seems_spare() -> None:
    sheets = with_row("image_acquisition", {"Name": "Spare"})
    sheets["Image data"] = [{**STUDY["Image data"][0], "Image acquisition": "Sparee"}]
    assert ("REQUIRED-EMPTY", "Image acquisition", "B7") in bad(sheets)
    assert not spare(workbook(sheets).tables or pytest.fail())


def test_what_is_spare_is_told_once_and_nothing_of_it_is_written_or_counted() -> None:
    sheets = with_row("image_acquisition", {"Name": "Spare microscope"})
    sheets["Organisations"] = [*STUDY["Organisations"], {"Name": "Spare institute"}]
    made = pipeline.convert(workbook(sheets), today=TODAY)
    plain = pipeline.convert(workbook(STUDY), today=TODAY)
    told = {f.code for f in made.findings} - {f.code for f in plain.findings}
    assert told == {"ACQUISITION-UNUSED", "ORGANISATION-UNUSED"}
    assert made.files and deposited(made) == deposited(plain)
    lost = {x.value for x in made.losses if "nothing in the study leads" in x.went}
    assert lost == {"Spare microscope", "Spare institute"}
    one, other = pipeline.completeness(made.checked), pipeline.completeness(plain.checked)
    assert one is not None and other is not None
    assert (one.total, one.modules, one.archives, one.readers) == (
        other.total,
        other.modules,
        other.archives,
        other.readers,
    )


def deposited(made: pipeline.Conversion) -> dict[str, bytes]:
    """What is handed in; the next steps name what is lost."""
    return {n: _whole(c) for n, c in made.files.items() if not n.endswith("NEXT-STEPS.md")}


def _whole(content: Content) -> bytes:
    return content if isinstance(content, bytes) else b"".join(content())


LAB = {
    "Study": {"License": "CC0", "Archives": "BIA"},
    "Organisations": [{"Name": "Imaging facility", "Town or city": "Heidelberg"}],
    "People": [{"Last name": "Muster"}],
    "Image acquisition": [{"Name": "Confocal", "Microscope": "Leica STELLARIS"}, {"Name": "Krios"}],
}


def test_defaults_alone_are_one_finding_and_what_stands_in_them_is_checked() -> None:
    assert [f.code for f in checked(LAB)] == ["FILE-DEFAULTS"]
    wrong = {**LAB, "Organisations": [{"Name": "Imaging facility", "ROR ID": "https://ror.org/02mhbdp9x"}]}
    wrong["People"] = [{"Last name": "Muster", "Organisation": "Imagin facility"}]
    assert {f.code for f in checked(wrong)} == {"FILE-DEFAULTS", "FORMAT-BAD", "REF-UNKNOWN"}
    assert not pipeline.check(workbook(LAB), today=TODAY).as_json()["passed"]


@pytest.mark.parametrize(
    "more",
    [{"Study": {"Study title": "Nuclei"}}, {"Biosamples": [{"Identity": "HeLa"}]}, {"Files": [{"Path": "a.tif"}]}],
)
def test_with_anything_of_a_study_all_that_it_lacks_is_named(more: dict[str, Any]) -> None:
    found = checked({**LAB, **more})
    assert "FILE-DEFAULTS" not in {f.code for f in found}
    assert sum(f.severity is Severity.ERROR for f in found) > 3
