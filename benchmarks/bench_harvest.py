"""`harvest` beside bare readers: `python -m benchmarks harvest`. REMBI_SHEETS_HARVEST sets the number of files.

Headers: processor time of one process, each reader beside the least that a program could do with the same files, in
turns of 50.
Engines: wall-clock time, the median of three runs in turns; on a machine with one processor, or a busy one, two
processes gain nothing, and the figure says so: what two processes of sums alone gain at that moment stands above it.
Beside it stands what two idle processors would make of it, by processor time: what the parent does alone, and half of
what is done while headers are read (by the parent, too; with dask also the start of its workers). Memory: the highest
of a run over a tenth of the files beside that over all of them.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measuring import ROOT, Row, alone, middle, sized, two_at_once

FILES = int(os.environ.get("REMBI_SHEETS_HARVEST", "0")) or sized(3_000, 20_000)
HEADERS = sized(300, 1000)
RUNS, TURNS = 3, 3
IMPORTS = """
import gc, os, struct, sys, time
from pathlib import Path
from xml.etree import ElementTree as ET
import tifffile
from rembi_sheets import collector
from rembi_sheets.harvest.engines import Crew
from rembi_sheets.harvest.folder import through
from rembi_sheets.harvest.passes import Plan, look_around
from rembi_sheets.harvest.sniff import look
from rembi_sheets.harvest.store import Store

folder = Path(sys.argv[1])
collector.seldom()  # as a command does

def bare_tiff(file):
    with tifffile.TiffFile(file) as opened:
        page = opened.pages[0]
        return ET.fromstring(page.description), page.shape, page.dtype

def bare_mrc(file):
    with open(file, "rb") as opened:
        head = opened.read(1024)
    return struct.unpack("<10i6f3i3f2i", head[:96])

def bare_walk(folder):
    size = 0
    pending = [folder]
    while pending:
        with os.scandir(pending.pop()) as found:
            for entry in found:
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                else:
                    size += entry.stat(follow_symlinks=False).st_size
    return size
"""
READ = """
bare = {"tif": bare_tiff, "mrc": bare_mrc}[sys.argv[2]]
files = sorted(folder.glob("*." + sys.argv[2]))
for file in files[:20]:
    bare(file), look(file, file.name, 0)
def whole(job, some):
    began = time.process_time()
    for file in some:
        job(file)
    gc.collect()  # what libraries leave in circles, by whoever left it
    return time.process_time() - began

def ours(file):
    assert look(file, file.name, 0).status == "read"

gc.disable(), gc.collect(), gc.freeze()
spent = [0.0, 0.0]
for _ in range(int(sys.argv[3])):
    for at in range(0, len(files), 50):  # in turns: a machine that is slower for a while is so for both
        spent = [spent[n] + whole(job, files[at : at + 50]) for n, job in enumerate((bare, ours))]
told = {"ratio": spent[0] / spent[1]}
"""
AGAIN = """
store = Store(Path(sys.argv[2]))
told = {"ratio": 99.0}
for _ in range(int(sys.argv[3])):
    a = time.process_time()
    bare_walk(folder)
    b = time.process_time()
    through(folder, store, Plan(), lambda step: None)
    told["ratio"] = min(told["ratio"], (time.process_time() - b) / (b - a))
"""
WHOLE = """
ended = {}
def seen(step):
    ended[step.stage] = time.process_time()
if __name__ == "__main__":
    import resource
    a, began = time.perf_counter(), time.process_time()
    through(folder, Store(Path(sys.argv[2])), Plan(sys.argv[3], Crew(2, "".join(sys.argv[4:]))), seen)
    own, others = time.process_time() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    together = ended["headers"] - ended["walk"]
    at_once = (others.ru_utime + others.ru_stime + together) / (1 if sys.argv[3] == "serial" else 2)
    told = {"seconds": time.perf_counter() - a, "worker": others.ru_maxrss << 10, "idle": own - together + at_once}
