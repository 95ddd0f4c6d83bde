"""Back from files: our own, and those of ../shared; what the document cannot hold is told, nothing else is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from rembi_sheets.archives import package
from rembi_sheets.archives.empiar.document import Deposition
from rembi_sheets.archives.empiar.parse import files as reading
from rembi_sheets.archives.empiar.render import deposition as as_json
from rembi_sheets.archives.empiar.render import entry, verify
from tests.archives.empiar.judges import deposition, rendered, shared
from tests.archives.empiar.leaves import differences, of_json, of_xml
from tests.archives.empiar.studies import FIB_SEM, with_cells

empiar = package("empiar")

ENTRIES = ["EMPIAR-10017", "EMPIAR-10934", "EMPIAR-11987", "EMPIAR-12445"]
# What the archive adds to an entry, which the document has no place for.
OUTSIDE = (
    "entry/@accessionCode",
    "entry/@schemaVersion",
    "entry/@public",
    "admin/currentStatus",
    "admin/keyDates/releaseDate",
    "admin/keyDates/updateDate",
    "admin/versionHistory/",
    "admin/datasetSize",
    "admin/entryDOI",
)
TOLD = (*OUTSIDE, "admin/keyDates/depositionDate")  # read, but a new deposit has a day of its own


def document(files: dict[str, bytes]) -> Deposition:
    found = empiar.parse(files).document
    assert isinstance(found, Deposition)
    return found


@pytest.mark.parametrize("accession", ENTRIES)
def test_released_entry_loses_only_what_the_archive_added(accession: str) -> None:
    content = shared(f"samples/empiar/{accession}.xml").read_bytes()
    parsed = empiar.parse({"entry.xml": content})
    strange = [s.removeprefix("entry.xml: ") for s in parsed.not_understood]
    assert [s for s in strange if not s.startswith(TOLD)] == []
    again = entry.dump(parsed.document)
    assert verify.xml_faults(content) == verify.xml_faults(again) == []
    found = differences(of_xml(content), of_xml(again))
    left = {k for k in found if not f"entry/{k}".startswith(OUTSIDE) and not k.startswith(OUTSIDE)}
    assert {k for k in left if found[k][0] is not None} == set()
    assert {k.rpartition("/")[2] for k in left} <= {"@private"}  # written out from schema 0.65 on
    assert document({"entry.xml": again}) == parsed.document


def test_working_example_of_the_depositor_comes_back_whole() -> None:
    content = shared("samples/empiar/depositor_working_example.json").read_bytes()
    parsed = empiar.parse({"deposition.json": content})
    assert parsed.not_understood == ()
    again = as_json.dump(parsed.document)
    assert differences(of_json(json.loads(content)), of_json(json.loads(again))) == {
        "citation[0]/preprint": (None, False)
    }
    assert verify.json_faults(again) == []


def test_each_file_alone() -> None:
    whole = deposition(FIB_SEM)
    files = rendered(whole)
    from_json = document({"deposition.json": files["deposition.json"]})
    from_xml = document({"entry.xml": files["entry.xml"]})
    assert from_json == replace(whole, deposition_date=None)
    assert from_xml == replace(whole, release="")
    assert reading.differences(from_json, from_xml) == []


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (b"FIB-SEM</exp", b"SBF-SEM</exp", "experiment_type"),
        (b"<pixelWidth>50<", b"<pixelWidth>5<", "image_sets[0].pixel_width"),
        (b'order="1">Beispiel A<', b'order="1">Beispiel B<', "citations[0].authors[0].initials"),
        (b"<town", b"<!-- no town --><town", ""),
    ],
)
def test_a_difference_of_the_two_is_found(old: bytes, new: bytes, place: str) -> None:
    files = rendered(deposition(FIB_SEM))
    assert old in files["entry.xml"]
    files["entry.xml"] = files["entry.xml"].replace(old, new, 1)
    found = empiar.parse(files).not_understood
    assert [f.partition(" differ in ")[2].partition(":")[0] for f in found] == ([place] if place else [])


def test_what_only_one_file_holds_is_joined() -> None:
    whole = deposition(FIB_SEM)
    grants = entry.dump(replace(whole, grants=()))
    files = {"deposition.json": as_json.dump(whole), "entry.xml": grants}
    assert document(files).release == "HP"
    assert document(files).deposition_date == whole.deposition_date


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff\xfe", b'{"title": 5}', b'{"authors": [5], "imagesets": [{"name": []}]}', b"null"],
)
def test_broken_json_is_told(content: bytes) -> None:
    assert empiar.parse({"deposition.json": content}).not_understood


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<entry>",
        b"<entry/>",
        b'<entry xmlns="http://pdbe.org/empiar"><imageSet><numImagesOrTiltSeries>NaN</numImagesOrTiltSeries>'
        b"</imageSet></entry>",
        b'<entry xmlns="http://pdbe.org/empiar"><admin><what>ever</what></admin></entry>',
        b'<entry xmlns="http://pdbe.org/empiar"><admin><title>a</title><title>b</title></admin></entry>',
        b'<entry xmlns="http://pdbe.org/empiar"><admin><keyDates><depositionDate>soon</depositionDate></keyDates>'
        b"</admin></entry>",
    ],
)
def test_broken_xml_is_told(content: bytes) -> None:
    assert empiar.parse({"entry.xml": content}).not_understood


@pytest.mark.parametrize("pattern", ["a /b*.tif", "a/ b*.tif", "a /", "a  b/*.tif", "ä/ö ü*.tif"])
def test_blanks_in_paths_are_kept(pattern: str) -> None:
    made = deposition(with_cells("Image data", {"Folder or file pattern": pattern}))
    files = rendered(made)
    assert document({"entry.xml": files["entry.xml"]}).image_sets == made.image_sets


def test_nothing_gives_nothing() -> None:
    assert empiar.parse({}).document is None


def test_no_entity_is_followed() -> None:
    bomb = b'<!DOCTYPE e [<!ENTITY a SYSTEM "file:///etc/hostname">]><entry xmlns="http://pdbe.org/empiar"><admin><title>&a;</title></admin></entry>'
    assert document({"entry.xml": bomb}).title == ""


def test_old_spellings_of_entries_are_read() -> None:
    files = rendered(deposition(FIB_SEM))
    xml = files["entry.xml"].replace(b"<country>Germany</country>", b"<country>UK</country>")
    assert document({"entry.xml": xml}).corresponding_author.country == "United Kingdom"
    data: dict[str, Any] = json.loads(files["deposition.json"])
    data["corresponding_author"]["country"] = "UK"  # the schema's own example, which it refuses
    data["imagesets"][0]["voxel_type"] = "('T10', '')"  # a code of a later schema
    data["authors"][0]["name"] = "(u'Beispiel', u'A')"
    made = document({"deposition.json": json.dumps(data).encode()})
    assert made.corresponding_author.country == "United Kingdom"
    assert made.image_sets[0].voxel_type == "16 BIT FLOAT"
    assert made.authors[0].last_name == "Beispiel"
