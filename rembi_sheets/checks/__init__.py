"""Checks over Tables: what the data dictionary says of every column, and the rules that hold for every archive."""

from __future__ import annotations

from rembi_sheets.checks import columns, references, terms
from rembi_sheets.findings import Finding
from rembi_sheets.tables import Tables

__all__ = ["check"]


def check(tables: Tables, archives: tuple[str, ...]) -> list[Finding]:
    """All findings of the workbook itself, for the archives chosen (command-line names); unsorted."""
    return [*columns.check(tables, archives), *references.check(tables), *terms.check(tables)]
