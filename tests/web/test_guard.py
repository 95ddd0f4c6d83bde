"""Nobody can read, guess or harm another's files; whatever is sent is refused in a sentence or shown as text."""

from __future__ import annotations

import os
import re
import signal
import time
from io import BytesIO
from pathlib import Path

import pytest

from rembi_sheets import examples
from rembi_sheets.web.limits import MB
from rembi_sheets.web.pool import BrokeOffError, DefectError, Pool, TookTooLongError
from rembi_sheets.web.server import Server
from rembi_sheets.web.visits import Visits, safe_name
from tests.web.conftest import LIMITS
from tests.web.planted import planted
from tests.web.visitor import Visitor, form, said, tags, trickling
from tests.web.work import fail, hoard, sleep
from tests.workbook import bad_files

SCRIPT = '<script>alert(1)</script><img src=x onerror="alert(2)">'


def test_every_answer_has_its_headers(visitor: Visitor) -> None:
    for path in ("/", "/nowhere", "/static/page.css", "/static/", "/b/x/", "/new?profile=x"):
        got = visitor.ask("GET", path)
        policy = got.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
        assert got.headers["x-content-type-options"] == "nosniff" and got.headers["x-frame-options"] == "DENY"
    page = visitor.get("/")
    assert not re.search(r"<script(?![^>]* src=\"/)|<style|\sstyle=|\son\w+=|javascript:|https?://", page.text)


def test_the_cookie_is_for_the_page_alone(visitor: Visitor) -> None:
    cookie = visitor.ask("GET", "/").headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" not in cookie
    assert (
        "Secure" in Visitor(visitor.port).ask("GET", "/", headers={"X-Forwarded-Proto": "https"}).headers["set-cookie"]
    )
    assert "set-cookie" not in Visitor(visitor.port).ask("GET", "/static/page.css").headers


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "a b", "[::1"]
)
def test_another_name_of_the_host_is_refused(host: str, visitor: Visitor) -> None:
    assert visitor.ask("GET", "/", headers={"Host": host}).status in (400, 421)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "127.0.0.1", "192.0.2.7:8765", "[::1]:8765"])
def test_own_names_and_addresses_are_answered(host: str, visitor: Visitor) -> None:
    assert visitor.ask("GET", "/", headers={"Host": host}).status == 200


def test_what_another_page_sends_changes_nothing(server: Server, wrong: bytes, home: Path) -> None:
    visitor = Visitor(server.port)
    page = visitor.drop("study.xlsx", wrong)
    kept = sorted(home.rglob("*"))
    foreign = [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": f"http://127.0.0.1:{server.port + 1}"},
        {"Origin": "", "Sec-Fetch-Site": "cross-site"},
    ]
    for headers in foreign:
        assert visitor.send("/forget", headers=headers).status == 403
    assert visitor.send("/forget", token=False).status == 403
    assert visitor.send("/forget", ("token", "0" * 64), token=False).status == 403
    other = Visitor(server.port)
    other.get("/")
    assert visitor.send("/forget", ("token", other.token), token=False).status == 403
    assert sorted(home.rglob("*")) == kept and visitor.get(page.url).status == 200


def test_another_visitor_sees_nothing(server: Server, wrong: bytes) -> None:
    one, other = Visitor(server.port), Visitor(server.port)
    page = one.drop("mine.xlsx", wrong)
    other.drop("yours.xlsx", wrong)
    got = other.get(page.url)
    assert got.status == 410 and "mine" not in got.text
    planted_id = Visitor(server.port, cookie="A" * 43)
    planted_id.drop("study.xlsx", wrong)
    assert planted_id.cookie != "A" * 43  # nobody can give a visitor an id that he knows


# --- what is sent in -------------------------------------------------------------------------------------------------


def test_every_bad_file_is_refused_in_a_sentence(visitor: Visitor) -> None:
    bad = {name: content for name, content, _ in bad_files.bad() if len(content) <= LIMITS.file}
    assert len(bad) > 40
    for name, content in bad.items():
        got = visitor.drop(name, content)
        assert got.status == 422 and "could not be read" in said(got.text), name
        visitor.post("/forget")
    assert visitor.get("/").status == 200


def test_what_is_too_large_is_refused_while_it_comes(visitor: Visitor, home: Path) -> None:
    before = sorted(home.iterdir())
    got = visitor.send("/check", ("book", "large.xlsx", bytes(LIMITS.file + 1)))
    assert got.status == 413 and "large.xlsx has" in said(got.text)
    assert visitor.send("/check", ("book", "huge.xlsx", bytes(LIMITS.request + 1))).status == 413
    assert visitor.send("/check").status == 400
    assert sorted(home.iterdir()) == before


