"""As an attacker: paths, ids, forms, framing of requests, names, zips, headers. Nothing leaks, nothing is changed, and
the page answers the next visitor.
"""

from __future__ import annotations

import io
import os
import re
import socket
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from rembi_sheets import examples
from rembi_sheets.web.server import Server
from tests.web.test_fill import packed_zip
from tests.web.test_guard import SCRIPT
from tests.web.visitor import Answer, Visitor, form, said, tags

BOOK = examples.workbook_bytes("red-blood-cells")
SECRET = re.compile(r"root:.*:0:0:|^(?:from|import) \w+|Traceback", re.M)


def raw(port: int, request: str | bytes, most: float = 20.0) -> bytes:
    """All that is answered to bytes as they are, until the connection is closed or nothing comes any more."""
    with socket.create_connection(("127.0.0.1", port), timeout=most) as connection:
        connection.sendall(request if isinstance(request, bytes) else request.encode("latin-1"))
        connection.settimeout(3)
        out = b""
        try:
            while piece := connection.recv(1 << 16):
                out += piece
        except OSError:
            pass
        return out


def statuses(answer: bytes) -> list[int]:
    """The status of each answer in a stream of them."""
    return [int(s) for s in re.findall(rb"HTTP/1\.[01] (\d{3}) ", answer)]


@pytest.fixture(scope="module")
def owner(server: Server) -> tuple[Visitor, Answer]:
    visitor = Visitor(server.port)
    return visitor, visitor.drop("mine.xlsx", BOOK)


@pytest.fixture(autouse=True)
def unharmed(owner: tuple[Visitor, Answer], server: Server) -> object:
    """After each attack the page is up, and its owner's workbook as it was."""
    yield
    visitor, page = owner
    assert Visitor(server.port).get("/health").status == 200
    assert visitor.get(f"{page.url}mended").body == BOOK


# --- paths and ids ----------------------------------------------------------------------------------------------------

UP = ["../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..\\", "..%5c", "%252e%252e%252f", "..;/", ".%00./", "/"]
DOORS = ["/static/{}", "/examples/{}.xlsx", "/b/{}/", "/b/{own}/take/{}.zip", "/b/{own}/f/{}", "/many/{}"]


@pytest.mark.parametrize("door", DOORS)
def test_no_path_leads_out(door: str, owner: tuple[Visitor, Answer]) -> None:
    visitor, page = owner
    own = page.url.split("/")[2]
    for up in UP:
        for target in ("etc/passwd", "app.py", "jobs.py"):
            got = visitor.ask("GET", door.format(up * 6 + target, own=own).replace("\\", "%5c"))
            assert got.status in (303, 308, 400, 404, 410), (door, up, got.status)
            assert not SECRET.search(got.text)


@pytest.mark.parametrize("number", ["-1", "0", "999999999999999999999", "1.0", "%00", "١"])
def test_no_number_leads_to_a_file(number: str, owner: tuple[Visitor, Answer]) -> None:
    visitor, page = owner
    from urllib.parse import quote

    assert visitor.ask("GET", f"{page.url}filled/{quote(number, safe='%')}").status == 404


def test_ids_cannot_be_guessed_and_tell_nothing(server: Server, owner: tuple[Visitor, Answer]) -> None:
    _, page = owner
    own = page.url.split("/")[2]
    assert len(own) >= 20 and len({Visitor(server.port).drop("x.xlsx", b"x").url for _ in range(3)}) == 3
    other = Visitor(server.port)
    other.get("/")
    for id_ in (own, own[:-1], own.upper(), "0", "a" * 5000, "%00", "null", f"{own}%0d%0aX:y"):
        got = other.ask("GET", f"/b/{id_}/")
        assert got.status in (303, 404, 431, 400) and "mine" not in got.text and "x:y" not in str(got.headers).lower()
    folder = server.state.visits.root
    assert folder.name not in page.text and str(folder) not in page.text and folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "cookie",
    ["visit=", "visit=../../x", "visit=" + "A" * 43, "visit=\xff\xfe", "visit=a; visit=b", 'visit="\\"', "x" * 20_000],
)
def test_a_strange_cookie_is_a_new_visitor(cookie: str, server: Server) -> None:
    got = raw(server.port, f"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n")
    assert statuses(got) == [200] and b"Forget my files</button>" not in got


