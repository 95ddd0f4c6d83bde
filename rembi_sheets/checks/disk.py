"""The workbook's paths against the files found on disk: pure functions over the submission and its inventory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeAlias

from rembi_sheets import derive
from rembi_sheets.cells import Place
from rembi_sheets.checks import series
from rembi_sheets.findings import Finding, find
from rembi_sheets.inventory import Listing
from rembi_sheets.records import Record
from rembi_sheets.submission import Submission, fold

if TYPE_CHECKING:
    import pandas as pd

Digest: TypeAlias = Callable[[str, str], str | None]
"""Path and algorithm (md5, sha256) -> hexadecimal digits of the file's content; None when it cannot be read."""

# Written beside the data by an earlier conversion, or the workbook's own.
_OURS = re.compile(r"file-lists/.*|[^/]+\.xlsx|[^/]+\.files\.tsv|conversion\.json")
_MANY = 50  # missing files of one folder that are told one by one
_NEIGHBOURS = 2_000  # files of a folder among which a likely name is looked for


def check(submission: Submission, digest: Digest | None = None) -> list[Finding]:
    """Findings of comparing with `submission.inventory` (path below the data folder -> bytes); none without one.

    `digest` computes checksums where Files gives any; else the inventory does, where it can.
    """
    if submission.inventory is None:
        return []
    if digest is None and isinstance(submission.inventory, Listing):
        digest = submission.inventory.digest
    disk = _Disk(submission.inventory)
    rows = _Rows()
    with_pattern = {fold(d.name) for d in submission.image_data if d.path_pattern}
    for chunk in submission.file_chunks():
        rows.read(chunk, with_pattern, disk)
    return [
        *_missing(submission, rows.missing, disk),
        *_sizes(submission, rows, disk),
        *_checksums(submission, rows, digest),
        *_patterns(submission, rows, disk),
        *_other_paths(submission, disk),
        *_unlisted(submission, rows, disk),
        *series.check(submission),
    ]


class _Disk:
    """The inventory with its folders and, made when needed, its names without regard to case."""

    def __init__(self, files: Mapping[str, int]) -> None:
        self.files = files
        self.folders: dict[str, None] = {}
        for path in files:
            folder = path
            while "/" in folder:
                folder = folder.rpartition("/")[0]
                if folder in self.folders:
                    break
                self.folders[folder] = None
        self._folded: dict[str, str] | None = None
        self._names: dict[str, list[str]] | None = None

    def has(self, path: str) -> bool:
        """Is there a file or folder of this path?"""
        return path in self.files or path in self.folders

    def spelled(self, path: str) -> str:
        """The path on disk that differs in case only; '' when there is none."""
        if self._folded is None:
            self._folded = {p.casefold(): p for p in (*self.folders, *self.files)}
        return self._folded.get(path.casefold(), "")

    def near(self, path: str) -> tuple[str, ...]:
        """A likely path: the same name in another folder, or a similar name in the same one."""
        if self._names is None:
            self._names = {}
            for p in self.files:
                self._names.setdefault(p.rpartition("/")[2].casefold(), []).append(p)
        folder, _, name = path.rpartition("/")
        same = self._names.get(name.casefold(), [])
        if len(same) == 1:
            return (same[0],)
        beside = self.inside(folder)
        names = [p.rpartition("/")[2] for p in beside]
        found = get_close_matches(name, names, 1, 0.7) if len(names) <= _NEIGHBOURS else []
        return (f"{folder}/{found[0]}" if folder else found[0],) if found else ()

    def inside(self, folder: str) -> list[str]:
        """Files directly in a folder ('' for the data folder itself)."""
        start = f"{folder}/" if folder else ""
        return [p for p in self.files if p.startswith(start) and "/" not in p[len(start) :]]

    def missing_folder(self, path: str) -> str:
        """The first folder of a path that is not there; '' when all are."""
        parts = path.split("/")[:-1]
        for n in range(1, len(parts) + 1):
            folder = "/".join(parts[:n])
            if folder not in self.folders:
                return folder
        return ""


@dataclass
class _Rows:
    """What Files says of paths: those not on disk by sheet row, sizes and checksums to compare, and all paths."""

    missing: list[tuple[int, str]] = field(default_factory=list)
    sizes: list[tuple[int, str, int]] = field(default_factory=list)
    checksums: list[tuple[int, str, str]] = field(default_factory=list)
    paths: set[str] = field(default_factory=set)
    of_image: dict[str, set[str]] = field(default_factory=dict)

    def read(self, chunk: pd.DataFrame, with_pattern: set[str], disk: _Disk) -> None:
        """A part of Files; `with_pattern` names the image data whose paths are kept apart."""
        names = ("image_data", "path", "size_bytes", "checksum")
        for row, image, path, size, checksum in zip(chunk.index, *(chunk[n] for n in names), strict=True):
            if not isinstance(path, str):
                continue
            self.paths.add(path)
            if with_pattern and isinstance(image, str) and fold(image) in with_pattern:
                self.of_image.setdefault(fold(image), set()).add(path)
            if not disk.has(path):
                self.missing.append((int(row), path))
                continue
            if isinstance(size, int):
                self.sizes.append((int(row), path, size))
            if isinstance(checksum, str):
                self.checksums.append((int(row), path, checksum))


