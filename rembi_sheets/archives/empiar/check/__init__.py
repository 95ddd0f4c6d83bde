"""Submission -> findings: what EMPIAR refuses, or will ask about, beyond what the data dictionary says."""

from rembi_sheets.archives.empiar.check.study import check

__all__ = ["check"]
