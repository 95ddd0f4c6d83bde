"""Everything that a worksheet holds, as its own XML says it: for copies, which are compared with their originals."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from xml.etree import ElementTree as ET

from rembi_sheets.cells import Look
from rembi_sheets.workbook import looks
from rembi_sheets.workbook.marks import cells, cells_within
from rembi_sheets.workbook.package import (
    BROKEN,
    RefusedError,
    SheetPart,
    cell_number,
    opened,
    parts,
    relations,
    sheet_parts,
    spelled,
    workbook_part,
)

_BREAKS = re.compile("\r\n?")
_SMALL = 1 << 20  # bytes of a sheet's XML that is kept once it is read: a copy asks for each sheet about ten times


@dataclass(frozen=True, slots=True)
class Content:
    """One cell: kind (text, number, truth, error, date, or formula without a value), what it holds, its formula, what
    its looks say, and the code of its number format where that changes what is seen."""

    kind: str
    value: str | float
    formula: str = ""
    look: Look = field(default_factory=Look)
    code: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A validation: its cells, its type, its formulas, and its further attributes as pairs."""

    area: str
    kind: str
    formulas: tuple[str, ...]
    says: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Conditional:
    """A conditional format: its cells, its type, its formulas, its priority, and all of it as XML; no XML for one in
    the form of a later Excel."""

    area: str
    kind: str
    formulas: tuple[str, ...]
    priority: int
    xml: bytes = b""


