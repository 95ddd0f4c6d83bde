"""The workbook's paths against the files found on disk: pure functions over the submission and its inventory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from rembi_sheets import derive, paths
from rembi_sheets.attached import attached
from rembi_sheets.cells import Place
from rembi_sheets.checks import disk_missing, disk_odd, series
from rembi_sheets.findings import Finding, find
from rembi_sheets.inventory import Listing, covering
from rembi_sheets.records import ImageData, Record
from rembi_sheets.submission import Submission, fold
from rembi_sheets.tables import Table

Digest: TypeAlias = Callable[[str, str], str | None]
"""Path and algorithm (md5, sha256) -> hexadecimal digits of the file's content; None when it cannot be read."""

# Written beside the data by an earlier conversion, or the workbook's own.
_OURS = re.compile(r"file-lists/.*|[^/]+\.xlsx|[^/]+\.files\.tsv|conversion\.json")

_MANY = 5  # equal mistakes of different files that are told one by one
T = TypeVar("T")


def check(submission: Submission, digest: Digest | None = None) -> list[Finding]:
    """Findings of comparing with `submission.inventory` (path below the data folder -> bytes); none without one.

    `digest` computes checksums where Files gives any; else the inventory does, where it can.
    """
    if submission.inventory is None:
        return []
    if digest is None and isinstance(submission.inventory, Listing):
        digest = submission.inventory.digest
    disk = Listing.of(submission.inventory)
    rows = _Rows()
    with_pattern = {fold(d.name) for d in submission.image_data if d.path_pattern}
    for part in submission.file_parts():
        rows.read(part, with_pattern, disk)
    missing, told = disk_missing.of_rows(submission, rows.missing, disk, rows.paths)
    return [
        *missing,
        *_sizes(submission, rows, disk),
        *_checksums(submission, rows, digest),
        *_patterns(submission, rows, disk),
        *_other_paths(submission, disk),
        *_unlisted(submission, rows, told, disk),
        *disk_odd.check(submission, rows.empty, disk),
        *series.check(submission),
    ]


@dataclass
class _Rows:
    """What Files says of paths: those not on disk and those of empty files by sheet row, sizes and checksums to
    compare, and all paths."""

    missing: list[tuple[int, str]] = field(default_factory=list)
    empty: list[tuple[int, str]] = field(default_factory=list)
    sizes: list[tuple[int, str, int]] = field(default_factory=list)
    checksums: list[tuple[int, str, str]] = field(default_factory=list)
    paths: set[str] = field(default_factory=set)
    of_image: dict[str, set[str]] = field(default_factory=dict)

    def read(self, part: Table, with_pattern: set[str], disk: Listing) -> None:
        """A part of Files; `with_pattern` names the image data whose paths are kept apart."""
        names = ("image_data", "path", "size_bytes", "checksum")
        for row, image, path, size, checksum in zip(part.rows, *map(part.values, names), strict=True):
            if not isinstance(path, str):
                continue
            self.paths.add(path)
            if with_pattern and isinstance(image, str) and fold(image) in with_pattern:
                self.of_image.setdefault(fold(image), set()).add(path)
            if not disk.spelled(path):
                self.missing.append((row, path))
                continue
            if disk.get(path) == 0:
                self.empty.append((row, path))
            if isinstance(size, int):
                self.sizes.append((row, path, size))
            if isinstance(checksum, str):
                self.checksums.append((row, path, checksum))


def _sizes(sub: Submission, rows: _Rows, disk: Listing) -> Iterator[Finding]:
    wrong = [(row, path, given, disk[path]) for row, path, given in rows.sizes if disk.get(path, given) != given]
    for several in _together(wrong):
        _, path, given, found = several[0]
        at = [sub.file_place(row, "size_bytes") for row, *_ in several]
        yield find("DISK-SIZE", at, value=path, given=given, found=found, more=_more(several))


def _checksums(sub: Submission, rows: _Rows, digest: Digest | None) -> Iterator[Finding]:
    wrong = []
    for row, path, checksum in rows.checksums if digest is not None else ():
        algorithm, _, given = checksum.partition(":")
        found = digest(path, algorithm.lower()) if digest is not None else None
        if found is not None and found.lower() != given.lower():
            wrong.append((row, path, f"{algorithm.lower()}:{found.lower()}"))
    for several in _together(wrong):
        _, path, sum_ = several[0]
        at = [sub.file_place(row, "checksum") for row, *_ in several]
        yield find("DISK-CHECKSUM", at, value=path, found=sum_, more=_more(several))


