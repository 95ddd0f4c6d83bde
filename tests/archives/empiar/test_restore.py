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
from rembi_sheets.archives.empiar.document import Deposition, Grant
from rembi_sheets.findings import Severity
from rembi_sheets.submission import to_tables

FOLDER = Path(__file__).parents[4] / "shared" / "samples" / "empiar"
SAMPLES = sorted(p.name for p in FOLDER.glob("*.*"))
PACKAGE = archives.package("empiar")
DAY = dt.date(2026, 11, 22)
needs_samples = pytest.mark.skipif(not SAMPLES, reason="released entries lie in ../shared/samples/empiar")

# A released header hides e-mail addresses; that is the only fault of these records.
FAULTS = {("REQUIRED-EMPTY", "E-mail")}

# What the archive or the day of a deposit sets, whatever the record says.
SET = {"deposition_date", "release"}

# What a record says and its conversion does not, by its place: why. All of it is told when the record is restored.
ONE_ADDRESS = "one person has one address"
LOST: dict[str, dict[str, str]] = {
    "EMPIAR-10017.xml": {},
    "EMPIAR-10934.xml": {},
    "EMPIAR-11987.xml": {},
    "EMPIAR-12445.xml": {},
    "depositor_working_example.json": {".principal_investigators[0].email": ONE_ADDRESS},
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


def plain(value: Any) -> str:
    return " ".join(unescape(str(value)).split())


def missing(document: Deposition, again: Deposition) -> tuple[dict[str, Any], int]:
    """Items of a record that its conversion does not say, and how many it has.

    Details of a paper and of an image set may stand in those of any set, behind a label; a directory may be the fixed
    part of the set's file pattern, a folder deeper.
    """
    before, after = dict(leaves(ordered(document))), dict(leaves(ordered(again)))
    asked = {place: value for place, value in before.items() if place.rpartition(".")[2] not in SET}
    whole = plain("\n".join(s.details for s in again.image_sets))

    def there(place: str, value: Any) -> bool:
        now, last = after.get(place), place.rpartition(".")[2]
        if plain(now) == plain(value):
            return True
        if last == "directory":
            return str(now).startswith(f"{value}/")
        return last == "details" and plain(value) in whole

    return {place: value for place, value in asked.items() if not there(place, value)}, len(asked)


@needs_samples
@pytest.mark.parametrize("name", SAMPLES)
def test_a_released_entry_says_the_same_again(name: str) -> None:
    parsed = PACKAGE.parse({name: (FOLDER / name).read_bytes()})
    restored = PACKAGE.restore(parsed.document)
    assert errors(restored) <= FAULTS
    again = PACKAGE.build(restored.submission, DAY).document
    lost, number = missing(parsed.document, again)
    assert lost.keys() == LOST[name].keys()
    told = "\n".join((*parsed.not_understood, *restored.not_understood))
    assert [value for value in lost.values() if str(value) not in told] == []
    assert len(lost) <= 0.02 * number
    if parsed.document.deposition_date:
        assert parsed.document.deposition_date.isoformat() in told


@needs_samples
@pytest.mark.parametrize("name", SAMPLES)
def test_details_without_our_lines_come_back_as_they_were(name: str) -> None:
    document = PACKAGE.parse({name: (FOLDER / name).read_bytes()}).document
    again = PACKAGE.build(PACKAGE.restore(document).submission, DAY).document
    for before, after in zip(document.image_sets, again.image_sets, strict=True):
        lines = [" ".join(t.split()) for t in before.details.split("\n") if t.strip()]
        kept = after.details.split("\n")
        assert [t for t in kept if t in lines] == lines
        assert not any(t.startswith("Study component") for t in kept)


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


@pytest.mark.parametrize(
    "details",
    [
        "Movies were taken at 1.06 Å.",
        "Pixel size: 1.06 Å\nDose: 40",
        "Keywords: one; two",
        "Study component: our own",
        "Biosample: yeast\nOrganism: Saccharomyces cerevisiae",
        "Size: large",
        "Instrument: Krios\nPreparation: on grids",
        "Made from: raw movies\nMovies of a kind",
        "Dimensions: quite large\nVoxel size: 3 x 3 x 5 nm\nVoxel size: unknown",
    ],
)
def test_details_say_the_same_again_and_again(details: str) -> None:
    data = deposition()
    sets = [data["imagesets"][0] | {"details": details, "name": n} for n in ("Movies", "Sums")]
    first = restored(deposition(imagesets=sets))
    once = PACKAGE.build(first.submission, DAY).document
    twice = PACKAGE.build(PACKAGE.restore(once).submission, DAY).document
    assert [s.details for s in twice.image_sets] == [s.details for s in once.image_sets]
    told = "\n".join(first.not_understood)
    for found in once.image_sets:
        said = [line.partition(": ")[2] or line for line in details.split("\n")]
        assert [text for text in said if text not in found.details and text not in told] == []


def test_orcids_of_authors_of_a_paper_come_back() -> None:
    cited = [{"name": "('Muster', 'B')", "order_id": 0, "author_orcid": "0000-0002-1825-0097"},
             {"name": "('Beispiel', 'A')", "order_id": 1}]  # fmt: skip
    paper = deposition()["citation"][0] | {"authors": cited}
    result = restored(deposition(citation=[paper]))
    assert result.submission.publications[0].authors == ("Muster B [0000-0002-1825-0097]", "Beispiel A")
    assert not errors(result) and not result.not_understood
    again = PACKAGE.build(result.submission, DAY).document.citations[0].authors
    assert [(a.last_name, a.initials, a.orcid) for a in again] == [
        ("Muster", "B", "0000-0002-1825-0097"),
        ("Beispiel", "A", ""),
    ]


def test_what_is_asked_for_in_the_fullest_workbooks_comes_back() -> None:
    """Telephone of a contact, country of a paper; the XML has that of a grant too."""
    person = deposition()["corresponding_author"] | {"telephone": "+49 1"}
    paper = deposition()["citation"][0] | {"country": "GB"}
    result = restored(deposition(corresponding_author=person, principal_investigator=[person], citation=[paper]))
    assert not errors(result) and not result.not_understood
    again = PACKAGE.build(result.submission, DAY).document
    assert (again.corresponding_author.telephone, again.citations[0].country) == ("+49 1", "United Kingdom")
    granted = dataclasses.replace(again, grants=(Grant("Fund", "F-1", "Norway"), Grant("Other", "F-2")))
    assert PACKAGE.build(PACKAGE.restore(granted).submission, DAY).document.grants == granted.grants


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
    others = [s | {"directory": f"{s['directory']}/more"} for s in data["imagesets"]]
    result = restored(deposition(imagesets=[*data["imagesets"], *others]))
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
