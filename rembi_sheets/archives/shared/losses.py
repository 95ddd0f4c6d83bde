"""What a submission loses in an archive: what the data dictionary says of whole columns, and cells told one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from rembi_sheets import derive
from rembi_sheets.archives import Loss
from rembi_sheets.cells import Place
from rembi_sheets.records import Record
from rembi_sheets.schema import Fate
from rembi_sheets.submission import Submission
from rembi_sheets.tables import OWN, Table
from rembi_sheets.values import UNREADABLE, to_cell

MANY = 20
_NOTHING = frozenset((None, UNREADABLE))
_MOVED = (Fate.LOST, Fate.TEXT)
_UNUSED = "lost: nothing in the study leads to its row"


def schema_losses(submission: Submission, archive: str, written: Collection[str] = ()) -> tuple[Loss, ...]:
    """Every filled cell whose column the data dictionary says this archive loses, or keeps only as a line of text.

    And those of rows that nothing in the study leads to, but for the sheets that the archive has `written` whole.
    Of a sheet with many rows (Files), a column with more than MANY filled cells is one loss with the range of its
    cells. A streamed table is read once, a part at a time.
    """
    unused = {sheet: rows for sheet, rows in derive.unused(submission).items() if sheet not in written}
    return tuple(
        loss
        for sheet in submission.schema.sheets
        for loss in _table_losses(submission.tables[sheet.name], archive, {r.row for r in unused.get(sheet.name, ())})
    )


def _table_losses(table: Table, archive: str, unused: Collection[int | None]) -> Iterator[Loss]:
    moved = {
        name: column
        for column in table.sheet.columns
        if column.archives[archive].fate in (_MOVED if not unused else (*_MOVED, Fate.FIELD))
        for name in ([n for n in table.columns if n.startswith(OWN)] if column.own else [column.name])
    }
    if not moved:
        return
    long = table.sheet.own is not None
    seen = {name: _Seen(MANY if long else None) for name in moved}
    for part in table.parts():
        for name in moved:
            if name in part.names:
                seen[name].take(part, name)
    for name, column in moved.items():
        to = column.archives[archive].to
        went = to.removeprefix("- ").strip("()") if to not in ("", "-") else "lost"
        label = name.removeprefix(OWN) if column.own else column.label
        found = seen[name]
        if long and found.n > MANY:
            ends = f"{table.place(found.first, name).a1}:{table.place(found.last, name).a1}"
            yield Loss(archive, table.title, label, (ends,), f"{found.n} values", went)
            continue
        for row, value in found.kept:
            if row in unused or column.archives[archive].fate in _MOVED:
                to = _UNUSED if row in unused else went
                yield Loss(archive, table.title, label, (table.place(row, name).a1,), str(to_cell(value)), to)


@dataclass
class _Seen:
    """The filled cells of a column: how many, the first and last row, and their values while they are few."""

    limit: int | None
    n: int = 0
    first: int = 0
    last: int = 0
    kept: list[tuple[int, Any]] = field(default_factory=list)

    def take(self, part: Table, name: str) -> None:
        """Take up a part of the column."""
        distinct = part.distinct(name)
        if _NOTHING.issuperset(distinct):
            return
        rows, values = part.rows, part.values(name)
        filled: Sequence[int] = range(len(rows))
        if None in distinct or UNREADABLE in distinct:
            filled = [n for n, v in enumerate(values) if v not in _NOTHING]
        self.first = self.first or rows[filled[0]]
        self.last = rows[filled[-1]]
        few = filled if self.limit is None else filled[: max(0, self.limit - self.n)]
        self.kept += [(rows[n], values[n]) for n in few]
        self.n += len(filled)


def row_losses(archive: str, submission: Submission, record: Record, went: str) -> Iterator[Loss]:
    """The losses of all fields of a record that the archive has a place for, but not for this row."""
    for column in submission.schema[record.SHEET].columns:
        if column.archives[archive].fate is Fate.FIELD and getattr(record, column.name):
            yield loss(archive, submission, record, column.name, went)


def author_ids(archive: str, submission: Submission) -> Iterator[Loss]:
    """ORCIDs behind the names of a paper's authors, of an archive that has none of them."""
    for paper in submission.publications:
        if any(derive.paper_author(text)[1] for text in paper.authors):
            yield loss(archive, submission, paper, "authors", "lost: the ORCIDs behind the names")


def loss(archive: str, submission: Submission, record: Record, name: str, went: str = "lost") -> Loss:
    """The loss of one field of a record; of records it refers to, their names."""
    given = getattr(record, name)
    value: Any = tuple(getattr(v, "name", v) for v in given) if isinstance(given, tuple) else given
    return lost(archive, submission, record, name, str(to_cell(value)), went)


def lost(archive: str, submission: Submission, record: Record, name: str, value: str, went: str) -> Loss:
    """The loss of a value that stands in a column of a record's sheet."""
    at = submission.place(record, name)
    label = submission.schema[record.SHEET][name].label
    cells = (at.a1,) if isinstance(at, Place) else ()
    return Loss(archive, submission.title(record.SHEET), label, cells, value, went)