def test_no_redirect_leads_elsewhere(server: Server) -> None:
    targets = [
        "//evil.example",
        "//evil.example/b/x",
        "/\\evil.example",
        "/b/x",
        "/%2f%2fevil.example",
        "/new?profile=light&level=full&show=count&next=//evil.example",
        "/new?profile=light&level=full&show=count%0d%0aLocation:%20//evil.example",
        "/gone?at=//evil.example",
        "http://evil.example/b/x",
    ]
    for target in targets:
        got = raw(server.port, f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        places = re.findall(rb"(?im)^location: (.*?)\r$", got)
        assert all(re.match(rb"(?:https?://localhost)?/(?![/\\])", p) for p in places), (target, places)


# --- changes that others send -----------------------------------------------------------------------------------------


def _sent(port: int, path: str, kind: str, body: bytes, cookie: str, more: str = "") -> int:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: visit={cookie}\r\nContent-Length: {len(body)}\r\n"
    )
    got = raw(port, f"{head}{kind}{more}Connection: close\r\n\r\n".encode() + body)
    return statuses(got)[0]


def test_no_kind_of_content_stands_in_for_the_token(owner: tuple[Visitor, Answer], server: Server) -> None:
    visitor, page = owner
    visitor.get(page.url)
    token = visitor.token
    boundary, as_file = form([("token", "token.txt", token.encode())])
    kinds = [
        ("Content-Type: text/plain\r\n", b"token=" + token.encode()),
        ("Content-Type: application/json\r\n", f'{{"token": "{token}"}}'.encode()),
        ("Content-Type: application/x-www-form-urlencoded; charset=utf-7\r\n", b"+AHQ-oken=" + token.encode()),
        ("", b"token=" + token.encode()),
        (f"Content-Type: multipart/form-data; boundary={boundary}\r\n", as_file),
        ("Content-Type: multipart/form-data\r\n", as_file),
        ("Content-Type: multipart/mixed; boundary=x\r\n", as_file),
        ("Content-Type: application/x-www-form-urlencoded\r\n", f"Token={token}".encode()),
        ("Content-Type: application/x-www-form-urlencoded\r\n", f"token=&token={token}".encode()),
    ]
    for path in ("/forget", f"/forget?token={token}"):
        for kind, body in kinds:
            assert _sent(server.port, path, kind, body, visitor.cookie) == 403, (path, kind, body)
    foreign = ["Origin: null\r\n", "Origin: http://127.0.0.1\r\n", "Sec-Fetch-Site: same-site\r\n"]
    foreign += ["Referer: http://127.0.0.1.evil.example/\r\n", "Origin: http://127.0.0.1:1@evil.example\r\n"]
    good = ("Content-Type: application/x-www-form-urlencoded\r\n", f"token={token}".encode())
    for more in foreign:
        assert _sent(server.port, "/forget", *good, visitor.cookie, more) == 403, more
    for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "FORGET"):
        for more in ("", "X-HTTP-Method-Override: POST\r\n", "X-Original-URL: /forget\r\nX-Rewrite-URL: /forget\r\n"):
            head = f"{method} /forget HTTP/1.1\r\nHost: localhost\r\nCookie: visit={visitor.cookie}\r\n{more}"
            found = statuses(raw(server.port, f"{head}Content-Length: 0\r\nConnection: close\r\n\r\n"))
            assert found[0] >= 400, (method, more)


# --- how requests are framed ------------------------------------------------------------------------------------------

SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
FRAMES = {
    "two lengths": "Content-Length: 0\r\nContent-Length: {n}\r\n",
    "length and chunks": "Content-Length: {n}\r\nTransfer-Encoding: chunked\r\n",
    "odd coding": "Transfer-Encoding: xchunked\r\n",
    "two codings": "Transfer-Encoding: chunked, identity\r\n",
    "signed length": "Content-Length: +{n}\r\n",
    "length in words": "Content-Length: 0x1f\r\n",
    "negative length": "Content-Length: -1\r\n",
    "blank before the colon": "Content-Length : {n}\r\n",
    "folded header": "X: y\r\n Content-Length: {n}\r\n",
    "bare newline": "X: y\nContent-Length: {n}\r\n",
    "bare return": "X: y\rContent-Length: {n}\r\n",
    "NUL": "X: \0\r\n",
}


