"""Rows of Files that stand for several wells become a row a well."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rembi_sheets.cells import Place
from rembi_sheets.findings import Finding, find
from rembi_sheets.plates.wells import MANY, wells
from rembi_sheets.tables import REPEAT, Table, frame
from rembi_sheets.values import Value

if TYPE_CHECKING:
    import pandas as pd


def expanded(table: Table, findings: list[Finding]) -> Table:
    """Every row that stands for several wells repeated; the same table where there is none."""
    made = one_well_a_row(table.frame, table.place, findings)
    return table if made is table.frame else replace(table, frame=made)


def one_well_a_row(
    data: pd.DataFrame, place: Callable[[int, str], Place], findings: list[Finding] | None
) -> pd.DataFrame:
    """The same rows, those for several wells repeated, at the index of the row plus multiples of REPEAT."""
    if "well" not in data.columns:
        return data
    given = data["well"].tolist()
    many = {w for w in set(given) if isinstance(w, str) and MANY.search(w)}
    if not many:
        return data
    several = [n for n, w in enumerate(given) if w in many]
    known: dict[int, tuple[str, ...]] = {}
    for n in several:
        text = given[n]
        meant = wells(text)
        if meant is not None:
            known[n] = meant
        elif findings is not None:
            findings.append(find("PLATE-RANGE", place(int(data.index[n]), "well"), value=text))
    rows = [n for n in range(len(data)) for _ in known.get(n, ("",))]
    column = [w for n, own in enumerate(given) for w in known.get(n, (own,))]
    made: dict[str, Sequence[Value]] = {str(name): list(data[name].iloc[rows].tolist()) for name in data.columns}
    index = [int(data.index[n]) + k * REPEAT for n in range(len(data)) for k in range(len(known.get(n, ("",))))]
    return frame({**made, "well": column}, index)
