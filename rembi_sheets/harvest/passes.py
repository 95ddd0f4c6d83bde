"""The three passes over a folder: walk, headers, checksums. Each stops at any moment and goes on where it stood."""

from __future__ import annotations

import zlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import Self

from rembi_sheets.harvest.engines import AUTO, BESIDE, Batch, Crew, Hired, Job, chosen
from rembi_sheets.harvest.engines.alone import alone
from rembi_sheets.harvest.readers import all_readers
from rembi_sheets.harvest.store import Changes, Store
from rembi_sheets.harvest.tasks import Checksums, Headers
from rembi_sheets.harvest.walk import Passed, walk

BATCH = 200
_BATCH_BYTES = 2**30  # of checksums, which read all of a file
_WALKED = 1_000  # files that the walk has for the store at a time


@dataclass(frozen=True, slots=True)
class Plan:
    """How a folder is harvested.

    `shard`: (this part, number of parts), counted from 1. `sample`: headers of so many files of each folder and ending,
    0 for all. `checksum`: md5, sha256, or '' for none.
    """

    engine: str = AUTO
    crew: Crew = field(default_factory=Crew)
    shard: tuple[int, int] = (1, 1)
    sample: int = 0
    checksum: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """Where a pass stands: files done, files in all (0: not known yet), their bytes, and how many no reader reads."""

    stage: str
    done: int
    total: int
    bytes: int
    unread: int = 0


Watcher = Callable[[Step], None]


def run(folder: Path, store: Store, plan: Plan, watcher: Watcher) -> None:
    """All passes. Raises OSError when the folder cannot be read, Away when the engine cannot work."""
    with Hired(plan.crew) as hired:
        sure, new = chosen(plan.engine, 0, plan.crew), not store.count
        if sure != "serial" and new:  # there will be work: the engine gets ready beside the walk
            hired[sure]
        walking = Walking(folder, store, watcher)
        for seen in walking:
            if new and seen and not plan.sample and chosen(plan.engine, seen, plan.crew) in BESIDE:
                break  # the rest of the walk is done beside the headers
        store.read_with({"": " ".join(r.name for r in all_readers())} | {r.name: r.stamp for r in all_readers()})
        headers = Headers(folder)
        if left := store.doing():  # another run ended over one of these; which one, a process of its own finds out
            store.read(alone(headers, left))
        walking.told = False
        _spread(headers, hired, store, plan, watcher, walking)
        if plan.checksum:
            _spread(Checksums(folder, plan.checksum), hired, store, plan, watcher, walking)


class Walking:
    """The walk, as far as it is asked for: an iterator that says how many files it has seen."""

    def __init__(self, folder: Path, store: Store, watcher: Watcher) -> None:
        """Nothing is done yet. Its steps are told as long as `told`."""
        self.told, self.ended = True, False
        self._parts = _look_around(folder, store, lambda step: watcher(step) if self.told else None)

    def __iter__(self) -> Self:
        """Itself: whoever asks gets what no other has asked for."""
        return self

    def __next__(self) -> int:
        """Some files more are in the store. Raises OSError when the folder cannot be read."""
        try:
            return next(self._parts)
        except StopIteration:
            self.ended = True
            raise


def look_around(folder: Path, store: Store, watcher: Watcher) -> None:
    """The whole walk. Raises OSError when the folder cannot be read."""
    for _ in Walking(folder, store, watcher):
        pass


