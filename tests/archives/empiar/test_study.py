"""What concerns the whole entry: type, release, licence, scale, related entries, thumbnail, the by-products."""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
import json
from typing import Any

import pytest

from rembi_sheets.archives import package
from rembi_sheets.archives.empiar import codes
from rembi_sheets.vocabularies import entries
from tests.archives.empiar.judges import deposition, errors, rendered, schema_errors
from tests.archives.empiar.studies import FIB_SEM
from tests.support import STUDY, TODAY, found, submission

empiar = package("empiar")


def study(base: dict[str, Any] = FIB_SEM, **cells: Any) -> dict[str, Any]:
    """FIB_SEM with cells of the study sheet changed (labels with _ for blanks)."""
    out = copy.deepcopy(base)
    out["Study"].update({k.replace("_", " "): v for k, v in cells.items()})
    return out


def with_methods(*methods: str, links: tuple[str, ...] = (), **cells: Any) -> dict[str, Any]:
    """One component for each method (several in one are joined by ;), each with a set of images."""
    out = study(EMPIAR_entry_type=None, **cells)
    names = [f"Part {i}" for i in range(len(methods))]
    plain, raw = out["Study components"][0], out["Image data"][0]
    out["Study components"] = [{**plain, "Name": n, "Imaging method": m} for n, m in zip(names, methods, strict=True)]
    out["Image data"] = [{**raw, "Name": f"Set {n}", "Study component": n, "Image acquisition": n} for n in names]
    out["Image acquisition"] = [{**out["Image acquisition"][0], "Name": n} for n in names]
    out["Links"] = [{"Link": link} for link in links]
    return out


def codes_of(sheets: dict[str, Any]) -> set[str]:
    return {f.code for f in empiar.check(submission(sheets), TODAY)}


# --- entry type ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("word", "number"), [(e.label, codes.code("experiment_type", e.label)) for e in
                                              entries("empiar_entry_type")])  # fmt: skip
def test_every_type_as_typed(word: str, number: str) -> None:
    sheets = study(EMPIAR_entry_type=word)
    sheets["Links"] = [{"Link": "EMD-1234"}]
    files = rendered(deposition(sheets))
    assert json.loads(files["deposition.json"])["experiment_type"] == int(number)
    assert schema_errors(files["deposition.json"]) == []
    assert f"<experimentType>{word}</experimentType>" in files["entry.xml"].decode()


METHODS = {
    "serial block face scanning electron microscopy": "SBF-SEM",
    "focused ion beam scanning electron microscopy": "FIB-SEM",
    "cryo-FIB-SEM": "FIB-SEM",
    "ATUM-SEM": "ATUM-SEM",
    "array tomography": "ATUM-SEM",
    "serial section electron tomography": "ssET",
    "microcrystal electron diffraction": "MicroED",
    "soft X-ray tomography": "SXT",
    "X-ray tomography": "Hard X-ray/X-ray microCT",
    "X-ray computed tomography": "Hard X-ray/X-ray microCT",
    "X-ray microtomography": "Hard X-ray/X-ray microCT",
    "X-ray microscopy": "Hard X-ray/X-ray microCT",
    "HiP-CT": "Hard X-ray/X-ray microCT",
    "single-particle cryo-electron microscopy": "EMDB",
    "cryogenic electron tomography": "EMDB",
    "cryogenic transmission electron microscopy": "EMDB",
    "helical reconstruction cryo-EM": "EMDB",
    "negative stain electron microscopy": "EMDB",
    "electron tomography": "EMDB",
    "correlative light and electron microscopy": "CLEM",
    "correlative light and X-ray microscopy": "CLXM",
}


@pytest.mark.parametrize("method", [e.label for e in entries("imaging_method")])
def test_type_from_each_method(method: str) -> None:
    wanted = METHODS.get(method, "")
    sheets = with_methods(method, links=("EMD-1234",) if wanted == "EMDB" else ())
    if wanted:
        assert deposition(sheets).experiment_type == wanted
    else:
        assert ("EMPIAR-TYPE-UNKNOWN", "Study") in {
            (c, s) for c, s, _ in found(empiar.check(submission(sheets), TODAY))
        }


