"""The real client, empiar-depositor 1.6b30, takes our files through create, thumbnail, upload and submit.

It talks to a stub on the loopback interface only; `ascp` is a script that copies. The command lines are those of
NEXT-STEPS.md.
"""

from __future__ import annotations

import json
import re
import shlex
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import requests
from empiar_depositor import empiar_depositor as client

from tests.archives.empiar.judges import deposition, rendered, schema_errors
from tests.archives.empiar.studies import FIB_SEM

LOCAL = "https://127.0.0.1:8001"  # what the client's option -dl talks to
ASCP = """#!{python}
import shutil, sys
from pathlib import Path
if len(sys.argv) == 1:
    print("Usage: ascp")
    raise SystemExit(112)
source, target = sys.argv[-2:]
shutil.copytree(source, Path({root!r}) / target.partition(":")[2] / Path(source).name)
"""


class Archive:
    """What the stub was asked, and how it answers."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, bytes, str]] = []

    def answer(self, path: str, body: bytes) -> dict[str, Any]:
        if path.endswith(("/deposit_entry/", "/redeposit_entry/")):
            if path.endswith("/deposit_entry/") and schema_errors(body):
                return {"deposition": False, "errors": schema_errors(body)}
            return {"deposition": True, "entry_id": 42, "directory": "ABC123"}
        if path.endswith("/image_upload/"):
            return {"thumbnail_upload": True}
        return {"submission": json.loads(body) == {"entry_id": "42"}, "empiar_id": "EMPIAR-99999"}

    @property
    def paths(self) -> list[str]:
        return [f"{method} {path.rstrip('/').rpartition('/')[2]}" for method, path, _, _ in self.calls]


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    made = Archive()

    class Handler(BaseHTTPRequestHandler):
        def take(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            made.calls.append((self.command, self.path, body, self.headers.get("Authorization", "")))
            answer = json.dumps(made.answer(self.path, body)).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_POST = do_PUT = take  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    real = requests.Session.request

    def redirected(self: requests.Session, method: str, url: str, **kwargs: Any) -> requests.Response:
        assert url.startswith(LOCAL), url
        return real(self, method, url.replace(LOCAL, f"http://127.0.0.1:{server.server_port}"), **kwargs)

    monkeypatch.setattr(requests.Session, "request", redirected)
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with our files, the data, and ascp; the current folder."""
    for name, content in rendered(deposition(FIB_SEM)).items():
        (tmp_path / name).write_bytes(content)
    for path in ("slices/0001.tif", "aligned/volume.mrc", "overview.png"):
        file = tmp_path / "raw/fib_2026" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"data")
    ascp = tmp_path / "ascp"
    ascp.write_text(ASCP.format(python=sys.executable, root=str(tmp_path / "archive")), encoding="utf-8")
    ascp.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def command(place: Path, option: str) -> list[str]:
    """The arguments of the line of NEXT-STEPS.md that has an option."""
    page = (place / "NEXT-STEPS.md").read_text("utf-8")
    line = next(x for x in page.splitlines() if x.startswith("empiar-depositor ") and f" {option} " in x)
    return shlex.split(line)[1:]


def by_aspera(place: Path) -> list[str]:
    return ["-dl", *(str(place / "ascp") if a == "/path/to/ascp" else a for a in command(place, "-a"))]


@pytest.mark.skipif(sys.platform == "win32", reason="ascp is a script here")
def test_the_command_of_the_next_steps_creates_and_uploads(place: Path, archive: Archive) -> None:
    assert client.main(by_aspera(place)) == 0
    assert archive.paths == ["POST deposit_entry", "POST image_upload"]
    assert archive.calls[0][2] == (place / "deposition.json").read_bytes()
    assert archive.calls[0][3] == "Token TOKEN"
    assert b"entry_id" in archive.calls[1][2] and b"overview.png" in archive.calls[1][2]


@pytest.mark.skipif(sys.platform == "win32", reason="ascp is a script here")
def test_without_stop_it_submits(place: Path, archive: Archive, capsys: pytest.CaptureFixture[str]) -> None:
    assert client.main([a for a in by_aspera(place) if a != "-s"]) == 0
    assert archive.paths == ["POST deposit_entry", "POST image_upload", "POST submit_entry"]
    assert "EMPIAR-99999" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="ascp is a script here")
def test_the_directories_of_the_image_sets_are_where_the_client_puts_the_files(place: Path, archive: Archive) -> None:
    assert client.main(by_aspera(place)) == 0
    top = place / "archive" / "tmp/andrii" / "ABC123"
    sets = json.loads((place / "deposition.json").read_bytes())["imagesets"]
    for image_set in sets:
        assert any((top / image_set["directory"].lstrip("/")).iterdir())
    assert list(top.glob(sets[0]["micrographs_file_pattern"]))


@pytest.mark.skipif(sys.platform == "win32", reason="ascp is a script here")
def test_a_second_try_replaces_the_metadata(place: Path, archive: Archive) -> None:
    assert client.main([*by_aspera(place), "-r", "42", "ABC123"]) == 0
    assert archive.paths == ["PUT redeposit_entry", "POST image_upload"]
    sent = json.loads(archive.calls[0][2])
    assert sent.pop("entry_id") == "42"
    assert sent == json.loads((place / "deposition.json").read_bytes())


@pytest.mark.skipif(sys.platform == "win32", reason="ascp is a script here")
def test_the_stub_refuses_what_the_schema_refuses(place: Path, archive: Archive) -> None:
    path = place / "deposition.json"
    path.write_bytes(re.sub(rb'"year": \d+|"country": "DE"', b'"country": "UK"', path.read_bytes()))
    assert client.main(by_aspera(place)) == 1
    assert archive.paths == ["POST deposit_entry"]


def test_the_client_is_the_released_one() -> None:
    assert version("empiar-depositor") == "1.6b30"


def test_the_globus_command_is_understood(
    place: Path, archive: Archive, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the program globus the client goes no further than the login; it has read all arguments by then."""
    monkeypatch.setenv("PATH", "")
    assert client.main(["-dl", *command(place, "-g")]) == 1
    assert "Globus" in capsys.readouterr().out
    assert archive.calls == []
