"""Sheets of the user's own, put whole into another workbook: cells, formats, pictures, charts, notes, tables.

Their XML is taken over as it is; only numbers that count something in the workbook (formats, texts, relations) and
formulas that refer to cells that have moved are changed.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from copy import deepcopy
from typing import TYPE_CHECKING

from rembi_sheets.workbook.carry import inline
from rembi_sheets.workbook.editing import MAIN, PACKAGE_RELS, Package, parsed, written
from rembi_sheets.workbook.looks import BUILTIN
from rembi_sheets.workbook.spelling import TYPES_PART, relations_of
from rembi_sheets.workbook.stylesheet import Stylesheet, children
from rembi_sheets.workbook.transitional import transitional

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

# What hangs on parts of the old workbook that do not come along; the cells keep what was shown.
_LEFT = ("pivotTable", "slicer", "timeline", "queryTable", "threadedComment")
_FAMILIES = 5  # font families that programs other than Excel know
Moved = Callable[[str, str], "str | None"]  # a formula, the title of its sheet -> the formula now, None if not sure


class Graft:
    """Takes sheets from one package into another."""

    def __init__(self, old: Package, new: Package, styles: Stylesheet, moved: Moved) -> None:
        self._old, self._new, self._styles, self._moved = old, new, styles, moved
        self._parts: dict[str, str] = {}
        self._formats: dict[tuple[str, int], int] = {}
        home = old.related("", "officeDocument") or "xl/workbook.xml"
        part = old.related(home, "styles")
        self._old_styles = self._xml(part) if part else None
        part = old.related(home, "sharedStrings")
        self._texts = list(self._xml(part)) if part else []
        types = parsed(old[TYPES_PART])
        self._types = {e.get("PartName", "").lstrip("/"): e.get("ContentType", "") for e in types}
        self._defaults = {e.get("Extension", "").lower(): e.get("ContentType", "") for e in types}
        self.valued: list[tuple[str, str]] = []

    def _xml(self, part: str) -> Element:
        return parsed(transitional(self._old[part]))

    def sheet(self, title: str, part: str) -> str:
        """Take over the sheet `title` that is `part` of the old package; its name in the new one.

        `valued` then has the cells (title, address) whose formula could not be moved and became its value.
        """
        root = self._xml(part)
        for view in root.iter(f"{{{MAIN}}}sheetView"):
            view.attrib.pop("tabSelected", "")
        self._cells(root, title)
        for tag, attribute in (("row", "s"), ("col", "style")):
            for element in root.iter(f"{{{MAIN}}}{tag}"):
                if attribute in element.attrib:
                    element.set(attribute, str(self._cell_format(element.get(attribute, ""))))
        for rule in root.iter(f"{{{MAIN}}}cfRule"):
            if "dxfId" in rule.attrib:
                rule.set("dxfId", self.look(rule.get("dxfId", "0")))
        for tag in ("formula", "formula1", "formula2"):
            for element in root.iter(f"{{{MAIN}}}{tag}"):
                element.text = self._moved(element.text or "", title) or element.text
        name = self._new.free("xl/worksheets/own{}.xml")
        self._new[name] = written(root)
        self._relations(part, name, title)
        return name

    def look(self, number: str) -> str:
        """The number in the new package of a look that conditional formats give."""
        return str(self._format("dxfs", int(number))) if number.isdigit() else number

    def _cells(self, root: Element, title: str) -> None:
        lost = self._lost_groups(root, title)
        for cell in root.iter(f"{{{MAIN}}}c"):
            if "s" in cell.attrib:
                cell.set("s", str(self._cell_format(cell.get("s", ""))))
            formula, value = cell.find(f"{{{MAIN}}}f"), cell.find(f"{{{MAIN}}}v")
            if formula is not None:
                now = self._moved(formula.text, title) if formula.text else ""
                if now is None or formula.get("si") in lost:
                    self.valued.append((title, cell.get("r", "")))
                    cell.remove(formula)
                    if value is None or not value.text:
                        cell.set("t", "e")
                        value = cell.makeelement(f"{{{MAIN}}}v") if value is None else value
                        value.text = "#REF!"
                        cell.append(value)
                elif now:
                    formula.text = now
            if cell.get("t") == "s" and value is not None:
                number = (value.text or "").strip()
                cell.remove(value)
                del cell.attrib["t"]
                if number.isdigit() and int(number) < len(self._texts):
                    cell.set("t", "inlineStr")
                    cell.append(parsed(inline(self._texts[int(number)])))

    def _lost_groups(self, root: Element, title: str) -> set[str | None]:
        """Formulas that several cells share, by number, that read otherwise now: each cell would read otherwise."""
        out: set[str | None] = set()
        for formula in root.iter(f"{{{MAIN}}}f"):
            if formula.get("si") and formula.text and self._moved(formula.text, title) != formula.text:
                out.add(formula.get("si"))
        return out

    def _cell_format(self, number: str) -> int:
        return self._format("cellXfs", int(number)) if number.isdigit() else 0

    def _format(self, name: str, number: int) -> int:
        """The number in the new package of an entry of a list of formats; 0 where there is no such entry."""
        if (name, number) not in self._formats:
            entries = list(children(self._old_styles, name)) if self._old_styles is not None else []
            made = 0
            if number < len(entries):
                entry = _sound(deepcopy(entries[number]))
                if name == "cellXfs":
                    entry.attrib.pop("xfId", "")
                    for inner, attribute in (("fonts", "fontId"), ("fills", "fillId"), ("borders", "borderId")):
                        entry.set(attribute, str(self._format(inner, int(entry.get(attribute, "0")))))
                    entry.set("numFmtId", str(self._number_format(int(entry.get("numFmtId", "0")))))
                made = self._styles.add(name, entry)
            self._formats[name, number] = made
        return self._formats[name, number]

    def _number_format(self, number: int) -> int:
        for entry in children(self._old_styles, "numFmts") if self._old_styles is not None else ():
            if entry.get("numFmtId") == str(number) and number not in BUILTIN:
                return self._styles.code(entry.get("formatCode", "General"))
        return number

    def _relations(self, old_part: str, new_part: str, title: str) -> None:
        name = relations_of(old_part)
        if name not in self._old:
            return
        root = parsed(transitional(self._old[name]))
        aims = {rel: aim for rel, _, aim in self._old.relations(old_part)}
        for relation in list(root.iter(f"{{{PACKAGE_RELS}}}Relationship")):
            if relation.get("TargetMode") == "External":
                continue
            aim = aims.get(relation.get("Id", ""), "")
            if relation.get("Type", "").rpartition("/")[2] in _LEFT or aim not in self._old:
                root.remove(relation)
            else:
                relation.set("Target", "/" + self._part(aim, title))
        self._new[relations_of(new_part)] = written(root)

    def _part(self, old: str, title: str) -> str:
        """Take over a part that a sheet needs, and what that needs; its name in the new package."""
        if old not in self._parts:
            folder, last = posixpath.split(old)
            stem, ending = posixpath.splitext(last)
            name = self._new.free(f"{folder}/{stem.rstrip('0123456789')}_own{{}}{ending}")
            self._parts[old] = name
            text = self._old[old]
            if ending.lower() == ".xml":
                text = transitional(text)
                if b"/chart" in text:
                    text = self._chart(text, title)
            self._new[name] = text
            kind = self._types.get(old) or self._defaults.get(ending.lower().lstrip("."), "")
            self._new.typed(name, kind or "application/octet-stream")
            self._relations(old, name, title)
        return self._parts[old]

    def _chart(self, text: bytes, title: str) -> bytes:
        """A chart whose formulas refer to the cells where they are now."""
        root = parsed(text)
        for element in root.iter():
            if isinstance(element.tag, str) and element.tag.rpartition("}")[2] == "f" and element.text:
                element.text = self._moved(element.text, title) or element.text
        return written(root)


def _sound(entry: Element) -> Element:
    """An entry of the formats without what some programs write and others stumble over."""
    from lxml import etree

    name = entry.tag.rpartition("}")[2]
    if name == "fill" and not len(entry):
        etree.SubElement(entry, f"{{{MAIN}}}patternFill", patternType="none")
    for family in list(entry.iter(f"{{{MAIN}}}family")):
        if not (family.get("val") or "").isdigit() or int(family.get("val", "0")) > _FAMILIES:
            family.getparent().remove(family)  # type: ignore[union-attr]
    return entry
