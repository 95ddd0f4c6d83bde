"""Own columns of Files beside well-known ones: none is refused, none is lost, and each keeps source and accession."""

from __future__ import annotations

import copy
import csv
import io
from typing import Any

import pytest

from rembi_sheets.archives import package
from rembi_sheets.submission import Submission
from tests.archives.idr.studies import SCREEN, files
from tests.support import STUDY, TODAY, submission

idr = package("idr")

Data = dict[str, Any]


def made(base: Data, columns: dict[str, str], **biosample: str) -> Submission:
    """A study whose rows of Files have these own columns, the number of the row behind each value."""
    data = copy.deepcopy(base)
    data["Biosamples"][0] |= {label.replace("_", " "): value for label, value in biosample.items()}
    for n, row in enumerate(data["Files"]):
        row.update({h: v if ":" in v else f"{v} {n}" for h, v in columns.items()})
    return submission(data)


def first_row(found: Submission) -> dict[str, str]:
    text = next(t for n, t in files(found).items() if n.endswith("-annotation.csv"))
    return next(csv.DictReader(io.StringIO(text)))


def errors(found: Submission) -> list[str]:
    return [f.code for f in idr.check(found, TODAY) if f.severity == "error"]


@pytest.mark.parametrize(
    ("base", "columns", "variables", "headings"),
    [
        (STUDY, ("Gene Name", "Gene Symbol"), "", ("Comment [Gene Name]", "Comment [Gene Symbol]")),
        (SCREEN, ("Gene Name", "Gene Symbol"), "", ("Gene Name", "Gene Symbol")),
        (STUDY, ("Ensembl ID", "Gene ID"), "", ("Comment [Gene Identifier]", "Comment [Gene ID]")),
        (SCREEN, ("Concentration", "Stage"), "", ("Concentration", "Characteristics [Developmental Stage]")),
        (
            STUDY,
            ("Experimental Condition [Antibody]", "Experimental Condition [Compound]", "Compound Name"),
            "",
            ("Experimental Condition [Antibody]", "Experimental Condition [Compound]", "Compound Name"),
        ),
        (
            STUDY,
            ("Antibody", "Compound", "Stage"),
            "Antibody; Compound; Stage",
            (
                "Experimental Condition [Antibody]",
                "Experimental Condition [Compound]",
                "Experimental Condition [Stage]",
            ),
        ),
        (STUDY, ("Disease", "Diagnosis"), "", ("Comment [Disease]", "Characteristics [Diagnosis]")),
        (STUDY, ("Comment [Gender]", "Sex", "Gender"), "", ("Comment [Gender]", "Characteristics [Sex]", "Gender")),
    ],
)
def test_each_column_is_written_under_a_heading_of_its_own(
    base: Data, columns: tuple[str, ...], variables: str, headings: tuple[str, ...]
) -> None:
    extra = {"Experimental_variables": variables} if variables else {}
    found = made(base, {h: f"value of {h}" for h in columns}, **extra)
    assert errors(found) == []
    row = first_row(found)
    assert [row[h] for h in headings] == [f"value of {h} 0" for h in columns]


def test_a_column_that_keeps_its_own_name_is_told() -> None:
    found = [f for f in idr.check(made(STUDY, {"Gender": "f", "Sex": "f"}), TODAY) if f.code == "IDR-HEADING-SHARED"]
    assert [(f.severity, f.value) for f in found] == [("note", "Gender")]


@pytest.mark.parametrize(
    "columns",
    [
        {"Diagnosis": "melanoma [NCIT:C3224]"},
        {"Diagnosis": "melanoma", "Diagnosis ID": "NCIT:C3224"},
        {"Diagnosis ID": "NCIT:C3224", "Age": "4", "Diagnosis": "melanoma"},
        {"Diagnosis": "melanoma", "Term Source 9 REF": "NCIT", "Term Source 9 Accession": "NCIT:C3224"},
        {"Characteristics [Diagnosis]": "melanoma", "Diagnosis Term Accession": "NCIT:C3224"},
    ],
)
def test_a_term_of_an_own_column_keeps_source_and_accession(columns: dict[str, str]) -> None:
    made_of = made(STUDY, columns)
    row = first_row(made_of)
    place = list(row).index("Characteristics [Diagnosis]")
    label, ref, accession = list(row.values())[place : place + 3]
    assert (label.removesuffix(" 0"), ref, accession) == ("melanoma", "NCIT", "NCIT_C3224")
    assert "\nTerm Source Name\tNCBITaxon\tEFO\tFBbi\tNCIT\n" in files(made_of)["idr0000-study.txt"]
    assert not [h for h in row if "ID]" in h]


def test_every_entity_keeps_source_and_accession_wherever_its_identifier_stands() -> None:
    found = made(
        STUDY,
        {"Time": "1"},
        Biological_entity="hTERT RPE-1; heart; C57BL/6 line of ours",
        Biological_entity_ID="BTO:0004790; UBERON:0000948; EFO:0000606",
        Kind_of_biological_entity="cell line; organism part; strain",
    )
    row = first_row(found)
    cells = list(row.items())
    for heading, label, accession in (
        ("Characteristics [Cell Line]", "hTERT RPE-1", "BTO_0004790"),
        ("Characteristics [Organism Part]", "heart", "UBERON_0000948"),
        ("Characteristics [Strain]", "C57BL/6 line of ours", "EFO_0000606"),
    ):
        place = list(row).index(heading)
        source = accession.partition("_")[0]
        assert [v for _, v in cells[place : place + 3]] == [label, source, accession]
    assert "BTO" in files(found)["idr0000-study.txt"]


def test_an_identifier_alone_goes_to_the_entity_that_it_means() -> None:
    row = first_row(
        made(STUDY, {"Time": "1"}, Biological_entity="a clone of ours; kidney", Biological_entity_ID="UBERON:0002113")
    )
    place = list(row).index("Characteristics [Organism Part]")
    assert list(row.values())[place : place + 3] == ["kidney", "UBERON", "UBERON_0002113"]


@pytest.mark.parametrize("base", [STUDY, SCREEN])
@pytest.mark.parametrize(
    ("heading", "value"),
    [
        ("Vector ID", "p6046"),
        ("Drug Identifier", "SB-203580"),
        ("Strain ID", "CB4856"),
        ("Batch Accession", "E-MTAB 12"),
        ("Clone ID", "7"),
    ],
)
def test_numbers_of_a_catalogue_are_a_column_of_their_own(base: Data, heading: str, value: str) -> None:
    other = heading.rpartition(" ")[0]
    row = first_row(made(base, {other: f"{other} x", heading: value}))
    assert [h for h, v in row.items() if v == f"{value} 0"] == [f"Comment [{heading}]"]
    assert [h for h, v in row.items() if v == f"{other} x 0"]


def test_identifiers_of_terms_among_catalogue_numbers_stay_where_they_are() -> None:
    data = copy.deepcopy(STUDY)
    for row, code in zip(data["Files"], ("NCIT:C3224", "lot 7"), strict=True):
        row |= {"Diagnosis": "melanoma", "Diagnosis ID": code}
    row = first_row(submission(data))
    assert row["Comment [Diagnosis ID]"] == "NCIT:C3224"
