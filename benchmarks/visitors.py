"""A page in a process of its own, and visitors who cost next to nothing: plain sockets that stay open, forms made once.

Server and visitors share the machine: what a visitor spends is taken from the server's rate.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import re
import socket
import threading
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

from rembi_sheets.web.limits import MB, Limits
from rembi_sheets.web.server import Address, Server

AT_ONCE, HOSTILE_AT_ONCE, SLOW_AT_ONCE = 20, 4, 10
REFUSALS = (400, 413, 422, 503)
_MARK = b"-------------------------of-the-benchmark"
_BOMB = 600 * MB
_DRIP = 0.2  # seconds between two bytes of a slow sender

Harm = Callable[[int], bool]
"""What is done to the page at a port; true when it was refused."""


# --- the page -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Page:
    """A running page."""

    port: int
    pid: int

    def pids(self) -> list[int]:
        """Its process and those of its workers."""
        with suppress(OSError):
            tasks = Path(f"/proc/{self.pid}/task").iterdir()
            return [self.pid, *(int(pid) for task in tasks for pid in (task / "children").read_text().split())]
        return [self.pid]

    def worked(self) -> float:
        """Processor seconds of all of them so far."""
        spent = 0.0
        for pid in self.pids():
            with suppress(OSError):
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                spent += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return spent

    def memory(self) -> int:
        """Bytes that all of them hold."""
        total = 0
        for pid in self.pids():
            with suppress(OSError):
                status = Path(f"/proc/{pid}/status").read_text()
                total += int(status.split("VmRSS:")[1].split()[0]) * 1024
        return total


def _serve(pipe: Connection, limits: Limits, home: Path) -> None:
    from rembi_sheets import collector

    collector.seldom()  # as a command does
    server = Server(Address(port=0), limits, home)
    threading.Thread(target=server.run, daemon=True).start()
    pipe.send(server.port)
    pipe.recv()
    server.close()


@contextmanager
def page(limits: Limits, home: Path) -> Iterator[Page]:
    """A page with these limits that keeps its files in `home`."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, limits, home))
    process.start()
    try:
        yield Page(ours.recv(), process.pid or 0)
    finally:
        ours.send(None)
        process.join(30)


# --- visitors -------------------------------------------------------------------------------------------------------


class Visitor:
    """One who opens the start page and drops workbooks, on one connection as a browser keeps it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None
        self._cookie = self._token = b""
        self.ask(b"GET / HTTP/1.1\r\n")

    def drop(self, content: bytes) -> tuple[int, bytes]:
        """Status and body of the last answer to a workbook dropped: its report, or why there is none."""
        body = _form(self._token, content)
        head = b"POST /check HTTP/1.1\r\nOrigin: http://127.0.0.1:%d\r\nContent-Length: %d\r\n" % (
            self._port,
            len(body),
        )
        status, answer, to = self.ask(head + b"Content-Type: multipart/form-data; boundary=" + _MARK + b"\r\n", body)
        while status in (202, 303):
            status, answer, next_ = self.ask(b"GET " + to + b" HTTP/1.1\r\n")
            to = next_ or to
        return status, answer

    def ask(self, head: bytes, body: bytes = b"") -> tuple[int, bytes, bytes]:
        """One request: status, body, and where it leads."""
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=300)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with suppress(ConnectionError):  # it was answered and closed before all was sent
            self._socket.sendall(
                b"%sHost: 127.0.0.1:%d\r\nCookie: %s\r\n\r\n" % (head, self._port, self._cookie) + body
            )
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._more()
        top, _, answer = answer.partition(b"\r\n\r\n")
        pieces, missing = [answer], int(_found(rb"Content-Length: (\d+)", top) or 0) - len(answer)
        while missing > 0:
            pieces.append(self._more())
            missing -= len(pieces[-1])
        if re.search(rb"(?i)\r\nConnection: close", top):
            self.leave()
        answer = b"".join(pieces)
        self._cookie = _found(rb"Set-Cookie: (visit=[^;]*)", top) or self._cookie
        self._token = _found(rb'name="token" value="([0-9a-f]+)"', answer) or self._token
        return int(top[9:12]), answer, _found(rb"Location: (\S+)", top)

    def _more(self) -> bytes:
        assert self._socket is not None
        piece = self._socket.recv(1 << 18)
        if not piece:
            raise ConnectionError("closed in the middle of an answer")
        return piece

    def leave(self) -> None:
        """Close the connection."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _found(pattern: bytes, text: bytes) -> bytes:
    found = re.search(pattern, text)
    return found[1] if found else b""