def test_an_emdb_entry_makes_an_unknown_method_emdb() -> None:
    sheets = with_methods("transmission electron microscopy", links=("EMD-1234",))
    assert deposition(sheets).experiment_type == "EMDB"


@pytest.mark.parametrize(
    ("methods", "word"),
    [
        (("confocal microscopy", "focused ion beam scanning electron microscopy"), "CLEM"),
        (("confocal microscopy", "soft X-ray tomography"), "CLXM"),
        (("confocal microscopy; transmission electron microscopy",), "CLEM"),
        (("light sheet fluorescence microscopy", "cryogenic electron tomography"), "CLEM"),
    ],
)
def test_light_beside_electrons_or_x_rays_is_correlative(methods: tuple[str, ...], word: str) -> None:
    assert deposition(with_methods(*methods)).experiment_type == word


def test_two_types_are_warned_of_and_the_first_is_taken() -> None:
    sheets = with_methods(
        "serial block face scanning electron microscopy", "focused ion beam scanning electron microscopy"
    )
    assert "EMPIAR-TYPE-SEVERAL" in codes_of(sheets)
    assert deposition(sheets).experiment_type == "SBF-SEM"
    assert "EMPIAR-TYPE-SEVERAL" not in codes_of(with_methods("array tomography", "ATUM-SEM"))


def test_the_method_of_an_acquisition_goes_before_that_of_the_component() -> None:
    sheets = with_methods("transmission electron microscopy")
    sheets["Image acquisition"][0]["Imaging method here"] = "microcrystal electron diffraction"
    assert deposition(sheets).experiment_type == "MicroED"


@pytest.mark.parametrize(
    ("cells", "links", "missing"),
    [
        ({"EMPIAR_entry_type": "EMDB"}, (), True),
        ({"EMPIAR_entry_type": "EMDB"}, ("EMD-1234",), False),
        ({"EMPIAR_release": "EP"}, (), True),
        ({"EMPIAR_release": "EP"}, ("EMD-1234",), False),
        ({"EMPIAR_release": "HP"}, (), False),
    ],
)
def test_type_or_release_by_emdb_needs_its_accession(
    cells: dict[str, Any], links: tuple[str, ...], missing: bool
) -> None:
    sheets = study(**cells)
    sheets["Links"] = [{"Link": link} for link in links]
    assert ("EMPIAR-EMDB-MISSING" in errors(submission(sheets))) is missing


@pytest.mark.parametrize(
    ("word", "thumbnail", "codes_found"),
    [
        ("INSILICO", "t.png", {"EMPIAR-SIMULATED"}),
        ("FIB-SEM", "t.png", set()),
        ("FIB-SEM", None, {"EMPIAR-THUMBNAIL"}),
    ],
)
def test_simulated_data_and_thumbnail(word: str, thumbnail: str | None, codes_found: set[str]) -> None:
    sheets = study(EMPIAR_entry_type=word, Thumbnail_image=thumbnail)
    assert codes_of(sheets) & {"EMPIAR-SIMULATED", "EMPIAR-THUMBNAIL"} == codes_found


@pytest.mark.parametrize(
    ("disk", "missing"), [(None, False), ({"overview.png": 5}, False), ({}, True), ({"x/overview.png": 5}, True)]
)
def test_a_thumbnail_that_is_not_on_disk_is_warned_of(disk: dict[str, int] | None, missing: bool) -> None:
    sub = dataclasses.replace(submission(FIB_SEM), inventory=disk)
    assert ("EMPIAR-THUMBNAIL-MISSING" in {f.code for f in empiar.check(sub, TODAY)}) is missing


def test_emdb_needs_no_thumbnail() -> None:
    sheets = study(EMPIAR_entry_type="EMDB", Thumbnail_image=None)
    sheets["Links"] = [{"Link": "EMD-1234"}]
    assert "EMPIAR-THUMBNAIL" not in codes_of(sheets)


