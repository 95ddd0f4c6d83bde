"""Submission -> Document, and what IDR has no place for."""

from rembi_sheets.archives.idr.build.assembly import build

__all__ = ["build"]
