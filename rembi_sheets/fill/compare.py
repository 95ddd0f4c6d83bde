"""Whether two values say the same, and lengths brought to the unit that a row has already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeAlias

from rembi_sheets import units, vocabularies
from rembi_sheets.fill.model import Proposal
from rembi_sheets.schema import Column, Kind, SheetSpec
from rembi_sheets.submission import resolve_term
from rembi_sheets.values import Term, Value, Variable, convert, fold

Measures: TypeAlias = Mapping[str, tuple[str, ...]]
"""By machine name of a column of units: the columns of their numbers."""


def same(column: Column, one: Value, other: Value) -> bool:
    """Do two values of a column say the same? Case, blanks, spellings of a term, order of several do not matter.

    A model says the same as the name of its family, which another model does not.
    """
    return one == other or _normal(column, one) == _normal(column, other) or _akin(column, one, other)


def _akin(column: Column, one: Value, other: Value) -> bool:
    """Are two words of a list, or two rows of them, a family and a model of it, each at its place?"""
    if not column.list or isinstance(one, tuple) != isinstance(other, tuple):
        return False
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(same(column, a, b) for a, b in zip(one, other, strict=True))
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    families = [vocabularies.resolve(text, column.list).entry for text in (one, other)]
    return families[0] is not None and families[0] == families[1] and families[0].label in (one, other)


def _normal(column: Column, value: Any) -> object:
    if isinstance(value, tuple):
        plain = [str(_normal(column, v)) for v in value]
        # identifiers stand beside labels one by one, so that their order says something
        return plain if column.ids_of or column.parallel_to else sorted(plain)
    if isinstance(value, Term):
        term = resolve_term(value, column.list)
        return term.id or fold(term.label)
    if isinstance(value, Variable):
        return fold(value.text)
    if isinstance(value, str):
        path = column.format is not None and column.format.path
        return value if path else fold(vocabularies.listed(value, column.list) if column.list else value) or fold(value)
    return value


def measures(sheet: SheetSpec) -> Measures:
    """The columns of units of length of a sheet, each with those of the numbers it belongs to."""
    return {
        column.name: tuple(dict.fromkeys(n for t in column.archives.values() if t.when for n in t.when.filled))
        for column in sheet.columns
        if column.list == "length_unit"
    }


def in_unit_of_row(
    sheet: SheetSpec, lengths: Measures, cells: Mapping[str, Value], proposals: Sequence[Proposal]
) -> list[Proposal]:
    """The proposals for one row with their lengths in the unit that the row has, else in that of the first source."""
    out = list(proposals)
    for unit, numbers in lengths.items():
        by_source = {p.source: p for p in reversed(out) if p.column == unit}
        if not by_source:
            continue
        typed = cells.get(unit)
        wanted = typed if isinstance(typed, str) else str(next(p.value for p in out if p.column == unit))
        for n, p in enumerate(out):
            of = by_source.get(p.source)
            if of is None or p.column not in (unit, *numbers):
                continue
            if units.factor(str(of.value)) is None or units.factor(wanted) is None:
                continue
            if p.column == unit:
                out[n] = replace(p, value=wanted)
                continue
            number = _number(sheet[p.column], p.value)
            length = None if number is None else units.convert(number, str(of.value), wanted)
            if length is not None and not _same_unit(str(of.value), wanted):
                out[n] = replace(p, value=f"{length.normalize():f}")
    return out


def _same_unit(one: str, other: str) -> bool:
    return units.factor(one) == units.factor(other)


def _number(column: Column, raw: Any) -> Decimal | None:
    if column.kind not in (Kind.NUMBER, Kind.INTEGER):
        return None
    value, _ = convert(raw, column)
    return Decimal(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else None


def distinct(column: Column, values: Iterable[Value]) -> list[Value]:
    """The values that say unlike things, in their order."""
    out: list[Value] = []
    for value in values:
        if not any(same(column, value, other) for other in out):
            out.append(value)
    return out
