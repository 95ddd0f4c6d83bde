"""One workbook in every form in which it may come."""

from __future__ import annotations

import csv
from pathlib import Path

from rembi_sheets import pipeline
from rembi_sheets.schema import load
from rembi_sheets.tables import to_book
from tests.workbook import office

FORMS = ("xlsx", "office.xlsx", "ods", "folder")


def as_folder(path: Path, workbook: Path) -> Path:
    """The tables of a workbook of today's version as a folder."""
    path.mkdir()
    read = pipeline.read(workbook)
    assert read.tables is not None
    for sheet in to_book(read.tables).sheets:
        with (path / f"{sheet.title}.tsv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter="\t", lineterminator="\n").writerows(sheet.rows)
    (path / "_meta.tsv").write_text(f"schema version\t{load().version}\n", "utf-8")
    return path


def saved_by_office(home: Path, workbook: Path) -> dict[str, Path]:
    """A workbook as LibreOffice saves it, by form; nothing where there is none."""
    if office.missing():
        return {}
    office.saved({workbook: ["xlsx", "ods"]}, home / "saved")
    names = {"office.xlsx": "xlsx", "ods": "ods"}
    return {name: home / "saved" / form / f"{workbook.stem}.{form}" for name, form in names.items()}
