"""What becomes of each part of a study on the page."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest

from rembi_sheets.archives.bioimage_archive.check.study import latest_release
from rembi_sheets.archives.bioimage_archive.facts import links, terms
from rembi_sheets.submission import Submission
from rembi_sheets.values import Term
from tests.archives.bioimage_archive import made


@pytest.fixture(scope="module")
def page() -> dict[str, Any]:
    return made.page(made.submission())


def attribute(section: dict[str, Any], name: str) -> dict[str, Any]:
    return next(a for a in section["attributes"] if a["name"] == name)


def qualifiers(attribute: dict[str, Any]) -> dict[str, str]:
    return {q["name"]: q["value"] for q in attribute.get("valqual", [])}


# ---------------------------------------------------------------- submission and study


def test_the_template_follows_the_annotation_sets(page: dict[str, Any]) -> None:
    assert attribute(page, "Template")["value"] == "BioImages.v4"
    without = made.rich(Annotations=[], Files=[r for r in made.RICH["Files"] if "Annotation set" not in r])
    assert attribute(made.page(made.submission(without)), "Template")["value"] == "BioImages.v5"


def test_the_submission_says_what_the_archive_needs(page: dict[str, Any]) -> None:
    assert [(a["name"], a["value"]) for a in page["attributes"]] == [
        ("Template", "BioImages.v4"),
        ("Title", "Correlative imaging of nuclei in kidney organoids"),
        ("DOI", "true"),
        ("ReleaseDate", "2027-03-01"),
        ("AttachTo", "BioImages"),
        ("RootPath", "organoid_study"),
    ]


@pytest.mark.parametrize(("typed", "asked"), [(None, True), ("yes", True), ("no", False)])
def test_a_doi_is_asked_for_unless_the_workbook_says_no(typed: str | None, asked: bool) -> None:
    page = made.page(made.submission(made.rich(Study={"Request a DOI": typed})))
    assert ("DOI" in [a["name"] for a in page["attributes"]]) is asked


def test_the_study_says_what_the_archive_needs(page: dict[str, Any]) -> None:
    study = page["section"]
    assert made.values(study, "Keywords") == ["organoid", "nephron", "light sheet"]
    assert qualifiers(attribute(study, "License")) == {"URL": "https://creativecommons.org/licenses/by/4.0/legalcode"}
    assert made.values(study, "ReleaseDate") == ["2027-03-01"]
    assert made.values(study, "Funding statement") == ["Supported by Example Fund (EF-0042) and Travel Fund."]


def test_a_funder_without_number_is_named_in_a_statement_of_ones_own() -> None:
    page = made.page(made.submission(made.rich(Study={"Funding statement": "Paid by the Example Fund."})))
    assert made.values(page["section"], "Funding statement") == [
        "Paid by the Example Fund. Further support: Travel Fund."
    ]
    assert [made.values(s, "grant_id") for s in made.sections(page, "Funding")] == [["EF-0042"]]


@pytest.mark.parametrize(
    ("today", "last"),
    [(dt.date(2026, 11, 22), dt.date(2028, 11, 22)), (dt.date(2028, 2, 29), dt.date(2030, 2, 28))],
)
def test_release_is_taken_up_to_two_years_ahead(today: dt.date, last: dt.date) -> None:
    assert latest_release(today) == last
    for date, fine in ((today, True), (last, True), (last + dt.timedelta(1), False), (today - dt.timedelta(1), False)):
        found = made.checked(made.submission(made.rich(Study={"Release date": date})), today)
        assert ("BIA-RELEASE-DATE" not in {f.code for f in found}) is fine


@pytest.mark.parametrize(
    ("typed", "written", "address"),
    [
        ("CC0 1.0", "CC0", "https://creativecommons.org/publicdomain/zero/1.0/legalcode"),
        ("CC-BY-4.0", "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/legalcode"),
        ("CC BY-NC-SA 4.0", "CC BY-NC-SA 4.0", "https://creativecommons.org/licenses/by-nc-sa/4.0/legalcode"),
        ("CC BY 2.5", "CC BY 2.5", "https://creativecommons.org/licenses/by/2.5/legalcode"),
        ("MIT License", "MIT", "https://opensource.org/license/mit"),
    ],
)
def test_licences_are_written_as_the_ingest_knows_them(typed: str, written: str, address: str) -> None:
    (found,) = terms.licence(typed)
    assert (found.value, found.value_qualifiers) == (written, (("URL", address),))


# ---------------------------------------------------------------- people


def test_authors_refer_to_their_organisations(page: dict[str, Any]) -> None:
    first, second = made.sections(page, "Author")
    assert [(a["value"], a.get("reference")) for a in first["attributes"] if a["name"] == "affiliation"] == [
        ("o1", True),
        ("o2", True),
    ]
    assert made.values(second, "affiliation") == ["o2"]
    assert made.values(first, "Role") == ["corresponding author, principal investigator"]
    assert made.values(first, "ORCID") == ["0000-0002-1825-0097"]
    institute, _ = made.sections(page, "organisation")
    assert institute["accno"] == "o1"
    assert made.values(institute, "RORID") == ["https://ror.org/02mhbdp94"]
    assert made.values(institute, "Address") == ["69117 Heidelberg, Germany"]


# ---------------------------------------------------------------- links


@pytest.mark.parametrize(
    ("text", "kind", "url", "word"),
    [
        ("https://example.org/x", "", "https://example.org/x", ""),
        ("10.5281/zenodo.1", "", "https://doi.org/10.5281/zenodo.1", ""),
        ("doi:10.5281/zenodo.1", "DOI", "https://doi.org/10.5281/zenodo.1", ""),
        ("doi.org/10.17632/x", "", "https://doi.org/10.17632/x", ""),
        ("https://dx.doi.org/10.1/x", "", "https://dx.doi.org/10.1/x", ""),
        ("EMD-1234", "", "EMD-1234", "emdb"),
        ("EMPIAR-11380", "EMPIAR", "EMPIAR-11380", "empiar"),
        ("S-BIAD144", "", "S-BIAD144", "biostudies"),
        ("idr0056", "", "idr0056", "idr"),
        ("P12345", "UniProt", "P12345", "uniprot"),
        ("E-GEAD-1", "Expression Atlas", "E-GEAD-1", "expression atlas"),
        ("https://workflowhub.eu/workflows/1", "WorkflowHub", "https://workflowhub.eu/workflows/1", "workflowhub"),
    ],
)
def test_links_are_completed(text: str, kind: str, url: str, word: str) -> None:
    assert links.resolve(text, kind) == (url, word)


@pytest.mark.parametrize(
    ("text", "kind"), [("LC3 and p62 ", ""), ("1", "WorkflowHub"), ("12345", ""), ("www.example.org", ""), ("x", "lab")]
)
def test_what_the_ingest_would_refuse_is_no_link(text: str, kind: str) -> None:
    assert links.resolve(text, kind) is None


def test_related_images_become_links(page: dict[str, Any]) -> None:
    assert {"url": "EMPIAR-10001", "attributes": [
        {"name": "Description", "value": "Related images of SPIM on TEM"},
        {"name": "Type", "value": "empiar"},
    ]} in page["section"]["links"]  # fmt: skip
    assert links.related("EMPIAR-10326: raw data", "c") == ("EMPIAR-10326", "", "raw data")
    assert links.related("overview of the cell", "c") == ("overview", "", "of the cell")
    assert links.resolve("overview", "") is None


# ---------------------------------------------------------------- samples


def test_organisms_stand_as_attribute_and_as_subsections(page: dict[str, Any]) -> None:
    _, treated = made.sections(page, "Biosample")
    organism = attribute(treated, "Organism")
    assert organism["value"] == "Homo sapiens (human)"
    assert qualifiers(organism) == {"Ontology": "NCBITaxon", "TermId": "NCBITaxon_9606"}
    below = [
        [made.values(s, n)[0] for n in ("Scientific name", "Common name", "NCBI taxon ID")]
        for s in treated["subsections"]
    ]
    assert below == [["Homo sapiens", "human", "9606"], ["Mus musculus", "mouse", "10090"]]


@pytest.mark.parametrize(
    ("term", "text", "name", "common"),
    [
        (Term("Mus musculus", "NCBITaxon:10090"), "Mus musculus (mouse)", "Mus musculus", "mouse"),
        (Term("Homo Sapiens"), "Homo Sapiens (human)", "Homo Sapiens", "human"),
        (Term("Invented species (beast)"), "Invented species (beast)", "Invented species", "beast"),
        (Term("synthetic data"), "synthetic data", "synthetic data", ""),
        (Term("A (b) (c)"), "A (b) (c)", "A (b) (c)", ""),
    ],
)
def test_organism_names(term: Term, text: str, name: str, common: str) -> None:
    assert terms.organism(term).value == text
    assert (terms.scientific_name(term), terms.common_name(term)) == (name, common)


def test_one_entity_has_qualifiers_several_have_brackets(page: dict[str, Any]) -> None:
    wild, treated = made.sections(page, "Biosample")
    assert qualifiers(attribute(wild, "Biological entity")) == {"Ontology": "CVCL", "TermId": "CVCL_0030"}
    assert made.values(treated, "Biological entity") == ["HeLa [CVCL:0030]; nucleus [GO:0005634]"]


def test_variables_are_one_text_each(page: dict[str, Any]) -> None:
    _, treated = made.sections(page, "Biosample")
    assert made.values(treated, "Extrinsic variable") == ["Compound: nocodazole [CHEBI:34892]; temperature: 37"]


def test_what_a_specimen_has_no_field_for_stands_below_its_protocol(page: dict[str, Any]) -> None:
    cleared, embedded = made.sections(page, "Specimen")
    assert made.values(cleared, "Sample preparation protocol")[0].split("\n") == [
        "Fixed in 4 % PFA.",
        "Cleared.",
        "Experimental status: test",
        "Location within Biosample: cortex",
        "Signal/contrast mechanism: fluorescent protein; autofluorescence",
        "Channels: GFP: H2B-GFP (chromatin); mCherry: membrane",
    ]
    assert made.values(cleared, "Growth protocol") == ["Grown on Matrigel."]
    assert made.values(embedded, "Growth protocol") == []


# ---------------------------------------------------------------- acquisition


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (Term("brightfield microscopy"), [("bright-field microscopy", "FBbi_00000243")]),
        (Term("laboratory method of our own"), [("laboratory method of our own", None)]),
        (Term("our SPIM", "FBbi:00000369"), [("SPIM", "FBbi_00000369")]),
    ],
)
def test_imaging_methods(term: Term, expected: list[tuple[str, str | None]]) -> None:
    found = [(a.value, dict(a.value_qualifiers).get("TermId")) for a in terms.imaging_methods(term)]
    assert found == expected


def test_a_broader_method_follows_what_was_typed() -> None:
    from rembi_sheets import vocabularies

    broader = next(e for e in vocabularies.entries("imaging_method") if e.extra.get("fit") == "broader")
    typed, known = terms.imaging_methods(Term(broader.label, broader.id))
    assert (typed.value, typed.value_qualifiers) == (broader.label, ())
    assert known.value == broader.extra["fbbi_label"]
    assert dict(known.value_qualifiers)["TermId"] == broader.id.replace(":", "_")


def test_an_acquisition_has_the_methods_of_its_components(page: dict[str, Any]) -> None:
    spim, tem = made.sections(page, "Image acquisition")
    assert made.values(spim, "Imaging method") == ["SPIM"]
    assert made.values(tem, "Imaging method") == ["transmission electron microscopy (TEM)"]


# ---------------------------------------------------------------- associations


def associations(page: dict[str, Any], component: int) -> list[tuple[str, ...]]:
    names = ("Biosample", "Specimen", "Image acquisition", "Image correlation", "Image analysis")
    section = made.sections(page, "Study Component")[component]
    return [tuple((made.values(a, n) or ("",))[0] for n in names) for a in section["subsections"]]


def test_every_true_combination_is_associated(page: dict[str, Any]) -> None:
    samples = ("Wild type", "Treated, no, knock-down")
    assert associations(page, 0) == [
        *((b, "Cleared", "SPIM", "SPIM on TEM", "Cell speed") for b in samples),
        *((b, "Cleared", "SPIM", "", "Processing: Projections") for b in samples),
    ]
    assert associations(page, 1) == [("Wild type", "Embedded", "TEM", "SPIM on TEM", "")]


def test_image_data_that_name_a_biosample_are_associated_with_it_alone() -> None:
    page = made.page(made.submission(made.edited("Image data", 0, Biosample="Treated, no, knock-down")))
    assert {a[0] for a in associations(page, 0)} == {"Treated, no, knock-down"}


def test_several_analyses_and_correlations_stand_side_by_side() -> None:
    second = {**made.RICH["Analysed data"][0], "Name": "Cell shape", "Result files": None}
    page = made.page(made.submission(made.rich(Analysed_data=[*made.RICH["Analysed data"], second])))
    of_wild = [a[3:] for a in associations(page, 0) if a[0] == "Wild type"]
    assert of_wild == [("SPIM on TEM", "Cell speed"), ("", "Cell shape"), ("", "Processing: Projections")]


def test_image_data_made_from_others_without_a_method_still_say_from_what() -> None:
    page = made.page(made.submission(made.edited("Image data", 1, **{"Image processing method": None})))
    overview = {
        made.values(s, "Title")[0]: made.values(s, "Image analysis overview")[0]
        for s in made.sections(page, "Image analysis")
    }
    assert overview["Processing: Projections"] == "Made from image data: Stacks"


def test_what_goes_to_other_archives_only_is_left_out() -> None:
    sheets = made.edited("Study components", 1, Archives="EMPIAR")
    sheets["Study"]["Archives"] = "BIA; EMPIAR"
    sub = made.submission(sheets)
    page = made.page(sub)
    assert [made.values(s, "Name")[0] for s in made.sections(page, "Study Component")] == ["Time lapse"]
    assert [made.values(s, "Title")[0] for s in made.sections(page, "Specimen")] == ["Cleared"]
    assert [made.values(s, "Title")[0] for s in made.sections(page, "Image acquisition")] == ["SPIM"]
    assert "BIA-SAMPLE-UNUSED" not in {f.code for f in made.checked(sub)}


# ---------------------------------------------------------------- analyses, annotations


def test_an_analysis_tells_its_phenotypes_and_columns() -> None:
    sheets = made.rich(
        Phenotypes=[{"Name": "round", "Analysed data": "Cell speed", "Description": "round cells"}],
        Processed_data_columns=[
            {"Analysed data": "Cell speed", "Column name": "speed", "Description": "µm per minute"},
            {"Analysed data": "Cell speed", "Column name": "cell"},
        ],
    )
    sub = made.submission(sheets)
    (analysis,) = [
        s for s in made.sections(made.page(sub), "Image analysis") if made.values(s, "Title") == ["Cell speed"]
    ]
    assert made.values(analysis, "Image analysis overview")[0].split("\n") == [
        "Tracked with a tracker.",
        "Analysis result type: numerical measurements",
        "Data used for analysis: all stacks",
        "Phenotypes: round (round cells)",
        "Processed data columns: speed (µm per minute); cell",
    ]


def test_annotation_sets_have_all_their_attributes(page: dict[str, Any]) -> None:
    masks, points = made.sections(page, "Annotations")
    assert [(a["name"], a["value"]) for a in masks["attributes"]] == [
        ("Title", "Nucleus masks"),
        ("Annotation Overview", "Masks of all nuclei"),
        ("Annotation Type", "segmentation_mask"),
        ("Annotation Type", "class_labels"),
        ("Annotation Method", "Painted by hand"),
        ("Annotation Criteria", "whole nuclei only"),
        ("Annotation Coverage", "one stack"),
        ("Annotation Confidence Level", "self-reported"),
        ("File List", "file-lists/Nucleus masks.tsv"),
    ]
    assert points["accno"] == "annotation-2"


# ---------------------------------------------------------------- losses, guide, notes


def test_every_filled_cell_is_on_the_page_or_told_as_lost() -> None:
    """Texts of all sheets are found in what is written, but for those the losses name and the words that only steer."""
    sub = made.submission()
    built = made.built(sub)
    files = made.whole(made.PACKAGE.render(built.document).files)
    written = "\n".join(
        files[n].decode("utf-8") for n in sorted(files) if n != "NEXT-STEPS.md" and n != "submission.tsv"
    )
    written = written.replace("\\n", "\n").replace('\\"', '"')
    lost = {loss.value for loss in built.losses if loss.went == "lost"}
    for sheet, content in made.RICH.items():
        for row in [content] if isinstance(content, dict) else content:
            for label, value in row.items():
                for part in str(value).split("; ") if label not in ("Archives",) else ():
                    shown = part.removesuffix(".0")
                    assert shown in written or part in lost or _respelled(part), (sheet, label, part)


def _respelled(text: str) -> bool:
    """Words that the archive spells otherwise: FBbi's labels, types of links, addresses of DOIs."""
    return text in (
        "light sheet fluorescence microscopy",
        "transmission electron microscopy",
        "DOI",
        "UniProt",
        "10.5281/zenodo.123",
    )


