"""Method columns composed into each archive's texts, and taken apart again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rembi_sheets import compose
from rembi_sheets.schema import Column, Kind, Origin, load
from rembi_sheets.values import UNREADABLE, convert
from tests import support
from tests.disk.made import check, codes, text
from tests.disk.made import convert as made_for
from tests.test_named_files import FURTHER

SCHEMA = load()
METHODS = [c for s in SCHEMA.sheets for c in s.columns if c.origin is Origin.METHOD]
FURTHER_CHANNEL = {"Specimen": "Cleared organoid", "Channel name": "EGFP", "Channel - content": "H2B-GFP"}


def cell(column: Column) -> str:
    return "yes" if column.kind is Kind.YESNO else column.example


def shown(column: Column) -> str:
    """The line of the column's own example."""
    held, problems = convert(cell(column), column)
    assert held is not None and held is not UNREADABLE and not problems, (column.name, problems)
    return f"{column.phrase}: {compose.value(column, held)}"


def study(*columns: Column, **sheets: Any) -> dict[str, Any]:
    """The good study with a row of every sheet that has method columns, all of them filled."""
    rows: dict[str, dict[str, Any]] = {}
    for c in columns:
        title = SCHEMA[c.sheet].title
        first = FURTHER.get(title, FURTHER_CHANNEL if c.sheet == "channels" else support.STUDY.get(title, [{}])[0])
        rows.setdefault(title, dict(first))[c.label] = cell(c)
    return support.study(**{t.replace(" ", "_"): [r] for t, r in rows.items()}, **sheets)


def texts(archive: str, sheets: dict[str, Any]) -> str:
    made = made_for(sheets, None, archive)
    assert made.files, [(f.code, f.message) for f in made.findings if f.severity == "error"]
    kept = [n for n in made.files if n.endswith((".json", "-study.txt", "study.txt"))]
    return "\n".join(text(made, n) for n in kept)


@pytest.mark.parametrize("archive", SCHEMA.archive_names)
def test_every_method_column_is_found_in_every_archive(archive: str) -> None:
    said = texts(archive, study(*METHODS))
    escaped = [json.dumps(shown(c), ensure_ascii=False)[1:-1].replace('\\"', '"') for c in METHODS]
    assert [line for line in escaped if line not in said.replace('\\"', '"')] == []


def test_the_order_and_what_parts_the_lines() -> None:
    named = {c.name: c for c in METHODS}
    sheets = study(named["fixation"], named["stains"], named["chamber_humidity"])
    free = support.STUDY["Specimens"][0]["Preparation method"]
    lines = [
        "Fixative: formaldehyde, glutaraldehyde",
        "Stain: osmium tetroxide, uranyl acetate, lead aspartate",
        "Chamber humidity: 100 %",
    ]
    page = json.loads(text(made_for(sheets, None, "bioimage-archive"), "submission.json"))
    (prepared,) = [
        a["value"] for s in page["section"]["subsections"] if s["type"] == "Specimen"
        for a in s["attributes"] if a["name"] == "Sample preparation protocol"
    ]  # fmt: skip
    assert prepared.startswith("\n".join([free, *lines]))
    assert "; ".join([free, *lines]) in texts("empiar", sheets)
    assert "; ".join([free, *lines]) in texts("idr", sheets)


def test_light_of_channels_stands_behind_what_they_show() -> None:
    named = {c.name: c for c in METHODS}
    sheets = study(named["excitation_wavelength"], named["detection_wavelength"])
    light = f"[{shown(named['excitation_wavelength'])}, {shown(named['detection_wavelength'])}]"
    assert f"EGFP: H2B-GFP {light}" in texts("bioimage-archive", sheets)
    assert f"EGFP (H2B-GFP) {light}" in texts("empiar", sheets)
    assert f"Channels: EGFP {light}" in texts("idr", sheets)


def test_no_is_no_line_and_no_line_stands_twice() -> None:
    spec = SCHEMA["specimens"]
    humidity = spec["chamber_humidity"]
    sheets = study(humidity)
    sheets["Specimens"][0]["Preparation method"] = "Plunged. Chamber humidity: 100 %; kept cold."
    assert texts("empiar", sheets).count("Chamber humidity: 100 %") == 1
    assert compose.value(humidity, False) == ""
    made = compose.text("Chamber humidity: 1000 %", ["Chamber humidity: 100 %"], "; ")
    assert made == "Chamber humidity: 1000 %; Chamber humidity: 100 %"


def test_a_required_text_counts_as_filled_by_its_column() -> None:
    fixation = SCHEMA["specimens"]["fixation"]
    sheets = study(fixation)
    sheets["Specimens"][0]["Preparation method"] = ""
    assert "REQUIRED-EMPTY" not in codes(check(sheets, None))
    assert "Fixative: formaldehyde" in texts("bioimage-archive", sheets)
    sheets["Specimens"][0][fixation.label] = ""
    assert "REQUIRED-EMPTY" in codes(check(sheets, None))


@pytest.mark.parametrize(
    ("said", "column", "typed", "told"),
    [
        ("Titan Krios at 200 kV", "accelerating_voltage", "300", True),
        ("Titan Krios at 300 kV", "accelerating_voltage", "300", False),
        ("Krios 300 kV, later 200 kV", "accelerating_voltage", "200", False),
        ("Krios", "accelerating_voltage", "200", False),
        ("Krios.\nAccelerating voltage: 200 kV", "accelerating_voltage", "120", True),
    ],
)
def test_a_number_that_differs_from_the_text_is_told(said: str, column: str, typed: str, told: bool) -> None:
    spec = SCHEMA["image_acquisition"]
    sheets = study(spec[column])
    sheets["Image acquisition"][0] |= {"Instrument attributes": said, spec[column].label: typed}
    assert ("METHOD-DIFFERS" in codes(check(sheets, None))) is told
