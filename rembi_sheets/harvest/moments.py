"""Moments that headers count: from which day, and in which steps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

_MICROSECONDS = Decimal(10**6)
UNIX, WINDOWS, TABLES = datetime(1970, 1, 1), datetime(1601, 1, 1), datetime(1899, 12, 30)
"""The first moments of Unix, of the files of Windows, and of the days of spreadsheets (whose zone is not told)."""


def moment(count: Decimal | None, step: Decimal | int, start: datetime) -> str:
    """`count` steps of so many seconds after `start`, in ISO 8601; '' for what is no moment after 1980.

    Unix and Windows count in UTC.
    """
    try:
        found = start + timedelta(microseconds=int(count * step * _MICROSECONDS)) if count else start
    except (ValueError, ArithmeticError):  # of infinities and what is no number, too
        return ""
    if not 1980 < found.year < 2200:
        return ""
    return (found if start is TABLES else found.replace(tzinfo=UTC)).isoformat(timespec="seconds")
