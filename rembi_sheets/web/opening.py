"""The page by a double click: no terminal, an end by a button, or by itself when nobody asks for anything any more.

What goes wrong at the start is told in a page as well, for there is nowhere else to tell it.
"""

from __future__ import annotations

import html
import tempfile
import threading
import time
import webbrowser
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from rembi_sheets.web.limits import Limits
from rembi_sheets.web.server import Address, ServeError, Server, open_browser

_USUAL = Address()
_LOOK = 30.0  # seconds between two looks whether somebody is still there


def main() -> None:
    """`rembi-sheets-open`: the page in the browser; the one that is open already, where there is one."""
    if running(_USUAL):
        webbrowser.open(f"http://{_USUAL.host}:{_USUAL.port}/")
        return
    try:
        server = _server()
    except ServeError as error:
        webbrowser.open(told(str(error)).as_uri())
        return
    open_browser(server.url)()
    run(server, Limits().keep)


def running(address: Address) -> bool:
    """Is a page of ours open there?"""
    connection = HTTPConnection(address.host, address.port, timeout=2)
    try:
        connection.request("GET", "/health")
        answer = connection.getresponse()
        return answer.status == 200 and answer.read(10) == b"ok" and "frame-ancestors" in str(answer.headers)
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _server() -> Server:
    """At the usual port, else at any that is free. Raises ServeError."""
    with suppress(ServeError):
        return Server(_USUAL, Limits())
    return Server(Address(port=0), Limits())


def run(server: Server, idle: float, look: float = _LOOK) -> None:
    """Answer until the button is pressed, or nobody asked for anything for `idle` seconds."""
    server.state.stop = server.stop
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(look):
            if time.monotonic() - server.state.last > idle:
                server.stop()
                return

    threading.Thread(target=watch, name="idle", daemon=True).start()
    try:
        server.run()
    finally:
        ended.set()


def told(message: str) -> Path:
    """A page on disk that says why there is none."""
    path = Path(tempfile.mkdtemp(prefix="rembi-sheets-")) / "rembi-sheets.html"
    path.write_text(
        f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>rembi-sheets</title>'
        f"<h1>The page could not be opened</h1><p>{html.escape(message)}</p></html>",
        "utf-8",
    )
    return path
