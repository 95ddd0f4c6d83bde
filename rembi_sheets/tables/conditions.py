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
    import pandas as pd

    due = pd.Series(True, index=frame.index, dtype=bool)
    for other in condition.empty:
        due &= frame[other].isna()
    if condition.filled:
        due &= frame[list(condition.filled)].notna().any(axis=1)
    if condition.column:
        wanted = set(condition.has)
        values = frame[condition.column]
        due &= values.map(
            lambda v: unknown if v is None else bool(wanted & set(v)) if isinstance(v, tuple) else v in wanted
        ).astype(bool)
    return due
