"""Repairs that are taken only when asked for: what a slip of typing alone explains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rembi_sheets import checks, vocabularies
from rembi_sheets.cells import Book, Place, Raw
from rembi_sheets.findings import Finding
from rembi_sheets.repair.safe import Change
from rembi_sheets.schema import Column
from rembi_sheets.tables import Tables, sheet_key
from rembi_sheets.values import clean, split_many, typed_as

_HEADING = "HEADING-UNKNOWN"
_SUGGESTED = (
    _HEADING,
    "REF-UNKNOWN",
    "REF-SPELLING",
    "LIST-UNKNOWN",
    "LIST-OTHER",
    "TERM-UNKNOWN",
    "TERM-ID-MISMATCH",
    "FORMAT-BAD",
)


def slips(tables: Tables, found: Sequence[Finding]) -> list[Finding]:
    """The findings of reading (`found`) and of the checks that may be slips of typing, each with its one suggestion."""
    every = [*found, *checks.check(tables, tables.schema.archive_names)]
    return [f for f in every if len(f.suggestions) == 1 and f.code in _SUGGESTED]


def suggested(cells: Iterable[tuple[Place, Column, Raw]], found: Sequence[Finding]) -> Iterator[tuple[Change, Raw]]:
    """The cells in which a slip of typing alone explains what was typed."""
    at: dict[tuple[str, int, int], list[Finding]] = {}
    for f in found:
        for row, number in f.cells:
            at.setdefault((f.sheet, row, number), []).append(f)
    for place, column, raw in cells if at else ():
        for f in at.get((place.sheet, place.row, place.column), ()):
            new = _swapped(clean(str(raw)), f.value, f.suggestions[0], column) if _is_slip(f, column) else None
            if new is not None and new != raw:
                yield Change(place, str(raw), new, f"a slip of typing ({f.code})"), new


def _is_slip(f: Finding, column: Column | None = None) -> bool:
    """Does a slip of typing explain the value of a finding with one suggestion?"""
    if f.code == "FORMAT-BAD" and column is not None and column.format is not None:
        return typed_as(f.value, column.format) == f.suggestions[0]
    return vocabularies.is_typing(f.value, f.suggestions[0])


def _swapped(text: str, old: str, new: str, column: Column) -> str | None:
    """The text with one of its values replaced; None when it is not there."""
    if not column.many:
        return new if text == old else None
    several = list(split_many(text))
    return "; ".join(new if p == old else p for p in several) if old in several and new not in several else None


def headings(found: Sequence[Finding], book: Book) -> Iterator[tuple[Change, Raw]]:
    """The headings in which a slip of typing alone explains what was typed."""
    titles = {sheet_key(s.title) for s in book.sheets}
    for f in found:
        if f.code == _HEADING and sheet_key(f.sheet) in titles and _is_slip(f):
            new = f.suggestions[0]
            for row, column in f.cells:
                place = Place(f.sheet, row, column, f.column)
                yield Change(place, f.value, new, f"a slip of typing ({f.code})"), new
