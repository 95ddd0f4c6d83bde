"""Submission -> findings: what IDR refuses, or will ask about, beyond what the data dictionary says."""

from rembi_sheets.archives.idr.check.study import check

__all__ = ["check"]
