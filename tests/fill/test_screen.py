"""A screener's task: layouts of three plates, the vendor's library and the results, put into a workbook at once."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from rembi_sheets import pipeline
from rembi_sheets.cli import cli

ROWS, COLUMNS = 16, 24
PLATES = ("SCR001", "SCR002", "SCR003")
WELLS = [(r, c) for r in range(1, ROWS + 1) for c in range(1, COLUMNS + 1)]


def compound(plate: int, row: int, column: int) -> str:
    return "DMSO" if column in (1, 24) else f"CPD-{plate * 384 + (row - 1) * COLUMNS + column:05d}"


def dose(row: int) -> float:
    return 0.1 * float(1 << row % 8)


def grid(value: Any) -> list[list[Any]]:
    head = [None, *range(1, COLUMNS + 1)]
    return [head, *([chr(64 + r), *(value(r, c) for c in range(1, COLUMNS + 1))] for r in range(1, ROWS + 1))]


def layout(plate: int) -> list[list[Any]]:
    """As a vendor draws it: its name, the plate, a grid of compounds, and one of concentrations."""
    return [
        ["Example Compounds Ltd., shipment 4711"],
        ["Plate barcode:", PLATES[plate]],
        [],
        ["Compound ID"],
        *grid(lambda r, c: compound(plate, r, c)),
        [],
        ["Final concentration [µM]"],
        *grid(lambda r, c: dose(r)),
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two layouts in a workbook, a sheet each, one as text; the library in Latin-1; the results of the microscope."""
    made = tmp_path_factory.mktemp("screen")
    book: Any = openpyxl.Workbook()
    for plate in (0, 1):
        sheet = book.active if not plate else book.create_sheet()
        sheet.title = f"Layout {plate + 1}"
        for line in layout(plate):
            sheet.append(line)
    book.save(made / "layouts.xlsx")
    with (made / "layout3.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(layout(2))
    names = sorted({compound(p, r, c) for p in range(3) for r, c in WELLS} - {"DMSO"})
    with (made / "library.csv").open("w", encoding="latin-1", newline="") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow(["Library of 2026; all rights reserved"])
        writer.writerow([])
        writer.writerow(["Cpd ID", "Smiles String", "Catalogue No", "Größe [µm]", "CAS"])
        writer.writerows([n, f"C{'C' * (i % 9)}O", f"EX{i}", "1,5", f"50-{i % 90:02d}-0"] for i, n in enumerate(names))
    with (made / "results.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["Image_FileName", "Metadata_Plate", "Metadata_Well", "Cell count", "Mean intensity"])
        for plate, name in enumerate(PLATES):
            for n, (r, c) in enumerate(WELLS):
                path = f"{name}/r{r:02d}c{c:02d}.tiff"
                writer.writerow([path, name, f"{chr(64 + r)}{c:02d}", 100 + n, f"{0.5 + plate:.2f}"])
    return made


@pytest.fixture(scope="module")
def screen(folder: Path) -> Path:
    """The two commands."""
    sources = ["results.csv", "library.csv", "layouts.xlsx", "layout3.csv"]
    asked = [word for s in sources for word in ("--from", str(folder / s))]
    for command in (
        ["new", "screen.xlsx", "--profile", "screen", "--archive", "idr"],
        ["fill", "screen.xlsx", "filled.xlsx"],
    ):
        words = [str(folder / w) if w.endswith(".xlsx") else w for w in command]
        made = CliRunner().invoke(cli, [*words, *(asked if command[0] == "fill" else [])])
        assert made.exit_code == 0, made.output
    (folder / "said.txt").write_text(made.stdout, "utf-8")
    return folder / "filled.xlsx"


def test_every_well_is_annotated(screen: Path) -> None:
    tables = pipeline.read(screen).tables
    assert tables is not None
    frame = tables["files"].frame
    assert len(frame) == 3 * ROWS * COLUMNS == 1152
    rows = {(p, w): row for p, w, row in zip(frame["plate"], frame["well"], frame.to_dict("records"), strict=True)}
    for plate, name in enumerate(PLATES):
        for n, (r, c) in enumerate(WELLS):
            row = rows[name, f"{chr(64 + r)}{c}"]
            assert row["own:Compound Name"] == compound(plate, r, c)
            assert float(row["own:Dose"]) == pytest.approx(dose(r))
            assert row["own:Dose Unit"] == "µM"
            assert row["own:Cell count"] == str(100 + n)
            library = row["own:Compound SMILES"], row["own:Reagent Identifier"], row["own:Größe [µm]"]
            assert all(library) == (compound(plate, r, c) != "DMSO")


def test_filling_again_changes_nothing(screen: Path, folder: Path) -> None:
    again = CliRunner().invoke(
        cli,
        [
            "fill",
            str(screen),
            "--dry-run",
            *[
                w
                for s in ("results.csv", "library.csv", "layouts.xlsx", "layout3.csv")
                for w in ("--from", str(folder / s))
            ],
        ],
    )
    assert again.exit_code == 0, again.output
    assert "Filled in (" not in again.stdout and "Differs" not in again.stdout
    assert "Confirmed" in again.stdout


def test_what_was_understood_is_told_with_its_reason(screen: Path, folder: Path) -> None:
    said = (folder / "said.txt").read_text("utf-8")
    assert "“Metadata_Well” to Well (called so in CellProfiler)" in said
    assert "library.csv, library: about Files, rows by Compound Name" in said
    assert "“Final concentration [µM]” to Dose" in said
