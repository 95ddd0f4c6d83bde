"""What a checked workbook comes to: how complete it is, which archives suit it, the page about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from rembi_sheets.pipeline.checking import check
from rembi_sheets.pipeline.outcomes import Checked, Workbook

if TYPE_CHECKING:
    from rembi_sheets.plan import Advice
    from rembi_sheets.score import Score


def score(
    workbook: Workbook,
    archives: Iterable[str] = (),
    *,
    data: Path | None = None,
    today: dt.date | None = None,
    headers: bool = False,
) -> Score | str:
    """The completeness of a workbook, or in one sentence why it cannot be read."""
    made = completeness(check(workbook, archives, data=data, today=today, headers=headers))
    return made if made is not None else workbook.findings[0].message


def completeness(checked: Checked) -> Score | None:
    """The completeness of a workbook that has been checked; None when it could not be read."""
    from rembi_sheets import score as scoring
    from rembi_sheets.tables import elsewhere, spare

    if checked.workbook.tables is None:
        return None
    disk = checked.submission.inventory if checked.submission else None
    tables = checked.workbook.tables
    used = spare.without(tables, spare.spare(tables))
    told = elsewhere.checked(checked.workbook.book, tables) if checked.workbook.book else None
    return scoring.score(used, checked.archives, checked.findings, disk, checked.confirmed, told)


def page(checked: Checked, strict: bool = False) -> str:
    """The findings and the completeness of a workbook as an HTML page."""
    from rembi_sheets.report import page as report

    name, sha256 = checked.workbook.path.name, checked.workbook.sha256
    return report.page(checked.findings, name, checked.archives, sha256, completeness(checked), strict=strict)


def plan(workbook: Workbook, *, today: dt.date | None = None) -> list[Advice]:
    """Which archives suit the study, in which order, and what each lacks. The workbook must be readable."""
    from rembi_sheets import plan as planning
    from rembi_sheets.submission import from_tables

    assert workbook.tables is not None
    names = workbook.schema.archive_names
    findings = {a: check(workbook, (a,), today=today).findings for a in names}
    return planning.advise(from_tables(workbook.tables), workbook.tables.archives, findings)
