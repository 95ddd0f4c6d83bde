"""Document -> Submission, and what a workbook has no place for."""

from rembi_sheets.archives.idr.restore.assembly import restore

__all__ = ["restore"]
