"""Who sends or takes bytes one by one is cut off in time, however steadily; who is slow but gets on is not."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace

import pytest

from rembi_sheets.web.limits import Limits
from rembi_sheets.web.senders import Listener
from rembi_sheets.web.server import _waitress

LEAST = 1 << 20
ENOUGH = 15.0  # seconds in which each of them has ended, also where much else is done


def answer(environ: dict[str, object], start: Callable[[str, list[tuple[str, str]]], object]) -> list[bytes]:
    """Eight million bytes for everything."""
    start("200 OK", [("Content-Length", "8000000")])
    return [bytes(8_000_000)]


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    listening = socket.create_server(("127.0.0.1", 0))
    made = _waitress(answer, listening, replace(Limits(), threads=2, grace=1.0, slowest=LEAST, idle=30))
    threading.Thread(target=made.run, daemon=True).start()
    yield made
    made.pull_trigger()
    made._map.clear()


def connected(listener: Listener) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(listener.effective_port)), timeout=5)


HEADS = {
    "head": "GET / HTTP/1.1\r\nHost: ",
    "body": "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000000\r\n\r\n",
    "chunks": "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n",
}


@pytest.mark.parametrize("head", HEADS)
def test_a_steady_drip_ends(head: str, listener: Listener) -> None:
    begun = time.monotonic()
    with connected(listener) as dripping, suppress(ConnectionError):
        dripping.sendall(HEADS[head].encode())
        while time.monotonic() - begun < ENOUGH:
            dripping.sendall(b"1")
            time.sleep(0.1)
    assert 1.0 < time.monotonic() - begun < ENOUGH


def test_an_answer_that_is_taken_byte_by_byte_ends(listener: Listener) -> None:
    taking = socket.socket()
    taking.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    taking.settimeout(5)
    with taking, suppress(ConnectionError):
        taking.connect(("127.0.0.1", int(listener.effective_port)))
        taking.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert taking.recv(12) == b"HTTP/1.1 200"
        until = time.monotonic() + ENOUGH
        while listener.active_channels and time.monotonic() < until:
            taking.recv(1)
            time.sleep(0.1)
        assert not listener.active_channels


def test_who_gets_on_is_waited_for(listener: Listener) -> None:
    """A body that comes in pieces for longer than the grace, at twice the least speed; then the whole answer."""
    with connected(listener) as sending:
        pieces, size = 20, LEAST // 5
        sending.sendall(f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {pieces * size}\r\n\r\n".encode())
        for _ in range(pieces):
            sending.sendall(bytes(size))
            time.sleep(0.1)
        came = 0
        while came < 8_000_000:
            piece = sending.recv(1 << 16)
            assert piece
            came += len(piece)
