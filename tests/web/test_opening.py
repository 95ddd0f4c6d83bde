"""The page by a double click: it ends by its button or by itself, and says why where it cannot begin."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from rembi_sheets.web import opening
from rembi_sheets.web.server import Address, ServeError, Server
from tests.web.conftest import LIMITS
from tests.web.visitor import Visitor, said


def opened(home: Path, idle: float) -> tuple[Server, threading.Thread]:
    server = Server(Address(port=0), LIMITS, home)
    thread = threading.Thread(target=opening.run, args=(server, idle, 0.1), daemon=True)
    thread.start()
    return server, thread


def test_the_button_ends_it_and_leaves_nothing(tmp_path: Path) -> None:
    server, thread = opened(tmp_path, 60)
    try:
        visitor = Visitor(server.port)
        assert "Close rembi-sheets" in visitor.get("/").text
        assert visitor.send("/close", token=False).status == 403 and thread.is_alive()
        visitor.send("/check", ("book", "mine.xlsx", b"words"))
        assert any(p.name == "mine.xlsx" for p in tmp_path.rglob("*")) and visitor.get("/").status == 200
        assert "All that was dropped here is deleted" in said(visitor.post("/close").text)
        thread.join(15)
        assert not thread.is_alive() and not list(tmp_path.iterdir())
    finally:
        server.close()


def test_it_ends_by_itself_when_nobody_is_there(tmp_path: Path) -> None:
    server, thread = opened(tmp_path, 3.0)  # long enough for a busy machine
    try:
        for _ in range(8):
            time.sleep(0.5)
            assert Visitor(server.port).get("/health").status == 200
        thread.join(15)
        assert not thread.is_alive() and not list(tmp_path.iterdir())
    finally:
        server.close()


def test_a_page_of_others_is_not_closed_by_visitors(visitor: Visitor) -> None:
    assert "Close rembi-sheets" not in visitor.get("/").text
    assert visitor.post("/close").status == 403
    assert visitor.get("/").status == 200


def test_an_open_page_is_found_and_used(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    address = Address(port=server.port)
    assert opening.running(address) and not opening.running(Address(port=1))
    seen: list[str] = []
    monkeypatch.setattr(opening, "_USUAL", address)
    monkeypatch.setattr("webbrowser.open", seen.append)
    opening.main()
    assert seen == [server.url]


def test_why_there_is_no_page_is_told_in_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refused() -> Server:
        raise ServeError("It needs <more>")

    seen: list[str] = []
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(opening, "running", lambda _: False)
    monkeypatch.setattr(opening, "_server", refused)
    monkeypatch.setattr("webbrowser.open", seen.append)
    opening.main()
    assert "It needs &lt;more&gt;" in Path(seen[0].removeprefix("file://")).read_text("utf-8")
