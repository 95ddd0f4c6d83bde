"""Names reach the entry XML as typed; the deposition JSON changes only what would end its quoted texts."""

from __future__ import annotations

import copy
import json
from typing import Any
from xml.etree import ElementTree

import pytest

from rembi_sheets.archives import package
from rembi_sheets.archives.empiar.document import JSON, XML
from rembi_sheets.archives.empiar.parse import files as reading
from tests.support import STUDY, TODAY, submission

empiar = package("empiar")

SPACE = "{http://pdbe.org/empiar}"


def written(**cells: Any) -> tuple[dict[str, Any], ElementTree.Element, dict[str, bytes]]:
    """JSON and XML of a study whose only person, paper and image set have these cells."""
    data = copy.deepcopy(STUDY)
    data["Image data"][0] |= {"Dimension extents - X": 10, "Number of images": 4}
    for sheet, values in cells.items():
        title = sheet.replace("_", " ")
        data.setdefault(title, [{}])[0].update(values)
    sub = submission(data)
    files = dict(empiar.render(empiar.build(sub, TODAY).document).files)
    assert {JSON, XML} <= set(files), [f for f in empiar.check(sub, TODAY) if f.severity == "error"]
    return json.loads(files[JSON]), ElementTree.fromstring(files[XML]), files


@pytest.mark.parametrize(
    "name",
    ["O'Neill", "O’Neill", "D`Angelo", "Müller-Lüdenscheidt", "N´Diaye", "Þórðarson", "d'Arc-L'Hôte", "Ng'ang'a"],
)
def test_a_name_is_typed_in_xml_and_quoted_in_json(name: str) -> None:
    data, entry, files = written(
        People={"Last name": name},
        Publications={"Title": "A paper on nuclei", "Authors": f"{name} J", "Published": "no"},
    )
    in_xml = [e.text for e in entry.iter(f"{SPACE}lastName")]
    assert in_xml == [name, name]
    assert [e.text for e in entry.iter(f"{SPACE}author")] == [f"{name} A", f"{name} J"]
    quoted = name.replace("'", "’")
    assert data["authors"][0]["name"] == f"('{quoted}', 'A')"
    assert data["citation"][0]["authors"][0]["name"] == f"('{quoted}', 'J')"
    assert data["corresponding_author"]["last_name"] == name
    parsed = reading.parse(files)
    assert parsed.not_understood == ()
    assert parsed.document.authors[0].last_name == name
    assert parsed.document.citations[0].authors[0].last_name == name


def test_an_orcid_is_found_whatever_the_apostrophe() -> None:
    data, _, _ = written(
        People={"Last name": "O'Neill"}, Publications={"Title": "A paper", "Authors": "O’Neill A", "Published": "no"}
    )
    assert data["citation"][0]["authors"][0]["author_orcid"] == "0000-0002-1825-0097"


def test_a_category_of_the_users_own_is_typed_in_xml() -> None:
    data, entry, files = written(Image_data={"EMPIAR category": "flats of the camera's sensor"})
    assert data["imagesets"][0]["category"] == "('OT', 'flats of the camera’s sensor')"
    assert [e.text for e in entry.iter(f"{SPACE}category")] == ["flats of the camera's sensor"]
    assert reading.parse(files).not_understood == ()


@pytest.mark.parametrize(
    ("given", "used", "frames", "category"),
    [
        (None, "1-15", 15, "('T2', '')"),
        (8, "1-15", 15, "('T2', '')"),
        (40, "3-38", 40, "('T2', '')"),
        (None, "1-1", 1, "('T1', '')"),
    ],
)
def test_the_range_gives_the_number_of_frames(given: int | None, used: str, frames: int, category: str) -> None:
    data, entry, _ = written(Image_data={"Type": "micrographs", "Frames per image": given, "Frame range": used})
    images = data["imagesets"][0]
    assert (images["frames_per_image"], images["category"]) == (frames, category)
    assert images["frame_range_max"] == int(used.partition("-")[2])
    assert entry.findtext(f"{SPACE}imageSet/{SPACE}framesPerImage") == str(frames)


@pytest.mark.parametrize(("given", "used", "said"), [(None, "1-15", True), (8, "1-15", True), (15, "1-15", False)])
def test_fewer_frames_than_the_range_are_a_warning(given: int | None, used: str, said: bool) -> None:
    data = copy.deepcopy(STUDY)
    data["Image data"][0] |= {"Type": "micrographs", "Frames per image": given, "Frame range": used}
    found = [f for f in empiar.check(submission(data), TODAY) if f.code.startswith("EMPIAR-FRAME")]
    assert [(f.code, f.severity) for f in found] == ([("EMPIAR-FRAMES-FEW", "warning")] if said else [])


def test_the_tilts_of_a_series_stay_its_frames() -> None:
    tilts = {"Type": "tilt series", "Dimension extents - tilts or views": 41, "Frame range": "1-60"}
    data, _, _ = written(Image_data=tilts)
    assert (data["imagesets"][0]["frames_per_image"], data["imagesets"][0]["category"]) == (41, "('T9', '')")
