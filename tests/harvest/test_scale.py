"""Large folders: the store, the engines, parts. REMBI_SHEETS_KILLS sets how often a run is killed."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

from rembi_sheets.cli import cli
from rembi_sheets.harvest import engines, passes, readers, tasks
from rembi_sheets.harvest.coding import pack, unpack
from rembi_sheets.harvest.engines import Away, Batch, Crew, Job, Row, chosen, engine
from rembi_sheets.harvest.engines.watch import guarded
from rembi_sheets.harvest.folder import Harvest, through
from rembi_sheets.harvest.keys import key_of, path_of
from rembi_sheets.harvest.model import Status
from rembi_sheets.harvest.passes import Plan, Step
from rembi_sheets.harvest.sniff import look
from rembi_sheets.harvest.store import Store, Unfit
from rembi_sheets.harvest.walk import Passed, walk
from rembi_sheets.report import harvested
from tests.harvest import written

KILLS = int(os.environ.get("REMBI_SHEETS_KILLS", "2"))
FILES = 300


def fill(folder: Path, files: int = FILES) -> Path:
    """Micrographs with the XML beside each, a tilt series, pictures, a damaged one, one of no format, all kinds."""
    for number in range(files):
        place = folder / f"grid{number % 3}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"m{number:05}.mrc").write_bytes(written.mrc((8, 6, 1), ispg=0))
        if number % 4 == 0:
            (place / f"m{number:05}.xml").write_bytes(written.epu(frames=number % 7 + 1))
    (folder / "broken.mrc").write_bytes(written.mrc()[:-5])
    (folder / "notes.txt").write_text("nothing", encoding="utf-8")
    for name, content in written.all_formats().items():
        (folder / "kinds" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "kinds" / name).write_bytes(content)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("scale") / "data")


def told(made: Harvest) -> str:
    return "".join(harvested.as_json(made))


def dump(store: Store) -> list[str]:
    return list(store.dump())


def run(folder: Path, store: Store | None = None, **plan: object) -> tuple[str, list[str], Counts]:
    store = store or Store()
    counts = Counts()
    made = through(folder, store, Plan(**{"engine": "serial", **plan}), counts)  # type: ignore[arg-type]
    return told(made), dump(store), counts


class Counts(dict[str, int]):
    """How many files each pass looked at."""

    def __call__(self, step: Step) -> None:
        self[step.stage] = step.done


@pytest.fixture(scope="module")
def whole(folder: Path) -> tuple[str, list[str]]:
    return run(folder, checksum="md5")[:2]


def test_what_is_kept_comes_back_as_it_was(folder: Path) -> None:
    for key, size, _ in chain.from_iterable(walk(folder, Passed())):
        item = look(folder / path_of(key), path_of(key), size)
        assert unpack(item.path, item.size, pack(item)) == unpack(
            item.path, item.size, pack(unpack(item.path, 1, pack(item)))
        )
        back = unpack(item.path, item.size, pack(item))
        assert (back.status, back.format, back.header, back.notes) == (
            item.status,
            item.format,
            item.header,
            item.notes,
        )


@pytest.mark.parametrize("path", ["a", "a/b", "µ/ä ö.tif", "a\udc80b/c", "1/\x01\x02"])
def test_a_path_comes_back_from_its_key(path: str) -> None:
    assert path_of(key_of(path)) == path


def test_the_walk_is_in_the_order_of_keys(tmp_path: Path) -> None:
    for path in ("b/x.tif", "b!/x.tif", "b.tif", "a/z", "a/b/c", "a.tif", "ä/x", "Z/x", "a/b.txt"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("x", encoding="utf-8")
    found = [key for page in walk(tmp_path, Passed()) for key, _, _ in page]
    assert len(found) == 9 and found == sorted(key_of(path_of(key)) for key in found)


def test_a_second_run_reads_nothing_and_says_the_same(
    folder: Path, whole: tuple[str, list[str]], tmp_path: Path
) -> None:
    for file in (None, tmp_path / "s"):
        store = Store(file)
        first = run(folder, store, checksum="md5")
        assert first[:2] == whole and first[2]["headers"] == first[2]["walk"]
        again = run(folder, store, checksum="md5")
        assert again[:2] == whole and set(again[2]) == {"walk"}
        store.close()
    later = run(folder, Store(tmp_path / "s"), checksum="md5")
    assert later[:2] == whole and set(later[2]) == {"walk"}


def test_only_what_changed_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = fill(tmp_path / "data", 20)
    store = Store()
    run(data, store, checksum="md5")
    (data / "grid0" / "m00000.mrc").write_bytes(written.mrc((4, 6, 1), ispg=0))  # another size
    same = data / "grid1" / "m00001.mrc"
    same.write_bytes(written.mrc((6, 8, 1), ispg=0))  # another time
    os.utime(same, ns=(1, 1))
    (data / "grid2" / "m00002.mrc").unlink()
    (data / "grid3").mkdir()
    (data / "grid3" / "new.mrc").write_bytes(written.mrc())
    found = run(data, store, checksum="md5")
    assert found[2]["headers"] == found[2]["checksums"] == 3
    assert found[:2] == run(data, checksum="md5")[:2]
    monkeypatch.setattr(readers.Reader, "stamp", property(lambda r: "new" if r.name == "epu" else r.version))
    store.read_with({r.name: r.stamp for r in readers.all_readers() if r.name != "epu"} | {"epu": "older"})
    assert run(data, store, checksum="md5")[2]["headers"] >= 5  # the XML of each fourth


@pytest.mark.parametrize("name", ["processes", "dask"])
def test_all_engines_say_the_same(
    name: str, folder: Path, whole: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passes, "BATCH", 10)
    monkeypatch.setattr(passes, "_WALKED", 40)  # beside processes the walk goes on in many parts
    assert run(folder, engine=name, crew=Crew(2), checksum="md5")[:2] == whole


def test_so_does_dask_with_a_scheduler_and_two_workers(folder: Path, whole: tuple[str, list[str]]) -> None:
    command, pipe = [sys.executable, "-c", _CLUSTER], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as cluster:
        assert cluster.stdout is not None
        crew = Crew(scheduler=cluster.stdout.readline().strip())
        assert run(folder, engine="auto", crew=crew, checksum="md5")[:2] == whole
        cluster.communicate("")


_CLUSTER = """
import sys
from distributed import LocalCluster

