"""`migrate`: a copy in today's form with all that was filled in, and a list of what moved."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.workbook import Workbook

from rembi_sheets import pipeline
from rembi_sheets.cli import cli
from rembi_sheets.schema import load, select
from rembi_sheets.tables import Tables, from_book
from rembi_sheets.workbook import write
from rembi_sheets.workbook.migrate import Migrated
from tests import support
from tests.released import made_up
from tests.released.forms import FORMS, as_folder, saved_by_office
from tests.released.test_moves import FILLED

OWN = {
    "Files": [
        {"Path": "stacks/organoid_01.tiff", "Image data": "Organoid stacks", "Dose": "5", "Batch": "a"},
        {"Path": "stacks/organoid_02.tiff", "Image data": "Organoid stacks", "Dose": "7", "Batch": ""},
    ]
}


def _workbook(path: Path) -> Path:
    """FILLED in the form of the version before the made-up one, with what people put around it."""
    schema = load()
    read, _ = from_book(support.book(FILLED | OWN), schema)
    content = write.filled(schema, select(schema, "light", schema.archive_names, "full"), read)
    book = load_workbook(io.BytesIO(content))

    head = {c.value: c.column for c in book["Biosamples"][write.HEAD_ROWS] if c.value}
    labels = {str(k).strip(" *●◊○"): v for k, v in head.items()}
    row = write.HEAD_ROWS + 1
    book["Biosamples"].cell(row, labels["Description"]).comment = Comment("ask Ada", "Bo")
    book["Biosamples"].cell(row, labels["Experimental variables"]).comment = Comment("not sure", "Bo")
    book["Biosamples"].cell(row, max(labels.values()) + 3, "beside all columns")
    own = book.create_sheet("My notes", 2)
    own["A1"], own["B2"] = "kept whole", 42

    book.save(path)
    return path


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """The workbook in every form; while they are used, the made-up version is today's."""
    home = tmp_path_factory.mktemp("migrate")
    made = {"xlsx": _workbook(home / "study.xlsx")}
    made["folder"] = _folder(home / "study", made["xlsx"])
    made |= saved_by_office(home, made["xlsx"])
    with made_up.released(made_up.folder(home / "schema")):
        yield made


def _folder(path: Path, workbook: Path) -> Path:
    """What people have around the tables of a folder: a cell beside them, and a table of their own."""
    as_folder(path, workbook)
    table = path / "Biosamples.tsv"
    head, first, rest = table.read_text("utf-8").split("\n", 2)
    table.write_text(f"{head}\n{first}\t\t\tbeside all columns\n{rest}", "utf-8")
    (path / "My notes.tsv").write_text("kept whole\t\n\t42\n", "utf-8")
    return path


@dataclass(frozen=True)
class Both:
    """A workbook and its copy, which all tests look at."""

    old: pipeline.Workbook
    new: pipeline.Workbook
    made: Migrated

    @cached_property
    def opened(self) -> Workbook:
        return load_workbook(io.BytesIO(self.made.content))


@pytest.fixture(scope="module")
def migrated(workbooks: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Both]:
    """The workbook in a form, migrated once."""
    home = tmp_path_factory.mktemp("copies")

    @cache
    def of(form: str) -> Both:
        if form not in workbooks:
            pytest.skip("needs LibreOffice")
        old = pipeline.read(workbooks[form])
        made = pipeline.migrate(old)
        assert made is not None
        (home / f"{form}.xlsx").write_bytes(made.content)
        return Both(old, pipeline.read(home / f"{form}.xlsx"), made)

    return of


def values(tables: Tables | None) -> dict[str, list[tuple[object, ...]]]:
    """What every sheet says, whatever the rows and the order of columns."""
    assert tables is not None
    out = {}
    for t in tables:
        names = sorted(n for n in t.frame.columns if t.frame[n].notna().any())
        out[t.sheet.name] = [tuple(r) for r in t.frame[names].itertuples(index=False)]
    return out


