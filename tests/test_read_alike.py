"""Cells are read by one rule, whether one is looked at or a whole column at once."""

from __future__ import annotations

import pytest

from rembi_sheets import vocabularies
from rembi_sheets.archives import package
from rembi_sheets.schema import Kind, load
from rembi_sheets.tables.memo import Memo
from rembi_sheets.values import convert
from tests.disk.made import check
from tests.support import STUDY, TODAY, study, submission

ODD = ("emd1234", "EMD1234", "EMPIAR10002", "PMC 123", "10.48550/arXiv.2101.00001v2", "pp. 5-9", "B 2", "plain words")
TEXTS = [c for s in load().sheets for c in s.columns if c.kind in (Kind.TEXT, Kind.LONGTEXT) and not c.own]


@pytest.mark.parametrize("column", TEXTS, ids=lambda c: f"{c.sheet}-{c.name}")
def test_a_column_reads_as_a_cell_does(column) -> None:
    memo = Memo(column)
    for text in ODD:
        value, problems = convert(text, column)
        assert (memo[text], memo.problems.get(text, ())) == (value, problems)


@pytest.mark.parametrize("link", ["emd1234", "EMD1234", "EMPIAR10002"])
def test_an_accession_without_its_hyphen_is_a_link(link: str) -> None:
    data = study(Links=[{"Link": link}])
    assert [f.code for f in check(data, None) if f.sheet == "Links"] == ["READ-AS"]
    made = package("bioimage-archive").build(submission(data), TODAY).document
    assert link.upper().replace("EMD1", "EMD-1").replace("EMPIAR1", "EMPIAR-1") in repr(made)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [(".tif", "TIFF"), (".czi", "CZI"), (".EER", "EER"), (".ome.tif", "OME-TIFF"), (".mrcs", "MRCS")],
)
def test_the_ending_of_a_format_means_the_format(typed: str, meant: str) -> None:
    found = vocabularies.resolve(typed, "file_format").entry
    assert found is not None
    assert found.label == meant


@pytest.mark.parametrize("path", ["stacks/a.tif; stacks/b.tif", "a.tif;b.tif", "a.ome.zarr | b.ome.zarr"])
@pytest.mark.parametrize("archive", load().archive_names)
def test_two_paths_in_a_cell_are_no_path(path: str, archive: str) -> None:
    rows = [{**STUDY["Files"][0], "Path": path}]
    assert "PATH-WILDCARD" in {f.code for f in check(study(Files=rows), None, archive)}


@pytest.mark.parametrize("path", ["stacks/a;b.tif", "stacks/v1.2;3/a", "a|b.tif"])
def test_a_sign_within_a_name_is_none_of_several(path: str) -> None:
    rows = [{**STUDY["Files"][0], "Path": path}]
    assert "PATH-WILDCARD" not in {f.code for f in check(study(Files=rows), None, "empiar")}
