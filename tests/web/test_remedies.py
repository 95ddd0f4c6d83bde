"""Remedies on the page say what to press there; what they press writes the copies of `add` and `migrate`."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from rembi_sheets import examples, pipeline
from rembi_sheets.cli import cli
from rembi_sheets.findings import Kind, catalogue, find
from rembi_sheets.findings.folding import fold
from rembi_sheets.web.server import Server
from rembi_sheets.web.words import words
from tests.support import TODAY
from tests.web.test_pages import findings, told
from tests.web.visitor import Visitor, said

COMMAND = re.compile(r"rembi-sheets|(?<!\w)--\w|(?<!\w)-v\b|`")
OLD = sorted((Path(__file__).parents[1] / "released" / "1.0" / "examples").glob("*/*.xlsx"))


@pytest.mark.parametrize("kind", catalogue().values(), ids=lambda k: k.code)
def test_no_remedy_on_the_page_names_a_command(kind: Kind) -> None:
    here = kind.here or kind.fix
    assert not COMMAND.search(here), here
    assert not kind.here or COMMAND.search(kind.fix) or "{" in kind.fix or "{how}" in kind.fix
    assert not kind.act or set(words()["act"][kind.act]) & {"to", "send"}


def test_computed_remedies_name_none_either(tmp_path: Path) -> None:
    """An example with a line taken away and paths spoilt, as computed remedies speak of."""
    path = tmp_path / "kidney.xlsx"
    path.write_bytes(lacking("kidney-organoid-light-sheet", "C:\\data\\"))
    checked = pipeline.check(pipeline.read(path), today=TODAY)
    every = [p for f in checked.findings for p in (f, *f.each())]
    assert any("rembi-sheets add" in f.fix for f in every) and any("--data" in f.fix for f in every)
    for f in every:
        assert not COMMAND.search(f.on_page), f.on_page


def lacking(name: str, before: str = "") -> bytes:
    """An example without some of its columns and lines; its paths with something before them."""
    book = load_workbook(BytesIO(examples.workbook_bytes(name)))
    study = book["Study"]
    study.delete_rows(next(c.row for c in study["A"] if c.value == "License"))
    files = book["Files"]
    at = next(c.column for c in files[5] if c.value == "Path")
    for row in range(6, files.max_row + 1):
        if before and files.cell(row, at).value:
            files.cell(row, at).value = before + files.cell(row, at).value.replace("/", "\\")
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_findings_told_together_keep_what_the_page_says() -> None:
    from rembi_sheets.cells import Place

    several = [find("DITTO", Place("Files", n, 2, "Path"), value='"', above=f"“{n}”") for n in range(6, 10)]
    (one,) = fold(several)
    assert "rembi-sheets" in one.fix and "Clear remedies" in one.here and "rembi-sheets" not in one.here


def test_a_column_that_is_lacking_is_added_as_by_the_command(server: Server, tmp_path: Path) -> None:
    content = lacking("kidney-organoid-light-sheet")
    visitor = Visitor(server.port)
    page = visitor.drop("kidney.xlsx", content)
    form = re.search(r'action="(/b/[^"]+/add)".*?name="finding" value="(\w+)".*?Add <b>Study: License</b>', page.text)
    assert form
    then = visitor.post(form[1], ("finding", form[2]))
    assert "kidney-more.xlsx" in said(then.text) and "Add Study: License" not in said(then.text)
    (tmp_path / "kidney.xlsx").write_bytes(content)
    args = ["add", str(tmp_path / "kidney.xlsx"), str(tmp_path / "more.xlsx"), "--column", "Study: License", "-q"]
    assert CliRunner().invoke(cli, args).exit_code == 0
    assert visitor.get(f"{then.url}mended").body == (tmp_path / "more.xlsx").read_bytes()
    assert visitor.post(form[1], ("finding", "0" * 12)).url == page.url


def test_an_earlier_workbook_goes_on_in_todays_form(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    old = min(OLD, key=lambda p: p.stat().st_size)
    visitor = Visitor(server.port)
    page = visitor.drop("study.xlsx", old.read_bytes())
    assert "Go on in today's form" in said(page.text)
    then = visitor.post(f"{page.url}migrate")
    Path("study.xlsx").write_bytes(old.read_bytes())
    assert CliRunner().invoke(cli, ["migrate", "study.xlsx", "new.xlsx", "-q"]).exit_code == 0
    assert visitor.get(f"{then.url}mended").body == Path("new.xlsx").read_bytes()
    assert findings(then) == told(pipeline.check(pipeline.read(Path("new.xlsx")), today=TODAY))
    assert visitor.post(f"{then.url}migrate").status == 422
