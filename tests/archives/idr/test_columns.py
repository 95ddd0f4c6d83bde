"""What becomes of the user's own columns of Files, and of the values of records, in the annotation CSV."""

from __future__ import annotations

import copy
import csv
import io
from dataclasses import replace
from typing import Any

import pytest

from rembi_sheets.archives.idr.document import Kind
from rembi_sheets.archives.idr.facts.columns import own_columns, place_of
from rembi_sheets.archives.idr.facts.samples import control_type, kind_of
from rembi_sheets.submission import Submission
from rembi_sheets.values import Term
from tests.archives.idr.studies import HITS, RESULTS, SCREEN, files, screen, well
from tests.support import STUDY, submission

X, S = Kind.EXPERIMENT, Kind.SCREEN


@pytest.mark.parametrize(
    ("heading", "kind", "variables", "idr"),
    [
        ("Compound Name", S, ["Compound"], "Compound Name"),
        ("InChIKey", S, [], "Compound InChIKey"),
        ("siRNA ID 2", S, [], "siRNA Identifier 2"),
        ("Gene ID", S, [], "Gene Identifier"),
        ("Gene ID", X, [], "Comment [Gene Identifier]"),
        ("gene symbol", X, ["Gene Symbol"], "Comment [Gene Symbol]"),
        ("Dose", X, ["Dose"], "Experimental Condition [Dose]"),
        ("Dose", X, [], "Dose"),
        ("Stage", X, [], "Characteristics [Developmental Stage]"),
        ("Genotype", X, ["Genotype"], "Experimental Condition [Genotype]"),
        ("Temperature", X, ["temperature"], "Experimental Condition [Temperature]"),
        ("Temperature", S, [], "Comment [Temperature]"),
        ("Characteristics [Embryo/Fetus ID]", X, [], "Characteristics [Embryo/Fetus ID]"),
        ("Comment[Antibody]", X, [], "Comment [Antibody]"),
    ],
)
def test_an_own_heading_becomes_one_of_idr(heading: str, kind: Kind, variables: list[str], idr: str) -> None:
    assert place_of(heading, kind, {v.casefold() for v in variables})[0] == idr


def test_a_column_of_identifiers_belongs_to_the_column_before_it() -> None:
    made = own_columns(
        ["Drug", "Drug ID", "Time", "Gene", "Gene ID", "Site", "Term Source 4 REF", "Term Source 4 Accession"],
        X,
        [],
        lambda _: True,
    )
    assert [(o.idr, o.ids, o.ref) for o in made] == [
        ("Comment [Drug]", "Drug ID", ""),
        ("Comment [Time]", "", ""),
        ("Comment [Gene Symbol]", "", ""),
        ("Comment [Gene Identifier]", "", ""),
        ("Comment [Site]", "Term Source 4 Accession", "Term Source 4 REF"),
    ]


@pytest.mark.parametrize(
    ("term", "given", "kind"),
    [
        (Term("HeLa", "CVCL:0030"), "", "cell line"),
        (Term("HeLa", "EFO:0001185"), "", "cell line"),
        (Term("kidney", "EFO:0000927"), "", "organism part"),
        (Term("hTERT RPE-1", "BTO:0004790"), "", "cell line"),
        (Term("neuron", "CL:0000540"), "", "cell type"),
        (Term("heart", "UBERON:0000948"), "", "organism part"),
        (Term("heart", "UBERON:0000948"), "other", "other"),
        (Term("HeLa"), "", "cell line"),
        (Term("thing"), "", ""),
    ],
)
def test_the_kind_of_an_entity(term: Term, given: str, kind: str) -> None:
    assert kind_of(term, given) == kind


@pytest.mark.parametrize(
    ("status", "control"),
    [
        ("test", ""),
        ("control", "unknown control"),
        ("negative control", "negative control"),
        ("spiked", "spiked"),
        ("", ""),
    ],
)
def test_experimental_status_is_the_control_type(status: str, control: str) -> None:
    assert control_type(status) == control


