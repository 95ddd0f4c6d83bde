"""The files of a small experiment and of a small screen."""

from __future__ import annotations

import csv
import io

from tests.archives.idr.studies import files, screen
from tests.support import submission


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def line(text: str, key: str) -> list[str]:
    found = [x.split("\t") for x in text.split("\n") if x.split("\t")[0] == key]
    assert len(found) == 1, f"{key}: {len(found)} lines"
    return found[0][1:]


def test_an_experiment_has_the_files_of_the_contract() -> None:
    assert sorted(files(submission())) == [
        "NEXT-STEPS.md",
        "experimentA/idr0000-experimentA-annotation.csv",
        "experimentA/idr0000-experimentA-assays.txt",
        "experimentA/idr0000-experimentA-bulk.yml",
        "experimentA/idr0000-experimentA-bulkmap-config.yml",
        "experimentA/idr0000-experimentA-filePaths.tsv",
        "idr0000-study.txt",
    ]


def test_a_screen_has_the_files_of_the_contract() -> None:
    assert sorted(files(screen())) == [
        "NEXT-STEPS.md",
        "idr0000-study.txt",
        "screenA/idr0000-screenA-annotation.csv",
        "screenA/idr0000-screenA-bulk.yml",
        "screenA/idr0000-screenA-bulkmap-config.yml",
        "screenA/idr0000-screenA-library.txt",
        "screenA/idr0000-screenA-plates.tsv",
        "screenA/idr0000-screenA-processed.txt",
    ]


def test_an_image_row_has_what_its_records_say() -> None:
    first = rows(files(submission())["experimentA/idr0000-experimentA-annotation.csv"])[0]
    assert first == {
        "Dataset Name": "Organoid stacks",
        "Image Name": "organoid_01.tiff",
        "Characteristics [Organism]": "Homo sapiens",
        "Term Source 1 REF": "NCBITaxon",
        "Term Source 1 Accession": "NCBITaxon_9606",
        "Characteristics [Cell Line]": "HeLa",
        "Term Source 2 REF": "EFO",
        "Term Source 2 Accession": "EFO_0001185",
        "Comment [Specimen]": "Cleared organoid",
        "Comment [Image File Path]": "stacks/organoid_01.tiff",
        "Comment [Image File Type]": "raw",
        "Comment [Image File Format]": "TIFF",
    }


def test_a_well_row_is_joined_with_the_results_and_their_phenotype() -> None:
    found = rows(files(screen())["screenA/idr0000-screenA-annotation.csv"])
    assert [(r["Plate"], r["Well"], r["Z-score"], r["Phenotype 1"]) for r in found] == [
        ("plate1", "A1", "0.10", ""),
        ("plate1", "A2", "4.20", "mitosis arrested"),
        ("plate2", "A1", "0.10", ""),
        ("plate2", "A2", "", ""),
    ]
    assert found[1]["Phenotype 1 Term Name"] == "mitosis arrested"
    assert found[1]["Phenotype 1 Term Accession"] == "CMPO_0000338"
    assert [r["Control Type"] for r in found] == ["negative control", "", "negative control", ""]
    assert found[0]["Channels"] == "Hoechst:DNA;Alexa488:tubulin"


def test_the_study_file_names_the_component_and_counts_it() -> None:
    text = files(screen())["idr0000-study.txt"]
    assert line(text, "Comment[IDR Screen Name]") == ["idr0000-beispiel-kinaseinhibitors/screenA"]
    assert line(text, "Study Screens Number") == ["1"]
    assert line(text, "Study Organism Term Accession") == ["NCBITaxon_9606"]
    assert line(text, "Study License URL") == ["https://creativecommons.org/licenses/by/4.0/"]
    assert line(text, "Processed Data Column Link To Library File") == ["Compound Name"]
