"""Rules of BioImage Archive that the data dictionary cannot say."""

from __future__ import annotations

import datetime as dt

from rembi_sheets.findings import Finding
from rembi_sheets.submission import Submission


def check(submission: Submission, today: dt.date) -> list[Finding]:
    """All findings of this archive."""
    return []