@pytest.mark.parametrize(
    ("method", "word", "warns"),
    [
        ("confocal microscopy", "EMDB", True),
        ("confocal microscopy", "CLEM", False),
        ("transmission electron microscopy", "EMDB", False),
    ],
)
def test_light_microscopy_alone_is_warned_of(method: str, word: str, warns: bool) -> None:
    sheets = with_methods(method, links=("EMD-1234",))
    sheets["Study"]["EMPIAR entry type"] = word
    assert ("EMPIAR-LIGHT" in codes_of(sheets)) is warns


# --- release, licence, scale -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "date", "code"),
    [
        ("RE", None, "RE"),
        ("EP", None, "EP"),
        ("HP - with the publication", None, "HP"),
        ("HO", dt.date(2020, 1, 1), "HO"),
        (None, dt.date(2026, 11, 22), "RE"),
        (None, dt.date(2020, 1, 1), "RE"),
        (None, dt.date(2026, 11, 23), "HP"),
        (None, None, "HP"),
    ],
)
def test_release(typed: str | None, date: dt.date | None, code: str) -> None:
    sheets = study(EMPIAR_release=typed, Release_date=date)
    sheets["Links"] = [{"Link": "EMD-1234"}]
    files = rendered(deposition(sheets))
    assert json.loads(files["deposition.json"])["release_date"] == code
    assert schema_errors(files["deposition.json"]) == []
    assert ("EMPIAR-RELEASE-PROPOSED" in codes_of(sheets)) is (typed is None)


@pytest.mark.parametrize(("licence", "warns"), [("CC0", False), ("CC BY 4.0", True), (None, False)])
def test_licence(licence: str | None, warns: bool) -> None:
    assert ("EMPIAR-LICENSE" in codes_of(study(License=licence))) is warns


@pytest.mark.parametrize(("word", "code"), [(e.label, codes.code("scale", e.label)) for e in entries("scale")])
def test_scale(word: str, code: str) -> None:
    sheets = copy.deepcopy(FIB_SEM)
    sheets["Study components"][0]["Scale"] = word
    files = rendered(deposition(sheets))
    assert json.loads(files["deposition.json"])["scale"] == code
    assert f"<scale>{word}</scale>" in files["entry.xml"].decode()


def test_scale_may_be_missing() -> None:
    sheets = copy.deepcopy(FIB_SEM)
    sheets["Study components"][0]["Scale"] = None
    files = rendered(deposition(sheets))
    assert "scale" not in json.loads(files["deposition.json"])
    assert b"<scale>" not in files["entry.xml"]


@pytest.mark.parametrize(("second", "warns"), [("tissue", True), ("cell", False), (None, False)])
def test_unlike_scales(second: str | None, warns: bool) -> None:
    sheets = with_methods("FIB-SEM", "FIB-SEM")
    sheets["Study components"][1]["Scale"] = second
    assert ("EMPIAR-SCALE-SEVERAL" in codes_of(sheets)) is warns
    assert deposition(sheets).scale == "cell"


# --- related entries -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "kind", "field", "value"),
    [
        ("EMD-1234", None, "emdb", "EMD-1234"),
        ("emd-12345", None, "emdb", "EMD-12345"),
        ("1234", "EMDB", "emdb", "EMD-1234"),
        ("https://www.ebi.ac.uk/emdb/EMD-1234", None, "emdb", "EMD-1234"),
        ("EMPIAR-10002", None, "empiar", "EMPIAR-10002"),
        ("https://www.ebi.ac.uk/empiar/EMPIAR-10002/", None, "empiar", "EMPIAR-10002"),
        ("S-BIAD123", None, "biostudies", "S-BIAD123"),
        ("S-SCDT-EMBOR-2018-46196V1", None, "biostudies", "S-SCDT-EMBOR-2018-46196V1"),
        ("idr0001", None, "idr", "idr0001"),
        ("IDR0001", "IDR", "idr", "idr0001"),
        ("https://workflowhub.eu/workflows/201", None, "workflows", "https://workflowhub.eu/workflows/201"),
        ("https://example.org/w", "WorkflowHub", "workflows", "https://example.org/w"),
    ],
)
def test_links(link: str, kind: str | None, field: str, value: str) -> None:
    sheets = study()
    sheets["Links"] = [{"Link": link, "Link type": kind}, {"Link": link, "Link type": kind}]
    made = deposition(sheets)
    assert getattr(made, field) == (value,)
    files = rendered(made)
    assert schema_errors(files["deposition.json"]) == []
    data = json.loads(files["deposition.json"])
    keys = {"emdb": "cross_references", "empiar": "empiar_references", "biostudies": "biostudies_references"}
    if field == "workflows":
        assert data["workflows"] == [{"url": value, "type": 1}]
        assert value not in files["entry.xml"].decode()
        assert value in files["NEXT-STEPS.md"].decode()
    else:
        assert data[keys.get(field, "idr_references")] == [{"name": value}]
        assert f">{value}<" in files["entry.xml"].decode()


