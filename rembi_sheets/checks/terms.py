"""Terms and their identifiers: unknown labels, labels and identifiers that disagree, wrong branches (rules 7 to 9)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rembi_sheets import vocabularies
from rembi_sheets.cells import Place
from rembi_sheets.findings import Finding, find
from rembi_sheets.schema import Column, Kind
from rembi_sheets.tables import Table
from rembi_sheets.values import UNREADABLE, Term


def check_cells(table: Table) -> list[Finding]:
    """Findings on every term column."""
    out: list[Finding] = []
    ids = {c.ids_of: c for c in table.sheet.columns if c.ids_of}
    for column in table.sheet.columns:
        if column.kind is Kind.TERM and column.name in table.columns:
            out += _column(table, column, ids.get(column.name))
    return out


def _column(table: Table, column: Column, beside: Column | None) -> Iterator[Finding]:
    frame = table.frame
    ids = frame[beside.name] if beside is not None and beside.name in table.columns else None
    for i, (row, value) in enumerate(zip(frame.index, frame[column.name], strict=True)):
        if value is None or value is UNREADABLE:
            continue
        terms: tuple[Term, ...] = value if isinstance(value, tuple) else (value,)
        given = _as_tuple(ids.iloc[i]) if ids is not None else ()
        if len(given) != len(terms):
            given = ("",) * len(terms)
        place = table.place(int(row), column.name)
        id_place = table.place(int(row), beside.name) if beside is not None and any(given) else place
        for term, curie in zip(terms, given, strict=True):
            yield from _term(term, curie, column, place, id_place)


def _as_tuple(value: Any) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, str) else ()


def _term(term: Term, beside: str, column: Column, place: Place, id_place: Place) -> Iterator[Finding]:
    typed = beside or term.id
    found = vocabularies.resolve(term.label, column.list)
    at = id_place if beside else place
    if not typed:
        if found.entry is None:
            near = vocabularies.suggest(term.label, column.list)
            yield find("TERM-UNKNOWN", place, value=term.label, date=vocabularies.date(column.list), suggestions=near)
        return
    if column.list == "imaging_method":
        yield from _method(term, typed, at)
    meant = vocabularies.by_id(typed, column.list)
    if found.entry is not None and found.entry.id and found.entry.id != typed and meant is not None:
        yield find("TERM-ID-MISMATCH", at, value=term.label, id=typed, other=meant.label, suggestions=(found.entry.id,))
    elif found.entry is None and meant is not None:
        yield find("TERM-ID-MISMATCH", at, value=term.label, id=typed, other=meant.label, suggestions=(meant.label,))


def _method(term: Term, typed: str, at: Place) -> Iterator[Finding]:
    """FBbi terms outside imaging and resolution-enhancing methods are no imaging methods (rule 9)."""
    entry = vocabularies.by_id(typed, "fbbi")
    if entry is None or entry.extra.get("branch") in ("imaging method", "resolution-enhancing method"):
        return
    near = vocabularies.resolve(term.label, "imaging_method").entry
    suggestions = (near.label,) if near else vocabularies.suggest(term.label, "imaging_method", 1)
    yield find("TERM-BRANCH", at, value=term.label, id=typed, other=entry.label, suggestions=suggestions)
