"""A workbook of an earlier version: what today's would add, said once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from rembi_sheets.findings import Finding, find
from rembi_sheets.schema import Way, changes

_SAID = {
    "added": ("{n} column is new", "{n} columns are new"),
    "required": ("{n} is newly required", "{n} are newly required"),
    "renamed": ("{n} has another name", "{n} have other names"),
    "split": ("{n} became several", "{n} became several"),
    "merged": ("{n} time several became one", "{n} times several became one"),
    "words": ("{n} word of a list is another", "{n} words of lists are others"),
    "unlisted": ("{n} word is in its list no more", "{n} words are in their lists no more"),
    "dropped": ("{n} is asked for no more", "{n} are asked for no more"),
}


def check(along: Way | None, workbook: Path) -> list[Finding]:
    """The note on a workbook of an earlier version; none where nothing is different for whoever fills it in."""
    counted = Counter(change.kind for change in changes(along)) if along is not None else Counter()
    said = [_SAID[kind][n > 1].format(n=n) for kind in _SAID if (n := counted[kind])]
    if along is None or not said:
        return []
    known = along.new.version
    names = (workbook.name, f"{workbook.stem}-{known}.xlsx")
    command = " ".join(["rembi-sheets migrate", *(f'"{n}"' if " " in n else n for n in names)])
    return [
        find(
            "FILE-EARLIER",
            value=workbook.name,
            version=along.old.version,
            known=known,
            more=", ".join(said),
            command=command,
        )
    ]