def _missing(sub: Submission, missing: list[tuple[int, str]], disk: _Disk) -> Iterator[Finding]:
    folders: dict[str, list[int]] = {}
    files: dict[str, list[tuple[int, str]]] = {}
    for row, path in missing:
        spelled = disk.spelled(path)
        folder = disk.missing_folder(path)
        if spelled:
            yield find("DISK-CASE", sub.file_place(row, "path"), value=path, suggestions=(spelled,))
        elif folder:
            folders.setdefault(folder, []).append(row)
        else:
            files.setdefault(path.rpartition("/")[0], []).append((row, path))
    for folder, rows in folders.items():
        near = disk.spelled(folder) or next(iter(get_close_matches(folder, list(disk.folders), 1, 0.8)), "")
        places = [sub.file_place(r, "path") for r in rows]
        suggestions = (near,) if near else ()
        yield find("DISK-FOLDER-MISSING", places, value=folder, n=len(rows), suggestions=suggestions)
    for rows_of in files.values():
        if len(rows_of) > _MANY:
            places = [sub.file_place(r, "path") for r, _ in rows_of]
            more = f", nor are {len(rows_of) - 1} other files of its folder"
            yield find("DISK-MISSING", places, value=rows_of[0][1], more=more)
            continue
        for row, path in rows_of:
            at = sub.file_place(row, "path")
            yield find("DISK-MISSING", at, value=path, more="", suggestions=disk.near(path))


def _sizes(sub: Submission, rows: _Rows, disk: _Disk) -> Iterator[Finding]:
    for row, path, given in rows.sizes:
        found = disk.files.get(path)
        if found is not None and found != given:
            yield find("DISK-SIZE", sub.file_place(row, "size_bytes"), value=path, given=given, found=found)


def _checksums(sub: Submission, rows: _Rows, digest: Digest | None) -> Iterator[Finding]:
    if digest is None:
        return
    for row, path, checksum in rows.checksums:
        algorithm, _, given = checksum.partition(":")
        found = digest(path, algorithm.lower())
        if found is not None and found.lower() != given.lower():
            at = sub.file_place(row, "checksum")
            yield find("DISK-CHECKSUM", at, value=path, found=f"{algorithm.lower()}:{found.lower()}")


def _patterns(sub: Submission, rows: _Rows, disk: _Disk) -> Iterator[Finding]:
    """Folders and patterns that find nothing, or not as many files as Files lists; listed folders are not counted."""
    for image in sub.image_data:
        if not image.path_pattern:
            continue
        place = sub.place(image, "path_pattern")
        covers = derive.covered(image.path_pattern)
        found = sum(1 for p in disk.files if covers(p))
        listed = rows.of_image.get(fold(image.name), set())
        if not found and not listed:
            yield find("DISK-PATTERN", place, value=image.path_pattern)
        elif listed and found != len(listed) and all(p in disk.files for p in listed):
            n, m = len(listed), found
            yield find("DISK-COUNT", place, value=image.path_pattern, image=image.name, n=n, m=m)


def _other_paths(sub: Submission, disk: _Disk) -> Iterator[Finding]:
    """Result files, example images and the thumbnail."""
    named: list[tuple[Record, str, tuple[str, ...]]] = [
        *((a, "result_files", a.result_files) for a in sub.analysed_data),
        (sub.study, "thumbnail", (sub.study.thumbnail,) if sub.study.thumbnail else ()),
    ]
    for record, name, paths in named:
        place: Place | str = sub.place(record, name)
        for path in paths:
            if "*" in path or path.endswith("/"):
                covers = derive.covered(path)
                if not any(covers(p) for p in disk.files):
                    yield find("DISK-PATTERN", place, value=path)
            elif not disk.has(path):
                spelled = disk.spelled(path)
                if spelled:
                    yield find("DISK-CASE", place, value=path, suggestions=(spelled,))
                else:
                    yield find("DISK-MISSING", place, value=path, more="", suggestions=disk.near(path))


def _unlisted(sub: Submission, rows: _Rows, disk: _Disk) -> Iterator[Finding]:
    """Files that nothing in the workbook names, by the first folder of their path."""
    patterns = [d.path_pattern for d in sub.image_data if d.path_pattern and not sub.file_counts.get(d.name)]
    patterns += [p for a in sub.analysed_data for p in a.result_files]
    patterns += [sub.study.thumbnail] if sub.study.thumbnail else []
    matches = [derive.covered(p) for p in patterns]
    folders = {p for p in rows.paths if p in disk.folders}
    misspelt = {disk.spelled(path) for _, path in rows.missing}
    left: dict[str, list[str]] = {}
    for path in disk.files:
        if path in rows.paths or path in misspelt or _OURS.fullmatch(path) or any(m(path) for m in matches):
            continue
        if folders and any(above in folders for above in _above(path)):
            continue
        left.setdefault(path.partition("/")[0] if "/" in path else "", []).append(path)
    for folder, paths in left.items():
        where = f"the folder “{folder}”" if folder else "the data folder itself"
        yield find("DISK-UNLISTED", sub.title("files"), value=paths[0], where=where, n=len(paths))


def _above(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
