"""What an archive loses is named whether Files stands in the workbook or in a table beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rembi_sheets.archives.shared.losses import MANY, schema_losses
from rembi_sheets.schema import load
from rembi_sheets.submission import Submission
from tests import support


def study(rows: int) -> Submission:
    files = [
        {"Path": f"stacks/{i}.tiff", "Image data": "Organoid stacks", "Checksum": f"md5:{i:032x}", "Dose": str(i)}
        for i in range(rows)
    ]
    return support.submission(support.study(Files=files))


def streamed(sub: Submission, size: int) -> Submission:
    """The same submission with its Files in parts, as a table beside the workbook gives them."""
    table = sub.tables["files"]
    parts = [table.cells.of_rows(slice(i, i + size)) for i in range(0, len(table.rows), size)]
    beside = replace(table, cells=table.cells.of_rows(slice(0)), source=lambda findings: iter(parts))
    return replace(sub, tables={**sub.tables, "files": beside})


@pytest.mark.parametrize("archive", load().archive_names)
@pytest.mark.parametrize("rows", [1, MANY, MANY + 1, 100])
def test_a_streamed_table_loses_the_same(archive: str, rows: int) -> None:
    sub = study(rows)
    assert schema_losses(streamed(sub, 7), archive) == schema_losses(sub, archive)


def test_many_values_of_a_column_are_one_loss_with_their_range() -> None:
    losses = [x for x in schema_losses(study(100), "empiar") if x.column == "Checksum"]
    assert [(x.cells, x.value) for x in losses] == [(("C6:C105",), "100 values")]
    few = [x for x in schema_losses(study(3), "empiar") if x.column == "Checksum"]
    assert [x.cells for x in few] == [("C6",), ("C7",), ("C8",)]
