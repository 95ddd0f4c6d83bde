"""Where on a sheet plates are drawn: a line of numbers, rows that begin with letters, and the cells between.

A drawing is found by its two edges, wherever it stands, so that titles, notes and legends around it do no harm.
Numbers may stand at the left and letters above as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rembi_sheets.cells import Raw, Sheet
from rembi_sheets.plates.wells import PLATES, column_of, row_of
from rembi_sheets.values import clean

Cell = tuple[int, int]
_HIGH = {columns: rows for rows, columns in PLATES}


@dataclass
class Grid:
    """One drawing of a plate: cells as (row, column) of the sheet, from 1.

    `wells`: cell -> row and column on the plate; `filled`: those of them that hold something; `astray`: filled cells
    between rows with letters that have none themselves. `top`, `left`, `bottom`, `right` include the edges.
    """

    sheet: Sheet
    top: int
    left: int
    bottom: int
    right: int
    wells: dict[Cell, Cell]
    filled: list[Cell] = field(default_factory=list)
    astray: list[Cell] = field(default_factory=list)

    @property
    def blank(self) -> bool:
        """Is nothing written into it?"""
        return not self.filled and not self.astray

    def holds(self, cell: Cell) -> bool:
        """Is the cell within the drawing, its edges included?"""
        return self.top <= cell[0] <= self.bottom and self.left <= cell[1] <= self.right


def empty(cell: Raw) -> bool:
    """Is there nothing to see in a cell?"""
    return cell is None or (isinstance(cell, str) and not clean(cell))


def cells(sheet: Sheet) -> Iterator[tuple[Cell, Raw]]:
    """Every filled cell of a sheet, row by row; those without a plain value too."""
    for row, line in enumerate(sheet.rows, start=1):
        for column, raw in enumerate(line, start=1):
            if not empty(raw) or (row, column) in sheet.marks:
                yield (row, column), raw


def grids(sheet: Sheet) -> list[Grid]:
    """The drawings of a sheet, from top to bottom and left to right."""
    filled = dict(cells(sheet))
    found = _found(sheet, filled, turned=False)
    rest = {cell: raw for cell, raw in filled.items() if not any(g.holds(cell) for g in found)}
    return sorted([*found, *_found(sheet, rest, turned=True)], key=lambda g: (g.top, g.left))


def _found(sheet: Sheet, filled: dict[Cell, Raw], *, turned: bool) -> list[Grid]:
    """Drawings whose numbers stand in a line above; `turned`: at the left (rows and columns change places)."""
    view = {_back(cell): raw for cell, raw in filled.items()} if turned else filled
    lines: dict[int, list[int]] = {}
    for row, column in sorted(view):
        lines.setdefault(row, []).append(column)
    found: list[Grid] = []
    for row, columns in lines.items():
        edges: dict[int, dict[int, int]] = {}
        first = 1
        for run in _runs(view, row, [c for c in columns if not any(g.holds((row, c)) for g in found)]):
            edge = _letters(view, lines, row, first, min(run))
            if edge:
                edges[edge] = run
            elif edges and run[min(run)] == max(edges[max(edges)].values()) + 1:
                edges[max(edges)] |= run  # beyond a gap, with the same letters
            first = max(run) + 1
        found += [_grid(sheet, view, lines, row, edge, numbers) for edge, numbers in edges.items()]
    found = [g for g in found if g.wells]
    return [_turned(g) for g in found] if turned else found


def _runs(view: dict[Cell, Raw], row: int, columns: Sequence[int]) -> Iterator[dict[int, int]]:
    """Runs of two or more numbers from 1 that count up by one a cell, as column -> number; one left out is put in."""
    run: dict[int, int] = {}
    for column in (*columns, 0):
        number = column_of(view.get((row, column)))
        last = max(run, default=0)
        if run and number is not None and column > last and number - run[last] == column - last:
            run |= {last + n: run[last] + n for n in range(1, column - last + 1)}
            continue
        if len(run) > 1 and run[min(run)] > 0:
            yield run
        run = {} if number is None else {column: number}


def _letters(view: dict[Cell, Raw], lines: dict[int, list[int]], row: int, first: int, before: int) -> int:
    """The column of the letters: left of the numbers the nearest whose first label below is a letter; 0 for none."""
    below = [r for r in lines if r > row]
    for column in range(before - 1, first - 1, -1):
        if row_of(view.get((row, column))):
            return 0  # a row of a plate whose values count up
        label = next((view[r, column] for r in below if (r, column) in view), None)
        if row_of(label):
            return column
    return 0


def _grid(
    sheet: Sheet, view: dict[Cell, Raw], lines: dict[int, list[int]], top: int, left: int, numbers: dict[int, int]
) -> Grid:
    """The rows below the numbers that begin with a letter, one after another."""
    made = Grid(sheet, top, left, top, max(numbers), {})
    waiting: list[Cell] = []
    last = 0
    for row in (r for r in lines if r > top):
        within = [(row, c) for c in numbers if (row, c) in view]
        label = view.get((row, left))
        if label is None:
            if any(_runs(view, row, [c for _, c in within])) and (not last or _alike(view, within, numbers)):
                break  # the numbers of this drawing, and the line above names plates; or those of the next
            waiting += within
            continue
        number = row_of(label)
        if not number or not _next(number, last, max(numbers.values()), gap=row > made.bottom + 1):
            break
        made.astray += waiting
        made.wells |= {(row, c): (number, n) for c, n in numbers.items()}
        made.filled += within
        waiting, last, made.bottom = [], number, row
    return made


def _alike(view: dict[Cell, Raw], line: Sequence[Cell], numbers: dict[int, int]) -> bool:
    """Does a line say the numbers of the drawing again?"""
    return all(column_of(view[cell]) == numbers[cell[1]] for cell in line)


def _next(number: int, last: int, columns: int, *, gap: bool) -> bool:
    """Does a row follow the last one? Rows may be left out on a plate of a known size, but not beyond a blank line.

    So a legend below a plate (N, negative control) is not taken for one of its rows.
    """
    if not last or number == last + 1:
        return True
    return not gap and last < number <= _HIGH.get(columns, 0)


def _turned(grid: Grid) -> Grid:
    return Grid(
        grid.sheet,
        grid.left,
        grid.top,
        grid.right,
        grid.bottom,
        {_back(cell): well for cell, well in grid.wells.items()},
        [_back(c) for c in grid.filled],
        [_back(c) for c in grid.astray],
    )


def _back(cell: Cell) -> Cell:
    return cell[1], cell[0]
