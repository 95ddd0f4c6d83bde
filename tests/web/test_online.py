"""Services on the net, asked from the page: only where the visitor says so, and as `fill --online` asks them."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from rembi_sheets import pipeline, services
from rembi_sheets.web.server import Address, Server
from tests.fill.replies import DOI, SERVICES, Stub
from tests.support import TODAY
from tests.web.conftest import LIMITS
from tests.web.planted import planted
from tests.web.visitor import Answer, Visitor, said

CELLS = {("Publications", "DOI", 6): DOI, ("Publications", "Title", 6): None, ("Publications", "Year", 6): None}


@pytest.fixture(scope="module")
def stub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stub]:
    """The services, as this process and the workers that it starts find them."""
    made = Stub()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("REMBI_SHEETS_CACHE", str(tmp_path_factory.mktemp("cache")))
        patched.setattr(services, "PAUSE", 0)
        for name in SERVICES:
            patched.setenv(f"REMBI_SHEETS_{name.upper()}", f"{made.address}/{name}")
        for proxy in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            patched.delenv(proxy, raising=False)
        yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture(scope="module")
def asking(stub: Stub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Visitor, Answer, bytes]]:
    """A page whose workers find the services, with a workbook that names a paper by its number."""
    server = Server(Address(port=0), LIMITS, tmp_path_factory.mktemp("online"), TODAY)
    threading.Thread(target=server.run, daemon=True).start()
    workbook = planted(tmp_path_factory.mktemp("book"), CELLS)
    visitor = Visitor(server.port)
    yield server, visitor, visitor.drop("kidney.xlsx", workbook), workbook
    server.close()


def test_nothing_is_asked_unless_it_is_said(asking: tuple[Server, Visitor, Answer, bytes], stub: Stub) -> None:
    _, visitor, page, _ = asking
    got = visitor.get(f"{page.url}fill")
    words = said(got.text)
    assert "Ask services on the net" in words and "Crossref" in words and "nothing else" in words
    assert 'name="online">' in got.text  # not ticked
    visitor.post(f"{page.url}fill", ("choose", "1"))
    for path in ("", "score", "take"):
        visitor.get(f"{page.url}{path}")
    assert not stub.asked
    assert "Ask services on the net" in said(visitor.get("/kept").text)


def test_what_they_say_is_filled_in_as_by_the_command(
    asking: tuple[Server, Visitor, Answer, bytes], stub: Stub, tmp_path: Path
) -> None:
    server, visitor, page, workbook = asking
    got = visitor.post(f"{page.url}fill", ("choose", "1"), ("online", "1"))
    assert got.status == 200 and "filled in" in said(got.text) and 'name="online" checked' in got.text
    asked = len(stub.asked)
    assert asked and all("kidney" not in path.casefold() for path, _ in stub.asked)
    expected = pipeline.fill(workbook, pipeline.known(()), online=True, answers=tmp_path / "answers.sqlite")
    assert visitor.get(f"{page.url}filled").body == expected.content
    (kept,) = server.state.visits.root.rglob("answers.sqlite")  # with the visit's files, not among those of the user
    with sqlite3.connect(kept) as base:
        assert base.execute("SELECT count(*) FROM answer").fetchone()[0]
    (first,) = server.state.visits.root.rglob("kidney-filled.xlsx")
    visitor.post(f"{page.url}fill", ("choose", "1"), ("online", "1"))  # asked anew: a service may be back
    assert len(list(server.state.visits.root.rglob("kidney-filled.xlsx"))) == 2 and first.exists()
    assert "Nothing is given yet" in said(visitor.post(f"{page.url}fill", ("choose", "1")).text)
    visitor.post("/forget")
    assert not list(server.state.visits.root.rglob("answers.sqlite"))


def test_a_hosted_page_asks_only_where_those_who_run_it_say_so(
    server: Server, monkeypatch: pytest.MonkeyPatch, wrong: bytes
) -> None:
    visitor = Visitor(server.port)
    page = visitor.drop("kidney.xlsx", wrong)
    monkeypatch.setattr(server.state, "online", False)
    assert "Ask services" not in said(visitor.get(f"{page.url}fill").text)
    got = visitor.post(f"{page.url}fill", ("choose", "1"), ("online", "1"))
    assert "Nothing is given yet" in said(got.text)
