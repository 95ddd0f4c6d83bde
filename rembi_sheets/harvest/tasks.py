"""What is done with one file in a pass: its header read, or its checksum taken. Picklable, for any engine."""

from __future__ import annotations

import hashlib
import os
import posixpath
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from rembi_sheets.harvest.coding import SHORT, pack
from rembi_sheets.harvest.companions import place_of
from rembi_sheets.harvest.engines import Job
from rembi_sheets.harvest.keys import below, raw
from rembi_sheets.harvest.model import Item, Status
from rembi_sheets.harvest.sniff import look, reader_for

LIMIT = 30.0
CHECKSUMS = ("md5", "sha256")


@dataclass(frozen=True)
class Headers:
    """Key, name of the reader ('' for none), what became of it, its stem and whether it tells of others; its links
    (name and folder of each).

    All as the store keeps it: what can be done by many at once is not left for the one that writes.
    """

    folder: Path
    limit: float = LIMIT

    def __call__(self, job: Job) -> tuple[Any, ...]:
        """The row of a file."""
        key, path, size = job
        return self._row(key, look(f"{self.folder}{os.sep}{path}", path, size))

    def lost(self, job: Job, why: str) -> tuple[Any, ...]:
        """The row of a file that no reader survives."""
        key, path, size = job
        reader = reader_for(self.folder / path)
        return self._row(key, Item(path, size, Status.FAILED, notes=(why,), reader=reader))

    @staticmethod
    def _row(key: bytes, item: Item) -> tuple[Any, ...]:
        stem, tells = place_of(item)
        header = item.header
        links = header.links if header is not None and (header.companion or header.linked_places) else ()
        named = tuple(dict.fromkeys(_aim(item.path, link) for link in links))
        said = pack(item)
        if len(said) < SHORT:
            said = _one(said)
        return key, item.reader, said, None if stem is None else raw(stem), int(tells), named


def _aim(path: str, link: str) -> tuple[bytes, bytes]:
    """Name (in small letters) and folder of a file that the file of a path names, in the form of the store."""
    way, _, name = link.rpartition("/")
    folder = path.rpartition("/")[0]
    if way:
        folder = posixpath.normpath(posixpath.join(folder, way))
    return raw(name.casefold()), below("" if folder == "." else folder)


@lru_cache(256)
def _one(text: str) -> str:
    """The same text for all files that say the same: a batch of them carries it once."""
    return text


@dataclass(frozen=True)
class Checksums:
    """Key, and the checksum as 'sha256:...'; '' for a folder, and for a file that cannot be read."""

    folder: Path
    kind: str
    limit: float = 0.0

    def __call__(self, job: Job) -> tuple[Any, ...]:
        """The row of a file."""
        key, path, _ = job
        file = self.folder / path
        try:
            if file.is_dir():
                return key, ""
            with file.open("rb") as opened:
                return key, f"{self.kind}:{hashlib.file_digest(opened, self.kind).hexdigest()}"
        except OSError:
            return key, ""

    def lost(self, job: Job, why: str) -> tuple[Any, ...]:
        """No checksum."""
        return job[0], ""
