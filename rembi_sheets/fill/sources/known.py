"""What a source gives, and why one gives nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rembi_sheets.fill.joins import Join
from rembi_sheets.fill.model import Proposal, Unplaced

if TYPE_CHECKING:
    from rembi_sheets.fill.sources.table.model import TableMap


@dataclass(frozen=True)
class Known:
    """The proposals of a source, and what it says besides.

    `joins`: proposals whose rows only the workbook can tell; `maps`: how the columns of a table were understood.
    """

    proposals: Sequence[Proposal]
    unplaced: Sequence[Unplaced] = ()
    joins: Sequence[Join] = ()
    maps: Sequence[TableMap] = ()


class SourceError(Exception):
    """A file from which nothing can be filled; the message says why and what to do."""
