"""The files of a folder: path, size, time. Links are not followed; a folder that is one thing is one item."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from rembi_sheets.harvest.keys import below, raw
from rembi_sheets.vocabularies import file_names


class Found(NamedTuple):
    """A file, or a folder that is one thing, `path` below the folder; `changed` in nanoseconds; `key` as in keys.py."""

    path: str
    size: int
    changed: int
    key: bytes


def walk(folder: Path) -> Iterator[Found]:
    """All files below a folder in the order of their keys, without what systems and programs leave.

    Raises OSError when the folder itself cannot be read; one below it that cannot is passed over.
    """
    pending = [""]
    while pending:
        path = pending.pop()
        place = f"{folder}{os.sep}{path}" if path else str(folder)
        files: list[str] = []
        folders: list[str] = []
        try:
            with os.scandir(place) as found:
                for entry in found:
                    if entry.is_file(follow_symlinks=False):
                        files.append(entry.name)
                    elif entry.is_dir(follow_symlinks=False) and not file_names.is_left(entry.name):
                        folders.append(entry.name)
        except OSError:
            if not path:
                raise
            continue
        if path and file_names.is_marked(files):
            yield _whole(place, path)
            continue
        above, start = f"{path}/" if path else "", below(path)
        whole = {n for n in folders if file_names.is_whole(n, files)}
        pending += (above + n for n in sorted(folders, reverse=True) if n not in whole)
        left = file_names.left_among(files)
        with _states(place) as state_of:
            for name in sorted([*files, *whole]):
                if name in whole:
                    if not _belongs(name, files):
                        yield _whole(f"{place}{os.sep}{name}", above + name)
                elif name not in left:
                    try:
                        state = state_of(name)
                    except OSError:  # gone since
                        continue
                    yield Found(above + name, state.st_size, state.st_mtime_ns, start + raw(name))


@contextmanager
def _states(place: str) -> Iterator[Callable[[str], os.stat_result]]:
    """Size and time of a file of a folder by its name; the way to the folder is gone once, where a system can that."""
    if os.stat not in os.supports_dir_fd:
        yield lambda name: os.lstat(f"{place}{os.sep}{name}")
        return
    handle = os.open(place, os.O_RDONLY)
    try:
        yield partial(os.stat, dir_fd=handle, follow_symlinks=False)
    finally:
        os.close(handle)


def _belongs(name: str, names: list[str]) -> bool:
    """Is it a folder of a file beside it (a.oif.files, _slide_), which is then read with that file?"""
    return file_names.is_whole(name, names) and not file_names.is_whole(name)


def _whole(place: str, path: str) -> Found:
    """A folder that is one thing: its chunks are not visited; its time is the latest of what lies directly in it."""
    times = [os.lstat(place).st_mtime_ns]
    with os.scandir(place) as found:
        times += [e.stat(follow_symlinks=False).st_mtime_ns for e in found if e.is_file(follow_symlinks=False)]
    above, _, name = path.rpartition("/")
    return Found(path, 0, max(times), below(above) + raw(name))
