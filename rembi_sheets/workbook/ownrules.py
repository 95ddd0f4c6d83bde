"""Dropdowns and limits that people made on sheets of ours: which those are, and how they go into one drawn anew.

Where one stands on cells that have a rule of ours, ours leaves those cells to it, as Excel takes one for each cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from rembi_sheets.cells import a1
from rembi_sheets.schema import SheetSpec
from rembi_sheets.workbook import lists
from rembi_sheets.workbook.contents import Rule
from rembi_sheets.workbook.look import look
from rembi_sheets.workbook.moves import Places
from rembi_sheets.workbook.package import cell_number
from rembi_sheets.workbook.valid import limits

_OWN_KINDS = ("list", "custom")  # those of this program refer to its lists
_ATTRIBUTES = {
    "operator", "errorStyle", "error", "errorTitle", "prompt", "promptTitle", "imeMode",
}  # fmt: skip
_FLAGS = {"allowBlank", "showDropDown", "showErrorMessage", "showInputMessage"}
Area = tuple[int, int, int]  # first and last row, column


class Piece(NamedTuple):
    """A part of an area in one column: its first cell as it was, and the part where it is now."""

    top: int
    column: int
    now: Area


def into(
    sheet: Any, rules: Iterable[Rule], place: Places, formula: Callable[[str], str | None]
) -> tuple[list[Rule], list[str]]:
    """Put the rules of a person's own into a sheet; those that are in it, and in words those that could not be kept."""
    kept, left = [], []
    for rule in rules:
        made = moved(rule, place, formula)
        if made is None:
            continue
        if made.area and (made.formulas or made.kind == "none"):
            put(sheet, made)
            kept.append(made)
        else:
            left.append(f"{place.old.title} {rule.area}: the {word(rule)} {' '.join(rule.formulas)}")
    return kept, left


def moved(rule: Rule, place: Places, formula: Callable[[str], str | None]) -> Rule | None:
    """A person's own rule at its new cells; None for one that this program has drawn.

    Without cells where they are not in the copy, without formulas where these cannot be moved along.
    """
    areas = areas_of(rule.area)
    if not areas or _drawn(rule, place, areas):
        return None
    cells = " ".join(written(piece.now) for piece in moved_areas(rule.area, place))
    if rule.kind == "none":  # it only says something when a cell is chosen
        return replace(rule, area=cells, formulas=())
    now = [formula(text) for text in rule.formulas]
    made = tuple(text for text in now if text is not None)
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
            there.sqref = type(there.sqref)(" ".join(written(area) for area in left))
        else:
            sheet.data_validations.dataValidation.remove(there)
    says: dict[str, Any] = {name: text for name, text in rule.says if name in _ATTRIBUTES}
    says |= {name: text in ("1", "true") for name, text in rule.says if name in _FLAGS}
    says |= {name: text for name, text in zip(("formula1", "formula2"), rule.formulas, strict=False) if text}
    kind = None if rule.kind == "none" else rule.kind
    sheet.add_data_validation(DataValidation(type=kind, sqref=rule.area, **says))  # type: ignore[arg-type]


def _drawn(rule: Rule, place: Places, areas: list[tuple[int, int, int, int]]) -> bool:
    """Was a rule drawn by this program?"""
    name = rule.formulas[0].lstrip("=") if rule.formulas else ""
    if lists.is_ours(name) or lists.SHEET in name:
        return True
    if rule.kind in _OWN_KINDS:
        return False
    says = dict(rule.says)
    if rule.kind == "none":
        ours = set(place.table.columns.values())
        touched = {n for top, left, bottom, right in areas for n in _numbers(place, top, left, bottom, right)}
        return touched <= ours and ("promptTitle" in says) == ("prompt" in says) and _title(says) in _titles(place)
    bounds = [_plain(text) for text in rule.formulas]
    return (rule.kind, says.get("operator", "between"), *bounds) in _limits(place.table.sheet)


def _limits(sheet: SheetSpec) -> set[tuple[str, ...]]:
    """The limits that a sheet of ours is drawn with."""
    drawn = (limits(c) for c in sheet.columns)
    return {(kind, operator, *(_plain(b) for b in bounds if b)) for kind, operator, *bounds in filter(None, drawn)}


def _title(says: Mapping[str, str]) -> str:
    return says.get("promptTitle", "")


def _titles(place: Places) -> set[str]:
    """The titles of the prompts of ours; a cell without one has none."""
    most = look().limit["prompt_title"]
    return {"", *(t for c in place.table.sheet.columns for t in (c.label[:most], c.short) if t)} | {
        place.table.label(name)[:most] for name in place.table.columns
    }


def _plain(text: str) -> str:
    """A bound as it is compared: 0.0 and 0 are one."""
    try:
        return f"{float(text):g}"
    except ValueError:
        return text


def word(rule: Rule) -> str:
    """What a rule is called."""
    return {"list": "dropdown", "none": "prompt"}.get(rule.kind, "limit")


def _numbers(place: Places, top: int, left: int, bottom: int, right: int) -> range:
    return range(top, bottom + 1) if place.plan.form else range(left, min(right, left + 200) + 1)


def areas_of(text: str) -> list[tuple[int, int, int, int]]:
    """The areas of a list of ranges: first row and column, last row and column."""
    return [area for one in text.split() if (area := _corners(one))]


def moved_areas(text: str, place: Places) -> Iterator[Piece]:
    """The areas of a list of ranges where they are now, a column (of a form a cell) each."""
    for top, left, bottom, right in areas_of(text):
        if place.plan.form:
            for row in (r for r in range(top, min(bottom, top + 500) + 1) if r in place.rows):
                for column in range(left, min(right, left + 200) + 1):
                    yield Piece(row, column, (place.rows[row], place.rows[row], column))
            continue
        first = max(top, place.table.heading_row + 1)
        for column in range(left, min(right, left + 200) + 1):
            start, end = place.to(first, column), place.to(max(first, bottom), column)
            if start and end and bottom >= first:
                yield Piece(first, column, (start[0], end[0], start[1]))


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


def written(area: Area) -> str:
    """An area as it stands in a list of ranges."""
    top, bottom, column = area
    return a1(top, column) if top == bottom else f"{a1(top, column)}:{a1(bottom, column)}"