@pytest.mark.parametrize(
    ("link", "kind"),
    [
        ("EMD-12", None),
        ("EMPIAR-x", None),
        ("EMPIAR", "EMPIAR"),
        ("S-", "BioStudies"),
        ("201", "WorkflowHub"),
        ("http://workflowhub.eu/1", "WorkflowHub"),
    ],
)
def test_malformed_accessions(link: str, kind: str | None) -> None:
    sheets = study()
    sheets["Links"] = [{"Link": link, "Link type": kind}]
    assert ("EMPIAR-ACCESSION", "Links", "A6") in found(empiar.check(submission(sheets), TODAY))


@pytest.mark.parametrize(("link", "kind"), [("https://example.org", None), ("P12345", "UniProt"), ("1abc", "PDBe")])
def test_links_without_a_list_are_lost_and_told(link: str, kind: str | None) -> None:
    sheets = study()
    sheets["Links"] = [{"Link": link, "Link type": kind}]
    assert errors(submission(sheets)) == []
    assert ("Links", link, "lost") in {
        (x.sheet, x.value, x.went) for x in empiar.build(submission(sheets), TODAY).losses
    }


def test_lists_stand_where_the_archive_has_them() -> None:
    sheets = study()
    sheets["Links"] = [{"Link": x} for x in ("EMPIAR-1", "idr0001", "S-BIAD1", "EMD-1234", "EMD-5678")]
    xml = rendered(deposition(sheets))["entry.xml"].decode()
    order = ["EMD-1234", "EMD-5678", "<citationList>", "S-BIAD1", "idr0001", "EMPIAR-1"]
    assert [xml.index(x) for x in order] == sorted(xml.index(x) for x in order)


# --- frame of the XML, by-products -----------------------------------------------------------------------------------


def test_frame_of_the_xml() -> None:
    from lxml import etree

    content = rendered(deposition(FIB_SEM))["entry.xml"]
    root = etree.fromstring(content)
    assert root.tag == "{http://pdbe.org/empiar}entry"
    pair = root.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation", "").split()
    assert len(pair) == 2 and pair[0] == "http://pdbe.org/empiar"
    assert [str(c.tag).partition("}")[2] for c in root] == ["admin", "crossReferences", "imageSet", "imageSet"]
    assert etree.fromstring(content.decode("utf-8")).tag == root.tag  # the archive's loader has it as text
    assert b"<currentStatus>PROC</currentStatus>" in content
    assert b"<depositionDate>2026-11-22</depositionDate>" in content
    assert content.count(b'<organization type="academic">') == 2


def test_markup_in_cells_is_text() -> None:
    sheets = study(Study_description="a < b & c > d ]]> “q” 'x' \"y\"")
    files = rendered(deposition(sheets))
    assert "Study: a < b & c > d ]]> “q” 'x' \"y\"" in json.loads(files["deposition.json"])["imagesets"][0]["details"]
    assert empiar.parse(files).not_understood == ()


@pytest.mark.parametrize("base", [STUDY, FIB_SEM], ids=["light", "fib-sem"])
def test_rembi_for_bia_names_its_datasets_as_the_image_sets(base: dict[str, Any]) -> None:
    made = deposition(base)
    assert made.beside is not None
    assert [d["title"] for d in made.beside.rembi["datasets"]] == [s.name for s in made.image_sets]


