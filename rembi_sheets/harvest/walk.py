"""The files of a folder: size, time, key. Links are not followed; a folder that is one thing is one item."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rembi_sheets.harvest.keys import below, raw, raws
from rembi_sheets.vocabularies import file_names

Found = tuple[bytes, int, int]
"""Key (keys.py), bytes, and time of change in nanoseconds of a file, or of a folder that is one thing."""

PAGE = 1_000
_SHOWN = 3


@dataclass
class Passed:
    """What a walk passes over: why -> how many, and the first paths."""

    seen: dict[str, tuple[int, list[str]]] = field(default_factory=dict)

    def add(self, why: str, path: str) -> None:
        """One link or folder more."""
        count, paths = self.seen.get(why, (0, []))
        self.seen[why] = count + 1, [*paths, path] if count < _SHOWN else paths


def walk(folder: Path, passed: Passed) -> Iterator[list[Found]]:
    """All files below a folder in the order of their keys, at most a page at a time, without what programs leave.

    `passed` is told of links and of folders that cannot be read. Raises OSError when the folder itself cannot be.
    """
    pending = [""]
    while pending:
        path = pending.pop()
        place = f"{folder}{os.sep}{path}" if path else str(folder)
        files: dict[str, os.DirEntry[str]] = {}
        folders, linked = list[str](), list[str]()
        try:
            with _looked_into(place) as found:
                for entry in found:
                    if entry.is_file(follow_symlinks=False):
                        files[entry.name] = entry
                    elif entry.is_dir(follow_symlinks=False) and not file_names.is_left(entry.name):
                        folders.append(entry.name)
                    elif entry.is_symlink() and not file_names.is_left(entry.name):
                        linked.append(entry.name)
                if path and file_names.is_marked(files):
                    yield [_whole(place, path)]
                    continue
                whole = {n for n in folders if file_names.is_whole(n, files)}
                items = [*files, *(n for n in whole if not _belongs(n, files))]
                left = file_names.left_among(files)
                names = sorted([n for n in items if n not in left] if left else items)
                for start in range(0, len(names), PAGE):
                    yield _page(place, path, names[start : start + PAGE], files)
        except OSError:
            if not path:
                raise
            passed.add("the folder cannot be read", path)
            continue
        above = f"{path}/" if path else ""
        for name in sorted(linked):
            passed.add("a link, which is not followed; harvest the folder that holds the files", above + name)
        pending += (above + n for n in sorted(folders, reverse=True) if n not in whole)


@contextmanager
def _looked_into(place: str) -> Iterator[Iterator[os.DirEntry[str]]]:
    """The entries of a folder; the way to it is gone once, where a system can that."""
    if os.scandir not in os.supports_fd:
        with os.scandir(place) as found:
            yield found
        return
    handle = os.open(place, os.O_RDONLY)
    try:
        with os.scandir(handle) as found:
            yield found
    finally:
        os.close(handle)


def _page(place: str, path: str, names: list[str], files: dict[str, os.DirEntry[str]]) -> list[Found]:
    """Some names of a folder in order; those that are not among its files are folders that are one thing.

    Entries are let go as they are done: what they keep of a look at a file is much for a large folder.
    """
    start = below(path)
    page: list[Found] = []
    for name, key in zip(names, raws(names), strict=True):
        if (entry := files.pop(name, None)) is None:
            page.append(_whole(f"{place}{os.sep}{name}", f"{path}/{name}" if path else name))
            continue
        try:
            state = entry.stat(follow_symlinks=False)
        except OSError:  # gone since
            continue
        page.append((start + key, state.st_size, state.st_mtime_ns))
    return page


def _belongs(name: str, names: Iterable[str]) -> bool:
    """Is it a folder of a file beside it (a.oif.files, _slide_), which is then read with that file?"""
    return file_names.is_whole(name, names) and not file_names.is_whole(name)


def _whole(place: str, path: str) -> Found:
    """A folder that is one thing: its chunks are not visited; its time is the latest of what lies directly in it."""
    times = [os.lstat(place).st_mtime_ns]
    with os.scandir(place) as found:
        times += [e.stat(follow_symlinks=False).st_mtime_ns for e in found if e.is_file(follow_symlinks=False)]
    above, _, name = path.rpartition("/")
    return below(above) + raw(name), 0, max(times)
