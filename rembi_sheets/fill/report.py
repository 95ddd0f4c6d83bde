"""What came of filling, in words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rembi_sheets.fill import differing
from rembi_sheets.fill.differing import short
from rembi_sheets.fill.model import Confidence, Entry, Merged, State, Unplaced
from rembi_sheets.fill.sources.table.mapfile import label
from rembi_sheets.fill.sources.table.model import TableMap
from rembi_sheets.schema import load
from rembi_sheets.tables import OWN

_MANY = 20  # entries of one column that are told one by one
_CELL = re.compile(r"\b[A-Z]{1,3}[1-9][0-9]*$")  # the address of a cell, at the end of a place
_TITLES = {
    State.FILLED: "Filled in",
    State.CONFIRMED: "Confirmed: stands there already",
    State.DIFFERS: "Differs: left as it is",
    State.QUESTIONS: "To be decided by you; --accept-guesses fills them in",
    State.NOT_UNDERSTOOD: "Not filled in",
}


def lines(merged: Merged, verbose: bool = False) -> Iterator[str]:
    """A line for each entry under a title for each state; what was confirmed is only counted unless `verbose`."""
    for state, title in _TITLES.items():
        entries = merged.of(state)
        more = merged.unplaced if state is State.NOT_UNDERSTOOD else ()
        if not entries and not more:
            continue
        yield f"{title} ({len(entries) + len(more)})"
        if state is State.CONFIRMED and not verbose:
            continue
        for e, rest in folded(entries, verbose):
            yield f"  {_line(e)}" + (f", and {rest} more cells of this column" if rest else "")
        for u, rest in gathered(more, verbose):
            said = f"“{short(u.value)}”: " if u.value else ""
            yield f"  {', '.join(filter(None, (u.source, u.where)))}: {said}{u.why}" + (
                f" (and {rest} more cells)" if rest else ""
            )
    if merged.of(State.DIFFERS):
        yield "More on a code: rembi-sheets explain CODE"


def folded(entries: Sequence[Entry], verbose: bool = False) -> Iterator[tuple[Entry, int]]:
    """The entries that are told; many of one column, from one source, are one, with the number of the others.

    What is asked of a row that is not made is one question.
    """
    entries = entries if verbose else list(_by_rows(entries))
    counts = Counter(map(_alike, entries))
    told: set[tuple[str, str, str]] = set()
    for e in entries:
        alike = _alike(e)
        if verbose or counts[alike] <= _MANY:
            yield e, 0
        elif alike not in told:
            told.add(alike)
            yield e, counts[alike] - 1


def gathered(unplaced: Sequence[Unplaced], verbose: bool = False) -> Iterator[tuple[Unplaced, int]]:
    """What was not understood; many cells of a table for one reason are one, with the number of the others."""

    def alike(u: Unplaced) -> tuple[str, str, str]:
        return u.source, _CELL.sub("", u.where), u.why

    counts, told = Counter(map(alike, unplaced)), set[tuple[str, str, str]]()
    for u in unplaced:
        if verbose or counts[alike(u)] <= _MANY:
            yield u, 0
        elif alike(u) not in told:
            told.add(alike(u))
            yield u, counts[alike(u)] - 1


def _by_rows(entries: Sequence[Entry]) -> Iterator[Entry]:
    """The entries, those of one row that is not made as one that has the values of all."""
    rows: dict[object, list[Entry]] = {}
    for n, e in enumerate(entries):
        asked = e.state is State.QUESTIONS and e.row is None and e.why
        rows.setdefault((e.place.sheet, e.proposal.key, e.proposal.source, e.why) if asked else n, []).append(e)
    for first, *more in rows.values():
        if more:
            values = ", ".join(str(e.value) for e in (first, *more))
            yield replace(first, value=values, place=replace(first.place, column=0, label=""))
        else:
            yield first


def _alike(e: Entry) -> tuple[str, str, str]:
    return e.place.sheet, e.place.label, e.proposal.source


def of_maps(maps: Sequence[TableMap]) -> Iterator[str]:
    """How the columns of tables were understood, a line a column; columns of one's own of a table together."""
    for m in maps:
        about = load()[m.about].title if m.about else "no sheet"
        by = f", rows by {label(m.about, m.by)}" if m.by else ""
        yield f"{m.file}, {m.sheet}: about {about}{by}"
        own = [a for a in m.aims if a.to == OWN + " ".join(a.heading.split())]
        for a in m.aims:
            if a not in own:
                to = f"to {label(m.about, a.to)}" if a.to else "left out"
                sure = "" if a.confidence is Confidence.READ else f", {a.confidence.value}"
                yield f"  “{short(a.heading)}” {to} ({a.reason}{sure})"
        if own:
            yield f"  Columns of your own: {', '.join(short(a.heading) for a in own)}"


def _line(e: Entry) -> str:
    cell = e.place.a1 if e.place.row and e.place.column else ""
    source = ", ".join(filter(None, (e.proposal.source, e.proposal.where)))
    at = " ".join(filter(None, (e.place.sheet, cell, e.place.label)))
    for found in differing.of(e):
        return f"{at}: {found.message}  {found.code}"
    why = f": {e.why}" if e.why else ""
    return f"{at}: “{short(e.value)}” ({source}){why}"