def test_rembi_for_bia_loses_no_sample() -> None:
    made = deposition(FIB_SEM)
    assert made.beside is not None
    data = made.beside.rembi
    titles = {kind: [x["title"] for x in items] for kind, items in data["rembis"].items()}
    assert titles == {
        "BioSample": ["Wild type HeLa"],
        "SpecimenImagingPreparationProtocol": ["Cleared organoid"],
        "Specimen": ["Cleared organoid"],
        "ImageAcquisitionProtocol": ["Light sheet 20x"],
        "Protocol": ["Processing: Aligned volume"],
    }
    (taxon,) = data["rembis"]["BioSample"][0]["organism_classification"]
    assert taxon == {"common_name": "human", "scientific_name": "Homo sapiens", "ncbi_id": "NCBI:txid9606"}
    references = {k: v for r in data["datasets"][1]["assigned_dataset_rembis"] for k, v in r.items()}
    assert references == {
        "image_acquisition_protocol_title": ["Light sheet 20x"],
        "specimen_imaging_preparation_protocol_title": ["Cleared organoid"],
        "bio_sample_title": ["Wild type HeLa"],
        "protocol_title": ["Processing: Aligned volume"],
    }
    (image,) = data["datasets"][0]["assigned_images"]
    assert (image["file_pattern"], image["specimen_title"]) == ("fib_2026/slices/{}.tif", "Cleared organoid")


def test_next_steps_name_folder_thumbnail_release_and_image_sets() -> None:
    page = rendered(deposition(FIB_SEM))["NEXT-STEPS.md"].decode()
    for text in (
        "/data/fib_2026/slices",
        "-e raw/fib_2026/overview.png",
        "--thumbnail raw/fib_2026/overview.png",
        "TOKEN deposition.json raw/fib_2026",
        "--data-path raw/fib_2026",
        "HP, when the primary citation is published",
        "400 x 400",
        "12 months",
    ):
        assert text in page
    assert "gain reference" not in page and "permission" not in page


def test_next_steps_ask_for_gain_reference_and_permission() -> None:
    sheets = study(EMPIAR_entry_type="INSILICO")
    sheets["Image data"][0]["Frames per image"] = 45
    page = rendered(deposition(sheets))["NEXT-STEPS.md"].decode()
    assert "gain reference" in page and "permission" in page


@pytest.mark.parametrize(("n", "good"), [(24, False), (25, True), (255, True), (256, False)])
def test_length_of_the_title(n: int, good: bool) -> None:
    from rembi_sheets import checks
    from tests.support import tables

    made, _ = tables(study(Study_title="x" * n))
    assert ("TEXT-SHORT" in {f.code for f in checks.check(made, ("empiar",))}) is (n < 25)
    assert ("TEXT-LONG" in {f.code for f in checks.check(made, ("empiar",))}) is (n > 255)
    if good:
        rendered(deposition(study(Study_title="x" * n)))


def test_no_component_for_empiar() -> None:
    sheets = study(Archives="BIA; EMPIAR")
    sheets["Study components"][0]["Archives"] = "BIA"
    assert "EMPIAR-NO-IMAGES" in errors(submission(sheets))
    assert "EMPIAR-NO-IMAGES" not in errors(submission(study(Archives="BIA; EMPIAR")))


@pytest.mark.parametrize(
    ("folder", "patterns", "said", "unsaid"),
    [
        (None, ["raw/*.tif", "aligned/*.mrc"], "once for each", "as a whole"),
        (None, ["raw/*.tif"], "Upload the folder `raw` as a whole", "once for each"),
        ("a/fib", ["raw/*.tif", "aligned/*.mrc"], "Upload the folder `fib` as a whole", "once for each"),
    ],
)
def test_next_steps_name_the_folder_to_upload(folder: str | None, patterns: list[str], said: str, unsaid: str) -> None:
    sheets = study(Data_folder=folder)
    plain = sheets["Image data"][0]
    sheets["Image data"] = [{**plain, "Name": p, "Folder or file pattern": p} for p in patterns]
    page = rendered(deposition(sheets))["NEXT-STEPS.md"].decode()
    assert said in page and unsaid not in page
