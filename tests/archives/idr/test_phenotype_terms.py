"""Phenotypes with several terms: all of them, in their order, in study file, annotation and configuration."""

from __future__ import annotations

import copy
import csv
import io
from dataclasses import replace
from typing import Any

import pytest

from rembi_sheets.archives import package
from rembi_sheets.archives.idr.render import verify
from rembi_sheets.submission import Submission
from tests.archives.idr.studies import RESULTS, SCREEN, files
from tests.support import TODAY, submission

idr = package("idr")

TABLE = (
    b"Compound Name\tPhenotype 1\tPhenotype 2\nnocodazole\tspindle gone\tquiet\nroscovitine\tlarge\t\nDMSO\t\tquiet\n"
)
COLUMNS = [
    {"Analysed data": "Mitotic index", "Column name": n, "Column type": t, "Links to Files": link}
    for n, t, link in (
        ("Compound Name", "reagent identifier", "yes"),
        ("Phenotype 1", "phenotype", None),
        ("Phenotype 2", "phenotype", None),
    )
]


def phenotype(name: str, terms: str | None = None, ids: str | None = None) -> dict[str, Any]:
    return {"Name": name, "Analysed data": "Mitotic index", "Phenotype term": terms, "Phenotype term ID": ids}


def made(*phenotypes: dict[str, Any]) -> Submission:
    data = copy.deepcopy(SCREEN)
    data["Phenotypes"] = list(phenotypes)
    data["Processed data columns"] = COLUMNS
    return replace(submission(data), attachments={RESULTS: TABLE})


THREE = (
    phenotype("quiet"),
    phenotype("spindle gone", "mitosis arrested; absent spindle; LAB thing", "CMPO:0000338; CMPO:0000999;"),
    phenotype("large", "increased cell size phenotype"),
)


def rows(found: Submission) -> list[dict[str, str]]:
    text = next(t for n, t in files(found).items() if n.endswith("-annotation.csv"))
    return list(csv.DictReader(io.StringIO(text)))


def test_the_study_file_has_three_lines_a_term_and_keeps_the_places_of_the_phenotypes() -> None:
    text = files(made(*THREE))["idr0000-study.txt"]
    lines = [line.split("\t") for line in text.splitlines() if line.startswith("Phenotype ")]
    assert [line[0] for line in lines] == [
        "Phenotype Name",
        "Phenotype Description",
        "Phenotype Score Type",
        *("Phenotype Term Source REF", "Phenotype Term Name", "Phenotype Term Accession") * 3,
    ]
    assert lines[0][1:] == ["quiet", "spindle gone", "large"]
    by_term = [(lines[n + 1], lines[n + 2]) for n in (3, 6, 9)]
    assert by_term[0][0][1:] == ["", "mitosis arrested", "increased cell size phenotype"]
    assert by_term[0][1][:3] == ["Phenotype Term Accession", "", "CMPO_0000338"]
    assert by_term[1][0][1:] == ["", "absent spindle"]
    assert by_term[1][1][1:] == ["", "CMPO_0000999"]
    assert by_term[2][0][1:] == ["", "LAB thing"]


def test_the_annotation_has_the_terms_side_by_side_as_idrs_join_writes_them() -> None:
    found = rows(made(*THREE))
    terms = [h for h in found[0] if h.startswith("Phenotype 1")]
    assert terms == ["Phenotype 1", *(f"Phenotype 1 Term {x} {n}" for n in "abc" for x in ("Name", "Accession"))]
    by_phenotype = {r["Phenotype 1"]: [r[h] for h in terms[1:]] for r in found}
    assert by_phenotype["spindle gone"] == [
        "mitosis arrested",
        "CMPO_0000338",
        "absent spindle",
        "CMPO_0000999",
        "LAB thing",
        "",
    ]
    assert by_phenotype["large"][2:] == ["", "", "", ""]
    assert by_phenotype[""] == [""] * 6
    assert [h for h in found[0] if h.startswith("Phenotype 2")] == ["Phenotype 2"]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_all_terms_of_a_phenotype_are_searched_by_one_name(number: int) -> None:
    terms = ("mitosis arrested", "increased cell size phenotype", "decreased cell size phenotype")[:number]
    found = made(phenotype("spindle gone", "; ".join(terms)), phenotype("large"), phenotype("quiet"))
    config = next(t for n, t in files(found).items() if n.endswith("-bulkmap-config.yml"))
    assert config.count("clientname: Phenotype Term Name\n") == number
    assert config.count("clientname: Phenotype Term Accession URL\n") == number


def test_idr_takes_what_is_written_and_the_study_is_read_back() -> None:
    found = made(*THREE)
    document = idr.build(found, TODAY).document
    text = files(found)["idr0000-study.txt"]
    assert verify.study(document, text) == []
    rendered = idr.render(document).files
    content = {n: c if isinstance(c, bytes) else b"".join(c()) for n, c in rendered.items()}
    again = idr.parse(content)
    assert again.not_understood == ()
    assert [b for b in again.document.components[0].blocks for line in b.lines if line.key == "Phenotype Term Name"]


def test_a_heading_made_from_the_terms_cannot_stand_in_the_results_too() -> None:
    results = TABLE.replace(b"Phenotype 2\n", b"Phenotype 2\tPhenotype 1 Term Name b\n")
    codes = [f.code for f in idr.check(replace(made(*THREE), attachments={RESULTS: results}), TODAY)]
    assert "IDR-RESULT-HEADING" in codes


@pytest.mark.parametrize("heading", ["phenotype 1", "PHENOTYPE 1", "Phenotype 1"])
@pytest.mark.parametrize("value", ["Spindle gone", "spindle  gone", "SPINDLE GONE "])
def test_case_and_blanks_of_the_results_lose_no_term(heading: str, value: str) -> None:
    results = TABLE.replace(b"Phenotype 1", heading.encode()).replace(b"spindle gone", value.encode())
    found = replace(made(*THREE), attachments={RESULTS: results})
    assert {f.code for f in idr.check(found, TODAY)} & {"IDR-PHENOTYPE-UNKNOWN", "IDR-PHENOTYPE-UNUSED"} == set()
    assert [r["Phenotype 1 Term Accession b"] for r in rows(found) if r["Phenotype 1"] == "spindle gone"] == [
        "CMPO_0000999"
    ]
    assert verify.component(idr.build(found, TODAY).document.components[0]) == []


def test_two_columns_and_the_rows_share_their_phenotypes() -> None:
    data = copy.deepcopy(SCREEN)
    data["Phenotypes"] = list(THREE)
    data["Processed data columns"] = [COLUMNS[0], {**COLUMNS[1], "Column name": "Phenotype"}]
    data["Files"][3]["Phenotypes"] = "quiet; large"
    table = b"Compound Name\tPhenotype\nnocodazole\tLarge\nDMSO\tspindle gone\n"
    made_rows = rows(replace(submission(data), attachments={RESULTS: table}))
    terms = [h for h in made_rows[0] if h.startswith("Phenotype ")]
    assert len(set(terms)) == len(terms)
    shown = [{v for h, v in r.items() if h in ("Phenotype", "Phenotype 1", "Phenotype 2") and v} for r in made_rows]
    assert shown == [{"spindle gone"}, {"large"}, {"spindle gone"}, {"quiet", "large"}]
    assert all(
        r["Phenotype Term Name a"] == "increased cell size phenotype" for r in made_rows if r["Phenotype"] == "large"
    )
