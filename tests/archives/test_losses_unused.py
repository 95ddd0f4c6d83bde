"""Rows that nothing in a study leads to: what stands in them is among the losses of every archive, cell by cell."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from rembi_sheets import archives, examples, pipeline
from rembi_sheets.archives import Loss
from rembi_sheets.schema import load
from rembi_sheets.submission import Submission, from_tables
from rembi_sheets.tables import Tables, made
from rembi_sheets.values import to_cell

DAY = dt.date(2026, 11, 22)
SPARE = {
    "image_acquisition": {"name": "Spare scope", "instrument": "Unused 9000", "parameters": "never switched on"},
    "organisations": {"name": "Spare institute", "town": "Ulm", "street": "Weg 1", "ror_id": "05g3mes96"},
    "specimens": {"name": "Spare specimen", "preparation": "left in the fridge"},
    "biosamples": {"identity": "Spare biosample", "description": "nobody looked"},
}
WRITTEN = {"bioimage-archive": {"specimens", "biosamples"}}  # its page shows them all
CASES = [("t-cell-clem", "bioimage-archive"), ("t-cell-clem", "empiar"), ("kidney-organoid-light-sheet", "idr")]


@pytest.fixture(scope="module")
def of_examples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tables]:
    out: dict[str, Tables] = {}
    for name, _ in CASES:
        path = tmp_path_factory.mktemp("losses") / f"{name}.xlsx"
        path.write_bytes(examples.workbook_bytes(name))
        tables = pipeline.read(path).tables
        assert tables is not None
        out[name] = tables
    return out


def with_rows(tables: Tables, rows: dict[str, dict[str, object]]) -> Submission:
    changed = dict(tables.tables)
    for sheet, row in rows.items():
        before = tables[sheet].frame
        columns = {
            c.name: [*(before[c.name] if c.name in before else [None] * len(before)), row.get(c.name)]
            for c in tables.schema[sheet].columns
        }
        changed[sheet] = made(tables.schema[sheet], columns)
    return from_tables(replace(tables, tables=changed))


def losses(sub: Submission, archive: str) -> set[tuple[str, str, str]]:
    found: tuple[Loss, ...] = archives.package(archive).build(sub, DAY).losses
    return {(x.sheet, x.value, x.went) for x in found}


@pytest.mark.parametrize(("name", "archive"), CASES)
def test_each_cell_of_an_unused_row_is_lost(of_examples: dict[str, Tables], name: str, archive: str) -> None:
    tables = of_examples[name]
    found = losses(with_rows(tables, SPARE), archive)  # type: ignore[arg-type]
    for sheet, row in SPARE.items():
        title = load()[sheet].title
        told = {value for where, value, went in found if where == title and "nothing in the study leads" in went}
        assert told == (set() if sheet in WRITTEN.get(archive, ()) else {str(to_cell(v)) for v in row.values()})
    assert losses(from_tables(tables), archive) <= found


@pytest.mark.parametrize(("name", "archive"), CASES)
def test_orcids_of_a_papers_authors(of_examples: dict[str, Tables], name: str, archive: str) -> None:
    authors = ("Muster B [0000-0002-1825-0097]", "Beispiel A", "Other C [0000-0002-1825-0098]")
    row = {"title": "Another paper", "authors": authors, "year": 2020}
    sub = with_rows(of_examples[name], {"publications": row})
    document = archives.package(archive).build(sub, DAY).document
    lost = [went for _, value, went in losses(sub, archive) if "Muster B" in value]
    if archive == "empiar":
        assert not lost
        assert [a.orcid for a in document.citations[-1].authors] == ["0000-0002-1825-0097", ""]
    else:
        assert lost == ["lost: the ORCIDs behind the names"]
        files = archives.package(archive).render(document).files
        page = next(c for n, c in files.items() if n.endswith((".json", "-study.txt")))
        assert "Muster B, Beispiel A, Other C [" in page.decode()
