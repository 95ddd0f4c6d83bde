"""What is odd about the files themselves: empty, links that lead nowhere, names that look alike, what was left out.

One finding of a kind, with the number of files and the first of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rembi_sheets import derive
from rembi_sheets.findings import Finding, Severity, find
from rembi_sheets.inventory import Listing, Odd
from rembi_sheets.submission import Submission
from rembi_sheets.vocabularies import file_names

_CODES = {
    Odd.BROKEN: "DISK-LINK-BROKEN",
    Odd.CIRCLE: "DISK-LINK-CIRCLE",
    Odd.UNREADABLE: "DISK-UNREADABLE",
    Odd.LEFT: "DISK-LEFT-OUT",
}


def check(sub: Submission, empty: Sequence[tuple[int, str]], disk: Listing) -> Iterator[Finding]:
    """All of it; `empty`: sheet rows and paths of Files whose files are empty."""
    if empty:
        places = [sub.file_place(row, "path") for row, _ in empty]
        yield find("DISK-EMPTY", places, value=empty[0][1], n=len(empty))
    for image in sub.image_data:
        if not image.path_pattern or sub.file_counts.get(image.name):
            continue
        place, found = sub.place(image, "path_pattern"), derive.found(sub, image.path_pattern)
        nothing = [p for p in found if disk[p] == 0]
        if nothing:
            yield find("DISK-EMPTY", place, value=nothing[0], n=len(nothing))
    for analysis in sub.analysed_data:
        nothing = [p for path in analysis.result_files for p in derive.found(sub, path) if disk[p] == 0]
        if nothing:
            yield find("DISK-EMPTY", sub.place(analysis, "result_files"), value=nothing[0], n=len(nothing))
    if sub.study.thumbnail and disk.get(sub.study.thumbnail) == 0:
        yield find("DISK-EMPTY", sub.place(sub.study, "thumbnail"), value=sub.study.thumbnail, n=1)
    yield from _formats(sub)
    if disk.twins:
        first, second = disk.twins[0]
        yield find("DISK-TWINS", sub.title("files"), value=first, other=second, n=len(disk.twins))
    listed = (
        {path for chunk in sub.file_chunks() for path in chunk["path"] if isinstance(path, str)} if disk.odd else ()
    )
    for kind, code in _CODES.items():
        those = [p for p, k in disk.odd.items() if k is kind and p not in listed]
        if those:
            severity = Severity.WARNING if kind is Odd.BROKEN else None  # nothing in the workbook names it
            yield find(code, sub.title("files"), value=those[0], n=len(those), severity=severity)


def _formats(sub: Submission) -> Iterator[Finding]:
    """Image data none of whose files has an ending of the format said, though another format's are among them."""
    files: dict[str, list[str]] = {d.name: derive.found(sub, d.path_pattern) for d in sub.image_data if d.path_pattern}
    listed = {d.name: d for d in sub.image_data if sub.file_counts.get(d.name)}
    files |= {name: [] for name in listed}
    for chunk in sub.file_chunks() if listed else ():
        for image, path in zip(chunk["image_data"], chunk["path"], strict=True):
            if image in listed and isinstance(path, str) and len(files[image]) < 10_000:
                files[image].append(path)
    for image in sub.image_data:
        endings, found = file_names.endings(image.file_format), files.get(image.name, [])
        if not endings or not found or any(file_names.fit(image.file_format)(p) == file_names.OF_FORMAT for p in found):
            continue
        other = next((p for p in found if file_names.format_of(p)), "")
        if other:
            at = sub.place(image, "file_format")
            yield find("DISK-FORMAT", at, value=image.file_format, endings=" ".join(endings), path=other, n=len(found))
