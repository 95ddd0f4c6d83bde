"""The form of paths, in whatever column they stand: one finding a column and fault, with all its cells.

A path that is on disk as it is typed has no fault, however odd it looks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from rembi_sheets.cells import Place
from rembi_sheets.findings import Finding, Severity, find
from rembi_sheets.inventory import Listing
from rembi_sheets.paths import Fault, Meant, fault, held, is_plain, last_folder, meant, path_columns
from rembi_sheets.schema import Column, Format
from rembi_sheets.submission import Submission
from rembi_sheets.tables import Table

_CODES = {
    Fault.COPIED: "PATH-COPIED",
    Fault.ADDRESS: "PATH-ADDRESS",
    Fault.WILDCARD: "PATH-WILDCARD",
    Fault.SIGN: "PATH-SIGN",
    Fault.PARTS: "PATH-PARTS",
    Fault.DOUBLED: "PATH-PARTS",
    Fault.FOLDER: "PATH-PARTS",
}


@dataclass
class _Faulty:
    """The cells of a column with one fault, and their texts."""

    form: Format
    places: list[Place] = field(default_factory=list)
    texts: dict[str, None] = field(default_factory=dict)


def check(sub: Submission, archives: tuple[str, ...]) -> Iterator[Finding]:
    """Findings of every column of paths (21, 48)."""
    disk = None if sub.inventory is None else Listing.of(sub.inventory)
    for table in sub.tables.values():
        for (_, kind), faulty in _faulty(table, disk).items():
            yield _finding(sub, kind, faulty, disk, archives)


def _faulty(table: Table, disk: Listing | None) -> dict[tuple[str, Fault], _Faulty]:
    found: dict[tuple[str, Fault], _Faulty] = {}
    columns = [c for c in path_columns(table) if c[0].name in table.columns]
    for part in table.parts() if columns else ():
        for column, form in columns:
            name = column.name
            if is_plain(_texts(part.distinct(name), column)):
                continue
            values = [held(v, column) for v in part.values(name)]
            for row, value in zip(part.rows, values, strict=True):
                for text in value if isinstance(value, tuple) else (value,):
                    kind = fault(text, form) if isinstance(text, str) else None
                    if kind is None or (disk is not None and form.path == "file" and disk.spelled(text)):
                        continue
                    faulty = found.setdefault((name, kind), _Faulty(form))
                    faulty.places.append(table.place(row, name))
                    faulty.texts.setdefault(text)
    return found


def _texts(distinct: Collection[Any], column: Column) -> Collection[str]:
    """The paths among distinct values; those of a long column of Files are all of them, or all but the empty cell."""
    if column.files is None and set(map(type, distinct)) <= {str, type(None)}:
        return [v for v in distinct if v is not None]
    of_cells = [held(v, column) for v in distinct]
    return {t for v in of_cells for t in (v if isinstance(v, tuple) else (v,)) if isinstance(t, str)}


def _finding(sub: Submission, kind: Fault, faulty: _Faulty, disk: Listing | None, archives: tuple[str, ...]) -> Finding:
    root = last_folder(sub.study.data_folder)
    likely = {t: m for t in faulty.texts if (m := meant(t, faulty.form, disk, root)).path}
    refusing = tuple(a for a in archives if kind not in sub.schema.archive(a).reads_paths)
    return find(
        _CODES[kind],
        faulty.places,
        value=next(iter(likely), next(iter(faulty.texts))),
        n=len(faulty.places),
        words=faulty.form.words,
        how=_how(faulty, likely, disk, _COMMAND),
        how_here=_how(faulty, likely, disk, _HERE),
        suggestions=tuple(m.path for m in likely.values())[:1],
        severity=None if refusing or not archives else Severity.WARNING,
        archives=refusing if refusing and refusing != archives else (),
    )


_COMMAND = (
    "Leave out what comes before; with --data and the data folder, `check` says what to type.",
    "`rembi-sheets fix`",
    "`rembi-sheets fix` with --data and the data folder",
)
_HERE = (
    "Leave out what comes before; compared with the data folder, this page says what to type.",
    "Clear remedies",
    "Clear remedies",
)


def _how(faulty: _Faulty, likely: dict[str, Meant], disk: Listing | None, words: tuple[str, str, str]) -> str:
    """What to type for the first of them, and how many are mended at once.

    `words`: what to do without a data folder, and by what they are mended without and with it.
    """
    unknown, alone, with_folder = words
    if not likely:
        if disk is None:
            return unknown
        return "No file of the data folder fits, or more than one."
    here = f"Here: “{next(iter(likely.values())).path}”."
    sure = sum(m.sure for m in likely.values())
    if not sure:
        return here
    which = "all" if sure == len(faulty.texts) else f"{sure} of {len(faulty.texts)}"
    return f"{here} {alone if disk is None else with_folder} mends {which}."