@pytest.mark.parametrize("frame", FRAMES)
def test_no_second_request_hides_in_the_first(frame: str, server: Server) -> None:
    head = "POST /check HTTP/1.1\r\nHost: localhost\r\n" + FRAMES[frame].format(n=len(SMUGGLED))
    got = raw(server.port, f"{head}\r\n{SMUGGLED}")
    assert not statuses(got) or statuses(got)[0] >= 400
    if frame != "folded header":  # which goes on with the line above (RFC 9112, 5.2): what follows is no body
        assert len(statuses(got)) <= 1


def test_chunks_are_counted_like_any_stream(owner: tuple[Visitor, Answer], server: Server, home: Path) -> None:
    visitor, page = owner
    visitor.get(page.url)
    boundary, body = form([("token", visitor.token), ("book", "c.xlsx", bytes(server.state.limits.file + 1))])
    before = {p for p in home.rglob("*") if p.is_file()}
    head = (
        f"POST /check HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nCookie: visit={visitor.cookie}\r\n"
        f"Content-Type: multipart/form-data; boundary={boundary}\r\nTransfer-Encoding: chunked\r\n"
        "Connection: close\r\n\r\n"
    ).encode()
    got = raw(server.port, head + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body), 60)
    assert statuses(got) == [413]
    for bad in (b"zz\r\n", b"-1\r\nabc", b"ffffffffffffffffffff\r\n", b"3;" + b"a" * 70_000):
        assert all(s >= 400 for s in statuses(raw(server.port, head + bad + b"0\r\n\r\n")))
    assert {p for p in home.rglob("*") if p.is_file()} <= before


HOSTS = [
    "GET / HTTP/1.1\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: localhost@evil.example\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: evil.example:8765#localhost\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: localhost.\r\nX-Forwarded-Host: evil.example\r\n\r\n",
    "GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: 2130706433.evil.example\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: localhost\x00.evil.example\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: ｌocalhost.evil\r\n\r\n".encode().decode("latin-1"),
]


