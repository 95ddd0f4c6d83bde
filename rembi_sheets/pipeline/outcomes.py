"""What the walks come to: a workbook as read, checked, converted. Plain frozen data."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rembi_sheets.findings import Finding, counts
from rembi_sheets.schema import Schema
from rembi_sheets.version import __version__

if TYPE_CHECKING:
    from rembi_sheets.archives import Content, Loss
    from rembi_sheets.cells import Book
    from rembi_sheets.output import Written
    from rembi_sheets.submission import Submission
    from rembi_sheets.tables import Tables


@dataclass(frozen=True)
class Workbook:
    """A workbook as read. `book` and `tables` are None when the file could not be read; `findings` says why."""

    path: Path
    schema: Schema
    findings: tuple[Finding, ...]
    book: Book | None = None
    tables: Tables | None = None

    @property
    def readable(self) -> bool:
        """Could the file be read at all?"""
        return self.tables is not None

    @property
    def sha256(self) -> str:
        """SHA-256 of the file; '' when it could not be read."""
        return self.book.sha256 if self.book else ""


@dataclass(frozen=True)
class Checked:
    """The findings of a workbook for the archives chosen, grouped and in the order of the sheets.

    `confirmed`: cells that say what the headers of the files say; None where these were not read.
    """

    workbook: Workbook
    archives: tuple[str, ...]
    findings: tuple[Finding, ...]
    submission: Submission | None = None
    confirmed: int | None = None

    def as_json(self, strict: bool = False) -> dict[str, Any]:
        """The form of `check --format json`; `strict`: warnings count as errors."""
        n = counts(self.findings)
        return {
            "workbook": self.workbook.path.name,
            "sha256": self.workbook.sha256,
            "schema_version": self.workbook.schema.version,
            "archives": list(self.archives),
            "passed": not (n["error"] or (strict and n["warning"])),
            "counts": n,
            "findings": [f.as_json() for f in self.findings],
        }


@dataclass(frozen=True)
class Conversion:
    """What a conversion made: file contents by name below the output folder, losses, findings.

    `files` is empty when an error stopped it; then `findings` says which.
    """

    checked: Checked
    archives: tuple[str, ...]
    findings: tuple[Finding, ...]
    files: Mapping[str, Content] = field(default_factory=dict)
    losses: tuple[Loss, ...] = ()

    def record(self, written: Iterable[Written]) -> bytes:
        """conversion.json: what was made from what, with the losses and findings."""
        content = {
            "tool": f"rembi-sheets {__version__}",
            "workbook": self.checked.workbook.path.name,
            "sha256": self.checked.workbook.sha256,
            "schema_version": self.checked.workbook.schema.version,
            "archives": list(self.archives),
            "files": [{"name": w.name, "size": w.size, "sha256": w.sha256} for w in written],
            "losses": [dataclasses.asdict(loss) for loss in self.losses],
            "counts": counts(self.findings),
            "findings": [f.as_json() for f in self.findings],
        }
        return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
