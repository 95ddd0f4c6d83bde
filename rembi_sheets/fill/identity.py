"""Which columns tell the rows of a sheet apart, and how their values are compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

from rembi_sheets import toml
from rembi_sheets.fill.model import Key
from rembi_sheets.plates import position
from rembi_sheets.plates.wells import MANY, wells
from rembi_sheets.schema import Column, SheetSpec
from rembi_sheets.tables import Table
from rembi_sheets.values import clean, fold, split_many, to_cell

_WELL = "well"  # the format of columns of wells


@cache
def _told() -> Mapping[str, Mapping[str, Sequence[str]]]:
    found: Mapping[str, Mapping[str, Sequence[str]]] = toml.loads(
        (files(__package__) / "identity.toml").read_text("utf-8")
    )
    return found


def identity(sheet: SheetSpec) -> tuple[str, ...]:
    """Machine names of the columns whose values make the key of a proposal; none for a form."""
    return sheet.key or tuple(_told()["columns"].get(sheet.name, ()))


def told_by_any(sheet: SheetSpec) -> bool:
    """Is a row of this sheet told by any of the columns of its key, the others unknown?"""
    return sheet.name in _told()["told_by_any"]["sheets"]


def makes_row(sheet: SheetSpec, key: Sequence[str]) -> bool:
    """Does a key say enough for a new row: the first of its parts, or any where that suffices?"""
    return bool(key[0]) or (told_by_any(sheet) and any(key))


def alike(sheet: SheetSpec, key: Sequence[str]) -> tuple[str, ...]:
    """A key as compared: names without regard to case and blanks, paths as they are, wells by their place."""
    return tuple(_alike(sheet[name], part) for name, part in zip(identity(sheet), key, strict=True))


def _alike(column: Column, part: str) -> str:
    text = clean(part)
    if column.format is not None and column.format.path:
        return text
    if _of_wells(column):
        return str(position(text) or fold(text))
    if column.many:
        return "; ".join(map(fold, split_many(text)))
    return fold(text)


def _of_wells(column: Column) -> bool:
    return column.format is not None and column.format.name == _WELL


class Rows:
    """The rows of a table by what tells them apart; one that stands for several wells is found by each of them."""

    def __init__(self, table: Table) -> None:
        self._sheet = table.sheet
        names = identity(table.sheet)
        columns = [table.frame[n].tolist() if n in table.frame.columns else [None] * len(table.frame) for n in names]
        self._keys: dict[int, tuple[str, ...]] = {}
        self._several: dict[int, frozenset[str]] = {}
        self._well = next((n for n, name in enumerate(names) if _of_wells(table.sheet[name])), None)
        self._index: dict[tuple[int, str], list[int]] = {}
        for row, *values in zip(table.frame.index.tolist(), *columns, strict=True):
            self.add(int(row), tuple(str(to_cell(v) or "") for v in values))

    def add(self, row: int, key: Sequence[str]) -> None:
        """One row more."""
        made = alike(self._sheet, key)
        self._keys[row] = made
        for place, part in enumerate(made):
            several = self._wells(key[place]) if place == self._well else frozenset()
            if several:
                self._several[row] = several
            for one in (part, *several):
                if one:
                    self._index.setdefault((place, one), []).append(row)

    def _wells(self, text: str) -> frozenset[str]:
        """The wells that a text stands for, as compared; none of one that names a single well or none."""
        many = wells(text) if MANY.search(text) else None
        return frozenset(str(position(w)) for w in many or ())

    def covered(self, row: int, keys: Iterable[Key]) -> bool:
        """Are keys, all of them of this row, about each of the wells that it stands for?"""
        several = self._several.get(row)
        if several is None or self._well is None:
            return True
        said: set[str] = set()
        for key in keys:
            text = key[self._well]
            said |= self._wells(text) or {str(position(text))} if text else several
        return said >= several

    def of(self, key: Sequence[str]) -> list[int]:
        """The rows that a key means: those that say all that it says. An empty part of a key may be anything."""
        wanted = {n: part for n, part in enumerate(alike(self._sheet, key)) if part}
        if not wanted:
            return []
        shortest = min((self._index.get(item, []) for item in wanted.items()), key=len)
        return [row for row in shortest if all(self._says(row, n, part) for n, part in wanted.items())]

    def _says(self, row: int, place: int, part: str) -> bool:
        if place == self._well and row in self._several:
            return part in self._several[row] or part == self._keys[row][place]
        return self._keys[row][place] == part

    def open_to(self, key: Sequence[str]) -> Iterator[int]:
        """Rows that say less than a key, and nothing else: their first part is that of the key."""
        wanted = alike(self._sheet, key)
        for row in self._index.get((0, wanted[0]), []) if wanted[0] else ():
            if all(had in ("", part) for had, part in zip(self._keys[row], wanted, strict=True)):
                yield row
