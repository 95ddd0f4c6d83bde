"""What differs between a workbook and its sources, as findings at the cells: notes, since either may be right."""

from __future__ import annotations

from collections.abc import Iterator

from rembi_sheets.cells import Raw
from rembi_sheets.fill.model import Entry, Merged, State
from rembi_sheets.findings import Finding, find

_LONG = 60


def findings(merged: Merged) -> list[Finding]:
    """A finding for each difference, in the order of the sheets."""
    return [found for e in merged.entries for found in of(e)]


def of(e: Entry) -> Iterator[Finding]:
    """The finding of one entry, where it differs from what stands in its cell or from another source."""
    if e.state is State.DIFFERS:
        at = e.place if e.place.row and e.place.column else e.place.sheet
        source = ", ".join(filter(None, (e.proposal.source, e.proposal.where)))
        yield find(e.code, at, column=e.place.label, value=short(e.found), source=source, told=short(e.value))


def short(value: Raw) -> str:
    """A value as a line can hold it."""
    text = " ".join(str("" if value is None else value).split())
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"
