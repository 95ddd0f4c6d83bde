"""Which sheets and columns a blank workbook shows, for a profile, the archives chosen and a level."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from rembi_sheets.schema.model import Column, Kind, Need, Origin, Schema, SheetSpec


@dataclass(frozen=True, slots=True)
class Selection:
    """The sheets shown, each with its columns, in order; and what was asked for."""

    profile: str
    archives: tuple[str, ...]
    level: str
    sheets: tuple[tuple[SheetSpec, tuple[Column, ...]], ...]


def first_choice(schema: Schema, profile: str = "", archives: tuple[str, ...] = (), level: str = "") -> Selection:
    """What a blank workbook shows when not all of this is said.

    With neither profile nor archive it is the start: the least that suffices. Who names one gets all of REMBI, unless
    a level says otherwise. Raises as `select`.
    """
    start = schema.start
    if not profile and not archives:
        return select(schema, start.profile, start.archives, level or start.level)
    return select(schema, profile or start.profile, archives, level)


def select(schema: Schema, profile: str, archives: tuple[str, ...] = (), level: str = "") -> Selection:
    """Sheets and columns for `profile`; no archives = the profile's own; no level = recommended.

    Raises KeyError for a profile, archive or level that does not exist.
    """
    chosen = schema.profile(profile)
    names = {schema.archive(a).name for a in archives} or set(chosen.archives)
    ordered = tuple(a for a in schema.archive_names if a in names)
    level = level or schema.default_level
    if level not in schema.levels:
        raise KeyError(level)
    open_to = [s for s in schema.sheets if s.name not in chosen.hidden_sheets]
    essential = level == schema.levels[0]
    titles = {s.name for s in open_to if not essential or _due(s, ordered)}
    columns = {s.name: tuple(c for c in s.columns if _shown(schema, c, s, profile, ordered, level)) for s in open_to}
    titles = {n for n in titles if _more_than_names(schema[n], columns[n])}
    if essential:
        titles |= {c.reference for n in titles for c in columns[n] if _brings(schema, c, ordered)} & set(columns)
        columns |= _leading(schema, titles, columns, ordered)
    shown = (
        (s, _together(tuple(c for c in columns[s.name] if c.kind is not Kind.REFERENCE or c.reference in titles)))
        for s in open_to
        if s.name in titles
    )
    return Selection(profile, ordered, level, tuple(shown))


def groups(schema: Schema) -> tuple[str, ...]:
    """The groups of method columns, in the order of the sheets."""
    return tuple(dict.fromkeys(c.group for s in schema.sheets for c in s.columns if c.group))


def with_methods(schema: Schema, chosen: Selection, named: Iterable[str]) -> Selection:
    """`chosen` with method columns: those of the groups named; of all groups, but for its profile, when none is.

    A sheet that is not shown comes with its key. Raises KeyError for a group that does not exist.
    """
    wanted = set(named)
    for group in wanted:
        if group not in groups(schema):
            raise KeyError(group)
    hidden = schema.profile(chosen.profile).hidden_sheets if not wanted else frozenset()
    shown = {s.name: {c.name for c in columns} for s, columns in chosen.sheets}
    for sheet in schema.sheets:
        more = {
            c.name
            for c in sheet.columns
            if c.group and (c.group in wanted if wanted else chosen.profile in c.profiles and sheet.name not in hidden)
        }
        if more:
            shown[sheet.name] = shown.get(sheet.name, set(sheet.key)) | more
    made = ((s, tuple(c for c in s.columns if c.name in shown[s.name])) for s in schema.sheets if s.name in shown)
    return replace(chosen, sheets=tuple(made))


def _asked(c: Column, archives: tuple[str, ...]) -> bool:
    """Does one of the archives ask for the cell, always or in some case?"""
    return any(c.need(a) in (Need.REQUIRED, Need.CONDITIONAL) for a in archives)


def _brings(schema: Schema, c: Column, archives: tuple[str, ...]) -> bool:
    """Does a column bring the sheet it refers to: is it asked for, and the sheet one that a small study has?"""
    return bool(c.reference) and _asked(c, archives) and schema[c.reference].essential


def _more_than_names(sheet: SheetSpec, columns: tuple[Column, ...]) -> bool:
    """Is a sheet of these columns worth showing: all that REMBI asks there, or more than the names of its rows?"""
    asked = {c.name for c in sheet.columns if c.origin is Origin.REMBI}
    return bool(asked and asked <= {c.name for c in columns}) or any(c.name not in sheet.key for c in columns)


def _leading(
    schema: Schema, titles: set[str], columns: Mapping[str, tuple[Column, ...]], archives: tuple[str, ...]
) -> dict[str, tuple[Column, ...]]:
    """The columns of sheets that get a reference more: to a sheet whose rows none of the columns shown leads to."""
    out: dict[str, tuple[Column, ...]] = {}
    led = {c.reference for n in titles for c in columns[n]}
    for sheet in (s for s in schema.sheets if s.name in titles):
        used = (c for c in sheet.columns if any(c.need(a) is not Need.UNUSED for a in archives))
        more = {c.reference: c.name for c in used if c.reference in titles - led}
        if more:
            led |= set(more)
            names = {c.name for c in columns[sheet.name]} | set(more.values())
            out[sheet.name] = tuple(c for c in sheet.columns if c.name in names)
    return out


def _due(sheet: SheetSpec, archives: tuple[str, ...]) -> bool:
    """Does one of the archives demand a row of this sheet, or a cell in every row?"""
    demanded = any(_asked(c, archives) for c in sheet.columns)
    return sheet.essential and (demanded or bool(set(archives) & set(sheet.needed_by)))


def _together(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Without columns that mean nothing alone: identifiers without their labels, a unit without its numbers."""
    names = {c.name for c in columns}
    kept = []
    for c in columns:
        base = c.ids_of or c.parallel_to
        numbers = {n for t in c.archives.values() if t.when for n in t.when.filled}
        if (not base or base in names) and (not numbers or numbers & names):
            kept.append(c)
    return tuple(kept)


def _shown(schema: Schema, c: Column, sheet: SheetSpec, profile: str, archives: tuple[str, ...], level: str) -> bool:
    used = any(c.need(a) is not Need.UNUSED for a in archives)
    due = _asked(c, archives)
    # What a chosen archive demands outright is shown whatever the profile, else the form could not be finished.
    demanded = any(c.need(a) is Need.REQUIRED for a in archives)
    if not used and c.origin is not Origin.REMBI and c.name not in sheet.key:
        return False
    if c.profiles and profile not in c.profiles and not demanded:
        return False
    if level == schema.levels[0]:
        return due or c.name in sheet.key[:1] or c.companion
    if level == schema.levels[1]:
        return due or c.name in sheet.key or c.companion or c.origin in (Origin.REMBI, Origin.LINK) or c.own
    return True
