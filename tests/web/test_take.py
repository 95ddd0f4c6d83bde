"""Take away: the bytes are those that the commands write."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner

from rembi_sheets import examples
from rembi_sheets.cli import cli
from rembi_sheets.web.jobs import Asked, take_away
from rembi_sheets.web.server import Server
from tests.support import TODAY
from tests.web.visitor import Answer, Visitor, said

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REMBI_SHEETS_TODAY", TODAY.isoformat())


def run(*args: str | Path) -> None:
    done = CliRunner().invoke(cli, [str(a) for a in args])
    assert done.exit_code in (0, 1), done.output


@pytest.fixture(scope="module")
def dropped(server: Server) -> Callable[[str, bytes], tuple[Visitor, Answer]]:
    """A workbook dropped by a visitor of its own; once each."""
    kept: dict[str, tuple[Visitor, Answer]] = {}

    def drop(name: str, content: bytes) -> tuple[Visitor, Answer]:
        if name not in kept:
            visitor = Visitor(server.port)
            kept[name] = visitor, visitor.drop(name, content)
        return kept[name]

    return drop


Dropped = Callable[[str, bytes], tuple[Visitor, Answer]]


@pytest.mark.parametrize("name", ["kidney-organoid-light-sheet", "apo-ferritin"])
def test_the_files_of_an_archive_are_those_of_convert(name: str, dropped: Dropped, tmp_path: Path) -> None:
    workbook = tmp_path / f"{name}.xlsx"
    workbook.write_bytes(examples.workbook_bytes(name))
    visitor, report = dropped(workbook.name, workbook.read_bytes())
    page = visitor.get(f"{report.url}take")
    assert page.status == 200
    links = re.findall(r'href="(/b/[^"]+/take/([\w-]+)\.zip)"', page.text)
    assert [a for _, a in links] == list(examples.info(name).archives)
    for link, archive in links:
        run("convert", workbook.name, "--to", archive, "--output", tmp_path / archive, "-q")
        expected = {
            p.relative_to(tmp_path / archive).as_posix(): p.read_bytes()
            for p in (tmp_path / archive).rglob("*")
            if p.is_file()
        }
        with zipfile.ZipFile(BytesIO(visitor.get(link).body)) as packed:
            assert {n: packed.read(n) for n in packed.namelist()} == expected
        for file in list(expected)[:12]:
            assert file in page.text or len(expected) > 12
    assert "NEXT-STEPS.md" in page.text and "What has no place of its own there" in page.text


@pytest.mark.parametrize("name", examples.names())
def test_of_every_example_the_files_are_those_that_convert_is_known_to_write(name: str, tmp_path: Path) -> None:
    """The job behind the page, against what stands beside the example, byte for byte."""
    workbook = tmp_path / f"{name}.xlsx"
    for path, content in {workbook.name: examples.workbook_bytes(name), **examples.data_files(name)}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    taken = take_away(workbook, Asked(today=TODAY), tmp_path / "out")
    assert tuple(taken) == examples.info(name).archives
    for archive, told in taken.items():
        kept = EXAMPLES / name / "expected" / archive
        expected = {p.relative_to(kept.parent).as_posix(): p.read_bytes() for p in kept.rglob("*") if p.is_file()}
        with zipfile.ZipFile(tmp_path / "out" / told["zip"]) as packed:
            made = {n: packed.read(n) for n in packed.namelist()}
        assert made.pop("conversion.json").startswith(b"{")
        assert made == expected and not any(".." in n or n.startswith("/") for n in made)
        assert {f["name"]: f["size"] for f in told["files"] if f["name"] in made} == {
            n: len(c) for n, c in made.items()
        }


def test_with_errors_there_is_their_count_and_no_file(dropped: Dropped, wrong: bytes) -> None:
    visitor, report = dropped("kidney-organoids.xlsx", wrong)
    page = visitor.get(f"{report.url}take")
    assert page.status == 200 and "to mend first" in said(page.text) and ".zip" not in page.text
    assert visitor.get(f"{report.url}take/idr.zip").status == 404


def test_copies_and_report_are_those_of_the_commands(dropped: Dropped, wrong: bytes, tmp_path: Path) -> None:
    workbook = tmp_path / "kidney-organoids.xlsx"
    workbook.write_bytes(wrong)
    visitor, report = dropped(workbook.name, wrong)
    run("check", workbook.name, "--annotate", tmp_path / "marked.xlsx", "--output", tmp_path / "report.html", "-q")
    run("fix", workbook, tmp_path / "fixed.xlsx", "-q")
    for link, file in (("marked", "marked.xlsx"), ("repaired", "fixed.xlsx"), ("report", "report.html")):
        got = visitor.get(f"{report.url}take/{link}")
        assert got.status == 200 and "attachment" in got.headers["content-disposition"]
        assert got.body == (tmp_path / file).read_bytes(), link


def test_of_an_ods_the_marked_copy_is_an_xlsx(dropped: Dropped) -> None:
    from tests.workbook.bad_files import ods, ods_row

    content = ods(ods_row("Last name", "E-mail") + ods_row("Beispiel", "a@example.org"))
    visitor, report = dropped("small.ods", content)
    got = visitor.get(f"{report.url}take/marked")
    assert got.status == 200 and got.body.startswith(b"PK")
