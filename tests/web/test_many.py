"""Several workbooks at once, and how complete one is; without scripts."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from rembi_sheets import examples, pipeline
from rembi_sheets.cli import cli
from rembi_sheets.web.server import Server
from tests.support import TODAY
from tests.web.visitor import Answer, Visitor, said


@pytest.fixture(scope="module")
def workbooks(wrong: bytes) -> Mapping[str, bytes]:
    small = sorted(map(examples.workbook_bytes, examples.names()), key=len)[:2]
    good = {"first.xlsx": small[0], "Second.xlsx": small[1]}
    return {**good, "Wrong.xlsx": wrong, "=1+1.xlsx": small[0], "no workbook.xlsx": b"nothing"}


@pytest.fixture(scope="module")
def dropped(server: Server, workbooks: Mapping[str, bytes]) -> tuple[Visitor, Answer]:
    visitor = Visitor(server.port)
    page = visitor.post("/check", *(("book", name, content) for name, content in workbooks.items()))
    while "are checked" in page.text:
        time.sleep(0.3)
        page = visitor.get(page.url)
    return visitor, page


def test_each_has_a_line_with_a_link_to_its_report(
    dropped: tuple[Visitor, Answer], workbooks: Mapping[str, bytes]
) -> None:
    visitor, page = dropped
    links = dict(re.findall(r'<a href="(/b/[^"]+/)">([^<]+)</a>', page.text))
    assert page.status == 200 and {unescape(n) for n in links.values()} == set(workbooks)
    assert "Not read 1" in said(page.text) and "Passed 3" in said(page.text) and "Not passed 1" in said(page.text)
    for link, name in links.items():
        report = visitor.get(link)
        assert unescape(name) in unescape(report.text) and report.status == (422 if "no work" in name else 200)
    only = visitor.get(f"{page.url}?result=not+passed&order=name")
    assert re.findall(r'<a href="/b/[^"]+/">([^<]+)</a>', only.text) == ["Wrong.xlsx"]
    by_name = re.findall(r'<a href="/b/[^"]+/">([^<]+)</a>', visitor.get(f"{page.url}?order=name").text)
    assert [unescape(n) for n in by_name] == sorted(workbooks, key=str.casefold)
    assert visitor.get("/many").url == page.url


def test_the_table_is_that_of_check(
    dropped: tuple[Visitor, Answer],
    workbooks: Mapping[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, content in workbooks.items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REMBI_SHEETS_TODAY", TODAY.isoformat())
    done = CliRunner().invoke(cli, ["check", ".", "--format", "csv", "--workers", "1", "--output", "table.csv"])
    assert done.exit_code == 1
    visitor, page = dropped
    assert visitor.get(f"{page.url}/workbooks.csv").body == (tmp_path / "table.csv").read_bytes()


def test_no_other_visitor_sees_them_and_no_more_than_the_limit(dropped: tuple[Visitor, Answer], server: Server) -> None:
    _, page = dropped
    other = Visitor(server.port)
    other.get("/")
    for path in (page.url, f"{page.url}/workbooks.csv", f"{page.url}/state", "/many/"):
        assert other.get(path).status in (404, 410)
    assert "Several workbooks at once" in said(other.get("/many").text)
    many = [("book", f"{n}.xlsx", b"x") for n in range(server.state.limits.books + 1)]
    got = other.post("/check", *many)
    assert got.status == 413 and "51 were dropped" in said(got.text)


# --- how complete it is -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def one(server: Server) -> tuple[Visitor, Answer, bytes]:
    content = examples.workbook_bytes("kidney-organoid-light-sheet")
    visitor = Visitor(server.port)
    return visitor, visitor.drop("kidney.xlsx", content), content


def test_the_score_is_that_of_the_command(one: tuple[Visitor, Answer, bytes], tmp_path: Path) -> None:
    visitor, report, content = one
    path = tmp_path / "kidney.xlsx"
    path.write_bytes(content)
    expected = pipeline.score(pipeline.read(path), today=TODAY)
    assert not isinstance(expected, str)
    page = visitor.get(f"{report.url}score?all=1")
    words = said(page.text).replace("\xa0", " ")
    assert f"{round(expected.total)} % of what REMBI" in words
    bars = re.findall(r'<th scope="row">([^<]+)</th>.*?aria-label="([\d.]+) of 100"', page.text)
    assert bars == [(p.name, str(p.score)) for p in (*expected.modules, *expected.archives, *expected.readers)]
    adds = re.findall(r'<span class="gain">\+&nbsp;([\d.]+)</span>', page.text)
    assert adds == [f"{m.gain:.1f}" for m in expected.missing[:40]]


def test_what_would_add_most_is_filled_there(one: tuple[Visitor, Answer, bytes]) -> None:
    visitor, report, content = one
    url = f"{report.url}score"
    page = visitor.get(url)
    form = re.search(r'name="sheet" value="([^"]+)"><input type="hidden" name="column" value="([^"]+)">', page.text)
    assert form
    before = re.findall(r"<strong class=\"nowrap\">(\d+)", page.text)
    sheet, column = unescape(form[1]), unescape(form[2])
    told = visitor.post(url, ("sheet", sheet), ("column", column), ("value", "a word"))
    assert told.status == 200 and "now reads “a word”" in said(told.text)
    assert int(re.findall(r"<strong class=\"nowrap\">(\d+)", told.text)[0]) >= int(before[0])
    book = load_workbook(BytesIO(visitor.get(f"{report.url}mended").body))
    assert "a word" in {c.value for row in book[sheet] for c in row}
    old = {c.coordinate: c.value for row in load_workbook(BytesIO(content))[sheet] for c in row}
    new = {c.coordinate: c.value for row in book[sheet] for c in row}
    assert {v for k, v in new.items() if old.get(k) != v} == {"a word"}
    assert visitor.post(url, ("sheet", sheet), ("column", column), ("value", " ")).status in (200, 400)
    for parts in ([("sheet", "x"), ("column", "y"), ("value", "z")], [("value", "z")]):
        assert visitor.post(url, *parts).status == 200
    assert visitor.get(f"{report.url}mended").body != content
    visitor.post(f"{report.url}mend", ("undo", "all"))
    assert visitor.get(f"{report.url}mended").body == content
