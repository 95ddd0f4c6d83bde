"""Fill: what is known elsewhere, put into a copy of a workbook. One door: sources -> proposals -> merge -> copy.

A source (`sources`) gives proposals, which are plain data; `merge` is the one place where the rules stand.
"""

from rembi_sheets.fill.identity import identity
from rembi_sheets.fill.merge import merge
from rembi_sheets.fill.model import Confidence, Entry, Key, Merged, Proposal, State

__all__ = ["Confidence", "Entry", "Key", "Merged", "Proposal", "State", "identity", "merge"]