"""


def measure() -> Iterator[Row]:
    """Readers beside bare ones, engines beside each other, a second run beside a walk, memory, a kill."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        yield from _readers(home)
        few, many = _folder(home / "few", FILES // 10), _folder(home / "many", FILES)
        runs = _engines(many, home)
        there = _there(many, home)
        small = alone(IMPORTS, WHOLE, few, home / "small", "processes")
        what = f"{FILES:,} files"
        yield "  what two processes of sums alone gain here", f"{two_at_once():.2f} x", ""
        yield f"{what}, two processes beside one", _beside(runs["serial"], runs["processes"]), "at least 1.6 x"
        yield f"{what}, dask with two workers beside two processes", _beside(runs["processes"], runs["dask"]), "0.8 x"
        yield "  with a scheduler and two workers that run already", _beside(runs["processes"], there), "0.8 x"
        speeds = [f"{FILES / r['seconds']:.0f}" for r in (*runs.values(), there)]
        yield "  files a second: serial, processes, dask, dask that runs already", ", ".join(speeds), ""
        idle = [_beside(runs["serial"], runs[e], "idle") for e in ("processes", "dask")]
        yield "  processes and dask beside one process, by processor time", ", ".join(idle), "on two idle processors"
        for who, key in (("this process", "peak"), ("each worker", "worker")):
            sizes = f"{small[key] / 1e6:.0f}, {runs['processes'][key] / 1e6:.0f} MB"
            yield f"memory of {who} at {FILES // 10:,} and {FILES:,} files", sizes, "below 300 MB, flat"
        sizes = f"{runs['dask']['peak'] / 1e6:.0f}, {runs['dask']['worker'] / 1e6:.0f} MB"
        yield f"memory of this process and of each of dask's at {FILES:,} files", sizes, "below 300 MB"
        again = alone(IMPORTS, AGAIN, many, home / "serial", RUNS)
        yield "second run, nothing changed, beside a bare walk", f"{again['ratio']:.2f} x", "at most 2 x"
        yield "after kill -9 in the middle", _killed(many, home), "the same result"


def _engines(folder: Path, home: Path) -> dict[str, dict[str, float]]:
    names = ("serial", "processes", "dask")
    found: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for turn in range(TURNS):
        for name in names:
            store = home / (name if not turn else f"{name}{turn}")
            found[name].append(alone(IMPORTS, WHOLE, folder, store, name))
    return {name: middle(runs, "seconds") for name, runs in found.items()}


def _there(folder: Path, home: Path) -> dict[str, float]:
    """Dask with a scheduler and two workers that were started before, as docs/harvest.md has it for a cluster."""
    from distributed import Client

    told = ["--scheduler-file", str(home / "scheduler.json")]
    dask = [sys.executable, "-m", "dask"]
    scheduler = [*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", *told]
    worker = [*dask, "worker", "--nthreads", "1", "--no-dashboard", "--local-directory", str(home), *told]
    env = os.environ | {"DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}
    running = [subprocess.Popen(c, stderr=subprocess.DEVNULL, env=env) for c in (scheduler, worker, worker)]
    try:
        with Client(scheduler_file=told[1], set_as_default=False) as client:
            client.wait_for_workers(2)
            address = client.scheduler.address
        runs = [alone(IMPORTS, WHOLE, folder, home / f"there{turn}", "dask", address) for turn in range(TURNS)]
        return middle(runs, "seconds")
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait()


def _readers(home: Path) -> Iterator[Row]:
    import numpy as np
    import tifffile

    place = home / "headers"
    place.mkdir()
    data = np.zeros((2, 3, 16, 16), "uint16")
    about = {"axes": "CZYX", "PhysicalSizeX": 0.1, "PhysicalSizeY": 0.1, "Channel": {"Name": ["DAPI", "GFP"]}}
    for number in range(HEADERS):
        tifffile.imwrite(place / f"{number}.ome.tif", data, ome=True, metadata=about)
        (place / f"{number}.mrc").write_bytes(_mrc(number))
    for ending, beside, aim in (
        ("tif", "OME-TIFF beside tifffile and ElementTree", 0.6),
        ("mrc", "MRC beside struct", 0.3),
    ):
        ratio = alone(IMPORTS, READ, place, ending, RUNS)["ratio"]
        yield f"header of {beside}", f"{ratio:.2f} x", f"at least {aim} x"


def _mrc(number: int) -> bytes:
    head = bytearray(1024)
    struct.pack_into("<10i", head, 0, 8, 6, 1, 2, 0, 0, 0, 8, 6, 1)
    struct.pack_into("<6f", head, 40, 8.25 + number % 5, 6.5, 1, 90, 90, 90)
    struct.pack_into("<3i", head, 64, 1, 2, 3)
    head[208:212] = b"MAP "
    return bytes(head) + bytes(8 * 6 * 4)


def _folder(folder: Path, files: int) -> Path:
    for number in range(files):
        if number % 1000 == 0:
            place = folder / f"grid{number // 1000:04}"
            place.mkdir(parents=True)
        (place / f"{number:07}.mrc").write_bytes(_mrc(number // 1000))
    return folder


def _beside(slow: dict[str, float], quick: dict[str, float], what: str = "seconds") -> str:
    return f"{slow[what] / quick[what]:.2f} x"


def _killed(folder: Path, home: Path) -> str:
    script = IMPORTS + "\npassed = 0\n" + WHOLE.replace("ended[", "print(step.stage, flush=True); ended[", 1)
    command = [sys.executable, "-c", script, str(folder), str(home / "killed"), "processes"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        headers = 0
        for line in running.stdout:
            headers += line.startswith("headers")
            if headers > FILES // 400:
                break
        running.kill()
    time.sleep(3)  # its workers end when they see that it is gone
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    from rembi_sheets.harvest.store import Store

    same = list(Store(home / "killed").dump()) == list(Store(home / "serial").dump())
    return "the same" if same else "another"
