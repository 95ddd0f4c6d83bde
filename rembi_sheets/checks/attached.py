"""Files that cells name as `file: path`: a required text that is nothing else, and `file:` with nothing behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rembi_sheets.findings import Finding, find
from rembi_sheets.paths import path_columns
from rembi_sheets.submission import Submission
from rembi_sheets.values import UNREADABLE, besides, mentioned, to_cell

# Words that say nothing but where to look.
_POINTING = re.compile(
    r"a|all|also|and|are|as|at|attached|cf|described|details?|enclosed|files?|following|for|found|full|further|given"
    r"|here|how|in|is|it|listed|look|more|of|on|out|please|protocol|refer|said|see|settings|shown|that|the|there|these"
    r"|this|to|was|were|which|with"
)


def check(sub: Submission, archives: tuple[str, ...]) -> Iterator[Finding]:
    """Findings of the columns whose cells may name files."""
    for table in sub.tables.values():
        for column, _ in path_columns(table):
            if column.files is None or column.name not in table.columns:
                continue
            needing = column.needed_by(archives)
            for row, value in table.frame[column.name].items():
                text = None if value is UNREADABLE else to_cell(value)
                paths = mentioned(text) if isinstance(text, str) else ()
                place = table.place(int(str(row)), column.name)
                if "" in paths:
                    yield find("FILE-NO-PATH", place, value=str(text))
                elif paths and needing and not _says(str(text)):
                    names = " and ".join(sub.schema.archive(a).title for a in needing)
                    yield find("FILE-ONLY", place, value=paths[0], archive=names, archives=needing)


def _says(text: str) -> bool:
    """Does a text say anything besides its files and where to look?"""
    return not all(map(_POINTING.fullmatch, re.findall(r"\w+", besides(text).casefold())))
