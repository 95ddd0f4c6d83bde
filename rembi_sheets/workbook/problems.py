"""The sheet Problems of a marked copy: one line a finding, with a link to its cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rembi_sheets.findings import Finding, Severity, counts
from rembi_sheets.schema import load
from rembi_sheets.workbook import listing
from rembi_sheets.workbook.listing import Formats, Head, Line

TITLE = "Problems"
HEADINGS = ("Severity", "Sheet", "Cells", "Column", "What is wrong", "Remedy", "Value", "Archives", "Code")
_WIDTHS = (10, 19, 14, 22, 52, 48, 26, 18, 21)
_MOST = 100_000
_VALUES = 20  # of a finding that tells of many


def sheet(
    findings: Sequence[Finding],
    titles: Sequence[str],
    formats: Formats,
    severities: Mapping[Severity, int],
    namespace: str,
) -> bytes:
    """The XML of the sheet. `titles`: sheets a link may lead to; `severities`: number of the format of each word."""
    shown = findings[:_MOST]
    lines = [_line(f, f.sheet in titles and bool(f.cells), formats, severities[f.severity]) for f in shown]
    further = f"The first {_MOST} are listed." if len(shown) < len(findings) else ""
    head = Head(_summary(findings), further, HEADINGS, _WIDTHS)
    return listing.sheet(head, lines, formats, namespace, tab="9B1C1C", first=True)


def _line(f: Finding, linked: bool, formats: Formats, severity: int) -> Line:
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
    kinds = [severity, *[formats.text] * 8]
    if not linked:
        return Line(texts, kinds)
    kinds[2] = formats.link
    return Line(texts, kinds, 3, listing.at(f.sheet, f.addresses[0]))


def _summary(findings: Sequence[Finding]) -> str:
    said = ", ".join(f"{n} {word}{'' if n == 1 else 's'}" for word, n in counts(findings).items())
    return f"{said}. Follow a link to the cell; its note says the same."
