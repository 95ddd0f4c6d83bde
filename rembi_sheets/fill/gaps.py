"""What would leave more gaps than a workbook has is asked, not filled: new people and grants, and names of new rows.

Each row of such a sheet counts in the score, as nothing has to name it first. A colleague without an ORCID, taken from
another study, would lower it; whether the study is to have this author a person decides. Rows that others name count
as soon as they are named: an organisation of which a source knows less than of those that are there is not filled in
for a person who has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rembi_sheets.fill.model import Entry, State
from rembi_sheets.schema import Column, Kind, Layout
from rembi_sheets.tables import Table, Tables
from rembi_sheets.tables.conditions import holds
from rembi_sheets.tables.spare import spare, without
from rembi_sheets.values import fold


def lacking(before: Tables, after: Tables, entries: Sequence[Entry]) -> Mapping[int, str]:
    """By `id` of an entry that is filled into such a new row: why it is asked."""
    named = {c.reference for s in after.schema.sheets for c in s.columns}
    new: dict[tuple[str, int], list[Entry]] = {}
    for e in entries:
        sheet = after.schema[e.proposal.sheet]
        counted = sheet.defaults and sheet.layout is not Layout.FORM and sheet.name not in named
        if counted and e.state is State.FILLED and e.row is not None and e.row not in before[sheet.name].frame.index:
            new.setdefault((sheet.name, e.row), []).append(e)
    used = without(before, spare(before)) if entries else before
    out: dict[int, str] = {}
    for (name, row), those in new.items():
        gaps = ", ".join(dict.fromkeys(_with_named(used, after, name, row)))
        if gaps and not before[name].empty:
            why = f"its row would come without {gaps}, which rows of yours have; --accept-guesses adds it"
            out |= {id(e): why for e in those}
    for e in entries:
        if e.state is State.FILLED and id(e) not in out and (column := _reference(e, before)) is not None:
            gaps = ", ".join(dict.fromkeys(_named(used, after, e.proposal.sheet, e.row or 0, column)))
            if gaps and not before[column.reference].empty:
                why = f"the row that it names would come without {gaps}, which rows of yours have"
                out[id(e)] = f"{why}; --accept-guesses fills it in"
    return out


def _reference(e: Entry, before: Tables) -> Column | None:
    """The column of an entry that names rows, in a row that was there or in a form."""
    column = before.schema[e.proposal.sheet].by_name.get(e.proposal.column)
    there = e.row is not None and e.row in before[e.proposal.sheet].frame.index
    return column if column is not None and column.kind is Kind.REFERENCE and there else None


def _with_named(before: Tables, after: Tables, name: str, row: int) -> Iterator[str]:
    """The gaps of a new row, and of those that it names and nothing did `before`."""
    table = after[name]
    yield from _gaps(before[name], table, row)
    for column in table.sheet.columns:
        if column.kind is Kind.REFERENCE and column.name in table.frame.columns:
            yield from _named(before, after, name, row, column)


def _named(before: Tables, after: Tables, name: str, row: int, column: Column) -> Iterator[str]:
    """The gaps of new rows that a cell names."""
    value, target = after[name].frame.at[row, column.name], after[column.reference]
    said = {fold(str(v)) for v in (value if isinstance(value, tuple) else (value,)) if v is not None}
    for other, label in target.frame[target.sheet.key[0]].items():
        if isinstance(label, str) and fold(label) in said and other not in before[column.reference].frame.index:
            yield from _gaps(before[column.reference], target, int(str(other)))


def _gaps(before: Table, after: Table, row: int) -> Iterator[str]:
    """The columns that rows have which were there, and a new one that could have them does not."""
    alone = after.of_rows([r == row for r in after.rows])
    for column in after.sheet.columns:
        if not column.asked or column.own or column.name not in before.frame.columns:
            continue
        empty = alone.value(row, column.name) is None
        if (
            empty
            and any(v is not None for v in before.values(column.name))
            and (not column.applies or holds(alone, column.applies, unknown=True) == [True])
        ):
            yield column.label