def guide(sub: Submission) -> str:
    return made.content(made.rendered(sub).files["NEXT-STEPS.md"]).decode("utf-8")


def test_losses_are_told_in_the_guide() -> None:
    sub = made.submission(made.rich(Publications=[{**made.RICH["Publications"][0], "Journal or book": "J Examples"}]))
    lost = {(x.column, x.value, x.went) for x in made.built(sub).losses}
    assert ("Journal or book", "J Examples", "lost") in lost
    (row,) = [line for line in guide(sub).splitlines() if "J Examples" in line]
    assert "Publications" in row and "nowhere" in row
    (moved,) = [line for line in guide(sub).splitlines() if "cortex" in line]
    assert "Specimens: Location within Biosample" in moved and "Sample preparation protocol" in moved


@pytest.mark.parametrize(
    "told", ["submission.tsv", "file-lists/Time lapse.tsv", "organoid\\_study", "10.6019/", "2027-03-01"]
)
def test_the_guide_names_what_was_made_and_what_to_do(told: str) -> None:
    assert told.replace("\\_", "_") in guide(made.submission())


def test_the_guide_tells_sizes_where_they_are_known() -> None:
    sub = dataclasses.replace(made.submission(), inventory={"stacks/a.ome.tif": 2_500_000_000, "em/1.tif": 10})
    assert "2.5 GB in all; the largest file has 2.5 GB" in guide(sub)
    assert "in all" not in guide(made.submission())