if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()
"""


def test_parts_together_are_the_whole(folder: Path, whole: tuple[str, list[str]], tmp_path: Path) -> None:
    parts = [tmp_path / f"part{n}" for n in (1, 2, 3)]
    alike = {"--engine": "serial", "--checksum": "md5", "--format": "json"}
    options = [o for pair in alike.items() for o in pair]
    counts = []
    for number, part in enumerate(parts, start=1):
        done = CliRunner().invoke(
            cli, ["harvest", str(folder), "--store", str(part), "--shard", f"{number}/3", *options]
        )
        assert done.exit_code == 0, done.output
        counts.append(json.loads(done.stdout)["counts"])
        assert counts[-1]["waiting"] < counts[-1]["files"]
    assert sum(c["files"] - c["waiting"] for c in counts) == counts[0]["files"]
    merged = tmp_path / "merged"
    command = ["harvest", "merge", *map(str, parts), "--store", str(merged), "--format", "json"]
    done = CliRunner().invoke(cli, command)
    assert (done.exit_code, done.stdout) == (0, whole[0])
    assert dump(Store(merged)) == whole[1]


@pytest.mark.parametrize("order", [1, -1])
def test_of_a_file_that_changed_between_two_parts_the_later_state_counts(tmp_path: Path, order: int) -> None:
    """Whatever comes first, and with checksums: what an older walk knew of it is forgotten, and read anew."""
    data = tmp_path / "data"
    fill(data, 3)
    plans = [Plan(shard=(n, 2), checksum="md5") for n in (1, 2)]
    for number, plan in enumerate(plans):
        store = Store(tmp_path / str(number))
        through(data, store, plan, Counts())
        store.close()
        for path in [p for p in data.rglob("*") if p.suffix == ".mrc" and not number]:
            path.write_bytes(written.mrc((16, 12, 1)))
            os.utime(path, ns=(0, path.stat().st_mtime_ns + 10**9))
    merged, fresh = Store(), Store()
    for number in (0, 1)[::order]:
        merged.take(tmp_path / str(number))
    through(data, merged, Plan(checksum="md5"), Counts())
    through(data, fresh, Plan(checksum="md5"), Counts())
    assert dump(merged) == dump(fresh)


def test_stores_of_two_folders_are_not_put_together(tmp_path: Path) -> None:
    for name in ("one", "two"):
        fill(tmp_path / name, 1)
        store = Store(tmp_path / f"{name}.store")
        run(tmp_path / name, store)
        store.close()
    made = Store()
    made.take(tmp_path / "one.store")
    with pytest.raises(Unfit, match="folder two"):
        made.take(tmp_path / "two.store")
    with pytest.raises(Unfit, match="folder one"):
        through(tmp_path / "two", Store(tmp_path / "one.store"), Plan(), Counts())


@pytest.mark.parametrize("content", [b"no store at all" * 100, b"x"])
def test_what_is_no_store_is_refused_and_kept(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "file").write_bytes(content)
    done = CliRunner().invoke(cli, ["harvest", str(tmp_path / "data"), "--store", str(tmp_path / "file")])
    assert done.exit_code == 2 and "another name" in done.stderr and "Traceback" not in done.output
    assert (tmp_path / "file").read_bytes() == content


def test_a_store_is_of_one_run_at_a_time(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    with store:
        store.keep("folder", "x")
    with pytest.raises(Unfit, match="in use"):
        Store(tmp_path / "s")


def test_a_sample_is_so_many_of_each_folder_and_ending(folder: Path) -> None:
    store = Store()
    counts = json.loads(run(folder, store, sample=2)[0])["counts"]
    read = [i.path for i in store.items() if i.status is not Status.WAITING]
    assert counts["waiting"] == counts["files"] - len(read)
    assert [p for p in read if p.startswith("grid0/")] == [
        f"grid0/m{n:05}.{e}" for n, e in ((0, "mrc"), (0, "xml"), (3, "mrc"), (12, "xml"))
    ]
    assert "headers" not in run(folder, store, sample=2)[2]


def test_checksums_are_those_of_the_bytes(tmp_path: Path) -> None:
    folder = fill(tmp_path / "data", 3)
    for kind in tasks.CHECKSUMS:
        for item in json.loads(run(folder, checksum=kind)[0])["files"][:20]:
            content = (folder / item["path"]).read_bytes()
            assert item["checksum"] == f"{kind}:{hashlib.new(kind, content).hexdigest()}"


class Bad:
    """Files named `dies` end the process, files named `sleeps` do not come back."""

    limit = 1.5

    def __call__(self, job: Job) -> Row:
        if "dies" in job[1]:
            os.kill(os.getpid(), signal.SIGKILL)
        if "sleeps" in job[1]:
            time.sleep(60)
        return job[0], "read"

    def lost(self, job: Job, why: str) -> Row:
        return job[0], why


def batches(*names: str) -> Iterator[Batch]:
    jobs = [(key_of(n), n, 1) for n in names]
    return (jobs[n : n + 3] for n in range(0, len(jobs), 3))


@pytest.mark.parametrize("name", ["processes", "dask"])
def test_a_file_that_ends_its_reader_is_set_aside(name: str) -> None:
    names = [*(f"a{n}" for n in range(7)), "dies1", "a8", "sleeps", "dies2", "a9"]
    with engine(name, Crew(2)) as work:
        rows = [row for rows in work(Bad(), batches(*names)) for row in rows]
    said = {path_of(key): why for key, why in rows}
    assert len(rows) == len(names)
    assert {n for n, why in said.items() if why != "read"} == {"dies1", "dies2", "sleeps"}
    assert "ends the program" in said["dies1"] and "1.5 seconds" in said["sleeps"]


def test_so_is_one_that_does_not_come_back_in_this_process() -> None:
    with engine("serial", Crew(1)) as work:
        rows = [row for rows in work(Bad(), batches("a", "sleeps", "b")) for row in rows]
    assert [why == "read" for _, why in rows] == [True, False, True]


def test_a_file_over_which_an_earlier_run_ended_is_set_aside_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = fill(tmp_path / "data", 5)
    (data / "bad.mrc").write_bytes(written.mrc())
    store = Store()
    passes.look_around(data, store, Counts())
    store.begin([j for j in store.waiting("headers") if j[1] in ("bad.mrc", "grid0/m00000.mrc")])
    real = tasks.look
    monkeypatch.setattr(
        tasks, "look", lambda f, p, s: os.kill(os.getpid(), signal.SIGKILL) if p == "bad.mrc" else real(f, p, s)
    )
    found = {f["path"]: f for f in json.loads(run(data, store)[0])["files"]}
    assert found["bad.mrc"]["status"] == "failed" and "ends the program" in found["bad.mrc"]["warnings"][0]
    assert found["grid0/m00000.mrc"]["status"] == "read" and not store.doing()


def test_a_run_that_is_killed_goes_on_to_the_same_end(
    folder: Path, whole: tuple[str, list[str]], tmp_path: Path
) -> None:
    file = tmp_path / "store"
    command = [sys.executable, "-c", _RUN, str(folder), str(file)]
    chance = random.Random(KILLS)
    for number in range(KILLS):
        engines = ("serial", "processes")
        with subprocess.Popen([*command, engines[number % 2]], stdout=subprocess.PIPE) as running:
            assert running.stdout is not None
            for _ in range(chance.randrange(1, 7)):  # lines of progress, one a batch
                running.stdout.readline()
            time.sleep(chance.random() * 0.02)
            os.kill(running.pid, signal.SIGKILL)
    store = Store(file)
    assert run(folder, store, checksum="md5")[:2] == whole
    again = run(folder, store, checksum="md5")
    assert again[:2] == whole and set(again[2]) == {"walk"}


_RUN = """
import json, sys
from pathlib import Path
from types import ModuleType
from rembi_sheets.harvest import passes
from rembi_sheets.harvest.engines import Crew
from rembi_sheets.harvest.folder import through
from rembi_sheets.harvest.store import Store

