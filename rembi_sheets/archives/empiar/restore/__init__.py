"""Deposition -> Submission: an entry back to a workbook's rows, and what a workbook has no place for."""

from rembi_sheets.archives.empiar.restore.entry import restore

__all__ = ["restore"]
