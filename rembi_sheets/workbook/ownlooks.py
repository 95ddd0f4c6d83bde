"""The looks that people gave to cells, rows and columns of ours, and how they go into a sheet that is drawn anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal

from rembi_sheets.cells import letters
from rembi_sheets.workbook.contents import Around, Contents
from rembi_sheets.workbook.layout import HEAD_ROWS
from rembi_sheets.workbook.moves import VALUE, Places
from rembi_sheets.workbook.paint import Paint, formats, of_head
from rembi_sheets.workbook.sheets import data_style

Part = Literal["cell", "row", "column"]
At = tuple[int, int]  # row and column from 1; of a whole row the column is 1, of a whole column the row


def found(old: Contents, place: Places, around: Around) -> Iterator[tuple[Part, At, Paint]]:
    """What of a sheet does not look as it is drawn, at its new places: cells, then whole rows and columns.

    A row that is painted as a whole paints the cells of ours in it, which have formats of their own there.
    """
    paints = formats(old)
    if not paints:
        return
    cells: set[At] = set()
    own: dict[tuple[str, int], Paint] = {}  # by format and column: what of it is a person's
    for row, column, cell in old.elements(place.old.title):
        if row in around.rows:
            cells.add((row, column))
        style = cell.get("s", "")
        if (style, column) not in own:
            own[style, column] = _undrawn(
                paints.get(int(style), Paint()) if style.isdigit() else Paint(), place, column
            )
        paint = own[style, column]
        if paint == Paint():
            continue
        to = place.to(row, column)
        if to is not None:
            yield "cell", to, paint
        elif (to := place.head(row, column)) is not None and (kept := of_head(paint)) != Paint():
            yield "cell", to, kept
    for row, style_number in around.rows.items():
        new = place.move.row(row)
        paint = _undrawn(paints.get(style_number, Paint()), place)
        if paint != Paint() and new is not None and new > (0 if place.plan.form else HEAD_ROWS):
            yield "row", (new, 1), paint
            there = {to for at in cells if at[0] == row and (to := place.to(*at))}
            for number in _numbers(place):
                if (new, number) not in there:
                    yield "cell", (new, number), paint
    for first, last, style_number in around.columns:
        for number, new in _columns(place, first, last):
            paint = _undrawn(paints.get(style_number, Paint()), place, number)
            if paint != Paint():
                yield "column", (1, new), paint


def _numbers(place: Places) -> Iterator[int]:
    """The columns of ours in a row, those of the user's own among them."""
    if place.plan.form:
        yield VALUE
        return
    yield from sorted({*(f.number for f in place.plan.fields), *place.columns.values()})


def _columns(place: Places, first: int, last: int) -> Iterator[tuple[int, int]]:
    """The columns of ours from one to another: where they stood, and where they stand."""
    if place.plan.form:
        if first <= VALUE <= last:
            yield VALUE, VALUE
        return
    yield from ((number, new) for number, new in sorted(place.columns.items()) if first <= number <= last)


def _undrawn(paint: Paint, place: Places, column: int = 0) -> Paint:
    """The paint without the side at which the texts of a column are drawn; of no column, without either side."""
    across = paint.align.across
    if across not in ("left", "right"):
        return paint
    new = place.columns.get(column, 0)
    drawn = [data_style(f, place.plan).horizontal for f in place.plan.fields if f.number == new and not place.plan.form]
    if column and across != (drawn[0] if drawn else "left"):
        return paint
    return replace(paint, align=paint.align._replace(across=""))


def into(sheet: Any, looks: Iterable[tuple[Part, At, Paint]]) -> None:
    """Paint cells, rows and columns of a sheet; formats that come out alike are made once."""
    known: dict[tuple[bytes, Paint], Any] = {}
    for part, (row, column), paint in looks:
        target: Any = (
            sheet.cell(row, column)
            if part == "cell"
            else sheet.row_dimensions[row]
            if part == "row"
            else sheet.column_dimensions[letters(column)]
        )
        key = (target._style.tobytes() if target._style else b"", paint)
        if key in known:
            target._style = known[key]
        else:
            paint.on(target)
            known[key] = target._style


def shown(new: Contents, title: str, around: Around) -> Mapping[tuple[Part, At], Paint]:
    """How the cells, rows and columns of a sheet look, at their places."""
    paints = formats(new)
    out: dict[tuple[Part, At], Paint] = {}
    for row, column, cell in new.elements(title):
        style = cell.get("s", "")
        if style.isdigit() and int(style) in paints:
            out["cell", (row, column)] = paints[int(style)]
    for row, number in around.rows.items():
        if number in paints:
            out["row", (row, 1)] = paints[number]
    for first, last, number in around.columns:
        if number in paints:
            out |= {("column", (1, n)): paints[number] for n in range(first, min(last, first + 1000) + 1)}
    return out