@pytest.mark.parametrize("form", FORMS)
def test_the_copy_says_what_the_workbook_said(migrated: Callable[[str], Both], form: str) -> None:
    old, new = migrated(form).old, migrated(form).new
    assert new.book is not None and new.book.meta["schema version"] == made_up.VERSION
    assert [f.sheet for f in new.findings if f.code.startswith(("SHEET-", "FILE-"))] == ["My notes"]
    was, now = values(old.tables), values(new.tables)
    # "pinhole wide" is no number: it stands on Left over, and no longer in the cell
    was["image_acquisition"] = [
        tuple(None if v is not None and "UNREADABLE" in repr(v) else v for v in r) for r in was["image_acquisition"]
    ]
    assert now == was
    assert new.tables is not None and new.tables.way is None and pipeline.migrate(new) is None
    titles = [s.title for s in new.book.sheets]
    assert "Biological samples" in titles and "Biosamples" not in titles


@pytest.mark.parametrize("form", FORMS)
def test_notes_own_columns_and_own_sheets_are_kept(migrated: Callable[[str], Both], form: str) -> None:
    new, book = migrated(form).new, migrated(form).opened
    assert new.tables is not None and new.tables["files"].own[:2] == ("Dose", "Batch")
    assert book["My notes"]["A1"].value == "kept whole" and str(book["My notes"]["B2"].value) == "42"
    cells = [c for row in book["Biological samples"].iter_rows() for c in row]
    assert "beside all columns" in [c.value for c in cells]
    noted = [c for c in cells if c.comment and "ask Ada" in c.comment.text]
    assert [c.value for c in noted] == (["From the bank"] if form != "folder" else [])


@pytest.mark.parametrize("form", FORMS)
def test_what_has_no_place_is_left_over_and_told(migrated: Callable[[str], Both], form: str) -> None:
    made, sheet = migrated(form).made, migrated(form).opened["Left over"]
    rows = [[c.value for c in row] for row in sheet.iter_rows(min_row=2)]
    assert [(r[0], r[2], r[3], r[4]) for r in rows] == [
        ("Biosamples", "Experimental variables", "Wild type HeLa", "temperature"),
        ("Image acquisition", "Instrument attributes", "C", "Example 880, pinhole wide"),
    ]
    assert form == "folder" or "not sure" in rows[0][5]
    assert {m.kind for m in made.moved} == {"renamed", "split", "merged", "words", "unlisted", "dropped"}
    assert "Biological samples: Remarks" in {n for c in made.asked if c.kind == "required" for n in c.new}
    assert len(made.over) == 2


def test_the_command_writes_the_copy_or_only_says_what_would_move(workbooks: dict[str, Path], tmp_path: Path) -> None:
    source, copy = workbooks["xlsx"], tmp_path / "new.xlsx"
    before = source.read_bytes()
    dry = CliRunner().invoke(cli, ["migrate", str(source), "--dry-run"])
    assert dry.exit_code == 0 and not list(tmp_path.iterdir())
    done = CliRunner().invoke(cli, ["migrate", str(source), str(copy)])
    assert done.exit_code == 0 and copy.exists() and source.read_bytes() == before
    assert dry.stdout == done.stdout
    assert "Organisations: Town or city and Organisations: State or province -> Organisations: Place" in done.stdout
    again = CliRunner().invoke(cli, ["migrate", str(copy), str(tmp_path / "again.xlsx")])
    assert again.exit_code == 0 and "already" in again.output and not (tmp_path / "again.xlsx").exists()


def test_a_sheet_of_ones_own_that_is_called_like_one_of_today_is_refused(
    workbooks: dict[str, Path], tmp_path: Path
) -> None:
    book = load_workbook(workbooks["xlsx"])
    book["My notes"].title = "Biological samples"
    book.save(tmp_path / "own.xlsx")
    done = CliRunner().invoke(cli, ["migrate", str(tmp_path / "own.xlsx"), str(tmp_path / "copy.xlsx")])
    assert done.exit_code == 2 and "Biological samples" in done.output and "Traceback" not in done.output
    assert not (tmp_path / "copy.xlsx").exists()
