"""Conditional formats that people made on sheets of ours: which those are, and how they go into one drawn anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from rembi_sheets.cells import a1
from rembi_sheets.workbook.contents import Conditional, Contents
from rembi_sheets.workbook.editing import Package, SheetXml, parsed
from rembi_sheets.workbook.graft import Graft
from rembi_sheets.workbook.moves import Places
from rembi_sheets.workbook.ownrules import Piece, areas_of, moved_areas, written
from rembi_sheets.workbook.transitional import transitional

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

# How those begin that this program draws (`valid.conditional_formats`).
_DRAWN = re.compile(
    r'AND\(LEN\(\$?[A-Z]+\$?\d+\)(?:=0,COUNTA\(|>0,(?:SUMPRODUCT\(|IF\(MATCH\(|ISNA\(MATCH\(|ISERROR\(SEARCH\(";",))'
)
# These look at all their cells together.
_WHOLE = ("colorScale", "dataBar", "iconSet", "top10", "aboveAverage", "duplicateValues", "uniqueValues")
Moved = Callable[[str, str], "str | None"]  # a formula, the title of its sheet -> the formula now, None if not sure


def into(
    package: Package, part: str, old: Contents, place: Places, formula: Moved, graft: Graft
) -> tuple[list[Conditional], list[str]]:
    """Put the conditional formats of a person's own into a sheet, before or after ours as they were.

    Gives those that are in it, and in words those that could not be kept.
    """
    there = old.around(place.old.title).conditional
    drawn = [c.priority for c in there if _drawn(c)]
    mine = sorted((c for c in there if not _drawn(c)), key=lambda c: c.priority)
    if not mine:
        return [], []
    first, made, left = min(drawn, default=0), list[Conditional](), []
    known = {c.area for c in mine if c.xml}
    for rule in mine:
        if not rule.xml:
            # Excel says bars and symbols twice: in the usual form too, which is kept
            left += [] if rule.area in known else [f"{place.old.title} {rule.area}: a conditional format of its own"]
            continue
        pieces = list(moved(rule, place, lambda text: formula(text, place.old.title)))
        if any(len(p.formulas) < len(rule.formulas) for p in pieces):
            left.append(f"{place.old.title} {rule.area}: the conditional format {' '.join(rule.formulas)}")
            continue
        made += pieces
    if made:
        _put(package, part, made, sum(bool(drawn) and c.priority < first for c in made), graft)
    return made, left


def _drawn(rule: Conditional) -> bool:
    return rule.kind == "expression" and bool(_DRAWN.match("".join(rule.formulas).lstrip("=").replace(" ", "")))


def moved(rule: Conditional, place: Places, formula: Callable[[str], str | None]) -> Iterator[Conditional]:
    """A rule at its new cells: one for all that moved alike, as its formulas count from the first of its cells.

    Without formulas where these cannot be moved along.
    """
    pieces = list(moved_areas(rule.area, place))
    if rule.kind in _WHOLE:
        texts = _texts(rule.formulas, formula)
        if pieces:
            yield replace(rule, area=" ".join(written(p.now) for p in pieces), formulas=texts)
        return
    alike: dict[tuple[int, int], list[Piece]] = {}
    for piece in pieces:
        alike.setdefault((piece.now[0] - piece.top, piece.now[2] - piece.column), []).append(piece)
    corners = areas_of(rule.area)
    for several in alike.values():
        origin = a1(min(c[0] for c in corners), min(c[1] for c in corners))
        at = a1(min(p.top for p in several), min(p.column for p in several))
        texts = _texts(rule.formulas, lambda text, o=origin, a=at: _counted(text, o, a, formula))  # type: ignore[misc]
        yield replace(rule, area=" ".join(written(p.now) for p in several), formulas=texts)


def _texts(formulas: tuple[str, ...], change: Callable[[str], str | None]) -> tuple[str, ...]:
    now = [change(text) for text in formulas]
    return tuple(text for text in now if text is not None)


def _counted(text: str, origin: str, at: str, formula: Callable[[str], str | None]) -> str | None:
    """A formula that counts from the cell `origin`, as it reads at another, with its references where they are now."""
    from openpyxl.formula.translate import Translator

    try:
        there = str(Translator(f"={text.lstrip('=')}", origin=origin).translate_formula(at))[1:]
    except Exception:  # what it does not understand, it says in several ways
        return None
    return formula(there)


def _put(package: Package, part: str, rules: list[Conditional], before: int, graft: Graft) -> None:
    """`before`: how many of the rules come before those that are there."""
    sheet = SheetXml(package[part])
    there = list(sheet.root.iter(sheet.tag("cfRule")))
    for ours in there:
        ours.set("priority", str(int(ours.get("priority", "1")) + before))
    last = max((int(ours.get("priority", "1")) for ours in there), default=0)
    for number, rule in enumerate(rules, start=1):
        block = sheet.root.makeelement(sheet.tag("conditionalFormatting"), {"sqref": rule.area})
        block.append(_element(rule, number if number <= before else last + number - before, graft))
        sheet.insert(block)
    package[part] = sheet.written()


def _element(rule: Conditional, priority: int, graft: Graft) -> Element:
    made = parsed(transitional(rule.xml))
    for child in [c for c in made if c.tag.rpartition("}")[2] == "extLst"]:
        made.remove(child)
    texts = iter(rule.formulas)
    for element in made.iter():
        if element.tag.rpartition("}")[2] == "formula":
            element.text = next(texts)
    made.set("priority", str(priority))
    if "dxfId" in made.attrib:
        made.set("dxfId", graft.look(made.get("dxfId", "")))
    return made