def rows(made: Submission, folder: str = "") -> list[dict[str, str]]:
    text = next(t for n, t in files(made).items() if n.endswith("-annotation.csv") and folder in n)
    return list(csv.DictReader(io.StringIO(text)))


def experiment(**sheets: Any) -> Submission:
    data = copy.deepcopy(STUDY)
    for name, change in sheets.items():
        title = name.replace("_", " ")
        for row, cells in zip(data[title], change, strict=False):
            row.update(cells)
    return submission(data)


def test_ontology_columns_are_numbered_from_left_to_right() -> None:
    made = experiment(
        Biosamples=[{"Biological entity": "HeLa; nucleus", "Biological entity ID": "CVCL:0030; GO:0005634"}],
        Files=[{"Drug": "taxol", "Drug ID": "CHEBI:45863"}, {"Drug": "taxol", "Drug ID": "CHEBI:45863"}],
    )
    header = list(rows(made)[0])
    refs = [h for h in header if h.endswith(" REF")]
    assert refs == [f"Term Source {n} REF" for n in range(1, len(refs) + 1)]
    assert len(set(header)) == len(header)
    first = rows(made)[0]
    place = header.index("Comment [Drug]")
    assert [first[h] for h in header[place : place + 3]] == ["taxol", "CHEBI", "CHEBI_45863"]


def test_two_organisms_are_numbered() -> None:
    first = rows(experiment(Biosamples=[{"Organism": "Homo sapiens; Toxoplasma gondii"}]))[0]
    assert first["Characteristics [Organism 1]"] == "Homo sapiens"
    assert first["Characteristics [Organism 2]"] == "Toxoplasma gondii"


def test_the_value_of_a_row_goes_before_that_of_its_sample() -> None:
    made = experiment(Biosamples=[{"Intrinsic variable": "Strain: AB"}], Files=[{"Strain": "TL"}, {"Strain": None}])
    assert [r["Characteristics [Strain]"] for r in rows(made)] == ["TL", "AB"]


def test_columns_without_any_value_are_left_out() -> None:
    made = experiment(Files=[{"Empty": None, "Half": "x"}, {"Empty": None, "Half": None}])
    assert "Comment [Empty]" not in rows(made)[0]
    assert [r["Comment [Half]"] for r in rows(made)] == ["x", ""]


def test_masks_stand_in_a_dataset_of_their_own() -> None:
    data = copy.deepcopy(STUDY)
    data["Annotations"] = [{"Name": "Nuclei", "Image data": "Organoid stacks", "Annotation overview": "All nuclei."}]
    data["Files"].append({"Path": "m/1.png", "Annotation set": "Nuclei", "Source image": "stacks/organoid_01.tiff"})
    mask = rows(submission(data))[2]
    assert mask["Dataset Name"] == "Nuclei"
    assert mask["Comment [Image File Type]"] == "processed"
    assert mask["Comment [Source Image]"] == "stacks/organoid_01.tiff"
    assert mask["Comment [Image File Comments]"] == "All nuclei."
    assert mask["Characteristics [Cell Line]"] == "HeLa"


def test_an_empty_well_has_no_sample() -> None:
    data = copy.deepcopy(SCREEN)
    data["Files"][0]["Experimental status"] = "empty well"
    first, second = rows(submission(data))[:2]
    assert first["Control Type"] == "empty well"
    assert (first["Characteristics [Organism]"], first["Characteristics [Cell Line]"]) == ("", "")
    assert first["Channels"] == second["Channels"] != ""
    assert second["Characteristics [Organism]"] == "Homo sapiens"


def test_files_of_one_well_are_one_row() -> None:
    data = copy.deepcopy(SCREEN)
    data["Files"].append(
        well("plate1", "A01", "DMSO", Path="plate1/second.tif", **{"Experimental status": "negative control"})
    )
    found = rows(submission(data))
    assert [(r["Plate"], r["Well"]) for r in found] == [
        ("plate1", "A1"),
        ("plate1", "A2"),
        ("plate2", "A1"),
        ("plate2", "A2"),
    ]
    assert found[0]["Comment [Image File Path]"] == "plate1.zarr; plate1/second.tif"


