"""The marked copy: the user's own workbook with coloured cells, notes with the remedy, and a first sheet Problems.

Only what is new is written: colours are conditional formats, so that no cell and no style is changed, notes join
those of the user, and every part that is not concerned is copied as it is (macros, pictures, lists, x14 parts).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rembi_sheets.cells import ranges
from rembi_sheets.findings import Finding, Severity
from rembi_sheets.workbook import notes, problems
from rembi_sheets.workbook.editing import (
    STRICT,
    TRANSITIONAL,
    AnnotateError,
    Package,
    SheetXml,
    parsed,
    rels_part,
    written,
)
from rembi_sheets.workbook.package import RefusedError, sniff

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

__all__ = ["AnnotateError", "annotate", "markable"]

_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_MARKER = '"rembi-sheets"<>""'  # the condition of our colours: always true, and known again
_FILLS = {Severity.ERROR: "FFFDE8E8", Severity.WARNING: "FFFFF3E6", Severity.NOTE: "FFE6EEF6"}
_TEXTS = {Severity.ERROR: "FF9B1C1C", Severity.WARNING: "FF8A4B08", Severity.NOTE: "FF24507A"}
_NOTES_A_FINDING = 200
_AREAS = 400


def annotate(data: bytes, findings: Sequence[Finding]) -> bytes:
    """A copy of a workbook (.xlsx or .xlsm) with the findings in it. Raises AnnotateError when that cannot be done.

    Marks of an earlier copy are taken away first, so that a marked copy can be worked in and marked again.
    """
    markable(data)
    package = Package(data)
    home = package.related("", "officeDocument") or "xl/workbook.xml"
    workbook = parsed(package[home])
    book = _Book(package, home, workbook)
    book.drop_problems()
    styles = _Styles(package, home)
    by_sheet: dict[str, list[Finding]] = {}
    for f in findings:
        by_sheet.setdefault(f.sheet, []).append(f)
    for title, part in book.sheets().items():
        _mark(package, part, by_sheet.get(title, []), styles)
    book.add_problems(findings, styles)
    styles.save()
    return package.written()


def markable(data: bytes) -> None:
    """Raises AnnotateError, with the reason, when no marked copy can be made of such a file."""
    try:
        kind = sniff(data)
    except RefusedError as e:
        raise AnnotateError("The workbook cannot be read, so no marked copy was made.") from e
    if kind != "xlsx":
        raise AnnotateError(
            f"A marked copy can be made of .xlsx and .xlsm, not of .{kind}; save the workbook as .xlsx."
        )


def _mark(package: Package, part: str, findings: Sequence[Finding], styles: _Styles) -> None:
    """Colours and notes of one sheet; the sheet is no longer the one that is shown first."""
    sheet = SheetXml(package[part])
    for view in sheet.root.iter(sheet.tag("sheetView")):
        if "tabSelected" in view.attrib:
            del view.attrib["tabSelected"]
    _colours(sheet, findings, styles)
    texts: dict[tuple[int, int], list[str]] = {}
    for f in (part for finding in findings for part in finding.each()):
        for cell in f.cells[:_NOTES_A_FINDING]:
            texts.setdefault(cell, []).append(f"{f.severity.value.upper()}: {f.message}\n{f.fix}")
    notes.annotate(package, part, sheet, {cell: "\n\n".join(said) for cell, said in texts.items()})
    package[part] = sheet.written()


def _colours(sheet: SheetXml, findings: Sequence[Finding], styles: _Styles) -> None:
    from lxml import etree

    for old in sheet.root.findall(sheet.tag("conditionalFormatting")):
        for rule in old.findall(sheet.tag("cfRule")):
            if rule.findtext(sheet.tag("formula")) == _MARKER:
                old.remove(rule)
        if not len(old):
            sheet.root.remove(old)
    worst: dict[tuple[int, int], Severity] = {}
    for f in sorted(findings, key=lambda f: list(Severity).index(f.severity)):
        for cell in f.cells:
            worst.setdefault(cell, f.severity)
    if not worst:
        return
    # Ours come first; the numbers of the others, also of those in extensions, move up.
    for rule in sheet.root.iter():
        if isinstance(rule.tag, str) and rule.tag.endswith("}cfRule") and (rule.get("priority") or "").isdigit():
            rule.set("priority", str(int(rule.get("priority", "1")) + len(Severity)))
    for number, severity in reversed(list(enumerate(Severity, start=1))):
        areas = ranges(cell for cell, s in worst.items() if s is severity)
        for start in range(0, len(areas), _AREAS):
            block = etree.Element(sheet.tag("conditionalFormatting"), sqref=" ".join(areas[start : start + _AREAS]))
            rule = etree.SubElement(block, sheet.tag("cfRule"), type="expression", priority=str(number))
            rule.set("dxfId", str(styles.colour(severity)))
            etree.SubElement(rule, sheet.tag("formula")).text = _MARKER
            sheet.insert(block)


class _Styles:
    """The formats that the marks need, added at the end of the workbook's own, so that those keep their numbers."""

    def __init__(self, package: Package, home: str) -> None:
        self._package = package
        self._part = package.related(home, "styles")
        if not self._part:
            raise AnnotateError("The workbook has no styles; open it in Excel and save it as .xlsx.")
        self._root = parsed(package[self._part])
        self._namespace = self._root.tag.rpartition("}")[0].lstrip("{")
        self._colours: dict[Severity, int] = {}

    def _all(self, name: str, before: Sequence[str]) -> Element:
        from lxml import etree

        found = self._root.find(f"{{{self._namespace}}}{name}")
        if found is None:
            found = etree.Element(f"{{{self._namespace}}}{name}")
            after = next((c for c in self._root if c.tag.rpartition("}")[2] in before), None)
            if after is None:
                self._root.append(found)
            else:
                after.addprevious(found)
        return found

    def _add(self, name: str, before: Sequence[str], xml: str) -> int:
        """Put an entry at the end of a list of formats, unless an equal one is there; its number."""
        from lxml import etree

        entries = self._all(name, before)
        made = etree.fromstring(f'<x xmlns="{self._namespace}">{xml}</x>')[0]
        text = etree.tostring(made, method="c14n")
        for number, old in enumerate(entries):
            if etree.tostring(old, method="c14n", with_comments=False) == text:
                return number
        entries.append(made)
        entries.set("count", str(len(entries)))
        return len(entries) - 1

    def colour(self, severity: Severity) -> int:
        """The number of the colour of a severity."""
        if severity not in self._colours:
            fill = f'<fill><patternFill patternType="solid"><bgColor rgb="{_FILLS[severity]}"/></patternFill></fill>'
            xml = f'<dxf><font><color rgb="{_TEXTS[severity]}"/></font>{fill}</dxf>'
            self._colours[severity] = self._add("dxfs", ("tableStyles", "colors", "extLst"), xml)
        return self._colours[severity]

    def formats(self) -> dict[str, int]:
        """The numbers of the cell formats of the sheet Problems."""
        made = {
            "title": self._format('<b/><sz val="14"/><color rgb="FF1F2933"/>', wrap=False),
            "head": self._format('<b/><sz val="11"/><color rgb="FFFFFFFF"/>', fill="FF374151"),
            "text": self._format('<sz val="11"/><color rgb="FF1F2933"/>'),
            "link": self._format('<u/><sz val="11"/><color rgb="FF1F5FA8"/>'),
        }
        for severity in Severity:
            made[severity.value] = self._format(
                f'<b/><sz val="11"/><color rgb="{_TEXTS[severity]}"/>', fill=_FILLS[severity]
            )
        return made

    def _format(self, font: str, fill: str = "", wrap: bool = True) -> int:
        rest = ("cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors", "extLst")
        number = self._add("fonts", ("fills", "borders", *rest), f'<font>{font}<name val="Calibri"/></font>')
        filled = 0
        if fill:
            xml = f'<fill><patternFill patternType="solid"><fgColor rgb="{fill}"/></patternFill></fill>'
            filled = self._add("fills", ("borders", *rest), xml)
        return self._add(
            "cellXfs",
            rest[2:],
            f'<xf numFmtId="49" fontId="{number}" fillId="{filled}" borderId="0" xfId="0" applyNumberFormat="1" '
            f'applyFont="1" applyFill="1" applyAlignment="1"><alignment vertical="top" wrapText="{int(wrap)}"/></xf>',
        )

    def save(self) -> None:
        """Put the formats into the package."""
        self._package[self._part] = written(self._root)


