"""What IDR needs that the data dictionary cannot say."""

from __future__ import annotations

import datetime as dt

from rembi_sheets.findings import Finding
from rembi_sheets.submission import Submission


def check(sub: Submission, today: dt.date) -> list[Finding]:
    """Every finding of IDR's own rules."""
    return []
