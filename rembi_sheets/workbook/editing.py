"""Changing a workbook's package part by part: what is not touched stays as it was, byte for byte."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

from rembi_sheets.workbook.package import BROKEN, RefusedError, sheet_parts
from rembi_sheets.workbook.spelling import relations_of, spelled, target

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
TRANSITIONAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_TIME = (1980, 1, 1, 0, 0, 0)
_UNFIT = "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"  # compiled when first used


class AnnotateError(Exception):
    """A workbook that cannot be copied with changes; the message says why and what to do."""


def fit(text: str) -> str:
    """Text as XML and a cell can hold it: no control characters, no escapes of Excel's, at most 32,000 characters."""
    if text.isascii() and text.isprintable() and "_x" not in text:  # as nearly all are
        return text[:32_000]
    plain = re.sub(_UNFIT, "�", text)
    return re.sub(r"_(x[0-9A-Fa-f]{4}_)", r"_x005F_\1", plain)[:32_000]


def parsed(data: bytes) -> Element:
    """XML of a part, without entities or network. Raises AnnotateError when it is damaged."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as e:
        raise AnnotateError("A part of the workbook is damaged; open it in Excel and save it again.") from e


def written(root: Element) -> bytes:
    """XML of a part with its declaration."""
    from lxml import etree

    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


class Package:
    """The parts of a workbook by name; those that are set or new replace the old when it is written."""

    def __init__(self, data: bytes) -> None:
        """Raises AnnotateError when `data` is no zip package."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(spelled(data)))
        except BROKEN as e:
            raise AnnotateError("The workbook is damaged.") from e
        self._new: dict[str, bytes | None] = {}

    def __contains__(self, name: str) -> bool:
        if name in self._new:
            return self._new[name] is not None
        return name in self._zip.NameToInfo

    def __getitem__(self, name: str) -> bytes:
        changed = self._new.get(name)
        if changed is not None:
            return changed
        try:
            return self._zip.read(name)
        except BROKEN as e:
            raise AnnotateError(f"The workbook is damaged: its part {name} cannot be read.") from e

    def __setitem__(self, name: str, content: bytes) -> None:
        self._new[name] = content

    def __delitem__(self, name: str) -> None:
        self._new[name] = None

    def names(self) -> list[str]:
        """Names of all parts, the new ones last."""
        old = [n for n in self._zip.NameToInfo if self._new.get(n, b"") is not None]
        return old + [n for n, c in self._new.items() if c is not None and n not in self._zip.NameToInfo]

    def free(self, pattern: str) -> str:
        """A part name that is not taken yet; `pattern` has a place for a number, such as xl/comments{}.xml."""
        number = 1
        taken = {n.lower() for n in self.names()}
        while pattern.format(number).lower() in taken:
            number += 1
        return pattern.format(number)

    def written(self) -> bytes:
        """The package as bytes; parts that were not touched keep their name, date and order."""
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
            for name in self.names():
                old = self._zip.NameToInfo.get(name)
                info = zipfile.ZipInfo(name, old.date_time if old and name not in self._new else _TIME)
                info.compress_type = old.compress_type if old else zipfile.ZIP_DEFLATED
                info.external_attr = old.external_attr if old else 0o600 << 16
                if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    info.compress_type = zipfile.ZIP_DEFLATED
                out.writestr(info, self[name])
        return made.getvalue()

    # Sheets, relations and content types

    def sheets(self) -> dict[str, str]:
        """Title -> part of every worksheet, as the workbook came. Raises AnnotateError when it is damaged."""
        try:
            return {s.title: s.part for s in sheet_parts(self._zip)}
        except RefusedError as e:
            raise AnnotateError("The workbook is damaged.") from e

    def relations(self, part: str) -> list[tuple[str, str, str]]:
        """Internal relations of a part: id, type, name of the part aimed at."""
        name = relations_of(part)
        if name not in self:
            return []
        return [
            (r.get("Id", ""), r.get("Type", ""), target(part, r.get("Target", "")))
            for r in parsed(self[name])
            if r.get("TargetMode") != "External"
        ]

    def related(self, part: str, kind: str) -> str:
        """The part that `part` relates to as `kind` (the last word of the type); '' when there is none."""
        return next((t for _, k, t in self.relations(part) if k.endswith(f"/{kind}") and t in self), "")

    def relate(self, part: str, kind: str, aimed: str, strict: bool = False) -> str:
        """Add a relation and return its id."""
        from lxml import etree

        name = relations_of(part)
        root = parsed(self[name]) if name in self else etree.Element(f"{{{PACKAGE_RELS}}}Relationships")
        taken = {r.get("Id") for r in root}
        number = len(root) + 1
        while f"rId{number}" in taken:
            number += 1
        made = etree.SubElement(root, f"{{{PACKAGE_RELS}}}Relationship")
        made.set("Id", f"rId{number}")
        made.set("Type", f"{STRICT if strict else TRANSITIONAL}/{kind}")
        made.set("Target", f"/{aimed}")
        self[name] = written(root)
        return f"rId{number}"

    def drop(self, part: str, aimed: str) -> None:
        """Take out a part, its relation to `part`, and what is said of its type."""
        for name, attribute, said in (
            (relations_of(part), "Id", {i for i, _, t in self.relations(part) if t == aimed}),
            ("[Content_Types].xml", "PartName", {f"/{aimed}"}),
        ):
            root = parsed(self[name])
            for element in [e for e in root if e.get(attribute) in said]:
                root.remove(element)
            self[name] = written(root)
        del self[aimed]
        if relations_of(aimed) in self:
            del self[relations_of(aimed)]

    def typed(self, part: str, content_type: str) -> None:
        """State the content type of a new part."""
        from lxml import etree

        root = parsed(self["[Content_Types].xml"])
        for old in root.findall(f"{{{TYPES}}}Override"):
            if old.get("PartName") == f"/{part}":
                root.remove(old)
        made = etree.SubElement(root, f"{{{TYPES}}}Override")
        made.set("PartName", f"/{part}")
        made.set("ContentType", content_type)
        self["[Content_Types].xml"] = written(root)


