"""What a source gives, and why one gives nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rembi_sheets.fill.model import Proposal, Unplaced


@dataclass(frozen=True)
class Known:
    """The proposals of a source, and what it says besides.

    `archives`: where a record was deposited, by command-line name. `beside`: files that lie beside the workbook, by
    the path that it gives them.
    """

    proposals: Sequence[Proposal]
    unplaced: Sequence[Unplaced] = ()
    archives: Sequence[str] = ()
    beside: Mapping[str, bytes] = field(default_factory=dict)


def joined(sources: Sequence[Known]) -> Known:
    """What several sources know; a file beside the workbook is that of the first."""
    return Known(
        [p for k in sources for p in k.proposals],
        [u for k in sources for u in k.unplaced],
        tuple(dict.fromkeys(a for k in sources for a in k.archives)),
        {n: c for k in reversed(sources) for n, c in k.beside.items()},
    )


class SourceError(Exception):
    """A file from which nothing can be filled; the message says why and what to do."""
