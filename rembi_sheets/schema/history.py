"""From one version of the data dictionary to the next: what was renamed, split, merged, replaced or dropped, as data.

`migrations/<from>-<to>.toml` names columns by their machine names; a heading or title alone that changed needs no
word there, since a sheet or column is known by its machine name. A file that is missing says that nothing but
additions came. The tables are

    [[renamed]]   sheet, to              or sheet, column, to
    [[split]]     sheet, column, to (several), pattern (a named group for each of `to`), rest (takes what does not fit)
    [[merged]]    sheet, columns, to, between
    [[words]]     list, replaced = { old = "new" }, dropped (several, which nothing replaces)
    [[dropped]]   sheet, column
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources.abc import Traversable
from itertools import pairwise
from typing import Any, TypeAlias

from rembi_sheets.schema.load import SchemaError, home, load, number, versions
from rembi_sheets.schema.model import Column, Kind, Schema, SheetSpec
from rembi_sheets.toml import TOMLDecodeError, loads


@dataclass(frozen=True, slots=True)
class Renamed:
    """A sheet (no `column`) or a column has another machine name."""

    sheet: str
    to: str
    column: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    """One column became several. A text that does not fit `pattern` goes whole into the column `rest`."""

    sheet: str
    column: str
    to: tuple[str, ...]
    pattern: re.Pattern[str]
    rest: str


@dataclass(frozen=True, slots=True)
class Merged:
    """Several columns became one; what was filled in is joined by `between`."""

    sheet: str
    columns: tuple[str, ...]
    to: str
    between: str


@dataclass(frozen=True, slots=True)
class Words:
    """Words of a list that are others now, and those that it has no more: cells keep them, and `check` asks."""

    list: str
    replaced: Mapping[str, str]
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dropped:
    """A column that is not asked for any more."""

    sheet: str
    column: str


Step: TypeAlias = Renamed | Split | Merged | Words | Dropped


@dataclass(frozen=True)
class Migration:
    """The steps from one version to the next, in the order in which they are taken."""

    old: Schema
    new: Schema
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Way:
    """From a version to today's. `reading` is the dictionary by which a workbook of the old version is read.

    It has the sheets, headings and help of the old version, so that everything is found, but what a cell holds is told
    by today's column wherever the old one lives on: a mistake mended since then is mended for old workbooks too.
    """

    migrations: tuple[Migration, ...]

    @property
    def old(self) -> Schema:
        """The version of the workbook."""
        return self.migrations[0].old

    @property
    def new(self) -> Schema:
        """Today's."""
        return self.migrations[-1].new

    @property
    def reading(self) -> Schema:
        """The old dictionary with today's columns behind its headings."""
        return replace(self.old, sheets=tuple(self._sheet(s) for s in self.old.sheets))

    def _sheet(self, sheet: SheetSpec) -> SheetSpec:
        return replace(sheet, columns=tuple(self._column(sheet, c) for c in sheet.columns))

    def _column(self, sheet: SheetSpec, c: Column) -> Column:
        to = self.today(sheet.name, c.name)
        if to is None:  # its text is taken apart, put together or set aside as it was typed
            return replace(c, kind=Kind.TEXT, many=False, format=None)
        return replace(
            to,
            name=c.name,
            label=c.label,
            sheet=c.sheet,
            help=c.help,
            reference=c.reference,
            ids_of=c.ids_of,
            parallel_to=c.parallel_to,
        )

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps, in the order in which they are taken."""
        return tuple(step for m in self.migrations for step in m.steps)

    def sheet_today(self, name: str) -> str:
        """Today's machine name of a sheet of the old version."""
        for step in self.steps:
            if isinstance(step, Renamed) and not step.column and step.sheet == name:
                name = step.to
        return name

    def today(self, sheet: str, column: str, since: int = 0) -> Column | None:
        """Today's column of one that is there before step number `since`; None where it does not live on."""
        for step in self.steps[since:]:
            if isinstance(step, Words) or step.sheet != sheet:
                continue
            if isinstance(step, Renamed):
                sheet, column = (
                    (sheet, step.to if column == step.column else column) if step.column else (step.to, column)
                )
            elif column in (step.columns if isinstance(step, Merged) else (step.column,)):
                return None
        spec = self.new.by_name.get(sheet)
        if spec is None:
            return None
        own = spec.own
        return own if own is not None and own.name == column else spec.by_name.get(column)