@pytest.mark.parametrize(("rows_", "columns"), [(2, 3), (8, 12), (16, 24)])
def test_wells_are_numbered_when_a_plate_is_complete(rows_: int, columns: int) -> None:
    data = copy.deepcopy(SCREEN)
    data["Files"] = [well("p", f"{chr(65 + r)}{c + 1:02d}", "x") for r in range(rows_) for c in range(columns)]
    found = rows(submission(data))
    assert [r["Well Number"] for r in found] == [str(n + 1) for n in range(rows_ * columns)]
    data["Files"].pop()
    assert "Well Number" not in rows(submission(data))[0]


def test_phenotypes_of_files_and_of_the_results_stand_in_one_column() -> None:
    data = copy.deepcopy(SCREEN)
    data["Files"][3]["Phenotypes"] = "mitosis arrested"
    data["Phenotypes"].append({"Name": "dead", "Analysed data": "Mitotic index"})
    data["Files"][0]["Phenotypes"] = "dead"
    found = rows(replace(submission(data), attachments={RESULTS: HITS}))
    assert [r["Phenotype 1"] for r in found] == ["", "mitosis arrested", "", "mitosis arrested"]
    assert [r["Phenotype 2"] for r in found] == ["dead", "", "", ""]
    assert [r["Has Phenotype"] for r in found] == ["yes", "yes", "", "yes"]
    assert "Phenotype 2 Term Name" not in found[0]


def test_results_are_joined_by_plate_and_well() -> None:
    table = b"Plate\tWell\tScore\nplate1\tA01\t1\nplate2\tA2\t2\n"
    columns = [
        {"Analysed data": "Mitotic index", "Column name": n, "Column type": t, "Links to Files": link}
        for n, t, link in (("Plate", "location", "yes"), ("Well", "location", "yes"), ("Score", "data", None))
    ]
    found = rows(screen({RESULTS: table}, Processed_data_columns=columns))
    assert [r["Score"] for r in found] == ["1", "", "", "2"]


def test_without_the_table_of_results_its_columns_are_described_and_not_joined() -> None:
    made = screen({})
    assert "Z-score" not in rows(made)[0]
    assert "results/hits.tsv" in files(made)["idr0000-study.txt"]
    assert not any(n.endswith("-processed.txt") for n in files(made))


def test_files_found_on_disk_stand_in_for_rows() -> None:
    data = copy.deepcopy(STUDY)
    data["Files"] = []
    data["Image data"][0]["Folder or file pattern"] = "stacks/*.tiff"
    found = {"stacks/a.tiff": 10, "stacks/b.tiff": 20, "notes.txt": 1}
    made = replace(submission(data), inventory=found)
    assert [r["Image Name"] for r in rows(made)] == ["a.tiff", "b.tiff"]


def test_a_plate_in_many_files_is_imported_by_the_file_that_describes_it() -> None:
    data = copy.deepcopy(SCREEN)
    for row in data["Files"]:
        row["Path"] = f"{row['Plate']}/{row['Well']}.tif"
    data["Files"] += [
        {"Path": f"plate{n}/experiment_descriptor.xml", "Study component": "Primary screen"} for n in (1, 2)
    ]
    made = files(submission(data))["screenA/idr0000-screenA-plates.tsv"]
    assert [line.rpartition("/")[2] for line in made.splitlines()] == ["experiment_descriptor.xml"] * 2


def test_an_image_in_a_file_of_several_is_imported_once() -> None:
    made = experiment(
        Files=[{"Path": "all.czi", "Image name": "all.czi [1]"}, {"Path": "all.czi", "Image name": "all.czi [2]"}]
    )
    assert [r["Image Name"] for r in rows(made)] == ["all.czi [1]", "all.czi [2]"]
    paths = files(made)["experimentA/idr0000-experimentA-filePaths.tsv"].splitlines()
    assert len(paths) == 1 and paths[0].endswith("/all.czi\tall.czi")
