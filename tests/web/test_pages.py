"""What a person does on the page, without scripts; and that it says what the commands say, byte for byte."""

from __future__ import annotations

import json
import os
import re
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner

from rembi_sheets import examples, pipeline
from rembi_sheets.cli import cli
from rembi_sheets.report.words import shown
from rembi_sheets.schema import load, select
from rembi_sheets.web import jobs
from rembi_sheets.web.server import Server
from tests.support import TODAY
from tests.web.visitor import Answer, Visitor, said


@pytest.fixture(autouse=True)
def there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As somebody who is in the folder of the workbook."""
    monkeypatch.chdir(tmp_path)


EVERY = bool(os.environ.get("REMBI_SHEETS_PAGES"))  # every example over HTTP, else each eighth
CHOICES = [
    ("light", ("bioimage-archive",), "essential"),
    ("cryo", ("empiar",), "recommended"),
    ("screen", (), "full"),
    ("correlative", ("bioimage-archive", "empiar", "idr"), "essential"),
]


def address(profile: str, archives: tuple[str, ...], level: str, *more: str) -> str:
    return "/new?" + "&".join([f"profile={profile}", *(f"archive={a}" for a in archives), f"level={level}", *more])


def fields(profile: str, archives: tuple[str, ...], level: str) -> list[tuple[str, str]]:
    """The form with a choice."""
    return [("profile", profile), *(("archive", a) for a in archives), ("level", level)]


# --- get a workbook ---------------------------------------------------------------------------------------------------


def test_a_blank_workbook_is_what_new_makes(visitor: Visitor) -> None:
    for choice in CHOICES[:2]:
        for got in (visitor.get(address(*choice)), visitor.post("/new", *fields(*choice))):
            assert got.status == 200 and "attachment" in got.headers["content-disposition"]
            assert got.body == pipeline.blank(*choice)


def test_it_comes_prefilled_from_a_workbook_of_ones_lab(visitor: Visitor, tmp_path: Path, home: Path) -> None:
    lab, copy = tmp_path / "our instruments.xlsx", tmp_path / "study.xlsx"
    lab.write_bytes(examples.workbook_bytes("red-blood-cells"))
    got = visitor.post("/new", *fields(*CHOICES[0]), ("lab", lab.name, lab.read_bytes()))
    args = ["new", str(copy), "--from", str(lab), "--profile", "light", "--archive", "bioimage-archive"]
    done = CliRunner().invoke(cli, [*args, "--level", "essential", "-q"])
    assert done.exit_code == 0, done.output
    assert got.body == copy.read_bytes() != pipeline.blank(*CHOICES[0])
    refused = visitor.post("/new", *fields(*CHOICES[0]), ("lab", "../our notes.xlsx", b"nothing"))
    assert refused.status == 422 and "cannot be filled from this file" in said(refused.text)
    assert str(home) not in refused.text and not list(home.rglob("our *"))


@pytest.mark.parametrize("choice", CHOICES)
def test_the_count_is_that_of_the_workbook(choice: tuple[str, tuple[str, ...], str], visitor: Visitor) -> None:
    chosen = select(load(), *choice)
    columns = sum(not c.own for _, shown_ in chosen.sheets for c in shown_)
    expected = f"{len(chosen.sheets)} sheets, {columns} columns"
    page = visitor.post("/new", *fields(*choice), ("show", "count"))
    assert page.status == 200 and expected in said(page.text)
    assert expected in visitor.get(address(*choice, "show=tally")).text
    kept = re.findall(r'value="([\w-]+)" checked', page.text)
    assert sorted(kept) == sorted([choice[0], *choice[1], choice[2]])


def test_every_example_can_be_had(visitor: Visitor) -> None:
    page = visitor.get("/examples").text
    for name in examples.names():
        assert f'href="/examples/{name}.xlsx"' in page
    name = examples.names()[0]
    assert visitor.get(f"/examples/{name}.xlsx").body == examples.workbook_bytes(name)


# --- drop a workbook --------------------------------------------------------------------------------------------------


def findings(answer: Answer) -> list[tuple[str, str, str]]:
    """Severity, message and remedy of every finding on a page, in their order."""
    found = []
    for article in re.findall(r"<article.*?</article>", answer.text, re.S):
        severity = re.search(r"finding is-(\w+)", article)
        message = re.search(r'class="says">(.*?)</span></h3>', article, re.S)
        remedy = re.search(r'<p class="remedy">(.*?)</p>', article, re.S)
        assert severity and message
        found.append((severity[1], _words(message[1]), _words(remedy[1]) if remedy else ""))
    return found


def _words(html: str) -> str:
    """A text without the marks that keep a date in one line."""
    return unescape(re.sub(r"</?span[^>]*>", "", html))


def told(checked: pipeline.Checked) -> list[tuple[str, str, str]]:
    return [(f.severity.value, shown(f.message), shown(f.on_page)) for f in checked.findings]


@pytest.fixture(scope="module")
def report(server: Server, wrong: bytes) -> tuple[Visitor, Answer]:
    visitor = Visitor(server.port)
    return visitor, visitor.drop("kidney-organoids.xlsx", wrong)


def test_the_report_says_what_check_says(report: tuple[Visitor, Answer], wrong: bytes, tmp_path: Path) -> None:
    path = tmp_path / "kidney-organoids.xlsx"
    path.write_bytes(wrong)
    checked = pipeline.check(pipeline.read(Path(path.name)), today=TODAY)
    _, page = report
    assert page.status == 200 and len(checked.findings) >= 7
    assert findings(page) == told(checked)
    words = said(page.text)
    for archive in checked.archives:
        title = load().archive(archive).title
        n = sum(f.severity == "error" and (not f.archives or archive in f.archives) for f in checked.findings)
        assert f"{title}{n} error" in words.replace(f"{title} ", title)


@pytest.mark.parametrize("name", examples.names()[:: 1 if EVERY else 8])
def test_every_example_gets_the_report_of_check(name: str, server: Server, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.xlsx"
    path.write_bytes(examples.workbook_bytes(name))
    page = Visitor(server.port).drop(path.name, path.read_bytes())
    checked = pipeline.check(pipeline.read(Path(path.name)), today=TODAY)
    assert page.status == 200
    assert findings(page) == told(checked)


def test_of_every_example_the_report_is_what_the_command_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job behind the page and the command, over all of them: findings, counts, archives, the digest of the file."""
    monkeypatch.setenv("REMBI_SHEETS_TODAY", TODAY.isoformat())
    for name in examples.names():
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(examples.workbook_bytes(name))
        printed = json.loads(CliRunner().invoke(cli, ["check", path.name, "--format", "json"]).stdout)
        made = jobs.check(path, jobs.Asked(today=TODAY))
        said_of = [(f["code"], f["severity"], f["sheet"], f["message"]) for f in printed.pop("findings")]
        assert [(f["code"], f["severity"], f["sheet"], f["message"]) for f in made["findings"]] == said_of, name
        assert printed.items() <= made.items(), name


