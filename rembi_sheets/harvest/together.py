"""What all files of a store say, put together once: their groups, how many of each state there are, what needs a look.

Files of a folder that say the same, to the letter, belong to one group: the first of them is looked at, the others are
counted. Not so where their names may say more (planes, previews, references), or files beside them do.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import Any

from rembi_sheets.harvest.coding import SHORT, pack_group
from rembi_sheets.harvest.companions import is_preview, joined, plainly_named
from rembi_sheets.harvest.groups import Groups
from rembi_sheets.harvest.keys import folder_of, path_of
from rembi_sheets.harvest.model import Item, Status
from rembi_sheets.harvest.passes import Step, Watcher
from rembi_sheets.harvest.planes import tell_planes
from rembi_sheets.harvest.results import Results, Run, Told
from rembi_sheets.harvest.store import Store

SHOWN = 3
"""Files of one remark whose paths are kept; all of them are with the items."""

_MOST = 256  # kinds of files of a folder that are kept as they were looked at


def together(store: Store, watcher: Watcher) -> dict[str, Any]:
    """The result of a store as JSON; which files a group has stands in the store itself."""
    sums, total, done = _Sums(store), store.count, 0
    with store:
        store.no_teams()
        for page in store.told():
            store.team(sums.add(page))
            done += len(page)
            watcher(Step("result", done, total, 0))
    return sums.result()


def said_of(item: Item) -> tuple[str, ...]:
    """What needs a look: the warnings of a file, and why it could not be read."""
    failed = item.notes if item.status is Status.FAILED else ()
    return (*(item.header.warnings if item.header else ()), *failed)


class _Alike:
    """Files of one folder that say the same: the first of them, the number of its group, and the others."""

    __slots__ = ("bytes", "files", "first", "team")

    def __init__(self, first: Item, team: int | None) -> None:
        self.first, self.team = first, team
        self.files = self.bytes = 0


class _Sums:
    """Everything that is counted, as files come in the order of the walk."""

    def __init__(self, store: Results) -> None:
        self._store = store
        self._groups = Groups()
        self._counts, self._lacking = Counter[str](), Counter[str]()
        self._remarks: dict[str, tuple[int, list[str]]] = {}
        self._folder, self._seen = b"", dict[str, _Alike]()
        self._placed = Counter[int]()

    def add(self, page: list[Told]) -> list[Run]:
        """Some files more: those of each group that follow on each other."""
        runs, end = [], 0
        for team, some in groupby(self._teams(page)):
            start, end = end, end + sum(1 for _ in some)
            if team is not None:
                runs.append((team, self._placed[team], end - start, page[start][0], page[end - 1][0]))
                self._placed[team] += end - start
        return runs

    def _teams(self, page: list[Told]) -> list[int | None]:
        """The number of the group of each; None for one that has none."""
        teams = []
        plain = self._plain(page)
        for key, size, said in page:
            if (folder := folder_of(key)) != self._folder:
                self._count()
                self._folder = folder
            alike = self._seen.get(said) if plain else None
            if alike is not None:
                alike.files += 1
                alike.bytes += size
                team = alike.team
            else:
                item = joined(Results.item(key, size, said), self._store)
                team = self._look(item)
                if plain and len(said) < SHORT and len(self._seen) < _MOST and self._is_told(item):
                    self._seen[said] = _Alike(item, team)
            teams.append(team)
        self._count()
        return teams

    def _plain(self, page: list[Told]) -> bool:
        """Do the names of these files say nothing, and do no others tell of them?"""
        if not self._store.silent:
            return False
        paths = [path_of(key) for key, _, _ in page]
        return plainly_named(paths) and not tell_planes(paths)

    def _look(self, item: Item) -> int | None:
        """One file by itself; the number of its group."""
        self._counts[item.status] += 1
        if item.lacking:
            self._lacking[item.lacking] += 1
        for note in said_of(item):
            count, paths = self._remarks.get(note, (0, []))
            self._remarks[note] = (count + 1, [*paths, item.path] if count < SHOWN else paths)
        return self._groups.add(item)

    def _is_told(self, item: Item) -> bool:
        """Do others that say the same add a number only: to its group, and to remarks that name files enough?"""
        return not is_preview(item) and all(len(self._remarks[note][1]) == SHOWN for note in said_of(item))

    def _count(self) -> None:
        """The files that were passed over as like another one."""
        for alike in self._seen.values():
            if not alike.files:
                continue
            item = alike.first
            self._counts[item.status] += alike.files
            if item.lacking:
                self._lacking[item.lacking] += alike.files
            for note in said_of(item):
                count, paths = self._remarks[note]
                self._remarks[note] = count + alike.files, paths
            if alike.team is not None:
                self._groups.again(alike.team, item, alike.files, alike.bytes)
        self._seen.clear()

    def result(self) -> dict[str, Any]:
        """All of it as JSON."""
        return {
            "groups": [pack_group(g) for g in self._groups.made(lambda _: ())],
            "counts": self._counts,
            "remarks": [(note, count, paths) for note, (count, paths) in self._remarks.items()],
            "lacking": self._lacking,
        }
