"""Headings of a table of results that OMERO takes for its own: left out of the annotation, said, and no error."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rembi_sheets.findings import stops
from tests.archives.idr.test_phenotype_terms import RESULTS, TABLE, THREE, files, idr, made
from tests.support import TODAY


@pytest.mark.parametrize(
    ("heading", "times"),
    [
        *((h, 1) for h in ("Roi Name", "roi_id", "ROI", "IMAGE ID", "dataset", "Plate Name", "%% notes")),
        ("Z-score", 2),
    ],
)
def test_a_column_without_a_place_in_the_annotation(heading: str, times: int) -> None:
    first, *lines = TABLE.decode().splitlines()
    more = f"\t{heading}" * times, "\t17" * times
    table = "\n".join([first + more[0], *(line + more[1] for line in lines)]) + "\n"
    submission = replace(made(*THREE), attachments={RESULTS: table.encode()})
    found = idr.check(submission, TODAY)
    assert not stops(found, "idr")
    assert [f.value for f in found if f.code == "IDR-RESULT-HEADING"] == [heading]
    made_of = files(submission)
    header = next(t for n, t in made_of.items() if n.endswith("annotation.csv")).splitlines()[0].split(",")
    assert heading not in header
    assert "Phenotype 1" in header
    assert heading in next(t for n, t in made_of.items() if n.endswith("processed.txt")).splitlines()[0]
