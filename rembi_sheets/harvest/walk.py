"""The files of a folder: path, size, time. Links are not followed; a folder that is one thing is one item."""

from __future__ import annotations

import os
from collections.abc import Iterator
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
        try:
            with os.scandir(place) as found:
                kinds = {e.name: _kind(e) for e in found}
        except OSError:
            if not path:
                raise
            continue
        names = sorted(kinds)
        if path and file_names.is_marked(kinds):
            yield _whole(place, path)
            continue
        above, start = f"{path}/" if path else "", below(path)
        folders = []
        for name in names:
            kind = kinds[name]
            if not kind or file_names.is_left(name):
                continue
            if kind == "file":
                try:
                    state = os.lstat(f"{place}{os.sep}{name}")
                except OSError:  # gone since
                    continue
                yield Found(above + name, state.st_size, state.st_mtime_ns, start + raw(name))
            elif not file_names.is_whole(name, names):
                folders.append(above + name)
            elif not _belongs(name, names):
                yield _whole(f"{place}{os.sep}{name}", above + name)
        pending += reversed(folders)


def _kind(entry: os.DirEntry[str]) -> str:
    """'file', 'folder', or '' for a link and what is neither."""
    if entry.is_file(follow_symlinks=False):
        return "file"
    return "folder" if entry.is_dir(follow_symlinks=False) else ""


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
