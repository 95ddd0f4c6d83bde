"""The page beside the pipeline in the same run: `python -m benchmarks page`.

A drop is measured from the first byte sent to the last byte of the report. A drop of many rows is compared with what a
warm process takes for `pipeline.read` and `check` alone; the rate of many drops of a small workbook with that of a warm
process which makes the same of it, `check --format html`. Both are measured in turn, by the clock and in processor time
of the server, its workers and the visitors: other work on the machine touches the first, which is then of little use,
and hardly the second.
"""

from __future__ import annotations

import io
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import visitors
from benchmarks.measuring import Row, sized
from benchmarks.visitors import AT_ONCE, Page, Visitor
from rembi_sheets import collector, examples, pipeline
from rembi_sheets.web.limits import MB, Limits

ROWS = 1_000
RUNS = 7
DROPS = sized(60, 300)
SLOW = sized(6, 30)  # of the hostile ones
SMALL = "red-blood-cells"
PAGE = 150_000  # bytes of a page
LIMITS = Limits(workers=2, file=4 * MB, request=16 * MB, patience=60, grace=3)


def measure() -> Iterator[Row]:
    """All figures: drop to report, many visitors, hostile ones among them, sizes of pages."""
    collector.seldom()  # as a command and a worker do
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with visitors.page(LIMITS, home / "page") as page:
            yield from _alone(page, home)
            yield from _many(page, home)
            yield from _sizes(page, home)


def _alone(page: Page, home: Path) -> Iterator[Row]:
    large = home / "study.xlsx"
    large.write_bytes(_long(ROWS))
    visitor = Visitor(page.port)
    for _ in range(LIMITS.workers + 1):  # both sides warm
        visitor.drop(large.read_bytes())
        _check(large)
    ours, theirs = [], []
    for _ in range(RUNS):
        ours.append(_cost(page, lambda: visitor.drop(large.read_bytes())))
        theirs.append(_cost(page, lambda: _check(large)))
    yield f"drop to report, {ROWS:,} rows, warm", f"{_middle(ours)[0]:.2f} s", ""
    yield "  pipeline.read and check, warm", f"{_middle(theirs)[0]:.2f} s", ""
    yield "  ratio by the clock", f"{_middle(ours)[0] / _middle(theirs)[0]:.2f}", "at most 1.3"
    yield "  ratio in processor time", f"{_middle(ours)[1] / _middle(theirs)[1]:.2f}", "at most 1.3"


def _many(page: Page, home: Path) -> Iterator[Row]:
    small = home / "small.xlsx"
    good = examples.workbook_bytes(SMALL)
    small.write_bytes(good)
    one = _rate(page, lambda: _report(small))
    alone = _rate(page, lambda: _check(small))
    both = _at_once(small)
    visitors.crowd(page.port, good, AT_ONCE)
    before, begun = page.memory(), page.worked()
    met = visitors.crowd(page.port, good, DROPS)
    done, after = DROPS / (page.worked() - begun), page.memory()
    rate = DROPS / met.seconds
    yield f"{AT_ONCE} visitors, {DROPS} drops of {SMALL}.xlsx, 2 workers", f"{rate:.1f}/s", ""
    yield "  one warm process: read, check, report as HTML", f"{one[0]:.1f}/s", ""
    yield "  one warm process: read and check alone", f"{alone[0]:.1f}/s", ""
    yield "  two warm processes at once: read, check, report", f"{both:.1f}/s", ""
    yield "  of twice one process", f"{rate / (2 * one[0]):.2f}", "at least 0.8"
    yield "  of two at once", f"{rate / both:.2f}", ""
    yield "  drops beside reports in one processor second", f"{done / one[1]:.2f}", "at least 0.8"
    yield "  failures", str(met.failed), "none"
    yield "  memory of server and workers after and before", f"{after / before:.2f}", "flat"

    harms = visitors.uploads(DROPS - SLOW, good, LIMITS)
    among = visitors.crowd(page.port, good, DROPS, harms, [visitors.slow_sender(LIMITS)] * SLOW)
    yield f"the same, {DROPS} hostile uploads among them: median", f"{among.median:.2f} s", ""
    yield "  without them", f"{met.median:.2f} s", ""
    yield "  ratio", f"{among.median / met.median:.2f}", "at most 2"
    yield "  failures", str(among.failed), "none"
    yield "  hostile uploads that were not refused", str(among.unrefused), "none"


def _sizes(page: Page, home: Path) -> Iterator[Row]:
    visitor = Visitor(page.port)
    pages = [visitor.ask(b"GET %s HTTP/1.1\r\n" % p)[1] for p in (b"/", b"/examples", b"/findings", b"/kept")]
    most = max(map(len, [*pages, visitor.drop((home / "study.xlsx").read_bytes())[1]]))
    yield "largest page", f"{most / 1000:.0f} kB", f"at most {PAGE // 1000} kB"


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


def _report(path: Path) -> None:
    """What a visitor gets for a drop, without the page around it: `check --format html`."""
    pipeline.page(pipeline.check(pipeline.read(path)))


def _cost(page: Page, job: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of processors by this process, the server and its workers."""
    begun, worked = time.perf_counter(), page.worked() + time.process_time()
    job()
    return time.perf_counter() - begun, page.worked() + time.process_time() - worked


def _middle(costs: list[tuple[float, float]]) -> tuple[float, float]:
    """The medians."""
    return statistics.median(c for c, _ in costs), statistics.median(c for _, c in costs)


def _rate(page: Page, job: Callable[[], object]) -> tuple[float, float]:
    """How often in a second by the clock, and in one of a processor."""
    for _ in range(3):
        job()
    times, number = 3, 40

    def often() -> None:
        for _ in range(number):
            job()

    taken = _middle([_cost(page, often) for _ in range(times)])
    return number / taken[0], number / taken[1]


def _at_once(path: Path) -> float:
    """Reports in a second of two warm processes at once: what the machine gives to two, at best."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(2) as pool:
        pool.map(_reports, [(path, 5)] * 2, 1)
        number = 60
        begun = time.perf_counter()
        pool.map(_reports, [(path, number)] * 2, 1)
        return 2 * number / (time.perf_counter() - begun)


def _reports(asked: tuple[Path, int]) -> None:
    collector.seldom()
    for _ in range(asked[1]):
        _report(asked[0])