def test_a_finding_shows_its_row_with_the_cell_marked(report: tuple[Visitor, Answer]) -> None:
    _, page = report
    article = next(a for a in re.findall(r"<article.*?</article>", page.text, re.S) if "“0,57”" in a)
    heads = re.findall(r"<th scope=\"col\"[^>]*>(?:<span aria-hidden=\"true\">)?([A-Z…]+)<", article)
    assert heads[0] == "A" and "…" in heads and "R" in heads
    assert re.search(r'<th scope="row" class="no on">6</th>', article)
    assert re.search(r'<td class="cell"><mark>0,57</mark></td>', article)
    assert "Pixel/voxel size" in article and "Organoid views" in article
    folded = next(a for a in re.findall(r"<article.*?</article>", page.text, re.S) if "“Organoid view”" in a)
    assert "B6:B8" in folded and "3 cells" in folded and "1 more row like these" in folded


def test_filters_are_links_with_counts(report: tuple[Visitor, Answer]) -> None:
    visitor, page = report
    whole = findings(page)
    links = re.findall(r'<a href="(\?[^"]+)"[^>]*>(.*?) <span class="num">(\d+)</span>', page.text, re.S)
    assert {unescape(link).split("=")[0] for link, _, _ in links} == {"?severity", "?archive", "?sheet"}
    for link, _, number in links:
        left = findings(visitor.get(page.url + unescape(link)))
        assert len(left) == int(number) and [f for f in whole if f in left] == left
    both = visitor.get(f"{page.url}?severity=error&sheet=Files")
    assert len(findings(both)) == 1 and 'href="?severity=error"' in both.text


def test_dropped_again_it_tells_what_is_mended_and_new(server: Server, wrong: bytes, tmp_path: Path) -> None:
    from tests.web.planted import WRONG, planted

    visitor = Visitor(server.port)
    first = visitor.drop("study.xlsx", wrong)
    cells = {k: v for k, v in WRONG.items() if k[0] != "People"} | {("Study", "Keywords", 0): None}
    again = visitor.drop("study.xlsx", planted(tmp_path, cells))
    old, new = findings(first), findings(again)
    words = said(again.text)
    assert f"{len([f for f in old if f not in new])} mended" in words
    assert f"{len([f for f in new if f not in old])} new" in words
    assert f"{len([f for f in old if f in new])} as before" in words
    assert "is not a valid ORCID" in said(visitor.get(f"{again.url}?since=mended").text)
    assert len(findings(visitor.get(f"{again.url}?since=new"))) == len([f for f in new if f not in old])


def test_a_table_of_files_may_be_dropped_beside_it(visitor: Visitor, tmp_path: Path) -> None:
    name = examples.names()[0]
    workbook = examples.workbook_bytes(name)
    table = b"Path\tImage data\nnew/one.tif\tnowhere at all\n"
    got = visitor.post("/check", ("book", "a study.xlsx", workbook), ("book", "other.files.tsv", table))
    (tmp_path / "a study.xlsx").write_bytes(workbook)
    (tmp_path / "a study.files.tsv").write_bytes(table)
    assert findings(got) == told(pipeline.check(pipeline.read(Path("a study.xlsx")), today=TODAY))


def test_forget_my_files(server: Server, home: Path, wrong: bytes) -> None:
    visitor = Visitor(server.port)
    before = set(home.iterdir())
    page = visitor.drop("study.xlsx", wrong)
    (own,) = set(home.iterdir()) - before
    assert any(p.name == "study.xlsx" for p in own.rglob("*"))
    assert "Your files are deleted" in visitor.post("/forget").text
    assert not own.exists()
    assert visitor.get(page.url).status == 410
    assert visitor.get("/").status == 200


def test_pages_are_small(report: tuple[Visitor, Answer], visitor: Visitor) -> None:
    for page in (report[1], *(visitor.get(p) for p in ("/", "/examples", "/findings", "/kept"))):
        assert page.status == 200 and len(page.body) < 150_000, page.url
