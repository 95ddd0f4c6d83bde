"""What numbered names of files tell: a gap in a series, a folder with one file more, one number in two spellings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from typing import TypeAlias

from rembi_sheets import derive
from rembi_sheets.cells import Place
from rembi_sheets.findings import Finding, find
from rembi_sheets.submission import Submission

Rows: TypeAlias = list[tuple[int, str]]
At: TypeAlias = Callable[[int], Place | str]

_NUMBER = re.compile(r"\d+")
_NAMED_NUMBER = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]+)[ _\-]?(\d+)(?![0-9])")
_SERIES = 5  # files a series has at least
_FOLDERS = 4  # folders that are compared at least
_LONGEST = 9  # digits of a number that counts something; longer ones are dates and identifiers


def check(submission: Submission) -> list[Finding]:
    """Findings of the paths of each image data, be they in Files or found on disk, and of the names of specimens."""
    by_image: dict[str, list[tuple[int, str]]] = {}
    for part in submission.file_parts():
        named = zip(part.rows, part.values("image_data"), part.values("path"), strict=True)
        for row, image, path in named:
            if isinstance(image, str) and isinstance(path, str):
                by_image.setdefault(image, []).append((row, path))
    out: list[Finding] = []
    for image, rows in by_image.items():
        at = partial(submission.file_place, name="path")
        out += [*_gaps(rows, at, submission), *_odd_counts(image, rows, at), *_spellings_of_folders(rows, at)]
    for d in submission.image_data:
        if d.path_pattern and not submission.file_counts.get(d.name):
            place = submission.place(d, "path_pattern")
            found = [(0, p) for p in derive.images_found(submission, d)]
            always = partial(_same, place)
            out += [*_gaps(found, always, submission), *_odd_counts(d.name, found, always)]
            out += _spellings_of_folders(found, always)
    return [*out, *_spellings_of_specimens(submission)]


def _same(place: Place | str, row: int) -> Place | str:
    return place


def _gaps(rows: Rows, at: At, sub: Submission) -> Iterator[Finding]:
    """Series are paths that differ in one number only: the last or the last but one of the path."""
    on_disk = sub.inventory or {}
    for place in (1, 2):
        series: dict[tuple[str, str], dict[int, tuple[int, str, str]]] = {}
        for row, path in rows:
            numbers = list(_NUMBER.finditer(path))
            if len(numbers) < place or len(numbers[-place][0]) > _LONGEST:
                continue
            number = numbers[-place]
            key = (path[: number.start()], path[number.end() :])
            series.setdefault(key, {})[int(number[0])] = (row, path, number[0])
        for (head, tail), members in series.items():
            for before, skipped in _skipped(members):
                row, path, digits = members[before]
                left = [str(n).zfill(len(digits)) for n in skipped]
                if not any(f"{head}{n}{tail}" in on_disk for n in left):
                    yield find("DISK-GAP", at(row), value=path, numbers=left)


def _skipped(members: dict[int, tuple[int, str, str]]) -> Iterator[tuple[int, list[int]]]:
    """The number before each gap and the numbers left out, where a series has a step of its own and few gaps."""
    if len(members) < _SERIES:
        return
    numbers = sorted(members)
    steps = Counter(b - a for a, b in pairwise(numbers))
    step, often = steps.most_common(1)[0]
    gaps = [(a, b) for a, b in pairwise(numbers) if b - a != step]
    if often * 4 < 3 * (len(numbers) - 1) or any((b - a) % step or b - a > 4 * step for a, b in gaps):
        return
    for a, b in gaps:
        yield a, list(range(a + step, b, step))


def _odd_counts(image: str, rows: Rows, at: At) -> Iterator[Finding]:
    """Folders side by side that hold n files each, and one that holds one more or less."""
    folders: dict[str, list[int]] = {}
    for row, path in rows:
        folders.setdefault(path.rpartition("/")[0], []).append(row)
    beside: dict[str, list[str]] = {}
    for folder in folders:
        beside.setdefault(folder.rpartition("/")[0], []).append(folder)
    for names in beside.values():
        counts = Counter(len(folders[n]) for n in names)
        usual, often = counts.most_common(1)[0]
        if len(names) < _FOLDERS or often * 4 < 3 * len(names):
            continue
        for name in names:
            n = len(folders[name])
            if abs(n - usual) == 1:
                yield find("DISK-ODD-COUNT", at(folders[name][-1]), value=name, image=image, n=n, m=usual)


def _spellings_of_folders(rows: Rows, at: At) -> Iterator[Finding]:
    seen: dict[tuple[str, str, int], str] = {}
    told: set[tuple[str, str]] = set()
    known: set[str] = set()
    for row, path in rows:
        folder = path.rpartition("/")[0]
        if folder in known:
            continue
        known.add(folder)
        above = ""
        for part in folder.split("/"):
            for found in _NAMED_NUMBER.finditer(part):
                key = (above, found[1].casefold(), int(found[2]))
                first = seen.setdefault(key, found[0])
                if first != found[0] and (first, found[0]) not in told:
                    told.add((first, found[0]))
                    yield find("DISK-SPELLINGS", at(row), value=found[0], other=first)
            above = f"{above}/{part}"


def _spellings_of_specimens(sub: Submission) -> Iterator[Finding]:
    seen: dict[tuple[str, ...], str] = {}
    for specimen in sub.specimens:
        plain = _NAMED_NUMBER.sub(lambda m: f"{m[1].casefold()}{int(m[2])}", specimen.name)
        first = seen.setdefault((" ".join(plain.split()).casefold(),), specimen.name)
        if first != specimen.name:
            yield find("DISK-SPELLINGS", sub.place(specimen, "name"), value=specimen.name, other=first)
