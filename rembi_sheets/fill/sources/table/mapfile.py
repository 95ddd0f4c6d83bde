"""MAP.toml: how tables are understood, written to be read, changed and used again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rembi_sheets import toml
from rembi_sheets.fill.model import Confidence
from rembi_sheets.fill.sources.known import SourceError
from rembi_sheets.fill.sources.table.model import Aim, TableMap
from rembi_sheets.fill.sources.table.words import WELL_COLUMN, WELL_ROW, squeezed
from rembi_sheets.schema import SheetSpec, load
from rembi_sheets.tables import OWN

_HEAD = """\
# How the columns of your tables are understood. Change what stands behind `to`, then fill again with --map.
# `to` is a heading of the sheet `about`; in Files any other heading makes a column of your own, and "" leaves it out.
# The halves of a well that stands apart are "well_row" and "well_column".
"""
_MOST = 1 << 20
_DECIDED = "as MAP.toml says"


def written(maps: Iterable[TableMap]) -> str:
    """The text of MAP.toml."""
    return _HEAD + "".join(f"\n{line}" for m in maps for line in _table(m)) + "\n"


def _table(m: TableMap) -> Iterator[str]:
    yield "[[table]]"
    yield f"file = {_quoted(m.file)}"
    yield f"sheet = {_quoted(m.sheet)}"
    yield f"heading_row = {m.head}"
    yield f"about = {_quoted(load()[m.about].title if m.about else '')}"
    if m.by:
        yield f"rows_by = {_quoted(label(m.about, m.by))}"
    for a in m.aims:
        yield ""
        yield "[[table.column]]"
        yield f"heading = {_quoted(a.heading)}"
        yield f"to = {_quoted(label(m.about, a.to))}"
        if a.unit_to:
            yield f"unit = {_quoted(a.unit)}"
            yield f"unit_to = {_quoted(label(m.about, a.unit_to))}"
        yield f"# {a.confidence.value}: {a.reason}"
    yield ""


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def label(about: str, to: str) -> str:
    """A column as a person calls it: its label, or the heading of an own column."""
    column = load()[about].by_name.get(to) if about else None
    return column.label if column is not None and not column.own else to.removeprefix(OWN)


class Maps:
    """What a MAP.toml says. Raises SourceError where it is no such file, or names what is not there."""

    def __init__(self, data: bytes = b"") -> None:
        try:
            if len(data) > _MOST:
                raise SourceError("The map is larger than 1 MB, which no map is.")
            found = toml.loads(data.decode("utf-8-sig"))
        except (UnicodeDecodeError, toml.TOMLDecodeError, RecursionError) as e:
            raise SourceError(f"The map cannot be read: {e}. Write it anew with --map and a name that is free.") from e
        tables = found.get("table", [])
        if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
            raise SourceError("The map has no [[table]]. Write it anew with --map and a name that is free.")
        self._tables: Sequence[Mapping[str, Any]] = tables

    def used(self, proposed: TableMap) -> TableMap:
        """The map of a table as a person decided it; columns that the file does not name stay as they are proposed."""
        said = next((t for t in self._tables if _meant(t, proposed)), None)
        if said is None:
            return proposed
        about = _about(said, proposed)
        spec = load().by_name.get(about)
        columns = said.get("column", [])
        decided: dict[str, list[Mapping[str, Any]]] = {}
        for c in columns:
            if isinstance(c, dict):
                decided.setdefault(str(c.get("heading", "")), []).append(c)
        aims = [_aim(a, _next(decided.get(a.heading, [])), spec, about == proposed.about) for a in proposed.aims]
        by = _machine(spec, said["rows_by"]) if spec and said.get("rows_by") else ""
        taken: set[str] = set()
        for a in aims:
            if a.to and a.to in taken:
                raise SourceError(f"In the map of {proposed.file} two columns go to “{label(about, a.to)}”; keep one.")
            taken.add(a.to)
        if by and by not in taken:
            raise SourceError(
                f"In the map of {proposed.file} no column goes to “{said['rows_by']}”, which rows_by names."
            )
        return replace(proposed, about=about, aims=tuple(aims), by=by)


def _next(those: list[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """What is said of a heading; where it stands several times, of each in turn."""
    return those.pop(0) if len(those) > 1 else next(iter(those), None)


def _meant(said: Mapping[str, Any], proposed: TableMap) -> bool:
    at = (proposed.file, proposed.sheet, proposed.head)
    return (said.get("file"), said.get("sheet", proposed.sheet), said.get("heading_row", proposed.head)) == at


def _about(said: Mapping[str, Any], proposed: TableMap) -> str:
    title = said.get("about")
    if title is None:
        return proposed.about
    if not title:
        return ""
    for sheet in load().sheets:
        if squeezed(str(title)) in (squeezed(sheet.title), squeezed(sheet.name)):
            return sheet.name
    titles = ", ".join(s.title for s in load().sheets)
    raise SourceError(f"The map of {proposed.file} is about “{title}”, which is no sheet. Sheets are: {titles}.")


def _aim(aim: Aim, said: Mapping[str, Any] | None, spec: SheetSpec | None, same: bool) -> Aim:
    if said is None:
        return aim if same else replace(aim, to="", unit_to="", reason="MAP.toml does not name it")
    if spec is None or not said.get("to"):
        return replace(aim, to="", unit_to="", confidence=Confidence.READ, reason=_DECIDED)
    unit_to = _machine(spec, said["unit_to"]) if said.get("unit_to") else ""
    unit = str(said.get("unit", aim.unit))
    to = _machine(spec, said["to"])
    return replace(aim, to=to, unit=unit, unit_to=unit_to, confidence=Confidence.READ, reason=_DECIDED)


def _machine(spec: SheetSpec, to: object) -> str:
    """The machine name of a column that a person names. Raises SourceError where the sheet has no such column."""
    text = " ".join(str(to).split())
    if spec.own and text in (WELL_ROW, WELL_COLUMN):
        return text
    found = next((c.name for c in spec.columns if not c.own and squeezed(text) in (squeezed(c.label), c.name)), "")
    if not found and spec.own is None:
        labels = ", ".join(c.label for c in spec.columns)
        raise SourceError(f"“{text}” in the map is no column of {spec.title}. Its columns are: {labels}.")
    return found or OWN + text
