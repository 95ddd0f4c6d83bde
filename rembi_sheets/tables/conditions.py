"""A condition of the data dictionary over the rows of a table."""

from __future__ import annotations

from typing import Any

from rembi_sheets.schema import Condition
from rembi_sheets.tables.model import Table


def holds(table: Table, condition: Condition, unknown: bool = False) -> list[bool]:
    """For each row: does the condition hold?

    `unknown`: what is said of rows in which the column that decides is empty.
    """
    due = [True] * len(table.rows)
    for other in condition.empty:
        due = [d and v is None for d, v in zip(due, table.values(other), strict=True)]
    if condition.filled:
        beside = zip(*(table.values(other) for other in condition.filled), strict=True)
        due = [d and any(v is not None for v in values) for d, values in zip(due, beside, strict=True)]
    if condition.column:
        wanted = frozenset(condition.has)
        due = [d and _has(v, wanted, unknown) for d, v in zip(due, table.values(condition.column), strict=True)]
    return due


def _has(value: Any, wanted: frozenset[str], unknown: bool) -> bool:
    """Is a value one of these, or a list with one of them?"""
    if value is None:
        return unknown
    return not wanted.isdisjoint(value) if isinstance(value, tuple) else value in wanted