NAMES = [
    "../../etc/passwd.xlsx",
    "..\\..\\windows.xlsx",
    "/etc/passwd",
    "a\x00b.xlsx",
    f"{SCRIPT}.xlsx",
    "nul.xlsx",
    "~$study.xlsx",
    "é" * 300 + ".xlsx",
    ".",
    "\u202exslx.exe",
    "name\r\nSet-Cookie: visit=x.xlsx",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_name_leads_nowhere(name: str) -> None:
    made = safe_name(name)
    assert Path(made).name == made and made not in (".", "..", "") and not made.startswith("~")
    assert made.isprintable() and len(made.encode()) <= 130 and not set(made) & set('<>:"/\\|?*')


def test_script_in_cells_and_names_is_text(server: Server, tmp_path: Path) -> None:
    cells = {
        ("Study", "License", 0): SCRIPT,
        ("People", "E-mail", 6): SCRIPT,
        ("Biosamples", "Organism", 6): SCRIPT,
        ("Specimens", "Biosample", 6): SCRIPT,
        ("Image data", "Name", 6): SCRIPT,
        ("Files", "Image data", 6): f"{SCRIPT}\u202e",
        ("Files", "Path", 6): f"../{SCRIPT}",
    }
    page = Visitor(server.port).drop(f"{SCRIPT}.xlsx", planted(tmp_path, cells))
    assert page.status == 200 and said(page.text).count("<script>alert(1)</script>") >= 5
    assert page.text.count("<script") == 2 and not {"img", "onerror"} & tags(page.text)
    assert "\u202e" not in page.text


# --- who stays too long ----------------------------------------------------------------------------------------------


def test_slow_senders_and_open_connections_keep_nobody_waiting(server: Server) -> None:
    head = "POST /check HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000000\r\n\r\nabc"
    held = [trickling(server.port, head) for _ in range(100)]
    held += [trickling(server.port, "GET / HTTP/1.1\r\nHost: loc") for _ in range(100)]
    try:
        begun = time.monotonic()
        assert Visitor(server.port).get("/").status == 200
        assert time.monotonic() - begun < 5
        held[0].settimeout(30)
        assert held[0].recv(1000) == b""  # nothing came for a while: it was closed
    finally:
        for connection in held:
            connection.close()


def test_a_worker_that_dies_is_replaced(server: Server) -> None:
    name = examples.names()[0]
    for pid in server.state.pool.pids():
        os.kill(pid, signal.SIGKILL)
    statuses = [Visitor(server.port).drop(f"{name}.xlsx", examples.workbook_bytes(name)).status for _ in range(2)]
    assert statuses[-1] == 200 and set(statuses) <= {200, 503}


def test_time_and_memory_of_a_job_have_limits() -> None:
    pool = Pool(1, 1024 * MB, 2.0, 10)
    try:
        with pytest.raises(TookTooLongError):
            pool.run(sleep, 60.0)
        with pytest.raises(BrokeOffError):
            pool.run(hoard, 4 << 30)
        with pytest.raises(DefectError) as error:
            pool.run(fail, "a word of the visitor's")
        assert "KeyError" in str(error.value) and "visitor" not in str(error.value)
        assert pool.run(hoard, 10) == 10
    finally:
        pool.close()


def test_files_are_deleted_when_their_time_is_over(tmp_path: Path) -> None:
    left = tmp_path / "1-left"
    (left / "visit").mkdir(parents=True)
    os.utime(left, (0, 0))
    visits = Visits(tmp_path, keep=0.4, most=2, books=2)
    try:
        assert not left.exists()  # of a server that was killed
        visit = visits.begin()
        book = visits.add(visit, "study.xlsx", BytesIO(b"x"))
        assert book.path.read_bytes() == b"x" and visits.of(visit.id) is visit
        end = time.monotonic() + 5
        while visit.folder.exists() and time.monotonic() < end:
            time.sleep(0.1)
        assert not visit.folder.exists() and visits.of(visit.id) is None
    finally:
        visits.close()
    assert not list(tmp_path.iterdir())


def test_a_defect_is_told_with_a_number_that_stands_in_the_log(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret words of a workbook")

    monkeypatch.setattr("rembi_sheets.web.pages.start.tally", broken)
    got = Visitor(server.port).ask("GET", "/")
    number = re.search(r"<code>([A-Z0-9]{4}-[A-Z0-9]{4})</code>", got.text)
    assert got.status == 500 and number and "Traceback" not in got.text
    assert number[1] in caplog.text and "secret" not in caplog.text + got.text


def test_forms_are_read_as_browsers_send_them() -> None:
    boundary, body = form([("a", "b"), ("book", "x.xlsx", b"123")])
    assert body.count(boundary.encode()) == 3
