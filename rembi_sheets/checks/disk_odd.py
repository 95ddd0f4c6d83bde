"""What is odd about the files themselves: empty, links that lead nowhere, names that look alike, what was left out.

One finding of a kind, with the number of files and the first of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rembi_sheets import derive
from rembi_sheets.attached import attached
from rembi_sheets.findings import Finding, Severity, find
from rembi_sheets.inventory import Listing, Odd
from rembi_sheets.submission import Submission

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
    if disk.get(disk.spelled(sub.study.thumbnail)) == 0:
        yield find("DISK-EMPTY", sub.place(sub.study, "thumbnail"), value=sub.study.thumbnail, n=1)
    for file in attached(sub):
        if disk.get(disk.spelled(file.path)) == 0:
            yield find("DISK-EMPTY", sub.place(file.record, file.field), value=file.path, n=1)
    if disk.twins:
        first, second = disk.twins[0]
        yield find("DISK-TWINS", sub.title("files"), value=first, other=second, n=len(disk.twins))
    listed = (
        {path for part in sub.file_parts() for path in part.values("path") if isinstance(path, str)} if disk.odd else ()
    )
    for kind, code in _CODES.items():
        those = [p for p, k in disk.odd.items() if k is kind and p not in listed]
        if those:
            severity = Severity.WARNING if kind is Odd.BROKEN else None  # nothing in the workbook names it
            yield find(code, sub.title("files"), value=those[0], n=len(those), severity=severity)