_DATA = re.compile(rb"<((?:[\w.\-]+:)?)sheetData(?:\s[^>]*?)?(/?)>")


class SheetXml:
    """A worksheet with its cells left out: everything around them can be changed, the cells stay as they are."""

    def __init__(self, data: bytes) -> None:
        """Raises AnnotateError for a sheet that is damaged or in another encoding than UTF-8."""
        start = _DATA.search(data)
        if start is None:
            raise AnnotateError("A sheet of the workbook is damaged; open it in Excel and save it again.")
        if start[2]:
            end = start.end()
        else:
            closing = b"</" + start[1] + b"sheetData>"
            at = data.rfind(closing)
            if at < start.end():
                raise AnnotateError("A sheet of the workbook is damaged; open it in Excel and save it again.")
            end = at + len(closing)
        self._cells = data[start.start() : end]
        self._stand_in = b"<" + start[1] + b"sheetData/>"
        self.root = parsed(data[: start.start()] + self._stand_in + data[end:])
        self.namespace = self.root.tag.rpartition("}")[0].lstrip("{")

    @property
    def strict(self) -> bool:
        """Is it of the strict variety of the format?"""
        return self.namespace.startswith("http://purl.oclc.org/")

    def tag(self, name: str) -> str:
        """The qualified name of an element of worksheets."""
        return f"{{{self.namespace}}}{name}"

    def insert(self, element: Element) -> None:
        """Put a child where the order of the format wants it, before others of its name."""
        rank = {n: i for i, n in enumerate(_ORDER)}
        own = rank[element.tag.rpartition("}")[2]]
        for child in self.root:
            if isinstance(child.tag, str) and rank.get(child.tag.rpartition("}")[2], len(rank)) >= own:
                child.addprevious(element)
                return
        self.root.append(element)

    def written(self) -> bytes:
        """The sheet with its cells."""
        text = written(self.root)
        found = _DATA.search(text)
        assert found is not None
        return text[: found.start()] + self._cells + text[found.end() :]


_ORDER = (
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
)