def _together(wrong: list[T]) -> list[list[T]]:
    """A few one by one, many as one."""
    return [wrong] if len(wrong) > _MANY else [[w] for w in wrong]


def _more(several: Sequence[object]) -> str:
    return f"; so it is with {len(several) - 1} other files" if len(several) > 1 else ""


def _patterns(sub: Submission, rows: _Rows, disk: Listing) -> Iterator[Finding]:
    """Folders and patterns that find nothing, or not as many files as Files lists; listed folders are not counted."""
    for image in sub.image_data:
        if not image.path_pattern:
            continue
        place = sub.place(image, "path_pattern")
        found, images = disk.covered(image.path_pattern), derive.images_found(sub, image)
        listed = rows.of_image.get(fold(image.name), set())
        if not found and not listed:
            yield _nothing(sub, place, image.path_pattern, image, disk)
        elif listed and len(listed) not in (len(found), len(images)) and all(p in disk for p in listed):
            n, m = len(listed), len(images)
            yield find("DISK-COUNT", place, value=image.path_pattern, image=image.name, n=n, m=m)


def _other_paths(sub: Submission, disk: Listing) -> Iterator[Finding]:
    """Result files, the thumbnail, and files that cells name among their words."""
    named: list[tuple[Record, str, tuple[str, ...]]] = [
        *((a, "result_files", a.result_files) for a in sub.analysed_data),
        (sub.study, "thumbnail", (sub.study.thumbnail,) if sub.study.thumbnail else ()),
    ]
    for record, name, given in named:
        place: Place | str = sub.place(record, name)
        for path in given:
            if "://" in path:
                continue
            if "*" in path or path.endswith("/"):
                if not disk.covered(path):
                    yield _nothing(sub, place, path, record, disk)
            elif not disk.spelled(path):
                yield from disk_missing.of_cell(sub, place, path, disk)
    for file in attached(sub):
        if not disk.spelled(file.path):
            yield from disk_missing.of_cell(sub, sub.place(file.record, file.field), file.path, disk)


def _nothing(sub: Submission, place: Place | str, pattern: str, record: Record, disk: Listing) -> Finding:
    """No file is found for a folder or pattern; another end of it may find some."""
    name = "path_pattern" if isinstance(record, ImageData) else "result_files"
    form = sub.schema[record.SHEET][name].format
    root = paths.last_folder(sub.study.data_folder)
    likely = paths.meant(pattern, form, disk, root).path if form is not None and not paths.fault(pattern, form) else ""
    return find("DISK-PATTERN", place, value=pattern, suggestions=(likely,) if likely else ())


def _unlisted(sub: Submission, rows: _Rows, told: set[str], disk: Listing) -> Iterator[Finding]:
    """Files that nothing in the workbook names, by the first folder of their path; `told`: named with a slip."""
    patterns = [d.path_pattern for d in sub.image_data if d.path_pattern and not sub.file_counts.get(d.name)]
    patterns += [p for a in sub.analysed_data for p in a.result_files]
    patterns += [sub.study.thumbnail] if sub.study.thumbnail else []
    patterns += {f.path for f in attached(sub)}
    matches = [_covering(p) for p in patterns]
    folders = {p for p in rows.paths if p in disk.folders}
    within = {above for path in rows.paths if path not in disk for above in _above(path) if above in disk.wholes}
    left: dict[str, list[str]] = {}
    for path in disk:
        known = path in rows.paths or path in told or path in within
        if known or _OURS.fullmatch(path) or any(m(path) for m in matches):
            continue
        if folders and any(above in folders for above in _above(path)):
            continue
        left.setdefault(path.partition("/")[0] if "/" in path else "", []).append(path)
    if len(left) > _MANY:
        where, n = f"{len(left)} folders", sum(map(len, left.values()))
        yield find("DISK-UNLISTED", sub.title("files"), value=next(iter(left.values()))[0], where=where, n=n)
        return
    for folder, found in left.items():
        where = f"the folder “{folder}”" if folder else "the data folder itself"
        yield find("DISK-UNLISTED", sub.title("files"), value=found[0], where=where, n=len(found))


def _covering(pattern: str) -> Callable[[str], bool]:
    """As `covering`, with the folders that are one thing."""
    covers = covering(pattern)
    return lambda path: covers(path) or covers(f"{path}/") if pattern.endswith("/") else covers(path)


def _above(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
