"""Findings as text for a terminal or a file: by sheet, the address first, then what is wrong, then the remedy."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from rembi_sheets.findings import Finding, Severity
from rembi_sheets.report.words import addresses, by_sheet, chosen, labels, shown, stopped, summary, verdict

_STYLES = {
    "error": "bold red",
    "warning": "yellow",
    "note": "cyan",
    "sheet": "bold",
    "address": "bold",
    "code": "dim",
    "passed": "bold green",
    "": "",
}
_MARKS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_NARROW = 40
_INDENT = 18

Line = list[tuple[str, str]]  # pieces of a line: text and the name of its style


def text(
    findings: Sequence[Finding],
    workbook_name: str,
    width: int = 100,
    colour: bool = False,
    limit: int | None = None,
    archives: Sequence[str] = (),
    strict: bool = False,
    whole: bool = False,
) -> str:
    """The report. `limit` caps what is shown, never what is counted; `archives` are those checked for.

    `strict`: warnings count as errors. `whole`: what is told together is shown one by one.
    """
    display = chosen([part for f in findings for part in f.each()] if whole else findings, limit)
    lines = list(_lines(findings, display, workbook_name, max(width, _NARROW), archives, strict))
    if not colour:
        return "\n".join("".join(t for t, _ in line).rstrip() for line in lines) + "\n"
    return _coloured(lines)


def _lines(
    findings: Sequence[Finding],
    display: Sequence[Finding],
    name: str,
    width: int,
    archives: Sequence[str],
    strict: bool,
) -> Iterator[Line]:
    for sheet, group in by_sheet(display).items():
        yield from ([(piece, "sheet")] for piece in _wrap(shown(sheet), width))
        for f in group:
            yield from _finding(f, width)
        yield []
    if len(display) < len(findings):
        more = f"{len(findings) - len(display)} more findings are not shown; --verbose shows all."
        yield from ([(piece, "")] for piece in _wrap(more, width))
        yield []
    passed = not stopped(findings, strict)
    end = [
        (f"{shown(name)}: {summary(findings)}.", "sheet"),
        (verdict(findings, archives, strict), "passed" if passed else "error"),
        ("More on a code: rembi-sheets explain CODE" if findings else "", "code"),
    ]
    for said, style in end:
        yield from ([(piece, style)] for piece in _wrap(said, width))


def _finding(f: Finding, width: int) -> Iterator[Line]:
    where = addresses(f)
    label = f"{shown(f.column)}: " if f.column and f.column not in f.message else ""
    mark = _MARKS[f.severity]
    head = f"  {where}" if where else "  -"
    indent = " " * min(_INDENT, width // 3)
    tags = f"  [{', '.join(labels(f.archives))}]" if f.archives else ""
    body = _wrap(f"{mark}: {label}{shown(f.message)}{tags}  {f.code}", width - len(indent)) or [mark]
    if len(head) + 1 <= len(indent):
        yield [(f"{head:<{len(indent)}}", "address"), *_styled(body[0], mark, f.code, first=True)]
        body = body[1:]
        first = False
    else:
        for piece in textwrap.wrap(head, width, subsequent_indent="  ", initial_indent="  "):
            yield [(piece, "address")]
        first = True
    for piece in body:
        yield [(indent, ""), *_styled(piece, mark, f.code, first=first)]
        first = False
    fix = shown(f.fix)
    if fix:
        for piece in _wrap(fix, width - len(indent) - 2):
            yield [(f"{indent}  {piece}", "")]


def _wrap(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_on_hyphens=False)


def _styled(piece: str, mark: str, code: str, first: bool) -> Line:
    """The severity at the start of a finding's text and the code at its end, in their styles."""
    out: Line = []
    if first and piece.startswith(f"{mark}:"):
        out.append((f"{mark}:", mark))
        piece = piece[len(mark) + 1 :]
    if piece.endswith(code):
        out += [(piece[: -len(code)], ""), (code, "code")]
    else:
        out.append((piece, ""))
    return out


def _coloured(lines: Sequence[Line]) -> str:
    import io

    from rich.console import Console
    from rich.text import Text

    console = Console(
        file=io.StringIO(), force_terminal=True, color_system="standard", width=10_000, highlight=False, emoji=False
    )
    with console.capture() as captured:
        for line in lines:
            console.print(Text.assemble(*((t, _STYLES[s]) for t, s in line)), soft_wrap=True)
    return captured.get()
