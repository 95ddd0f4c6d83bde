"""Findings together: equal ones as one, one for each cause, their order, how many, which of them stop an archive."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from rembi_sheets.findings.finding import Finding, hint
from rembi_sheets.findings.kinds import Severity, catalogue

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def group(findings: Iterable[Finding]) -> list[Finding]:
    """Equal findings at several cells of one column become one, with all the cells."""
    grouped: dict[tuple[object, ...], list[tuple[int, int]]] = {}
    first: dict[tuple[object, ...], Finding] = {}
    for f in findings:
        key = (f.code, f.severity, f.sheet, f.column, f.value, f.message, f.fix, f.suggestions, f.archives)
        first.setdefault(key, f)
        grouped.setdefault(key, []).extend(f.cells)
    return _one_a_cause(_with_reasons([replace(first[k], cells=tuple(sorted(set(c)))) for k, c in grouped.items()]))


def _with_reasons(findings: list[Finding]) -> list[Finding]:
    """A finding that only tells why another one stands at its cell (N/A where a value is needed) becomes part of it."""
    reasons: dict[tuple[str, str, tuple[int, int]], Finding] = {}
    for f in findings:
        code = catalogue()[f.code].before
        if code:
            reasons |= {(code, f.sheet, cell): f for cell in f.cells}
    wanted = {code for code, _, _ in reasons}
    told: dict[int, set[tuple[int, int]]] = {}
    out: list[Finding] = []
    for f in findings:
        parts: dict[int, tuple[Finding | None, list[tuple[int, int]]]] = {}
        for cell in f.cells if f.code in wanted else ():
            reason = reasons.get((f.code, f.sheet, cell))
            parts.setdefault(id(reason), (reason, []))[1].append(cell)
            if reason is not None:
                told.setdefault(id(reason), set()).add(cell)
        for reason, cells in parts.values():
            mine = replace(f, cells=tuple(cells))
            out.append(mine if reason is None else _because(mine, reason))
        if not parts:
            out.append(f)
    left = [(f, tuple(c for c in f.cells if c not in told.get(id(f), ()))) for f in out]
    return [replace(f, cells=cells) for f, cells in left if cells or not f.cells]


def _because(finding: Finding, reason: Finding) -> Finding:
    """A finding with what tells its reason put before it, and what that proposes."""
    return replace(
        finding,
        message=f"{reason.message} {finding.message}",
        fix=" ".join(filter(None, (finding.fix, hint(reason.suggestions)))),
        value=reason.value,
        suggestions=reason.suggestions or finding.suggestions,
    )


def _one_a_cause(findings: list[Finding]) -> list[Finding]:
    """Where a finding that holds for every archive and an archive's own say the same of a cell, the former speaks.

    They do when both come from one rule, and when the cell's value cannot be used at all.
    """
    alone: dict[tuple[str, tuple[int, int]], int] = {}
    speaking: dict[tuple[str, str, tuple[int, int]], int] = {}
    for i, f in enumerate(findings):
        kind = catalogue()[f.code]
        if not kind.general or not f.cells:
            continue
        if kind.alone:
            alone |= {(f.sheet, cell): i for cell in f.cells}
        for rule in kind.rules:
            speaking.setdefault((f.sheet, rule, f.cells[0]), i)
    out: list[Finding | None] = list(findings)
    for i, f in enumerate(findings):
        kind = catalogue()[f.code]
        if kind.general or not f.cells:
            continue
        at = next((j for r in kind.rules if (j := speaking.get((f.sheet, r, f.cells[0]))) is not None), None)
        left = () if at is not None else tuple(cell for cell in f.cells if (f.sheet, cell) not in alone)
        for j in {at} if at is not None else {alone[f.sheet, cell] for cell in {*f.cells} - {*left}}:
            if (general := out[j]) is not None:
                out[j] = _for_both(general, f)
        out[i] = replace(f, cells=left) if left else None
    return [f for f in out if f is not None]


def _for_both(general: Finding, own: Finding) -> Finding:
    """The general finding as severe as the more severe of the two, for the archives for which it is that severe."""
    if general.severity is not own.severity:
        more = min(general, own, key=lambda f: _ORDER[f.severity])
        return replace(general, archives=more.archives, severity=more.severity)
    both = general.archives and own.archives
    return replace(general, archives=tuple(dict.fromkeys((*general.archives, *own.archives))) if both else ())


def in_order(findings: Iterable[Finding], sheets: Sequence[str] = ()) -> list[Finding]:
    """By sheet (in the order of `sheets`, the file's own first), then cell, then severity and code."""
    rank = {title: i for i, title in enumerate(("", *sheets))}
    return sorted(
        findings,
        key=lambda f: (
            rank.get(f.sheet, len(rank)),
            f.sheet,
            f.cells[:1] or ((0, 0),),
            _ORDER[f.severity],
            f.code,
            f.message,
        ),
    )


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """How many errors, warnings and notes."""
    out = {s.value: 0 for s in Severity}
    for f in findings:
        out[f.severity.value] += 1
    return out


def stops(findings: Iterable[Finding], archive: str) -> list[Finding]:
    """The errors that stop a conversion for `archive`: those that name it, and those that name none."""
    return [f for f in findings if f.severity is Severity.ERROR and (not f.archives or archive in f.archives)]
