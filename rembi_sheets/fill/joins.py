"""Proposals whose rows the workbook has to tell: files by bare names, plates by a title, rows by what they hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import eq
from typing import Any

from rembi_sheets import collector
from rembi_sheets.fill.identity import identity
from rembi_sheets.fill.model import Batch, Confidence, Key, Proposal, Said, Unplaced, each
from rembi_sheets.tables import Table, Tables
from rembi_sheets.values import fold, to_cell

_ABSOLUTE = re.compile(r"[A-Za-z]:|[\\/]|\w+://|.*\\")
_PATH, _PLATE, _WELL = 0, 1, 2  # places in the key of Files


@dataclass(frozen=True)
class Join:
    """Proposals for Files, and how their rows are found.

    `plates`: what the plate may be called where the proposals do not say it: a title, a sheet, the file.
    `by`: a column of Files; then `held` has the proposals (without a key) by the folded value that it holds in a row.
    """

    said: Sequence[Said] = ()
    plates: tuple[str, ...] = ()
    by: str = ""
    held: Mapping[str, Sequence[Proposal]] = field(default_factory=dict)

    @property
    def proposals(self) -> list[Proposal]:
        """What is said, one by one."""
        return list(each(self.said))


@collector.resting()
def resolved(tables: Tables, proposals: Sequence[Said], joins: Sequence[Join]) -> tuple[list[Said], list[Unplaced]]:
    """All proposals with the keys of rows, in the light of the workbook and of each other; and what found no row."""
    if not joins:
        return list(proposals), []
    table = next(t for t in tables if t.sheet.own)
    out = [*proposals]
    plates = _plates(table, [*out, *(p for j in joins for p in j.said)])
    files = _by_name(table, out)
    for join in joins:
        out += _placed(join, files, plates)
    unplaced: list[Unplaced] = []
    for join in joins:
        if join.by:
            out += _held(table, out, join, unplaced)
    return out, unplaced


def _keys(table: Table, said: Iterable[Said]) -> Iterator[Key]:
    """The keys of what is said of Files; those that several columns of a table share are gone through once."""
    seen: set[int] = set()
    for p in said:
        if not _of(table, p):
            continue
        if not isinstance(p, Batch):
            yield from [p.key] if p.key else []
        elif id(p.keys) not in seen:
            seen.add(id(p.keys))
            yield from (k for k in p.keys if k)


def _plates(table: Table, said: Iterable[Said]) -> Mapping[str, str]:
    """Folded name -> name of the plates of Files, and of files that come."""
    at = identity(table.sheet)[_PLATE]
    names = [v for v in _column(table, at) if isinstance(v, str)]
    names += list(dict.fromkeys(key[_PLATE] for key in _keys(table, said) if key[_PATH]))
    return {fold(n): n for n in reversed(names) if n}


def _by_name(table: Table, said: Iterable[Said]) -> Mapping[str, str]:
    """Bare name of a file -> its path, where only one has it; a path that is known as it is stands for itself."""
    paths = {v for v in _column(table, identity(table.sheet)[_PATH]) if isinstance(v, str)}
    paths |= {key[_PATH] for key in _keys(table, said) if key[_PATH]}
    out: dict[str, str] = {}
    for path in paths:
        bare = path.rpartition("/")[2]
        out[bare] = "" if bare in out else path
    return out | {p: p for p in paths}


def _placed(join: Join, files: Mapping[str, str], plates: Mapping[str, str]) -> Iterator[Said]:
    named = next((plates[fold(n)] for n in join.plates if fold(n) in plates), "")
    sole = next(iter(plates.values())) if len(plates) == 1 else ""
    plate = named or sole or ("" if plates else next(iter(join.plates), ""))
    made: dict[Key, tuple[Key, bool]] = {}

    def key_of(key: Key | None) -> tuple[Key | None, bool]:
        if key is None or len(key) <= _WELL:
            return key, True
        if key not in made:
            made[key] = _key(key, files, plate)
        return made[key]

    of_table: dict[int, tuple[list[Key | None], bool]] = {}
    for p in join.said:
        if not isinstance(p, Batch):
            key, sure = key_of(p.key)
            same = sure and key == p.key
            yield p if same else replace(p, key=key, confidence=p.confidence if sure else Confidence.GUESS)
            continue
        if id(p.keys) not in of_table:
            if _known(p.keys, files):
                of_table[id(p.keys)] = [*p.keys], True
            else:
                found = [key_of(k) for k in p.keys]
                of_table[id(p.keys)] = [k for k, _ in found], all(sure for _, sure in found)
        keys, sure = of_table[id(p.keys)]
        if sure:
            yield replace(p, keys=keys)
        else:
            yield from _placed(Join(tuple(p), join.plates), files, plates)


def _known(keys: Sequence[Key | None], files: Mapping[str, str]) -> bool:
    """Does `_key` give all of these back as they are: each with a path that is known as it is, or no path known?"""
    if set(map(type, keys)) != {tuple} or min((len(key) for key in keys if key), default=0) <= _WELL:
        return False
    paths = [key[_PATH] for key in keys if key]
    return all(paths) and (not files or all(map(eq, paths, map(files.get, paths))))


def _key(key: Key, files: Mapping[str, str], plate: str) -> tuple[Key, bool]:
    """A key with the path that Files has, and with its plate; and whether that is sure."""
    path = key[_PATH]
    if path:
        return (files.get(path) or _below(path, files) or path, *key[1:]), True
    if key[_PLATE]:
        return key, True
    return (path, plate, *key[2:]), bool(plate)


def _below(path: str, files: Mapping[str, str]) -> str:
    """The path of Files that a path of another computer ends in: D:\\screen\\p1\\A1.tif -> p1/A1.tif; '' for none."""
    if not _ABSOLUTE.match(path):
        return ""
    parts = re.split(r"[\\/]", path)
    ends = ("/".join(parts[n:]) for n in range(1, len(parts)))
    return next((files[end] for end in ends if files.get(end)), "")


def _held(table: Table, said: Sequence[Said], join: Join, unplaced: list[Unplaced]) -> list[Proposal]:
    """The proposals of a table for each row that holds what they are about, or comes to hold it."""
    rows: dict[str, dict[Key, Confidence]] = {}
    for key, value in _rows(table, join.by):
        rows.setdefault(fold(value), {}).setdefault(key, Confidence.READ)
    for p in each(p for p in said if p.column == join.by and _of(table, p)):
        if p.key is not None:
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


def _of(table: Table, p: Said) -> bool:
    return p.sheet == table.sheet.name