@dataclass
class Around:
    """What a sheet holds beside its cells: merged ranges, where links lead by range (address, place within), notes by
    cell (text, author), dropdowns and other validations, conditional formats, the formats of whole rows (by number) and
    of whole columns (first, last, format), the kinds of the parts that belong to it."""

    merged: frozenset[str] = frozenset()
    links: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    notes: Mapping[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    validations: tuple[Rule, ...] = ()
    conditional: tuple[Conditional, ...] = ()
    rows: Mapping[int, int] = field(default_factory=dict)
    columns: tuple[tuple[int, int, int], ...] = ()
    parts: frozenset[str] = frozenset()


class _SheetXml:
    """The worksheets of a package: a small one is read once and kept, of a large one a piece at a time is in memory.

    Its methods raise RefusedError where a sheet is damaged.
    """

    def __init__(self, package: zipfile.ZipFile) -> None:
        self._package = package
        self._small: dict[str, ET.Element] = {}

    def _kept(self, part: str) -> ET.Element | None:
        if part not in self._small and self._package.getinfo(part).file_size <= _SMALL:
            self._small[part] = _parsed(b"".join(parts(self._package, part)))
        return self._small.get(part)

    def cells(self, part: str) -> Iterator[tuple[int, int, ET.Element]]:
        """The cells in their order: row, column, element."""
        kept = self._kept(part)
        return cells(self._package, part) if kept is None else cells_within(kept)

    def elements(self, part: str) -> Iterator[ET.Element]:
        """All elements; of a large sheet without what is in its cells."""
        kept = self._kept(part)
        if kept is not None:
            yield from kept.iter()
            return
        try:
            with self._package.open(part) as stream:
                for _, element in ET.iterparse(stream):
                    yield element
                    if element.tag.rpartition("}")[2] == "c":
                        element.clear()
        except BROKEN as e:
            raise RefusedError("FILE-DAMAGED") from e


def _parsed(text: bytes) -> ET.Element:
    """An XML part. Raises RefusedError when it is damaged."""
    try:
        return ET.fromstring(text)
    except BROKEN as e:
        raise RefusedError("FILE-DAMAGED") from e


class Contents:
    """A package to be asked for what its sheets hold. Its methods raise RefusedError where it is damaged."""

    def __init__(self, data: bytes) -> None:
        self._package = opened(spelled(data))
        self._home = workbook_part(self._package)
        self.sheets: Mapping[str, SheetPart] = {s.title: s for s in sheet_parts(self._package)}
        self._xml = _SheetXml(self._package)
        self._aims: dict[str, tuple[tuple[str, str], ...]] = {}

    def _relations(self, part: str) -> tuple[tuple[str, str], ...]:
        """The relations of a part, read once: they are asked for at every cell."""
        if part not in self._aims:
            self._aims[part] = tuple(relations(self._package, part))
        return self._aims[part]

    def _related(self, part: str, kind: str) -> str:
        found = (t for k, t in self._relations(part) if k.endswith(f"/{kind}"))
        return next((t for t in found if t in self._package.NameToInfo), "")

    def text(self, part: str) -> bytes:
        """A part as it is, empty where there is none."""
        try:
            return self._package.read(part) if part in self._package.NameToInfo else b""
        except BROKEN as e:
            raise RefusedError("FILE-DAMAGED") from e

    @property
    def texts_part(self) -> str:
        """The name of the part with the shared texts."""
        return self._related(self._home, "sharedStrings")

    @property
    def styles_part(self) -> str:
        """The name of the part with the cell formats."""
        return self._related(self._home, "styles")

    @cached_property
    def formats(self) -> looks.Formats:
        """The cell formats, as far as they say something."""
        return looks.formats(self._package, self.styles_part)

    @cached_property
    def _shared(self) -> Sequence[tuple[str, Look]]:
        part = self.texts_part
        out: list[tuple[str, Look]] = []
        if not part:
            return out
        try:
            with self._package.open(part) as stream:
                for _, element in ET.iterparse(stream):
                    if element.tag.rpartition("}")[2] == "si":
                        out.append(_string(element))
                        element.clear()
        except BROKEN as e:
            raise RefusedError("FILE-DAMAGED") from e
        return out

    @cached_property
    def names(self) -> Mapping[tuple[str, str], str]:
        """Defined names: (title of the sheet they hold for, or '', and name) -> what they stand for."""
        titles = list(self._all_titles())
        out = {}
        for element in self.workbook().iter():
            if element.tag.rpartition("}")[2] == "definedName":
                number = element.get("localSheetId", "")
                local = titles[int(number)] if number.isdigit() and int(number) < len(titles) else ""
                out[local, element.get("name", "")] = (element.text or "").strip()
        return out

    def _all_titles(self) -> Iterator[str]:
        return (e.get("name", "") for e in self.workbook().iter() if e.tag.rpartition("}")[2] == "sheet")

    def workbook(self) -> ET.Element:
        """What the workbook says beside its sheets: names, protection, how it is opened."""
        return _parsed(self.text(self._home))

    @property
    def counted_from_1904(self) -> bool:
        """Are the dates of the workbook counted as on old Macs?"""
        found = (e for e in self.workbook().iter() if e.tag.rpartition("}")[2] == "workbookPr")
        return any(e.get("date1904", "0") in ("1", "true") for e in found)

    def cells(self, title: str) -> Iterator[tuple[tuple[int, int], Content]]:
        """The cells of a sheet that hold anything, in their order."""
        styles = self.formats
        for row, column, cell in self.elements(title):
            content = self._content(cell, styles)
            if content is not None:
                yield (row, column), content

    def elements(self, title: str) -> Iterator[tuple[int, int, ET.Element]]:
        """The cells of a sheet as its XML has them: row, column, element."""
        return self._xml.cells(self.sheets[title].part)

    def xml(self, title: str) -> Iterator[ET.Element]:
        """All elements of a sheet; of a large sheet without what is in its cells."""
        return self._xml.elements(self.sheets[title].part)

    def _content(self, cell: ET.Element, styles: looks.Formats) -> Content | None:
        parts: dict[str, Any] = {c.tag.rpartition("}")[2]: c for c in cell}
        formula = _formula(parts.get("f"))
        kind, raw = cell.get("t", "n"), parts["v"].text or "" if "v" in parts else ""
        style = int(s) if (s := cell.get("s", "")).isdigit() else 0
        look = _styled(Look(), style, styles)
        if kind == "inlineStr" and "is" in parts:
            text, own = _string(parts["is"])
            return Content("text", text, formula, _styled(own, style, styles)) if text or formula else None
        if kind == "s" and raw.strip().isdigit() and int(raw) < len(self._shared):
            text, own = self._shared[int(raw)]
            return Content("text", text, formula, _styled(own, style, styles)) if text or formula else None
        if kind == "str" and ("v" in parts or formula):
            return Content("text", _read(raw), formula, look) if raw or formula else None
        if not raw:
            return Content("empty", "", formula, look) if formula else None
        if kind in ("b", "e", "d"):
            return Content({"b": "truth", "e": "error", "d": "date"}[kind], raw.strip(), formula, look)
        try:
            return Content("number", float(f"{float(raw):.15g}"), formula, look, styles.codes.get(style, ""))
        except ValueError:
            return Content("text", raw, formula, look)

    def around(self, title: str) -> Around:
        """What the sheet holds beside its cells."""
        part = self.sheets[title].part
        targets = dict(_ids(self._package, part))
        merged, links, rules = set(), {}, []
        conditional: list[Conditional] = []
        rows: dict[int, int] = {}
        columns: list[tuple[int, int, int]] = []
        for element in self._xml.elements(part):
            name = element.tag.rpartition("}")[2]
            if name == "mergeCell":
                merged.add(element.get("ref", ""))
            elif name == "hyperlink":
                rel = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
                links[element.get("ref", "")] = (targets.get(rel, ""), element.get("location", ""))
            elif name == "dataValidation":
                rules.append(_rule(element))
            elif name == "conditionalFormatting":
                conditional += _conditional(element)
            elif name == "row" and element.get("customFormat", "") in ("1", "true"):
                rows |= {row: style for row, style in [_numbers(element, "r", "s")] if row and style}
            elif name == "col" and element.get("style"):
                columns += [c for c in [_numbers(element, "min", "max", "style")] if len(c) == 3 and c[2]]
        belonging = ((kind.rpartition("/")[2], target) for kind, target in self._relations(part))
        # LibreOffice gives a sheet a drawing with nothing in it
        kinds = frozenset(k for k, target in belonging if k != "drawing" or b"Anchor" in self.text(target))
        notes = _notes(self.text(self._related(part, "comments")))
        return Around(frozenset(merged), links, notes, tuple(rules), tuple(conditional), rows, tuple(columns), kinds)


def _notes(part: bytes) -> dict[tuple[int, int], tuple[str, str]]:
    """The notes of a part with comments by cell: text and author."""
    if not part:
        return {}
    root = _parsed(part)
    authors = [a.text or "" for a in root.iter() if a.tag.rpartition("}")[2] == "author"]
    out = {}
    for note in root.iter():
        if note.tag.rpartition("}")[2] != "comment":
            continue
        at, number = cell_number(note.get("ref", "").replace("$", "")), note.get("authorId", "")
        if at:
            author = authors[int(number)] if number.isdigit() and int(number) < len(authors) else ""
            text = "".join(t.text or "" for t in note.iter() if t.tag.rpartition("}")[2] == "t")
            out[at] = (_read(text), author)
    return out


def _rule(element: ET.Element) -> Rule:
    """A validation, in the usual form or that of a later Excel, which has its cells and formulas as elements."""
    within = {c.tag.rpartition("}")[2]: "".join(c.itertext()).strip() for c in element}
    said = dict(element.attrib)
    area, kind = said.pop("sqref", within.get("sqref", "")), said.pop("type", "none")
    formulas = tuple(within[name] for name in ("formula1", "formula2") if within.get(name))
    return Rule(area, kind, formulas, tuple((k, v) for k, v in said.items() if "}" not in k))


def _conditional(block: ET.Element) -> Iterator[Conditional]:
    """The rules of a block of conditional formats, in the usual form or that of a later Excel."""
    area = block.get("sqref") or "".join(e.text or "" for e in block if e.tag.endswith("}sqref"))
    usual = not block.tag.startswith("{http://schemas.microsoft.com/")
    for rule in block:
        if rule.tag.rpartition("}")[2] == "cfRule":
            texts = (e.text or "" for e in rule if e.tag.rpartition("}")[2] in ("formula", "f"))
            (priority,) = _numbers(rule, "priority")
            made = ET.tostring(rule) if usual else b""
            yield Conditional(area, rule.get("type", ""), tuple(texts), priority, made)


def _numbers(element: ET.Element, *names: str) -> tuple[int, ...]:
    """Attributes as numbers, 0 for what is none."""
    return tuple(int(text) if (text := element.get(name, "")).isdigit() else 0 for name in names)


def _ids(package: zipfile.ZipFile, part: str) -> Iterator[tuple[str, str]]:
    """Relations of a part by their ids, those to the outside too: where they lead."""
    from rembi_sheets.workbook.spelling import relations_of

    name = relations_of(part)
    if name not in package.NameToInfo:
        return
    try:
        for e in ET.fromstring(package.read(name)):
            yield e.get("Id", ""), e.get("Target", "")
    except BROKEN:
        return


def _string(element: ET.Element) -> tuple[str, Look]:
    rich = looks.xlsx_runs(element)
    if rich is not None:
        return _BREAKS.sub("\n", rich.text), rich.look
    return _read("".join(looks.pieces(element))), Look()


def _read(text: str) -> str:
    return _BREAKS.sub("\n", looks.plain(text))


def _styled(look: Look, style: int, styles: looks.Formats) -> Look:
    """A look with the ways of the cell's format among its signs, for comparison alone."""
    return Look(look.struck, (*look.scripts, *sorted(styles.ways(style)))) if style in styles.telling else look


def _formula(element: ET.Element | None) -> str:
    if element is None:
        return ""
    if element.get("t") in (None, "normal") and element.text:
        return element.text
    return f"{element.text or ''}<{element.get('t', '')} {element.get('si', '')}{element.get('ref', '')}>"