passes.BATCH = passes._WALKED = 40
def seen(step):
    print(step.stage, step.done, flush=True)
if __name__ == "__main__":
    through(Path(sys.argv[1]), Store(Path(sys.argv[2])), passes.Plan(sys.argv[3], Crew(2), checksum="md5"), seen)
"""


def test_beside_processes_the_walk_goes_on_and_the_number_of_files_is_told_when_it_is_known(
    folder: Path, whole: tuple[str, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passes, "BATCH", 20)
    monkeypatch.setattr(passes, "_WALKED", 20)
    monkeypatch.setattr(engines, "FEW", 100)
    steps = list[Step]()
    made = through(folder, Store(), Plan("auto", Crew(2), checksum="md5"), steps.append)
    assert told(made) == whole[0]
    stages = [s.stage for s in steps]
    assert stages == sorted(stages, key=["walk", "headers", "checksums", "result"].index)
    walked, headers = ([s for s in steps if s.stage == stage] for stage in ("walk", "headers"))
    assert walked[-1].done < len(made.items) == headers[-1].done == headers[-1].total
    assert {s.total for s in headers} == {0, len(made.items)}


def test_auto_takes_processes_for_many_files_and_dask_where_there_is_a_scheduler() -> None:
    assert chosen("auto", 1999, Crew(4)) == "serial"
    assert chosen("auto", 2000, Crew(4)) == "processes"
    assert chosen("auto", 2000, Crew(1)) == "serial"
    assert chosen("auto", 1, Crew(4, "tcp://x:1")) == "dask"
    assert chosen("dask", 1, Crew()) == "dask"


def test_progress_is_one_json_line_a_pass_at_least_and_silent_in_pipes(folder: Path) -> None:
    done = CliRunner().invoke(cli, ["harvest", str(folder), "--progress", "json", "--format", "tsv"])
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert {"walk", "headers", "result"} <= {line["stage"] for line in lines}
    last = [line for line in lines if line["stage"] == "headers"][-1]
    assert last["files"] == last["of"] > FILES and last["unread"] >= 1
    assert not CliRunner().invoke(cli, ["harvest", str(folder)]).stderr


@pytest.mark.parametrize("shard", ["0/3", "4/3", "1", "a/b", "1/0"])
def test_a_part_has_to_be_one_of_several(shard: str, folder: Path) -> None:
    done = CliRunner().invoke(cli, ["harvest", str(folder), "--shard", shard, "--store", "x"])
    assert done.exit_code == 2 and "3/10" in done.stderr


def test_a_scheduler_that_does_not_answer_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rembi_sheets.harvest.engines import dask

    monkeypatch.setattr(dask, "_ANSWER", 1)
    done = CliRunner().invoke(cli, ["harvest", str(folder), "--scheduler", "tcp://127.0.0.1:1"])
    assert done.exit_code == 2 and "No scheduler answers at tcp://127.0.0.1:1" in done.stderr


def test_dask_that_is_not_installed_is_named_with_its_command(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = CliRunner().invoke(cli, ["harvest", str(folder), "--engine", "dask"])
    assert done.exit_code == 2 and "pip install 'rembi-sheets[cluster]'" in done.stderr


@dataclass(frozen=True)
class Waiting:
    """A task that waits for each file as for one across a network, or does not."""

    wait: float
    limit: float = 30.0

    def __call__(self, job: Job) -> Row:
        if self.wait:  # a wait of nothing gives up the processor too
            time.sleep(self.wait)
        return job[0], threading.get_ident()

    def lost(self, job: Job, why: str) -> Row:
        return job[0], 0


@pytest.mark.parametrize(("wait", "several"), [(0.005, True), (0.0, False)])
def test_files_that_are_waited_for_are_read_by_threads(wait: float, several: bool) -> None:
    batch: Batch = [(b"%d" % n, str(n), 1) for n in range(40)]
    rows = guarded(Waiting(wait), batch)
    assert [r[0] for r in rows] == [j[0] for j in batch], "in their order"
    assert (len({r[1] for r in rows}) > 1) is several


def test_workers_that_cannot_read_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done is of a module that only this process has: workers that start afresh do not find it."""
    from rembi_sheets.harvest.engines import dask

    class Here(Bad):
        """Of a module of no file."""

    module = ModuleType("of_no_file")
    Here.__module__, Here.__qualname__, module.Here = module.__name__, "Here", Here  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(dask, "_context", lambda: get_context("spawn"))
    with engine("dask", Crew(1)) as work, pytest.raises(Away, match="of_no_file"):
        list(work(Here(), batches("a")))
