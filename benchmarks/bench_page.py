"""The page beside the pipeline in the same run: `python -m benchmarks page`.

A drop is measured from the first byte sent to the last byte of the report. What it is compared with is what a warm
process takes for `pipeline.read` and `check` alone. Both are measured in turn, by the clock and in processor time of
the server and its workers: other work on the machine touches the first, which is then of little use, and hardly the
second.
"""

from __future__ import annotations

import csv
import io
import os
import secrets
import statistics
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

from benchmarks.measuring import Row
from rembi_sheets import examples, pipeline
from rembi_sheets.web.limits import MB, Limits
from rembi_sheets.web.server import Address, Server

ROWS = 1_000
RUNS = 7
VISITORS, DROPS = 20, 300
SMALL = "red-blood-cells"
PAGE = 150_000  # bytes of a page


def measure() -> Iterator[Row]:
    """All figures: drop to report, many visitors, hostile ones among them, sizes of pages."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        server = Server(Address(port=0), Limits(workers=2, file=4 * MB, request=16 * MB, patience=60), home / "page")
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        try:
            yield from _figures(server, home)
        finally:
            server.close()


def _figures(server: Server, home: Path) -> Iterator[Row]:
    large = home / "study.xlsx"
    large.write_bytes(_long(ROWS))
    small = home / "small.xlsx"
    small.write_bytes(examples.workbook_bytes(SMALL))
    for _ in range(2):  # both sides warm
        _drop(server.port, large.read_bytes())
        _check(large)
    ours, theirs = [], []
    for _ in range(RUNS):
        form = _form(server.port)
        ours.append(_cost(server, lambda form=form: _drop(server.port, large.read_bytes(), form)))
        theirs.append(_cost(server, lambda: _check(large)))
    yield f"drop to report, {ROWS:,} rows, warm", f"{_middle(ours)[0]:.2f} s", ""
    yield "  pipeline.read and check, warm", f"{_middle(theirs)[0]:.2f} s", ""
    yield "  ratio by the clock", f"{_middle(ours)[0] / _middle(theirs)[0]:.2f}", "at most 1.3"
    yield "  ratio in processor time", f"{_middle(ours)[1] / _middle(theirs)[1]:.2f}", "at most 1.3"

    one, worth = (1 / c for c in _middle([_cost(server, lambda: _check(small)) for _ in range(RUNS)]))
    before = _memory(server)
    begun = _worked(server)
    taken, alone, failed = _visitors(server.port, small.read_bytes(), [])
    rate, done = DROPS / taken, DROPS / (_worked(server) - begun)
    yield f"{VISITORS} visitors, {DROPS} drops, 2 workers", f"{rate:.1f}/s", ""
    yield "  one warm process", f"{one:.1f}/s", ""
    yield "  of twice that", f"{rate / (2 * one):.2f}", "at least 0.8"
    yield "  drops beside checks in one processor second", f"{done / worth:.2f}", "at least 0.8"
    yield "  failures", str(failed), "none"
    yield "  memory of the workers after and before", f"{_memory(server) / before:.2f}", "flat"

    taken, among, failed = _visitors(server.port, small.read_bytes(), _hostile())
    yield f"the same, {DROPS} hostile uploads among them: median", f"{among:.2f} s", ""
    yield "  without them", f"{alone:.2f} s", ""
    yield "  ratio", f"{among / alone:.2f}", "at most 2"
    yield "  failures", str(failed), "none"

    page = max(len(_ask(server.port, "GET", p)[1]) for p in ("/", "/examples", "/findings", "/kept"))
    page = max(page, len(_drop(server.port, large.read_bytes())))
    yield "largest page", f"{page / 1000:.0f} kB", f"at most {PAGE // 1000} kB"


def _long(rows: int) -> bytes:
    """An example with so many more rows of files."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(examples.workbook_bytes(SMALL)))
    sheet = book["Files"]
    first = [c.value for c in sheet[6]]
    path = next(n for n, c in enumerate(sheet[5]) if c.value == "Path")
    last = sheet.max_row
    for number in range(1, rows + 1):
        row = list(first)
        row[path] = f"more/{number:05}.tif"
        for column, value in enumerate(row, 1):
            sheet.cell(last + number, column).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _check(path: Path) -> None:
    pipeline.check(pipeline.read(path))


