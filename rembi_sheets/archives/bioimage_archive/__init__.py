"""BioImage Archive: PageTab page (JSON and TSV), file lists, next steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from rembi_sheets.archives import Built, Parsed, Rendered
from rembi_sheets.findings import Finding
from rembi_sheets.submission import Submission


def check(submission: Submission, today: dt.date) -> list[Finding]:
    """What BioImage Archive refuses, loses without a word, or will ask about."""
    from rembi_sheets.archives.bioimage_archive.needs import check as run

    return run(submission, today)


def build(submission: Submission, today: dt.date) -> Built:
    """The page and its file lists."""
    from rembi_sheets.archives.bioimage_archive.mapping import build as run

    return run(submission, today)


def render(document: Any) -> Rendered:
    """submission.json, submission.tsv, file-lists/*.tsv, NEXT-STEPS.md."""
    from rembi_sheets.archives.bioimage_archive.files import render as run

    return run(document)


def parse(files: Mapping[str, bytes]) -> Parsed:
    """The document of such files, or of a page published by the archive."""
    from rembi_sheets.archives.bioimage_archive.files import parse as run

    return run(files)
