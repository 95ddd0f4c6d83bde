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
from typing import Any, Protocol, TypeAlias

from rembi_sheets.findings import Finding
from rembi_sheets.schema import Fate
from rembi_sheets.submission import Submission
from rembi_sheets.values import UNREADABLE, to_cell

Stream: TypeAlias = Callable[[], Iterator[bytes]]
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

    Files columns are reported once a column, with the range of their cells.
    """
    losses: list[Loss] = []
    for sheet in submission.schema.sheets:
        table = submission.tables[sheet.name]
        for column in sheet.columns:
            target = column.archives[archive]
            if target.fate not in (Fate.LOST, Fate.TEXT):
                continue
            names = [n for n in table.columns if n.startswith("own:")] if column.own else [column.name]
            went = target.to.removeprefix("- ").strip("()") if target.to not in ("", "-") else "lost"
            for name in names:
                if name not in table.frame.columns:
                    continue
                filled = table.frame[name]
                filled = filled[filled.map(lambda v: v is not None and v is not UNREADABLE)]
                if not len(filled):
                    continue
                label = column.label if not column.own else name.removeprefix("own:")
                if sheet.name == "files" and len(filled) > 20:
                    first, last = (table.place(int(i), name).a1 for i in (filled.index[0], filled.index[-1]))
                    losses.append(
                        Loss(archive, table.title, label, (f"{first}:{last}",), f"{len(filled)} values", went)
                    )
                    continue
                losses.extend(
                    Loss(archive, table.title, label, (table.place(int(row), name).a1,), str(to_cell(v)), went)
                    for row, v in zip(filled.index, filled, strict=True)
                )
    return tuple(losses)
