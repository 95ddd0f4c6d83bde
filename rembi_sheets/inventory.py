"""A folder on disk as plain data: {path below it: size}, and the contents of small files asked for by name."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

ATTACHMENT_LIMIT = 64 * 1024 * 1024


class Listing(dict[str, int]):
    """Path -> bytes of the files below a folder, and their checksums, computed when asked for."""

    def __init__(self, folder: Path, files: Mapping[str, int]) -> None:
        super().__init__(files)
        self._folder = folder

    def digest(self, path: str, algorithm: str) -> str | None:
        """Hexadecimal digits of a file's content by md5 or sha256; None when it cannot be read."""
        if path not in self or algorithm not in ("md5", "sha256"):
            return None
        try:
            with (self._folder / path).open("rb") as file:
                return hashlib.file_digest(file, algorithm).hexdigest()
        except OSError:
            return None


def scan(folder: Path) -> Listing:
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
    return Listing(folder, dict(sorted(found.items())))


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
