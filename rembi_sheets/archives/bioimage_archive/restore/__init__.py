"""Document -> Submission: a page and its file lists back to a workbook's rows, and what a workbook has no place for."""

from rembi_sheets.archives.bioimage_archive.restore.page import restore

__all__ = ["restore"]
