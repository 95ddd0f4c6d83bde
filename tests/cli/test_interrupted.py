"""Ctrl-C reaches every process of a terminal at once: whenever it comes, the end is a word and not a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from rembi_sheets import examples
from rembi_sheets.harvest.engines import Batch, Crew, Job, Row
from rembi_sheets.harvest.engines import processes as engine
from rembi_sheets.many import side_by_side
from rembi_sheets.web import pool as pools

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX")


def _begun(*arguments: str) -> subprocess.Popen[str]:
    """A command with its processes as those of a terminal: signals are for all of them."""
    return subprocess.Popen(
        [sys.executable, "-m", "rembi_sheets", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _children(process: subprocess.Popen[str]) -> list[str]:
    found = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False)
    return found.stdout.split()


@pytest.mark.parametrize("moment", [0.0, 0.2, 1.0])  # seconds after its processes have begun
def test_many_workbooks_end_with_a_word(moment: float, tmp_path: Path) -> None:
    book = examples.workbook_bytes("chromosome-condensation-screen")
    for n in range(12):
        (tmp_path / f"study {n}.xlsx").write_bytes(book)
    process = _begun("check", str(tmp_path))
    while not _children(process):
        assert process.poll() is None
        time.sleep(0.01)
    time.sleep(moment)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert said.splitlines()[-1:] == ["Stopped."] and "Traceback" not in said, said
    assert process.returncode == 130


_WHILE_LOADING = """
import sys

class Interrupted:
    def find_spec(self, name, path=None, target=None):
        if name == "click":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupted())
from rembi_sheets.__main__ import main
main()
"""


def test_an_interruption_while_the_program_loads_is_told_with_a_word() -> None:
    done = subprocess.run([sys.executable, "-c", _WHILE_LOADING], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Stopped.\n")


def test_a_page_that_is_stopped_while_it_answers_and_its_workers_begin_says_one_line() -> None:
    process = _begun("serve", "--port", "0", "--no-browser", "--workers", "2")
    assert process.stderr is not None
    address = process.stderr.readline().split()[5]
    closed = threading.Event()

    def ask() -> None:
        while not closed.is_set():
            with suppress(OSError):
                urllib.request.urlopen(address, timeout=5).read()

    visitors = [threading.Thread(target=ask, daemon=True) for _ in range(8)]
    for visitor in visitors:
        visitor.start()
    time.sleep(0.5)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=120)
    closed.set()
    assert said == "The page is closed; what was dropped on it is deleted.\n"
    assert process.returncode == 0


# --- Nothing of a pool is left when its work is done --------------------------------------------------------------


Managers = Callable[[], set[threading.Thread]]


@pytest.fixture
def managers() -> Managers:
    """The threads of the interpreter that look after processes begun in a test: other tests may have theirs."""

    def now() -> set[threading.Thread]:
        return {thread for thread in threading.enumerate() if type(thread).__name__ == "_ExecutorManagerThread"}

    before = now()
    return lambda: now() - before


def _named(path: Path) -> str:
    return path.name


class _Told:
    """A task that tells the path of each file."""

    limit = 30.0

    def __call__(self, job: Job) -> Row:
        return (job[1],)

    def lost(self, job: Job, why: str) -> Row:
        return (job[1], why)


def test_the_pool_of_many_workbooks_has_ended_with_its_last_result(managers: Managers) -> None:
    assert len(list(side_by_side.each(_named, [Path(f"{n}.xlsx") for n in range(4)], 2))) == 4
    assert not managers()


def test_the_pool_of_a_harvest_has_ended_with_its_last_row(managers: Managers) -> None:
    batches: list[Batch] = [[(b"", f"{n}.tif", 1)] for n in range(4)]
    with engine.hired(Crew(2)) as work:
        rows = [row for batch in work(_Told(), batches) for row in batch]
    assert sorted(rows) == [(f"{n}.tif",) for n in range(4)]
    assert not managers()


class _Long(_Told):
    """A task that takes long, and leaves a sign when it is done. The path of a file is that of the sign."""

    def __call__(self, job: Job) -> Row:
        if job[2]:
            time.sleep(10)
            Path(job[1]).touch()
        return (job[1],)


def test_what_a_harvest_is_in_the_middle_of_ends_with_it(tmp_path: Path, managers: Managers) -> None:
    sign = tmp_path / "done"
    batches: list[Batch] = [[(b"", "first", 0)], [(b"", str(sign), 1)]]
    with engine.hired(Crew(2)) as work:
        rows = work(_Long(), batches)
        assert next(rows) == [("first",)]
        rows.close()
    assert not managers() and not sign.exists()


def _slow() -> None:
    time.sleep(60)


def test_a_pipe_is_open_as_long_as_a_thread_waits_at_it(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[threading.Thread]] = []
    end = pools._Worker.end
    pool = pools.Pool(1, 1 << 30, 60, 10)

    def ended(worker: pools._Worker) -> None:
        seen.append([thread for thread in pool._threads._threads if thread.is_alive()])
        end(worker)

    monkeypatch.setattr(pools._Worker, "end", ended)
    pool.run(pools._nothing)
    waiting = pool.submit(_slow)
    time.sleep(0.2)
    pool.close()
    assert seen and not any(seen)
    with pytest.raises(pools.ClosedError):
        waiting.result()
    with pytest.raises(pools.ClosedError):
        pool.run(pools._nothing)


def test_no_worker_begins_once_the_pool_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[pools._Worker] = []
    make = pools._Worker.__init__
    going = threading.Event()

    def made(worker: pools._Worker, *arguments: object) -> None:
        going.set()
        time.sleep(0.3)  # the pool is closed meanwhile
        make(worker, *arguments)  # type: ignore[arg-type]
        begun.append(worker)

    monkeypatch.setattr(pools._Worker, "__init__", made)
    pool = pools.Pool(1, 1 << 30, 60, 10)
    pool.warm()
    going.wait(10)
    pool.close()
    assert [worker._process.is_alive() for worker in begun] == [False]