def way(old: str, new: Schema) -> Way:
    """How workbooks of version `old` become ones of `new`. Raises KeyError for a version that is not shipped."""
    steps = [v for v in versions() if number(old) <= number(v) <= number(new.version)]
    if old not in steps or len(steps) < 2:
        raise KeyError(old)
    return Way(tuple(migration(a, b) for a, b in pairwise(steps)))


def migration(old: str, new: str) -> Migration:
    """The steps between two versions that follow each other. Raises SchemaError where they do not fit the versions."""
    file = home() / "migrations" / f"{old}-{new}.toml"
    made = Migration(load(old), load(new), _steps(file) if file.is_file() else ())
    _verify(made, file.name)
    return made


def _steps(file: Traversable) -> tuple[Step, ...]:
    try:
        raw = loads(file.read_text("utf-8"))
        made: list[Step] = []
        for kind, entries in raw.items():
            made += [_MAKE[kind](entry) for entry in entries]
        return tuple(made)
    except (TOMLDecodeError, KeyError, TypeError, re.error) as error:
        raise SchemaError(f"{file.name}: {error!r}") from error


def _split(raw: dict[str, Any]) -> Split:
    return Split(raw["sheet"], raw["column"], tuple(raw["to"]), re.compile(raw["pattern"]), raw["rest"])


def _merged(raw: dict[str, Any]) -> Merged:
    return Merged(raw["sheet"], tuple(raw["columns"]), raw["to"], raw["between"])


def _words(raw: dict[str, Any]) -> Words:
    return Words(raw["list"], raw.get("replaced", {}), tuple(raw.get("dropped", ())))


_MAKE: Mapping[str, Any] = {
    "renamed": lambda raw: Renamed(**raw),
    "split": _split,
    "merged": _merged,
    "words": _words,
    "dropped": lambda raw: Dropped(**raw),
}


def _verify(made: Migration, file: str) -> None:
    """Every step begins and ends at what there is, and nothing of the old version disappears without a word."""
    columns = {(s.name, c.name) for s in made.old.sheets for c in s.columns}
    for step in made.steps:
        if isinstance(step, Words):
            if step.list not in made.new.lists:
                raise SchemaError(f"{file}: no list is called {step.list}")
            if (not step.replaced and not step.dropped) or set(step.replaced) & set(step.dropped):
                raise SchemaError(f"{file}: the words of {step.list} are neither replaced nor dropped, or both")
            continue
        gone = _gone(step, columns)
        if not gone or not gone <= columns:
            raise SchemaError(f"{file}: there is no {step.sheet} {_named(step)} to begin with")
        columns = (columns - gone) | _come(step, gone)
        if isinstance(step, Split) and set(step.pattern.groupindex) != set(step.to):
            raise SchemaError(f"{file}: the pattern for {step.column} has other groups than {', '.join(step.to)}")
        if isinstance(step, Split) and not {step.rest} <= set(step.to):
            raise SchemaError(f"{file}: {step.rest}, which takes the rest of {step.column}, is not among its parts")
    today = {(s.name, c.name) for s in made.new.sheets for c in s.columns}
    for sheet, column in sorted(columns - today):
        raise SchemaError(f"{file}: {sheet} {column} is not in {made.new.version}, and no step says why")


def _named(step: Step) -> str:
    return ", ".join(step.columns) if isinstance(step, Merged) else getattr(step, "column", "")


def _gone(step: Step, columns: set[tuple[str, str]]) -> set[tuple[str, str]]:
    if isinstance(step, Merged):
        return {(step.sheet, c) for c in step.columns}
    assert not isinstance(step, Words)
    return {(s, c) for s, c in columns if s == step.sheet and step.column in ("", c)}


def _come(step: Step, gone: set[tuple[str, str]]) -> set[tuple[str, str]]:
    if isinstance(step, Renamed):
        return {(step.to, c) if not step.column else (s, step.to) for s, c in gone}
    if isinstance(step, Split):
        return {(step.sheet, name) for name in step.to}
    return {(step.sheet, step.to)} if isinstance(step, Merged) else set()