def test_the_guide_survives_any_text() -> None:
    title = "A title | with <b>pipes</b> and `code` {{ braces }} of 40 characters"
    shown = guide(made.submission(made.rich(Study={"Study title": title})))
    assert "with \\<b\\>pipes" in shown and "{{ braces }}" in shown


def test_texts_that_say_nothing_are_told() -> None:
    sheets = made.edited("Specimens", 1, **{"Preparation method": "See the manuscript for details."})
    sheets["Specimens"][1]["Name"] = made.RICH["Study"]["Study title"]
    sheets["Image data"][2]["Specimen"] = made.RICH["Study"]["Study title"]
    assert {("BIA-TEXT-ELSEWHERE", "Specimens", "C7"), ("BIA-NAME-IS-TITLE", "Specimens", "A7")} <= made.codes(
        made.checked(sheets)
    )


def test_image_data_take_over_their_origin_and_it_must_be_somewhere() -> None:
    sheets = made.rich()
    stacks = sheets["Image data"][0]
    stacks["Made from image data"] = "Projections of the past"
    del stacks["Image acquisition"], stacks["Specimen"]
    past = {"Name": "Projections of the past", "Study component": "Time lapse", "Type": "processed image"}
    sheets["Image data"].append({**past, "Made from image data": "Sections"})
    assert "BIA-ORIGIN" not in {f.code for f in made.checked(sheets)}
    sheets["Image data"][-1]["Made from image data"] = None
    found = {(f.sheet, f.column, f.value) for f in made.checked(sheets) if f.code == "BIA-ORIGIN"}
    labels = ("Specimen", "Image acquisition")
    assert found == {("Image data", label, name) for label in labels for name in ("Stacks", "Projections")}


def test_combinations_and_undeclared_masks_are_notes() -> None:
    sheets = made.rich(Annotations=[], Files=[r for r in made.RICH["Files"] if "Annotation set" not in r])
    sheets["Image data"][1]["Type"] = "segmentation"
    found = {(f.code, f.severity.value, f.value) for f in made.checked(sheets)}
    assert ("BIA-MASKS", "note", "Projections") in found
    assert ("BIA-COMBINATIONS", "note", "Stacks") in found


def test_findings_of_this_archive_name_it_alone() -> None:
    faulty = made.rich(Study={"License": "mine", "Release date": dt.date(2020, 1, 1)}, Links=[{"Link": "words"}])
    found = made.checked(faulty)
    assert len(found) >= 3 and {f.archives for f in found} == {("bioimage-archive",)}
