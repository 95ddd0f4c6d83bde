"""A folder of this computer: its headers are read beside the page, and the report is that of `check --headers`."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from rembi_sheets import examples, pipeline
from rembi_sheets.cli import cli
from rembi_sheets.web import guard
from rembi_sheets.web.reading import Reading, Stand
from rembi_sheets.web.server import Address, Server
from tests.harvest import folders
from tests.support import TODAY
from tests.web.test_pages import findings, told
from tests.web.visitor import Answer, Visitor, said

BOOK = examples.workbook_bytes("kidney-organoid-light-sheet")


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folders.lay(tmp_path_factory.mktemp("data") / "images <b>", folders.tilt_series())


@pytest.fixture(scope="module")
def read(server: Server, images: Path) -> tuple[Visitor, Answer, Answer]:
    """A visitor who has given the path; the report before and after it."""
    visitor = Visitor(server.port)
    before = visitor.drop("kidney.xlsx", BOOK)
    return visitor, before, visitor.post(f"{before.url}data", ("path", str(images)))


def test_the_report_is_that_of_check_with_headers(
    read: tuple[Visitor, Answer, Answer], images: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, before, after = read
    (tmp_path / "kidney.xlsx").write_bytes(BOOK)
    monkeypatch.chdir(tmp_path)
    checked = pipeline.check(pipeline.read(Path("kidney.xlsx")), data=images, headers=True, today=TODAY)
    assert checked.confirmed is not None
    assert findings(after) == told(checked) != findings(before)
    known = visitor.get(f"{before.url}data")
    assert "images <b>: compared, with what the headers say" in said(known.text) and "<b>: " not in known.text


def test_what_the_headers_say_is_filled_in_as_by_the_command(
    read: tuple[Visitor, Answer, Answer], images: Path, tmp_path: Path
) -> None:
    visitor, before, _ = read
    page = visitor.get(f"{before.url}fill")
    while page.status == 202:
        page = visitor.get(f"{before.url}fill")
    assert page.status == 200 and "The headers of your images" in said(page.text)
    (tmp_path / "kidney.xlsx").write_bytes(BOOK)
    args = ["fill", str(tmp_path / "kidney.xlsx"), str(tmp_path / "copy.xlsx"), "--data", str(images), "-q"]
    done = CliRunner().invoke(cli, args)
    assert done.exit_code == 0, done.output
    assert visitor.get(f"{before.url}filled").body == (tmp_path / "copy.xlsx").read_bytes()


@pytest.mark.parametrize("path", ["", "images", "../images", "/no/such/folder", "a\0b", "/etc/passwd"])
def test_what_is_no_folder_is_refused(path: str, read: tuple[Visitor, Answer, Answer]) -> None:
    visitor, before, _ = read
    assert visitor.post(f"{before.url}data", ("path", path)).status == 400


PROXIES: list[dict[str, str]] = [
    {"X-Forwarded-Proto": "https"},
    {"X-Forwarded-For": "192.0.2.1"},
    {"Forwarded": "for=192.0.2.1"},
    {"Via": "1.1 proxy"},
]


@pytest.mark.parametrize("headers", PROXIES)
def test_by_way_of_another_program_no_path_can_be_given(
    headers: dict[str, str], read: tuple[Visitor, Answer, Answer], images: Path
) -> None:
    visitor, before, _ = read
    assert visitor.send(f"{before.url}data", ("path", str(images)), headers=headers).status == 403
    assert "Path of the data folder" not in visitor.ask("GET", f"{before.url}data", headers=headers).text
    assert "Path of the data folder" in visitor.get(f"{before.url}data").text


def test_nor_by_another_user_nor_on_a_hosted_page(
    server: Server, read: tuple[Visitor, Answer, Answer], images: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, before, _ = read
    here = ("127.0.0.1", 40_000)
    may = server.state.guard.at_this_computer
    assert may("localhost:8765", here, server.port, []) and may("[::1]", ("::1", 1), server.port, [])
    assert not may("localhost", ("192.0.2.1", 1), server.port, []) and not may("192.0.2.7", here, server.port, [])
    assert Address().local and not Address("0.0.0.0").local and not Address(names=("sheets.example.org",)).local
    monkeypatch.setattr(server.state, "local", False)
    assert visitor.send(f"{before.url}data", ("path", str(images))).status == 403
    monkeypatch.setattr(server.state, "local", True)
    monkeypatch.setattr(guard, "own_user", lambda: {os.getuid() + 1})
    if Path("/proc/net/tcp").exists():
        assert visitor.send(f"{before.url}data", ("path", str(images))).status == 403
    other = Visitor(server.port)
    other.get("/")
    assert other.post(f"{before.url}data", ("path", str(images))).status == 410
    for path in ("reading", "reading/state"):
        assert other.get(f"{before.url}{path}").status == 410
    assert visitor.send(f"{before.url}data", ("path", str(images)), token=False).status == 403


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[], list[int]]:
    """Folders whose reading does not end; the processes that read them."""
    script = tmp_path / "slow.py"
    script.write_text(
        "import json, sys, time\n"
        "step = dict(stage='headers', files=1000, of=4000, bytes=0, files_per_second=50.0, seconds_left=60, unread=0)\n"
        "print(json.dumps(step), file=sys.stderr, flush=True)\n"
        "time.sleep(60)\n"
    )
    pids: list[int] = []
    from rembi_sheets.web import reading

    class Slow(Reading):
        def __init__(self, folder: Path, store: Path) -> None:
            monkeypatch.setattr(reading, "_COMMAND", (str(script),))
            super().__init__(folder, store)
            pids.append(self.pid)

    monkeypatch.setattr(reading, "Reading", Slow)
    return lambda: [p for p in pids if Path(f"/proc/{p}").exists()]


def test_it_tells_how_far_it_is_and_can_be_stopped(server: Server, images: Path, slow: Callable[[], list[int]]) -> None:
    visitor = Visitor(server.port)
    page = visitor.drop("kidney.xlsx", BOOK)
    sent = visitor.send(f"{page.url}data", ("path", str(images)))
    assert sent.headers["location"].endswith("/reading")
    until = time.monotonic() + 20
    while "share" not in (state := visitor.get(f"{page.url}reading/state").text) or "0.25" not in state:
        assert time.monotonic() < until
        time.sleep(0.05)
    assert "Headers are read: 1,000 of 4,000 files, 50 a second, about 60 seconds left." in state and slow()
    stopped = visitor.post(f"{page.url}reading")
    assert "Stopped. Give the same folder again" in said(stopped.text) and not slow()
    visitor.send(f"{page.url}data", ("path", str(images)))
    assert slow()
    visitor.post("/forget")
    assert not slow()


def test_no_more_than_some_are_read_at_a_time(server: Server, images: Path, slow: Callable[[], list[int]]) -> None:
    visitors = [Visitor(server.port) for _ in range(server.state.limits.readings + 1)]
    pages = [v.drop("kidney.xlsx", b"no workbook") for v in visitors]
    sent = [v.send(f"{p.url}data", ("path", str(images))).status for v, p in zip(visitors, pages, strict=True)]
    assert sent == [303] * server.state.limits.readings + [503]
    for visitor in visitors:
        visitor.post("/forget")
    assert not slow()


def test_a_folder_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    reading = Reading(tmp_path / "gone", tmp_path / "store.harvest")
    assert reading.wait(60) is Stand.FAILED
    assert "There is no folder" in reading.said