def _look_around(folder: Path, store: Store, watcher: Watcher) -> Iterator[int]:
    """The walk: only what differs from the store is written. Both are in the same order, and mostly alike."""
    seen = size = 0
    known, rest = store.known(), Changes()
    changed, old, gone, passed = Changes(), list[bytes](), list[bytes](), Passed()
    for page in walk(folder, passed):
        seen, size = seen + len(page), size + sum(found[1] for found in page)
        watcher(Step("walk", seen, 0, size))
        while page:
            rest = rest or next(known, [])
            here = there = min(len(page), len(rest))
            if not rest:
                here = len(page)
                changed += page
            elif page[:here] != rest[:there]:
                here, there = _differing(page, rest, changed, old, gone)
            page, rest = page[here:], rest[there:]
        if len(changed) + len(gone) >= _WALKED:
            store.walked(changed, old, gone)
            changed, old, gone = [], [], []
            yield seen
    for page in (rest, *known):
        gone += (one[0] for one in page)
    if changed or gone:
        store.walked(changed, old, gone)
    store.passed_over(passed.seen)
    watcher(Step("walk", seen, seen, size))
    yield seen


def _differing(page: Changes, rest: Changes, changed: Changes, old: list[bytes], gone: list[bytes]) -> tuple[int, int]:
    """Adds what differs up to the last key that both reach; how many of each that are."""
    last = min(page[-1][0], rest[-1][0])
    here, there = (bisect_right(side, last, key=itemgetter(0)) for side in (page, rest))
    mine, kept = page[:here], rest[:there]
    others = sorted(set(mine).difference(kept))
    known = {k[0] for k in kept}
    changed += others
    old += (o[0] for o in others if o[0] in known)
    gone += known.difference(m[0] for m in mine)
    return here, there


def _chosen(store: Store, plan: Plan, table: str, kind: str, walking: Iterable[int] = ()) -> Iterator[Job]:
    """Those that wait, of this part and of the sample."""
    part, parts = plan.shard
    jobs = _sampled(store.jobs(table, kind), plan.sample) if plan.sample else store.waiting(table, kind, walking)
    return (job for job in jobs if parts < 2 or zlib.crc32(job[0]) % parts == part - 1)


def _count(store: Store, plan: Plan, table: str, kind: str) -> int:
    """How many they are."""
    if plan.sample or plan.shard[1] > 1:
        return sum(1 for _ in _chosen(store, plan, table, kind))
    return store.left(table, kind)


def _sampled(jobs: Iterable[tuple[Job, bool]], most: int) -> Iterator[Job]:
    """The first of each folder and ending that wait: files of a folder follow on each other, so that one count does."""
    here, counts = "", Counter[str]()
    for job, done in jobs:
        folder, _, name = job[1].rpartition("/")
        if folder != here:
            here, counts = folder, Counter()
        ending = name.rpartition(".")[2].casefold()
        counts[ending] += 1
        if counts[ending] <= most and not done:
            yield job


def _batches(jobs: Iterable[Job], most: float) -> Iterator[Batch]:
    batch: Batch = []
    size = 0
    for job in jobs:
        batch.append(job)
        size += job[2]
        if len(batch) == BATCH or size >= most:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _spread(
    task: Headers | Checksums, hired: Hired, store: Store, plan: Plan, watcher: Watcher, walking: Walking
) -> None:
    """One pass: the engine does the task, the store keeps what comes. Files that the walk still finds are done, too."""
    headers = isinstance(task, Headers)
    about = ("headers", "") if headers else ("checksums", plan.checksum)
    waiting = _count(store, plan, *about)
    total = waiting if walking.ended else 0
    if not waiting and walking.ended:
        return
    name = chosen(plan.engine, total or store.count, plan.crew)
    batches = _batches(_chosen(store, plan, *about, walking), float("inf") if headers else _BATCH_BYTES)
    if name == "serial" and headers:
        batches = _noted(batches, store)
    done = unread = 0
    with closing(hired[name](task, batches)) as coming:
        for rows in coming:
            (store.read if headers else store.summed)(rows)
            done += len(rows)
            unread += sum(1 for r in rows if not r[1])
            if not total and walking.ended:
                total = done + _count(store, plan, *about)
            watcher(Step(about[0], done, total, 0, unread))


def _noted(batches: Iterable[Batch], store: Store) -> Iterator[Batch]:
    for batch in batches:
        store.begin(batch)
        yield batch
