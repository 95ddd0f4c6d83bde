"""What a source gives, and why one gives nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rembi_sheets.fill.model import Proposal, Unplaced


@dataclass(frozen=True)
class Known:
    """The proposals of a source, and what it says besides."""

    proposals: Sequence[Proposal]
    unplaced: Sequence[Unplaced] = ()


class SourceError(Exception):
    """A file from which nothing can be filled; the message says why and what to do."""
