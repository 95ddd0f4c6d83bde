"""Findings: what is wrong in a workbook, where, and how to mend it. Data, never exceptions.

Every code stands once, in `catalogue/*.toml`, with its severity, text, remedy and example.
"""

from rembi_sheets.findings.finding import Finding, find, hint
from rembi_sheets.findings.grouping import counts, group, in_order, stops
from rembi_sheets.findings.kinds import Kind, Named, Severity, catalogue, filled

__all__ = [
    "Finding",
    "Kind",
    "Named",
    "Severity",
    "catalogue",
    "counts",
    "filled",
    "find",
    "group",
    "hint",
    "in_order",
    "stops",
]
