"""Proposals into a copy of a workbook: columns that it lacks are added first, then the empty cells are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rembi_sheets.cells import Raw, SideTable
from rembi_sheets.fill import differing
from rembi_sheets.fill.joins import Join, resolved
from rembi_sheets.fill.merge import merge
from rembi_sheets.fill.model import Entry, Listed, Merged, Proposal, State, Unplaced
from rembi_sheets.findings import Finding
from rembi_sheets.schema import Schema
from rembi_sheets.tables import OWN, Tables
from rembi_sheets.tables.elsewhere import CONFIRMED, FILLED
from rembi_sheets.workbook.add import add
from rembi_sheets.workbook.fill import Cell, Note, fill
from rembi_sheets.workbook.migrate import migrate
from rembi_sheets.workbook.side import written
from rembi_sheets.workbook.transfer import load

_TOO_LONG = (
    "is too long to be compared with that of this workbook row by row; fill a workbook that lists no files, "
    "or a new one"
)


@dataclass(frozen=True)
class Filled:
    """The copy, what came of the proposals, and the columns that it has more ("Sheet: Label").

    `valued`, `left`: what is to be said of the columns' coming, as in `workbook.add.Added`. `side`: the table of files
    that goes beside it, where a source has more of them than a sheet should hold.
    """

    content: bytes
    merged: Merged
    columns: tuple[str, ...] = ()
    valued: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    side: SideTable | None = None

    @property
    def findings(self) -> list[Finding]:
        """What differs between the workbook and its sources, at the cells of the copy."""
        return differing.findings(self.merged)


def fill_copy(
    data: bytes,
    schema: Schema,
    proposals: Sequence[Proposal],
    unplaced: Sequence[Unplaced] = (),
    joins: Sequence[Join] = (),
    files: Listed | None = None,
    side: SideTable | None = None,
    *,
    accept_guesses: bool = False,
    merged_only: bool = False,
) -> Filled:
    """A copy of the workbook in `data` with what the proposals and joins know; an older one in today's form.

    `files`: a long list of files, which goes beside a workbook that lists none. `side`: the table of files that lies
    beside this one already; it is not filled.
    `merged_only`: only what would be filled is asked, no copy is made.
    Raises AnnotateError when it cannot be copied, or the copy would not hold all that the workbook holds.
    """
    moved = migrate(data, schema)
    valued, left = (moved.valued, moved.left) if moved is not None else ((), ())
    content = moved.content if moved is not None else data
    tables = load(content, schema).tables
    if files is not None and (side is not None or not tables[files.table.sheet.name].empty):
        unplaced = (*unplaced, files.unplaced(_TOO_LONG))
        files = None
    if files is not None:
        side = written(files.table)
    tables = _streamed(tables, side)
    said, astray = resolved(tables, proposals, joins)
    merged = merge(tables, said, accept_guesses=accept_guesses)
    missing = _missing(merged)
    if missing:
        wider = add(content, schema, columns=missing)
        content, valued, left = wider.content, (*valued, *wider.valued), (*left, *wider.left)
        tables = _streamed(load(content, schema).tables, side)
        merged = merge(tables, said, accept_guesses=accept_guesses)
    merged = replace(merged, unplaced=(*merged.unplaced, *unplaced, *astray))
    if merged_only:
        return Filled(b"", merged, missing, valued, left, side)
    notes = [_note(e) for e in merged.entries if e.state is not State.NOT_UNDERSTOOD]
    made = fill(content, {**_headings(tables, merged), **_values(merged)}, notes)
    return Filled(made, merged, missing, valued, left, side)


def _streamed(tables: Tables, side: SideTable | None) -> Tables:
    """The tables, of which the one that lies beside the workbook has no rows in its sheet, nor gets any."""
    if side is None:
        return tables
    beside = {t.sheet.name: replace(t, source=lambda _: iter(())) for t in tables if t.sheet.own}
    return replace(tables, tables={**tables.tables, **beside})


def tables(data: bytes, schema: Schema) -> Tables:
    """The tables of the workbook in `data`; one of an older version in today's form. Raises AnnotateError."""
    moved = migrate(data, schema)
    return load(data if moved is None else moved.content, schema).tables


def _missing(merged: Merged) -> tuple[str, ...]:
    """Columns and lines that have to come before their cells can be filled, as "Sheet: Label"."""
    schema = merged.tables.schema
    out: dict[str, None] = {}
    for e in merged.of(State.FILLED):
        if not e.place.column:
            sheet, name = schema[e.proposal.sheet], e.proposal.column
            column = sheet.own if name.startswith(OWN) else sheet[name]
            assert column is not None
            out[f"{sheet.title}: {sheet[sheet.key[0]].label if column.own else column.label}"] = None
    return tuple(out)


def _headings(before: Tables, merged: Merged) -> dict[Cell, Raw]:
    """The headings of own columns that come with what is filled."""
    out: dict[Cell, Raw] = {}
    for table in merged.tables:
        for name, number in table.columns.items():
            if name not in before[table.sheet.name].columns:
                out[table.title, table.heading_row, number] = name.removeprefix(OWN)
    return out


def _values(merged: Merged) -> dict[Cell, Raw]:
    return {(e.place.sheet, e.place.row, e.place.column): e.value for e in merged.of(State.FILLED)}


def _note(e: Entry) -> Note:
    cell = e.place.a1 if e.place.row and e.place.column else ""
    source = ", ".join(part for part in (e.proposal.source, e.proposal.where) if part)
    # a value that was confirmed may be spelled otherwise in the cell
    found = e.found if e.state in (State.DIFFERS, State.CONFIRMED) and e.found != e.value else None
    return Note(
        e.place.sheet,
        cell,
        e.place.label,
        _text(e.value),
        _text(found),
        source,
        e.proposal.confidence.value,
        _STATES[e.state],
    )


_STATES = {
    State.FILLED: FILLED,
    State.CONFIRMED: CONFIRMED,
    State.DIFFERS: "differs",
    State.QUESTIONS: "question",
}


def _text(value: Raw) -> str:
    return "" if value is None else str(value)
