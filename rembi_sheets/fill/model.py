"""Proposals, and what came of them: plain frozen data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from rembi_sheets.cells import Place, Raw
from rembi_sheets.tables import Table, Tables

Key: TypeAlias = tuple[str, ...]
"""What tells a row apart: the values of the columns of `identity(sheet)`, "" for one that is not known."""


class Confidence(StrEnum):
    """How sure a value is: it stands in the source, is computed from what stands there, or needs a person."""

    READ = "read"
    DERIVED = "derived"
    GUESS = "guess"


class State(StrEnum):
    """What came of a proposal."""

    FILLED = "filled"
    CONFIRMED = "confirmed"
    DIFFERS = "differs"
    QUESTIONS = "questions"
    NOT_UNDERSTOOD = "not_understood"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A value for one cell.

    `sheet`, `column`: machine names, an own column as `own:<heading>`. `key`: the row, None for a form; a key that no
    row has makes a new row. `row`: the row of the workbook itself, where the source was asked about what stands there;
    the key is then only told. `value`: as one would type it, a number as text where its digits matter, in the unit of
    the column. `source`: what knows it (a file's name); `where`: the place in it (cell, header key, path).
    """

    sheet: str
    key: Key | None
    column: str
    value: Raw
    source: str
    where: str = ""
    confidence: Confidence = Confidence.READ
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Proposals for one column, as a column of a table has them: a key, a value and a number of a row for each.

    Where there is no key, or no value, there is no proposal. `where`: the place of each but for the number of its row.
    """

    sheet: str
    column: str
    keys: Sequence[Key | None]
    values: Sequence[Raw]
    rows: Sequence[int]
    source: str
    where: str = ""
    confidence: Confidence = Confidence.READ

    def __iter__(self) -> Iterator[Proposal]:
        """The proposals, row by row."""
        for key, value, row in zip(self.keys, self.values, self.rows, strict=True):
            if key is not None and value is not None:
                where = f"{self.where}{row}"
                yield Proposal(self.sheet, key, self.column, value, self.source, where, self.confidence)


Said: TypeAlias = Proposal | Batch
"""One proposal or a column of them."""


def each(said: Iterable[Said]) -> Iterator[Proposal]:
    """The proposals one by one, in their order."""
    for found in said:
        if isinstance(found, Batch):
            yield from found
        else:
            yield found


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Something a source says that is no proposal: it was not understood, or no column is for it."""

    source: str
    where: str
    value: str
    why: str


@dataclass(frozen=True)
class Listed:
    """A long list of files, and the source that has it."""

    table: Table
    source: str

    def unplaced(self, why: str) -> Unplaced:
        """All of it, where it has no place."""
        return Unplaced(self.source, self.table.title, "", f"its list of files {why}")


@dataclass(frozen=True, slots=True)
class Entry:
    """What came of one proposal: `place` is its cell (column 0: the workbook has no such column yet, row 0: no row).

    `value`: what is proposed as the cell would hold it; `found`: what stands there, or the other source says.
    `row`: index of the row in the merged tables, None for no row.
    """

    state: State
    proposal: Proposal
    place: Place
    value: Raw
    row: int | None = None
    found: Raw = None
    why: str = ""

    @property
    def code(self) -> str:
        """The code of its finding, where it differs from the cell or from another source."""
        if self.state is not State.DIFFERS:
            return ""
        return "FILL-SOURCES-DIFFER" if self.why else "FILL-DIFFERS"

    def as_json(self) -> dict[str, object]:
        """The form of `fill --format json`."""
        return {
            "sheet": self.place.sheet,
            "cell": self.place.a1 if self.place.row and self.place.column else "",
            "column": self.place.label,
            "value": _plain(self.value),
            "found": _plain(self.found),
            "source": self.proposal.source,
            "where": self.proposal.where,
            "confidence": self.proposal.confidence.value,
            **({"code": self.code} if self.code else {}),
            **({"why": self.why} if self.why else {}),
        }


def _plain(value: Raw) -> object:
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


@dataclass(frozen=True)
class Merged:
    """The tables with what was filled, and what came of every proposal, in the order of the sheets."""

    tables: Tables
    entries: tuple[Entry, ...] = ()
    unplaced: Sequence[Unplaced] = field(default_factory=tuple)

    def of(self, state: State) -> list[Entry]:
        """The entries of one state."""
        return [e for e in self.entries if e.state is state]

    def as_json(self) -> Mapping[str, list[dict[str, object]]]:
        """The form of `fill --format json`."""
        made: dict[str, list[dict[str, object]]] = {s.value: [e.as_json() for e in self.of(s)] for s in State}
        nowhere = {"sheet": "", "cell": "", "column": "", "found": None, "confidence": Confidence.READ.value}
        made[State.NOT_UNDERSTOOD.value] += [
            {**nowhere, "value": u.value, "source": u.source, "where": u.where, "why": u.why} for u in self.unplaced
        ]
        return made
