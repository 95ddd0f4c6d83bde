"""Which row each proposal is about: the one of its key, one that says less of it, or a new one below the last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from rembi_sheets.fill.identity import Rows, alike, identity, makes_row
from rembi_sheets.fill.model import Confidence, Key, Proposal, Unplaced
from rembi_sheets.schema import Layout, SheetSpec
from rembi_sheets.tables import Table

FORM_ROW = 0


@dataclass
class Row:
    """A row that proposals are about; `new`: the key of one that the sheet has not yet."""

    number: int
    new: Key | None = None
    proposals: list[Proposal] = field(default_factory=list)


class Finder:
    """Finds the rows of one sheet."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._index = Rows(table) if table.sheet.layout is not Layout.FORM else None
        self.rows: dict[int, Row] = {}

    def take(self, proposals: Sequence[Proposal]) -> list[Unplaced]:
        """Find the row of each proposal, those that no row is for; a key that no row has makes one."""
        unplaced: list[Unplaced] = []
        if self._index is None:
            self.rows[FORM_ROW] = Row(FORM_ROW, None, list(proposals))
            return unplaced
        sheet, rows = self._table.sheet, self._index
        by_key: dict[Key, list[Proposal]] = {}
        there = set(self._table.frame.index)
        for p in proposals:
            if p.row is not None and p.row in there:
                self._at(p.row).proposals.append(p)
            elif why := _unusable(sheet, p):
                unplaced.append(astray(p, why))
            elif p.key is not None:
                by_key.setdefault(p.key, []).append(p)
        last = max((int(n) for n in self._table.frame.index), default=self._table.heading_row)
        open_to: dict[int, list[Key]] = {}
        waiting: list[Key] = []
        nameless = dict.fromkeys(key for key in by_key if not makes_row(sheet, key))
        for key in by_key:
            if key in nameless:
                continue
            found = rows.of(key)
            for row in found:
                self._at(row).proposals += by_key[key]
            if not found:
                waiting.append(key)
                for row in rows.open_to(key):
                    open_to.setdefault(row, []).append(key)
        sole = {keys[0]: row for row, keys in open_to.items() if len(keys) == 1}
        for key in waiting:
            if key in sole:
                self._at(sole[key]).proposals += [*_key_proposals(sheet, key, by_key[key]), *by_key[key]]
                continue
            found = rows.of(key)  # a row that another spelling of the key has made
            if not found:
                last += 1
                rows.add(last, key)
                self._at(last).new = key
                found = [last]
            for row in found:
                self._at(row).proposals += [*_key_proposals(sheet, key, by_key[key]), *by_key[key]]
        for key in nameless:  # they make no row, but may be about one that others have made
            found = rows.of(key)
            for row in found:
                self._at(row).proposals += by_key[key]
            if not found:
                unplaced += [astray(p, _unmet(sheet, key)) for p in by_key[key]]
        return unplaced

    def whole(self, row: int, proposals: Iterable[Proposal]) -> bool:
        """Are proposals of a row about all of it: about each of the wells, where it stands for several?"""
        if self._index is None:
            return True
        said = list(proposals)
        return any(p.row is not None for p in said) or self._index.covered(row, (p.key for p in said if p.key))

    def _at(self, number: int) -> Row:
        return self.rows.setdefault(number, Row(number))


def astray(p: Proposal, why: str) -> Unplaced:
    """A proposal that no row is for."""
    return Unplaced(p.source, p.where, "" if p.value is None else str(p.value), why)


def _unusable(sheet: SheetSpec, p: Proposal) -> str:
    """Why a proposal for a row of a table cannot be placed; '' where it can."""
    if p.key is None or len(p.key) != len(identity(sheet)) or not any(p.key):
        return "it does not say which row it is about"
    return "" if _agrees(sheet, p.key, p) else "it calls its row otherwise than its key does"


def _unmet(sheet: SheetSpec, key: Key) -> str:
    """Why a key without its first part, which names a new row, is of no row."""
    names = [sheet[name].label for name in identity(sheet)]
    said = " and ".join(name for name, part in zip(names, key, strict=True) if part)
    return f"no row of {sheet.title} has this {said}, and a new one needs its {names[0]}"


def _agrees(sheet: SheetSpec, key: Key, p: Proposal) -> bool:
    """Does a proposal for a column of the key say what the key says?"""
    names = identity(sheet)
    if p.column not in names:
        return True
    place = names.index(p.column)
    other = tuple(str(p.value or "") if n == place else part for n, part in enumerate(key))
    return not key[place] or alike(sheet, other)[place] == alike(sheet, key)[place]


def _key_proposals(sheet: SheetSpec, key: Key, proposals: Sequence[Proposal]) -> Iterable[Proposal]:
    """What a key itself says, where no proposal says it: as sure as the surest of the row."""
    said = {p.column for p in proposals}
    best = min(proposals, key=lambda p: list(Confidence).index(p.confidence))
    for name, part in zip(identity(sheet), key, strict=True):
        if part and name not in said:
            yield replace(best, column=name, value=part)
