"""Files that cells name as `file: path`: a required text that is nothing else, `file:` with nothing behind it, and a
file that rows of different components name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rembi_sheets import derive
from rembi_sheets.attached import Attached, torn
from rembi_sheets.findings import Finding, find
from rembi_sheets.paths import path_columns
from rembi_sheets.records import StudyComponent
from rembi_sheets.submission import Submission
from rembi_sheets.tables import Table
from rembi_sheets.values import UNREADABLE, besides, mentioned, to_cell

# Words that say nothing but where to look.
_POINTING = re.compile(
    r"a|all|also|and|are|as|at|attached|cf|described|details?|enclosed|files?|following|for|found|full|further|given"
    r"|here|how|in|is|it|listed|look|more|of|on|out|please|protocol|refer|said|see|settings|shown|that|the|there|these"
    r"|this|to|was|were|which|with"
)


def check(sub: Submission, archives: tuple[str, ...]) -> Iterator[Finding]:
    """Findings of the columns whose cells may name files."""
    yield from _torn(sub, archives)
    for table in sub.tables.values():
        for column, _ in path_columns(table):
            if column.files is None or column.name not in table.columns:
                continue
            needing = column.needed_by(archives)
            for row, value in zip(table.rows, table.values(column.name), strict=True):
                text = None if value is UNREADABLE else to_cell(value)
                paths = mentioned(text) if isinstance(text, str) else ()
                place = table.place(row, column.name)
                if "" in paths:
                    yield find("FILE-NO-PATH", place, value=str(text))
                elif paths and needing and not _says(str(text)):
                    names = " and ".join(sub.schema.archive(a).title for a in needing)
                    yield find("FILE-ONLY", place, value=paths[0], archive=names, archives=needing)


def _torn(sub: Submission, archives: tuple[str, ...]) -> Iterator[Finding]:
    """Files that would stand in the lists of two components (49); a row in Files says which of them has it."""
    shared: dict[str, tuple[list[Attached], list[StudyComponent]]] = {}
    for archive in archives or sub.schema.archive_names:
        shared |= torn(sub, derive.components(sub, archive))
    above = {path: {path, *(path[:n] for n, sign in enumerate(path) if sign == "/")} for path in shared}
    wanted = set().union(*above.values())
    listed = {p for part in (sub.file_parts() if shared else ()) for p in _paths(part) if p in wanted}
    for path, (cells, owners) in shared.items():
        if listed.isdisjoint(above[path]):
            places = [sub.place(file.record, file.field) for file in cells]
            yield find("PATH-SHARED", places[-1], value=path, owners=sorted(c.name for c in owners))


def _paths(part: Table) -> Iterator[str]:
    return (p.rstrip("/") for p in part.values("path") if isinstance(p, str)) if "path" in part.names else iter(())


def _says(text: str) -> bool:
    """Does a text say anything besides its files and where to look?"""
    return not all(map(_POINTING.fullmatch, re.findall(r"\w+", besides(text).casefold())))
