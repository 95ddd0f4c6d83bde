"""When an entry is released, and its scale."""

from __future__ import annotations

import datetime as dt

from rembi_sheets import derive, vocabularies
from rembi_sheets.archives.empiar.document import NAME
from rembi_sheets.submission import Submission


def release(sub: Submission, today: dt.date) -> tuple[str, str, bool]:
    """Code of the release, its meaning, and whether it is proposed: at once unless the date is in the future."""
    entries = {e.label: e for e in vocabularies.entries("empiar_release")}
    given = entries.get(sub.study.empiar_release)
    date = sub.study.release_date
    code = given.extra["code"] if given else "RE" if date and date <= today else "HP"
    label = next(e.label for e in entries.values() if e.extra["code"] == code)
    return code, label.partition(" - ")[2], given is None


def scale(sub: Submission) -> str:
    """The scale of the first component for EMPIAR that names one."""
    return next((c.scale for c in derive.components(sub, NAME) if c.scale), "")
