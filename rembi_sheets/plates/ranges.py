"""Rows of Files that stand for several wells become a row a well."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from rembi_sheets.cells import Place
from rembi_sheets.findings import Finding, find
from rembi_sheets.plates.wells import MANY, wells
from rembi_sheets.tables import REPEAT, Columns, Table
from rembi_sheets.values import Value


def expanded(table: Table, findings: list[Finding]) -> Table:
    """Every row that stands for several wells repeated; the same table where there is none."""
    made = one_well_a_row(table.cells, table.place, findings)
    return table if made is table.cells else replace(table, cells=made)


def one_well_a_row(data: Columns, place: Callable[[int, str], Place], findings: list[Finding] | None) -> Columns:
    """The same rows, those for several wells repeated, at the number of the row plus multiples of REPEAT."""
    if "well" not in data.names:
        return data
    given = data.values("well")
    many = {w for w in data.distinct("well") if isinstance(w, str) and MANY.search(w)}
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
            findings.append(find("PLATE-RANGE", place(data.rows[n], "well"), value=text))
    rows = [n for n in range(len(data)) for _ in known.get(n, ("",))]
    column = [w for n, own in enumerate(given) for w in known.get(n, (own,))]
    made: dict[str, Sequence[Value]] = {name: list(map(data.values(name).__getitem__, rows)) for name in data.names}
    index = [row + k * REPEAT for n, row in enumerate(data.rows) for k in range(len(known.get(n, ("",))))]
    return Columns({**made, "well": column}, index)