class _Book:
    """The list of sheets in the workbook's own part."""

    def __init__(self, package: Package, home: str, root: Element) -> None:
        self._package, self._home, self._root = package, home, root
        self._namespace = root.tag.rpartition("}")[0].lstrip("{")
        strict = self._namespace.startswith("http://purl.oclc.org/")
        self._strict = strict
        self._rel = f"{{{STRICT if strict else TRANSITIONAL}}}id"
        found = root.find(self._tag("sheets"))
        if found is None:
            raise AnnotateError("The workbook has no sheets.")
        self._sheets = found

    def _tag(self, name: str) -> str:
        return f"{{{self._namespace}}}{name}"

    def _targets(self) -> dict[str, str]:
        kinds = self._package.relations(self._home)
        return {rel: part for rel, kind, part in kinds if kind.endswith("/worksheet") and part in self._package}

    def sheets(self) -> dict[str, str]:
        """Title -> part of every worksheet."""
        targets = self._targets()
        return {
            s.get("name", ""): targets[s.get(self._rel, "")] for s in self._sheets if s.get(self._rel, "") in targets
        }

    def drop_problems(self) -> None:
        """Take away the sheet Problems of an earlier copy, known by its headings."""
        targets = self._targets()
        for number, entry in enumerate(list(self._sheets)):
            part = targets.get(entry.get(self._rel, ""), "")
            if entry.get("name") != problems.TITLE or not part or b"What is wrong" not in self._text(part):
                continue
            self._sheets.remove(entry)
            self._drop(part, entry.get(self._rel, ""))
            self._move(number, -1)
            return

    def _text(self, part: str) -> bytes:
        """The text of a sheet, and the shared texts into which other programs move it."""
        shared = self._package.related(self._home, "sharedStrings")
        return self._package[part] + (self._package[shared] if shared else b"")

    def _drop(self, part: str, rel: str) -> None:
        del self._package[part]
        if rels_part(part) in self._package:
            del self._package[rels_part(part)]
        for name, attribute, value in (
            (rels_part(self._home), "Id", rel),
            ("[Content_Types].xml", "PartName", f"/{part}"),
        ):
            root = parsed(self._package[name])
            for entry in list(root):
                if entry.get(attribute) == value:
                    root.remove(entry)
            self._package[name] = written(root)

    def _move(self, place: int, by: int) -> None:
        """Names that hold for one sheet count the sheets: move those from `place` on, drop those of a lost one."""
        names = self._root.find(self._tag("definedNames"))
        if names is not None:
            for name in list(names):
                number = name.get("localSheetId")
                if number is None or not number.isdigit():
                    continue
                if by < 0 and int(number) == place:
                    names.remove(name)
                elif int(number) >= place:
                    name.set("localSheetId", str(int(number) + by))
            if not len(names):
                self._root.remove(names)
        for view in self._root.iter(self._tag("workbookView")):
            for attribute in ("activeTab", "firstSheet"):
                if attribute in view.attrib:
                    del view.attrib[attribute]

    def add_problems(self, findings: Sequence[Finding], styles: _Styles) -> None:
        """Put the sheet Problems first and show it."""
        from lxml import etree

        titles = [s.get("name", "") for s in self._sheets]
        taken = {t.casefold() for t in titles}
        title, number = problems.TITLE, 2
        while title.casefold() in taken:
            title, number = f"{problems.TITLE} {number}", number + 1
        part = self._package.free("xl/worksheets/problems{}.xml")
        self._package[part] = problems.sheet(findings, titles, styles.formats(), self._namespace)
        self._package.typed(part, _SHEET_TYPE)
        rel = self._package.relate(self._home, "worksheet", part, self._strict)
        ids = [int(s.get("sheetId", "0")) for s in self._sheets if s.get("sheetId", "").isdigit()]
        entry = etree.Element(self._tag("sheet"), name=title, sheetId=str(max(ids, default=0) + 1))
        entry.set(self._rel, rel)
        self._sheets.insert(0, entry)
        self._move(0, 1)
        self._package[self._home] = written(self._root)
