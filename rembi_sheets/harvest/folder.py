"""A folder, harvested by way of a store: the passes, companions joined, groups. Memory is flat, however many files."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rembi_sheets import steps
from rembi_sheets.harvest.coding import unpack_group
from rembi_sheets.harvest.companions import join
from rembi_sheets.harvest.model import Group, Item, Status
from rembi_sheets.harvest.passes import Plan, Watcher, run
from rembi_sheets.harvest.store import Store, Unfit
from rembi_sheets.harvest.together import together


class Items(Collection[Item]):
    """All files in the order of the walk, with what companions say of them; read from the store each time."""

    def __init__(self, store: Store) -> None:
        """`store`: open as long as these are used."""
        self._store = store

    def __len__(self) -> int:
        """How many there are."""
        return self._store.count

    def __iter__(self) -> Iterator[Item]:
        """One after the other."""
        return join(self._store.items(), self._store)

    def paths(self) -> Iterator[str]:
        """Where they lie, in the same order, at a small part of the cost."""
        return self._store.paths()

    def __contains__(self, item: object) -> bool:
        """Is it one of them?"""
        return any(item == i for i in self)


@dataclass(frozen=True)
class Harvest:
    """All files of a folder in the order of the walk, and the groups.

    `counts`: files of each state; `remarks`: what is said of files -> how many, and the first paths; `lacking`: what is
    not read for want of a library ('formats: command') -> number of files; `passed`: what the walk passed over, as
    remarks.
    """

    folder: str
    items: Items
    groups: Sequence[Group]
    counts: Counter[Status]
    remarks: dict[str, tuple[int, list[str]]]
    lacking: dict[str, int]
    passed: dict[str, tuple[int, list[str]]] = field(default_factory=dict)


def harvest(folder: Path, plan: Plan | None = None, store: Store | None = None) -> Harvest:
    """What the headers below a folder say. Raises OSError when the folder cannot be read."""
    told: Watcher = lambda step: steps.tell("files", step.done, step.total)  # noqa: E731
    return through(folder, store or Store(), plan or Plan(engine="serial"), told)


def through(folder: Path, store: Store, plan: Plan, watcher: Watcher) -> Harvest:
    """As `harvest`, with a store that may hold what an earlier run found. Raises Unfit when it is another folder's."""
    name = folder.absolute().name
    if (known := store.about("folder")) and known != name:
        raise Unfit(f"The store is of the folder {known}, not of {name}; give each folder one of its own")
    if not known:
        with store:
            store.keep("folder", name)
    run(folder, store, plan, watcher)
    return result(store, watcher)


def result(store: Store, watcher: Watcher = lambda _: None) -> Harvest:
    """The harvest that a store holds; what was put together for it before is taken as it is, if nothing changed."""
    if not (kept := store.about("result")):
        kept = json.dumps(together(store, watcher), ensure_ascii=True)
        with store:
            store.keep("result", kept)
    told = json.loads(kept)
    return Harvest(
        folder=store.about("folder"),
        items=Items(store),
        groups=tuple(unpack_group(g, store.members(n)) for n, g in enumerate(told["groups"])),
        counts=Counter({Status(s): n for s, n in told["counts"].items()}),
        remarks={note: (count, paths) for note, count, paths in told["remarks"]},
        lacking=told["lacking"],
        passed={why: (count, paths) for why, (count, paths) in json.loads(store.about("passed") or "{}").items()},
    )
