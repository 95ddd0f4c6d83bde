"""A folder on disk as plain data: {path below it: size}, and the contents of small files asked for by name."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

ATTACHMENT_LIMIT = 64 * 1024 * 1024


def scan(folder: Path) -> Mapping[str, int]:
    """Every file below `folder` with its size in bytes, sorted by path; links are not followed, hidden files left out.

    Raises OSError when the folder cannot be read.
    """
    found: dict[str, int] = {}
    pending = [str(folder)]
    root = len(str(folder).rstrip("/\\")) + 1
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    found[entry.path[root:].replace(os.sep, "/")] = entry.stat(follow_symlinks=False).st_size
    return dict(sorted(found.items()))


def attachments(paths: Iterable[str], roots: Iterable[Path]) -> Mapping[str, bytes]:
    """Contents of those paths that exist as files below one of the roots, the first root first.

    A path that leads outside its root, a link, or a file above ATTACHMENT_LIMIT is not read.
    """
    found: dict[str, bytes] = {}
    folders = [r for r in roots if r.is_dir()]
    for path in paths:
        parts = PurePosixPath(path)
        if parts.is_absolute() or ".." in parts.parts or not parts.parts:
            continue
        for root in folders:
            file = root / parts
            if not file.is_file() or not file.resolve().is_relative_to(root.resolve()):
                continue
            if file.stat().st_size <= ATTACHMENT_LIMIT:
                found[path] = file.read_bytes()
                break
    return found
