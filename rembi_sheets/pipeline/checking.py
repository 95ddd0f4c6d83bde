"""The way from tables to all that is to be said of them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rembi_sheets import steps
from rembi_sheets.findings import Finding, find, group, in_order
from rembi_sheets.findings.folding import fold
from rembi_sheets.pipeline.outcomes import Checked, Workbook

if TYPE_CHECKING:
    from rembi_sheets.harvest.folder import Harvest
    from rembi_sheets.inventory import Listing
    from rembi_sheets.tables import Tables

_LONG = 10_000  # rows from which on it may take a second


def check(
    workbook: Workbook,
    archives: Iterable[str] = (),
    *,
    data: Path | Listing | None = None,
    today: dt.date | None = None,
    online: bool = False,
    headers: bool | Harvest = False,
) -> Checked:
    """All findings of a workbook for `archives` (none named: those of its study sheet).

    `data`: the folder with the files, or the names and sizes in it, to be compared with Files; `headers`: what these
    files say, read now or before, is compared with what was typed. `online`: terms that no list at hand knows are asked
    for at the Ontology Lookup Service. Raises KeyError for an unknown archive, OSError when `data` cannot be read.
    """
    from rembi_sheets import archives as packages
    from rembi_sheets import attached, checks
    from rembi_sheets import inventory as disk
    from rembi_sheets.paths import as_on_disk
    from rembi_sheets.submission import from_tables
    from rembi_sheets.tables import spare

    if workbook.tables is None:
        return Checked(workbook, (), told(workbook.findings))
    tables = workbook.tables
    wanted = {workbook.schema.archive(a).name for a in archives} or set(tables.archives)
    chosen = tuple(a for a in workbook.schema.archive_names if a in wanted)
    if tables.blank:
        return Checked(workbook, chosen, told([*workbook.findings, _blank(tables, chosen)]), from_tables(tables))
    if tables.defaults_alone:
        found = [*workbook.findings, *checks.check(tables, ()), _defaults_alone(tables, chosen)]
        return Checked(workbook, chosen, told(found), from_tables(tables))
    listing = disk.scan(data) if isinstance(data, Path) else data
    submission = from_tables(as_on_disk(tables, listing) if listing is not None else tables)
    submission = dataclasses.replace(
        submission,
        attachments=disk.attachments(
            attached.result_files(submission),
            attached.roots(workbook.path, submission, data if isinstance(data, Path) else None),
            listing,
        ),
        inventory=listing,
    )
    going(tables, "of all sheets")
    findings = [*workbook.findings, *checks.older.check(tables.way, workbook.path)]
    findings += [*checks.check(tables, chosen), *checks.check_submission(submission, chosen)]
    confirmed = None
    if headers and isinstance(data, Path):
        from rembi_sheets.checks import headers as of_files
        from rembi_sheets.harvest.folder import harvest

        compared = of_files.check(submission, (harvest(data) if headers is True else headers).items)
        findings += compared.findings
        confirmed = compared.confirmed
    if online:
        from rembi_sheets.checks import online as asking
        from rembi_sheets.vocabularies.online import Online

        findings += asking.check(tables, Online())
    for name in chosen:
        going(tables, f"for {workbook.schema.archive(name).title}")
        findings += packages.package(name).check(submission, today or dt.date.today())
    findings = spare.unmuted(findings, tables, spare.spare(tables))
    return Checked(workbook, chosen, told(completed(workbook, chosen, findings), tables.titles), submission, confirmed)


def going(tables: Tables, what: str) -> None:
    """Tell what is looked at: how many rows, and for what. Those of a table beside the workbook tell it themselves."""
    rows = sum(len(t.rows) for t in tables if t.source is None)
    if rows >= _LONG:
        steps.tell(f"{rows:,} rows {what}")


def completed(workbook: Workbook, archives: tuple[str, ...], findings: list[Finding]) -> list[Finding]:
    """The findings, their remedies with the command for what the workbook lacks."""
    from rembi_sheets.checks import lacking

    assert workbook.tables is not None and workbook.book is not None
    return lacking.ready(findings, workbook.tables, workbook.book, workbook.path, archives)


def told(findings: Iterable[Finding], sheets: Sequence[str] = ()) -> tuple[Finding, ...]:
    """Findings as they are told: one for each cause, in the order of the sheets."""
    return tuple(in_order(fold(group(findings)), sheets))


def _blank(tables: Tables, archives: tuple[str, ...]) -> Finding:
    """That nothing is filled in yet, with the sheets that the archives need, instead of all that is missing."""
    needed = [t.title for t in tables if t.columns and set(t.sheet.needed_by) & set(archives)]
    return find("FILE-BLANK", first=needed[0], sheets=needed[1:])


def _defaults_alone(tables: Tables, archives: tuple[str, ...]) -> Finding:
    """That nothing of a study is filled in yet, with the sheets to begin with, instead of all that is missing."""
    needed = [t.title for t in tables if t.columns and not t.sheet.defaults and set(t.sheet.needed_by) & set(archives)]
    return find("FILE-DEFAULTS", first=next(t.title for t in tables), sheets=needed)
