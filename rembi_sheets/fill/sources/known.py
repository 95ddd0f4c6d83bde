"""What a source gives, and why one gives nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rembi_sheets.fill.joins import Join
from rembi_sheets.fill.model import Listed, Proposal, Unplaced
from rembi_sheets.schema import Schema
from rembi_sheets.values import convert

if TYPE_CHECKING:
    from rembi_sheets.fill.sources.table.model import TableMap


@dataclass(frozen=True)
class Known:
    """The proposals of a source, and what it says besides.

    `joins`: proposals whose rows only the workbook can tell; `maps`: how the columns of a table were understood.
    `archives`: where a record was deposited, by command-line name. `beside`: files that lie beside the workbook, by
    the path that it gives them. `files`: a list of files that is too long for a sheet, as a table of its own.
    """

    proposals: Sequence[Proposal]
    unplaced: Sequence[Unplaced] = ()
    joins: Sequence[Join] = ()
    maps: Sequence[TableMap] = ()
    archives: Sequence[str] = ()
    beside: Mapping[str, bytes] = field(default_factory=dict)
    files: Listed | None = None


def joined(sources: Sequence[Known]) -> Known:
    """What several sources know; a file beside the workbook, or a long list of files, is that of the first."""
    lists = [k.files for k in sources if k.files is not None]
    more = [x.unplaced(f"cannot be put together with that of {lists[0].source}") for x in lists[1:]]
    return Known(
        proposals=[p for k in sources for p in k.proposals],
        unplaced=[*(u for k in sources for u in k.unplaced), *more],
        joins=[j for k in sources for j in k.joins],
        maps=[m for k in sources for m in k.maps],
        archives=tuple(dict.fromkeys(a for k in sources for a in k.archives)),
        beside={n: c for k in reversed(sources) for n, c in k.beside.items()},
        files=lists[0] if lists else None,
    )


def named_archives(known: Known, schema: Schema) -> tuple[str, ...]:
    """The archives that sources say a study is for or was deposited in, by command-line name."""
    columns = {(s.name, c.name): c for s in schema.sheets for c in s.columns if c.list == "archive"}
    said: list[object] = []
    for p in known.proposals:
        if (p.sheet, p.column) in columns:
            value, _ = convert(p.value, columns[p.sheet, p.column])
            said += value if isinstance(value, tuple) else [value]
    return tuple(a.name for a in schema.archives if a.label in said or a.name in known.archives)


class SourceError(Exception):
    """A file from which nothing can be filled; the message says why and what to do."""
