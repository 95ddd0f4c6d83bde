"""The archives: each its own package with its own document, and the same verbs.

A package `rembi_sheets.archives.<name>` (the archive's command-line name with _ for -) has a folder for each verb,
whose `__init__` offers the function of that name:

    check/   check(submission, today)  -> list[Finding]   what this archive refuses or will ask about
    build/   build(submission, today)  -> Built           the archive's own document, what it loses, notes
    render/  render(document, parse)   -> Rendered        {name below the archive's folder: content}, findings
    parse/   parse(files)              -> Parsed          back from its files, and what was not understood
    restore/ restore(document)         -> Restored        back to the study, and what a workbook has no place for

`parse/` also offers `recognises(files) -> bool`: are these files, by what is in them, a record of this archive? A verb
imports the archive's document and words, never another verb; what two verbs share stands in `facts/`, what two archives
share in `archives/shared/`. Archives never import each other, and nothing outside names one: they are found by the
schema's list.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, TypeAlias

from rembi_sheets.findings import Finding
from rembi_sheets.submission import Submission, composed

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


@dataclass(frozen=True)
class Restored:
    """The study of a document, and what of it a workbook has no place for, each with its place in the record.

    The submission has no rows of a workbook (`record.row` is None); its Files are a table of rows (`tables.made`).
    `submission.to_tables` makes tables of it.
    """

    submission: Submission
    not_understood: tuple[str, ...] = ()


Parse: TypeAlias = Callable[[Mapping[str, bytes]], Parsed]
"""The verb that reads an archive's files back."""


@dataclass(frozen=True, slots=True)
class Archive:
    """The verbs of one archive's package; the modules of a verb are loaded when it is used.

    Method columns are in the texts of the submission that its verbs see, as the archive parts lines.
    """

    name: str
    package: str

    def check(self, submission: Submission, today: dt.date) -> list[Finding]:
        """What this archive refuses or will ask about."""
        found: list[Finding] = self._verb("check")(self._composed(submission), today)
        return found

    def build(self, submission: Submission, today: dt.date) -> Built:
        """The archive's document of a submission without errors."""
        built: Built = self._verb("build")(self._composed(submission), today)
        return built

    def render(self, document: Any) -> Rendered:
        """The document as files; what was written is read back where the archive's tools are particular."""
        rendered: Rendered = self._verb("render")(document, self.parse)
        return rendered

    def parse(self, files: Mapping[str, bytes]) -> Parsed:
        """The document of such files."""
        parsed: Parsed = self._verb("parse")(files)
        return parsed

    def recognises(self, files: Mapping[str, bytes]) -> bool:
        """Are such files, by what is in them, a record of this archive? Reads no more than it takes to tell."""
        known: bool = self._verb("parse", "recognises")(files)
        return known

    def restore(self, document: Any) -> Restored:
        """The study that a document of this archive describes; nothing in a document makes this raise."""
        restored: Restored = self._verb("restore")(document)
        return restored

    def _composed(self, submission: Submission) -> Submission:
        return composed(submission, submission.schema.archive(self.name).between)

    def _verb(self, verb: str, name: str = "") -> Callable[..., Any]:
        found: Callable[..., Any] = getattr(import_module(f"{self.package}.{verb}"), name or verb)
        return found


def package(name: str) -> Archive:
    """The package of an archive by its command-line name. Raises ModuleNotFoundError when there is none."""
    path = f"{__name__}.{name.replace('-', '_')}"
    import_module(path)
    return Archive(name, path)
