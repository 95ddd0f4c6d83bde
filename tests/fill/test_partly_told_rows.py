"""Rows whose name is missing or cannot be used: what else is known of them is not lost with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rembi_sheets import pipeline
from rembi_sheets.fill import Proposal, merge
from rembi_sheets.fill.model import State
from rembi_sheets.fill.sources import SourceError, recognised
from rembi_sheets.fill.sources.workbook import of_tables
from rembi_sheets.submission import from_tables, of_records, to_tables
from tests import support
from tests.archives.bioimage_archive.test_restore import joined, page, section

EMPTY = to_tables(of_records(support.tables({})[0].schema, {}))


def known(sheet: str, **cells: Any) -> Any:
    tables, findings = support.tables({sheet: [cells]})
    return of_tables(tables, "x", True, findings)


@pytest.mark.parametrize(
    ("sheet", "name", "cells"),
    [
        ("Publications", "publications", {"DOI": "10.1101/2023.03.12.532249", "Year": 2023}),
        ("Publications", "publications", {"Title": "Moving nuclei", "DOI": "10.1/x y", "Journal or book": "Cell"}),
        ("Publications", "publications", {"Title": "Moving nuclei", "DOI": "0.1101/2025.03.24", "Year": 2025}),
        ("Funding", "funding", {"Grant ID": "EF-1"}),
        ("People", "people", {"First name(s)": "Ada", "E-mail": "ada@example.org"}),
    ],
)
def test_a_row_is_made_of_what_tells_it(sheet: str, name: str, cells: dict[str, Any]) -> None:
    said = known(sheet, **cells)
    made = merge(EMPTY, said.proposals)
    assert len(made.tables[name].frame) == 1
    table = made.tables[name]
    labels = {table.label(c) for c in table.frame.columns if table.frame[c].tolist()[0] is not None}
    refused = {e.place.label for e in made.of(State.NOT_UNDERSTOOD)}
    assert labels | refused == set(cells) and refused <= {"DOI"}
    again = merge(made.tables, said.proposals)
    assert not again.of(State.FILLED) and len(again.tables[name].frame) == 1


def test_a_row_that_nothing_tells_is_listed_with_all_it_says() -> None:
    said = known("Publications", **{"Year": 2024, "Journal or book": "Cell"})
    assert not said.proposals
    assert ["2024" in u.value and "Cell" in u.value for u in said.unplaced] == [True]
    assert not merge(EMPTY, said.proposals).entries


def test_what_others_refer_to_needs_its_name() -> None:
    """Wells of no file, samples without identity: whose they are is not known."""
    proposals = [
        Proposal("biosamples", ("",), "description", "x", "s"),
        Proposal("files", ("", "P1", "A1", ""), "source_image", "a.tif", "s"),
    ]
    made = merge(EMPTY, proposals)
    assert not made.of(State.FILLED) and len(made.unplaced) == 2


def test_names_that_are_too_long_begin_alike_and_are_told(tmp_path: Path) -> None:
    """Of whatever sheet: what refers to them still does."""
    long = "Institute of Very Long Names, University of the Farthest Town, " + "Street of Many Numbers, " * 6 + "end"
    titles = [f"{'sample of something ' * 9}{n}" for n in (1, 2)]
    samples = [section(k, Title=t) for k in ("Biosample", "Specimen", "Image acquisition") for t in titles]
    component = section("Study Component", *(joined(t, t, t) for t in titles), Name=long, Description="d")
    organisation = section("organisation", Name=long) | {"accno": "o1"}
    author = section("Author", Name="Ada Beispiel", affiliation="o1")
    (tmp_path / "page.json").write_text(json.dumps(page(author, organisation, *samples, component)), "utf-8")
    said = recognised(tmp_path / "page.json")
    sub = from_tables(merge(EMPTY, said.proposals).tables)
    names = [*(b.identity for b in sub.biosamples), *(s.name for s in sub.specimens), sub.study_components[0].name]
    assert len(set(names)) == 5 - 2 and max(map(len, names)) <= 150
    assert [[b.identity for b in d.specimens[0].biosamples] for d in sub.image_data] == [[n] for n in names[:2]]
    (home,) = sub.people[0].organisations
    assert long.startswith(home.name) and sub.image_data[0].study_component is sub.study_components[0]
    assert all([u for u in said.unplaced if u.value == t] for t in (*titles, long))


@pytest.mark.parametrize(
    ("content", "why"),
    [(b'{"section":' + b'{"subsections":[' * 50_000, "deeply"), (b'{"section": {,', "line 1"), (b"{\xff}", "UTF-8")],
)
def test_a_record_that_cannot_be_read_is_refused_with_the_reason(content: bytes, why: str, tmp_path: Path) -> None:
    (tmp_path / "page.json").write_bytes(content)
    with pytest.raises(SourceError, match=why):
        recognised(tmp_path / "page.json")


def test_what_would_be_filled_is_known_without_a_copy() -> None:
    said = known("Publications", Title="Moving nuclei", Year=2025, Language="English")
    blank = pipeline.blank()
    with_copy, without = (pipeline.fill(blank, said, merged_only=asked) for asked in (False, True))
    assert with_copy.content and not without.content
    assert (without.merged.as_json(), without.columns) == (with_copy.merged.as_json(), with_copy.columns)
