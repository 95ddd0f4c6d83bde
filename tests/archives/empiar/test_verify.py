"""Our own rules on both files: what they take, the judges take; each rule refuses what breaks it."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from rembi_sheets.archives import package
from rembi_sheets.archives.empiar import codes
from rembi_sheets.archives.empiar.document import Author, Deposition, Grant, Segmentation
from rembi_sheets.archives.empiar.render import verify
from tests.archives.empiar.judges import deposition, depositor_schema, rendered, schema_errors, xsd_errors
from tests.archives.empiar.studies import FIB_SEM

empiar = package("empiar")


@cache
def full() -> Deposition:
    """A deposition with publications and links."""
    made = copy.deepcopy(FIB_SEM)
    made["Publications"] = [
        {"Title": "A paper", "Authors": "Beispiel A; Muster AB", "Year": 2024, "Pages": "1-2", "DOI": "10.1234/a"}
    ]
    made["Links"] = [{"Link": x} for x in ("EMD-1234", "EMPIAR-1", "S-BIAD1", "idr0001")]
    return deposition(made)


@cache
def written(name: str) -> bytes:
    """One of its files."""
    return rendered(full())[name]


JSON, XML = "deposition.json", "entry.xml"

ORCID = "0000-0002-1825-0097"


def put(path: str, value: Any) -> bytes:
    """The JSON with the value at a path such as imagesets/0/category; `...` takes it out."""
    data = json.loads(written(JSON))
    *parents, last = path.split("/")
    at = data
    for key in parents:
        at = at[int(key) if key.isdigit() else key]
    if value is ...:
        del at[last]
    else:
        at[int(last) if last.isdigit() else last] = value
    return json.dumps(data).encode()


REFUSED_BY_SCHEMA: list[tuple[str, Any]] = [
    ("title", ...),
    ("title", "too short"),
    ("title", "x" * 256),
    ("title", None),
    ("release_date", "IM"),
    ("release_date", None),
    ("experiment_type", 10),
    ("experiment_type", 14),
    ("experiment_type", "5"),
    ("experiment_type", None),
    ("scale", 3),
    ("scale", "6"),
    ("scale", None),
    ("cross_references", [{"name": "EMD-123"}]),
    ("biostudies_references", [{"name": "BIAD1"}]),
    ("idr_references", [{"name": "IDR0001"}]),
    ("empiar_references", [{"name": "EMPIAR-x"}]),
    ("workflows", [{"url": "http://example.org", "type": 1}]),
    ("workflows", [{"url": "https://example.org", "type": 2}]),
    ("authors", []),
    ("authors/0/name", "Beispiel A"),
    ("authors/0/name", "('Beispiel', '')"),
    ("authors/0/name", "('Beispiel 2', 'A')"),
    ("authors/0/order_id", "0"),
    ("authors/0/order_id", ...),
    ("authors/0/author_orcid", "https://orcid.org/" + ORCID),
    ("corresponding_author", ...),
    ("corresponding_author/first_name", "Ada!"),
    ("corresponding_author/first_name", ...),
    ("corresponding_author/last_name", "x" * 61),
    ("corresponding_author/middle_name", "M2"),
    ("corresponding_author/organization", ...),
    ("corresponding_author/organization", "x" * 256),
    ("corresponding_author/email", "nobody"),
    ("corresponding_author/email", ...),
    ("corresponding_author/town_or_city", None),
    ("corresponding_author/post_or_zip", None),
    ("corresponding_author/post_or_zip", "x" * 61),
    ("corresponding_author/state_or_province", "x" * 61),
    ("corresponding_author/street", "x" * 256),
    ("corresponding_author/country", "UK"),
    ("corresponding_author/country", "Germany"),
    ("corresponding_author/country", None),
    ("corresponding_author/telephone", 5),
    ("principal_investigator", []),
    ("principal_investigator", ...),
    ("principal_investigator/0/country", "AX"),
    ("workflow_file", {}),
    ("workflow_file", {"path": "x" * 201}),
    ("workflow_file", [{"path": "data/w"}]),
    ("imagesets", []),
    ("imagesets/0/name", "x" * 201),
    ("imagesets/0/name", ...),
    ("imagesets/0/directory", "data/" + "x" * 196),
    ("imagesets/0/category", "T9"),
    ("imagesets/0/category", "('T15', '')"),
    ("imagesets/0/category", "('T9',)"),
    ("imagesets/0/category", "('T9', 'X')"),
    ("imagesets/0/pixel_width", True),
    ("imagesets/0/header_format", "('OT', 'ome')"),
    ("imagesets/0/data_format", "('OT', 'OME-TIFF')"),
    ("imagesets/0/data_format", "('T15', '')"),
    ("imagesets/0/voxel_type", "('T10', '')"),
    ("imagesets/0/voxel_type", ...),
    ("imagesets/0/num_images_or_tilt_series", None),
    ("imagesets/0/num_images_or_tilt_series", "5"),
    ("imagesets/0/frames_per_image", 1.5),
    ("imagesets/0/frames_per_image", ...),
    ("imagesets/0/frame_range_min", "1"),
    ("imagesets/0/pixel_width", "variable"),
    ("imagesets/0/image_width", 5.5),
    ("imagesets/0/micrographs_file_pattern", "data/" + "x" * 196),
    ("imagesets/0/details", 5),
    ("citation", []),
    ("citation/0/authors", []),
    ("citation/0/published", None),
    ("citation/0/j_or_nj_citation", ...),
    ("citation/0/title", "x" * 256),
    ("citation/0/title", ...),
    ("citation/0/volume", 12),
    ("citation/0/volume", "123456789"),
    ("citation/0/first_page", 1),
    ("citation/0/last_page", "123456789"),
    ("citation/0/year", "2024"),
    ("citation/0/year", 999),
    ("citation/0/language", "x" * 41),
    ("citation/0/doi", "https://doi.org/10.1234/a"),
    ("citation/0/doi", "10.1234/" + "x" * 73),
    ("citation/0/pubmedid", 31527839),
    ("citation/0/publisher", "x" * 81),
    ("citation/0/book_chapter_title", "x" * 81),
    ("citation/0/country", "UK"),
    ("citation/0/journal", 5),
    ("citation/0/editors", None),
]

# The schema lets these pass: keys it does not know, unanchored patterns, what it says in words only.
REFUSED_BY_US_ALONE: list[tuple[str, Any]] = [
    ("principal_investigators", []),
    ("corresponding_author/city", "x"),
    ("cross_references", [{}]),
    ("authors/0/author_orcid", "0000-0002-1825-0098"),
    ("authors/0/name", "('Beispiel', 'a')"),
    ("authors/0/name", "('Beispiel', 'ABCDEFGHIJKLMNOPQRSTU')"),
    ("authors/0/name", "('O'Brien', 'A')"),
    ("authors/0/order_id", 1),
    ("corresponding_author/author_orcid", "0000-0002-1825-0098"),
    ("corresponding_author/town_or_city", ""),
    ("imagesets/0/category", "('T9', '') rubbish"),
    ("imagesets/0/category", "rubbish('OT', 'X')"),
    ("imagesets/0/category", "('OT', ' ')"),
    ("imagesets/0/voxel_type", "('T10', '')('OT', 'X')"),
    ("imagesets/0/directory", "/slices"),
    ("imagesets/0/num_images_or_tilt_series", 0),
    ("imagesets/0/frames_per_image", 0),
    ("imagesets/0/pixel_width", 0),
    ("imagesets/0/image_width", -1),
    ("imagesets/0/frame_range_min", 3),
    ("imagesets/0/micrographs_file_pattern", "slices/*.tif"),
    ("citation/0/preprint", "no"),
    ("citation/0/preprint", ...),
    ("citation/0/first_page", "1-2"),
    ("citation/0/pubmedid", "123456789"),
    ("citation/0/year", 1899),
    ("citation/0/language", "the English one"),
]


def test_what_is_right_is_taken() -> None:
    assert verify.json_faults(written(JSON)) == schema_errors(written(JSON)) == []
    assert verify.xml_faults(written(XML)) == xsd_errors(written(XML)) == []


@pytest.mark.parametrize(("path", "value"), REFUSED_BY_SCHEMA)
def test_what_the_schema_refuses_we_refuse(path: str, value: Any) -> None:
    content = put(path, value)
    assert schema_errors(content) != []
    faults = verify.json_faults(content)
    assert faults and all(re.sub(r"\[(\d+)\]", r"/\1", f).startswith(path.split("/")[0]) for f in faults)


@pytest.mark.parametrize(("path", "value"), REFUSED_BY_US_ALONE)
def test_what_the_schema_overlooks_we_refuse(path: str, value: Any) -> None:
    content = put(path, value)
    assert schema_errors(content) == []
    assert verify.json_faults(content) != []


def test_a_reversed_range_of_frames_is_refused() -> None:
    data = json.loads(put("imagesets/0/frame_range_min", 3))
    data["imagesets"][0]["frame_range_max"] = 2
    assert verify.json_faults(json.dumps(data).encode()) != []


TAKEN: list[tuple[str, Any]] = [
    ("title", "x" * 10),
    ("title", "x" * 255),
    *(("release_date", code) for code in ("RE", "EP", "HP", "HO")),
    *(("experiment_type", int(code)) for code in codes.table("experiment_type")),
    *(("scale", code) for code in codes.table("scale")),
    *((f"imagesets/0/{name}", f"('{code}', '')") for name in ("category", "header_format", "data_format", "voxel_type")
      for code in codes.table(name)),
    ("imagesets/0/category", "('OT', 'segmentation')"),
    ("imagesets/0/data_format", "('OT', 'OME TIFF')"),
    ("imagesets/0/voxel_type", "('OT', '16 BIT FLOAT')"),
    ("imagesets/0/directory", "/data"),
    ("imagesets/0/directory", "data/" + "x" * 195),
    ("imagesets/0/pixel_width", 0.543),
    ("authors/0/author_orcid", None),
    ("authors/0/author_orcid", "0000-0002-1694-233X"),
    ("authors/0/name", "('van der Berg', 'JK-A')"),
    ("corresponding_author/middle_name", "William"),
    ("corresponding_author/country", "XK"),
    ("corresponding_author/country", "FX"),
    ("citation/0/year", 1900),
    ("citation/0/year", None),
    ("citation/0/country", None),
    ("citation/0/pubmedid", "12345678"),
    ("citation/0/first_page", "e14"),
    ("citation/0/volume", "7(12)"),
    ("citation/0/journal_abbreviation", None),
    ("workflow_file", {"path": "data/workflow.json"}),
    ("workflow_file", {"path": None}),
    ("workflows", [{"url": "https://workflowhub.eu/1", "type": 1}]),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value"), TAKEN)
def test_what_both_take(path: str, value: Any) -> None:
    content = put(path, value)
    assert schema_errors(content) == []
    assert verify.json_faults(content) == []


def test_codes_are_those_that_the_depositor_describes() -> None:
    """The words stand only in the prose of the schema: 'T9' - 'tilt series'."""
    properties = depositor_schema()["properties"]["imagesets"]["items"]["properties"]
    for name in ("category", "header_format", "data_format", "voxel_type"):
        told = dict(re.findall(r"(T\d+)'? (?:corresponds to|-) '([^']+)'", properties[name]["description"]))
        assert codes.table(name) == told, name
    top = depositor_schema()["properties"]
    assert [int(c) for c in codes.table("experiment_type")] == top["experiment_type"]["enum"]
    told = dict(re.findall(r"(\d) - (\w+)", top["scale"]["description"]))
    assert codes.table("scale") == told


# --- the XML ----------------------------------------------------------------------------------------------------------


def swap(old: str, new: str) -> bytes:
    text = written(XML).decode()
    assert old in text, old
    return text.replace(old, new, 1).encode()


REFUSED_XML = [
    ("<currentStatus>PROC<", "<currentStatus>NEW<"),
    ("<depositionDate>2026-11-22<", "<depositionDate>22 Nov 2026<"),
    ("<firstName>Ada</firstName>", ""),
    ("<country>Germany</country>\n      <postOrZipCode>69117</postOrZipCode>",
     "<postOrZipCode>69117</postOrZipCode><country>Germany</country>"),
    (' type="academic"', ""),
    (">ada@example.org<", ">nobody<"),
    (f"<authorORCID>{ORCID}<", f"<authorORCID>https://orcid.org/{ORCID}<"),
    (' order="1"', ' order="0"'),
    ("<experimentType>FIB-SEM<", "<experimentType>5<"),
    ("<scale>cell<", "<scale>3<"),
    ("<emdbEntry>EMD-1234<", "<emdbEntry>EMD-12<"),
    ("<bioStudiesEntry>S-BIAD1<", "<bioStudiesEntry>BIAD1<"),
    ("<idrEntry>idr0001<", "<idrEntry>IDR0001<"),
    ("<empiarEntry>EMPIAR-1<", "<empiarEntry>EMPIAR-x<"),
    ('published="true"', 'published="maybe"'),
    ("<title>A paper</title>", ""),
    ("<firstPage>1<", "<firstPage>1-2<"),
    ("<year>2024<", "<year>1899<"),
    ("<language>English<", "<language>Portuguese<"),
    ("<numImagesOrTiltSeries>872<", "<numImagesOrTiltSeries>many<"),
    ("<framesPerImage>1<", "<framesPerImage>x<"),
    ("<imageWidth>3000<", "<imageWidth>0<"),
    ("<imageWidth>3000<", "<imageWidth><"),
    ("<pixelWidth>50<", "<pixelWidth>0<"),
    ("<pixelWidth>50<", "<pixelWidth>Variable<"),
    ("<voxelType>UNSIGNED BYTE<", "<voxelType>uint8<"),
    ("<headerFormat>TIFF<", "<headerFormat>tiff<"),
    ("<dataFormat>TIFF<", "<dataFormat>OME-TIFF<"),
    ("<category>micrographs - single frame</category>", ""),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), REFUSED_XML)
def test_what_the_xsd_of_shared_refuses_ours_refuses(old: str, new: str) -> None:
    content = swap(old, new)
    assert xsd_errors(content) != []
    assert verify.xml_faults(content) != []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<externalReferences type="doi">', '<externalReferences type="DOI">'),
        ("<title>Volume electron", "<title>" + "x" * 255 + "Volume electron"),
        ("<firstName>Ada</firstName>", "<firstName></firstName>"),
        ("<townOrCity>Heidelberg</townOrCity>", ""),
        ("<directory>/data/fib_2026/slices<", "<directory>/slices<"),
        ("<numImagesOrTiltSeries>872<", "<numImagesOrTiltSeries>0<"),
        (">Beispiel A</author>", ">Beispiel</author>"),
    ],
)
def test_what_the_judge_overlooks_ours_refuses(old: str, new: str) -> None:
    content = swap(old, new)
    assert xsd_errors(content) == []
    assert verify.xml_faults(content) != []


@pytest.mark.parametrize(
    ("old", "word"),
    [
        *(("<experimentType>FIB-SEM<", w) for w in codes.table("experiment_type").values()),
        *(("<scale>cell<", w) for w in codes.table("scale").values()),
        *(("<category>micrographs - single frame<", w) for w in codes.table("category").values()),
        *(("<headerFormat>TIFF<", w) for w in codes.table("header_format").values()),
        *(("<dataFormat>TIFF<", w) for w in codes.table("data_format").values()),
        *(("<voxelType>UNSIGNED BYTE<", w) for w in [*codes.table("voxel_type").values(), "16 BIT FLOAT"]),
        *(("<currentStatus>PROC<", w) for w in ("REL", "OBS", "WDRN", "UNARCH", "WAIT")),
        ("<pixelWidth>50<", "variable"),
        ("<pixelWidth>50<", "0.543"),
        ("<firstPage>1<", "e14"),
        ("<firstPage>1<", "2235.e16"),
        ("<scale>cell<", "cell"),
    ],
)
def test_every_word_is_taken(old: str, word: str) -> None:
    tag = old.partition(">")[0]
    content = swap(old, f"{tag}>{word}<")
    assert verify.xml_faults(content) == xsd_errors(content) == []


@pytest.mark.parametrize("form", codes.table("segmentation_format").values())
def test_everything_that_only_the_xml_holds(form: str) -> None:
    first, *rest = full().image_sets
    made = replace(
        full(),
        grants=(Grant("Fund", "1"), Grant("Other", "", "France")),
        workflow_file="data/w.json",
        corresponding_author=replace(full().corresponding_author, title="Dr.", telephone="012345", fax="6"),
        image_sets=(replace(first, segmentations=(Segmentation(3, "data/a", "d", "data/b", form),)), *rest),
        citations=(replace(full().citations[0], editors=(Author("Herausgeber", "H"),), country="France", details="d"),),
    )
    files = rendered(made)
    assert xsd_errors(files["entry.xml"]) == []
    assert schema_errors(files["deposition.json"]) == []
    back = empiar.parse(files)
    assert back.document == made and back.not_understood == ()


# --- a file that is not right is not written --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"title": "short"}, {"deposition.json", "entry.xml"}),
        ({"release": "IM"}, {"deposition.json"}),
        ({"grants": (Grant("x"),), "scale": "cell"}, set()),
    ],
)
def test_a_file_that_is_not_right_is_not_written(change: dict[str, Any], missing: set[str]) -> None:
    out = empiar.render(replace(full(), **change))
    assert {"deposition.json", "entry.xml"} - set(out.files) == missing
    assert {f.code for f in out.findings} == ({"EMPIAR-FILE-INVALID"} if missing else set())
    assert all(f.severity == "error" and f.archives == ("empiar",) for f in out.findings)


def test_two_spellings_of_one_author_would_be_seen() -> None:
    """An author whose initials hold a blank is split elsewhere by the XML; the comparison stops it."""
    made: Deposition = replace(full(), authors=(Author("Beispiel", "A B"),))
    out = empiar.render(made)
    assert out.findings and "deposition.json" not in out.files


def test_what_is_no_xml_is_refused() -> None:
    assert verify.xml_faults(swap("<citationList>", "<citations>")) != []
