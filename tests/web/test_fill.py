"""Fill from elsewhere, without scripts: the copy is that of `fill`, byte for byte; what is said is what it prints."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner

from rembi_sheets import examples, pipeline
from rembi_sheets.cli import cli
from rembi_sheets.web.server import Server
from tests.web.conftest import LIMITS
from tests.web.test_guard import SCRIPT
from tests.web.visitor import Answer, Visitor, said, tags

EXAMPLES = Path(__file__).parents[2] / "examples"
LAB = examples.workbook_bytes("red-blood-cells")
TABLE = "File name;Gene symbol;Größe\nd1/a.tif;TP53;1\nd1/b.tif;MYC;2\n".encode()


@pytest.fixture(scope="module")
def blank() -> bytes:
    return pipeline.blank("light", ("bioimage-archive",), "essential")


@pytest.fixture(scope="module")
def once(server: Server, blank: bytes) -> tuple[Visitor, Answer]:
    visitor = Visitor(server.port)
    return visitor, visitor.drop("study.xlsx", blank)


@pytest.fixture
def dropped(once: tuple[Visitor, Answer]) -> Iterator[tuple[Visitor, str]]:
    """A blank workbook, filled from nothing; and so again afterwards."""
    visitor, page = once
    yield visitor, f"{page.url}fill"
    for id_ in re.findall(r'name="leave" value="(\w+)"', visitor.get(f"{page.url}fill").text):
        visitor.send(f"{page.url}fill", ("leave", id_))
    visitor.send(f"{page.url}fill", ("choose", "1"))


def command(folder: Path, workbook: bytes, *options: str) -> tuple[bytes, dict[str, list[dict[str, object]]]]:
    """The copy that `fill` writes, and what it prints."""
    (folder / "study.xlsx").write_bytes(workbook)
    args = [
        "fill",
        str(folder / "study.xlsx"),
        str(folder / "copy.xlsx"),
        *options,
        "--format",
        "json",
        "--force",
        "-q",
    ]
    done = CliRunner().invoke(cli, args)
    assert done.exit_code == 0, done.output
    return (folder / "copy.xlsx").read_bytes(), json.loads(done.stdout)


def counts(page: Answer) -> dict[str, int]:
    """The number beside the title of each part."""
    found = re.findall(r'<h3 id="(\w+)">[^<]*</h3><span class="hint">(\d+)</span>', page.text)
    return {name: int(n) for name, n in found}


def test_an_own_workbook_as_source(dropped: tuple[Visitor, str], blank: bytes, tmp_path: Path) -> None:
    visitor, page = dropped
    assert "Nothing is given yet" in said(visitor.get(page).text)
    (tmp_path / "lab.xlsx").write_bytes(LAB)
    got = visitor.post(page, ("source", "lab.xlsx", LAB))
    copy, printed = command(tmp_path, blank, "--from", str(tmp_path / "lab.xlsx"))
    assert got.status == 200 and counts(got) == {s: len(e) for s, e in printed.items() if e}
    assert visitor.get(page.replace("/fill", "/filled")).body == copy
    whole = visitor.post(page, ("choose", "1"), ("everything", "1"))
    copy, printed = command(tmp_path, blank, "--from", str(tmp_path / "lab.xlsx"), "--all")
    assert counts(whole) == {s: len(e) for s, e in printed.items() if e} != counts(got)
    assert visitor.get(page.replace("/fill", "/filled")).body == copy
    assert "Nothing is given yet" in said(visitor.post(page, ("leave", _given(whole)[0])).text)


def _given(page: Answer) -> list[str]:
    return re.findall(r'name="leave" value="(\w+)"', page.text)


def test_how_a_table_is_understood_is_shown_and_decided(
    dropped: tuple[Visitor, str], blank: bytes, tmp_path: Path
) -> None:
    visitor, page = dropped
    got = visitor.post(page, ("source", "library.csv", TABLE))
    (tmp_path / "library.csv").write_bytes(TABLE)
    options = ("--from", str(tmp_path / "library.csv"))
    copy, printed = command(tmp_path, blank, *options)
    assert visitor.get(page.replace("/fill", "/filled")).body == copy
    assert {"File name", "Gene symbol", "Größe"} <= set(_chosen(got)) and _chosen(got)["Größe"] == "own:Größe"
    name = next(n for n, h in _selects(got).items() if h == "Größe")
    decided = visitor.post(page, (name, ""), ("understand", "1"))
    assert _chosen(decided)["Größe"] == "" and _chosen(decided)["File name"] == _chosen(got)["File name"]
    assert "as MAP.toml says" in said(decided.text)
    (tmp_path / "map.toml").write_bytes(visitor.get(f"{page}/map.toml").body)
    copy, now = command(tmp_path, blank, *options, "--map", str(tmp_path / "map.toml"))
    assert visitor.get(page.replace("/fill", "/filled")).body == copy
    assert len(now["filled"]) < len(printed["filled"])
    again = visitor.post(page, ("source", "map.toml", visitor.get(f"{page}/map.toml").body))
    assert _chosen(again) == _chosen(decided)
    for answer in ((name, "nonsense"), ("about-0", "nonsense"), (name, _chosen(got)["File name"])):
        assert visitor.post(page, answer, ("understand", "1")).status in (400, 422)


def _selects(page: Answer) -> dict[str, str]:
    """Name of each field -> the heading that it is about."""
    found = re.findall(r'<th scope="row" id="h-(\d+-\d+)">(.*?)</th>', page.text)
    return {f"to-{n}": unescape(heading) for n, heading in found}


def _chosen(page: Answer) -> dict[str, str]:
    out = {}
    for name, heading in _selects(page).items():
        field = re.search(rf'<select name="{name}".*?</select>', page.text, re.S)
        assert field
        out[heading] = unescape(re.findall(r'<option value="([^"]*)" selected', field[0])[0])
    return out


def test_a_record_as_a_zip_is_its_folder(dropped: tuple[Visitor, str], blank: bytes, tmp_path: Path) -> None:
    visitor, page = dropped
    record = EXAMPLES / "red-blood-cells" / "expected" / "bioimage-archive"
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for file in record.rglob("*"):
            out.write(file, file.relative_to(record))
    got = visitor.post(page, ("source", "bioimage-archive.zip", packed.getvalue()))
    (tmp_path / "bioimage-archive").symlink_to(record)
    copy, printed = command(tmp_path, blank, "--from", str(tmp_path / "bioimage-archive"))
    assert got.status == 200 and counts(got) == {s: len(e) for s, e in printed.items() if e}
    assert visitor.get(page.replace("/fill", "/filled")).body == copy


def test_guesses_are_questions_until_they_are_accepted(
    server: Server, dropped: tuple[Visitor, str], blank: bytes, tmp_path: Path
) -> None:
    visitor, page = dropped
    table = b"Plate,Well,Gene,Some thing\nP1,A1,TP53,x\n"
    (tmp_path / "genes.csv").write_bytes(table)
    visitor.post(page, ("source", "genes.csv", table))
    got = visitor.post(page, ("choose", "1"), ("guesses", "1"))
    copy, printed = command(tmp_path, blank, "--from", str(tmp_path / "genes.csv"), "--accept-guesses")
    assert counts(got) == {s: len(e) for s, e in printed.items() if e}
    assert visitor.get(page.replace("/fill", "/filled")).body == copy


def test_one_goes_on_with_the_filled_workbook(server: Server, wrong: bytes, tmp_path: Path) -> None:
    visitor = Visitor(server.port)
    first = visitor.drop("kidney.xlsx", wrong)
    visitor.post(f"{first.url}fill", ("source", "lab.xlsx", LAB))
    copy = visitor.get(f"{first.url}filled").body
    then = visitor.post(f"{first.url}filled")
    assert then.url != first.url and "kidney-filled.xlsx" in said(then.text)
    assert "Since your last drop" in said(then.text)
    assert visitor.get(f"{then.url}mended").body == copy
    assert visitor.get(f"{first.url}mended").body == wrong


BAD = {
    "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "words.txt": b"just some words",
    f"{SCRIPT}.csv": f"{SCRIPT},b\n{SCRIPT},{SCRIPT}\n".encode(),
    "map.toml": b"[[table",
    "lab.xlsx": LAB[: len(LAB) // 2],
}


def test_what_cannot_be_used_is_refused_and_script_is_text(dropped: tuple[Visitor, str]) -> None:
    visitor, page = dropped
    for name, content in BAD.items():
        got = visitor.post(page, ("source", name, content), ("source", "table.csv", TABLE))
        assert got.status == 200 and not {"img", "onerror"} & tags(got.text), name
        if "<script>" not in name:
            assert "It cannot be filled from this" in said(got.text), name
            assert visitor.get(page.replace("/fill", "/filled")).status == 404
        for id_ in _given(got):
            visitor.send(page, ("leave", id_))
        good = b"# nothing decided\n"
        visitor.send(page, ("source", "map.toml", good))
    assert visitor.post(page).status == 400
    large = visitor.send(page, ("source", "large.csv", bytes(LIMITS.file + 1)))
    assert large.status == 413


def packed_zip(**members: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return out.getvalue()


def test_a_zip_leads_nowhere_and_does_not_swell(
    dropped: tuple[Visitor, str], server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from rembi_sheets.fill.sources import SourceError
    from rembi_sheets.web import sources

    visitor, page = dropped
    evil = packed_zip(**{"../../../evil.txt": b"x", "/evil.txt": b"x", "..\\evil.txt": b"x", "a/../evil.txt": b"x"})
    got = visitor.post(page, ("source", "evil.zip", evil))
    assert got.status == 200 and "It cannot be filled from this" in said(got.text)
    root = server.state.visits.root
    assert all("unpacked" in p.parts for p in root.parent.rglob("*evil.txt*"))
    (tmp_path / "bomb.zip").write_bytes(packed_zip(**{"a.txt": bytes(5_000_000)}))
    monkeypatch.setattr(sources, "_UNPACKED", 1_000_000)
    with pytest.raises(SourceError):
        sources.named(tmp_path)
    assert not (tmp_path / "unpacked" / "bomb").exists()
    monkeypatch.setattr(sources, "_MEMBERS", 0)
    with pytest.raises(SourceError):
        sources.named(tmp_path)


def test_nobody_else_sees_or_changes_it(dropped: tuple[Visitor, str], server: Server) -> None:
    visitor, page = dropped
    visitor.post(page, ("source", "lab.xlsx", LAB))
    other = Visitor(server.port)
    other.get("/")
    for path in (page, f"{page}/state", page.replace("/fill", "/filled"), f"{page}/map.toml", f"{page[:-4]}filled/0"):
        assert other.get(path).status == 410
    assert other.post(page, ("source", "evil.csv", TABLE)).status == 410
    assert other.post(page.replace("/fill", "/filled")).status == 410
    foreign = {"Origin": "https://evil.example"}
    assert visitor.send(page, ("choose", "1"), headers=foreign).status == 403
    assert visitor.send(page, ("choose", "1"), token=False).status == 403
    assert len(_given(visitor.get(page))) == 1
