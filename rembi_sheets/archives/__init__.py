"""The archives: each its own package with its own document, and the same four verbs.

A package `rembi_sheets.archives.<name>` (the archive's command-line name with _ for -) offers

    check(submission, today)  -> list[Finding]   what this archive refuses or will ask about
    build(submission, today)  -> Built           the archive's own document, what it loses, notes
    render(document)          -> Rendered        {name below the archive's folder: content}, findings
    parse(files)              -> Parsed          back from its files to the document, and what was not understood

Archives never import each other, and nothing outside names one: they are found by the schema's list.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from rembi_sheets.findings import Finding
from rembi_sheets.schema import Fate
from rembi_sheets.submission import Submission
from rembi_sheets.tables import OWN, Table
from rembi_sheets.values import UNREADABLE, to_cell

if TYPE_CHECKING:
    import pandas as pd

Stream: TypeAlias = Callable[[], Iterator[bytes]]
MANY = 20
Content: TypeAlias = bytes | Stream


@dataclass(frozen=True, slots=True)
class Loss:
    """Something of the workbook that an archive has no field for, and where it went ('lost' when nowhere)."""

    archive: str
    sheet: str
    column: str
    cells: tuple[str, ...]
    value: str
    went: str


@dataclass(frozen=True)
class Built:
    """A document with what was lost or moved on the way and findings that only building shows."""

    document: Any
    losses: tuple[Loss, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Rendered:
    """File contents by name below the archive's folder; a Stream is called when written and yields its parts."""

    files: Mapping[str, Content]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Parsed:
    """A document read back, and what in the files has no place in it."""

    document: Any
    not_understood: tuple[str, ...] = field(default_factory=tuple)


class ArchivePackage(Protocol):
    """The four verbs every archive package offers."""

    def check(self, submission: Submission, today: dt.date) -> list[Finding]:
        """What this archive refuses or will ask about."""
        ...

    def build(self, submission: Submission, today: dt.date) -> Built:
        """The archive's document of a submission without errors."""
        ...

    def render(self, document: Any) -> Rendered:
        """The document as files."""
        ...

    def parse(self, files: Mapping[str, bytes]) -> Parsed:
        """The document of such files."""
        ...


def package(name: str) -> ArchivePackage:
    """The package of an archive by its command-line name. Raises ModuleNotFoundError when there is none."""
    return import_module(f"{__name__}.{name.replace('-', '_')}")


def schema_losses(submission: Submission, archive: str) -> tuple[Loss, ...]:
    """Every filled cell whose column the data dictionary says this archive loses, or keeps only as a line of text.

    Of a sheet with many rows (Files), a column with more than MANY filled cells is one loss with the range of its
    cells. A streamed table is read once, a part at a time.
    """
    return tuple(
        loss for sheet in submission.schema.sheets for loss in _table_losses(submission.tables[sheet.name], archive)
    )


def _table_losses(table: Table, archive: str) -> Iterator[Loss]:
    moved = {
        name: column
        for column in table.sheet.columns
        if column.archives[archive].fate in (Fate.LOST, Fate.TEXT)
        for name in ([n for n in table.columns if n.startswith(OWN)] if column.own else [column.name])
    }
    if not moved:
        return
    long = table.sheet.own is not None
    seen = {name: _Seen(MANY if long else None) for name in moved}
    for part in table.chunks():
        for name in moved:
            if name in part.columns:
                seen[name].take(part[name])
    for name, column in moved.items():
        to = column.archives[archive].to
        went = to.removeprefix("- ").strip("()") if to not in ("", "-") else "lost"
        label = name.removeprefix(OWN) if column.own else column.label
        found = seen[name]
        if long and found.n > MANY:
            ends = f"{table.place(found.first, name).a1}:{table.place(found.last, name).a1}"
            yield Loss(archive, table.title, label, (ends,), f"{found.n} values", went)
            continue
        for row, value in found.kept:
            yield Loss(archive, table.title, label, (table.place(row, name).a1,), str(to_cell(value)), went)


@dataclass
class _Seen:
    """The filled cells of a column: how many, the first and last row, and their values while they are few."""

    limit: int | None
    n: int = 0
    first: int = 0
    last: int = 0
    kept: list[tuple[int, Any]] = field(default_factory=list)

    def take(self, values: pd.Series[Any]) -> None:
        """Take up a part of the column."""
        rows, cells = values.index.tolist(), values.tolist()
        filled = [(r, v) for r, v in zip(rows, cells, strict=True) if v is not None and v is not UNREADABLE]
        if filled:
            self.first = self.first or filled[0][0]
            self.last = filled[-1][0]
            self.kept += filled if self.limit is None else filled[: max(0, self.limit - self.n)]
            self.n += len(filled)
