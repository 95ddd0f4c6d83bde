"""The blank workbooks for download are what `rembi-sheets new` makes, byte for byte."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from rembi_sheets.cli import cli
from rembi_sheets.schema import load

FOLDER = Path(__file__).parents[1] / "templates"
PROFILES = [p.name for p in load().profiles]
TEMPLATES = {"bioimage-archive": [], **{name: ["--profile", name] for name in PROFILES}}


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        return {name: made.read(name) for name in made.namelist()}


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_is_what_new_makes(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.xlsx"
    done = CliRunner().invoke(cli, ["new", str(path), *TEMPLATES[name]])
    assert done.exit_code == 0, done.output
    made, kept = path.read_bytes(), (FOLDER / path.name).read_bytes()
    differ = [name for name, part in _parts(made).items() if _parts(kept).get(name) != part]
    assert not differ, "run make templates"
    # other makes of zlib pack the same parts into other bytes
    assert made == kept or "ng" in zlib.ZLIB_RUNTIME_VERSION


def test_there_is_one_template_a_profile_and_the_first_of_all() -> None:
    assert sorted(p.stem for p in FOLDER.glob("*.xlsx")) == sorted(TEMPLATES)
    assert min(TEMPLATES) == "bioimage-archive"


def test_what_a_beginner_meets_is_the_least_that_suffices(tmp_path: Path) -> None:
    """The first command of the pages, without an option: BioImage Archive, essential; each sheet on one screen."""
    path = tmp_path / "study.xlsx"
    assert CliRunner().invoke(cli, ["new", str(path)]).exit_code == 0
    book = openpyxl.load_workbook(path)
    shown = [s for s in book.worksheets if s.sheet_state == "visible"]
    meta = {row[0].value: row[1].value for row in book["_meta"].iter_rows()}
    assert (meta["profile"], meta["archives"], meta["level"]) == ("light", "bioimage-archive", "essential")
    assert len(shown) == 13 and sum(_columns(s) for s in shown) == 52
    for sheet in shown:
        wide = sum(d.width * 7 + 5 for d in sheet.column_dimensions.values() if d.width)
        assert wide <= 1366 - 60 or sheet.title in ("Files", "Image data"), (sheet.title, wide)
    texts = [str(c.value) for row in shown[0].iter_rows() for c in row if c.value]
    assert any("--level recommended" in t for t in texts)


@pytest.mark.parametrize("page", ["README.md", "docs/quick-start-terminal.md", "docs/index.md"])
def test_the_first_new_of_a_page_has_no_option(page: str) -> None:
    text = (FOLDER.parent / page).read_text("utf-8")
    first = re.search(r"rembi-sheets new [^\n`]*", text)
    assert first and first[0] == "rembi-sheets new study.xlsx"
    assert text.index("bioimage-archive.xlsx") < first.start()


def _columns(sheet: Any) -> int:
    """Fields of a sheet: the lines of the form, the headings of a table."""
    if sheet.title == "Study":
        return sum(1 for (label, _, who, _) in sheet.iter_rows(min_row=3, max_col=4) if label.value and who.value)
    return 0 if sheet.title == "Read me" else sum(1 for c in sheet[5] if c.value)
