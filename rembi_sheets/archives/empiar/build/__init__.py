"""Submission -> Document, and what EMPIAR has no place for."""

from rembi_sheets.archives.empiar.build.deposition import build

__all__ = ["build"]
