"""Released entries as workbooks: what the check says of them, and what they say when they are written again."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from rembi_sheets import archives, checks
from rembi_sheets.archives import Restored
from rembi_sheets.archives.empiar.document import Deposition
from rembi_sheets.findings import Severity
from rembi_sheets.submission import to_tables

FOLDER = Path(__file__).parents[4] / "shared" / "samples" / "empiar"
SAMPLES = sorted(p.name for p in FOLDER.glob("*.*"))
PACKAGE = archives.package("empiar")
DAY = dt.date(2026, 11, 22)
needs_samples = pytest.mark.skipif(not SAMPLES, reason="released entries lie in ../shared/samples/empiar")

# A released header hides e-mail addresses; that is the only fault of these records.
FAULTS = {("REQUIRED-EMPTY", "E-mail")}

# Why a value is not there again, by the end of its place. What is not set anew is told when the record is restored.
SET = "set anew for a deposit"
LINES = "our details are lines with labels; the text is in them"
REASONS = {
    "deposition_date": SET,
    "release": SET,
    "language": "English where none is said",
    "country": "the workbook has no column for it; told",
    "telephone": "the workbook has no column for it; told",
    "orcid": "of a paper's author who is no author of the entry; told",
    "email": "one person has one address; the other is told",
    "micrographs_pattern": "files that lie in /data itself are all of its files",
    "directory": "the fixed part of the file pattern, a folder deeper; told",
}


def leaves(found: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    if dataclasses.is_dataclass(found):
        for f in dataclasses.fields(found):
            if f.compare:
                yield from leaves(getattr(found, f.name), f"{at}.{f.name}")
    elif isinstance(found, tuple):
        for i, item in enumerate(found):
            yield from leaves(item, f"{at}[{i}]")
    elif found not in ("", None):
        yield at, found


def ordered(d: Deposition) -> Deposition:
    """Principal investigators in the order of their names: in a workbook they stand in that of the authors."""
    heads = sorted(d.principal_investigators, key=lambda c: (c.last_name, c.first_name))
    return dataclasses.replace(d, principal_investigators=tuple(heads))


def errors(restored: Restored) -> set[tuple[str, str]]:
    sub = restored.submission
    found = [*checks.check(to_tables(sub), ("empiar",)), *checks.check_submission(sub, ("empiar",))]
    return {(f.code, f.column) for f in (*found, *PACKAGE.check(sub, DAY)) if f.severity is Severity.ERROR}


@needs_samples
@pytest.mark.parametrize("name", SAMPLES)
def test_a_released_entry_says_the_same_again(name: str) -> None:
    document = PACKAGE.parse({name: (FOLDER / name).read_bytes()}).document
    restored = PACKAGE.restore(document)
    assert errors(restored) <= FAULTS
    again = PACKAGE.build(restored.submission, DAY).document
    before, after = dict(leaves(ordered(document))), dict(leaves(ordered(again)))
    lost = {k: v for k, v in before.items() if after.get(k) not in (v, unescape(str(v)))}
    told = "\n".join(restored.not_understood)
    whole = "\n".join(s.details for s in again.image_sets)
    for place, value in lost.items():
        last = place.rpartition(".")[2]
        if last == "details":
            assert " ".join(str(value).split()) in whole, LINES
            continue
        assert last in REASONS, (place, value, after.get(place))
        assert REASONS[last] == SET or str(value) in told, place


def deposition(**changes: Any) -> dict[str, Any]:
    person = {"first_name": "Ada", "last_name": "Beispiel", "organization": "Institute", "country": "DE",
              "email": "ada@example.org", "town_or_city": "N/A", "post_or_zip": "N/A"}  # fmt: skip
    author = {"name": "('Beispiel', 'A')", "order_id": 0}
    sets = {
        "name": "Movies", "directory": "/data/movies", "category": "('T2', '')", "header_format": "('T1', '')",
        "data_format": "('T1', '')", "num_images_or_tilt_series": 3, "frames_per_image": 40, "voxel_type": "('T7', '')",
        "pixel_width": 1.06, "pixel_height": 1.06, "image_width": 4096, "image_height": 4096,
    }  # fmt: skip
    return {
        "title": "A structure of something seen in ice", "release_date": "HO", "experiment_type": 3, "scale": "1",
        "cross_references": [{"name": "EMD-12345"}], "authors": [author], "corresponding_author": person,
        "principal_investigator": [person], "imagesets": [sets],
        "citation": [{"title": "A paper", "authors": [author], "published": False, "j_or_nj_citation": True}],
    } | changes  # fmt: skip


def restored(data: Any) -> Restored:
    result: Restored = PACKAGE.restore(PACKAGE.parse({"d.json": json.dumps(data).encode()}).document)
    return result


def test_a_deposition_comes_back_without_rembi() -> None:
    result = restored(deposition())
    assert not errors(result) and not result.not_understood
    again = PACKAGE.build(result.submission, DAY).document
    assert (again.image_sets[0].directory, again.release, again.emdb) == ("/data/movies", "HO", ("EMD-12345",))
    assert len(result.submission.people) == 1 and set(result.submission.people[0].roles) == {
        "corresponding author",
        "principal investigator",
    }


def test_a_contact_who_is_no_author_is_a_person_more_and_told() -> None:
    other = deposition()["corresponding_author"] | {"last_name": "Muster", "first_name": "Bo"}
    result = restored(deposition(principal_investigator=[other]))
    assert [p.last_name for p in result.submission.people] == ["Beispiel", "Muster"]
    assert any("is no author" in n for n in result.not_understood)


def test_two_addresses_of_one_organisation_are_two_rows() -> None:
    data = deposition()
    other = data["corresponding_author"] | {"town_or_city": "Ulm", "last_name": "Muster", "first_name": "Bo"}
    result = restored(deposition(principal_investigator=[other]))
    assert [o.town for o in result.submission.organisations] == ["", "Ulm"]
    assert len({o.name for o in result.submission.organisations}) == 2


def test_image_sets_of_one_name_become_two() -> None:
    data = deposition()
    result = restored(deposition(imagesets=[*data["imagesets"], *data["imagesets"]]))
    assert len({d.name for d in result.submission.image_data}) == 2


HOSTILE: list[Any] = [
    {},
    {"imagesets": [{}] * 3, "authors": [{}], "citation": [{}], "experiment_type": 10},
    deposition(imagesets=[{"name": "x", "directory": "/data/../../etc/*", "details": "Biosample: ;\nSpecimen: "}]),
    deposition(imagesets=[{"name": n, "details": f"Study component: s\nMade from: {m}"} for n, m in ("ab", "ba")]),
    deposition(imagesets=[{"name": "x", "details": "Specimen: s\nChannels: (((; ) [\nBiosample: b\nOrganism: ("}]),
    deposition(title="x" * 100_000, scale="9", authors=[{"name": "('a', 'b')", "order_id": -1}] * 2),
]


@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_depositions_raise_nothing(data: Any) -> None:
    errors(restored(data))


def test_entities_of_an_entry_are_not_followed() -> None:
    bomb = b"""<!DOCTYPE e [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>
    <entry xmlns="http://pdbe.org/empiar"><admin><title>&b;&x;</title></admin></entry>"""
    assert PACKAGE.recognises({"e": bomb})
    document = PACKAGE.parse({"e.xml": bomb}).document
    assert "lol" not in document.title and "root" not in document.title
    errors(PACKAGE.restore(document))
