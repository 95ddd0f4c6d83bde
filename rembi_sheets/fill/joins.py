"""Proposals whose rows the workbook has to tell: files by bare names, plates by a title, rows by what they hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rembi_sheets.fill.identity import identity
from rembi_sheets.fill.model import Confidence, Key, Proposal, Unplaced
from rembi_sheets.tables import Table, Tables
from rembi_sheets.values import fold, to_cell

_PATH, _PLATE, _WELL = 0, 1, 2  # places in the key of Files


@dataclass(frozen=True)
class Join:
    """Proposals for Files, and how their rows are found.

    `plates`: what the plate may be called where the proposals do not say it: a title, a sheet, the file.
    `by`: a column of Files; then `held` has the proposals (without a key) by the folded value that it holds in a row.
    """

    proposals: Sequence[Proposal] = ()
    plates: tuple[str, ...] = ()
    by: str = ""
    held: Mapping[str, Sequence[Proposal]] = field(default_factory=dict)


def resolved(
    tables: Tables, proposals: Sequence[Proposal], joins: Sequence[Join]
) -> tuple[list[Proposal], list[Unplaced]]:
    """All proposals with the keys of rows, in the light of the workbook and of each other; and what found no row."""
    if not joins:
        return list(proposals), []
    table = next(t for t in tables if t.sheet.own)
    out = [*proposals]
    plates = _plates(table, [*out, *(p for j in joins for p in j.proposals)])
    files = _by_name(table, out)
    for join in joins:
        out += _placed(join, files, plates)
    unplaced: list[Unplaced] = []
    for join in joins:
        if join.by:
            out += _held(table, out, join, unplaced)
    return out, unplaced


def _plates(table: Table, proposals: Iterable[Proposal]) -> Mapping[str, str]:
    """Folded name -> name of the plates of Files, and of files that come."""
    at = identity(table.sheet)[_PLATE]
    names = [v for v in _column(table, at) if isinstance(v, str)]
    names += list(dict.fromkeys(p.key[_PLATE] for p in proposals if _of(table, p) and p.key and p.key[_PATH]))
    return {fold(n): n for n in reversed(names) if n}


def _by_name(table: Table, proposals: Iterable[Proposal]) -> Mapping[str, str]:
    """Bare name of a file -> its path, where only one has it; a path that is known as it is stands for itself."""
    paths = {v for v in _column(table, identity(table.sheet)[_PATH]) if isinstance(v, str)}
    paths |= {p.key[_PATH] for p in proposals if _of(table, p) and p.key and p.key[_PATH]}
    out: dict[str, str] = {}
    for path in paths:
        bare = path.rpartition("/")[2]
        out[bare] = "" if bare in out else path
    return out | {p: p for p in paths}


def _placed(join: Join, files: Mapping[str, str], plates: Mapping[str, str]) -> Iterator[Proposal]:
    named = next((plates[fold(n)] for n in join.plates if fold(n) in plates), "")
    sole = next(iter(plates.values())) if len(plates) == 1 else ""
    made: dict[Key, tuple[Key, bool]] = {}
    for p in join.proposals:
        if p.key is None or len(p.key) <= _WELL:
            yield p
            continue
        if p.key not in made:
            made[p.key] = _key(p.key, files, named or sole or ("" if plates else next(iter(join.plates), "")))
        key, sure = made[p.key]
        yield p if sure and key == p.key else replace(p, key=key, confidence=p.confidence if sure else Confidence.GUESS)


def _key(key: Key, files: Mapping[str, str], plate: str) -> tuple[Key, bool]:
    """A key with the path that Files has, and with its plate; and whether that is sure."""
    path = key[_PATH]
    if path:
        return (files.get(path) or path, *key[1:]), True
    if key[_PLATE]:
        return key, True
    return (path, plate, *key[2:]), bool(plate)


def _held(table: Table, proposals: Sequence[Proposal], join: Join, unplaced: list[Unplaced]) -> list[Proposal]:
    """The proposals of a table for each row that holds what they are about, or comes to hold it."""
    rows: dict[str, dict[Key, Confidence]] = {}
    for key, value in _rows(table, join.by):
        rows.setdefault(fold(value), {}).setdefault(key, Confidence.READ)
    for p in proposals:
        if p.column == join.by and _of(table, p) and p.key is not None:
            rows.setdefault(fold(str(p.value)), {}).setdefault(p.key, p.confidence)
    out: list[Proposal] = []
    for value, those in join.held.items():
        for key, confidence in rows.get(value, {}).items():
            guess = confidence is Confidence.GUESS
            out += [replace(p, key=key, confidence=Confidence.GUESS if guess else p.confidence) for p in those]
    missing = [those[0] for value, those in join.held.items() if value not in rows and those]
    if missing:
        first = missing[0]
        more = f" (and of {len(missing) - 1} others)" if len(missing) > 1 else ""
        unplaced.append(
            Unplaced(first.source, first.where, str(first.value), f"no row of Files names what it is of{more}")
        )
    return out


def _rows(table: Table, column: str) -> Iterator[tuple[Key, str]]:
    names = identity(table.sheet)
    columns = [_column(table, n) for n in names]
    for value, *parts in zip(_column(table, column), *columns, strict=True):
        if value is not None:
            yield tuple(str(to_cell(p) or "") for p in parts), str(to_cell(value))


def _column(table: Table, name: str) -> list[Any]:
    return table.frame[name].tolist() if name in table.frame.columns else [None] * len(table.frame)


def _of(table: Table, p: Proposal) -> bool:
    return p.sheet == table.sheet.name
