"""EMPIAR: a deposition as entry XML and as deposition JSON, which say the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

from rembi_sheets.archives import Built, Parsed, Rendered
from rembi_sheets.findings import Finding
from rembi_sheets.submission import Submission

if TYPE_CHECKING:
    from rembi_sheets.archives.empiar.document import Deposition

__all__ = ["build", "check", "parse", "render"]


def check(submission: Submission, today: dt.date) -> list[Finding]:
    """What EMPIAR refuses or asks about, beyond what the data dictionary says."""
    from rembi_sheets.archives.empiar.needs import needs

    return needs(submission, today)


def build(submission: Submission, today: dt.date) -> Built:
    """The deposition of a submission without errors."""
    from rembi_sheets.archives.empiar.mapping import deposition

    return deposition(submission, today)


def render(document: Deposition) -> Rendered:
    """deposition.json, entry.xml, rembi.yml and NEXT-STEPS.md, the first two verified."""
    from rembi_sheets.archives.empiar.writing import write

    return write(document)


def parse(files: Mapping[str, bytes]) -> Parsed:
    """Deposition of deposition.json and entry.xml (either may be missing)."""
    from rembi_sheets.archives.empiar.reading import read

    return read(files)
