"""A condition of the data dictionary over the rows of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rembi_sheets.schema import Condition

if TYPE_CHECKING:
    import pandas as pd


def holds(frame: pd.DataFrame, condition: Condition, unknown: bool = False) -> pd.Series[Any]:
    """For each row: does the condition hold?

    `unknown`: what is said of rows in which the column that decides is empty.
    """
    import numpy as np
    import pandas as pd

    due = np.ones(len(frame), bool)
    for other in condition.empty:
        due &= pd.isna(frame[other].to_numpy())
    if condition.filled:
        due &= np.logical_or.reduce([pd.notna(frame[other].to_numpy()) for other in condition.filled])
    if condition.column:
        wanted = frozenset(condition.has)
        due &= np.fromiter((_has(v, wanted, unknown) for v in frame[condition.column].tolist()), bool, len(frame))
    return pd.Series(due, index=frame.index)


def _has(value: Any, wanted: frozenset[str], unknown: bool) -> bool:
    """Is a value one of these, or a list with one of them?"""
    if value is None:
        return unknown
    return not wanted.isdisjoint(value) if isinstance(value, tuple) else value in wanted
