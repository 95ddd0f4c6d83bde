"""Submission -> findings: what BioImage Archive refuses, or will ask about, beyond what the data dictionary says."""

from rembi_sheets.archives.bioimage_archive.check.study import check

__all__ = ["check"]
