"""Published pages as workbooks: what they say, what the check says of them, what they say when they are written again.

File lists are not in the samples; each list that a page names is made up here, of two files with an own column.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rembi_sheets import checks
from rembi_sheets.archives import Restored
from rembi_sheets.archives.bioimage_archive.document import Document, sections, value
from rembi_sheets.findings import Severity
from rembi_sheets.submission import to_tables
from tests.archives.bioimage_archive import made
from tests.archives.bioimage_archive.meaning import items, missing

FOLDER = Path(__file__).parents[4] / "shared" / "samples" / "biostudies"
SAMPLES = sorted(p.stem for p in FOLDER.glob("*.json"))
DAY = dt.date(2026, 11, 22)
needs_samples = pytest.mark.skipif(not SAMPLES, reason="published pages lie in ../shared/samples/biostudies")

# Faults of the records, by accession: code and column of each error, and why it is the record's.
FAULTS: dict[str, set[tuple[str, str]]] = {
    "S-BIAD1043": {("REQUIRED-EMPTY", "E-mail"), ("FORMAT-BAD", "PubMed ID"), ("FORMAT-BAD", "DOI")},
    "S-BIAD1135": {("NAME-BAD", "Name")},  # a whole address, longer than a name can be, as name of the organisation
    "S-BIAD1261": {("REQUIRED-EMPTY", "Last name")},
    "S-BIAD1344": {("FORMAT-BAD", "E-mail")},
    # Parameters are "N/A"; no author has an address; annotations have no type.
    "S-BIAD1492": {("REQUIRED-EMPTY", c) for c in ("E-mail", "Image acquisition parameters", "Annotation type")},
    "S-BIAD1879": {("REQUIRED-EMPTY", "E-mail"), ("NAME-BAD", "Identity")},
    "S-BIAD2235": {("REQUIRED-EMPTY", "Study description")},  # "TBD"
    # Associations name biosamples that are not described; correlation and analysis belong to nothing.
    "S-BIAD2808": {
        *(("REQUIRED-EMPTY", c) for c in ("Biological entity", "Organism", "Image data")),
        ("BIA-SAMPLE-UNUSED", "Identity"),
    },
    "S-BIAD599": {("NAME-BAD", "Name"), ("REQUIRED-EMPTY", "E-mail")},
    # Older than REMBI: a study without any of its sections.
    "S-BSST651": {("REQUIRED-EMPTY", "Keywords"), ("REQUIRED-EMPTY", "License"), ("FORMAT-BAD", "E-mail"),
                  ("SHEET-EMPTY", ""), ("COMPONENT-EMPTY", "Name"), ("REQUIRED-EMPTY", "Imaging method"),
                  ("REQUIRED-EMPTY", "Study component description")},
}  # fmt: skip

# Items of a record that are not in the page that its workbook makes, in other words neither: attribute and reason.
LOST = {"pmcid": "the page has no place for it", "type": "the DOI stands as an address, of which one sees the type"}


def page_of(stem: str) -> Document:
    files = {f"{stem}.json": (FOLDER / f"{stem}.json").read_bytes()}
    alone = made.PACKAGE.parse(files)
    assert alone.document is not None
    named = [n for s in sections(alone.document.page.section) if (n := value(s.attributes, "File List"))]
    for n, name in enumerate(named):
        rows = [
            {"path": f"{n}/{i}.tif", "type": "file", "size": 5, "attributes": [{"name": "Dose", "value": f"{i} nM"},
             {"name": "Note", "value": None}]} for i in range(2)
        ]  # fmt: skip
        files[name] = json.dumps(rows).encode()
    parsed = made.PACKAGE.parse(files)
    assert parsed.not_understood == ()
    document: Document = parsed.document
    return document


def faults(restored: Restored) -> set[tuple[str, str]]:
    """Codes and columns of the errors of a record."""
    sub = restored.submission
    day = sub.study.release_date or DAY
    found = [*checks.check(to_tables(sub), (made.ARCHIVE,)), *checks.check_submission(sub, (made.ARCHIVE,))]
    found += made.PACKAGE.check(sub, day)
    return {(f.code, f.column) for f in found if f.severity is Severity.ERROR}


@needs_samples
@pytest.mark.parametrize("stem", SAMPLES)
def test_a_published_page_says_the_same_again(stem: str) -> None:
    document = page_of(stem)
    restored = made.PACKAGE.restore(document)
    assert faults(restored) <= FAULTS.get(stem.partition("_")[0], set())
    day = restored.submission.study.release_date
    assert day is not None
    before, after = items(document), items(made.PACKAGE.build(restored.submission, day).document)
    lost = missing(before, after)
    assert {name for _, _, name, _ in lost} <= LOST.keys()
    assert sum(lost.values()) <= 0.02 * sum(before.values())


# ------------------------------------------------------------------ shapes that the samples do not show


def page(*below: dict[str, Any], **attributes: str) -> dict[str, Any]:
    return {
        "accno": "S-X1",
        "type": "submission",
        "attributes": attrs(Title="A study of something or other", ReleaseDate="2030-01-01"),
        "section": {"type": "Study", "attributes": attrs(**attributes), "subsections": list(below)},
    }


def attrs(**named: str) -> list[dict[str, Any]]:
    return [{"name": n.replace("_", " "), "value": v} for n, v in named.items()]


def section(kind: str, *below: dict[str, Any], **named: str) -> dict[str, Any]:
    return {"type": kind, "attributes": attrs(**named), "subsections": list(below)}


def restored(data: Any, **files: bytes) -> Restored:
    parsed = made.PACKAGE.parse({"page.json": json.dumps(data).encode(), **files})
    result: Restored = made.PACKAGE.restore(parsed.document)
    return result


TITLED = ("Biosample", "Specimen", "Image acquisition")


def described(*titles: str) -> Iterator[dict[str, Any]]:
    for kind in TITLED:
        yield from (section(kind, Title=t) for t in titles)


def joined(biosample: str, specimen: str, acquisition: str = "a", **more: str) -> dict[str, Any]:
    return section("Associations", Biosample=biosample, Specimen=specimen, Image_acquisition=acquisition, **more)


def associations(result: Restored) -> set[tuple[str, ...]]:
    built = made.PACKAGE.build(result.submission, DAY).document
    found = (s for s in sections(built.page.section) if s.type == "Associations")
    return {tuple(a.value or "" for a in s.attributes) for s in found}


@pytest.mark.parametrize(
    ("combinations", "rows"),
    [
        ([("a", "a", "a")], 1),
        ([("a", "a", "a"), ("b", "a", "a")], 1),  # one specimen of two biosamples
        ([("a", "a", "a"), ("b", "b", "a")], 1),
        ([("a", "a", "a"), ("a", "a", "b")], 2),  # a row has one acquisition
        ([("a", "a", "a"), ("b", "a", "a"), ("a", "a", "b")], 2),  # the second shows one biosample of the two
        ([("a", "a", "a"), ("b", "a", "a"), ("a", "b", "a")], 1),
        ([(x, y, "a") for x in "abc" for y in "abc"], 1),
        ([(x, y, z) for x in "ab" for y in "ab" for z in "ab"], 2),
    ],
)
def test_associations_are_the_fewest_rows_that_give_exactly_them(
    combinations: list[tuple[str, ...]], rows: int
) -> None:
    component = section("Study Component", *(joined(*c) for c in combinations), Name="C", Description="d")
    result = restored(page(*described("a", "b", "c"), component))
    assert len(result.submission.image_data) == rows
    assert associations(result) == set(combinations)


def test_old_pages_have_their_sections_within_the_component() -> None:
    below = [section(k) | {"accno": f"{k}-1", "attributes": attrs(Description="x")} for k in TITLED]
    result = restored(page(section("Study Component", *below, Name="C", Description="d")))
    image = result.submission.image_data[0]
    assert (image.specimens[0].name, image.specimens[0].biosamples[0].identity) == ("Specimen-1", "Biosample-1")


def test_associations_may_be_a_table_and_repeat_an_attribute() -> None:
    rows = [joined("a", "a"), joined("b", "b")]
    rows[0]["attributes"] += attrs(Biosample="b")
    component = section("Study Component", Name="C", Description="d") | {"subsections": [rows]}
    assert associations(restored(page(*described("a", "b"), component))) == {
        ("a", "a", "a"),
        ("b", "a", "a"),
        ("b", "b", "a"),
    }


def test_a_title_that_no_section_has_is_kept_and_told() -> None:
    component = section("Study Component", joined("zebra", "a"), Name="C", Description="d")
    result = restored(page(*described("a"), component))
    assert any("zebra" in n for n in result.not_understood)
    assert associations(result) == {("zebra", "a", "a")}


def test_everything_without_a_place_is_told() -> None:
    odd = section("Table", section("Row", Deep="kept in mind"), Column_1="one")
    component = section("Study Component", Name="C", Description="d")
    data = page(odd, component, section("Biosample", Title="a", Colour="blue"), Study_Type="RNAi; primary")
    told = "\n".join(restored(data).not_understood)
    assert all(t in told for t in ("kept in mind", "one", "blue", "S-X1"))


def test_what_the_study_says_of_its_own_stays_with_the_description() -> None:
    result = restored(page(Description="Of cells.", Data_availability="On request", Organism="Mus musculus"))
    description = result.submission.study.study_description
    assert description.splitlines() == ["Of cells.", "Data availability: On request", "Organism: Mus musculus"]


def test_files_that_the_page_names_itself_are_rows() -> None:
    """Of a component, and of a study from before REMBI that has none."""
    found = [{"path": f"x/{n}.tif", "type": "file", "size": 1, "attributes": attrs(Dose=f"{n} nM")} for n in range(3)]
    whole = page()
    whole["section"]["files"] = [*found[:1], found[1:]]
    component = section("Study Component", joined("a", "a"), Name="C", Description="d") | {"files": found}
    for data, name in ((whole, "Files of the study"), (page(*described("a"), component), "C")):
        sub = restored(data).submission
        assert sub.own_columns == ("Dose",) and [c.name for c in sub.study_components] == [name]
        lists = made.PACKAGE.build(sub, DAY).document.file_lists
        assert [row[0] for row in lists[0].rows()] == ["x/0.tif", "x/1.tif", "x/2.tif"]


def test_sections_that_no_association_names_are_written_again() -> None:
    # an acquisition that no image data uses may be another instrument of a facility, of which nothing is written
    odd = [section(k, Title="lone") for k in ("Biosample", "Specimen", "Image correlation", "Image analysis")]
    component = section("Study Component", joined("a", "a"), Name="C", Description="d")
    document = made.PACKAGE.build(restored(page(*described("a"), *odd, component)).submission, DAY).document
    written = [s.type for s in sections(document.page.section) if value(s.attributes, "Title") == "lone"]
    assert sorted(written) == sorted(s["type"] for s in odd)


def test_several_image_data_and_a_list_of_others() -> None:
    """A component of several rows of Image data whose list does not say which file is whose."""
    combinations = [("a", "a", "a"), ("a", "a", "b")]
    component = section(
        "Study Component", *(joined(*c) for c in combinations), Name="C", Description="d", File_List="l.json"
    )
    rows = [{"path": f"{n}.tif", "attributes": attrs(Image="first" if n < 2 else "second")} for n in range(4)]
    data = page(*described("a", "b"), component)
    parsed = made.PACKAGE.parse({"page.json": json.dumps(data).encode(), "l.json": json.dumps(rows).encode()})
    result = made.PACKAGE.restore(parsed.document)
    again = made.PACKAGE.build(result.submission, DAY).document
    assert missing(items(parsed.document), items(again)) == {}
    assert not {f for f in faults(result) if f[0].startswith(("FILES", "FILE-"))}


def test_a_semicolon_in_a_title_stays_one_name() -> None:
    component = section("Study Component", joined("a; b", "a"), Name="C", Description="d")
    result = restored(page(section("Biosample", Title="a; b"), *described("a"), component))
    assert associations(result) == {("a, b", "a", "a")}
    assert any("comma for the semicolon" in n for n in result.not_understood)


def test_columns_of_a_list_become_own_columns() -> None:
    component = section("Study Component", joined("a", "a"), Name="C", Description="d", File_List="l.json")
    rows = [{"path": "a.tif", "attributes": attrs(Dose="1 nM", Type="raw")}, {"path": "b.tif"}]
    result = restored(page(*described("a"), component), **{"l.json": json.dumps(rows).encode()})
    sub = result.submission
    assert sub.own_columns == ("Dose", "Type") and sub.file_counts == {"C": 2}


CIRCLE = [
    section("Image analysis", Title=f"Processing: {a}", Image_analysis_overview=f"x\nMade from image data: {b}")
    for a, b in ("xy", "yx")
]
HOSTILE: list[Any] = [
    {"section": None},
    {"section": {"type": None, "subsections": [[{}], {"type": "Biosample"}]}},
    page(*[section("Biosample", Title="same")] * 3, *[section("Study Component", Name="same")] * 2),
    page(*CIRCLE, section("Study Component", *(joined("a", "a", Image_analysis=f"Processing: {x}") for x in "xy"))),
    page(section("Study Component", *[section("Associations")] * 3, Name="\u0000\ud800;;;")),
    page(section("Author", Name=",", affiliation=";"), section("organisation"), section("Publication", DOI="&lt;")),
    page(section("Specimen", Title="s", Sample_preparation_protocol="Channels: ;; : () in \nChannels: [")),
    page(Title="x" * 100_000, Keywords=";" * 5000, License="=cmd()", ReleaseDate="0000-00-00"),
]


@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_pages_raise_nothing(data: Any) -> None:
    result = restored(data)
    checks.check(to_tables(result.submission), (made.ARCHIVE,))
    checks.check_submission(result.submission, (made.ARCHIVE,))


def test_a_page_of_absurd_depth_is_told_and_no_more() -> None:
    deep = b'{"section":' + b'{"type":"X","subsections":[' * 50_000
    parsed = made.PACKAGE.parse({"page.json": deep})
    assert parsed.document is None and parsed.not_understood
