"""Which sheets and columns a blank workbook shows, for a profile, the archives chosen and a level."""

from __future__ import annotations

from dataclasses import dataclass

from rembi_sheets.schema.model import Column, Kind, Need, Origin, Schema, SheetSpec


@dataclass(frozen=True, slots=True)
class Selection:
    """The sheets shown, each with its columns, in order; and what was asked for."""

    profile: str
    archives: tuple[str, ...]
    level: str
    sheets: tuple[tuple[SheetSpec, tuple[Column, ...]], ...]


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
    shown = []
    for sheet in schema.sheets:
        if sheet.name in chosen.hidden_sheets or (level == schema.levels[0] and not _due(sheet, ordered)):
            continue
        columns = tuple(c for c in sheet.columns if _shown(schema, c, sheet, profile, ordered, level))
        if len(columns) == len(sheet.columns) or any(c.name not in sheet.key for c in columns):
            shown.append((sheet, _together(columns)))
    present = {s.name for s, _ in shown}
    sheets = tuple(
        (s, tuple(c for c in columns if c.kind is not Kind.REFERENCE or c.reference in present)) for s, columns in shown
    )
    return Selection(profile, ordered, level, sheets)


def _due(sheet: SheetSpec, archives: tuple[str, ...]) -> bool:
    """Does one of the archives demand a row of this sheet, or a cell in every row?"""
    demanded = any(c.need(a) in (Need.REQUIRED, Need.CONDITIONAL) for c in sheet.columns for a in archives)
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
    due = any(c.need(a) in (Need.REQUIRED, Need.CONDITIONAL) for a in archives)
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
