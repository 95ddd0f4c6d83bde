"""Every way in which a page can be refused or damaged is impossible by construction, or reported at its cell.

The rows are those of the archive's table of bad inputs (backend of 2026-06, bia-ingest of 2026-05), in its words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests import support
from tests.archives.bioimage_archive import made

REFERENCE = made.SHARED / "reference" / "bioimage-archive.md"

Sheets = dict[str, Any]
Built = Mapping[str, bytes]


# ---------------------------------------------------------------- reported: a faulty workbook and the code at its cell


def with_row(sheet: str, **cells: Any) -> Sheets:
    """RICH with one row more."""
    out = made.rich()
    out[sheet] = [*out[sheet], cells]
    return out


def without_files_of(name: str) -> Sheets:
    return made.rich(
        Files=[r for r in made.RICH["Files"] if name not in (r.get("Image data"), r.get("Annotation set"))]
    )


def author_without(label: str) -> Sheets:
    return made.edited("People", 1, **{label: None})


STRANGER = {"Link": "LC3 and p62"}

REPORTED: dict[str, list[tuple[Sheets, str, str]]] = {
    "no ReleaseDate; bad date form; date in the past": [
        (made.rich(Study={"Release date": None}), "REQUIRED-EMPTY", "Study"),
        (made.rich(Study={"Release date": "03/04/2027"}), "DATE-BAD", "Study"),
        (made.rich(Study={"Release date": support.TODAY.replace(day=21)}), "BIA-RELEASE-DATE", "Study"),
        (made.rich(Study={"Release date": support.TODAY.replace(year=2029)}), "BIA-RELEASE-DATE", "Study"),
    ],
    "path with a character outside the set; missing file; directory and its child": [
        (made.edited("Files", 0, Path="stacks/µm+1.tif"), "BIA-PATH", "Files"),
        (made.edited("Files", 5, Path="masks/a,b.tif"), "BIA-PATH", "Files"),
        (made.edited("Analysed data", 0, **{"Result files": "results/é.csv"}), "BIA-PATH", "Analysed data"),
        (made.rich(Study={"Data folder": "organoïds"}), "BIA-PATH", "Study"),
        (with_row("Files", **{"Path": "em", "Image data": "Sections"}), "PATH-INSIDE", "Files"),
    ],
    "DOI asked for and: no Title; no organisation; organisation without accno or Name; author without affiliation; "
    "affiliation that names no organisation": [
        (made.rich(Study={"Study title": None}), "REQUIRED-EMPTY", "Study"),
        (made.rich(Organisations=[]), "SHEET-EMPTY", "Organisations"),
        (with_row("Organisations", Country="France"), "REQUIRED-EMPTY", "Organisations"),
        (author_without("Organisation"), "REQUIRED-EMPTY", "People"),
        (made.edited("People", 1, Organisation="Third College"), "REF-UNKNOWN", "People"),
    ],
    "file list: see 4; extension; header; empty list; folder": [
        (without_files_of("Nucleus masks"), "BIA-ANNOTATION-FILES", "Annotations"),
        (without_files_of("Sections"), "FILES-NONE", "Image data"),
    ],
    "association value that is no Title (Biosample, Specimen, Image acquisition), also by case or spaces, "
    "or an accno": [
        (made.edited("Specimens", 1, Biosample="biosample-1"), "REF-UNKNOWN", "Specimens"),
        (made.edited("Image data", 2, Specimen="Embeded"), "REF-UNKNOWN", "Image data"),
        (made.edited("Image data", 2, **{"Image acquisition": "acquisition-2"}), "REF-UNKNOWN", "Image data"),
    ],
    "association value that is no Title (analysis, correlation)": [
        (made.edited("Image correlation", 0, **{"Image data": "Stackss"}), "REF-UNKNOWN", "Image correlation"),
        (made.edited("Analysed data", 0, **{"Image data": "Stackss"}), "REF-UNKNOWN", "Analysed data"),
    ],
    "Associations without Specimen, or with a repeated attribute": [
        (made.edited("Image data", 2, Specimen=None), "REQUIRED-EMPTY", "Image data"),
    ],
    "Associations without Biosample or Image acquisition": [
        (made.edited("Image data", 2, **{"Image acquisition": None}), "REQUIRED-EMPTY", "Image data"),
        (made.edited("Specimens", 1, Biosample=None), "REQUIRED-EMPTY", "Specimens"),
        (made.edited("Image data", 2, Biosample="Treated, no, knock-down"), "BIA-BIOSAMPLE-ELSEWHERE", "Image data"),
    ],
    "no Associations in a Study Component": [
        (
            with_row(
                "Study components",
                **{
                    "Name": "Left over",
                    "Imaging method": "transmission electron microscopy",
                    "Study component description": "No images here.",
                },
            ),
            "COMPONENT-EMPTY",
            "Study components",
        ),
    ],
    "Biosample in no association": [
        (
            with_row("Biosamples", **{"Identity": "Spare", "Biological entity": "HeLa", "Organism": "Homo sapiens"}),
            "BIA-SAMPLE-UNUSED",
            "Biosamples",
        ),
    ],
    "two sections of one type with one Title": [
        (made.edited("Biosamples", 1, Identity="wild type"), "NAME-TWICE", "Biosamples"),
        (made.edited("Study components", 1, Name="Time lapse"), "NAME-TWICE", "Study components"),
        (made.edited("Analysed data", 0, Name="Processing: Projections"), "BIA-ANALYSIS-SHARED", "Analysed data"),
    ],
    "an Annotations Title equal to a Study Component Name": [
        (made.edited("Annotations", 0, Name="time lapse"), "BIA-NAME-SHARED", "Annotations"),
    ],
    "REMBI section without Title (Biosample, Specimen, Image acquisition, Annotations), Study Component without Name "
    "or Description": [
        (made.edited("Biosamples", 0, Identity=None), "REQUIRED-EMPTY", "Biosamples"),
        (made.edited("Specimens", 0, Name=None), "REQUIRED-EMPTY", "Specimens"),
        (made.edited("Image acquisition", 0, Name=None), "REQUIRED-EMPTY", "Image acquisition"),
        (made.edited("Annotations", 0, Name=None), "REQUIRED-EMPTY", "Annotations"),
        (made.edited("Study components", 0, Name=None), "REQUIRED-EMPTY", "Study components"),
        (
            made.edited("Study components", 0, **{"Study component description": None}),
            "REQUIRED-EMPTY",
            "Study components",
        ),
    ],
    "required text present without a value (Sample preparation protocol, Image acquisition parameters, ...)": [
        (made.edited("Specimens", 0, **{"Preparation method": "  "}), "REQUIRED-EMPTY", "Specimens"),
        (made.edited("Specimens", 0, **{"Preparation method": "TBD"}), "REQUIRED-EMPTY", "Specimens"),
        (
            made.edited("Image acquisition", 0, **{"Image acquisition parameters": None}),
            "REQUIRED-EMPTY",
            "Image acquisition",
        ),
    ],
    "Organism twice, or without a value": [
        (made.edited("Biosamples", 0, Organism=None), "REQUIRED-EMPTY", "Biosamples"),
    ],
    "Annotation Type outside the list": [
        (made.edited("Annotations", 0, **{"Annotation type": "scribbles"}), "LIST-UNKNOWN", "Annotations"),
    ],
    "License outside the list (CC0 1.0, CC-BY 4.0 International)": [
        (made.rich(Study={"License": "all rights reserved"}), "BIA-LICENCE", "Study"),
        (made.rich(Study={"License": None}), "REQUIRED-EMPTY", "Study"),
    ],
    "no author; Link without scheme and without a known Type; affiliation without a value": [
        (made.rich(People=[]), "SHEET-EMPTY", "People"),
        (with_row("Links", **STRANGER), "BIA-LINK", "Links"),
        (with_row("Links", **{"Link": "workflows/1", "Link type": "WorkflowHub"}), "BIA-LINK", "Links"),
        (author_without("Organisation"), "REQUIRED-EMPTY", "People"),
    ],
    "Author without Name; organisation without Name; unknown affiliation; bad Publication (DOI TBD, Year in press, "
    "neither Title nor DOI)": [
        (author_without("Last name"), "REQUIRED-EMPTY", "People"),
        (made.edited("Organisations", 1, Name=None), "REQUIRED-EMPTY", "Organisations"),
        (made.edited("People", 0, Organisation="o1"), "REF-UNKNOWN", "People"),
        (made.edited("Publications", 0, DOI="TBD"), "PLACEHOLDER", "Publications"),
        (made.edited("Publications", 0, DOI="https://www.nature.com/articles/s41598-1"), "FORMAT-BAD", "Publications"),
        (made.edited("Publications", 0, Year="in 2026 or 27"), "NUMBER-BAD", "Publications"),
        (made.edited("Publications", 0, Title=None, DOI=None), "REQUIRED-EMPTY", "Publications"),
    ],
    "bad E-mail": [
        (made.edited("People", 0, **{"E-mail": "a.name@name@uni.example"}), "FORMAT-BAD", "People"),
        (made.edited("People", 0, **{"E-mail": "a.name@dept..u.example"}), "FORMAT-BAD", "People"),
        (author_without("E-mail"), "REQUIRED-EMPTY", "People"),
    ],
    "the same path in two lists": [
        (with_row("Files", **{"Path": "em/1.tif", "Image data": "Stacks"}), "PATH-TWICE", "Files"),
    ],
    "Role twice": [
        (made.edited("Funding", 1, **{"Grant ID": None}), "BIA-GRANT-NUMBER", "Funding"),
    ],
    "Source image that is in no list": [
        (made.edited("Files", 5, **{"Source image": "Stacks/a.ome.tif"}), "BIA-SOURCE-UNKNOWN", "Files"),
        (made.edited("Files", 5, **{"Source image": None}), "BIA-SOURCE-EMPTY", "Files"),
    ],
}


# ---------------------------------------------------------------- impossible: what holds for whatever is written


def pages(files: Built) -> tuple[dict[str, Any], str]:
    return json.loads(files["submission.json"]), files["submission.tsv"].decode("utf-8")


def sections(files: Built) -> list[dict[str, Any]]:
    def walk(section: dict[str, Any]) -> Any:
        yield section
        for below in section.get("subsections", []):
            yield from walk(below)

    return list(walk(pages(files)[0]["section"]))


def attributes(files: Built) -> list[dict[str, Any]]:
    page, _ = pages(files)
    links = [a for link in page["section"].get("links", []) for a in link.get("attributes", [])]
    return [*page["attributes"], *links, *(a for s in sections(files) for a in s["attributes"])]


def titles(files: Built, kind: str) -> list[str]:
    name = "Name" if kind == "Study Component" else "Title"
    return [a["value"] for s in sections(files) if s["type"] == kind for a in s["attributes"] if a["name"] == name]


def begins_with_submission(files: Built) -> None:
    assert files["submission.tsv"].startswith(b"Submission\t\n")
    assert files["submission.json"].startswith(b"{")


def attributes_have_names_and_values(files: Built) -> None:
    assert all(a["name"].strip() and a["value"].strip() for a in attributes(files))
    lines = pages(files)[1].split("\n\n")
    assert not any(block.split("\n")[1].startswith(("[", "(")) for block in lines if "\n" in block.strip())


def tsv_says_what_json_says(files: Built) -> None:
    check = made.checker("pagetab_check")
    page, errors = check.parse_tsv(pages(files)[1], lambda text: pytest.fail(text))
    assert errors == []

    def plain(item: Any) -> Any:
        if isinstance(item, dict):
            return {k: plain(v) for k, v in item.items() if v not in ([], "")}
        if isinstance(item, str) and "\n" in item:
            return item.replace('"', "″")
        return [plain(x) for x in item] if isinstance(item, list) else item

    assert plain(page) == plain(pages(files)[0])


def accnos_are_unique_and_parents_come_first(files: Built) -> None:
    accnos = [s["accno"] for s in sections(files)]
    assert len(accnos) == len(set(accnos)) and all(accnos)
    heads = re.findall(r"^[A-Za-z ]+\t([\w-]+)\t([\w-]+)$", pages(files)[1], re.MULTILINE)
    for accno, parent in heads:
        assert accnos.index(parent) < accnos.index(accno)


def there_are_no_tables(files: Built) -> None:
    assert all(isinstance(x, dict) for s in sections(files) for x in s.get("subsections", []))
    assert all(isinstance(x, dict) for s in sections(files) for x in s.get("links", []))
    assert all(s["type"].casefold() not in ("link", "links", "file", "files") for s in sections(files))
    assert not re.search(r"^(Links|Files|.*\[.*\])\t", pages(files)[1], re.MULTILINE | re.IGNORECASE) or re.search(
        r"^\[(URL|Ontology|TermId)\]\t", pages(files)[1], re.MULTILINE
    )


def links_have_addresses(files: Built) -> None:
    links = pages(files)[0]["section"].get("links", [])
    assert links and all(link["url"].strip() for link in links)
    assert not any("files" in s for s in sections(files))


def all_values_are_text(files: Built) -> None:
    qualifiers = [q for a in attributes(files) for q in a.get("valqual", [])]
    assert all(isinstance(a["value"], str) for a in [*attributes(files), *qualifiers])
    assert all(s.get(k) != [] for s in sections(files) for k in ("links", "files", "subsections"))


def goes_to_the_open_collection(files: Built) -> None:
    page, tsv = pages(files)
    assert "accno" not in page
    assert [a["value"] for a in page["attributes"] if a["name"] == "AttachTo"] == ["BioImages"]
    assert tsv.split("\n")[0] == "Submission\t"


def lists_are_well_formed(files: Built) -> None:
    check = made.checker("pagetab_check")
    lists = {n: c.decode("utf-8") for n, c in files.items() if n.startswith("file-lists/") and "-wells" not in n}
    for name, text in lists.items():
        assert name.endswith(".tsv") and check.path_error(name) is None
        head, *rows = text.splitlines()
        assert head.split("\t")[0] == "Files" and all(head.split("\t")) and rows
        assert all(0 < len(r.split("\t")) <= len(head.split("\t")) and r.split("\t")[0] for r in rows)
    stems = [n.rsplit(".", 1)[0].casefold() for n in lists]
    assert len(stems) == len(set(stems))


def associations_repeat_titles(files: Built) -> None:
    found = [s for s in sections(files) if s["type"] == "Associations"]
    assert found
    for s in found:
        names = [a["name"] for a in s["attributes"]]
        assert {"Biosample", "Specimen", "Image acquisition"} <= set(names)
        assert len(names) == len(set(names)) and not any(a.get("reference") for a in s["attributes"])
        for a in s["attributes"]:
            assert a["value"] in titles(files, a["name"])


def every_section_is_used(files: Built) -> None:
    used = {(a["name"], a["value"]) for s in sections(files) if s["type"] == "Associations" for a in s["attributes"]}
    for kind in ("Biosample", "Specimen", "Image acquisition", "Image correlation", "Image analysis"):
        assert {(kind, t) for t in titles(files, kind)} <= used
    components = [s for s in sections(files) if s["type"] == "Study Component"]
    assert all(any(b["type"] == "Associations" for b in s["subsections"]) for s in components)


def titles_are_unique(files: Built) -> None:
    kinds = ("Biosample", "Specimen", "Image acquisition", "Image correlation", "Image analysis", "Study Component")
    for kind in kinds:
        assert len(titles(files, kind)) == len(set(titles(files, kind)))
    assert not set(titles(files, "Annotations")) & set(titles(files, "Study Component"))


def attributes_stand_once(files: Built) -> None:
    may_repeat = {"Keywords", "affiliation", "Imaging method", "Annotation Type"}
    for s in sections(files):
        names = [a["name"] for a in s["attributes"] if a["name"] not in may_repeat]
        assert len(names) == len(set(names)), s["type"]


def names_are_those_the_ingest_reads(files: Built) -> None:
    names = {a["name"] for a in attributes(files)}
    assert "E-mail" in names and not names & {"Email", "Keyword", "Affiliation", "releasedate", "Licence"}
    kinds = {s["type"] for s in sections(files)}
    assert "Annotations" in kinds and "Annotation" not in kinds
    template = [a["value"] for a in pages(files)[0]["attributes"] if a["name"] == "Template"]
    assert template == ["BioImages.v4"]


def no_path_is_in_two_lists(files: Built) -> None:
    lists = [c.decode("utf-8").splitlines()[1:] for n, c in files.items() if n.startswith("file-lists/")]
    paths = [line.split("\t")[0] for rows in lists for line in rows]
    assert len(paths) == len(set(paths))
    assert not any("files" in s for s in sections(files))


def every_list_is_named_and_there(files: Built) -> None:
    named = [
        a["value"]
        for s in sections(files)
        if s["type"] in ("Study Component", "Annotations")
        for a in s["attributes"]
        if a["name"] == "File List"
    ]
    assert len(named) == len([s for s in sections(files) if s["type"] in ("Study Component", "Annotations")])
    assert set(named) == {n for n in files if n.startswith("file-lists/")}
    for name in named:
        headings = files[name].decode("utf-8").split("\n")[0].casefold().split("\t")
        assert sum(h in ("source image", "source_image", "source image association") for h in headings) <= 1


IMPOSSIBLE: dict[str, list[Callable[[Built], None]]] = {
    "first block not Submission; BOM": [begins_with_submission],
    "attribute line without a name; qualifier first": [attributes_have_names_and_values],
    "unclosed quote; text after a closing quote": [tsv_says_what_json_says],
    "unknown or later parent; accno twice (TSV)": [accnos_are_unique_and_parents_come_first],
    "table without rows, blank header cell, row too long": [there_are_no_tables],
    "link without url, file without path": [links_have_addresses],
    "JSON number or boolean as value; empty table; file without path": [all_values_are_text],
    "unknown collection, no right to submit to it; accession given without the right": [goes_to_the_open_collection],
    "file list: see 4; extension; header; empty list; folder": [lists_are_well_formed],
    "missing blank line, comment as separator, third cell, unquoted line break, quoted one-line value, `releasedate`": [
        tsv_says_what_json_says,
        names_are_those_the_ingest_reads,
    ],
    "association value that is no Title (Biosample, Specimen, Image acquisition), also by case or spaces, "
    "or an accno": [associations_repeat_titles],
    "association value that is no Title (analysis, correlation)": [associations_repeat_titles],
    "Associations without Specimen, or with a repeated attribute": [associations_repeat_titles],
    "Associations without Biosample or Image acquisition": [associations_repeat_titles],
    "Associations written as a section table": [there_are_no_tables],
    "Study Components or Annotations as a section table": [there_are_no_tables],
    "no Associations in a Study Component": [every_section_is_used],
    "Biosample in no association": [every_section_is_used],
    "two sections of one type with one Title": [titles_are_unique],
    "an Annotations Title equal to a Study Component Name": [titles_are_unique],
    "Growth protocol present without a value": [attributes_have_names_and_values],
    "required text present without a value (Sample preparation protocol, Image acquisition parameters, ...)": [
        attributes_have_names_and_values
    ],
    "Organism twice, or without a value": [attributes_stand_once],
    "Experimental/Extrinsic/Intrinsic variable twice": [attributes_stand_once],
    "bad E-mail": [names_are_those_the_ingest_reads],
    "Role twice": [attributes_stand_once],
    "file list missing (or a repeated Source image column)": [every_list_is_named_and_there],
    "files in the page in place of a file list": [links_have_addresses],
    "the same path in two lists": [no_path_is_in_two_lists],
}


@pytest.fixture(scope="module")
def files() -> Built:
    return made.whole(made.rendered(made.submission()).files)


@pytest.mark.parametrize(
    ("sheets", "code", "sheet"),
    [
        pytest.param(*case, id=f"{i}: {name[:50]} {case[1]}")
        for name, cases in REPORTED.items()
        for i, case in enumerate(cases)
    ],
)
def test_the_fault_is_reported_at_its_sheet(sheets: Sheets, code: str, sheet: str) -> None:
    found = made.all_findings(sheets)
    assert (code, sheet) in {(f.code, f.sheet) for f in found}, [(f.code, f.sheet, f.message) for f in found]
    assert all(f.cells for f in found if f.code == code and code != "SHEET-EMPTY")


@pytest.mark.parametrize(
    "holds", sorted({h for hs in IMPOSSIBLE.values() for h in hs}, key=lambda h: h.__name__), ids=lambda h: h.__name__
)
def test_the_fault_cannot_be_written(files: Built, holds: Callable[[Built], None]) -> None:
    holds(files)


def test_a_good_study_has_no_error() -> None:
    assert [(f.code, f.message) for f in made.all_findings(made.RICH) if f.severity == "error"] == []


def normal(text: str) -> str:
    return " ".join(text.replace(" [run]", "").split())


@pytest.mark.skipif(
    not REFERENCE.exists(), reason="the table of bad inputs lies in ../shared/reference, which is not here"
)
def test_no_row_of_the_reference_is_forgotten() -> None:
    text = REFERENCE.read_text("utf-8").split("## 7.")[1].split("## 8.")[0]
    rows = [normal(line.split("|")[1]) for line in text.splitlines() if line.startswith("| ")]
    rows = [r for r in rows if r not in ("input", "---")]
    known = {normal(k) for k in (*REPORTED, *IMPOSSIBLE)}
    assert len(rows) > 35
    left = [r for r in rows if not any(r.startswith(k) or k.startswith(r) for k in known)]
    assert left == []


def test_parts_can_be_written_and_read(tmp_path: Path, files: Built) -> None:
    folder = made.write(tmp_path, files)
    errors, warnings, _ = made.pagetab_errors(folder / "submission.tsv")
    assert (errors, warnings) == ([], [])
