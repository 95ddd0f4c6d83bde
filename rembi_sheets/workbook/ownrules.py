"""Dropdowns that people made on sheets of ours: which those are, and how they go into a sheet that is drawn anew.

Where one stands on cells that have a dropdown of ours, ours leaves those cells to it, as Excel takes one for each cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from rembi_sheets.cells import a1
from rembi_sheets.workbook import lists
from rembi_sheets.workbook.contents import Rule
from rembi_sheets.workbook.moves import Places
from rembi_sheets.workbook.package import cell_number

_OWN_KINDS = ("list", "custom")  # on columns of ours all others were drawn by us
_ATTRIBUTES = {
    "operator", "errorStyle", "error", "errorTitle", "prompt", "promptTitle", "imeMode",
}  # fmt: skip
_FLAGS = {"allowBlank", "showDropDown", "showErrorMessage", "showInputMessage"}
Area = tuple[int, int, int]  # first and last row, column


def into(
    sheet: Any, rules: Iterable[Rule], place: Places, formula: Callable[[str], str | None]
) -> tuple[list[Rule], list[str]]:
    """Put the rules of a person's own into a sheet; those that are in it, and in words those that could not be kept."""
    kept, left = [], []
    for rule in rules:
        made = moved(rule, place, formula)
        if made is None:
            continue
        if made.area and made.formulas:
            put(sheet, made)
            kept.append(made)
        else:
            left.append(f"{place.old.title} {rule.area}: the dropdown {' '.join(rule.formulas)}")
    return kept, left


def moved(rule: Rule, place: Places, formula: Callable[[str], str | None]) -> Rule | None:
    """A person's own rule at its new cells; None for one that this program has drawn.

    Without cells where they are not in the copy, without formulas where these cannot be moved along.
    """
    areas = [area for one in rule.area.split() if (area := _corners(one))]
    if not areas or _drawn(rule, place, areas):
        return None
    now = [formula(text) for text in rule.formulas]
    made = tuple(text for text in now if text is not None)
    cells = " ".join(_written(area) for area in _moved(areas, place))
    return replace(rule, area=cells, formulas=made if len(made) == len(rule.formulas) else ())


def put(sheet: Any, rule: Rule) -> None:
    """Put a rule into a sheet, taking its cells from the rules that are there."""
    from openpyxl.worksheet.datavalidation import DataValidation

    taken = [(top, bottom, column) for top, column, bottom, _ in filter(None, map(_corners, rule.area.split()))]
    for there in list(sheet.data_validations.dataValidation):
        before = [(r.min_row, r.max_row, r.min_col) for r in there.sqref.ranges if r.min_col == r.max_col]
        left = before
        for area in taken:
            left = [piece for one in left for piece in _without(one, area)]
        if left == before:
            continue
        if left:
            there.sqref = type(there.sqref)(" ".join(_written(area) for area in left))
        else:
            sheet.data_validations.dataValidation.remove(there)
    says: dict[str, Any] = {name: text for name, text in rule.says if name in _ATTRIBUTES}
    says |= {name: text in ("1", "true") for name, text in rule.says if name in _FLAGS}
    says |= dict(zip(("formula1", "formula2"), rule.formulas, strict=False))
    sheet.add_data_validation(DataValidation(type=rule.kind, sqref=rule.area, **says))  # type: ignore[arg-type]


def _drawn(rule: Rule, place: Places, areas: list[tuple[int, int, int, int]]) -> bool:
    """Was a rule drawn by this program?"""
    name = rule.formulas[0].lstrip("=") if rule.formulas else ""
    if lists.is_ours(name) or lists.SHEET in name:
        return True
    ours = set(place.table.columns.values())
    touched = {n for top, left, bottom, right in areas for n in _numbers(place, top, left, bottom, right)}
    return rule.kind not in _OWN_KINDS and touched <= ours


def _numbers(place: Places, top: int, left: int, bottom: int, right: int) -> range:
    return range(top, bottom + 1) if place.plan.form else range(left, min(right, left + 200) + 1)


def _moved(areas: list[tuple[int, int, int, int]], place: Places) -> Iterator[Area]:
    """The areas where they are now, a column each."""
    for top, left, bottom, right in areas:
        if place.plan.form:
            rows = (place.rows[row] for row in range(top, min(bottom, top + 500) + 1) if row in place.rows)
            yield from ((row, row, column) for row in rows for column in range(left, min(right, left + 200) + 1))
            continue
        first = max(top, place.table.heading_row + 1)
        for column in range(left, min(right, left + 200) + 1):
            start, end = place.to(first, column), place.to(max(first, bottom), column)
            if start and end and bottom >= first:
                yield start[0], end[0], start[1]


def _without(area: Area, taken: Area) -> Iterator[Area]:
    """What is left of an area of one column."""
    top, bottom, column = area
    if column != taken[2] or taken[1] < top or taken[0] > bottom:
        yield area
        return
    if top < taken[0]:
        yield top, taken[0] - 1, column
    if taken[1] < bottom:
        yield taken[1] + 1, bottom, column


def _corners(area: str) -> tuple[int, int, int, int] | None:
    ends = [cell_number(end) for end in area.replace("$", "").split(":")]
    if not ends or None in ends:
        return None
    (top, left), (bottom, right) = ends[0], ends[-1]  # type: ignore[misc]
    return top, left, bottom, right


def _written(area: Area) -> str:
    top, bottom, column = area
    return a1(top, column) if top == bottom else f"{a1(top, column)}:{a1(bottom, column)}"
