"""Equal mistakes of a column with unlike values are one finding, in every form of the report; nothing is lost by it."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner

from rembi_sheets import examples
from rembi_sheets.cells import Place
from rembi_sheets.cli import cli
from rembi_sheets.findings import Finding, find
from rembi_sheets.findings.folding import FEW, fold, unfolded
from rembi_sheets.report.page import page
from rembi_sheets.report.text import text
from tests.support import TODAY


def at(row: int, sheet: str = "Specimens") -> Place:
    return Place(sheet, row, 2, "Biosample")


def unknown(row: int, sheet: str = "Specimens", near: str = "") -> Finding:
    return find(
        "REF-UNKNOWN", at(row, sheet), value=f"Sample {row}", target="Biosamples", suggestions=(near,) if near else ()
    )


def test_many_are_one_with_their_number_and_first_examples() -> None:
    parts = [unknown(r) for r in range(6, 30)]
    (one,) = fold(reversed(parts))
    assert one.addresses == ("B6:B29",) and one.parts == tuple(parts)
    assert "“Sample 6” is not in the sheet Biosamples." in one.message
    assert "The same in 23 more cells: B7 “Sample 7”, B8 “Sample 8”" in one.message
    assert one.fix == parts[0].fix


def test_a_few_are_told_one_by_one_and_other_places_apart() -> None:
    few = [unknown(r) for r in range(6, 6 + FEW)]
    assert fold(few) == few
    other = [unknown(r, "Image data") for r in range(6, 10)]
    empiar = [find("EMPIAR-TILTS", at(r), value=f"Set {r}", archives=("empiar",)) for r in range(6, 10)]
    assert [len(f.parts) for f in fold([*few, *other, *empiar])] == [0] * FEW + [4, 4]


def test_what_to_put_there_is_named() -> None:
    (one,) = fold([unknown(r, near=f"sample {r}") for r in range(6, 12)])
    assert one.fix.endswith("Did you mean B6 “sample 6”, B7 “sample 7”, B8 “sample 8”, and so on (3 more)?")
    assert one.suggestions == () and one.parts[5].suggestions == ("sample 11",)


def test_one_value_for_all_is_named_once() -> None:
    (one,) = fold([unknown(r, near="sample 1") for r in range(6, 12)])
    assert one.fix.endswith("Did you mean “sample 1” in all of them?")


def test_remedies_that_differ_keep_their_cells() -> None:
    spelled = [
        find("REF-SPELLING", at(r), value=f"SAMPLE {r}", target=f"Sheet {r}", suggestions=(f"Sample {r}",))
        for r in (6, 7, 8)
    ]
    (one,) = fold(spelled)
    assert all(f"B{r}: {f.fix}" in one.fix for r, f in zip((6, 7, 8), spelled, strict=True))


def test_folding_again_changes_nothing() -> None:
    parts = [unknown(r) for r in range(6, 12)]
    assert fold(fold(parts)) == fold(parts)
    assert unfolded(fold(parts)) == parts


def test_every_form_tells_them_once_and_json_keeps_each() -> None:
    parts = [unknown(r, near=f"sample {r}") for r in range(6, 30)]
    made = fold(parts)
    assert text(made, "a.xlsx").count("REF-UNKNOWN") == 1
    assert "1 error," in text(made, "a.xlsx")
    assert text(made, "a.xlsx", whole=True).count("REF-UNKNOWN") == 24  # --verbose
    assert page(made, "a.xlsx").count('href="#REF-UNKNOWN"') == 1
    assert page(made, "a.xlsx").count("<li>") == 24  # folded away, for who wants them all
    told = made[0].as_json()
    assert [(e["cells"], e["value"], e["suggestions"]) for e in told["each"]] == [
        ([f"B{r}"], f"Sample {r}", [f"sample {r}"]) for r in range(6, 30)
    ]
    assert "each" not in parts[0].as_json()


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """Paths with back slashes in all of Files, and dates that are none; the rest is as it should be."""
    import openpyxl

    book = openpyxl.load_workbook(BytesIO(examples.workbook_bytes("toxoplasma-fib-sem")))
    sheet = book["Image data"]
    head = next(r for r in range(1, 12) if sheet.cell(r, 1).value == "Name")
    column = next(c.column for c in sheet[head] if c.value == "Dimension extents - X")
    for n in range(5):
        row = head + 1 + n
        if sheet.cell(row, 1).value is None:
            for c in range(1, sheet.max_column + 1):
                sheet.cell(row, c).value = sheet.cell(head + 1, c).value
            sheet.cell(row, 1).value = f"Further {n}"
        sheet.cell(row, column).value = f"about {n}00"
    path = tmp_path / "study.xlsx"
    book.save(path)
    return path


def test_a_check_and_its_marked_copy(workbook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import openpyxl

    monkeypatch.setenv("REMBI_SHEETS_TODAY", TODAY.isoformat())
    copy = tmp_path / "marked.xlsx"
    done = CliRunner().invoke(cli, ["check", str(workbook), "--format", "json", "--annotate", str(copy)])
    found = [f for f in json.loads(done.stdout)["findings"] if f["code"] == "NUMBER-BAD"]
    assert len(found) == 1 and len(found[0]["each"]) == 5
    marked = openpyxl.load_workbook(copy)
    codes = [row[-1] for row in marked["Problems"].iter_rows(values_only=True) if row]
    assert codes.count("NUMBER-BAD") == 1
    sheet = marked["Image data"]
    notes = [c.comment.text for row in sheet.iter_rows() for c in row if c.comment and "whole number" in c.comment.text]
    assert sum("“about 300”" in note for note in notes) == 1  # each cell has its own words


def test_a_conversion_counts_as_the_check_does(workbook: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["convert", str(workbook), "--to", "empiar", "--output", str(tmp_path / "out")])
    assert done.exit_code == 1
    assert done.output.count("NUMBER-BAD") == 1
