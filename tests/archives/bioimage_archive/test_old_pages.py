"""Pages of the templates before REMBI, and of anybody's own: what they say stays in the workbook, whatever its section.

Such pages have sections of types that no template has now (Experiment, Supplementary Data, Size, Protocols), and files
named wherever their writer put them.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from rembi_sheets.archives import Restored
from rembi_sheets.archives.bioimage_archive.document import Document
from rembi_sheets.submission import Submission
from tests.archives.bioimage_archive import made
from tests.archives.bioimage_archive.meaning import items, missing
from tests.archives.bioimage_archive.test_restore import DAY, attrs, joined, page, restored, section


def files(*paths: str) -> list[dict[str, Any]]:
    return [{"path": p, "type": "file", "size": 1} for p in paths]


def owners(sub: Submission) -> dict[str, str]:
    """Path -> study component, annotation set or image data of each file."""
    names = ("study_component", "annotation_set", "image_data")
    table = sub.tables["files"]
    rows = zip(table.values("path"), *(table.values(n) for n in names), strict=True)
    return {str(path): next((str(o) for o in of if o), "") for path, *of in rows}


def lost(data: Any, **lists: bytes) -> set[tuple[str, str, str, str]]:
    """Items of a page that the page made of its workbook does not say."""
    parsed = made.PACKAGE.parse({"page.json": json.dumps(data).encode(), **lists})
    document: Document = parsed.document
    sub = made.PACKAGE.restore(document).submission
    return set(missing(items(document), items(made.PACKAGE.build(sub, DAY).document)))


@pytest.mark.parametrize("kind", ["Experiment", "Supplementary Data", "Raw images", "Data file"])
@pytest.mark.parametrize("way", ["list", "named", "below"])
def test_a_section_of_any_type_that_has_files_is_a_component(kind: str, way: str) -> None:
    odd = section(kind, Description="What was done", Batch_size="12 plates")
    if way == "list":
        odd["attributes"] += attrs(File_List="l.json")
    elif way == "named":
        odd["files"] = files("a.tif")
    else:
        odd["subsections"] = [section("Wells", Plate="P1") | {"files": files("a.tif")}]
    listed = {"l.json": json.dumps(files("a.tif")).encode()} if way == "list" else {}
    result = restored(page(odd), **listed)
    component = result.submission.study_components[0]
    assert owners(result.submission) == {"a.tif": component.name}
    assert component.name == f"{kind} 1"
    assert component.description.splitlines()[:2] == ["What was done", "Batch size: 12 plates"]
    assert not lost(page(odd), **listed)


@pytest.mark.parametrize("kind", ["organisation", "Author", "Publication", "Biosample", "Funding", "Image analysis"])
@pytest.mark.parametrize("whole", [True, False], ids=["alone", "beside a component"])
def test_files_in_a_section_of_something_else_are_those_of_the_study(kind: str, whole: bool) -> None:
    holder = section(kind, Name="N", Title="N", Agency="A", grant_id="1") | {"files": files("x.svs", "y.svs")}
    others = [] if whole else [section("Study Component", Name="C", Description="d") | {"files": files("c.tif")}]
    sub = restored(page(holder, *others)).submission
    assert {p: o for p, o in owners(sub).items() if p != "c.tif"} == dict.fromkeys(
        ("x.svs", "y.svs"), "Files of the study"
    )


def test_a_method_of_a_component_makes_the_acquisition_of_its_images() -> None:
    """Of a component that says none, and of none that has associations."""
    old = section("Study Component", Name="C", Description="d", Imaging_Method="confocal microscopy")
    old["attributes"] += attrs(Imaging_Method="bright-field microscopy")
    sub = restored(page(old)).submission
    methods = {"confocal microscopy", "brightfield microscopy"}
    assert {m.label for m in sub.study_components[0].imaging_methods} == methods
    assert sub.image_data[0].image_acquisition is sub.image_acquisition[0]
    assert not lost(page(old))
    titled = [section(k, Title="a") for k in ("Biosample", "Specimen", "Image acquisition")]
    new = section("Study Component", joined("a", "a"), Name="C", Description="d", Imaging_Method="confocal microscopy")
    both = restored(page(*titled, new)).submission
    assert [a.name for a in both.image_acquisition] == ["a"]
    assert [m.label for m in both.study_components[0].imaging_methods] == ["confocal microscopy"]


def test_tables_of_a_component_stay_with_its_description() -> None:
    """Size, Other data files and Protocols of the templates v1 to v3."""
    size = [section("Size", Parameter="Total Tb", Value="0.3"), section("Size", Parameter="Planes", Value="1")]
    protocols = section("Protocols", Protocol="P-1")
    component = section("Study Component", Name="C", Description="d", Comment="half of it", Technology_Type="STORM")
    component["subsections"] = [size, protocols]
    study = section("Study Protocols", Name="P-1", Type="growth protocol", Description="Grown for\ntwo days.")
    result = restored(page(study, component, Description="Of cells."))
    assert result.submission.study_components[0].description.splitlines() == [
        "d",
        "Comment: half of it",
        "Technology Type: STORM",
        "Size: Parameter: Total Tb; Value: 0.3",
        "Size: Parameter: Planes; Value: 1",
        "Protocols: Protocol: P-1",
    ]
    said = "Study Protocols: Name: P-1; Type: growth protocol; Description: Grown for\ntwo days."
    assert result.submission.study.study_description == f"Of cells.\n{said}"
    assert result.not_understood == ("submission: accession S-X1: a new deposit gets its own",)


@pytest.mark.parametrize(
    "kind", ["Author", "organisation", "Publication", "Funding", "Biosample", "Specimen", "Image acquisition",
             "Image correlation", "Image analysis", "Annotations"],
)  # fmt: skip
def test_what_stands_below_a_section_is_told(kind: str) -> None:
    below = section("Version", section("Step", Change="deeper still"), Annotation_version="1.0")
    holder = section(kind, below, Name="N", Title="N", Agency="A", grant_id="1")
    holder["links"] = [{"url": "https://example.org/of-it"}]
    told = "\n".join(restored(page(holder)).not_understood)
    assert all(t in told for t in ("1.0", "deeper still", "https://example.org/of-it")), told


def test_a_publication_says_where_it_was_published() -> None:
    paper = section("Publication", Title="T", Journal="J Ex", Volume="165(6)", Pages="1904-1913",
                    Publication_date="2012 Mar")  # fmt: skip
    kinds = {"DOI": "10.1234/abc", "PMID": "123", "PMC": "PMC77", "GEO": "GSE1"}
    paper["links"] = [{"url": u, "attributes": attrs(Type=k)} for k, u in kinds.items()]
    result = restored(page(paper))
    found = result.submission.publications[0]
    assert (found.journal, found.volume, found.issue, found.pages, found.year) == (
        "J Ex",
        "165",
        "6",
        "1904-1913",
        2012,
    )
    assert (found.doi, found.pubmed_id, found.pmc_id) == ("10.1234/abc", "123", "PMC77")
    assert [n for n in result.not_understood if "GSE1" in n] and not [n for n in result.not_understood if "123" in n]


@pytest.mark.parametrize(
    ("url", "given", "kind", "description"),
    [
        ("https://example.org/x", "External link", "", "External link"),
        ("https://example.org/x", "PubMed", "PubMed", ""),
        ("rs2236624", "RefSNP", "dbSNP", ""),
        ("E-MTAB-1", "arrayexpress", "ArrayExpress", ""),
    ],
)
def test_types_of_links(url: str, given: str, kind: str, description: str) -> None:
    data = page()
    data["section"]["links"] = [{"url": url, "attributes": attrs(Type=given)}]
    link = restored(data).submission.links[0]
    assert (link.link, link.link_type, link.description) == (url, kind, description)


def test_organisations_without_a_name_of_their_own_are_numbered() -> None:
    """As forms number them: o1 is the first."""
    authors = [section("Author", Name=f"Ada {n}", affiliation=f"o{n}") for n in (1, 2, 3)]
    sub = restored(page(*authors, section("organization", Name="A"), section("organization", Name="B"))).submission
    assert [[o.name for o in p.organisations] for p in sub.people] == [["A"], ["B"], []]


def test_a_title_of_several_lines_is_one() -> None:
    data = page(Title="One half\nand the\r\nother")
    assert restored(data).submission.study.study_title == "One half and the other"


def test_a_record_read_twice_says_the_same() -> None:
    """What stayed with a description stays there once."""
    odd = section("Experiment", section("Protocol", Type="growth"), Description="x", Size="2")
    once: Restored = restored(page(odd | {"files": files("a.tif")}, Study_variable="dose"))
    pages = [made.PACKAGE.build(once.submission, DAY).document]
    pages.append(made.PACKAGE.build(made.PACKAGE.restore(pages[0]).submission, DAY).document)
    assert pages[0].page == pages[1].page
