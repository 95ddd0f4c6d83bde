"""Terms that no list at hand knows, asked for at a look-up service: only when the user wants it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from rembi_sheets import vocabularies
from rembi_sheets.findings import Finding, find
from rembi_sheets.schema import Column, Kind
from rembi_sheets.tables import Table, Tables
from rembi_sheets.values import UNREADABLE, Term
from rembi_sheets.vocabularies import Resolution


class Service(Protocol):
    """What answers: the entry that a text means in a list, and notes on what went wrong."""

    notes: list[str]

    def resolve(self, text: str, name: str) -> Resolution:
        """What `text` means for list `name`; no entry when the service does not know, or cannot be reached."""
        ...


def check(tables: Tables, service: Service) -> list[Finding]:
    """What the service knows of labels without an identifier; a failure of the service is a note, never more."""
    out: list[Finding] = []
    for table in tables:
        for column in table.sheet.columns:
            if column.kind is Kind.TERM and column.name in table.columns:
                out += _column(table, column, service)
    return [*out, *(find("ONLINE-FAILED", value=note) for note in dict.fromkeys(service.notes))]


def _column(table: Table, column: Column, service: Service) -> Iterator[Finding]:
    for row, value in zip(table.rows, table.values(column.name), strict=True):
        if value is None or value is UNREADABLE:
            continue
        for term in value if isinstance(value, tuple) else (value,):
            assert isinstance(term, Term)
            if term.id or vocabularies.resolve(term.label, column.list).entry is not None:
                continue
            found = service.resolve(term.label, column.list)
            entries = (found.entry,) if found.entry else found.alternatives[:3]
            if entries:
                known = [f"{e.label} [{e.id}]" for e in entries]
                yield find("TERM-ONLINE", table.place(int(row), column.name), value=term.label, suggestions=known)
