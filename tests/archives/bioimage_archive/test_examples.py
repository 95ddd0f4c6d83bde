"""Examples for BioImage Archive: taken by its parser, form and ingest; one page compared with the published one."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from rembi_sheets import examples, pipeline
from tests import support
from tests.archives.bioimage_archive import made

NAMES = [n for n in examples.names() if made.ARCHIVE in examples.info(n).archives]
PUBLISHED = made.SHARED / "samples" / "biostudies" / "S-BIAD1492.json"


def converted(name: str, folder: Path) -> Path:
    """The deposit of an example, with an empty file for each path in its lists."""
    workbook = folder / f"{name}.xlsx"
    workbook.write_bytes(examples.workbook_bytes(name))
    done = pipeline.convert(pipeline.read(workbook), (made.ARCHIVE,), today=support.TODAY)
    assert done.files, [(f.code, f.message) for f in done.findings if f.severity == "error"]
    prefix = f"{made.ARCHIVE}/"
    return made.write(folder / "deposit", {n.removeprefix(prefix): c for n, c in done.files.items()})


@pytest.mark.parametrize("name", NAMES)
def test_the_archives_parser_and_form_take_the_example(name: str, tmp_path: Path) -> None:
    folder = converted(name, tmp_path)
    for page in ("submission.json", "submission.tsv"):
        errors, warnings, _ = made.pagetab_errors(folder / page)
        assert (errors, warnings) == ([], [])
        assert made.template_errors(folder / page) == []


@made.needs_ingest
@pytest.mark.parametrize("page", ["submission.json", "submission.tsv"])
@pytest.mark.parametrize("name", NAMES)
def test_the_archives_ingest_carries_everything(name: str, page: str, tmp_path: Path) -> None:
    folder = converted(name, tmp_path)
    report = made.ingest(folder / page)
    warnings = [w for w in report["warnings"] if not w.startswith("Number of datasets with file lists")]
    assert (report["status"], report["errors"], warnings) == ("Success", [], [])
    assert [a for a in report["audit"] if "qualifiers" not in a] == []
    data = json.loads((folder / "submission.json").read_text("utf-8"))
    titles = {kind: [made.values(s, "Title")[0] for s in made.sections(data, kind)] for kind in _KINDS}
    objects = report["objects"]
    for kind, model in _KINDS.items():
        assert {o["title"] for o in objects.get(model, [])} == set(titles[kind]), kind
    lists = [(folder / made.values(s, "File List")[0]).read_text("utf-8") for s in _with_lists(data)]
    paths = {line.split("\t")[0] for text in lists for line in text.splitlines()[1:]}
    assert {f["file_path"] for f in objects["FileReference"]} == paths


_KINDS = {
    "Biosample": "BioSample",
    "Specimen": "SpecimenImagingPreparationProtocol",
    "Image acquisition": "ImageAcquisitionProtocol",
    "Annotations": "AnnotationMethod",
}


def _with_lists(page: dict[str, Any]) -> list[dict[str, Any]]:
    return [*made.sections(page, "Study Component"), *made.sections(page, "Annotations")]


# ---------------------------------------------------------------- S-BIAD1492 as published

Fact = tuple[str, str, str, str]

# What the published page says and ours does not, and why.
LEFT_OUT: dict[Fact, str] = {
    ("submission", "", "rembi_pagetab conversion script version", "1.0.0"): "the tool of those who converted it",
    ("submission", "", "releasedate", "2024-11-26"): "a deposit cannot be released in the past",
    ("submission", "", "doi", "10.1101/2023.12.07.570699"): "the archive gives the DOI",
    ("study", "", "license", "CC BY 3.0"): "the archive's form offers CC0 and CC BY 4.0",
    ("author", "Teresa Zulueta-Coarasa", "e-mail", "xxxxxxx@xxx.xx.xx"): "masked in the sample",
    (
        "organisation",
        "Centre for Biomedical Image Analysis",
        "address",
        "Botanická 68a, Faculty of Informatics, Masaryk University, 602 00 Brno, Czech Republic",
    ): "the workbook's list of countries calls it Czechia",
    ("link", "https://idr.openmicroscopy.org/webclient/?project=BBBC024", "type", "Image Data Resource"): "ingest: idr",
    (
        "image acquisition",
        "Simulated fluorescence microscopy",
        "image acquisition parameters",
        "N/A",
    ): "N/A is no value; the workbook asks for words",
    (
        "annotations",
        "Ground truth segmentation masks",
        "annotation confidence level",
        "High confidence masks were created from synthetic images .",
    ): "the blank before the full stop",
    ("annotations", "Ground truth segmentation masks", "file list", "bbc024_masks.json"): "lists have names of ours",
    ("study component", "Simulated fluorescence images", "file list", "bbc024_images.json"): "lists have names of ours",
}
# What ours says besides, and why; the values of these attributes are free.
ADDED = {
    ("submission", "template"): "decides what the archive's ingest reads",
    ("submission", "releasedate"): "ahead of today",
    ("submission", "doi"): "asks for one",
    ("submission", "rootpath"): "the folder of the data",
    ("study", "title"): "the form wants it on the study too",
    ("study", "releasedate"): "the form wants it on the study too",
    ("study", "license"): "the version that the form offers",
    ("author", "e-mail"): "the form wants one of every author; invented",
    ("organisation", "address"): "country spelled as in the list",
    ("link", "type"): "the word that the ingest knows",
    ("biosample", "organism"): "the form wants the attribute beside the subsection",
    ("image acquisition", "image acquisition parameters"): "words in place of N/A",
    ("annotations", "annotation confidence level"): "without the blank",
    ("annotations", "annotation type"): "the form wants it",
    ("annotations", "file list"): "lists have names of ours",
    ("study component", "file list"): "lists have names of ours",
}


def facts(page: dict[str, Any]) -> Counter[Fact]:
    """Type and title of a section, attribute and value; spellings that mean the same to the ingest made equal."""
    organisations = {
        s["accno"]: _value(s, "Name")
        for s in page["section"]["subsections"]
        if s["type"].casefold() in ("organisation", "organization")
    }
    found: Counter[Fact] = Counter()

    def add(kind: str, title: str, attributes: list[dict[str, Any]]) -> None:
        for a in attributes:
            name, value = a["name"].casefold(), a.get("value")
            name = {"keyword": "keywords", "email": "e-mail", "ontology value": "imaging method"}.get(name, name)
            if value is None or (name in ("name", "title") and kind not in ("submission", "study")):
                continue
            value = organisations.get(value, value) if a.get("reference") else value
            found[(kind, title, name, value.removeprefix("https://doi.org/"))] += 1

    def walk(section: dict[str, Any], above: str) -> None:
        kind = section["type"].casefold().replace("organization", "organisation")
        title = "" if kind == "study" else _value(section, "Name") or _value(section, "Title") or above
        kind, title = ("image acquisition", above) if kind == "imaging method" else (kind, title)
        found[(kind, title, "", "")] += kind != "image acquisition" or section["type"].casefold() == kind
        add(kind, title, section.get("attributes", []))
        for below in section.get("subsections", []):
            walk(below, title)

    add("submission", "", page["attributes"])
    walk(page["section"], "")
    for link in page["section"]["links"]:
        found[("link", link["url"], "", "")] += 1
        add("link", link["url"], link["attributes"])
    return found


def _value(section: dict[str, Any], name: str) -> str:
    return next((a.get("value") or "" for a in section.get("attributes", []) if a["name"] == name), "")


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published page lies in ../shared/samples, which is not here")
def test_the_page_of_s_biad1492_says_what_the_published_one_says(tmp_path: Path) -> None:
    folder = converted("synthetic-nuclei", tmp_path)
    ours = facts(json.loads((folder / "submission.json").read_text("utf-8")))
    published = facts(json.loads(PUBLISHED.read_text("utf-8")))
    assert set(published - ours) == set(LEFT_OUT)
    assert {(kind, name) for kind, _, name, _ in ours - published} == set(ADDED)
    assert {f for f in ours if not f[2]} == {f for f in published if not f[2]}


@pytest.mark.skipif("synthetic-nuclei" not in NAMES, reason="the example is not here")
def test_the_example_with_two_annotation_sets_and_a_correlation(tmp_path: Path) -> None:
    page = json.loads((converted("mitochondria-benchmark", tmp_path) / "submission.json").read_text("utf-8"))
    assert len(made.sections(page, "Annotations")) == 2
    (correlation,) = made.sections(page, "Image correlation")
    named = [s for s in made.sections(page, "Associations") if made.values(s, "Image correlation")]
    assert {made.values(s, "Image correlation")[0] for s in named} == set(made.values(correlation, "Title"))
    assert len(named) == 2
