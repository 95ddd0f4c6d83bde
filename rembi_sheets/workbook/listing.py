"""Sheets that list things, with links to their cells: Problems of a marked copy, Filled in of a filled one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from rembi_sheets.cells import letters
from rembi_sheets.workbook.editing import fit
from rembi_sheets.workbook.stylesheet import Stylesheet

_LINE = 15  # points
_HEAD = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its texts, the number of the cell format of each, and which of them (from 1) leads where."""

    texts: Sequence[str]
    formats: Sequence[int]
    linked: int = 0
    target: str = ""


class Formats:
    """The cell formats of such sheets, added at the end of the workbook's own."""

    def __init__(self, sheet: Stylesheet) -> None:
        self._sheet = sheet
        self.title = self.format('<b/><sz val="14"/><color rgb="FF1F2933"/>', wrap=False)
        self.head = self.format('<b/><sz val="11"/><color rgb="FFFFFFFF"/>', fill="FF374151")
        self.text = self.format('<sz val="11"/><color rgb="FF1F2933"/>')
        self.link = self.format('<u/><sz val="11"/><color rgb="FF1F5FA8"/>')

    def format(self, font: str, fill: str = "", wrap: bool = True) -> int:
        """The number of a format with this font (the inside of its element) and ground."""
        number = self._sheet.add("fonts", f'<font>{font}<name val="Calibri"/></font>')
        filled = 0
        if fill:
            xml = f'<fill><patternFill patternType="solid"><fgColor rgb="{fill}"/></patternFill></fill>'
            filled = self._sheet.add("fills", xml)
        return self._sheet.add(
            "cellXfs",
            f'<xf numFmtId="49" fontId="{number}" fillId="{filled}" borderId="0" xfId="0" applyNumberFormat="1" '
            f'applyFont="1" applyFill="1" applyAlignment="1"><alignment vertical="top" wrapText="{int(wrap)}"/></xf>',
        )


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the lines: a summary, a second sentence or none, the headings with their widths."""

    summary: str
    further: str
    headings: Sequence[str]
    widths: Sequence[int]


def sheet(head: Head, lines: Sequence[Line], formats: Formats, namespace: str, *, tab: str, first: bool) -> bytes:
    """The XML of the sheet. `tab`: colour of its tab; `first`: it is the one that is shown."""
    made = [_line(1, [head.summary], [formats.title], 24)]
    if head.further:
        made.append(_line(2, [head.further], [formats.text]))
    made.append(_line(_HEAD, head.headings, [formats.head] * len(head.headings), 20))
    links = []
    for number, line in enumerate(lines, start=_HEAD + 1):
        if line.linked:
            links.append(f'<hyperlink ref="{letters(line.linked)}{number}" location={quoteattr(fit(line.target))}/>')
        made.append(_line(number, line.texts, line.formats, _height(line.texts, head.widths)))
    last = _HEAD + max(len(lines), 1)
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{w}" customWidth="1"/>' for n, w in enumerate(head.widths, start=1)
    )
    selected = ' tabSelected="1"' if first else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{namespace}">'
        f'<sheetPr><tabColor rgb="FF{tab}"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView showGridLines="0"{selected} workbookViewId="0"><pane ySplit="{_HEAD}" '
        f'topLeftCell="A{_HEAD + 1}" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft" '
        f'activeCell="A{_HEAD + 1}" sqref="A{_HEAD + 1}"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols>'
        f"<sheetData>{''.join(made)}</sheetData>"
        f'<autoFilter ref="A{_HEAD}:{letters(len(head.headings))}{last}"/>'
        f"{_inside('hyperlinks', links)}"
        '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    ).encode()


def at(title: str, address: str) -> str:
    """Where a link to a cell leads."""
    return "'" + title.replace("'", "''") + "'!" + address


def _height(texts: Sequence[str], widths: Sequence[int]) -> int:
    """Points for the longest text of a line, reckoned for Excel, which does not measure rows it did not write."""
    lines = [
        sum(1 + len(part) // width for part in text.split("\n")) if "\n" in text else 1 + len(text) // width
        for text, width in zip(texts, widths, strict=True)
    ]
    return _LINE * min(max(lines), 20) + 3


def _inside(tag: str, parts: Sequence[str]) -> str:
    return f"<{tag}>{''.join(parts)}</{tag}>" if parts else ""


def _line(row: int, texts: Sequence[str], styles: Sequence[int], height: int = 0) -> str:
    cells = "".join(
        f'<c r="{letters(n)}{row}" s="{style}" t="inlineStr">'
        f'<is><t xml:space="preserve">{escape(fit(text))}</t></is></c>'
        for n, (text, style) in enumerate(zip(texts, styles, strict=True), start=1)
        if text
    )
    tall = f' ht="{height}"' if height else ""
    return f'<row r="{row}"{tall}>{cells}</row>'
