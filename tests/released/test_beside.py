"""Older workbooks with a table of files beside them, or with plate maps: read and migrated with these."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from rembi_sheets import pipeline
from rembi_sheets.cli import cli
from rembi_sheets.schema import load, select
from rembi_sheets.tables import from_book
from rembi_sheets.workbook import write
from rembi_sheets.workbook.side import SideFile
from tests import support
from tests.released import made_up

_HASH = "d41d8cd98f00b204e9800998ecf8427e"
_ROWS = [
    ["Path", "Image data", "Checksum", "Dose"],
    ["stacks/a.tif", "Organoid stacks", _HASH, "5"],
    ["stacks/b.tif", "Organoid stacks", "", "7"],
]


def _blank(path: Path, profile: str) -> None:
    schema = load()
    read, _ = from_book(support.book(support.study(Files=[])), schema)
    content = write.filled(schema, select(schema, profile, schema.archive_names, "full"), read)
    book = load_workbook(io.BytesIO(content))
    book.save(path)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a workbook of the version before the made-up one, which is today's while it is used."""
    home = tmp_path_factory.mktemp("beside")
    _blank(home / "study.xlsx", "screen")
    with made_up.released(made_up.folder(home / "schema")):
        yield home


def _table(home: Path, rows: list[list[str]]) -> None:
    (home / "study.files.tsv").write_text("".join("\t".join(row) + "\n" for row in rows), "utf-8")


def test_a_table_beside_a_workbook_is_read_by_its_headings_and_gets_those_of_today(home: Path, tmp_path: Path) -> None:
    _table(home, _ROWS)
    old = pipeline.read(home / "study.xlsx")
    assert old.tables is not None and old.tables["files"].source is not None
    parts = list(old.tables["files"].parts())
    assert [v for part in parts for v in part.values("checksum")] == [_HASH, None]
    done = CliRunner().invoke(cli, ["migrate", str(home / "study.xlsx"), str(tmp_path / "new.xlsx")])
    assert done.exit_code == 0, done.output
    rows = list(SideFile(tmp_path / "new.files.tsv").rows(0))
    assert rows == [["Path", "Image data", "Digest", "Dose"], *_ROWS[1:]]
    assert list(SideFile(home / "study.files.tsv").rows(0)) == _ROWS
    new = pipeline.read(tmp_path / "new.xlsx")
    assert new.tables is not None and new.tables["files"].own == ("Dose",)
    assert [v for part in new.tables["files"].parts() for v in part.values("checksum")] == [_HASH, None]


def test_a_table_whose_words_may_be_others_is_refused(home: Path, tmp_path: Path) -> None:
    file = home / "schema" / "migrations"
    (steps,) = (p for p in file.glob(f"*-{made_up.VERSION}.toml"))
    _table(home, [["Path", "Image data", "Experimental status"], ["stacks/a.tif", "Organoid stacks", "test"]])
    try:
        steps.write_text(made_up.MIGRATION + '\n[[words]]\nlist = "experimental_status"\ndropped = ["test"]\n', "utf-8")
        done = CliRunner().invoke(cli, ["migrate", str(home / "study.xlsx"), str(tmp_path / "new.xlsx")])
    finally:
        steps.write_text(made_up.MIGRATION, "utf-8")
    assert done.exit_code == 2 and "study.files.tsv" in done.output and not list(tmp_path.iterdir())


def test_a_plate_map_is_read_by_the_headings_of_its_workbook(home: Path, tmp_path: Path) -> None:
    book = load_workbook(home / "study.xlsx")
    files, maps = book["Files"], book.create_sheet("Plate map 1")
    heads = {str(c.value).strip(" *●◊○"): c.column for c in files[write.HEAD_ROWS] if c.value}
    for row, well in enumerate(("A1", "A2"), start=write.HEAD_ROWS + 1):
        for heading, value in {
            "Path": f"p/{well}.tif",
            "Image data": "Organoid stacks",
            "Plate": "p",
            "Well": well,
        }.items():
            files.cell(row, heads[heading], value)
    for line in (["Checksum"], ["", "1", "2", "3"], ["A", _HASH], ["B"]):
        maps.append(line)
    book.save(tmp_path / "old.xlsx")
    read = pipeline.read(tmp_path / "old.xlsx")
    assert read.tables is not None and list(read.tables["files"].frame["checksum"]) == [_HASH, None]
    made = pipeline.migrate(read)
    assert made is not None
    (tmp_path / "new.xlsx").write_bytes(made.content)
    again = pipeline.read(tmp_path / "new.xlsx")
    assert [s.title for s in again.book.sheets if s.title == "Plate map 1"] if again.book else False
    unknown = [f for f in again.findings if f.code == "PLATE-MAP-UNKNOWN"]
    assert [(f.sheet, f.addresses) for f in unknown] == [("Plate map 1", ("A1",))]
