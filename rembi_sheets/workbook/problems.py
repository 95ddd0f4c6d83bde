"""The sheet Problems of a marked copy: one line a finding, with a link to its cell."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from rembi_sheets.cells import letters
from rembi_sheets.findings import Finding, counts
from rembi_sheets.schema import load
from rembi_sheets.workbook.editing import fit

TITLE = "Problems"
HEADINGS = ("Severity", "Sheet", "Cells", "Column", "What is wrong", "Remedy", "Value", "Archives", "Code")
_WIDTHS = (10, 19, 14, 22, 52, 48, 26, 18, 21)
_LINE = 15  # points
_MOST = 100_000
_VALUES = 20  # of a finding that tells of many
_HEAD = 3


def sheet(findings: Sequence[Finding], titles: Sequence[str], styles: dict[str, int], namespace: str) -> bytes:
    """The XML of the sheet. `titles`: sheets a link may lead to; `styles`: number of the cell format for each use."""
    shown = findings[:_MOST]
    lines = [_line(1, [_summary(findings)], [styles["title"]], 24)]
    if len(shown) < len(findings):
        lines.append(_line(2, [f"The first {_MOST} are listed."], [styles["text"]]))
    lines.append(_line(_HEAD, HEADINGS, [styles["head"]] * len(HEADINGS), 20))
    links = []
    for number, f in enumerate(shown, start=_HEAD + 1):
        linked = bool(f.cells) and f.sheet in titles
        texts = (
            f.severity.value,
            f.sheet,
            ", ".join(f.addresses),
            f.column,
            f.message,
            f.fix,
            f.value or "; ".join(part.value for part in f.parts[:_VALUES]),
            ", ".join(load().archive(a).label for a in f.archives),
            f.code,
        )
        kinds = [styles[f.severity.value], *[styles["text"]] * 8]
        if linked:
            kinds[2] = styles["link"]
            target = "'" + f.sheet.replace("'", "''") + "'!" + f.addresses[0]
            links.append(f'<hyperlink ref="C{number}" location={quoteattr(fit(target))}/>')
        lines.append(_line(number, texts, kinds, _height(texts)))
    last = _HEAD + max(len(shown), 1)
    columns = "".join(f'<col min="{n}" max="{n}" width="{w}" customWidth="1"/>' for n, w in enumerate(_WIDTHS, start=1))
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{namespace}">'
        '<sheetPr><tabColor rgb="FF9B1C1C"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0"><pane ySplit="{_HEAD}" '
        f'topLeftCell="A{_HEAD + 1}" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft" '
        f'activeCell="A{_HEAD + 1}" sqref="A{_HEAD + 1}"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols>'
        f"<sheetData>{''.join(lines)}</sheetData>"
        f'<autoFilter ref="A{_HEAD}:{letters(len(HEADINGS))}{last}"/>'
        f"{_inside('hyperlinks', links)}"
        '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    ).encode()


def _summary(findings: Sequence[Finding]) -> str:
    said = ", ".join(f"{n} {word}{'' if n == 1 else 's'}" for word, n in counts(findings).items())
    return f"{said}. Follow a link to the cell; its note says the same."


def _height(texts: Sequence[str]) -> int:
    """Points for the longest text of a line, reckoned for Excel, which does not measure rows it did not write."""
    lines = [
        sum(1 + len(part) // width for part in text.split("\n")) for text, width in zip(texts, _WIDTHS, strict=True)
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