def _form(token: bytes, content: bytes) -> bytes:
    field = b'--%s\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n'
    return b"".join(
        (
            field % (_MARK, b"token", b""),
            token,
            b"\r\n",
            field % (_MARK, b"book", b'; filename="study.xlsx"'),
            content,
            b"\r\n--%s--\r\n" % _MARK,
        )
    )


@dataclass(frozen=True)
class Crowd:
    """What became of many drops: seconds for all, the median of one, how many were not answered with a report; of what
    is hostile, how many were not refused.
    """

    seconds: float
    median: float
    failed: int
    unrefused: int


def crowd(port: int, content: bytes, drops: int, hostile: Sequence[Harm] = (), slow: Sequence[Harm] = ()) -> Crowd:
    """Visitors at once, who drop a workbook again and again, and beside them what is hostile, some of it slow."""
    times: list[float] = []
    failed: list[int] = []

    def visit(number: int) -> None:
        visitor = Visitor(port)
        for _ in range(number, drops, AT_ONCE):
            begun = time.perf_counter()
            status, _page = visitor.drop(content)
            times.append(time.perf_counter() - begun)
            if status != 200:
                failed.append(status)
        visitor.leave()

    with (
        ThreadPoolExecutor(AT_ONCE) as good,
        ThreadPoolExecutor(HOSTILE_AT_ONCE) as bad,
        ThreadPoolExecutor(SLOW_AT_ONCE) as drips,
    ):
        begun = time.perf_counter()
        wrong = [*(bad.submit(harm, port) for harm in hostile), *(drips.submit(harm, port) for harm in slow)]
        for future in [good.submit(visit, n) for n in range(AT_ONCE)]:
            future.result()
        seconds = time.perf_counter() - begun
        unrefused = sum(not future.result() for future in wrong)
    return Crowd(seconds, median(times), len(failed), unrefused)


# --- what is hostile ------------------------------------------------------------------------------------------------


def uploads(number: int, good: bytes, limits: Limits) -> list[Harm]:
    """So many hostile files, of all kinds in turn."""
    files = [*_files(good, limits).values()]
    return [_sent(files[n % len(files)]) for n in range(number)]


def _files(good: bytes, limits: Limits) -> dict[str, bytes]:
    """What may be dropped in the place of a workbook."""
    laughs = b'<!ENTITY a "ha">' + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(8))
    parts = {n: content for n, content in _parts(good).items() if n != "xl/workbook.xml"}
    book = _parts(good)["xl/workbook.xml"]
    far = re.sub(rb"<sheetData>", b'<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', _sheet(good))
    return {
        "bomb": _zip({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b" " * _BOMB}),
        "huge": bytes(limits.file + 1),
        "truncated": good[: len(good) // 2],
        "entities": _zip({**parts, "xl/workbook.xml": b"<!DOCTYPE x [%s]>" % laughs + book.partition(b"?>")[2]}),
        "no workbook": b"a,b\r\n" * 1000,
        "zeros": bytes(1000),
        "far out": _zip({**_parts(good), _first(good): far}),
    }


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def _first(data: bytes) -> str:
    return min(n for n in _parts(data) if n.startswith("xl/worksheets/sheet"))


def _sheet(data: bytes) -> bytes:
    return _parts(data)[_first(data)]


def _zip(contents: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in contents.items():
            package.writestr(name, content)
    return out.getvalue()


def _sent(content: bytes) -> Harm:
    def harm(port: int) -> bool:
        visitor = Visitor(port)
        try:
            return visitor.drop(content)[0] in REFUSALS
        except ConnectionError:  # cut off while it was sent
            return True
        finally:
            visitor.leave()

    return harm


def slow_sender(limits: Limits) -> Harm:
    """A form that comes byte by byte: its connection is to be closed soon after the time that a request may take."""

    def harm(port: int) -> bool:
        until = time.monotonic() + 4 * limits.grace + 10
        with socket.create_connection(("127.0.0.1", port), timeout=_DRIP) as drip:
            drip.sendall(b"POST /check HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4000000\r\n\r\n")
            while time.monotonic() < until:
                try:
                    drip.sendall(b"x")
                    return drip.recv(1000)[9:12] != b"200"
                except TimeoutError:
                    continue
                except OSError:
                    return True
        return False

    return harm
