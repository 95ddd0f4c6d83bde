"""Workbooks after MIHCSME: three sheets of pairs in groups, which go where mihcsme.toml says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

from rembi_sheets import toml
from rembi_sheets.cells import Raw, Sheet, a1
from rembi_sheets.fill.model import Key, Proposal, Unplaced
from rembi_sheets.fill.sources.table.words import squeezed
from rembi_sheets.plates.grids import empty
from rembi_sheets.values import clean

Pairs: TypeAlias = Mapping[str, tuple[Raw, str]]
"""Squeezed "group/key" -> its value and the cell that says it."""
_GROUPS = "annotationgroups"  # the heading of the groups


@cache
def _data() -> Mapping[str, Any]:
    return toml.loads((files(__package__) / "mihcsme.toml").read_text("utf-8"))


def is_mihcsme(sheets: Sequence[Sheet]) -> bool:
    """Has a workbook two of the sheets of pairs, or one and that of conditions?"""
    titles = {squeezed(s.title) for s in sheets}
    return len(titles & {squeezed(t) for t in (*_data()["sheets"], _data()["conditions"])}) > 1


def pairs_sheet(sheet: Sheet) -> bool:
    """Is it one of the sheets of pairs?"""
    return squeezed(sheet.title) in map(squeezed, _data()["sheets"])


def known(sheets: Sequence[Sheet], file: str) -> tuple[list[Proposal], list[Unplaced]]:
    """What the sheets of pairs say, and the pairs that no column is for."""
    found: dict[str, tuple[Raw, str]] = {}
    names: dict[str, str] = {}
    for sheet in filter(pairs_sheet, sheets):
        for name, raw, where in _pairs(sheet):
            found.setdefault(_key(name), (raw, where))
            names.setdefault(_key(name), name)
    used: set[str] = set()
    proposals = [p for record in _data()["record"] for p in _record(record, found, file, used)]
    left = [
        Unplaced(file, where, f"{names[key]}: {raw}", "no column is for it")
        for key, (raw, where) in found.items()
        if key not in used
    ]
    return proposals, left


def _key(name: str) -> str:
    group, _, rest = name.partition("/")
    return f"{squeezed(group)}/{squeezed(rest)}"


def _pairs(sheet: Sheet) -> Iterator[tuple[str, Raw, str]]:
    """The filled pairs: group (told once or in each line), key, value in the third column."""
    group = ""
    for row, cells in enumerate(sheet.rows, start=1):
        line = [*cells[:3], None, None, None][:3]
        first = clean(str(line[0])) if not empty(line[0]) else ""
        if first.startswith("#") or squeezed(first) == _GROUPS:
            continue
        group = first or group
        if not empty(line[1]) and not empty(line[2]) and (row, 3) not in sheet.marks:
            raw = line[2]
            whole = isinstance(raw, float) and raw.is_integer()
            yield f"{group}/{clean(str(line[1]))}", int(raw) if whole else raw, f"{sheet.title} {a1(row, 3)}"  # type: ignore[arg-type]


def _record(record: Mapping[str, Any], found: Pairs, file: str, used: set[str]) -> Iterator[Proposal]:
    for n in range(1, record.get("repeat", 1) + 1):
        key: Key | None = None
        if "key" in record:
            parts = [_said(part, n, found) for part in record["key"]]
            if any(part and not said for part, said in zip(record["key"], parts, strict=True)):
                continue
            used |= {_key(part.format(n=n)) for part in record["key"] if part}
            key = tuple(parts)
        for column, pair in record["cells"].items():
            name = _key(pair.format(n=n))
            if name in found:
                used.add(name)
                raw, where = found[name]
                yield Proposal(record["sheet"], key, column, raw, file, where)


def _said(pair: str, n: int, found: Pairs) -> str:
    raw, _ = found.get(_key(pair.format(n=n)), ("", "")) if pair else ("", "")
    return clean(str(raw))
