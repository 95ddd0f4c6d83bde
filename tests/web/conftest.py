from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from rembi_sheets.web.limits import MB, Limits
from rembi_sheets.web.server import Address, Server
from tests.support import TODAY
from tests.web.visitor import Visitor

LIMITS = Limits(file=2 * MB, request=8 * MB, workers=1, job=90.0, patience=10.0, connections=300, idle=5)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The one server of all tests."""
    made = Server(Address(port=0), LIMITS, tmp_path_factory.mktemp("page"), TODAY)
    thread = threading.Thread(target=made.run, daemon=True)
    thread.start()
    yield made
    made.close()


@pytest.fixture
def visitor(server: Server) -> Visitor:
    return Visitor(server.port)


@pytest.fixture(scope="session")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A workbook with mistakes of many kinds."""
    from tests.web.planted import planted

    return planted(tmp_path_factory.mktemp("planted"))


@pytest.fixture(scope="session")
def home(server: Server) -> Path:
    """Where the server keeps the files of its visitors."""
    return server.state.visits.root
