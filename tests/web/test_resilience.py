"""A server in a process of its own: killed, restarted, without room on the disk, and visitors who never finish."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from rembi_sheets import examples
from rembi_sheets.web import jobs, visits
from rembi_sheets.web.server import Server
from rembi_sheets.web.visits import Visits
from tests.web.visitor import Answer, Visitor, said, trickling
from tests.web.work import full_disk

BOOK = examples.workbook_bytes("red-blood-cells")
ROOM = 256 << 10  # bytes that one file may have: beyond it a write fails as on a full disk


class Served:
    """A page in a process of its own."""

    def __init__(self, home: Path, *, narrow: bool = False) -> None:
        def limit() -> None:
            import resource

            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))

        command = [sys.executable, "-m", "rembi_sheets", "serve", "--port", "0", "--no-browser", "--workers", "1"]
        self.process = subprocess.Popen(
            command,
            env={**os.environ, "XDG_CACHE_HOME": str(home)},
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=limit if narrow else None,
        )
        assert self.process.stderr is not None
        found = re.search(r":(\d+)/", self.process.stderr.readline())
        assert found
        self.visitor = Visitor(int(found[1]))

    def children(self) -> list[int]:
        found = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False)
        return [int(pid) for pid in found.stdout.split()]

    def end(self, number: int) -> None:
        self.process.send_signal(number)
        self.process.wait(30)


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _left(home: Path) -> list[Path]:
    return sorted((home / "rembi-sheets" / "page").iterdir())


def test_a_killed_server_leaves_no_process_and_the_next_one_removes_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = Served(tmp_path)
    try:
        page = served.visitor.drop("study.xlsx", BOOK)
        assert page.status == 200
        workers = served.children()
        assert workers
    finally:
        served.end(signal.SIGKILL)
    until = time.monotonic() + 30
    while any(map(_alive, workers)) and time.monotonic() < until:
        time.sleep(0.2)
    assert not any(map(_alive, workers))
    (root,) = _left(tmp_path)
    home = tmp_path / "rembi-sheets" / "page"
    running = Visits(home, keep=0.4, most=2, books=2)  # the next one, started at once
    try:
        assert root.exists()
        monkeypatch.setattr(visits, "_OLD_ROOT", 1.0)
        until = time.monotonic() + 15
        while root.exists() and time.monotonic() < until:
            time.sleep(0.2)
        assert not root.exists() and running.root.exists()
    finally:
        running.close()
    assert _left(tmp_path) == []


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Path]]:
    home = tmp_path_factory.mktemp("narrow")
    served = Served(home, narrow=True)
    yield served, home
    with suppress(subprocess.TimeoutExpired):
        served.end(signal.SIGTERM)
    assert served.process.returncode == 0
    assert _left(home) == []  # a polite end leaves nothing


def test_without_room_it_says_so_and_stays_up(narrow: tuple[Served, Path]) -> None:
    served, home = narrow
    visitor = served.visitor
    visitor.get("/")
    before = [p for p in home.rglob("*") if p.is_file()]
    got = visitor.send("/check", ("book", "large.xlsx", bytes(ROOM + 1000)))
    assert got.status == 503 and "There is no room just now" in said(got.text)
    with suppress(ConnectionError):  # so large that the server has to put it aside before anybody looks at it
        assert visitor.send("/check", ("book", "larger.xlsx", bytes(8 * ROOM))).status == 503
    assert [p for p in home.rglob("*") if p.is_file()] == before
    assert visitor.drop("study.xlsx", BOOK).status == 200


@pytest.mark.parametrize("job", ["check", "take_away", "written", "filled", "widened", "marked", "page", "cell_field"])
def test_a_job_that_finds_the_disk_full_says_so_and_loses_nothing(
    job: str, server: Server, wrong: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every kind of work, with no room at its first write; the same again when there is some."""
    visitor, page = _own(server, wrong)
    finding = re.search(r'class="edit" href="([^"]+)"', page.text)
    assert finding
    asked: dict[str, Callable[[], Answer]] = {
        "check": lambda: visitor.drop(f"{time.monotonic()}.xlsx", wrong),
        "take_away": lambda: visitor.get(f"{page.url}take"),
        "written": lambda: visitor.post(
            f"{page.url}mend", ("finding", finding[1].rpartition("/")[2]), ("value", f"{time.monotonic()}")
        ),
        "filled": lambda: visitor.post(f"{page.url}fill", ("source", "lab.xlsx", BOOK)),
        "widened": lambda: visitor.post(f"{page.url}add", ("finding", "x")),
        "marked": lambda: visitor.get(f"{page.url}take/marked"),
        "page": lambda: visitor.get(f"{page.url}take/report"),
        "cell_field": lambda: visitor.get(finding[1]),
    }
    if job != "widened":  # of this workbook nothing is lacking, so that it is not asked for
        with monkeypatch.context() as full:
            full.setattr(jobs, job, full_disk)
            got = asked[job]()
        assert got.status in (200, 503) and "The disk of this page is full" in said(got.text), job
    again = asked[job]()
    assert again.status == 200 and b"is full" not in again.body, job
    visitor.send(f"{page.url}mend", ("undo", "all"))
    assert visitor.get(f"{page.url}mended").body == wrong


def test_an_upload_and_what_is_kept_of_it_need_room(
    server: Server, wrong: bytes, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, page = _own(server, wrong)
    before = {p for p in home.rglob("*") if p.is_file()}
    listed = f"{page.url}data", ("files", "a.tif\t1")
    for where in ("rembi_sheets.web.visits.shutil.copyfileobj", "pathlib.Path.write_text"):
        with monkeypatch.context() as full:
            full.setattr(where, full_disk)
            got = visitor.drop("more.xlsx", BOOK) if "visits" in where else visitor.send(*listed)
        assert got.status == 503 and "There is no room just now" in said(got.text), where
    assert {p for p in home.rglob("*") if p.is_file()} == before
    assert visitor.get(page.url).status == 200 and visitor.get(f"{page.url}take").status == 200


def _own(server: Server, wrong: bytes) -> tuple[Visitor, Answer]:
    """A visitor of the common server, with a workbook; the same each time."""
    if not _OWN:
        visitor = Visitor(server.port)
        _OWN.append((visitor, visitor.drop("kidney.xlsx", wrong)))
    return _OWN[0]


_OWN: list[tuple[Visitor, Answer]] = []


def test_a_steady_drip_and_many_open_connections_end_by_themselves(narrow: tuple[Served, Path]) -> None:
    """Bytes that come one by one keep a connection, but neither a thread nor room; the page answers all the while."""
    served, _ = narrow
    head = "POST /check HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000000\r\n\r\n"
    held = [trickling(served.visitor.port, head) for _ in range(200)]
    try:
        slowest = 0.0
        for _ in range(4):
            for connection in held[:50]:
                connection.sendall(b"x")
            begun = time.monotonic()
            assert served.visitor.get("/health").status == 200
            slowest = max(slowest, time.monotonic() - begun)
        assert slowest < 10
    finally:
        for connection in held:
            connection.close()
    assert served.visitor.get("/").status == 200


def test_a_browser_that_is_closed_in_the_middle_harms_nobody(narrow: tuple[Served, Path]) -> None:
    served, home = narrow
    files = {p for p in home.rglob("*") if p.is_file()}
    with socket.create_connection(("127.0.0.1", served.visitor.port), timeout=20) as half:
        half.sendall(b"POST /check HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n" + bytes(5000))
    assert served.visitor.get("/health").status == 200
    assert {p for p in home.rglob("*") if p.is_file()} == files
