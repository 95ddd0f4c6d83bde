"""What changed between two versions of the data dictionary, column by column, for people and programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rembi_sheets.schema.history import Dropped, Merged, Renamed, Split, Way, Words, way
from rembi_sheets.schema.load import load
from rembi_sheets.schema.model import Column, Need


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what kind, "Sheet: Label" before and after (a sheet alone: its title), and what else is to be said.

    `kind`: added, dropped, renamed, split, merged, words, unlisted (a word that its list has no more), required (for
    the archives named in `detail`), optional (no archive named there demands it any more), values (what a cell may
    hold is told otherwise).
    """

    kind: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    detail: str = ""


def diff(old: str, new: str) -> tuple[Change, ...]:
    """The changes from version `old` to the later version `new`. Raises KeyError for versions that are not shipped."""
    return () if old == new else changes(way(old, load(new)))


def changes(along: Way) -> tuple[Change, ...]:
    """The changes along a way: sheets first, then what became of columns, then what is new."""
    alive: dict[tuple[str, str], Column] = {}
    made = [*_sheets(along), *_steps(along)]
    for sheet in along.old.sheets:
        for column in sheet.columns:
            today = along.today(sheet.name, column.name)
            if today is not None:
                alive[today.sheet, today.name] = column
                made += _column(along, column, today)
    fresh = [c for s in along.new.sheets for c in s.columns if (c.sheet, c.name) not in alive]
    parts = {name for change in made for name in change.new}
    for column in fresh:
        name = _after(along, column)
        if name not in parts:
            made.append(Change("added", (), (name,)))
        demanded = _labels(along, column.needed_by(along.new.archive_names))
        if demanded:
            made.append(Change("required", (), (name,), demanded))
    return tuple(made)


def _sheets(along: Way) -> Iterator[Change]:
    then = {along.sheet_today(s.name): s for s in along.old.sheets}
    for sheet in along.new.sheets:
        was = then.get(sheet.name)
        if was is None:
            yield Change("added", (), (sheet.title,))
        elif was.title != sheet.title:
            yield Change("renamed", (was.title,), (sheet.title,))


def _steps(along: Way) -> Iterator[Change]:
    """Splits, merges, words and what was dropped, with the headings of the versions between which it happened."""
    for migration in along.migrations:
        then, now = migration.old, migration.new
        names = {s.name: s.name for s in then.sheets}
        for step in migration.steps:
            if isinstance(step, Renamed):
                if not step.column:
                    names[step.to] = names.pop(step.sheet)
                continue
            if isinstance(step, Words):
                for was, word in step.replaced.items():
                    yield Change("words", (was,), (word,), then.lists[step.list].title)
                for was in step.dropped:
                    yield Change("unlisted", (was,), (), then.lists[step.list].title)
                continue
            sheet = then[names[step.sheet]]
            old = step.columns if isinstance(step, Merged) else (step.column,)
            new = step.to if isinstance(step, Split) else () if isinstance(step, Dropped) else (step.to,)
            title = sheet.title
            after = now.by_name.get(step.sheet)
            yield Change(
                type(step).__name__.casefold(),
                tuple(f"{title}: {sheet[n].label if n in sheet.by_name else n}" for n in old),
                tuple(f"{after.title}: {after[n].label}" for n in new if after is not None and n in after.by_name),
            )


def _column(along: Way, old: Column, new: Column) -> Iterator[Change]:
    before, after = (f"{along.old[old.sheet].title}: {old.label}",), (_after(along, new),)
    if old.label != new.label:
        yield Change("renamed", before, after)
    said = [
        text
        for text, then, now in (
            ("kind", old.kind, new.kind),
            ("list", old.list, new.list),
            ("form", old.format and old.format.name, new.format and new.format.name),
            ("several values", old.many, new.many),
        )
        if then != now
    ]
    if said:
        yield Change("values", before, after, ", ".join(said))
    shared = tuple(a for a in along.new.archive_names if a in old.archives)
    more = tuple(a for a in shared if new.need(a) is Need.REQUIRED and old.need(a) is not Need.REQUIRED)
    less = tuple(a for a in shared if old.need(a) is Need.REQUIRED and new.need(a) is not Need.REQUIRED)
    if more:
        yield Change("required", before, after, _labels(along, more))
    if less:
        yield Change("optional", before, after, _labels(along, less))


def _after(along: Way, column: Column) -> str:
    return f"{along.new[column.sheet].title}: {column.label}"


def _labels(along: Way, archives: tuple[str, ...]) -> str:
    return ", ".join(along.new.archive(a).label for a in archives)