def _cost(server: Server, job: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of processors by this process and the workers."""
    begun, worked = time.perf_counter(), _worked(server)
    job()
    return time.perf_counter() - begun, _worked(server) - worked


def _middle(costs: list[tuple[float, float]]) -> tuple[float, float]:
    """The medians."""
    return statistics.median(c for c, _ in costs), statistics.median(c for _, c in costs)


def _worked(server: Server) -> float:
    """Processor seconds so far of this process, in which the server runs, and of its workers."""
    spent = time.process_time()
    for pid in server.state.pool.pids():
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        spent += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return spent


# --- visitors ---------------------------------------------------------------------------------------------------------


def _ask(
    port: int, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> tuple[int, bytes, str]:
    """Status, body, and the cookie or address that comes with it."""
    connection = HTTPConnection("127.0.0.1", port, timeout=300)
    try:
        connection.request(method, path, body or None, headers or {})
        answer = connection.getresponse()
        content = answer.read()
        return answer.status, content, answer.headers.get("Location") or answer.headers.get("Set-Cookie") or ""
    finally:
        connection.close()


def _form(port: int) -> tuple[str, bytes]:
    """Cookie and token of a new visitor who has opened the start page."""
    _, page, cookie = _ask(port, "GET", "/")
    return cookie.partition(";")[0], page.split(b'name="token" value="', 1)[1].split(b'"', 1)[0]


def _send(port: int, content: bytes, form: tuple[str, bytes]) -> tuple[int, bytes]:
    """A workbook dropped: status and body of the last answer."""
    cookie, token = form
    mark = secrets.token_hex(12).encode()
    body = b'--%s\r\nContent-Disposition: form-data; name="token"\r\n\r\n%s\r\n' % (mark, token)
    body += b'--%s\r\nContent-Disposition: form-data; name="book"; filename="study.xlsx"\r\n\r\n' % mark
    body += content + b"\r\n--%s--\r\n" % mark
    head = {
        "Cookie": cookie,
        "Content-Type": f"multipart/form-data; boundary={mark.decode()}",
        "Origin": f"http://127.0.0.1:{port}",
    }
    connection = HTTPConnection("127.0.0.1", port, timeout=300)
    try:
        connection.request("POST", "/check", body, head)
        answer = connection.getresponse()
        answer.read()
        status, to = answer.status, answer.headers.get("Location") or ""
        visit = (answer.headers.get("Set-Cookie") or "").partition(";")[0]
    finally:
        connection.close()
    content = b""
    while status in (202, 303):
        status, content, _ = _ask(port, "GET", to, headers={"Cookie": visit})
    return status, content


def _drop(port: int, content: bytes, form: tuple[str, bytes] | None = None) -> bytes:
    status, page = _send(port, content, form or _form(port))
    if status != 200:
        raise RuntimeError(f"a report was answered with {status}")
    return page


def _visitors(port: int, content: bytes, hostile: list[bytes]) -> tuple[float, float, int]:
    """Seconds for all drops, the median of one, and how many failed; `hostile` are sent beside them."""
    times: list[float] = []
    failed = 0
    lock = threading.Lock()

    def visit(_: int) -> None:
        nonlocal failed
        begun = time.perf_counter()
        status, _page = _send(port, content, _form(port))
        with lock:
            times.append(time.perf_counter() - begun)
            failed += status != 200

    def harm(bad: bytes) -> None:
        nonlocal failed
        status, _page = _send(port, bad, _form(port))
        with lock:
            failed += status not in (413, 422, 503)

    begun = time.perf_counter()
    with ThreadPoolExecutor(VISITORS) as good, ThreadPoolExecutor(4) as bad:
        wrong = [bad.submit(harm, b) for b in hostile]
        for future in [good.submit(visit, n) for n in range(DROPS)]:
            future.result()
        taken = time.perf_counter() - begun
        for future in wrong:
            future.result()
    return taken, statistics.median(times), failed


def _hostile() -> list[bytes]:
    """Bombs, what is too large, what breaks off, what is no workbook."""
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("[Content_Types].xml", "<Types/>")
        out.writestr("xl/workbook.xml", b" " * (600 * MB))
    table = io.StringIO()
    csv.writer(table).writerows([["a", "b"]] * 100)
    good = examples.workbook_bytes(SMALL)
    kinds = [bomb.getvalue(), bytes(4 * MB + 1), good[: len(good) // 2], table.getvalue().encode(), b"\0" * 1000]
    return [kinds[n % len(kinds)] for n in range(DROPS)]


def _memory(server: Server) -> int:
    """Bytes of all workers."""
    total = 0
    for pid in server.state.pool.pids():
        status = Path(f"/proc/{pid}/status").read_text()
        total += int(status.split("VmRSS:")[1].split()[0]) * 1024
    return total
