"""Maps into Files: the values of the wells into the rows of the wells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from rembi_sheets.cells import Place
from rembi_sheets.findings import Finding, find
from rembi_sheets.plates.grids import Cell
from rembi_sheets.plates.maps import Map, wells_of
from rembi_sheets.plates.ranges import one_well_a_row
from rembi_sheets.plates.wells import position
from rembi_sheets.tables import Columns, Table
from rembi_sheets.values import UNREADABLE, Value, to_cell


@dataclass
class _Difference:
    """Wells of one plate of which a map says something else than Files, or than a map before it.

    `at`: the cells of the map; the first pair of values, and the cell that says the other one.
    """

    at: list[Place]
    value: Value
    other: Value
    cell: Place


@dataclass
class _Meeting:
    """What came of the maps while the rows of Files went by: plates and wells met, and differences by plate."""

    wells: dict[str, set[Cell]] = field(default_factory=dict)
    unlike: dict[tuple[str, int, str], _Difference] = field(default_factory=dict)

    def findings(self, maps: Sequence[Map]) -> Iterator[Finding]:
        """Plates and wells of the maps that no row of Files has, and what differs: one finding a plate."""
        for m in maps:
            unknown = [p for p in m.plates if p.casefold() not in self.wells]
            if unknown:
                yield find("PLATE-MAP-PLATE", m.at, value="; ".join(unknown))
            plates = [p for p in m.plates if p not in unknown]
            everywhere = set().union(*self.wells.values())
            for plate in plates if m.plates else [""]:
                here = self.wells[plate.casefold()] if plate else everywhere
                missing = [w for w in m.values if w not in here]
                if missing:
                    where = f" of the plate “{plate}”" if plate else ""
                    places = [m.values[w][1] for w in missing]
                    yield find("PLATE-MAP-WELL", places, value=wells_of(missing), n=len(missing), where=where)
        yield from self.differences()

    def differences(self) -> Iterator[Finding]:
        """One finding for each map and plate, at the cells of the map."""
        for (code, _, plate), d in self.unlike.items():
            places = list(dict.fromkeys(d.at))
            yield find(
                code,
                places,
                value=to_cell(d.value),
                plate=plate,
                n=len(places),
                first=places[0].a1,
                other=to_cell(d.other),
                cell=d.cell.a1,
                there=d.cell.sheet,
            )


def filled(table: Table, maps: Sequence[Map], findings: list[Finding]) -> Table:
    """The maps' values in the rows of their plates and wells; the same table where there is no map."""
    if not maps:
        return table
    meeting = _Meeting()
    made = _with_columns(table, maps)
    made = replace(made, cells=_with_values(table.cells, maps, meeting, table.place))
    findings += meeting.findings(maps)
    return made


def streamed(table: Table, maps: Sequence[Map], findings: list[Finding]) -> Table:
    """A table beside the workbook, each of its parts expanded and filled as it is read."""
    source = table.source
    assert source is not None
    bare = replace(table, source=None)
    made = _with_columns(bare, maps)
    made = replace(made, cells=_with_values(bare.cells, maps, _Meeting(), bare.place)) if maps else made

    def parts(told: list[Finding] | None, meeting: _Meeting | None = None) -> Iterator[Columns]:
        for part in source(told):
            rows = one_well_a_row(part, bare.place, told)
            yield _with_values(rows, maps, meeting or _Meeting(), bare.place) if maps else rows

    if maps:
        meeting = _Meeting()
        for _ in parts(None, meeting):
            pass  # once, for what the maps miss; the rows themselves are not kept
        findings += meeting.findings(maps)
    return replace(made, source=parts)


def _with_columns(table: Table, maps: Sequence[Map]) -> Table:
    """The table with the columns that maps bring with them, behind the others."""
    columns = dict(table.columns)
    for m in maps:
        if m.column not in columns:
            columns[m.column] = max(columns.values(), default=0) + 1
    return replace(table, columns=columns)


def _with_values(data: Columns, maps: Sequence[Map], meeting: _Meeting, place: Callable[[int, str], Place]) -> Columns:
    """The rows with the values of the maps, where they have none of their own."""
    made: dict[str, Sequence[Value]] = {}
    plates = [p if isinstance(p, str) else "" for p in data.values("plate")]
    places = [position(w) if isinstance(w, str) else None for w in data.values("well")]
    for plate, at in zip(plates, places, strict=True):
        if at is not None:
            meeting.wells.setdefault(plate.casefold(), set()).add(at)
    said: dict[tuple[str, int], Place] = {}  # by column and row: the cell of the map that filled it
    for number, m in enumerate(maps):
        column = list(made.get(m.column) or (data.values(m.column) if m.column in data.names else [None] * len(data)))
        wanted = {p.casefold() for p in m.plates}
        for n, (plate, at) in enumerate(zip(plates, places, strict=True)):
            if at is None or at not in m.values or (wanted and plate.casefold() not in wanted):
                continue
            value, cell = m.values[at]
            if column[n] is None or column[n] is UNREADABLE:
                column[n] = value
                said[m.column, n] = cell
            elif column[n] != value:
                before = said.get((m.column, n))
                other = before or place(data.rows[n], m.column)
                key = ("PLATE-MAP-TWICE" if before else "PLATE-MAP-UNLIKE", number, plate)
                meeting.unlike.setdefault(key, _Difference([], value, column[n], other)).at.append(cell)
        made[m.column] = column
    return data.changed(made)
