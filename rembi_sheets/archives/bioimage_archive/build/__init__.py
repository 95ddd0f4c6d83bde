"""Submission -> Document, and what BioImage Archive has no place for."""

from rembi_sheets.archives.bioimage_archive.build.page import build

__all__ = ["build"]
