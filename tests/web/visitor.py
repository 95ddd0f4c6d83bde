"""A visitor without scripts: pages by address, forms as a browser sends them, one cookie."""

from __future__ import annotations

import re
import secrets
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection

Part = tuple[str, str] | tuple[str, str, bytes]  # a field and its value, or a field, a file's name and its content


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    url: str = ""

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


@dataclass
class Visitor:
    """`cookie` and `token` are taken from what the server sends."""

    port: int
    cookie: str = ""
    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
        """One request, no redirect followed."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {**self.headers, **({"Cookie": f"visit={self.cookie}"} if self.cookie else {}), **(headers or {})}
        try:
            connection.request(method, path, body or None, sent)
            response = connection.getresponse()
            got = Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read(), path)
        finally:
            connection.close()
        made = re.match(r"visit=([^;]*)", got.headers.get("set-cookie", ""))
        if made:
            self.cookie = made[1]
        if "text/html" in got.headers.get("content-type", ""):
            found = re.search(r'name="token" value="([0-9a-f]+)"', got.text)
            self.token = found[1] if found else self.token
        return got

    def get(self, path: str) -> Answer:
        """A page, after all that lead on."""
        got = self.ask("GET", path)
        while got.status in (301, 302, 303):
            path = got.headers["location"].partition("#")[0]
            got = self.ask("GET", path)
        return got

    def send(self, path: str, *parts: Part, headers: dict[str, str] | None = None, token: bool = True) -> Answer:
        """A form of this page, sent; the first answer."""
        if token and not self.token:
            self.get("/")
        boundary, body = form((*parts, *([("token", self.token)] if token else [])))
        own = {"Origin": f"http://127.0.0.1:{self.port}", "Content-Type": f"multipart/form-data; boundary={boundary}"}
        return self.ask("POST", path, body, own | (headers or {}))

    def post(self, path: str, *parts: Part) -> Answer:
        """A form of this page, sent; the page that it leads to, when that is ready."""
        got = self.send(path, *parts)
        if got.status == 303:
            got = self.get(got.headers["location"].partition("#")[0])
        while got.status == 202:
            got = self.get(got.url)
        return got

    def drop(self, name: str, content: bytes) -> Answer:
        """A workbook dropped; its report."""
        return self.post("/check", ("book", name, content))


def form(parts: Iterable[Part]) -> tuple[str, bytes]:
    """Boundary and body of a multipart form."""
    boundary = secrets.token_hex(12)
    out = b""
    for part in parts:
        out += f'--{boundary}\r\nContent-Disposition: form-data; name="{part[0]}"'.encode()
        if len(part) == 3:
            name = part[1].replace("\\", "\\\\").replace('"', "%22")
            out += f'; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'.encode() + part[2]
        else:
            out += b"\r\n\r\n" + part[1].encode()
        out += b"\r\n"
    return boundary, out + f"--{boundary}--\r\n".encode()


def trickling(port: int, head: str) -> socket.socket:
    """A connection on which a request has begun and does not end."""
    made = socket.create_connection(("127.0.0.1", port), timeout=20)
    made.sendall(head.encode())
    return made


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.tags: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags += [tag, *(name for name, _ in attrs)]


def said(page: str) -> str:
    """The words of a page, blanks as one."""
    parser = _Text()
    parser.feed(page)
    return " ".join("".join(parser.said).split())


def tags(page: str) -> set[str]:
    """Names of all elements and attributes of a page."""
    parser = _Text()
    parser.feed(page)
    return set(parser.tags)
