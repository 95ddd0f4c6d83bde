"""Checks over Tables and over the Submission: the data dictionary's and the rules that hold for every archive."""

from __future__ import annotations

from rembi_sheets.checks import (
    attached,
    claims,
    columns,
    disk,
    files,
    habits,
    lists,
    methods,
    older,
    paths,
    references,
    repeats,
    rules,
    terms,
)
from rembi_sheets.findings import Finding
from rembi_sheets.submission import Submission
from rembi_sheets.tables import Tables

__all__ = ["check", "check_submission", "older"]


def check(tables: Tables, archives: tuple[str, ...]) -> list[Finding]:
    """All findings of the cells, for the archives chosen (command-line names); unsorted."""
    out: list[Finding] = []
    known = references.targets(tables)
    broken = claims.broken([t for t in tables if t.source is None and t.rows], tables.schema, archives)
    for table in tables:
        out += columns.check_sheet(table, tables.schema, archives)
        for part in table.parts(out):
            out += columns.check_cells(part, tables.schema, archives, broken.get(table.sheet.name))
            out += references.check_cells(part, tables, known)
            out += terms.check_cells(part)
            out += habits.check_cells(part)
            out += repeats.check_cells(part)
            out += lists.check_cells(part)
    # last, for an answer may have told that a vocabulary is damaged
    return [*out, *terms.check_stores()]


def check_submission(submission: Submission, archives: tuple[str, ...]) -> list[Finding]:
    """All findings that need the records: how rows of several sheets fit together; unsorted."""
    return [
        *rules.check(submission, archives),
        *paths.check(submission, archives),
        *files.check(submission),
        *attached.check(submission, archives),
        *methods.check(submission),
        *disk.check(submission),
    ]
