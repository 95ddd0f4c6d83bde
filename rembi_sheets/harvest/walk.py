"""The files of a folder: path, size, time. Links are not followed; a folder that is one thing is one item."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rembi_sheets.vocabularies import file_names


@dataclass(frozen=True, slots=True)
class Found:
    """A file, or a folder that is one thing, `path` below the folder; `changed` in nanoseconds."""

    path: str
    size: int
    changed: int


def walk(folder: Path) -> Iterator[Found]:
    """All files below a folder in the order of their names, without what systems and programs leave.

    Raises OSError when the folder itself cannot be read; one below it that cannot is passed over.
    """
    pending: list[tuple[Path, str]] = [(folder, "")]
    while pending:
        place, path = pending.pop()
        try:
            with os.scandir(place) as found:
                entries = sorted(found, key=lambda e: e.name)
        except OSError:
            if not path:
                raise
            continue
        names = [e.name for e in entries]
        if path and file_names.is_marked(names):
            yield _whole(place, path)
            continue
        folders = []
        for entry in entries:
            where = f"{path}/{entry.name}" if path else entry.name
            if file_names.is_left(entry.name) or entry.is_symlink():
                continue
            if entry.is_dir(follow_symlinks=False):
                if file_names.is_whole(entry.name, names):
                    if not _belongs(entry.name, names):
                        yield _whole(Path(entry.path), where)
                else:
                    folders.append((Path(entry.path), where))
            elif entry.is_file(follow_symlinks=False):
                state = entry.stat(follow_symlinks=False)
                yield Found(where, state.st_size, state.st_mtime_ns)
        pending += reversed(folders)


def _belongs(name: str, names: list[str]) -> bool:
    """Is it a folder of a file beside it (a.oif.files, _slide_), which is then read with that file?"""
    return file_names.is_whole(name, names) and not file_names.is_whole(name)


def _whole(folder: Path, path: str) -> Found:
    """A folder that is one thing; its bytes are those of the files that describe it, its chunks are not visited."""
    state = folder.stat()
    return Found(path, 0, state.st_mtime_ns)