@pytest.mark.parametrize("request_", HOSTS)
def test_no_other_name_of_the_host_is_taken_up(request_: str, server: Server) -> None:
    got = raw(server.port, request_.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"))
    assert b"evil" not in got and (statuses(got) == [200]) == ("localhost." in request_)


def test_too_much_of_a_head_is_refused(server: Server) -> None:
    for head in (
        f"GET /{'a' * 100_000} HTTP/1.1\r\nHost: localhost\r\n\r\n",
        f"GET / HTTP/1.1\r\nHost: localhost\r\n{'X: ' + 'y' * 100_000}\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\n" + "X: y\r\n" * 20_000 + "\r\n",
        "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + "\0" * 300 + "\r\n\r\n",  # TLS to a page without it
        "nonsense\r\n\r\n",
    ):
        found = raw(server.port, head)
        assert b"Traceback" not in found and all(s >= 400 or s == 200 for s in statuses(found))


def test_many_requests_in_one_connection_and_odd_ranges_are_answered(owner: tuple[Visitor, Answer]) -> None:
    visitor, page = owner
    got = raw(visitor.port, "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n" * 50)
    assert statuses(got) == [200] * 50
    for piece in ("bytes=0-0,1-1," + ",".join(f"{n}-{n}" for n in range(2000)), "bytes=-1", "bytes=9-1", "x"):
        found = visitor.ask("GET", f"{page.url}mended", headers={"Range": piece})
        assert found.status in (200, 206, 416) and len(found.body) <= 2 * len(BOOK)


# --- forms ------------------------------------------------------------------------------------------------------------


def test_forms_of_very_many_parts_are_refused(owner: tuple[Visitor, Answer], server: Server) -> None:
    visitor, page = owner
    visitor.get(page.url)
    fields = b"&".join([b"token=" + visitor.token.encode(), *([b"a"] * 6000)])
    kind = "Content-Type: application/x-www-form-urlencoded\r\n"
    assert _sent(server.port, f"{page.url}data", kind, fields, visitor.cookie) == 413
    many = [("x", "y")] * (server.state.limits.parts + 1)
    assert visitor.send("/check", *many).status == 413
    odd = b"--x\r\nContent-Disposition: form-data\r\n\r\nno name\r\n--x\r\n" + b"X: y\r\n" * 3000
    for boundary, body in (("x", odd), ("x" * 5000, odd), ("", odd), ('"', b"--"), ("x", b"--x--"), ("x", b"--x\r\n")):
        own = f"Content-Type: multipart/form-data; boundary={boundary}\r\n"
        assert _sent(server.port, "/check", own, body, visitor.cookie) in (400, 403, 413)


def test_a_list_of_too_many_files_and_a_visit_of_too_many_bytes_are_refused(
    owner: tuple[Visitor, Answer], server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, page = owner
    was = server.state.limits
    monkeypatch.setattr(server.state, "limits", replace(was, names=3))
    lines = "\n".join(f"{n}.tif\t1" for n in range(4))
    got = visitor.send(f"{page.url}data", ("files", lines))
    assert got.status == 413 and "More than 3 files" in said(got.text)
    monkeypatch.setattr(server.state, "limits", replace(was, room=1000))
    full = visitor.send("/check", ("book", "more.xlsx", BOOK))
    assert full.status == 413 and "Your files take too much room" in said(full.text)
    other = Visitor(server.port)
    other.send("/check", ("book", "a.xlsx", bytes(2000)))
    other.get("/")
    assert other.send("/forget").status == 303  # which always works


NAMES = [
    'a"; filename="b.html',
    "a.xlsx\r\nContent-Type: text/html\r\n\r\n<script>",
    "ﬁ\u202etxt.exe\u2066.xlsx",
    "👩‍🔬" * 60 + ".xlsx",
    "e\u0301" * 100 + ".xlsx",
    "page.html",
    "image.svg",
    "COM1.xlsx",
    ".htaccess",
    "%2e%2e%2fpasswd.xlsx",
    "$(touch x).xlsx",
    "a" * 4000,
]
EVIL = f"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'>{SCRIPT}</svg>".encode()


def test_what_is_served_back_is_saved_and_never_shown(server: Server, home: Path) -> None:
    visitor = Visitor(server.port)
    folders = {p.parent for p in home.rglob("*") if p.is_file()}
    for name in NAMES:
        page = visitor.drop(name, EVIL)
        assert SCRIPT not in page.text and not {"img", "onload", "onerror"} & tags(page.text)
        if page.status == 400:  # a name that ends the form: no workbook came
            continue
        got = visitor.get(f"{page.url}mended")
        assert got.body == EVIL and got.headers["content-disposition"].startswith("attachment")
        assert "html" not in got.headers["content-type"] and "svg" not in got.headers["content-type"]
        assert got.headers["x-content-type-options"] == "nosniff" and got.headers["cache-control"] == "no-store"
        assert "set-cookie" not in got.headers or "visit=" in got.headers["set-cookie"]
        assert not re.search(r"[\r\n\x00]", got.headers["content-disposition"])
        sent = visitor.post(f"{page.url}data", ("files", f"{name.splitlines()[0]}\t1"))
        assert SCRIPT not in sent.text
    new = {p.parent for p in home.rglob("*") if p.is_file()} - folders
    assert new and all(p.is_relative_to(home) for p in new)
    visitor.post("/forget")


def test_pages_are_kept_by_no_cache_and_framed_by_nobody(owner: tuple[Visitor, Answer]) -> None:
    visitor, page = owner
    for path in ("", "score", "take", "data", "mended", "take/report", "take/marked", "state"):
        got = visitor.get(f"{page.url}{path}")
        assert got.headers["cache-control"] == "no-store" and got.headers["x-frame-options"] == "DENY", path
        assert "frame-ancestors 'none'" in got.headers["content-security-policy"]
        assert "access-control-allow-origin" not in got.headers
        if "attachment" in got.headers.get("content-disposition", ""):
            assert got.headers["x-content-type-options"] == "nosniff"


# --- through the door of fill -----------------------------------------------------------------------------------------


def nested(depth: int) -> bytes:
    content = bytes(1_000_000)
    for n in range(depth):
        content = packed_zip(**{f"{n}.zip": content, f"{n}b.zip": content})
    return content


def linked() -> bytes:
    """A .zip in which a member is a link to a file of the server."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        info = zipfile.ZipInfo("record/submission.tsv")
        info.external_attr = (0o120777) << 16
        package.writestr(info, "/etc/passwd")
    return out.getvalue()


SOURCES: dict[str, Callable[[], bytes]] = {
    "nested.zip": lambda: nested(6),
    "links.zip": linked,
    "bomb.xlsx": lambda: packed_zip(**{"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b" " * 40_000_000}),
    "many.zip": lambda: packed_zip(**{f"{n}.txt": b"" for n in range(6000)}),
    "deep.json": lambda: b"[" * 200_000 + b"]" * 200_000,
    "wide.csv": lambda: b",".join(b"a%d" % n for n in range(40_000)) + b"\n1,2\n",
    "entities.xml": lambda: b'<!DOCTYPE a [<!ENTITY a "x"><!ENTITY b SYSTEM "file:///etc/passwd">]><entry>&b;</entry>',
    "map.toml": lambda: b"a = " + b"[" * 100_000,
    "quoted.csv": lambda: b'"' + b"x" * 1_900_000,
    "nul.tsv": lambda: b"Path\tGene\n\0\0\0\t\xff\xfe\n",
    "formula.csv": lambda: b'File name,Gene symbol\na.tif,=HYPERLINK("http://evil.example")\n',
}


@pytest.mark.parametrize("name", SOURCES)
def test_no_source_bursts_or_leads_out(name: str, owner: tuple[Visitor, Answer], home: Path) -> None:
    visitor, page = owner
    begun = time.process_time()
    got = visitor.post(f"{page.url}fill", ("source", name, SOURCES[name]()))
    assert got.status in (200, 413), (name, got.status, said(got.text)[:300])
    assert not SECRET.search(got.text) and time.process_time() - begun < 20
    assert not [p for p in home.rglob("*") if p.is_symlink()]
    assert sum(p.stat().st_size for p in home.rglob("*") if p.is_file()) < 600_000_000
    for id_ in re.findall(r'name="leave" value="(\w+)"', visitor.get(f"{page.url}fill").text):
        visitor.send(f"{page.url}fill", ("leave", id_))


# --- folders of this computer -----------------------------------------------------------------------------------------

ADDED = ["X-Forwarded-For: 127.0.0.1", "x-real-ip: ::1", "Forwarded: for=127.0.0.1;host=localhost", "Via: 1.0 x"]
ADDED += ["X-Forwarded-Server: a", "X-Client-IP: 127.0.0.1", "True-Client-IP: 1.1.1.1", "CF-Connecting-IP: 1.1.1.1"]
ADDED += ["X-Forwarded: for=1", "X-Cluster-Client-IP: 1.1.1.1", "X-Original-Forwarded-For: 1", "Client-IP: 1.1.1.1"]


@pytest.mark.parametrize("header", ADDED)
def test_what_any_proxy_adds_closes_the_paths(header: str, owner: tuple[Visitor, Answer], tmp_path: Path) -> None:
    visitor, page = owner
    name, _, value = header.partition(": ")
    got = visitor.send(f"{page.url}data", ("path", str(tmp_path)), headers={name: value})
    assert got.status == 403


def test_pipes_and_links_in_a_folder_hang_nothing(owner: tuple[Visitor, Answer], tmp_path: Path) -> None:
    visitor, page = owner
    folder = tmp_path / "images"
    folder.mkdir()
    os.mkfifo(folder / "pipe.tif")
    (folder / "circle").symlink_to(folder)
    (folder / "zero.tif").symlink_to("/dev/zero")
    (folder / "passwd.csv").symlink_to("/etc/passwd")
    (folder / "gone.tif").symlink_to("/nowhere")
    got = visitor.post(f"{page.url}data", ("path", str(folder)))
    assert got.status == 200 and not SECRET.search(got.text)
    visitor.post(f"{page.url}data", ("forget", "1"))


def test_slow_readers_keep_no_thread(server: Server, owner: tuple[Visitor, Answer]) -> None:
    """More of them than there are threads, each with an answer that it never takes."""
    visitor = Visitor(server.port)
    page = visitor.drop("large.xlsx", bytes(server.state.limits.file - 1000))
    head = f"GET {page.url}mended HTTP/1.1\r\nHost: localhost\r\nCookie: visit={visitor.cookie}\r\n\r\n"
    held = []
    for _ in range(server.state.limits.threads + 10):
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(20)
        connection.connect(("127.0.0.1", server.port))
        connection.sendall(head.encode())
        held.append(connection)
    try:
        assert Visitor(server.port).get("/health").status == 200
    finally:
        for connection in held:
            connection.close()
    visitor.post("/forget")
