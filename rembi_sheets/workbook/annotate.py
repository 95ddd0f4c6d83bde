"""The marked copy: the user's own workbook with coloured cells, notes with the remedy, and a first sheet Problems.

Only what is new is written: colours are conditional formats, so that no cell and no style is changed, notes join
those of the user, and every part that is not concerned is copied as it is (macros, pictures, lists, x14 parts).
"""

from __future__ import annotations

from collections.abc import Sequence

from rembi_sheets.cells import ranges
from rembi_sheets.findings import Finding, Severity
from rembi_sheets.workbook import held, notes, problems
from rembi_sheets.workbook.editing import AnnotateError, Package, SheetXml
from rembi_sheets.workbook.listing import Formats
from rembi_sheets.workbook.sheetlist import SheetList
from rembi_sheets.workbook.stylesheet import Stylesheet

__all__ = ["AnnotateError", "annotate"]

_MARKER = '"rembi-sheets"<>""'  # the condition of our colours: always true, and known again
_FILLS = {Severity.ERROR: "FFFDE8E8", Severity.WARNING: "FFFFF3E6", Severity.NOTE: "FFE6EEF6"}
_TEXTS = {Severity.ERROR: "FF9B1C1C", Severity.WARNING: "FF8A4B08", Severity.NOTE: "FF24507A"}
_NOTES_A_FINDING = 200
_AREAS = 400


def annotate(data: bytes, findings: Sequence[Finding]) -> bytes:
    """A copy of an .xlsx or .xlsm, or what `plain.as_xlsx` makes of another form, with the findings in it.

    Raises AnnotateError when that cannot be done.
    Marks of an earlier copy are taken away first, so that a marked copy can be worked in and marked again.
    """
    package = Package(data)
    book = SheetList(package)
    dropped = _drop_problems(book)
    styles = _Styles(package, book.home, book.strict)
    by_sheet: dict[str, list[Finding]] = {}
    for f in findings:
        by_sheet.setdefault(f.sheet, []).append(f)
    for title, part in book.sheets().items():
        _mark(package, part, by_sheet.get(title, []), styles)
    _add_problems(package, book, findings, styles)
    book.save()
    styles.save()
    made = package.written()
    held.refuse(held.in_place(data, made, {}, frozenset([dropped] if dropped else [])))
    return made


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

    def __init__(self, package: Package, home: str, strict: bool) -> None:
        self._sheet = Stylesheet(package, home, strict)
        self._colours: dict[Severity, int] = {}
        self.save = self._sheet.save

    def colour(self, severity: Severity) -> int:
        """The number of the colour of a severity."""
        if severity not in self._colours:
            fill = f'<fill><patternFill patternType="solid"><bgColor rgb="{_FILLS[severity]}"/></patternFill></fill>'
            xml = f'<dxf><font><color rgb="{_TEXTS[severity]}"/></font>{fill}</dxf>'
            self._colours[severity] = self._sheet.add("dxfs", xml)
        return self._colours[severity]

    def severities(self) -> tuple[Formats, dict[Severity, int]]:
        """The formats of the sheet Problems, and that of the word for each severity."""
        formats = Formats(self._sheet)
        words = {s: formats.format(f'<b/><sz val="11"/><color rgb="{_TEXTS[s]}"/>', fill=_FILLS[s]) for s in Severity}
        return formats, words


def _drop_problems(book: SheetList) -> str:
    """Take away the sheet Problems of an earlier copy, known by its headings; its title, '' where there is none."""
    part = book.sheets().get(problems.TITLE, "")
    if not part or b"What is wrong" not in book.text(part):
        return ""
    book.drop(problems.TITLE)
    return problems.TITLE


def _add_problems(package: Package, book: SheetList, findings: Sequence[Finding], styles: _Styles) -> None:
    """Put the sheet Problems first and show it."""
    title, number = problems.TITLE, 2
    taken = {t.casefold() for t in book.titles}
    while title.casefold() in taken:
        title, number = f"{problems.TITLE} {number}", number + 1
    part = package.free("xl/worksheets/problems{}.xml")
    package[part] = problems.sheet(findings, book.titles, *styles.severities(), book.namespace)
    book.insert(0, title, part)
    book.show_first()
